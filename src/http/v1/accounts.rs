//! Accounts: the customer companies.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::deal::Account;
use crate::domain::ids::AccountId;
use crate::error::Error;
use crate::http::extract::{Json, Page, PageQuery, Path, Query};
use crate::http::problem::Problem;
use crate::intake;
use crate::store::accounts;

/// A new account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewAccount {
    /// The company's name.
    name: String,
}

/// List accounts, oldest first.
#[utoipa::path(get, path = "/v1/accounts", tag = "accounts", params(PageQuery),
    responses((status = 200, body = Page<Account>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<Page<Account>>, Problem> {
    caller.require_scope(Act::SeeDeal)?;
    let (limit, after) = (page.limit()?, page.after()?);
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let found = accounts::list(&mut conn, &caller.tenant, &caller.sight(), after.as_ref(), limit + 1).await;
    Ok(axum::Json(Page::of(found.map_err(Error::from)?, limit, |account| account.id.to_string())))
}

/// Open an account.
#[utoipa::path(post, path = "/v1/accounts", tag = "accounts", request_body = NewAccount,
    responses((status = 201, body = Account), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(new): Json<NewAccount>,
) -> Result<(StatusCode, axum::Json<Account>), Problem> {
    let account = intake::open_account(&app, &caller, &new.name).await?;
    Ok((StatusCode::CREATED, axum::Json(account)))
}

/// Read an account.
#[utoipa::path(get, path = "/v1/accounts/{account_id}", tag = "accounts", params(("account_id" = AccountId, Path)),
    responses((status = 200, body = Account), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<AccountId>,
) -> Result<axum::Json<Account>, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    Ok(axum::Json(caller.account(&mut conn, &id, Act::SeeDeal).await?))
}
