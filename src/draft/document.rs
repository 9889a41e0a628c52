//! The `baton.draft/1` document.

use serde::Serialize;
use utoipa::ToSchema;

use super::Draft;
use crate::domain::field::Field;
use crate::domain::handoff::MarkedUnknown;
use crate::domain::item::{Item, RejectedClaim};
use crate::domain::scorecard::Scorecard;
use crate::engine::{EngineIdentity, Usage};

/// The name and version of the document that [`DraftDocument`] serializes to.
pub const DRAFT_SCHEMA: &str = "baton.draft/1";

/// An engine with what one run of it cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EngineRun {
    /// Which engine.
    #[serde(flatten)]
    pub identity: EngineIdentity,
    /// Tokens used.
    #[serde(flatten)]
    pub usage: Usage,
}

/// A draft as others read it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DraftDocument {
    /// Always [`DRAFT_SCHEMA`].
    pub schema: &'static str,
    /// The engine that drafted; none before the first draft.
    pub engine: Option<EngineRun>,
    /// The items, in the catalogue's order.
    pub items: Vec<Item>,
    /// Core fields without evidence: nothing is guessed for them.
    pub unknown: Vec<Field>,
    /// Fields a person marked "asked, unknown".
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marked_unknown: Vec<MarkedUnknown>,
    /// Claims whose words are not in the record, with the reason.
    pub rejected: Vec<RejectedClaim>,
    /// The scorecard over the items.
    pub scorecard: Scorecard,
}

impl DraftDocument {
    /// The document of a deal's items as they stand.
    #[must_use]
    pub fn new(
        engine: Option<EngineRun>,
        mut items: Vec<Item>,
        marked_unknown: Vec<MarkedUnknown>,
        rejected: Vec<RejectedClaim>,
    ) -> Self {
        items.sort_by_key(|item| Field::ALL.iter().position(|field| *field == item.field()));
        let answered = |field: Field| items.iter().any(|item| item.field() == field && item.stands());
        let unknown = Field::core().filter(|field| !answered(*field)).collect();
        let scorecard = Scorecard::of(&items);
        Self { schema: DRAFT_SCHEMA, engine, items, unknown, marked_unknown, rejected, scorecard }
    }
}

impl From<Draft> for DraftDocument {
    fn from(draft: Draft) -> Self {
        let run = EngineRun { identity: draft.engine, usage: draft.usage };
        Self::new(Some(run), draft.items, Vec::new(), draft.rejected)
    }
}
