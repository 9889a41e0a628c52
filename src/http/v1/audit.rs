//! The audit log, to read and to take along.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self as log, HashedEntry};
use crate::domain::ids::DealId;
use crate::error::Error;
use crate::http::extract::{Page, PageQuery, Query};
use crate::http::problem::Problem;
use crate::store::audit;

/// Entries read at a time for an export.
const EXPORT_BATCH: u32 = 1000;

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct AuditQuery {
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at most, 1 to 200; 50 unless given.
    limit: Option<u32>,
    /// Those about one deal.
    deal: Option<DealId>,
}

/// Read the audit log, oldest first.
#[utoipa::path(get, path = "/v1/audit-log", tag = "audit", params(AuditQuery),
    responses((status = 200, body = Page<HashedEntry>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(AuditQuery { cursor, limit, deal }): Query<AuditQuery>,
) -> Result<axum::Json<Page<HashedEntry>>, Problem> {
    caller.require(Act::ReadAudit)?;
    let page = PageQuery::new(cursor, limit);
    let (limit, after) = (page.limit()?, page.after::<i64>()?.unwrap_or(0));
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let found = audit::list(&mut conn, &caller.tenant, deal.as_ref(), after, limit + 1).await.map_err(Error::from)?;
    let entries = found.into_iter().map(log::shown).collect::<Result<Vec<_>, _>>()?;
    Ok(axum::Json(Page::of(entries, limit, |hashed| hashed.entry.seq.to_string())))
}

/// Export the whole audit log as JSON Lines; `baton audit-log verify FILE` checks it offline.
#[utoipa::path(get, path = "/v1/audit-log/export", tag = "audit",
    responses((status = 200, content_type = "application/jsonl", body = String), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn export(State(app): State<Arc<App>>, caller: Caller) -> Result<impl IntoResponse, Problem> {
    caller.require(Act::ReadAudit)?;
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let (mut lines, mut after) = (String::new(), 0);
    loop {
        let batch = audit::list(&mut conn, &caller.tenant, None, after, EXPORT_BATCH).await.map_err(Error::from)?;
        let Some(last) = batch.last() else { break };
        after = last.seq;
        lines.extend(batch.iter().map(log::line));
    }
    let headers = [
        (header::CONTENT_TYPE, "application/jsonl; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"baton-audit-log.jsonl\""),
    ];
    Ok((headers, lines))
}
