//! Items: what a draft is made of, who decided on each, and what was changed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::field::Field;
use super::finding::Finding;
use super::ids::ItemId;
use crate::engine::QuoteRole;
use crate::ground::Citation;

/// Who put the item there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// An engine claimed it and grounding found the words.
    Engine,
    /// A person attests it from memory; it carries no quote.
    Person,
}

/// Where the item stands in the review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Nobody decided yet.
    Drafted,
    /// A person stands behind it.
    Approved,
    /// A person said it is wrong or does not matter.
    Rejected,
}

/// One finding with the words it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Item {
    /// The item's id; the same finding in the same record always has the same id.
    pub id: ItemId,
    /// Field and attributes.
    #[serde(flatten)]
    pub finding: Finding,
    /// What the item says, short and in the third person.
    pub statement: String,
    /// How sure the engine is, 0 to 1; none for what a person attests or rewrote.
    pub confidence: Option<f32>,
    /// Engine or person.
    pub origin: Origin,
    /// Who attests it, where a person does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attested_by: Option<String>,
    /// Who changed its words or attributes; they are that person's now, the citations still the record's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reworded_by: Option<String>,
    /// Who decided on it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// Where it stands in the review.
    pub state: ItemState,
    /// The words it rests on; empty only for what a person attests.
    pub citations: Vec<Citation>,
}

impl Item {
    /// The field the item belongs to.
    #[must_use]
    pub const fn field(&self) -> Field {
        self.finding.field()
    }

    /// Whether it still counts: nobody has rejected it.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.state != ItemState::Rejected
    }

    /// The citations in this role, in the order in which they were found.
    pub fn cited(&self, role: QuoteRole) -> impl Iterator<Item = &Citation> {
        self.citations.iter().filter(move |citation| citation.role() == role)
    }
}

/// What a person did to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EditAction {
    /// Said it is right.
    Approve,
    /// Changed its words or attributes.
    Edit,
    /// Said it is wrong or does not matter.
    Reject,
    /// Added it from memory.
    Attest,
    /// Took the last decision back.
    Undo,
    /// Not a person: a later draft brought further words, or a newer word that took its place.
    Renew,
}

/// One entry of an item's history.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Edit {
    /// What was done.
    pub action: EditAction,
    /// Who did it.
    pub actor: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// How the item stood before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<serde_json::Value>,
    /// How it stood afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<serde_json::Value>,
    /// The reason given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A claim that no words of the record carry: kept apart, shown and counted, never a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RejectedClaim {
    /// The field the engine claimed.
    pub field: Field,
    /// What the engine said.
    pub statement: String,
    /// The quote the engine gave for it.
    pub quote: String,
    /// The source the engine was reading.
    pub source: String,
    /// Why it was rejected.
    pub reason: String,
}
