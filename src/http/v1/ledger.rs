//! The ledger of promises over all deals, what became of each, and the filters that people keep.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Caller;
use crate::app::App;
use crate::domain::ids::ViewId;
use crate::http::extract::{Json, PageQuery, Path, Query};
use crate::http::problem::Problem;
use crate::ledger::contradictions::{self, Contradiction};
use crate::ledger::export::{self, Format, LedgerFile};
use crate::ledger::views::{self, View, ViewChange};
use crate::ledger::{self as use_case, LedgerEntry, LedgerQuery, Totals, Trends};

/// A page of the ledger, with the totals of the whole selection.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct LedgerOut {
    /// The promises.
    items: Vec<LedgerEntry>,
    /// Give it as `cursor` to read on; none on the last page.
    next_cursor: Option<String>,
    /// Counts over the whole selection, not the page.
    totals: Totals,
}

/// A page of contradictions.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ContradictionsOut {
    /// The contradictions.
    items: Vec<Contradiction>,
    /// Give it as `cursor` to read on; none on the last page.
    next_cursor: Option<String>,
}

/// A filter to keep.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewView {
    /// What it is called.
    name: String,
    /// The filter as the query of an address, such as `contract=unwritten&strength=firm`.
    #[serde(default)]
    filter: String,
    /// Whether everybody in the workspace sees it.
    #[serde(default)]
    shared: bool,
}

/// What changes about a view; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ViewPatch {
    /// What it is called.
    name: Option<String>,
    /// The filter as the query of an address.
    filter: Option<String>,
    /// Whether everybody in the workspace sees it.
    shared: Option<bool>,
}

/// Every view that one sees.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ViewsOut {
    /// The views, by name.
    items: Vec<View>,
}

/// List the promises of every deal you may see, with totals over the whole selection.
#[utoipa::path(get, path = "/v1/ledger", tag = "ledger", params(LedgerQuery),
    responses((status = 200, body = LedgerOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<LedgerQuery>,
) -> Result<axum::Json<LedgerOut>, Problem> {
    let (filter, limit) = (query.filter(app.clock.now())?, PageQuery::new(None, query.limit).limit()?);
    let page = use_case::page(&app, &caller, &filter, query.sort()?, query.cursor.as_deref(), limit);
    let (page, totals) = tokio::try_join!(page, use_case::totals(&app, &caller, &filter))?;
    Ok(axum::Json(LedgerOut { items: page.entries, next_cursor: page.next_cursor, totals }))
}

/// Count how promises stand to the contract, by month of closing and by what they are about.
#[utoipa::path(get, path = "/v1/ledger/trends", tag = "ledger", params(LedgerQuery),
    responses((status = 200, body = Trends), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn trends(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<LedgerQuery>,
) -> Result<axum::Json<Trends>, Problem> {
    Ok(axum::Json(use_case::trends(&app, &caller, &query.filter(app.clock.now())?).await?))
}

/// List what stands against promises: newer words, words taken back, and clauses that say otherwise; both words cited.
#[utoipa::path(get, path = "/v1/ledger/contradictions", tag = "ledger", params(LedgerQuery),
    responses((status = 200, body = ContradictionsOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn contradictions(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<LedgerQuery>,
) -> Result<axum::Json<ContradictionsOut>, Problem> {
    let (filter, limit) = (query.filter(app.clock.now())?, PageQuery::new(None, query.limit).limit()?);
    let cursor = query.cursor.as_deref();
    let page = contradictions::contradictions(&app, &caller, &filter, query.sort()?, cursor, limit).await?;
    Ok(axum::Json(ContradictionsOut { items: page.contradictions, next_cursor: page.next_cursor }))
}

/// Export the whole selection as CSV, JSON or Parquet.
#[utoipa::path(get, path = "/v1/ledger/export", tag = "ledger", params(LedgerQuery),
    responses((status = 200, content((String = "text/csv"), (LedgerFile = "application/json"),
        (String = "application/vnd.apache.parquet"))), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn export(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<LedgerQuery>,
) -> Result<impl IntoResponse, Problem> {
    let format = Format::read(query.format.as_deref())?;
    let filter = query.filter(app.clock.now())?;
    let file = export::export(&app, &caller, &filter, query.sort()?, format).await?;
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"baton-promises.{}\"", format.suffix())),
    ];
    Ok((headers, file))
}

/// List your own views of the ledger and those that others share.
#[utoipa::path(get, path = "/v1/ledger/views", tag = "ledger",
    responses((status = 200, body = ViewsOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn views(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<axum::Json<ViewsOut>, Problem> {
    Ok(axum::Json(ViewsOut { items: views::list(&app, &caller).await? }))
}

/// Keep a filter of the ledger under a name.
#[utoipa::path(post, path = "/v1/ledger/views", tag = "ledger", request_body = NewView,
    responses((status = 201, body = View), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn add_view(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(NewView { name, filter, shared }): Json<NewView>,
) -> Result<impl IntoResponse, Problem> {
    Ok((StatusCode::CREATED, axum::Json(views::add(&app, &caller, &name, &filter, shared).await?)))
}

/// Change a view of your own.
#[utoipa::path(patch, path = "/v1/ledger/views/{view_id}", tag = "ledger", params(("view_id" = ViewId, Path)),
    request_body = ViewPatch, responses((status = 200, body = View), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn change_view(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ViewId>,
    Json(ViewPatch { name, filter, shared }): Json<ViewPatch>,
) -> Result<axum::Json<View>, Problem> {
    Ok(axum::Json(views::change(&app, &caller, &id, ViewChange { name, filter, shared }).await?))
}

/// Remove a view of your own.
#[utoipa::path(delete, path = "/v1/ledger/views/{view_id}", tag = "ledger", params(("view_id" = ViewId, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn remove_view(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ViewId>,
) -> Result<StatusCode, Problem> {
    views::remove(&app, &caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
