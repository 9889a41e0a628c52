//! `/mcp`: the record for assistants, over the protocol's streamable HTTP without sessions.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::post;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use super::MAX_REQUEST_BYTES;
use super::problem::Problem;
use super::session::bearer;
use crate::access::sign_in::Look;
use crate::access::{Act, Caller, sign_in};
use crate::app::App;
use crate::error::Error;
use crate::mcp::Assistant;

/// The one route. What it answers is said by the protocol itself, so it is no part of the API's description.
pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/mcp", post(answer))
}

async fn answer(State(app): State<Arc<App>>, mut request: Request) -> Result<Response, Problem> {
    let caller = holder_of_token(&app, bearer(request.headers())).await?;
    // Every answer is JSON. Programs that say so in fewer words than the protocol wants are served as well.
    let accepted = HeaderValue::from_static("application/json, text/event-stream");
    request.headers_mut().insert(header::ACCEPT, accepted);
    let settings = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(MAX_REQUEST_BYTES)
        // The guard in front of every route has looked at Host and Origin, and knows the public name.
        .disable_allowed_hosts();
    let serving = move || Ok(Assistant::new(Arc::clone(&app), caller.clone()));
    let service = StreamableHttpService::new(serving, Arc::new(NeverSessionManager::default()), settings);
    Ok(service.handle(request).await.map(Body::new))
}

/// Whose token the request brings. A browser's session is none: no page has business here.
async fn holder_of_token(app: &App, token: Option<String>) -> Result<Caller, Problem> {
    let found = match token {
        Some(token) => sign_in::of_token(app, &token, Look::Request).await?,
        None => None,
    };
    let caller = found.ok_or_else(|| {
        Error::Unauthenticated(
            "send a token with the scope read as `Authorization: Bearer …`; what was sent is missing, revoked or has run out"
                .to_owned(),
        )
    })?;
    caller.require_scope(Act::SeeDeal)?;
    Ok(caller)
}
