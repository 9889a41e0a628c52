//! How a request says who asks: a session's cookie, or a token in `Authorization`.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite};

use super::problem::Problem;
use crate::access::secret::Secret;
use crate::access::{Caller, sign_in};
use crate::app::App;
use crate::error::Error;

/// The cookie's name over TLS: browsers take a `__Host-` cookie only from the host itself, for the whole of it, over TLS.
const SECURE_NAME: &str = "__Host-baton";
/// The cookie's name on loopback, where there is no TLS.
const NAME: &str = "baton";

/// The header that gives a browser its session.
pub(super) fn set_cookie(secret: &Secret, secure: bool) -> HeaderValue {
    header_of(&cookie(secret.expose().to_owned(), secure).max_age(cookie::time::Duration::days(7)).build())
}

/// The header that takes it away again.
pub(super) fn clear_cookie(secure: bool) -> HeaderValue {
    header_of(&cookie(String::new(), secure).max_age(cookie::time::Duration::ZERO).build())
}

fn cookie(value: String, secure: bool) -> cookie::CookieBuilder<'static> {
    let name = if secure { SECURE_NAME } else { NAME };
    // Lax: a link in a mail leads to the page it names; what changes anything is guarded besides.
    Cookie::build((name, value)).path("/").http_only(true).secure(secure).same_site(SameSite::Lax)
}

fn header_of(cookie: &Cookie<'_>) -> HeaderValue {
    HeaderValue::from_str(&cookie.to_string()).unwrap_or(HeaderValue::from_static(""))
}

/// The session's secret, where the request carries one.
pub(super) fn cookie_secret(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut cookies = lines.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies.find(|cookie| matches!(cookie.name(), SECURE_NAME | NAME)).map(|cookie| cookie.value().to_owned())
}

/// The token's secret, where the request carries one.
pub(super) fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

async fn caller_of(parts: &Parts, app: &App) -> Result<Option<Caller>, Error> {
    if let Some(token) = bearer(&parts.headers) {
        return sign_in::of_token(app, &token).await;
    }
    match cookie_secret(&parts.headers) {
        Some(secret) => sign_in::of_session(app, &secret).await,
        None => Ok(None),
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let unknown = || {
            Error::Unauthenticated(
                "sign in, or send a token as `Authorization: Bearer …`; what was sent is missing, revoked or has run out"
                    .to_owned(),
            )
        };
        Ok(caller_of(parts, app).await?.ok_or_else(unknown)?)
    }
}

impl OptionalFromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Option<Self>, Problem> {
        Ok(caller_of(parts, app).await?)
    }
}
