//! One's own name, password, sessions and tokens.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::people::{self, UserChange};
use crate::access::tokens::{self as use_case, NewToken};
use crate::access::{Act, Caller, sign_in};
use crate::app::App;
use crate::domain::ids::{SessionId, TokenId};
use crate::domain::user::{Scope, User};
use crate::error::Error;
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::store::sessions::{self, Session};
use crate::store::tokens::{self, Token};
use crate::store::users;

/// What one may change about oneself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct MeChange {
    /// The name that stands under what one decides.
    name: Option<String>,
    /// The job title.
    title: Option<String>,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct PasswordChange {
    /// The present one, where there is one.
    present: Option<String>,
    /// The new one, at least 12 characters.
    new: String,
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TokenIn {
    /// What it is for.
    pub(super) name: String,
    /// What it may be used for.
    pub(super) scopes: Vec<Scope>,
    /// Days until it ends, 1 to 366.
    pub(super) days: u32,
}

/// A new token with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct MadeToken {
    /// The token.
    #[serde(flatten)]
    pub(super) token: Token,
    /// Send it as `Authorization: Bearer …`.
    pub(super) secret: String,
}

/// Read who you are.
#[utoipa::path(get, path = "/v1/me", tag = "me",
    responses((status = 200, body = User), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn get(State(app): State<Arc<App>>, caller: Caller) -> Result<axum::Json<User>, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let id = caller.person()?;
    let user = users::find(&mut conn, &caller.tenant, id).await.map_err(Error::from)?;
    Ok(axum::Json(user.ok_or_else(|| Error::not_found("user", id))?))
}

/// Change your name or title.
#[utoipa::path(patch, path = "/v1/me", tag = "me", request_body = MeChange,
    responses((status = 200, body = User), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(MeChange { name, title }): Json<MeChange>,
) -> Result<axum::Json<User>, Problem> {
    let change = UserChange { name, title, ..UserChange::default() };
    Ok(axum::Json(people::change(&app, &caller, caller.person()?, change).await?))
}

/// Change your password; your other sessions end.
#[utoipa::path(post, path = "/v1/me/password", tag = "me", request_body = PasswordChange,
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn change_password(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(PasswordChange { present, new }): Json<PasswordChange>,
) -> Result<StatusCode, Problem> {
    sign_in::change_password(&app, &caller, present, new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List your running sessions.
#[utoipa::path(get, path = "/v1/me/sessions", tag = "me",
    responses((status = 200, body = Vec<Session>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn list_sessions(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<axum::Json<Vec<Session>>, Problem> {
    caller.require(Act::SeeOwn)?;
    let mut conn = app.store.read().await.map_err(Error::from)?;
    Ok(axum::Json(sessions::list(&mut conn, caller.person()?, app.clock.now()).await.map_err(Error::from)?))
}

/// End one of your sessions.
#[utoipa::path(delete, path = "/v1/me/sessions/{session_id}", tag = "me", params(("session_id" = SessionId, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn end_session(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, Problem> {
    caller.require_session()?;
    sign_in::end_session(&app, &caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List your tokens.
#[utoipa::path(get, path = "/v1/me/tokens", tag = "me",
    responses((status = 200, body = Vec<Token>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn list_tokens(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<axum::Json<Vec<Token>>, Problem> {
    caller.require(Act::SeeOwn)?;
    let mut conn = app.store.read().await.map_err(Error::from)?;
    Ok(axum::Json(tokens::list(&mut conn, caller.person()?).await.map_err(Error::from)?))
}

/// Make a token that carries your rights, within its scopes. Its secret is in the answer and nowhere else.
#[utoipa::path(post, path = "/v1/me/tokens", tag = "me", request_body = TokenIn,
    responses((status = 201, body = MadeToken), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn make_token(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(TokenIn { name, scopes, days }): Json<TokenIn>,
) -> Result<(StatusCode, axum::Json<MadeToken>), Problem> {
    let new = NewToken { user: caller.person()?.clone(), name, scopes, days };
    let (token, secret) = use_case::make(&app, &caller, new).await?;
    Ok((StatusCode::CREATED, axum::Json(MadeToken { token, secret: secret.expose().to_owned() })))
}

/// Revoke a token: yours, or an integration's where you manage people.
#[utoipa::path(delete, path = "/v1/tokens/{token_id}", tag = "me", params(("token_id" = TokenId, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn revoke_token(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<TokenId>,
) -> Result<StatusCode, Problem> {
    use_case::revoke(&app, &caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
