//! Deals: one sale to an account each.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::deal::Deal;
use crate::domain::ids::{AccountId, DealId};
use crate::error::Error;
use crate::http::extract::{Json, Page, PageQuery, Path, Query, etag};
use crate::http::problem::Problem;
use crate::intake;
use crate::store::{accounts, deals};

/// A new deal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewDeal {
    /// The deal's name.
    name: String,
}

/// List all deals, oldest first.
#[utoipa::path(get, path = "/v1/deals", tag = "deals", params(PageQuery),
    responses((status = 200, body = Page<Deal>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<Page<Deal>>, Problem> {
    page_of_deals(&app, None, &page).await
}

/// List an account's deals, oldest first.
#[utoipa::path(get, path = "/v1/accounts/{account_id}/deals", tag = "deals",
    params(("account_id" = AccountId, Path), PageQuery),
    responses((status = 200, body = Page<Deal>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn list_of_account(
    State(app): State<Arc<App>>,
    Path(account): Path<AccountId>,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<Page<Deal>>, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let found = accounts::find(&mut conn, &app.tenant, &account).await.map_err(Error::from)?;
    found.ok_or_else(|| Error::not_found("account", &account))?;
    drop(conn);
    page_of_deals(&app, Some(&account), &page).await
}

async fn page_of_deals(
    app: &App,
    account: Option<&AccountId>,
    page: &PageQuery,
) -> Result<axum::Json<Page<Deal>>, Problem> {
    let (limit, after) = (page.limit()?, page.after()?);
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let found = deals::list(&mut conn, &app.tenant, account, after.as_ref(), limit + 1).await.map_err(Error::from)?;
    Ok(axum::Json(Page::of(found, limit, |deal| deal.id.to_string())))
}

/// Open a deal.
#[utoipa::path(post, path = "/v1/accounts/{account_id}/deals", tag = "deals",
    params(("account_id" = AccountId, Path)), request_body = NewDeal,
    responses((status = 201, body = Deal), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn create(
    State(app): State<Arc<App>>,
    Path(account): Path<AccountId>,
    Json(new): Json<NewDeal>,
) -> Result<impl IntoResponse, Problem> {
    let deal = intake::open_deal(&app, &account, &new.name).await?;
    let location = [(header::LOCATION, format!("/v1/deals/{}", deal.id))];
    Ok((StatusCode::CREATED, location, axum::Json(deal)))
}

/// Read a deal; its `ETag` is the revision of its draft and review.
#[utoipa::path(get, path = "/v1/deals/{deal_id}", tag = "deals", params(("deal_id" = DealId, Path)),
    responses((status = 200, body = Deal), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn get(
    State(app): State<Arc<App>>,
    Path(id): Path<DealId>,
) -> Result<impl IntoResponse, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let deal = deals::find(&mut conn, &app.tenant, &id).await.map_err(Error::from)?;
    let deal = deal.ok_or_else(|| Error::not_found("deal", id))?;
    Ok((etag(deal.revision), axum::Json(deal)))
}
