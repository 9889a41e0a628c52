//! Use cases: a person says what became of a promise; what the customer had to say again.

use serde_json::{Value, json};

use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::aftermath::Repeats;
use crate::domain::field::Field;
use crate::domain::ids::{DealId, ItemId};
use crate::domain::vocabulary::Outcome;
use crate::error::Error;
use crate::store::items::StoredItem;
use crate::store::post_sale::{self, Word};

/// Says what became of a promise; from then on no engine says otherwise.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Invalid`] for an item that is no promise.
pub async fn set_outcome(app: &App, caller: &Caller, id: &ItemId, outcome: Outcome) -> Result<StoredItem, Error> {
    say(app, caller, id, Some(outcome)).await
}

/// Takes the mark off a promise; from then on no engine sets one.
///
/// # Errors
///
/// As [`set_outcome`].
pub async fn clear_outcome(app: &App, caller: &Caller, id: &ItemId) -> Result<StoredItem, Error> {
    say(app, caller, id, None).await
}

async fn say(app: &App, caller: &Caller, id: &ItemId, outcome: Option<Outcome>) -> Result<StoredItem, Error> {
    let mut tx = app.store.write().await?;
    let stored = caller.item(&mut tx, id, Act::TellOutcome).await?;
    if stored.item.field() != Field::Commitment {
        return Err(Error::Invalid("only a commitment has an outcome; this item is none".to_owned()));
    }
    if outcome.is_some() && !stored.item.stands() {
        return Err(Error::Conflict("this promise was rejected in the review; nothing can become of it".to_owned()));
    }
    let told = |outcome: Option<Outcome>| outcome.map_or(Value::Null, |outcome| json!(outcome));
    let mark = post_sale::outcome(&mut tx, id).await?;
    let said_before = mark.as_ref().map(|mark| (mark.outcome, mark.set_by.is_some()));
    let before = mark.map(|mark| mark.outcome);
    let now = app.clock.now();
    let word = Word { item: id.clone(), outcome, by: caller.person()?.clone(), at: now };
    post_sale::set(&mut tx, &word).await?;
    let change = Change {
        action: if outcome.is_some() { "outcome.set" } else { "outcome.cleared" },
        subject: id.to_string(),
        deal: Some(&stored.deal),
        before: Some(told(before)),
        after: Some(told(outcome)),
        ..Change::default()
    };
    // What changes nothing is no entry of the log.
    if said_before != outcome.map(|outcome| (outcome, true)) {
        audit::record(&mut tx, caller, change, now).await?;
    }
    tx.commit().await?;
    Ok(stored)
}

/// What a deal's customer had to say again.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights.
pub async fn repeats(app: &App, caller: &Caller, id: &DealId) -> Result<Repeats, Error> {
    let mut conn = app.store.snapshot().await?;
    caller.deal(&mut conn, id, Act::SeeDeal).await?;
    Ok(post_sale::repeats(&mut conn, id).await?)
}
