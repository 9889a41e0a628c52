//! The handoff: the gate before it is final, and the document that never changes after.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::field::Field;
use super::ids::ItemId;
use super::item::{Item, ItemState};
use super::scorecard::Scorecard;
use crate::engine::EngineIdentity;

/// The name and version of the document that [`Handoff`] serializes to.
pub const HANDOFF_SCHEMA: &str = "baton.handoff/1";

/// A person's word that a field was asked about and stayed unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MarkedUnknown {
    /// The field.
    pub field: Field,
    /// Who said so.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// One thing that stands between a draft and its final version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "missing", rename_all = "snake_case")]
pub enum Missing {
    /// A core field has no approved item, and nobody marked it unknown.
    Field {
        /// The field.
        field: Field,
        /// Drafted items that wait for a decision.
        drafted: usize,
    },
    /// An item nobody decided on, in a field that already has an approved one.
    Decision {
        /// The item.
        item: ItemId,
        /// Its field.
        field: Field,
        /// What it says.
        statement: String,
    },
    /// A source is still being read: the draft may change.
    SourcePending {
        /// The source's name.
        source: String,
    },
    /// A draft over the newest sources is still to be made.
    DraftPending,
    /// The last draft could not be made, so the newest sources are not in it.
    DraftFailed {
        /// Why.
        error: String,
    },
    /// An item rests on words that no longer stand where they stood.
    BrokenCitation {
        /// The item.
        item: ItemId,
        /// Its field.
        field: Field,
        /// What it says.
        statement: String,
    },
}

impl Missing {
    /// The field it is about, where it is about one.
    #[must_use]
    pub const fn field(&self) -> Option<Field> {
        match self {
            Self::Field { field, .. } | Self::Decision { field, .. } | Self::BrokenCitation { field, .. } => {
                Some(*field)
            }
            Self::SourcePending { .. } | Self::DraftPending | Self::DraftFailed { .. } => None,
        }
    }
}

/// Everything that must still be done before `items` can become final. Empty means: it can.
#[must_use]
pub fn gate(items: &[&Item], unknown: &[MarkedUnknown]) -> Vec<Missing> {
    let mut missing = Vec::new();
    for field in Field::ALL {
        let drafted = || items.iter().filter(|item| item.field() == field && item.state == ItemState::Drafted);
        let approved = items.iter().any(|item| item.field() == field && item.state == ItemState::Approved);
        let marked = unknown.iter().any(|mark| mark.field == field);
        if field.is_core() && !approved && !marked {
            missing.push(Missing::Field { field, drafted: drafted().count() });
        } else {
            missing.extend(drafted().map(|item| Missing::Decision {
                item: item.id.clone(),
                field,
                statement: item.statement.clone(),
            }));
        }
    }
    missing
}

/// A source of the record that a handoff was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HandoffSource {
    /// Its file name.
    pub name: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub content_hash: String,
    /// Why it could not be read, where it could not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A final version: approved items only, with the words they rest on.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Handoff {
    /// Always [`HANDOFF_SCHEMA`].
    pub schema: &'static str,
    /// The account's name.
    pub account: String,
    /// The deal's name.
    pub deal: String,
    /// Counts the deal's versions, from 1.
    pub version: i64,
    /// Who finalized it.
    pub finalized_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub finalized_at: Timestamp,
    /// The reason for finalizing past the gate, and what was missing then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
    /// What was missing when the gate was overridden.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
    /// The engine that drafted, where one did.
    pub engine: Option<EngineIdentity>,
    /// Everything that was uploaded, read or not.
    pub sources: Vec<HandoffSource>,
    /// The approved items, in the catalogue's order.
    pub items: Vec<Item>,
    /// Fields marked "asked, unknown".
    pub unknown: Vec<MarkedUnknown>,
    /// The scorecard over the approved items.
    pub scorecard: Scorecard,
}
