//! Deals: one sale to an account each.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::deal::{Deal, DealState, DealTerms};
use crate::domain::ids::{AccountId, DealId, UserId};
use crate::error::Error;
use crate::handover::{self, DealChange};
use crate::http::extract::{Json, Page, PageQuery, Path, Query, etag};
use crate::http::problem::Problem;
use crate::intake;
use crate::store::deals::{self, Filter};

/// A new deal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewDeal {
    /// The deal's name.
    name: String,
    /// The segment, for SLA policies and assignment.
    segment: Option<String>,
    /// The territory, for assignment.
    territory: Option<String>,
    /// The product it is about.
    product: Option<String>,
    /// The amount as a decimal.
    amount: Option<String>,
    /// The currency of the amount, ISO 4217.
    currency: Option<String>,
}

/// A new deal of an account that is told by its name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewDealOfAccount {
    /// The account's name; one of this name that you may see is taken, else it is opened.
    account: String,
    /// The deal's name.
    name: String,
    /// The segment, for SLA policies and assignment.
    segment: Option<String>,
}

/// Which deals.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct DealQuery {
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at most, 1 to 200; 50 unless given.
    limit: Option<u32>,
    /// Those in this state.
    state: Option<DealState>,
    /// Those whose own or whose account's name holds this text.
    q: Option<String>,
}

/// List the deals you may see, oldest first.
#[utoipa::path(get, path = "/v1/deals", tag = "deals", params(DealQuery),
    responses((status = 200, body = Page<Deal>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(DealQuery { cursor, limit, state, q }): Query<DealQuery>,
) -> Result<axum::Json<Page<Deal>>, Problem> {
    let page = PageQuery::new(cursor, limit);
    page_of_deals(&app, &caller, &Filter { account: None, state, text: q }, &page).await
}

/// List an account's deals, oldest first.
#[utoipa::path(get, path = "/v1/accounts/{account_id}/deals", tag = "deals",
    params(("account_id" = AccountId, Path), PageQuery),
    responses((status = 200, body = Page<Deal>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn list_of_account(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(account): Path<AccountId>,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<Page<Deal>>, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    caller.account(&mut conn, &account, Act::SeeDeal).await?;
    drop(conn);
    page_of_deals(&app, &caller, &Filter { account: Some(account), ..Filter::default() }, &page).await
}

async fn page_of_deals(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    page: &PageQuery,
) -> Result<axum::Json<Page<Deal>>, Problem> {
    caller.require_scope(Act::SeeDeal)?;
    let (limit, after) = (page.limit()?, page.after()?);
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let found = deals::list(&mut conn, &caller.tenant, &caller.sight(), filter, after.as_ref(), limit + 1).await;
    Ok(axum::Json(Page::of(found.map_err(Error::from)?, limit, |deal| deal.id.to_string())))
}

/// Open a deal.
#[utoipa::path(post, path = "/v1/accounts/{account_id}/deals", tag = "deals",
    params(("account_id" = AccountId, Path)), request_body = NewDeal,
    responses((status = 201, body = Deal), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(account): Path<AccountId>,
    Json(new): Json<NewDeal>,
) -> Result<impl IntoResponse, Problem> {
    let NewDeal { name, segment, territory, product, amount, currency } = new;
    let terms = DealTerms { segment, territory, product, amount, currency, closed_at: None };
    let deal = intake::open_deal(&app, &caller, &account, &name, terms).await?;
    let location = [(header::LOCATION, format!("/v1/deals/{}", deal.id))];
    Ok((StatusCode::CREATED, location, axum::Json(deal)))
}

/// Open a deal of an account that is told by its name.
#[utoipa::path(post, path = "/v1/deals", tag = "deals", request_body = NewDealOfAccount,
    responses((status = 201, body = Deal), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn open(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(NewDealOfAccount { account, name, segment }): Json<NewDealOfAccount>,
) -> Result<impl IntoResponse, Problem> {
    let terms = DealTerms { segment, ..DealTerms::default() };
    let account = intake::account_named(&app, &caller, &account).await?;
    let deal = intake::open_deal(&app, &caller, &account.id, &name, terms).await?;
    let location = [(header::LOCATION, format!("/v1/deals/{}", deal.id))];
    Ok((StatusCode::CREATED, location, axum::Json(deal)))
}

/// What changes about a deal. `null` takes a value away; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "left out, taken away, set: three cases")]
pub(in crate::http) struct DealPatch {
    /// The name.
    name: Option<String>,
    /// The account executive.
    #[serde(default, with = "crate::http::extract::nullable")]
    #[schema(value_type = Option<String>)]
    owner_id: Option<Option<UserId>>,
    /// The customer success manager.
    #[serde(default, with = "crate::http::extract::nullable")]
    #[schema(value_type = Option<String>)]
    csm_id: Option<Option<UserId>>,
    /// The segment.
    #[serde(default, with = "crate::http::extract::nullable")]
    #[schema(value_type = Option<String>)]
    segment: Option<Option<String>>,
    /// The territory.
    #[serde(default, with = "crate::http::extract::nullable")]
    #[schema(value_type = Option<String>)]
    territory: Option<Option<String>>,
    /// The product it is about.
    #[serde(default, with = "crate::http::extract::nullable")]
    #[schema(value_type = Option<String>)]
    product: Option<Option<String>>,
    /// The amount as a decimal.
    #[serde(default, with = "crate::http::extract::nullable")]
    #[schema(value_type = Option<String>)]
    amount: Option<Option<String>>,
    /// The currency of the amount, ISO 4217.
    #[serde(default, with = "crate::http::extract::nullable")]
    #[schema(value_type = Option<String>)]
    currency: Option<Option<String>>,
    /// When it was won; the clocks run from then on.
    #[serde(default, with = "crate::http::extract::nullable")]
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Option<Timestamp>>,
}

/// Say whose deal it is, who receives it, and what the CRM knows of it.
#[utoipa::path(patch, path = "/v1/deals/{deal_id}", tag = "deals", params(("deal_id" = DealId, Path)),
    request_body = DealPatch, responses((status = 200, body = Deal), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
    Json(patch): Json<DealPatch>,
) -> Result<impl IntoResponse, Problem> {
    let change = DealChange {
        name: patch.name,
        owner: patch.owner_id,
        csm: patch.csm_id,
        segment: patch.segment,
        territory: patch.territory,
        product: patch.product,
        amount: patch.amount,
        currency: patch.currency,
        closed_at: patch.closed_at,
    };
    let deal = handover::change_deal(&app, &caller, &id, change).await?;
    Ok((etag(deal.revision), axum::Json(deal)))
}

/// Say that a deal was won just now; its clocks start. Said again, nothing changes.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/closed-won", tag = "deals", params(("deal_id" = DealId, Path)),
    responses((status = 200, body = Deal), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn closed_won(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
) -> Result<impl IntoResponse, Problem> {
    let deal = handover::close_deal(&app, &caller, &id).await?;
    Ok((etag(deal.revision), axum::Json(deal)))
}

/// Read a deal; its `ETag` is the revision of its draft and review.
#[utoipa::path(get, path = "/v1/deals/{deal_id}", tag = "deals", params(("deal_id" = DealId, Path)),
    responses((status = 200, body = Deal), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
) -> Result<impl IntoResponse, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let deal = caller.deal(&mut conn, &id, Act::SeeDeal).await?;
    Ok((etag(deal.revision), axum::Json(deal)))
}
