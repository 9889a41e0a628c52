//! Events on their way out. A delivery is written in the transaction of the change it tells of: others hear of a change if
//! and only if it happened.

use jiff::Timestamp;

use super::event::Event;
use crate::domain::ids::{DeliveryId, JobId, TenantId};
use crate::error::Error;
use crate::store::jobs::{self, Job};
use crate::store::{Conn, StoreError, deliveries, webhooks};

/// Queues the event for every endpoint that wants to be told of it, and says how many those are. The caller commits, and then
/// wakes the worker.
///
/// # Errors
///
/// [`StoreError`] when the database fails.
pub async fn publish(conn: &mut Conn, tenant: &TenantId, event: &Event, now: Timestamp) -> Result<usize, StoreError> {
    let mut endpoints = webhooks::list(conn, tenant).await?;
    endpoints.retain(|endpoint| endpoint.wants(event.kind));
    if endpoints.is_empty() {
        return Ok(0);
    }
    deliveries::insert_event(conn, tenant, event, now).await?;
    for endpoint in &endpoints {
        let id = DeliveryId::generate();
        deliveries::insert(conn, tenant, &id, &endpoint.id, &event.id, now).await?;
        jobs::enqueue(conn, tenant, None, &Job::DeliverWebhook { delivery: id }, now).await?;
    }
    Ok(endpoints.len())
}

/// Has a delivery attempted anew, whatever came of it, with the whole schedule of retries before it. The caller commits, and
/// then wakes the worker.
///
/// # Errors
///
/// [`Error::NotFound`] when the tenant has no such delivery; [`Error::Conflict`] when its endpoint is disabled.
pub async fn redeliver(
    conn: &mut Conn,
    tenant: &TenantId,
    delivery: &DeliveryId,
    now: Timestamp,
) -> Result<JobId, Error> {
    let gone = || Error::not_found("delivery", delivery);
    let found = deliveries::find(conn, tenant, delivery).await?.ok_or_else(gone)?;
    let endpoint = webhooks::find(conn, tenant, &found.webhook_id).await?.ok_or_else(gone)?;
    if !endpoint.enabled {
        return Err(Error::Conflict("the webhook is disabled; enable it first".to_owned()));
    }
    deliveries::requeue(conn, delivery, now).await?;
    Ok(jobs::enqueue(conn, tenant, None, &Job::DeliverWebhook { delivery: delivery.clone() }, now).await?)
}
