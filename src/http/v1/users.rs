//! The people and integrations of the tenant.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::me::{MadeToken, TokenIn};
use crate::access::people::{self, NewUser, UserChange};
use crate::access::tokens::{self as use_case, NewToken};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::ids::UserId;
use crate::domain::user::{Role, User, UserKind, UserState};
use crate::error::Error;
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::store::users;

/// Somebody to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct UserIn {
    /// Person or integration; a person unless said otherwise.
    kind: Option<UserKind>,
    /// The name.
    name: String,
    /// The mail address a person signs in with.
    email: Option<String>,
    /// The job title.
    title: Option<String>,
    /// What they may do.
    role: Role,
}

/// What changes about a user.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct UserPatch {
    /// The name.
    name: Option<String>,
    /// The job title.
    title: Option<String>,
    /// What they may do.
    role: Option<Role>,
    /// Whether they may come in.
    state: Option<UserState>,
}

/// Somebody who was added.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Invited {
    /// The user.
    #[serde(flatten)]
    user: User,
    /// Hand it to them: their first sign-in, shown this once. Integrations have none.
    sign_in_link: Option<String>,
}

/// A one-time sign-in link.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Link {
    /// Hand it to them; shown this once.
    sign_in_link: String,
}

/// List the users of your tenant.
#[utoipa::path(get, path = "/v1/users", tag = "people",
    responses((status = 200, body = Vec<User>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<axum::Json<Vec<User>>, Problem> {
    caller.require(Act::Assign)?;
    let mut conn = app.store.read().await.map_err(Error::from)?;
    Ok(axum::Json(users::list(&mut conn, &caller.tenant).await.map_err(Error::from)?))
}

/// Add a person, who gets a one-time sign-in link, or an integration.
#[utoipa::path(post, path = "/v1/users", tag = "people", request_body = UserIn,
    responses((status = 201, body = Invited), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn invite(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(UserIn { kind, name, email, title, role }): Json<UserIn>,
) -> Result<(StatusCode, axum::Json<Invited>), Problem> {
    let new = NewUser { kind: kind.unwrap_or(UserKind::Person), name, email, title, role };
    let (user, secret) = people::invite(&app, &caller, new).await?;
    let sign_in_link = secret.map(|secret| app.settings.server.sign_in_link(&secret));
    Ok((StatusCode::CREATED, axum::Json(Invited { user, sign_in_link })))
}

/// Change a user's name, title, role or state.
#[utoipa::path(patch, path = "/v1/users/{user_id}", tag = "people", params(("user_id" = UserId, Path)),
    request_body = UserPatch, responses((status = 200, body = User), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<UserId>,
    Json(UserPatch { name, title, role, state }): Json<UserPatch>,
) -> Result<axum::Json<User>, Problem> {
    caller.require(Act::ManagePeople)?;
    Ok(axum::Json(people::change(&app, &caller, &id, UserChange { name, title, role, state }).await?))
}

/// Make a new one-time sign-in link for somebody who has lost their way in.
#[utoipa::path(post, path = "/v1/users/{user_id}/link", tag = "people", params(("user_id" = UserId, Path)),
    responses((status = 201, body = Link), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn new_link(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<UserId>,
) -> Result<(StatusCode, axum::Json<Link>), Problem> {
    let secret = people::new_link(&app, &caller, &id).await?;
    Ok((StatusCode::CREATED, axum::Json(Link { sign_in_link: app.settings.server.sign_in_link(&secret) })))
}

/// Make a token for an integration. Its secret is in the answer and nowhere else.
#[utoipa::path(post, path = "/v1/users/{user_id}/tokens", tag = "people", params(("user_id" = UserId, Path)),
    request_body = TokenIn, responses((status = 201, body = MadeToken), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn make_token(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(user): Path<UserId>,
    Json(TokenIn { name, scopes, days }): Json<TokenIn>,
) -> Result<(StatusCode, axum::Json<MadeToken>), Problem> {
    let (token, secret) = use_case::make(&app, &caller, NewToken { user, name, scopes, days }).await?;
    Ok((StatusCode::CREATED, axum::Json(MadeToken { token, secret: secret.expose().to_owned() })))
}
