//! Signing in and out.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::sign_in::{self, SignedIn, Welcome};
use crate::access::{Caller, Means};
use crate::app::App;
use crate::domain::user::User;
use crate::error::Error;
use crate::http::extract::Json;
use crate::http::problem::Problem;
use crate::http::session::{clear_cookie, set_cookie, user_agent};

/// Mail address and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Credentials {
    /// The mail address, in any case.
    email: String,
    /// The password.
    password: String,
}

/// A one-time link, and what its owner says of themselves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct LinkUse {
    /// The last part of the link's address.
    link: String,
    /// Their name, where it changes.
    name: Option<String>,
    /// Their mail address, where none is known yet.
    email: Option<String>,
    /// A password of at least 12 characters, where they want one.
    password: Option<String>,
}

/// Who signed in.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SignedInOut {
    /// The user.
    user: User,
}

/// Sign in with mail address and password; the session comes as a cookie.
#[utoipa::path(post, path = "/v1/session", tag = "session", request_body = Credentials, security(()),
    responses((status = 200, body = SignedInOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn sign_in(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Json(Credentials { email, password }): Json<Credentials>,
) -> Result<impl IntoResponse, Problem> {
    Ok(welcome(&app, sign_in::with_password(&app, &email, &password, user_agent(&headers)).await?))
}

/// Sign in with a one-time link, which is then used up.
#[utoipa::path(post, path = "/v1/session/link", tag = "session", request_body = LinkUse, security(()),
    responses((status = 200, body = SignedInOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn sign_in_by_link(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Json(LinkUse { link, name, email, password }): Json<LinkUse>,
) -> Result<impl IntoResponse, Problem> {
    let said = Welcome { name, email, password };
    Ok(welcome(&app, sign_in::with_link(&app, &link, said, user_agent(&headers)).await?))
}

/// Sign out: the session ends, its cookie is taken away.
#[utoipa::path(delete, path = "/v1/session", tag = "session",
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn sign_out(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<impl IntoResponse, Problem> {
    let Means::Session(session) = &caller.means else {
        return Err(Error::Conflict("a token has no session; revoke it where it is no longer needed".to_owned()).into());
    };
    sign_in::end_session(&app, &caller, session).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, clear_cookie(app.settings.server.is_secure()))]))
}

fn welcome(app: &App, signed_in: SignedIn) -> impl IntoResponse + use<> {
    let cookie = set_cookie(&signed_in.secret, app.settings.server.is_secure());
    ([(header::SET_COOKIE, cookie)], axum::Json(SignedInOut { user: signed_in.user }))
}
