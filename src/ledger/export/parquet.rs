//! The ledger as Parquet: one row group, one typed column each, every column may be empty.

use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as PhysicalType};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::TEXT_COLUMNS;
use crate::error::Error;
use crate::ground::Citation;
use crate::ledger::entry::LedgerEntry;

/// A column: its name, and how it is written.
struct Column {
    name: &'static str,
    values: Values,
}

/// The values of a column; none where the record says nothing.
enum Values {
    Text(Vec<Option<ByteArray>>),
    /// Days since 1970-01-01.
    Day(Vec<Option<i32>>),
    /// Milliseconds since 1970-01-01, UTC.
    Moment(Vec<Option<i64>>),
    Number(Vec<Option<f64>>),
}

pub(super) fn write(entries: &[LedgerEntry]) -> Result<Vec<u8>, Error> {
    encode(&columns(entries)).map_err(|error| Error::Internal(error.into()))
}

fn columns(entries: &[LedgerEntry]) -> Vec<Column> {
    let text = |(name, text): &(&'static str, fn(&LedgerEntry) -> Option<String>)| Column {
        name,
        values: Values::Text(entries.iter().map(|entry| text(entry).map(|text| text.as_str().into())).collect()),
    };
    let amount = |entry: &LedgerEntry| entry.deal.amount.as_ref().and_then(|amount| amount.parse().ok());
    let epoch = jiff::civil::date(1970, 1, 1);
    let days = |entry: &LedgerEntry| {
        let span = entry.due_on?.since((jiff::Unit::Day, epoch)).ok()?;
        Some(span.get_days())
    };
    let closed = |entry: &LedgerEntry| entry.deal.closed_at.map(jiff::Timestamp::as_millisecond);
    let typed = [
        Column { name: "due_on", values: Values::Day(entries.iter().map(days).collect()) },
        Column { name: "amount", values: Values::Number(entries.iter().map(amount).collect()) },
        Column { name: "closed_at", values: Values::Moment(entries.iter().map(closed).collect()) },
        Column {
            name: "said_ms",
            values: Values::Moment(entries.iter().map(|e| e.said.as_ref().and_then(Citation::start_ms)).collect()),
        },
    ];
    TEXT_COLUMNS.iter().map(text).chain(typed).collect()
}

fn encode(columns: &[Column]) -> Result<Vec<u8>, ParquetError> {
    let fields = columns.iter().map(|column| column.schema().map(Arc::new)).collect::<Result<_, _>>()?;
    let schema = Arc::new(Type::group_type_builder("ledger").with_fields(fields).build()?);
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(WriterProperties::new()))?;
    let mut group = file.next_row_group()?;
    for column in columns {
        let Some(mut writer) = group.next_column()? else { break };
        column.write(writer.untyped())?;
        writer.close()?;
    }
    group.close()?;
    file.into_inner()
}

impl Column {
    fn schema(&self) -> Result<Type, ParquetError> {
        let utc = |unit| LogicalType::timestamp(true, unit);
        let (physical, logical) = match (&self.values, self.name) {
            (Values::Text(_), _) => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
            (Values::Day(_), _) => (PhysicalType::INT32, Some(LogicalType::Date)),
            // A place within a call is a length of time, not a moment of the calendar.
            (Values::Moment(_), "said_ms") => (PhysicalType::INT64, None),
            (Values::Moment(_), _) => (PhysicalType::INT64, Some(utc(TimeUnit::MILLIS))),
            (Values::Number(_), _) => (PhysicalType::DOUBLE, None),
        };
        let field = Type::primitive_type_builder(self.name, physical).with_repetition(Repetition::OPTIONAL);
        field.with_logical_type(logical).build()
    }

    fn write(&self, writer: &mut ColumnWriter<'_>) -> Result<(), ParquetError> {
        match (&self.values, writer) {
            (Values::Text(values), ColumnWriter::ByteArrayColumnWriter(to)) => {
                let (levels, told) = split(values);
                to.write_batch(&told, Some(&levels), None)
            }
            (Values::Day(values), ColumnWriter::Int32ColumnWriter(to)) => {
                let (levels, told) = split(values);
                to.write_batch(&told, Some(&levels), None)
            }
            (Values::Moment(values), ColumnWriter::Int64ColumnWriter(to)) => {
                let (levels, told) = split(values);
                to.write_batch(&told, Some(&levels), None)
            }
            (Values::Number(values), ColumnWriter::DoubleColumnWriter(to)) => {
                let (levels, told) = split(values);
                to.write_batch(&told, Some(&levels), None)
            }
            _ => return Err(ParquetError::General(format!("column {} has another type in the schema", self.name))),
        }
        .map(|_| ())
    }
}

/// For every row whether it has a value, and the values that there are.
fn split<T: Clone>(values: &[Option<T>]) -> (Vec<i16>, Vec<T>) {
    (values.iter().map(|value| i16::from(value.is_some())).collect(), values.iter().flatten().cloned().collect())
}
