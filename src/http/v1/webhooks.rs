//! Webhooks: the CRM's call that a deal was won, and the endpoints that are told how handoffs go on.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::ids::{DeliveryId, JobId, WebhookId};
use crate::error::Error;
use crate::handover::{self, Outcome};
use crate::hooks::closed_won::{self, Shape};
use crate::hooks::delivery::{Attempt, Delivery};
use crate::hooks::endpoint::{EndpointView, NewEndpoint};
use crate::hooks::manage;
use crate::http::extract::{Json, Page, PageQuery, Path, Query};
use crate::http::problem::Problem;
use crate::store::{deliveries, webhooks};

/// What became of a CRM's call.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Reported {
    /// The shape it was read as.
    shape: Shape,
    /// One entry per record of the call.
    outcomes: Vec<Outcome>,
}

/// A new endpoint with its signing secret, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct AddedEndpoint {
    /// The endpoint.
    #[serde(flatten)]
    endpoint: EndpointView,
    /// Verify `webhook-signature` with it, after the Standard Webhooks specification.
    secret: String,
}

/// What changes about an endpoint.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct EndpointPatch {
    /// Whether it is told at all.
    enabled: bool,
}

/// A delivery with its attempts.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct DeliveryOut {
    /// The delivery.
    #[serde(flatten)]
    delivery: Delivery,
    /// Its attempts, oldest first.
    attempts: Vec<Attempt>,
}

/// A job that was queued.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Queued {
    /// The job.
    job_id: JobId,
}

/// Tell that deals were won: a HubSpot or Salesforce webhook as it is, or `{"account": {…}, "deal": {…}}`. The same call
/// twice makes no second deal.
#[utoipa::path(post, path = "/v1/crm/closed-won", tag = "webhooks",
    request_body(content = serde_json::Value, content_type = "application/json"),
    responses((status = 200, body = Reported), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn closed_won(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    caller.require(Act::ReportCrm)?;
    let body = body.map_err(|_| Problem::body_too_large())?;
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let notice = closed_won::parse(content_type, &body).map_err(|error| Error::Invalid(error.to_string()))?;
    let shape = notice.shape;
    let outcomes = handover::report(&app, &caller, notice.notices).await?;
    Ok(match shape.acknowledgement() {
        Some((body, content_type)) => ([(header::CONTENT_TYPE, content_type)], body).into_response(),
        None => axum::Json(Reported { shape, outcomes }).into_response(),
    })
}

/// List the endpoints that are told of events.
#[utoipa::path(get, path = "/v1/webhooks", tag = "webhooks",
    responses((status = 200, body = Vec<EndpointView>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<axum::Json<Vec<EndpointView>>, Problem> {
    caller.require(Act::ManagePolicies)?;
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let found = webhooks::list(&mut conn, &caller.tenant).await.map_err(Error::from)?;
    Ok(axum::Json(found.iter().map(EndpointView::from).collect()))
}

/// Add an endpoint. Its signing secret is in the answer and nowhere else.
#[utoipa::path(post, path = "/v1/webhooks", tag = "webhooks", request_body = NewEndpoint,
    responses((status = 201, body = AddedEndpoint), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn add(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(new): Json<NewEndpoint>,
) -> Result<(StatusCode, axum::Json<AddedEndpoint>), Problem> {
    let (endpoint, secret) = manage::add(&app, &caller, new).await?;
    let endpoint = EndpointView::from(&endpoint);
    Ok((StatusCode::CREATED, axum::Json(AddedEndpoint { endpoint, secret: secret.expose().to_owned() })))
}

/// Have an endpoint told of events, or no longer.
#[utoipa::path(patch, path = "/v1/webhooks/{webhook_id}", tag = "webhooks", params(("webhook_id" = WebhookId, Path)),
    request_body = EndpointPatch, responses((status = 200, body = EndpointView), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<WebhookId>,
    Json(EndpointPatch { enabled }): Json<EndpointPatch>,
) -> Result<axum::Json<EndpointView>, Problem> {
    let endpoint = manage::set_enabled(&app, &caller, &id, enabled).await?;
    Ok(axum::Json(EndpointView::from(&endpoint)))
}

/// Remove an endpoint with its log.
#[utoipa::path(delete, path = "/v1/webhooks/{webhook_id}", tag = "webhooks",
    params(("webhook_id" = WebhookId, Path)), responses((status = 204), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<WebhookId>,
) -> Result<StatusCode, Problem> {
    manage::remove(&app, &caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Read an endpoint's delivery log, newest first.
#[utoipa::path(get, path = "/v1/webhooks/{webhook_id}/deliveries", tag = "webhooks",
    params(("webhook_id" = WebhookId, Path), PageQuery),
    responses((status = 200, body = Page<Delivery>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn deliveries_of(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<WebhookId>,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<Page<Delivery>>, Problem> {
    caller.require(Act::ManagePolicies)?;
    let (limit, after) = (page.limit()?, page.after()?);
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let found = webhooks::find(&mut conn, &caller.tenant, &id).await.map_err(Error::from)?;
    found.ok_or_else(|| Error::not_found("webhook", &id))?;
    let found = deliveries::list(&mut conn, &caller.tenant, &id, after.as_ref(), limit + 1).await;
    Ok(axum::Json(Page::of(found.map_err(Error::from)?, limit, |delivery| delivery.id.to_string())))
}

/// Read a delivery with its attempts.
#[utoipa::path(get, path = "/v1/deliveries/{delivery_id}", tag = "webhooks",
    params(("delivery_id" = DeliveryId, Path)),
    responses((status = 200, body = DeliveryOut), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn delivery(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DeliveryId>,
) -> Result<axum::Json<DeliveryOut>, Problem> {
    caller.require(Act::ManagePolicies)?;
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let found = deliveries::find(&mut conn, &caller.tenant, &id).await.map_err(Error::from)?;
    let delivery = found.ok_or_else(|| Error::not_found("delivery", &id))?;
    let attempts = deliveries::attempts(&mut conn, &id).await.map_err(Error::from)?;
    Ok(axum::Json(DeliveryOut { delivery, attempts }))
}

/// Have a delivery attempted anew.
#[utoipa::path(post, path = "/v1/deliveries/{delivery_id}/redeliver", tag = "webhooks",
    params(("delivery_id" = DeliveryId, Path)),
    responses((status = 202, body = Queued), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn redeliver(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DeliveryId>,
) -> Result<(StatusCode, axum::Json<Queued>), Problem> {
    let job_id = manage::redeliver(&app, &caller, &id).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(Queued { job_id })))
}
