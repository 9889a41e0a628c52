//! Drafts: what an engine found, as it stands in the review.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Caller;
use crate::app::App;
use crate::domain::deal::DealState;
use crate::domain::field::Field;
use crate::domain::handoff::Missing;
use crate::domain::ids::{DealId, ItemId, JobId};
use crate::draft::document::DraftDocument;
use crate::http::extract::{Path, etag};
use crate::http::problem::Problem;
use crate::intake;
use crate::review::{self, Readiness};

/// A deal's draft with where its review stands.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct DraftOut {
    /// The `baton.draft/1` document.
    #[serde(flatten)]
    draft: DraftDocument,
    /// How far the handoff is.
    state: DealState,
    /// The revision of draft and review; finalize takes it as `If-Match`.
    revision: i64,
    /// The revision of each item; decisions take it as `If-Match`.
    item_revisions: Vec<ItemRevision>,
    /// What still stands between the draft and its final version.
    missing: Vec<Missing>,
    /// How far it is, and what to ask on the next call.
    readiness: Readiness,
}

/// An item's revision, and its citations whose words no longer stand where they stood.
#[derive(Debug, Serialize, ToSchema)]
struct ItemRevision {
    /// The item.
    id: ItemId,
    /// Its revision.
    revision: i64,
    /// Broken citations, told in words.
    broken_citations: Vec<String>,
}

/// A draft that will be made.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct DraftQueued {
    /// The job that makes it.
    job_id: JobId,
}

/// Read a deal's draft.
#[utoipa::path(get, path = "/v1/deals/{deal_id}/draft", tag = "draft", params(("deal_id" = DealId, Path)),
    responses((status = 200, body = DraftOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
) -> Result<impl IntoResponse, Problem> {
    let current = review::current_draft(&app, &caller, &id).await?;
    let revisions = current.stored.into_iter().map(|stored| ItemRevision {
        id: stored.item.id,
        revision: stored.revision,
        broken_citations: stored.broken,
    });
    let out = DraftOut {
        state: current.deal.state,
        revision: current.deal.revision,
        item_revisions: revisions.collect(),
        missing: current.missing,
        readiness: current.readiness,
        draft: current.document,
    };
    Ok((etag(out.revision), axum::Json(out)))
}

/// Have the deal drafted anew from the sources it has. Items that somebody decided on stay as they are.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/draft", tag = "draft", params(("deal_id" = DealId, Path)),
    responses((status = 202, body = DraftQueued), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn redraft(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
) -> Result<impl IntoResponse, Problem> {
    let job_id = intake::request_draft(&app, &caller, &id).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(DraftQueued { job_id })))
}

/// Mark a field as asked and unknown.
#[utoipa::path(put, path = "/v1/deals/{deal_id}/unknown/{field}", tag = "draft",
    params(("deal_id" = DealId, Path), ("field" = Field, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn mark_unknown(
    State(app): State<Arc<App>>,
    Path((id, field)): Path<(DealId, Field)>,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    review::mark_unknown(&app, &caller, &id, field, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take the mark of a field back.
#[utoipa::path(delete, path = "/v1/deals/{deal_id}/unknown/{field}", tag = "draft",
    params(("deal_id" = DealId, Path), ("field" = Field, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn unmark_unknown(
    State(app): State<Arc<App>>,
    Path((id, field)): Path<(DealId, Field)>,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    review::mark_unknown(&app, &caller, &id, field, false).await?;
    Ok(StatusCode::NO_CONTENT)
}
