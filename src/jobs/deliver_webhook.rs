//! Tell one endpoint of one event, once. What fails is queued anew by the job itself, after the delivery's own schedule: it
//! spans days, where the queue's own retries are for accidents and span minutes.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use tokio::sync::OnceCell;

use super::JobError;
use crate::access::Caller;
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::ids::{DeliveryId, WebhookId};
use crate::hooks::courier::Courier;
use crate::hooks::delivery::{Attempt, DeliveryState, Due, Outcome, Verdict};
use crate::store::jobs::{self, LeasedJob};
use crate::store::{Conn, StoreError, deliveries, webhooks};

pub(super) async fn run(
    app: &App,
    courier: &OnceCell<Courier>,
    job: &LeasedJob,
    id: &DeliveryId,
) -> Result<(), JobError> {
    let due = deliveries::find_due(&mut *app.store.read().await?, &job.tenant, id).await?;
    let Some(due) = due.filter(|due| due.state == DeliveryState::Queued) else {
        // The endpoint was deleted, or another job was quicker.
        return keep_nothing(app, job).await;
    };
    let began = app.clock.now();
    let outcome = match courier.get_or_try_init(|| async { Courier::new(Arc::clone(&app.messages)) }).await {
        _ if !due.endpoint.enabled => Outcome::refused("the webhook is disabled"),
        Ok(courier) => courier.deliver(&due, began).await,
        Err(error) => Outcome::NotSent { reason: error.to_string(), for_good: false },
    };
    let ended = app.clock.now();
    let attempt = outcome.logged(began, ended.duration_since(began).as_millis().try_into().unwrap_or(i64::MAX));
    let verdict = outcome.verdict(due.tries);
    tracing::info!(
        webhook.id = %due.endpoint.id,
        event.kind = due.event.kind.as_str(),
        status = attempt.status,
        error = attempt.error,
        duration_ms = attempt.duration_ms,
        verdict = ?verdict,
        "webhook called"
    );
    keep(app, job, &due, &Called { outcome, attempt, verdict }, ended).await
}

/// An attempt, and what it means.
struct Called {
    outcome: Outcome,
    attempt: Attempt,
    verdict: Verdict,
}

/// The log, the delivery's state, what became known of the endpoint, the next job and this one's end: all or nothing.
async fn keep(app: &App, job: &LeasedJob, due: &Due, called: &Called, now: Timestamp) -> Result<(), JobError> {
    let mut tx = app.store.write().await?;
    if !jobs::finish(&mut tx, job, now).await? {
        return Err(JobError::LeaseLost);
    }
    // It may have been deleted while it was under way.
    if deliveries::find(&mut tx, &job.tenant, &due.id).await?.is_some() {
        deliveries::insert_attempt(&mut tx, &due.id, &called.attempt).await?;
        move_on(&mut tx, job, due, called.verdict, now).await?;
        judge_endpoint(&mut tx, job, due, called, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn move_on(
    conn: &mut Conn,
    job: &LeasedJob,
    due: &Due,
    verdict: Verdict,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (state, next) = match verdict {
        Verdict::Delivered => (DeliveryState::Delivered, None),
        Verdict::Retry(pause) => (DeliveryState::Queued, Some(now + pause)),
        Verdict::GiveUp | Verdict::Gone => (DeliveryState::Failed, None),
    };
    let tries = due.tries + u32::from(verdict != Verdict::Delivered);
    deliveries::set_state(conn, &due.id, state, tries, next).await?;
    if let Some(at) = next {
        jobs::enqueue(conn, &job.tenant, None, &job.job, at).await?;
    }
    Ok(())
}

async fn judge_endpoint(
    conn: &mut Conn,
    job: &LeasedJob,
    due: &Due,
    called: &Called,
    now: Timestamp,
) -> Result<(), JobError> {
    let endpoint = &due.endpoint.id;
    match (&called.outcome, called.verdict) {
        (Outcome::NotSent { .. }, _) => {}
        (_, Verdict::Delivered) => webhooks::set_working(conn, endpoint).await?,
        (_, verdict) => {
            webhooks::set_failing(conn, endpoint, now).await?;
            if verdict == Verdict::Gone {
                webhooks::set_enabled(conn, &job.tenant, endpoint, false).await?;
                log_gone(conn, job, endpoint, now).await?;
            }
        }
    }
    Ok(())
}

/// Nobody switched the endpoint off, so the log says who did.
async fn log_gone(conn: &mut Conn, job: &LeasedJob, endpoint: &WebhookId, now: Timestamp) -> Result<(), JobError> {
    let change = Change {
        action: "webhook.changed",
        subject: endpoint.to_string(),
        before: Some(json!({"enabled": true})),
        after: Some(json!({"enabled": false})),
        reason: Some("the endpoint said that it is gone".to_owned()),
        ..Change::default()
    };
    audit::record(conn, &Caller::console(job.tenant.clone()), change, now).await?;
    Ok(())
}

async fn keep_nothing(app: &App, job: &LeasedJob) -> Result<(), JobError> {
    let mut tx = app.store.write().await?;
    if !jobs::finish(&mut tx, job, app.clock.now()).await? {
        return Err(JobError::LeaseLost);
    }
    tx.commit().await?;
    Ok(())
}

/// Records on the delivery itself that the job was given up.
pub(super) async fn given_up(
    conn: &mut Conn,
    delivery: &DeliveryId,
    reason: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let attempt = Outcome::refused(reason).logged(now, 0);
    deliveries::give_up(conn, delivery, &attempt).await
}
