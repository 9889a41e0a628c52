//! Once a day: the promises that no contract carries, that were made firmly and are due soon.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::filter::{Filter, LedgerQuery, Sort};
use crate::access::Sight;
use crate::app::App;
use crate::domain::hash::content_hash;
use crate::domain::ids::{DealId, TenantId};
use crate::error::Error;
use crate::hooks::event::{Event, EventKind};
use crate::hooks::outbox;
use crate::store::jobs::{self, Job};
use crate::store::ledger::{self, LedgerRow, Scope};
use crate::store::{Conn, settings, webhooks};

/// Days ahead that are looked at.
pub const DAYS: u32 = 60;
/// The hour of the day (UTC) at which it is looked again.
const HOUR: i8 = 6;
/// Promises that a notice names, at most: those that are due first.
const NAMED: usize = 100;
/// Promises that are counted at most.
const MOST: u32 = 10_000;
/// The name of what was told last among the settings.
const LAST_TOLD: &str = "ledger_watch";

/// What was told last.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct LastTold {
    /// The day (UTC).
    day: String,
    /// Which promises, hashed.
    list: String,
}

/// The filter that is watched, as an address says it.
#[must_use]
pub fn watched() -> LedgerQuery {
    LedgerQuery {
        contract: Some("unwritten".to_owned()),
        strength: Some("firm".to_owned()),
        outcome: Some("open".to_owned()),
        standing: Some("current".to_owned()),
        due_within: Some(DAYS.to_string()),
        ..LedgerQuery::default()
    }
}

/// Has the tenant's list looked at, if anybody is told of anything.
///
/// # Errors
///
/// When the records cannot be read or written.
pub async fn wind_up(conn: &mut Conn, tenant: &TenantId, at: Timestamp) -> Result<(), Error> {
    if webhooks::list(conn, tenant).await?.iter().any(|endpoint| endpoint.wants(EventKind::PromisesDue)) {
        jobs::enqueue(conn, tenant, None, &Job::WatchLedger { tenant: tenant.clone() }, at).await?;
    }
    Ok(())
}

/// Tells of the list if it is not empty, is another than the one told last, and nothing was told today; then waits for
/// tomorrow. Runs within the transaction of its job.
///
/// # Errors
///
/// When the records cannot be read or written.
pub async fn look(app: &App, conn: &mut Conn, tenant: &TenantId) -> Result<(), Error> {
    let now = app.clock.now();
    let filter = watched().filter(now)?;
    let scope = Scope { tenant: tenant.clone(), sight: Sight::All };
    let rows = ledger::rows(conn, &scope, &filter, Sort::Due, None, MOST).await?;
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
    let day = now.to_zoned(TimeZone::UTC).date().to_string();
    let told = LastTold { day, list: content_hash(ids.join(" ").as_bytes()) };
    let last: LastTold = settings::get(conn, tenant, LAST_TOLD).await?;
    if !rows.is_empty() && last.list != told.list && last.day != told.day {
        outbox::publish(conn, tenant, &event(app, &rows, &filter, now), now).await?;
        settings::set(conn, tenant, LAST_TOLD, &told, now).await?;
    }
    wind_up(conn, tenant, tomorrow(now)).await
}

/// How many, of how many deals, which, the first due first, and where to read them: no words.
fn event(app: &App, rows: &[LedgerRow], filter: &Filter, now: Timestamp) -> Event {
    let deals: BTreeSet<&DealId> = rows.iter().map(|row| &row.deal.id).collect();
    let base = app.settings.server.base_url();
    let promise = |row: &LedgerRow| json!({"item": row.id, "deal": row.deal.id, "due_on": row.due_on, "url": format!("{base}/v1/items/{}", row.id)});
    Event::new(EventKind::PromisesDue, now).with(json!({
        "count": rows.len(),
        "deals": deals.len(),
        "days": DAYS,
        "first_due": rows.first().and_then(|row| row.due_on),
        "due_to": filter.due_to,
        "promises": rows.iter().take(NAMED).map(promise).collect::<Vec<_>>(),
        "url": format!("{base}/ledger?{}", watched().address()),
    }))
}

/// The next morning (UTC) after `now`.
fn tomorrow(now: Timestamp) -> Timestamp {
    let today = now.to_zoned(TimeZone::UTC);
    let morning = today.date().at(HOUR, 0, 0, 0).to_zoned(TimeZone::UTC).ok();
    let next = morning.filter(|at| *at > today).or_else(|| {
        let next = today.date().checked_add(1.day()).ok()?;
        next.at(HOUR, 0, 0, 0).to_zoned(TimeZone::UTC).ok()
    });
    next.map_or(now, |at| at.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_at_every_morning() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(tomorrow(at("2026-03-02T05:59:00Z")), at("2026-03-02T06:00:00Z"));
        assert_eq!(tomorrow(at("2026-03-02T06:00:00Z")), at("2026-03-03T06:00:00Z"));
        assert_eq!(tomorrow(at("2026-12-31T23:00:00Z")), at("2027-01-01T06:00:00Z"));
    }
}
