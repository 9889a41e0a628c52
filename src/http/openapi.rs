//! The OpenAPI document, generated from the handlers, and the route that serves it.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use super::v1::{accounts, deals, drafts, events, items, jobs, sources, versions};
use crate::app::App;

/// Bytes of a form with files at most. Each file has its own, smaller limit; this one only ends what never ends.
const MAX_FORM_BYTES: usize = 1 << 30;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Baton",
        description = "Turns the calls, mails and notes of a B2B sale into a handoff that customer success can trust. \
                       Every item cites the words it rests on; errors are `application/problem+json`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/", description = "This server"))
)]
struct Document;

/// Every `/v1` route with its documentation.
pub(super) fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(accounts::list, accounts::create))
        .routes(routes!(accounts::get))
        .routes(routes!(deals::list_of_account, deals::create))
        .routes(routes!(deals::list))
        .routes(routes!(deals::get))
        .routes(routes!(sources::list, sources::upload).layer(DefaultBodyLimit::max(MAX_FORM_BYTES)))
        .routes(routes!(sources::get))
        .routes(routes!(sources::turns))
        .routes(routes!(events::watch))
        .routes(routes!(jobs::get))
        .routes(routes!(drafts::get, drafts::redraft))
        .routes(routes!(drafts::mark_unknown, drafts::unmark_unknown))
        .routes(routes!(items::attest))
        .routes(routes!(items::get, items::edit))
        .routes(routes!(items::approve))
        .routes(routes!(items::reject))
        .routes(routes!(versions::finalize))
        .routes(routes!(versions::list))
        .routes(routes!(versions::get))
        .routes(routes!(versions::markdown))
}

/// The document itself.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    router().split_for_parts().1
}

/// Serves the document.
pub(super) fn document_route(document: &utoipa::openapi::OpenApi) -> Router<Arc<App>> {
    let document = serde_json::to_value(document).unwrap_or_default();
    Router::new().route("/v1/openapi.json", get(|| async { Json(document) }))
}
