//! Common questions, answered when a handoff becomes final: whoever takes over finds the answers there.

use jiff::Timestamp;

use super::record::{self, Fresh, Over};
use crate::access::Caller;
use crate::app::App;
use crate::domain::ids::{DealId, TenantId};
use crate::error::Error;
use crate::store::{Conn, answers};

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
