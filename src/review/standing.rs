//! How an item stands: what an undo goes back to, and what history and log keep.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::finding::Finding;
use crate::domain::handoff::MarkedUnknown;
use crate::domain::item::{Item, ItemState};
use crate::error::Error;

/// How an item stood before a decision: what [`Decision::Undo`](super::Decision::Undo) goes back to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Standing {
    statement: String,
    pub(super) finding: Finding,
    state: ItemState,
    confidence: Option<f32>,
    decided_by: Option<String>,
    reworded_by: Option<String>,
    /// The mark "asked, unknown" that the item's field had, and that an approval took away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) marked_unknown: Option<MarkedUnknown>,
}

impl Standing {
    pub(super) fn of(item: &Item) -> Self {
        Self {
            statement: item.statement.clone(),
            finding: item.finding.clone(),
            state: item.state,
            confidence: item.confidence,
            decided_by: item.decided_by.clone(),
            reworded_by: item.reworded_by.clone(),
            marked_unknown: None,
        }
    }

    pub(super) fn restore(self, item: &mut Item) {
        item.statement = self.statement;
        item.finding = self.finding;
        item.state = self.state;
        item.confidence = self.confidence;
        item.decided_by = self.decided_by;
        item.reworded_by = self.reworded_by;
    }

    pub(super) fn json(&self) -> Result<Value, Error> {
        serde_json::to_value(self).map_err(|error| Error::Internal(error.into()))
    }
}
