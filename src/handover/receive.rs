//! The receiving side accepts a final version, or gives it back with reasons.

use serde_json::json;

use super::reading::discreet;
use super::{checked_note, checked_rating, tell};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::dna::{self, Occasion};
use crate::domain::deal::{Deal, DealState};
use crate::domain::handover::{Reason, Receipt, Verdict};
use crate::domain::ids::{DealId, ReceiptId};
use crate::error::Error;
use crate::hooks::event::EventKind;
use crate::store::versions::{self, Version};
use crate::store::{deals, handover};

/// Reasons of a return at most.
const MAX_REASONS: usize = 50;

/// Accepts the deal's last version.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Conflict`] when no version waits for it;
/// [`Error::Invalid`] for a rating outside 1 to 5.
pub async fn accept(
    app: &App,
    caller: &Caller,
    id: &DealId,
    rating: u8,
    comment: Option<String>,
) -> Result<Receipt, Error> {
    receive(app, caller, id, Verdict::Accepted, rating, Vec::new(), comment).await
}

/// Gives the deal's last version back.
///
/// # Errors
///
/// As [`accept`]; [`Error::Invalid`] without a reason.
pub async fn give_back(
    app: &App,
    caller: &Caller,
    id: &DealId,
    rating: u8,
    reasons: Vec<Reason>,
    comment: Option<String>,
) -> Result<Receipt, Error> {
    if reasons.is_empty() || reasons.len() > MAX_REASONS {
        return Err(Error::Invalid(format!(
            "a return needs 1 to {MAX_REASONS} reasons: the field, and whether it is missing, unclear or wrong"
        )));
    }
    receive(app, caller, id, Verdict::Returned, rating, reasons, comment).await
}

async fn receive(
    app: &App,
    caller: &Caller,
    id: &DealId,
    verdict: Verdict,
    rating: u8,
    reasons: Vec<Reason>,
    comment: Option<String>,
) -> Result<Receipt, Error> {
    let mut tx = app.store.write().await?;
    let deal = caller.deal(&mut tx, id, Act::Receive).await?;
    let last = versions::list(&mut tx, id).await?.pop();
    let version = match last {
        Some(version) if deal.state == DealState::Finalized => version,
        last => return Err(nothing_waits(&deal, last.as_ref())),
    };
    let checked = |reason: Reason| Ok::<_, Error>(Reason { note: checked_note("note", reason.note)?, ..reason });
    let reasons = reasons.into_iter().map(checked).collect::<Result<Vec<_>, _>>()?;
    let receipt = Receipt {
        id: ReceiptId::generate(),
        deal_id: id.clone(),
        version_id: version.id.clone(),
        verdict,
        rating: checked_rating(rating)?,
        reasons,
        comment: checked_note("comment", comment)?,
        by: caller.name.clone(),
        at: app.clock.now(),
    };
    handover::insert_receipt(&mut tx, &caller.tenant, &receipt, caller.person()?).await?;
    let (state, kind, action) = match verdict {
        Verdict::Accepted => (DealState::Accepted, EventKind::HandoffAccepted, "handoff.accepted"),
        Verdict::Returned => (DealState::Returned, EventKind::HandoffReturned, "handoff.returned"),
    };
    deals::change(&mut tx, id, state).await?;
    let change = Change {
        action,
        subject: version.id.to_string(),
        deal: Some(id),
        before: Some(json!({"state": deal.state})),
        after: Some(json!({"state": state, "rating": rating, "reasons": discreet(&receipt.reasons)})),
        reason: receipt.comment.clone(),
    };
    audit::record(&mut tx, caller, change, receipt.at).await?;
    let data = json!({"version": version.number, "by": receipt.by, "rating": rating});
    tell(app, &mut tx, &deal, kind, data, receipt.at).await?;
    let occasion = match verdict {
        Verdict::Accepted => Occasion::Accepted,
        Verdict::Returned => Occasion::Returned,
    };
    dna::keep(app, &mut tx, &deal, occasion).await?;
    tx.commit().await?;
    app.wake_worker();
    Ok(receipt)
}

fn nothing_waits(deal: &Deal, last: Option<&Version>) -> Error {
    Error::Conflict(match (deal.state, last) {
        (DealState::Accepted, _) => "the last version was accepted already".to_owned(),
        (DealState::Returned, _) => {
            "the last version was given back; its account executive finalizes the next one".to_owned()
        }
        (_, Some(last)) => format!(
            "the handoff has changed since version {}; its account executive finalizes the next one",
            last.number
        ),
        (_, None) => "there is no final version to accept yet".to_owned(),
    })
}
