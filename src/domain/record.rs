//! A final version read back from the document it was hashed as. Plain data: a citation of a record says what the document
//! says, and cannot be made into evidence again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::field::Field;
use super::finding::Finding;
use super::handoff::{HANDOFF_SCHEMA, HandoffSource, MarkedUnknown, Missing};
use super::item::{Item, ItemState};
use super::scorecard::Scorecard;
use super::transcript::{Precision, Side};
use crate::engine::{EngineIdentity, QuoteRole};
use crate::ground::{Citation, MatchStatus};

/// A text that is no final version.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It is not JSON of the expected shape.
    #[error("this is no `{HANDOFF_SCHEMA}` document: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// It is another document, or another version of it.
    #[error("this is a `{0}` document; `{HANDOFF_SCHEMA}` is expected")]
    OtherSchema(String),
}

/// A final version of a handoff.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct HandoffRecord {
    schema: String,
    /// The account's name.
    pub account: String,
    /// The deal's name.
    pub deal: String,
    /// Counts the deal's versions, from 1.
    pub version: i64,
    /// Who finalized it.
    pub finalized_by: String,
    /// When.
    pub finalized_at: Timestamp,
    /// The reason for finalizing past the gate.
    #[serde(default)]
    pub override_reason: Option<String>,
    /// What was missing when the gate was overridden.
    #[serde(default)]
    pub missing: Vec<Missing>,
    /// The engine that drafted, where one did.
    #[serde(default)]
    pub engine: Option<EngineIdentity>,
    /// Everything that was uploaded, read or not.
    #[serde(default)]
    pub sources: Vec<HandoffSource>,
    /// The approved items, in the catalogue's order.
    pub items: Vec<ItemRecord>,
    /// Fields marked "asked, unknown".
    #[serde(default)]
    pub unknown: Vec<MarkedUnknown>,
    /// The scorecard over the approved items.
    pub scorecard: Scorecard,
    /// The document itself, byte for byte.
    #[serde(skip)]
    pub document: String,
}

impl HandoffRecord {
    /// Reads a `baton.handoff/1` document.
    ///
    /// # Errors
    ///
    /// [`RecordError`] where it is none.
    pub fn read(document: &str) -> Result<Self, RecordError> {
        let record: Self = serde_json::from_str(document)?;
        if record.schema != HANDOFF_SCHEMA {
            return Err(RecordError::OtherSchema(record.schema.chars().take(80).collect()));
        }
        Ok(Self { document: document.to_owned(), ..record })
    }

    /// The items of a field.
    pub fn of(&self, field: Field) -> impl Iterator<Item = &ItemRecord> {
        self.items.iter().filter(move |item| item.field() == field)
    }
}

/// One item as a document has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemRecord {
    /// The item's id.
    pub id: String,
    /// Field and attributes.
    #[serde(flatten)]
    pub finding: Finding,
    /// What it says.
    pub statement: String,
    /// How sure the engine was, 0 to 1.
    #[serde(default)]
    pub confidence: Option<f32>,
    /// Who attests it, where a person does.
    #[serde(default)]
    pub attested_by: Option<String>,
    /// Who changed its words or attributes.
    #[serde(default)]
    pub reworded_by: Option<String>,
    /// Where it stands in the review.
    pub state: ItemState,
    /// The words it rests on.
    pub citations: Vec<CitationRecord>,
}

impl ItemRecord {
    /// The field the item belongs to.
    #[must_use]
    pub const fn field(&self) -> Field {
        self.finding.field()
    }

    /// The attributes by name, as the document writes them.
    #[must_use]
    pub fn attributes(&self) -> Map<String, Value> {
        let finding = serde_json::to_value(&self.finding).unwrap_or_default();
        finding["attributes"].as_object().cloned().unwrap_or_default()
    }

    /// The words that carry the item, in the order in which they were said.
    pub fn support(&self) -> impl Iterator<Item = &CitationRecord> {
        self.citations.iter().filter(|citation| citation.role == QuoteRole::Support)
    }
}

impl From<&Item> for ItemRecord {
    fn from(item: &Item) -> Self {
        Self {
            id: item.id.to_string(),
            finding: item.finding.clone(),
            statement: item.statement.clone(),
            confidence: item.confidence,
            attested_by: item.attested_by.clone(),
            reworded_by: item.reworded_by.clone(),
            state: item.state,
            citations: item.citations.iter().map(CitationRecord::from).collect(),
        }
    }
}

/// One citation as a document has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CitationRecord {
    /// The source's id, where it is kept in the store.
    #[serde(default)]
    pub source_id: Option<String>,
    /// The source's name.
    pub source: String,
    /// The turn's index in the source.
    pub turn: u32,
    /// Half-open range in Unicode scalar values inside the turn's text.
    pub chars: [u32; 2],
    /// The words, verbatim.
    pub quote: String,
    /// Who speaks, where the file names them.
    #[serde(default)]
    pub speaker: Option<String>,
    /// The speaker's side.
    pub side: Side,
    /// Start of the turn in milliseconds.
    #[serde(default)]
    pub start_ms: Option<i64>,
    /// How exact the time is.
    pub precision: Precision,
    /// How the words were found.
    #[serde(rename = "match")]
    pub matched: MatchStatus,
    /// What the quote does for its item.
    pub role: QuoteRole,
}

impl CitationRecord {
    /// How many characters of the source both citations hold.
    #[must_use]
    pub fn shared_chars(&self, other: &Self) -> u32 {
        let same_source = match (&self.source_id, &other.source_id) {
            (Some(one), Some(two)) => one == two,
            _ => self.source == other.source,
        };
        if !same_source || self.turn != other.turn {
            return 0;
        }
        self.chars[1].min(other.chars[1]).saturating_sub(self.chars[0].max(other.chars[0]))
    }
}

impl From<&Citation> for CitationRecord {
    fn from(citation: &Citation) -> Self {
        Self {
            source_id: citation.source_id().map(ToString::to_string),
            source: citation.source().to_owned(),
            turn: citation.turn(),
            chars: [citation.chars().start, citation.chars().end],
            quote: citation.quote().to_owned(),
            speaker: citation.speaker().map(str::to_owned),
            side: citation.side(),
            start_ms: citation.start_ms(),
            precision: citation.precision(),
            matched: citation.matched(),
            role: citation.role(),
        }
    }
}
