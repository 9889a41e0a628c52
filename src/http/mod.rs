//! The edge: HTTP in, use cases behind, JSON, problem documents and pages out.

pub mod openapi;

mod extract;
mod local_only;
mod pages;
mod problem;
mod v1;

use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use tokio::net::TcpListener;
use tower_http::trace::TraceLayer;

use crate::app::App;
use crate::config::ListenSettings;

/// Bytes of a JSON request at most: decisions and names are short.
const MAX_REQUEST_BYTES: usize = 1 << 20;

/// Every route: `/v1` for programs, the rest for people.
pub fn router(app: Arc<App>) -> Router {
    let (api, document) = openapi::router().split_for_parts();
    api.merge(openapi::document_route(&document))
        .merge(pages::router())
        .fallback(problem::no_such_route)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(axum::middleware::from_fn(local_only::guard))
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .layer(TraceLayer::new_for_http())
        .with_state(app)
}

/// Binds the address of the settings.
///
/// # Errors
///
/// When it is not a loopback address, which is refused until users and roles exist, or when it is taken.
pub async fn bind(settings: &ListenSettings) -> anyhow::Result<TcpListener> {
    let address = settings.listen;
    anyhow::ensure!(
        address.ip().is_loopback(),
        "refusing to listen on {address}: there are no users and roles yet, so anybody who reaches the address could read \
         every deal; listen on 127.0.0.1"
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
    axum::serve(listener, router(app)).with_graceful_shutdown(stop).await.context("the server failed")
}
