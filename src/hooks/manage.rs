//! Use cases: which endpoints are told of what, and telling one again.

use serde_json::json;

use super::endpoint::{Endpoint, EndpointView, NewEndpoint, register};
use super::outbox;
use super::secret::SigningSecret;
use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::ids::{DeliveryId, JobId, WebhookId};
use crate::error::Error;
use crate::ledger::watch;
use crate::store::webhooks;

/// Adds an endpoint; its signing secret is in the answer and nowhere else.
///
/// # Errors
///
/// [`Error::Forbidden`]; [`Error::Invalid`] for an address that may not be called.
pub async fn add(app: &App, caller: &Caller, new: NewEndpoint) -> Result<(Endpoint, SigningSecret), Error> {
    caller.require(Act::ManagePolicies)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let (endpoint, secret) = register(&mut tx, &caller.tenant, new, now).await?;
    let change = Change {
        action: "webhook.added",
        subject: endpoint.id.to_string(),
        after: Some(json!(EndpointView::from(&endpoint))),
        ..Change::default()
    };
    audit::record(&mut tx, caller, change, now).await?;
    watch::wind_up(&mut tx, &caller.tenant, now).await?;
    tx.commit().await?;
    app.wake_worker();
    Ok((endpoint, secret))
}

/// Has an endpoint told of events, or no longer.
///
/// # Errors
///
/// [`Error::Forbidden`]; [`Error::NotFound`].
pub async fn set_enabled(app: &App, caller: &Caller, id: &WebhookId, enabled: bool) -> Result<Endpoint, Error> {
    caller.require(Act::ManagePolicies)?;
    let mut tx = app.store.write().await?;
    let gone = || Error::not_found("webhook", id);
    let before = webhooks::find(&mut tx, &caller.tenant, id).await?.ok_or_else(gone)?;
    webhooks::set_enabled(&mut tx, &caller.tenant, id, enabled).await?;
    let change = Change {
        action: "webhook.changed",
        subject: id.to_string(),
        before: Some(json!({"enabled": before.enabled})),
        after: Some(json!({"enabled": enabled})),
        ..Change::default()
    };
    audit::record(&mut tx, caller, change, app.clock.now()).await?;
    watch::wind_up(&mut tx, &caller.tenant, app.clock.now()).await?;
    let after = webhooks::find(&mut tx, &caller.tenant, id).await?.ok_or_else(gone)?;
    tx.commit().await?;
    app.wake_worker();
    Ok(after)
}

/// Removes an endpoint with its log.
///
/// # Errors
///
/// [`Error::Forbidden`]; [`Error::NotFound`].
pub async fn remove(app: &App, caller: &Caller, id: &WebhookId) -> Result<(), Error> {
    caller.require(Act::ManagePolicies)?;
    let mut tx = app.store.write().await?;
    if !webhooks::delete(&mut tx, &caller.tenant, id).await? {
        return Err(Error::not_found("webhook", id));
    }
    let change = Change { action: "webhook.removed", subject: id.to_string(), ..Change::default() };
    audit::record(&mut tx, caller, change, app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Has a delivery attempted anew.
///
/// # Errors
///
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] when its endpoint is disabled.
pub async fn redeliver(app: &App, caller: &Caller, id: &DeliveryId) -> Result<JobId, Error> {
    caller.require(Act::ManagePolicies)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let job = outbox::redeliver(&mut tx, &caller.tenant, id, now).await?;
    let change = Change { action: "delivery.repeated", subject: id.to_string(), ..Change::default() };
    audit::record(&mut tx, caller, change, now).await?;
    tx.commit().await?;
    app.wake_worker();
    Ok(job)
}
