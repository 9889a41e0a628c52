//! Common questions, answered when a handoff becomes final: whoever takes over finds the answers there, and is given them at once.

use jiff::Timestamp;
use unicode_segmentation::UnicodeSegmentation as _;

use super::kept::{self, KeptAnswer};
use super::record::{self, Fresh, Over};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::field::Field;
use crate::domain::ids::{DealId, TenantId};
use crate::error::Error;
use crate::store::{Conn, answers, items};

/// What customer success asks of nearly every deal. Those about the findings are worded as the findings answer them.
pub const COMMON: [&str; 8] = [
    "Why did they buy?",
    "What are the success criteria?",
    "What did we promise that is not in the contract?",
    "Did any date change?",
    "Who is skeptical?",
    "What are the risks?",
    "What happens first, and by when?",
    "How do they want to be worked with?",
];

/// The answers to the common questions over a deal, for everybody who may see it: they rest on no note about a person.
///
/// # Errors
///
/// [`Error::NotFound`] where the deal is gone; where retrieval fails.
pub async fn answer(app: &App, tenant: &TenantId, deal: &DealId) -> Result<Vec<Fresh>, Error> {
    let caller = Caller::for_readers(tenant.clone());
    let mut fresh = Vec::with_capacity(COMMON.len());
    for question in COMMON {
        let gathered = record::gather(app, &caller, Over::Deal(deal.clone()), question).await?;
        fresh.push(gathered.answer(app).await?);
    }
    Ok(fresh)
}

/// The answer that lies ready for a question, while nothing it rests on has changed and the caller sees no more than it was made
/// from.
///
/// # Errors
///
/// [`Error::NotFound`] where the caller may not see the deal.
pub async fn ready(app: &App, caller: &Caller, over: &Over, question: &str) -> Result<Option<KeptAnswer>, Error> {
    let Over::Deal(id) = over else { return Ok(None) };
    let Some(common) = COMMON.iter().find(|common| is_same(common, question)) else { return Ok(None) };
    let mut conn = app.store.snapshot().await?;
    let deal = caller.deal(&mut conn, id, Act::SeeDeal).await?;
    let Some(answer) = answers::prepared(&mut conn, &caller.tenant, id, common).await? else { return Ok(None) };
    if caller.may_with(Act::SeeSensitive, &deal) && has_notes(&mut conn, id).await? {
        return Ok(None);
    }
    let ready = kept::told(&mut conn, caller, answer).await?;
    Ok(ready.filter(|answer| answer.stale.is_empty()))
}

/// Whether two questions have the same words.
fn is_same(one: &str, other: &str) -> bool {
    let words = |question: &str| question.unicode_words().map(str::to_lowercase).collect::<Vec<_>>();
    words(one) == words(other)
}

/// Whether there are notes about persons, which the answers leave out.
async fn has_notes(conn: &mut Conn, deal: &DealId) -> Result<bool, Error> {
    let sensitive: Vec<Field> = Field::ALL.iter().copied().filter(|field| field.is_sensitive()).collect();
    Ok(!items::of_deals(conn, &[deal], &sensitive).await?.is_empty())
}

/// Keeps the answers in place of those of an earlier version.
///
/// # Errors
///
/// Where the records cannot be written.
pub async fn keep(
    conn: &mut Conn,
    tenant: &TenantId,
    deal: &DealId,
    fresh: Vec<Fresh>,
    now: Timestamp,
) -> Result<(), Error> {
    answers::remove_prepared(conn, deal).await?;
    let caller = Caller::for_readers(tenant.clone());
    for answer in fresh {
        record::keep(conn, &caller, answer, now).await?;
    }
    Ok(())
}
