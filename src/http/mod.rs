//! The edge: HTTP in, use cases behind, JSON, problem documents and pages out.

pub mod openapi;

mod extract;
mod guard;
mod mcp;
mod pages;
pub mod problem;
mod session;
mod sign_on;
mod v1;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;
use tower_http::trace::TraceLayer;

use crate::app::App;
use crate::config::ListenSettings;
use guard::Guard;

/// Bytes of a JSON request at most: decisions and names are short.
const MAX_REQUEST_BYTES: usize = 1 << 20;

/// Every route: `/v1` for programs, the rest for people.
pub fn router(app: Arc<App>) -> Router {
    let guard = Arc::new(Guard::new(&app.settings.server));
    let (api, document) = openapi::router(&guard).split_for_parts();
    api.merge(openapi::document_route(&document))
        .merge(pages::router())
        .merge(sign_on::router(&guard))
        .merge(mcp::router())
        .fallback(problem::no_such_route)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(axum::middleware::from_fn_with_state(guard, guard::guard))
        // Pages hold no secret that an attacker's own words could stand beside, so compressing them gives nothing away.
        .layer(CompressionLayer::new())
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .layer(TraceLayer::new_for_http())
        .with_state(app)
}

/// The addresses beside the API's own, all of them to be read with GET: for whoever tests that each of them is guarded.
#[must_use]
pub fn page_routes() -> Vec<&'static str> {
    let others = ["/sign-in/oidc", "/sign-in/oidc/callback", "/v1/openapi.json"];
    pages::routes().into_iter().chain(others).collect()
}

/// Binds the address of the settings.
///
/// # Errors
///
/// When it is taken, or when it lies beyond loopback and the settings do not say where people reach it.
pub async fn bind(settings: &ListenSettings) -> anyhow::Result<TcpListener> {
    let address = settings.listen;
    anyhow::ensure!(
        address.ip().is_loopback() || settings.public_url.is_some(),
        "refusing to listen on {address}: beyond loopback Baton must know where people reach it, so that links, cookies and \
         the Host check are right; say --public-url https://…, or listen on 127.0.0.1"
    );
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}; another program may use it, choose another with --listen")
    })
}

/// Serves until `stop` resolves; requests at hand are answered first.
///
/// # Errors
///
/// When the listener fails.
pub async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await.context("the server failed")
}
