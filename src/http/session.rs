//! How a request says who asks: a session's cookie, or a token in `Authorization`.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite};

use super::problem::Problem;
use crate::access::secret::Secret;
use crate::access::sign_in::Look;
use crate::access::{Caller, sign_in};
use crate::app::App;
use crate::error::Error;

/// A cookie of this host that no script reads, by its two names. Over TLS browsers take a `__Host-` cookie only from the host
/// itself, for the whole of it, so a neighbour under the same domain cannot set one; on loopback there is no TLS.
pub(super) struct HostCookie {
    pub(super) over_tls: &'static str,
    pub(super) on_loopback: &'static str,
}

/// Holds the session's secret.
const SESSION: HostCookie = HostCookie { over_tls: "__Host-baton", on_loopback: "baton" };
/// How long a browser keeps a session's cookie.
const SESSION_KEPT: Duration = Duration::from_hours(7 * 24);

impl HostCookie {
    const fn name(&self, secure: bool) -> &'static str {
        if secure { self.over_tls } else { self.on_loopback }
    }

    /// The header that sets it.
    pub(super) fn set(&self, value: &str, kept: Duration, secure: bool) -> HeaderValue {
        let kept = cookie::time::Duration::try_from(kept).unwrap_or(cookie::time::Duration::ZERO);
        // Lax: a link in a mail leads to the page it names; what changes anything is guarded besides.
        let cookie = Cookie::build((self.name(secure), value))
            .path("/")
            .http_only(true)
            .secure(secure)
            .same_site(SameSite::Lax)
            .max_age(kept);
        HeaderValue::from_str(&cookie.to_string()).unwrap_or(HeaderValue::from_static(""))
    }

    /// The header that takes it away.
    pub(super) fn clear(&self, secure: bool) -> HeaderValue {
        self.set("", Duration::ZERO, secure)
    }

    /// What it holds, where the request carries it.
    pub(super) fn read(&self, headers: &HeaderMap, secure: bool) -> Option<String> {
        let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let mut cookies = lines.flat_map(Cookie::split_parse).filter_map(Result::ok);
        cookies.find(|cookie| cookie.name() == self.name(secure)).map(|cookie| cookie.value().to_owned())
    }
}

/// The header that gives a browser its session.
pub(super) fn set_cookie(secret: &Secret, secure: bool) -> HeaderValue {
    SESSION.set(secret.expose(), SESSION_KEPT, secure)
}

/// The header that takes it away again.
pub(super) fn clear_cookie(secure: bool) -> HeaderValue {
    SESSION.clear(secure)
}

/// The session's secret, where the request carries one.
pub(super) fn cookie_secret(headers: &HeaderMap, secure: bool) -> Option<String> {
    SESSION.read(headers, secure)
}

/// What a browser says it is.
pub(super) fn user_agent(headers: &HeaderMap) -> Option<String> {
    headers.get(header::USER_AGENT)?.to_str().ok().map(str::to_owned)
}

/// The token's secret, where the request carries one.
pub(super) fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// Who asks, where the request's headers say so rightly.
pub(super) async fn caller_of(headers: &HeaderMap, app: &App, look: Look) -> Result<Option<Caller>, Error> {
    if let Some(token) = bearer(headers) {
        return sign_in::of_token(app, &token, look).await;
    }
    match cookie_secret(headers, app.settings.server.is_secure()) {
        Some(secret) => sign_in::of_session(app, &secret, look).await,
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
        Ok(caller_of(&parts.headers, app, Look::Request).await?.ok_or_else(unknown)?)
    }
}

impl OptionalFromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Option<Self>, Problem> {
        Ok(caller_of(&parts.headers, app, Look::Request).await?)
    }
}
