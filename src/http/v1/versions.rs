//! Final versions: made once, never changed, as JSON and as Markdown.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::{Act, Caller};
use crate::app::App;
use crate::documents::{Audience, DocumentKind, VersionChanges};
use crate::domain::handoff::Handoff;
use crate::domain::ids::{DealId, VersionId};
use crate::error::Error;
use crate::handover;
use crate::http::extract::{IfMatch, Json, Path, Query};
use crate::http::pages;
use crate::http::problem::Problem;
use crate::review;
use crate::store::versions::{self, Version};

/// How a handoff is made final.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Finalize {
    /// Passes the gate although something is missing; kept with the version.
    override_reason: Option<String>,
}

/// A final version without its document.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct VersionOut {
    /// The version's id.
    id: VersionId,
    /// The deal it belongs to.
    deal_id: DealId,
    /// Counts the deal's versions, from 1.
    number: i64,
    /// SHA-256 of the document's bytes as `GET /v1/versions/{version_id}` gives them.
    content_hash: String,
    /// When it was finalized.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<Version> for VersionOut {
    fn from(version: Version) -> Self {
        let Version { id, deal: deal_id, number, content_hash, created_at, .. } = version;
        Self { id, deal_id, number, content_hash, created_at }
    }
}

/// Make the handoff final. Refused with the exact list of what is missing, unless a reason overrides it.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/finalize", tag = "versions",
    params(("deal_id" = DealId, Path), ("If-Match" = String, Header)), request_body = Finalize,
    responses((status = 201, body = VersionOut), (status = 409, body = Problem), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn finalize(
    State(app): State<Arc<App>>,
    Path(id): Path<DealId>,
    IfMatch(revision): IfMatch,
    caller: Caller,
    Json(Finalize { override_reason }): Json<Finalize>,
) -> Result<impl IntoResponse, Problem> {
    let version = review::finalize(&app, &caller, &id, revision, override_reason).await?;
    let location = [(header::LOCATION, format!("/v1/versions/{}", version.id))];
    Ok((StatusCode::CREATED, location, axum::Json(VersionOut::from(version))))
}

/// List a deal's final versions, oldest first.
#[utoipa::path(get, path = "/v1/deals/{deal_id}/versions", tag = "versions", params(("deal_id" = DealId, Path)),
    responses((status = 200, body = Vec<VersionOut>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
) -> Result<axum::Json<Vec<VersionOut>>, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    caller.deal(&mut conn, &id, Act::SeeDeal).await?;
    let found = versions::list(&mut conn, &id).await.map_err(Error::from)?;
    Ok(axum::Json(found.into_iter().map(VersionOut::from).collect()))
}

/// Read a final version: the very bytes that were hashed. Who may not see notes about persons gets it without them, and
/// without the `ETag` that names the hash.
#[utoipa::path(get, path = "/v1/versions/{version_id}", tag = "versions", params(("version_id" = VersionId, Path)),
    responses((status = 200, body = Handoff), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<VersionId>,
) -> Result<impl IntoResponse, Problem> {
    let document = handover::document(&app, &caller, &id, DocumentKind::Json).await?;
    let (version, _) = caller.version(&mut *app.store.read().await.map_err(Error::from)?, &id, Act::SeeDeal).await?;
    let is_whole = document.text == version.document;
    let tag = is_whole.then(|| [(header::ETAG, format!("\"{}\"", version.content_hash))]);
    Ok((tag, [(header::CONTENT_TYPE, "application/json")], document.text).into_response())
}

/// Read a final version as Markdown: the full document.
#[utoipa::path(get, path = "/v1/versions/{version_id}/markdown", tag = "versions",
    params(("version_id" = VersionId, Path)),
    responses((status = 200, content_type = "text/markdown", body = String), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn markdown(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<VersionId>,
) -> Result<impl IntoResponse, Problem> {
    let document = handover::document(&app, &caller, &id, DocumentKind::Full).await?;
    Ok(([(header::CONTENT_TYPE, document.media_type)], document.text))
}

/// A document of a version, as it is listed.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct DocumentOut {
    /// Which one.
    kind: DocumentKind,
    /// Its title.
    title: &'static str,
    /// What its text is.
    media_type: &'static str,
    /// Who it is for.
    audience: Audience,
    /// Whether it is kept as it was when the version became final; the others name people and deadlines as they are.
    kept: bool,
}

/// List the documents of a version.
#[utoipa::path(get, path = "/v1/versions/{version_id}/documents", tag = "versions",
    params(("version_id" = VersionId, Path)),
    responses((status = 200, body = Vec<DocumentOut>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn documents(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<VersionId>,
) -> Result<axum::Json<Vec<DocumentOut>>, Problem> {
    caller.version(&mut *app.store.read().await.map_err(Error::from)?, &id, Act::SeeDeal).await?;
    let listed = DocumentKind::ALL.into_iter().map(|kind| DocumentOut {
        kind,
        title: kind.title(),
        media_type: kind.media_type(),
        audience: kind.audience(),
        kept: kind.is_kept(),
    });
    Ok(axum::Json(listed.collect()))
}

/// How a document is wanted.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DocumentFormat {
    /// A page to print.
    Html,
}

/// How a document is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Wanted {
    /// `html` for a page to print; without it, the text itself.
    #[param(inline)]
    format: Option<DocumentFormat>,
}

/// Read one document of a version.
#[utoipa::path(get, path = "/v1/versions/{version_id}/documents/{document}", tag = "versions",
    params(("version_id" = VersionId, Path), ("document" = DocumentKind, Path), Wanted),
    responses((status = 200, content((String = "text/markdown"), (String = "application/json"), (String = "text/html"))),
        (status = "4XX", body = Problem)))]
pub(in crate::http) async fn document(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, kind)): Path<(VersionId, DocumentKind)>,
    Query(Wanted { format }): Query<Wanted>,
) -> Result<Response, Problem> {
    let document = handover::document(&app, &caller, &id, kind).await?;
    if let Some(DocumentFormat::Html) = format {
        return Ok(pages::paper(&document)?.into_response());
    }
    // What it is called once it is saved; no name of an account, which could be anything.
    let ending = if kind.media_type().starts_with("application/json") { "json" } else { "md" };
    let name = [(header::CONTENT_DISPOSITION, format!("inline; filename=\"{kind}.{ending}\""))];
    Ok((name, [(header::CONTENT_TYPE, document.media_type)], document.text).into_response())
}

/// Since which version.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Since {
    /// The number of the older version; the one before unless given.
    since: Option<i64>,
}

/// Read what changed since an older version.
#[utoipa::path(get, path = "/v1/versions/{version_id}/changes", tag = "versions",
    params(("version_id" = VersionId, Path), Since),
    responses((status = 200, body = VersionChanges), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn changes(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<VersionId>,
    Query(Since { since }): Query<Since>,
) -> Result<axum::Json<VersionChanges>, Problem> {
    Ok(axum::Json(handover::version_changes(&app, &caller, &id, since).await?))
}
