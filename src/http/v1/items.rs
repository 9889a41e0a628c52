//! Items: approve, edit, reject, attest.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderName, StatusCode};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::finding::Finding;
use crate::domain::ids::{DealId, ItemId};
use crate::domain::item::{Edit, Item};
use crate::error::Error;
use crate::http::extract::{Actor, IfMatch, Json, Path, etag};
use crate::http::problem::Problem;
use crate::review::{self, Decision};
use crate::store::items::{self, StoredItem};

/// An item with its revision and history.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ItemOut {
    /// The item.
    #[serde(flatten)]
    item: Item,
    /// The deal it belongs to.
    deal_id: DealId,
    /// Its revision; decisions take it as `If-Match`.
    revision: i64,
    /// Citations whose words no longer stand where they stood, told in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    broken_citations: Vec<String>,
    /// Who did what with it, oldest first.
    edits: Vec<Edit>,
}

/// What somebody knows from memory.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Attestation {
    /// Field and attributes.
    #[serde(flatten)]
    finding: Finding,
    /// What the item says.
    statement: String,
}

/// Other words or attributes for an item.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ItemEdit {
    /// The new statement.
    statement: Option<String>,
    /// The new field and attributes, as `{"field": …, "attributes": {…}}`.
    finding: Option<Finding>,
}

/// Why an item is rejected.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Rejection {
    /// The reason.
    reason: Option<String>,
}

/// An item with its `ETag`.
type Answer = ([(HeaderName, String); 1], axum::Json<ItemOut>);

/// Read an item with its history.
#[utoipa::path(get, path = "/v1/items/{item_id}", tag = "items", params(("item_id" = ItemId, Path)),
    responses((status = 200, body = ItemOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn get(
    State(app): State<Arc<App>>,
    Path(id): Path<ItemId>,
) -> Result<impl IntoResponse, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let stored = items::find(&mut conn, &app.tenant, &id).await.map_err(Error::from)?;
    drop(conn);
    answer(&app, stored.ok_or_else(|| Error::not_found("item", id))?).await
}

/// Approve an item as it stands.
#[utoipa::path(post, path = "/v1/items/{item_id}/approve", tag = "items",
    params(("item_id" = ItemId, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = ItemOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn approve(
    State(app): State<Arc<App>>,
    Path(id): Path<ItemId>,
    IfMatch(revision): IfMatch,
    Actor(actor): Actor,
) -> Result<impl IntoResponse, Problem> {
    answer(&app, review::decide(&app, &id, revision, &actor, Decision::Approve).await?).await
}

/// Reject an item: it stays in the record and is shown nowhere.
#[utoipa::path(post, path = "/v1/items/{item_id}/reject", tag = "items",
    params(("item_id" = ItemId, Path), ("If-Match" = String, Header)), request_body = Rejection,
    responses((status = 200, body = ItemOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn reject(
    State(app): State<Arc<App>>,
    Path(id): Path<ItemId>,
    IfMatch(revision): IfMatch,
    Actor(actor): Actor,
    Json(Rejection { reason }): Json<Rejection>,
) -> Result<impl IntoResponse, Problem> {
    answer(&app, review::decide(&app, &id, revision, &actor, Decision::Reject { reason }).await?).await
}

/// Change an item's words or attributes; whoever does stands behind it, so it is approved.
#[utoipa::path(patch, path = "/v1/items/{item_id}", tag = "items",
    params(("item_id" = ItemId, Path), ("If-Match" = String, Header)), request_body = ItemEdit,
    responses((status = 200, body = ItemOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn edit(
    State(app): State<Arc<App>>,
    Path(id): Path<ItemId>,
    IfMatch(revision): IfMatch,
    Actor(actor): Actor,
    Json(ItemEdit { statement, finding }): Json<ItemEdit>,
) -> Result<impl IntoResponse, Problem> {
    answer(&app, review::decide(&app, &id, revision, &actor, Decision::Edit { statement, finding }).await?).await
}

/// Add what you know from memory: marked as attested by you, never shown as a quote.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/items", tag = "items",
    params(("deal_id" = DealId, Path)), request_body = Attestation,
    responses((status = 201, body = ItemOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn attest(
    State(app): State<Arc<App>>,
    Path(deal): Path<DealId>,
    Actor(actor): Actor,
    Json(Attestation { finding, statement }): Json<Attestation>,
) -> Result<impl IntoResponse, Problem> {
    let stored = review::attest(&app, &deal, finding, &statement, &actor).await?;
    Ok((StatusCode::CREATED, answer(&app, stored).await?))
}

async fn answer(app: &App, stored: StoredItem) -> Result<Answer, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let edits = items::edits(&mut conn, &stored.item.id).await.map_err(Error::from)?;
    let StoredItem { item, deal: deal_id, revision, broken: broken_citations } = stored;
    Ok((etag(revision), axum::Json(ItemOut { item, deal_id, revision, broken_citations, edits })))
}
