//! What happens between the final version and day 30: steps with clocks, acceptance, questions, corrections, check-ins.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::field::Field;
use super::ids::{CheckInId, CorrectionId, DealId, ItemId, QuestionId, ReceiptId, SourceId, VersionId};
use super::policy::Step;
use super::vocabulary::vocabulary;

vocabulary!(
    /// What the receiving side says of a version.
    Verdict {
        /// It can be worked with.
        Accepted,
        /// It cannot yet; the reasons say why.
        Returned,
    }
);
vocabulary!(
    /// What is the matter with a field.
    ReasonCode {
        /// It is not there.
        Missing,
        /// It cannot be understood or acted on.
        Unclear,
        /// It is not so.
        Wrong,
    }
);
vocabulary!(
    /// Which check after the handover.
    CheckInKind {
        /// About day 14.
        Pulse,
        /// About day 30.
        CheckIn,
    }
);

/// One reason for a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The field.
    pub field: Field,
    /// What is the matter with it.
    pub code: ReasonCode,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// An acceptance or a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Receipt {
    /// Its id.
    pub id: ReceiptId,
    /// The deal.
    pub deal_id: DealId,
    /// The version it is about.
    pub version_id: VersionId,
    /// Accepted or returned.
    pub verdict: Verdict,
    /// How good the handoff is, 1 to 5.
    pub rating: u8,
    /// Why it was returned.
    pub reasons: Vec<Reason>,
    /// In words.
    pub comment: Option<String>,
    /// Who said so.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A clarifying question, with its answer once there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// The deal.
    pub deal_id: DealId,
    /// The field it is about.
    pub field: Option<Field>,
    /// The question.
    pub question: String,
    /// Who asks.
    pub asked_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
    /// The answer.
    pub answer: Option<String>,
    /// Who answered.
    pub answered_by: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered_at: Option<Timestamp>,
    /// Question and answer as a source of the record; none where they are about notes about persons.
    pub source_id: Option<SourceId>,
}

/// What the customer corrected on the read-back sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Correction {
    /// Its id.
    pub id: CorrectionId,
    /// The deal.
    pub deal_id: DealId,
    /// The item it speaks against, where it is about one.
    pub item_id: Option<ItemId>,
    /// Who of the customer's side said it.
    pub said_by: String,
    /// Their words.
    pub words: String,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The words as a source of the record.
    pub source_id: SourceId,
}

/// A pulse or a check-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CheckIn {
    /// Its id.
    pub id: CheckInId,
    /// The deal.
    pub deal_id: DealId,
    /// Which of the two.
    pub kind: CheckInKind,
    /// How often the customer had to say again what the record held already.
    pub repeats: u32,
    /// The customer's own rating of the change of hands, 1 to 5.
    pub satisfaction: Option<u8>,
    /// Whether something had to be escalated on the way.
    pub escalated: bool,
    /// In words.
    pub note: Option<String>,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A step of the handover with its clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Milestone {
    /// The step.
    pub step: Step,
    /// What people read.
    pub label: String,
    /// When the people concerned are told that it is near.
    #[serde(skip)]
    pub remind_at: Timestamp,
    /// When it is due.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// When it was done.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub done_at: Option<Timestamp>,
    /// Who did it.
    pub done_by: Option<String>,
}
