//! A whole selection to take along: CSV, JSON or Parquet.

pub(crate) mod csv;
mod parquet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::entry::{self, LedgerEntry};
use super::filter::{Filter, Sort};
use super::scope;
use crate::access::Caller;
use crate::app::App;
use crate::domain::vocabulary::vocabulary;
use crate::error::Error;
use crate::render::view::moment;
use crate::store::ledger;

/// Promises in one export at most.
const MOST: u32 = 100_000;
/// The name and version of the JSON document.
const SCHEMA: &str = "baton.ledger/1";

vocabulary!(
    /// What an export is.
    Format {
        /// A table for spreadsheets.
        Csv,
        /// A document for programs: everything that the ledger shows.
        Json,
        /// Typed columns for analytics.
        Parquet,
    }
);

impl Format {
    /// Reads its word; CSV where none is given.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a word that is no format.
    pub fn read(text: Option<&str>) -> Result<Self, Error> {
        let text = text.map(str::trim).filter(|text| !text.is_empty()).unwrap_or("csv");
        let found = Self::ALL.iter().copied().find(|format| format.suffix() == text);
        found.ok_or_else(|| Error::Invalid("format is unknown; it must be csv, json or parquet".to_owned()))
    }

    /// The ending of a file name, and the word of the request.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Parquet => "parquet",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// A selection of promises as a JSON file.
#[derive(Serialize, ToSchema)]
pub struct LedgerFile {
    /// The name and version of the document.
    schema: &'static str,
    /// The promises.
    promises: Vec<LedgerEntry>,
}

/// The promises of a selection as a file.
///
/// # Errors
///
/// As [`super::page`]; [`Error::Invalid`] for a selection that is too large for one file.
pub async fn export(app: &App, caller: &Caller, filter: &Filter, sort: Sort, format: Format) -> Result<Vec<u8>, Error> {
    let scope = scope(caller)?;
    let mut conn = app.store.snapshot().await?;
    let rows = ledger::rows(&mut conn, &scope, filter, sort, None, MOST + 1).await?;
    if rows.len() > MOST as usize {
        return Err(Error::Invalid(format!("the selection has more than {MOST} promises; export it in parts")));
    }
    let entries = entry::entries(&mut conn, rows).await?;
    drop(conn);
    app.blocking(move || write(entries, format)).await?
}

fn write(promises: Vec<LedgerEntry>, format: Format) -> Result<Vec<u8>, Error> {
    match format {
        Format::Csv => csv::write(&promises),
        Format::Json => {
            let file = LedgerFile { schema: SCHEMA, promises };
            serde_json::to_vec(&file).map_err(|error| Error::Internal(error.into()))
        }
        Format::Parquet => parquet::write(&promises),
    }
}

/// A column of text, and what it has of a promise.
type TextColumn = (&'static str, fn(&LedgerEntry) -> Option<String>);

/// The columns of text that CSV and Parquet share, in their order.
const TEXT_COLUMNS: [TextColumn; 27] = [
    ("item_id", |e| Some(e.id.to_string())),
    ("account", |e| Some(e.account.name.clone())),
    ("deal", |e| Some(e.deal.name.clone())),
    ("deal_id", |e| Some(e.deal.id.to_string())),
    ("owner", |e| e.deal.owner.clone()),
    ("segment", |e| e.deal.segment.clone()),
    ("product", |e| e.deal.product.clone()),
    ("currency", |e| e.deal.currency.clone()),
    ("statement", |e| Some(e.statement.clone())),
    ("owed_by", |e| e.attributes.owed_by.map(|side| side.as_str().to_owned())),
    ("strength", |e| e.attributes.strength.as_ref().map(super::word)),
    ("category", |e| e.attributes.category.as_ref().map(super::word)),
    ("condition", |e| e.attributes.condition.clone()),
    ("due_words", |e| e.attributes.due.clone()),
    ("history", |e| e.attributes.history.as_ref().map(super::word)),
    ("standing", |e| Some(super::word(&e.standing))),
    ("contract", |e| e.attributes.contract.as_ref().map(super::word)),
    ("clause", |e| e.clause.as_ref().map(|clause| clause.quote().to_owned())),
    ("outcome", |e| e.outcome.as_ref().map(|told| super::word(&told.outcome))),
    ("outcome_quote", |e| e.outcome.as_ref()?.said.as_ref().map(|said| said.quote().to_owned())),
    ("outcome_source", |e| e.outcome.as_ref()?.said.as_ref().map(|said| said.source().to_owned())),
    ("state", |e| Some(super::word(&e.state))),
    ("attested_by", |e| e.attested_by.clone()),
    ("quote", |e| e.said.as_ref().map(|said| said.quote().to_owned())),
    ("speaker", |e| e.said.as_ref().and_then(|said| said.speaker().map(str::to_owned))),
    ("source", |e| e.said.as_ref().map(|said| said.source().to_owned())),
    ("moment", |e| e.said.as_ref().map(|said| moment(said.start_ms(), said.precision(), said.turn()))),
];
