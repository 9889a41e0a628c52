//! The company's own sign-on, as a browser goes through it: away to the provider and back.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect};
use axum::routing::get;
use serde::Deserialize;

use super::extract::Query;
use super::guard::{self, Guard};
use super::problem::Problem;
use super::session::{self, HostCookie};
use crate::access::LocalPath;
use crate::access::oidc::{self, Return};
use crate::app::App;

/// Holds the state of the sign-on that the browser is in the midst of.
const COOKIE: HostCookie = HostCookie { over_tls: "__Host-baton-sign-on", on_loopback: "baton-sign-on" };

pub(super) fn router(guard: &Arc<Guard>) -> Router<Arc<App>> {
    let held_back = axum::middleware::from_fn_with_state(Arc::clone(guard), guard::sign_ins);
    Router::new().route("/sign-in/oidc", get(begin).layer(held_back)).route("/sign-in/oidc/callback", get(end))
}

#[derive(Deserialize)]
struct Asked {
    /// The page to end on.
    next: Option<String>,
}

async fn begin(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Result<impl IntoResponse, Problem> {
    let begun = oidc::begin(&app, &LocalPath::or_home(asked.next.as_deref())).await?;
    let cookie = COOKIE.set(begun.state.expose(), oidc::FLOW, app.settings.server.is_secure());
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&begun.question)))
}

async fn end(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Query(back): Query<Return>,
) -> Result<impl IntoResponse, Problem> {
    let secure = app.settings.server.is_secure();
    let kept = COOKIE.read(&headers, secure);
    let (signed_in, page) = oidc::end(&app, back, kept.as_deref(), session::user_agent(&headers)).await?;
    let cookies = [session::set_cookie(&signed_in.secret, secure), COOKIE.clear(secure)];
    Ok((AppendHeaders(cookies.map(|cookie| (header::SET_COOKIE, cookie))), Redirect::to(page.as_str())))
}
