//! The ledger: every promise of every deal that one may see, with what the contract says of it and what became of it.
//!
//! A promise is an item of the field `commitment` as it stands now, drafted or approved; what a person rejected is no promise.
//! Whoever asks gets the deals within their own sight and no count of another's.

pub mod contradictions;
pub mod entry;
pub mod export;
pub mod filter;
pub mod totals;
pub mod views;
pub mod watch;

use serde::Serialize;

pub use entry::LedgerEntry;
pub use filter::{Filter, LedgerQuery, Sort};
pub use totals::{Totals, Trends};

use crate::access::{Act, Caller};
use crate::app::App;
use crate::error::Error;
use crate::store::Conn;
use crate::store::ledger::{self, Scope};

/// The word of a closed vocabulary.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A page of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerPage {
    /// The promises, in the order that was asked for.
    pub entries: Vec<LedgerEntry>,
    /// What the next page begins after; none on the last page.
    pub next_cursor: Option<String>,
}

/// The promises of a selection, `limit` of them after `cursor`.
///
/// # Errors
///
/// [`Error::Forbidden`] for a token that may not read; [`Error::Invalid`] for a cursor that no page of this order gave.
pub async fn page(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    sort: Sort,
    cursor: Option<&str>,
    limit: u32,
) -> Result<LedgerPage, Error> {
    let mut conn = app.store.snapshot().await?;
    let (rows, next_cursor) = rows(&mut conn, caller, filter, sort, cursor, limit).await?;
    let entries = entry::entries(&mut conn, rows).await?;
    Ok(LedgerPage { entries, next_cursor })
}

/// At most `limit` rows of a selection after `cursor`, and what the next page begins after.
async fn rows(
    conn: &mut Conn,
    caller: &Caller,
    filter: &Filter,
    sort: Sort,
    cursor: Option<&str>,
    limit: u32,
) -> Result<(Vec<ledger::LedgerRow>, Option<String>), Error> {
    let scope = scope(caller)?;
    let after = cursor.map(|cursor| ledger::Place::read(cursor, sort)).transpose()?;
    let mut rows = ledger::rows(conn, &scope, filter, sort, after.as_ref(), limit.saturating_add(1)).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| more).map(|row| row.place.cursor(sort));
    Ok((rows, next_cursor))
}

/// Counts over a whole selection.
///
/// # Errors
///
/// As [`page`].
pub async fn totals(app: &App, caller: &Caller, filter: &Filter) -> Result<Totals, Error> {
    let scope = scope(caller)?;
    Ok(ledger::totals::totals(&mut *app.store.read().await?, &scope, filter).await?)
}

/// How many promises of a selection stand how to the contract, by month of closing and by what they are about.
///
/// # Errors
///
/// As [`page`].
pub async fn trends(app: &App, caller: &Caller, filter: &Filter) -> Result<Trends, Error> {
    let scope = scope(caller)?;
    Ok(ledger::totals::trends(&mut *app.store.read().await?, &scope, filter).await?)
}

/// Whose deals the caller's ledger is over.
pub(crate) fn scope(caller: &Caller) -> Result<Scope, Error> {
    caller.require_scope(Act::SeeDeal)?;
    Ok(Scope { tenant: caller.tenant.clone(), sight: caller.sight() })
}
