//! Salesforce: `ContentNote` records, whose `Content` is base64 of HTML or of escaped text, and the older `Note` with a plain
//! `Body`; as JSON of a query or as a table of the Data Loader.
//!
//! Shape: <https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contentnote.htm>.
//! A query gives the address of the content instead; `TextPreview` is a cut repetition and is never read.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use csv::{ReaderBuilder, StringRecord};
use serde_json::Value;

use super::super::super::clock::{json_moment, moment};
use super::super::super::json::{id, text};
use super::super::super::reading::{Reading, ordinal};
use super::{Body, Note, entries, reading};
use crate::domain::transcript::Format;

/// Base64 with its padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// How far the line of column names may reach.
const LONGEST_HEADER: usize = 10_000;

/// Reads notes; none if no record is one.
pub(super) fn read(value: &Value) -> Option<Reading> {
    let value = value.get("result").unwrap_or(value);
    let list = entries(value, &["records"]);
    if !list.iter().any(is_note) {
        return None;
    }
    let numbered = || list.iter().enumerate().map(|(index, record)| (ordinal(index), record));
    let notes: Vec<Note> =
        numbered().filter(|(_, record)| is_note(record)).map(|(line, record)| note(line, record)).collect();
    let mut reading = reading(Format::SalesforceJson, &notes);
    for (line, _) in numbered().filter(|(_, record)| !is_note(record)) {
        reading.drop(line, "record that is no note");
    }
    if value.get("done") == Some(&Value::Bool(false)) {
        reading.drop(
            ordinal(list.len().saturating_sub(1)),
            "the query has a further page (`nextRecordsUrl`), which is not in the file",
        );
    }
    Some(reading)
}

fn is_note(record: &Value) -> bool {
    let kind = record.get("attributes").and_then(|attributes| text(attributes, "type"));
    match kind {
        Some(kind) => matches!(kind, "ContentNote" | "Note"),
        None => {
            record.get("Content").is_some() && (record.get("TextPreview").is_some() || record.get("Title").is_some())
        }
    }
}

fn note(line: u32, record: &Value) -> Note {
    let content = record.get("Content").and_then(Value::as_str);
    let plain = || record.get("Body").and_then(Value::as_str).map_or(Body::Empty, plain);
    Note {
        line,
        title: text(record, "Title").map(str::to_owned),
        id: id(record, "Id"),
        written_at: ["CreatedDate", "LastModifiedDate"].iter().find_map(|key| json_moment(record.get(*key)?)),
        body: content.map_or_else(plain, content_of),
    }
}

/// The words of a `Content`.
fn content_of(content: &str) -> Body {
    if content.trim().starts_with("/services/data/") {
        return Body::Address;
    }
    let packed: String = content.split_whitespace().collect();
    let bytes = BASE64.decode(packed).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    // Some exports unpack the content; then it is no base64, or base64 of nonsense by chance.
    match bytes.filter(|words| !words.chars().any(|c| c.is_control() && !c.is_whitespace())) {
        Some(words) => plain(&words),
        None => plain(content),
    }
}

fn plain(words: &str) -> Body {
    if words.trim().is_empty() { Body::Empty } else { Body::Words(words.replace("\r\n", "\n")) }
}

/// Reads notes out of a table; none if the text is no such table.
pub(in crate::transcript) fn read_csv(text: &str) -> Option<Reading> {
    let columns = Columns::of(text)?;
    let mut rows = ReaderBuilder::new().delimiter(columns.delimiter).flexible(true).from_reader(text.as_bytes());
    let mut notes = Vec::new();
    let mut broken = Vec::new();
    let mut row = StringRecord::new();
    loop {
        match rows.read_record(&mut row) {
            Ok(false) => break,
            Ok(true) => notes.push(columns.note(&row)),
            Err(error) => broken.push(error.position().map_or(0, csv::Position::line)),
        }
    }
    let mut reading = reading(Format::SalesforceCsv, &notes);
    for line in broken {
        reading.drop(u32::try_from(line).unwrap_or(u32::MAX), "row that cannot be read");
    }
    Some(reading)
}

/// Where a table has what.
struct Columns {
    delimiter: u8,
    id: Option<usize>,
    title: usize,
    created: Option<usize>,
    content: Option<usize>,
    body: Option<usize>,
}

impl Columns {
    /// The columns of a table of notes: a title and a content, or a title, a body and the record it belongs to.
    fn of(text: &str) -> Option<Self> {
        let header = text.lines().next().filter(|line| line.len() <= LONGEST_HEADER)?;
        [b',', b';', b'\t'].into_iter().find_map(|delimiter| {
            let mut reader = ReaderBuilder::new().delimiter(delimiter).from_reader(header.as_bytes());
            let names = reader.headers().ok()?.clone();
            let at = |name: &str| names.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
            let owned = at("id").or_else(|| at("ownerid")).or_else(|| at("parentid")).or_else(|| at("textpreview"));
            let (content, body) =
                (at("content"), at("body").filter(|_| at("parentid").is_some() || at("id").is_some()));
            let title = at("title").filter(|_| owned.is_some() && (content.is_some() || body.is_some()))?;
            Some(Self { delimiter, id: at("id"), title, created: at("createddate"), content, body })
        })
    }

    fn note(&self, row: &StringRecord) -> Note {
        let cell = |at: Option<usize>| row.get(at?).map(str::trim).filter(|cell| !cell.is_empty());
        let content = cell(self.content).map(content_of);
        let line = row.position().map_or(0, csv::Position::line);
        Note {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            title: cell(Some(self.title)).map(str::to_owned),
            id: cell(self.id).map(str::to_owned),
            written_at: cell(self.created).and_then(moment),
            body: content.or_else(|| cell(self.body).map(plain)).unwrap_or(Body::Empty),
        }
    }
}
