//! What was asked and said of a handoff, as far as the caller may read it: what is about notes about persons (politics,
//! relationship) is for those who may see these.

use crate::access::{Act, Caller};
use crate::domain::field::Field;
use crate::domain::handover::{Question, Reason, Receipt};
use crate::domain::ids::DealId;
use crate::error::Error;
use crate::store::{Conn, handover};

/// A deal's questions, oldest first.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights.
pub async fn questions(conn: &mut Conn, caller: &Caller, id: &DealId) -> Result<Vec<Question>, Error> {
    let deal = caller.deal(conn, id, Act::SeeDeal).await?;
    let mut questions = handover::questions(conn, id).await?;
    if !caller.may_with(Act::SeeSensitive, &deal) {
        questions.retain(|question| !is_about_notes(question));
    }
    Ok(questions)
}

/// What customer success said of a deal's versions, oldest first.
///
/// # Errors
///
/// As [`questions`].
pub async fn receipts(conn: &mut Conn, caller: &Caller, id: &DealId) -> Result<Vec<Receipt>, Error> {
    let deal = caller.deal(conn, id, Act::SeeDeal).await?;
    let mut receipts = handover::receipts(conn, id).await?;
    if !caller.may_with(Act::SeeSensitive, &deal) {
        for receipt in &mut receipts {
            receipt.reasons = discreet(&receipt.reasons);
        }
    }
    Ok(receipts)
}

/// Whether a question is about notes about persons.
pub(super) fn is_about_notes(question: &Question) -> bool {
    question.field.is_some_and(Field::is_sensitive)
}

/// Reasons without words on notes about persons.
pub(super) fn discreet(reasons: &[Reason]) -> Vec<Reason> {
    let mut reasons = reasons.to_vec();
    for reason in reasons.iter_mut().filter(|reason| reason.field.is_sensitive()) {
        reason.note = None;
    }
    reasons
}
