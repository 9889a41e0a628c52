//! One person's decision on a whole field: approved in passing, or asked about and unknown.

use serde_json::json;

use super::Decision;
use super::decide::decide_in;
use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::deal::DealState;
use crate::domain::field::Field;
use crate::domain::finding::{ContractStatus, Finding};
use crate::domain::ids::{DealId, ItemId};
use crate::domain::item::ItemState;
use crate::engine::QuoteRole;
use crate::error::Error;
use crate::store::items::StoredItem;
use crate::store::{deals, items};

/// What became of a whole field's approval.
#[derive(Debug, Default)]
pub struct Approved {
    /// The items that were approved.
    pub approved: Vec<StoredItem>,
    /// Those that want a look of their own.
    pub skipped: Vec<Skipped>,
}

/// An item that is not approved in passing.
#[derive(Debug)]
pub struct Skipped {
    /// The item.
    pub id: ItemId,
    /// Why.
    pub why: &'static str,
}

/// Approves what nobody has decided on yet in a field. What has words against it, a contract that says otherwise, or
/// citations that broke is left for a look of its own.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights.
pub async fn approve_field(app: &App, caller: &Caller, id: &DealId, field: Field) -> Result<Approved, Error> {
    let mut tx = app.store.write().await?;
    caller.deal(&mut tx, id, Act::Review).await?;
    let mut outcome = Approved::default();
    let open = |stored: &StoredItem| stored.item.field() == field && stored.item.state == ItemState::Drafted;
    for stored in items::list(&mut tx, id).await?.into_iter().filter(open) {
        let item_id = stored.item.id.clone();
        if let Some(why) = wants_a_look(&stored) {
            outcome.skipped.push(Skipped { id: item_id, why });
            continue;
        }
        decide_in(&mut tx, caller, stored, Decision::Approve, app.clock.now()).await?;
        outcome.approved.extend(items::find(&mut tx, &caller.tenant, &item_id).await?);
    }
    tx.commit().await?;
    Ok(outcome)
}

/// Why an item is not to be approved in passing.
#[must_use]
fn wants_a_look(stored: &StoredItem) -> Option<&'static str> {
    let contradicted = matches!(&stored.item.finding, Finding::Commitment(promise)
        if promise.contract == Some(ContractStatus::Contradicted));
    if !stored.broken.is_empty() {
        Some("the cited words have moved")
    } else if stored.item.citations.iter().any(|citation| citation.role() == QuoteRole::Counter) {
        Some("the record also says something against it")
    } else if contradicted {
        Some("the contract says otherwise")
    } else {
        None
    }
}

/// Marks a field as asked and unknown, or takes the mark back.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Conflict`] when the field has an approved
/// item.
pub async fn mark_unknown(app: &App, caller: &Caller, id: &DealId, field: Field, unknown: bool) -> Result<(), Error> {
    let mut tx = app.store.write().await?;
    caller.deal(&mut tx, id, Act::Review).await?;
    let now = app.clock.now();
    let changed = if unknown {
        let is_answer = |s: &StoredItem| s.item.field() == field && s.item.state == ItemState::Approved;
        if items::list(&mut tx, id).await?.iter().any(is_answer) {
            return Err(Error::Conflict(format!(
                "`{field}` has an approved item, so it is not unknown; reject that first"
            )));
        }
        deals::mark_unknown(&mut tx, id, field, &caller.name, now).await?
    } else {
        deals::unmark_unknown(&mut tx, id, field).await?
    };
    if changed {
        deals::change(&mut tx, id, DealState::InReview).await?;
        let change = Change {
            action: "field.marked",
            subject: field.as_str().to_owned(),
            deal: Some(id),
            before: Some(json!({"unknown": !unknown})),
            after: Some(json!({"unknown": unknown})),
            reason: None,
        };
        audit::record(&mut tx, caller, change, now).await?;
    }
    tx.commit().await?;
    Ok(())
}
