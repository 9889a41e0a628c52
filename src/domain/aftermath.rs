//! What the record says after the sale: of what was promised, and of what had to be said again.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::vocabulary::Outcome;
use crate::ground::Citation;

/// What became of a promise, and who or what says so.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OutcomeMark {
    /// What became of it.
    pub outcome: Outcome,
    /// The words it is told from; none where a person says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citation: Option<Citation>,
    /// Who says so; none where it is read from the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_by: Option<String>,
    /// When it was said or read.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A question that customer success asked although the customer had answered it before the sale.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Repeat {
    /// The question, with its moment.
    pub question: Citation,
    /// What the customer had said, with its moment.
    pub answer: Citation,
}

/// What a deal's customer had to say again, as far as the record tells.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct Repeats {
    /// Sources from after the sale.
    pub sources: u32,
    /// Questions that the vendor's side asked in them and the customer answered.
    pub questions: u32,
    /// Those that had an answer already.
    pub repeats: Vec<Repeat>,
}
