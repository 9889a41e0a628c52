//! Use case: a person says what became of a promise.

use serde_json::json;

use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::field::Field;
use crate::domain::ids::ItemId;
use crate::domain::item::ItemState;
use crate::domain::vocabulary::Outcome;
use crate::error::Error;
use crate::store::deals;
use crate::store::ledger::outcomes;

/// Says what became of a promise; none takes back what was said.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Conflict`] for what is no promise, or was
/// rejected.
pub async fn tell(app: &App, caller: &Caller, id: &ItemId, outcome: Option<Outcome>) -> Result<(), Error> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let stored = caller.item(&mut tx, id, Act::TellOutcome).await?;
    if stored.item.field() != Field::Commitment || stored.item.state == ItemState::Rejected {
        return Err(Error::Conflict("this is no promise, or it was rejected: nothing becomes of it".to_owned()));
    }
    let before = outcomes::find(&mut tx, id).await?;
    if before == outcome.map(|outcome| (outcome, true)) {
        return Ok(());
    }
    match outcome {
        Some(outcome) => {
            let deal = deals::find(&mut tx, &caller.tenant, &stored.deal).await?;
            let deal = deal.ok_or_else(|| Error::not_found("item", id))?;
            outcomes::set(&mut tx, &deal, id, outcome, caller.person()?, now).await?;
        }
        None => outcomes::remove(&mut tx, id).await?,
    }
    let change = Change {
        action: "outcome.told",
        subject: id.to_string(),
        deal: Some(&stored.deal),
        before: Some(json!({"outcome": before.map(|(outcome, _)| outcome)})),
        after: Some(json!({"outcome": outcome})),
        reason: None,
    };
    audit::record(&mut tx, caller, change, now).await?;
    tx.commit().await?;
    Ok(())
}
