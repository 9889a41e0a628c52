//! Items: approve, edit, reject, attest.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderName, StatusCode};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::aftermath::OutcomeMark;
use crate::domain::field::Field;
use crate::domain::finding::Finding;
use crate::domain::ids::{DealId, ItemId};
use crate::domain::item::{Edit, Item};
use crate::domain::vocabulary::Outcome;
use crate::error::Error;
use crate::http::extract::{IfMatch, Json, Path, etag};
use crate::http::problem::Problem;
use crate::post_sale as after_sale;
use crate::review::{self, Decision};
use crate::store::items::{self, StoredItem};
use crate::store::post_sale;

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
    /// What became of it after the sale, where it is a commitment and something is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<OutcomeMark>,
    /// Citations whose words no longer stand where they stood, told in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    broken_citations: Vec<String>,
    /// Who did what with it, oldest first.
    edits: Vec<Edit>,
}

/// What somebody knows from memory.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(try_from = "AttestationKeys")]
pub(in crate::http) struct Attestation {
    /// Field and attributes.
    #[serde(flatten)]
    finding: Finding,
    /// What the item says.
    statement: String,
}

/// An [`Attestation`] by its keys: beside a flattened value, unknown ones would be taken in silence.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttestationKeys {
    field: Field,
    attributes: Value,
    statement: String,
}

impl TryFrom<AttestationKeys> for Attestation {
    type Error = serde_json::Error;

    fn try_from(keys: AttestationKeys) -> Result<Self, Self::Error> {
        let AttestationKeys { field, attributes, statement } = keys;
        let finding = serde_json::from_value(json!({"field": field, "attributes": attributes}))?;
        Ok(Self { finding, statement })
    }
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

/// What became of a commitment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct OutcomeIn {
    /// Kept, late, broken or renegotiated.
    outcome: Outcome,
}

/// A field to approve.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct FieldApproval {
    /// The field.
    field: Field,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct FieldApproved {
    /// What is approved now.
    approved: Vec<ApprovedItem>,
    /// What wants a look of its own.
    skipped: Vec<SkippedItem>,
}

/// An item that was approved.
#[derive(Debug, Serialize, ToSchema)]
struct ApprovedItem {
    /// The item.
    id: ItemId,
    /// Its new revision.
    revision: i64,
}

/// An item that was not.
#[derive(Debug, Serialize, ToSchema)]
struct SkippedItem {
    /// The item.
    id: ItemId,
    /// Why.
    why: &'static str,
}

/// An item with its `ETag`.
type Answer = ([(HeaderName, String); 1], axum::Json<ItemOut>);

/// Read an item with its history.
#[utoipa::path(get, path = "/v1/items/{item_id}", tag = "items", params(("item_id" = ItemId, Path)),
    responses((status = 200, body = ItemOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ItemId>,
) -> Result<impl IntoResponse, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let stored = caller.item(&mut conn, &id, Act::SeeDeal).await?;
    drop(conn);
    answer(&app, &caller, stored).await
}

/// Approve an item as it stands.
#[utoipa::path(post, path = "/v1/items/{item_id}/approve", tag = "items",
    params(("item_id" = ItemId, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = ItemOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn approve(
    State(app): State<Arc<App>>,
    Path(id): Path<ItemId>,
    IfMatch(revision): IfMatch,
    caller: Caller,
) -> Result<impl IntoResponse, Problem> {
    answer(&app, &caller, review::decide(&app, &caller, &id, revision, Decision::Approve).await?).await
}

/// Reject an item: it stays in the record and is shown nowhere.
#[utoipa::path(post, path = "/v1/items/{item_id}/reject", tag = "items",
    params(("item_id" = ItemId, Path), ("If-Match" = String, Header)), request_body = Rejection,
    responses((status = 200, body = ItemOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn reject(
    State(app): State<Arc<App>>,
    Path(id): Path<ItemId>,
    IfMatch(revision): IfMatch,
    caller: Caller,
    Json(Rejection { reason }): Json<Rejection>,
) -> Result<impl IntoResponse, Problem> {
    answer(&app, &caller, review::decide(&app, &caller, &id, revision, Decision::Reject { reason }).await?).await
}

/// Change an item's words or attributes; whoever does stands behind it, so it is approved.
#[utoipa::path(patch, path = "/v1/items/{item_id}", tag = "items",
    params(("item_id" = ItemId, Path), ("If-Match" = String, Header)), request_body = ItemEdit,
    responses((status = 200, body = ItemOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn edit(
    State(app): State<Arc<App>>,
    Path(id): Path<ItemId>,
    IfMatch(revision): IfMatch,
    caller: Caller,
    Json(ItemEdit { statement, finding }): Json<ItemEdit>,
) -> Result<impl IntoResponse, Problem> {
    answer(&app, &caller, review::decide(&app, &caller, &id, revision, Decision::Edit { statement, finding }).await?)
        .await
}

/// Take your last decision on an item back: everything is as it was before it.
#[utoipa::path(post, path = "/v1/items/{item_id}/undo", tag = "items",
    params(("item_id" = ItemId, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = ItemOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn undo(
    State(app): State<Arc<App>>,
    Path(id): Path<ItemId>,
    IfMatch(revision): IfMatch,
    caller: Caller,
) -> Result<impl IntoResponse, Problem> {
    answer(&app, &caller, review::decide(&app, &caller, &id, revision, Decision::Undo).await?).await
}

/// Approve whatever nobody has decided on yet in a field. Items that something speaks against, that the contract
/// contradicts or whose citations broke are left for a look of their own.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/approve", tag = "items",
    params(("deal_id" = DealId, Path)), request_body = FieldApproval,
    responses((status = 200, body = FieldApproved), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn approve_field(
    State(app): State<Arc<App>>,
    Path(deal): Path<DealId>,
    caller: Caller,
    Json(FieldApproval { field }): Json<FieldApproval>,
) -> Result<axum::Json<FieldApproved>, Problem> {
    let outcome = review::approve_field(&app, &caller, &deal, field).await?;
    let approved = outcome.approved.into_iter().map(|s| ApprovedItem { id: s.item.id, revision: s.revision });
    let skipped = outcome.skipped.into_iter().map(|s| SkippedItem { id: s.id, why: s.why });
    Ok(axum::Json(FieldApproved { approved: approved.collect(), skipped: skipped.collect() }))
}

/// Add what you know from memory: marked as attested by you, never shown as a quote.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/items", tag = "items",
    params(("deal_id" = DealId, Path)), request_body = Attestation,
    responses((status = 201, body = ItemOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn attest(
    State(app): State<Arc<App>>,
    Path(deal): Path<DealId>,
    caller: Caller,
    Json(Attestation { finding, statement }): Json<Attestation>,
) -> Result<impl IntoResponse, Problem> {
    let stored = review::attest(&app, &caller, &deal, finding, &statement).await?;
    Ok((StatusCode::CREATED, answer(&app, &caller, stored).await?))
}

/// Say what became of a commitment; your word stays over what is read from the record.
#[utoipa::path(put, path = "/v1/items/{item_id}/outcome", tag = "items", params(("item_id" = ItemId, Path)),
    request_body = OutcomeIn, responses((status = 200, body = ItemOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn set_outcome(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ItemId>,
    Json(OutcomeIn { outcome }): Json<OutcomeIn>,
) -> Result<impl IntoResponse, Problem> {
    answer(&app, &caller, after_sale::set_outcome(&app, &caller, &id, outcome).await?).await
}

/// Take the outcome off a commitment; what is read from the record sets none again.
#[utoipa::path(delete, path = "/v1/items/{item_id}/outcome", tag = "items", params(("item_id" = ItemId, Path)),
    responses((status = 200, body = ItemOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn clear_outcome(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ItemId>,
) -> Result<impl IntoResponse, Problem> {
    answer(&app, &caller, after_sale::clear_outcome(&app, &caller, &id).await?).await
}

async fn answer(app: &App, caller: &Caller, stored: StoredItem) -> Result<Answer, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let mut edits = items::edits(&mut conn, &stored.item.id).await.map_err(Error::from)?;
    let deal = caller.deal(&mut conn, &stored.deal, Act::SeeDeal).await?;
    if !caller.may_with(Act::SeeSensitive, &deal) {
        edits = edits.into_iter().map(review::without_notes).collect();
    }
    let outcome = post_sale::outcome(&mut conn, &stored.item.id).await.map_err(Error::from)?;
    let StoredItem { item, deal: deal_id, revision, broken: broken_citations } = stored;
    Ok((etag(revision), axum::Json(ItemOut { item, deal_id, revision, outcome, broken_citations, edits })))
}
