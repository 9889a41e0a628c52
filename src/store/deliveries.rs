//! Events, their deliveries to endpoints, and the log of attempts.

use jiff::Timestamp;

use super::{Conn, StoreError, from_json, from_word, index, millis, timestamp, to_json, to_word, webhooks};
use crate::domain::ids::{DeliveryId, EventId, TenantId, WebhookId};
use crate::hooks::delivery::{Attempt, Delivery, DeliveryState, Due};
use crate::hooks::event::Event;

#[derive(sqlx::FromRow)]
struct DeliveryRow {
    id: String,
    webhook_id: String,
    event_id: String,
    kind: String,
    state: String,
    tries: i64,
    next_attempt_at: Option<i64>,
    created_at: i64,
}

impl TryFrom<DeliveryRow> for Delivery {
    type Error = StoreError;

    fn try_from(row: DeliveryRow) -> Result<Self, StoreError> {
        let next = row.next_attempt_at.map(|at| timestamp("webhook_deliveries", "next_attempt_at", at));
        Ok(Self {
            id: from_word("webhook_deliveries", "id", &row.id)?,
            webhook_id: from_word("webhook_deliveries", "webhook_id", &row.webhook_id)?,
            event_id: from_word("webhook_deliveries", "event_id", &row.event_id)?,
            kind: from_word("webhook_events", "kind", &row.kind)?,
            state: from_word("webhook_deliveries", "state", &row.state)?,
            tries: index("webhook_deliveries", "tries", row.tries)?,
            next_attempt_at: next.transpose()?,
            created_at: timestamp("webhook_deliveries", "created_at", row.created_at)?,
        })
    }
}

/// Adds an event.
pub async fn insert_event(conn: &mut Conn, tenant: &TenantId, event: &Event, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("insert into webhook_events (id, tenant_id, kind, event, created_at) values ($1, $2, $3, $4, $5)")
        .bind(event.id.as_str())
        .bind(tenant.as_str())
        .bind(event.kind.as_str())
        .bind(to_json(event)?)
        .bind(millis(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// Adds the delivery of an event to an endpoint, due now.
pub async fn insert(
    conn: &mut Conn,
    tenant: &TenantId,
    id: &DeliveryId,
    webhook: &WebhookId,
    event: &EventId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into webhook_deliveries (id, tenant_id, webhook_id, event_id, state, tries, next_attempt_at, created_at)
         values ($1, $2, $3, $4, $5, 0, $6, $6)",
    )
    .bind(id.as_str())
    .bind(tenant.as_str())
    .bind(webhook.as_str())
    .bind(event.as_str())
    .bind(to_word(&DeliveryState::Queued)?)
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(())
}

/// The tenant's delivery with this id.
pub async fn find(conn: &mut Conn, tenant: &TenantId, id: &DeliveryId) -> Result<Option<Delivery>, StoreError> {
    sqlx::query_as::<_, DeliveryRow>(
        "select d.id, d.webhook_id, d.event_id, e.kind, d.state, d.tries, d.next_attempt_at, d.created_at
         from webhook_deliveries d join webhook_events e on e.id = d.event_id
         where d.tenant_id = $1 and d.id = $2",
    )
    .bind(tenant.as_str())
    .bind(id.as_str())
    .fetch_optional(conn)
    .await?
    .map(Delivery::try_from)
    .transpose()
}

/// The tenant's deliveries to an endpoint before `cursor`, newest first.
pub async fn list(
    conn: &mut Conn,
    tenant: &TenantId,
    webhook: &WebhookId,
    cursor: Option<&DeliveryId>,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    sqlx::query_as::<_, DeliveryRow>(
        "select d.id, d.webhook_id, d.event_id, e.kind, d.state, d.tries, d.next_attempt_at, d.created_at
         from webhook_deliveries d join webhook_events e on e.id = d.event_id
         where d.tenant_id = $1 and d.webhook_id = $2 and ($3 is null or d.id < $3) order by d.id desc limit $4",
    )
    .bind(tenant.as_str())
    .bind(webhook.as_str())
    .bind(cursor.map(DeliveryId::as_str))
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Delivery::try_from)
    .collect()
}

/// The tenant's deliveries to all its endpoints before `cursor`, newest first.
pub async fn newest(
    conn: &mut Conn,
    tenant: &TenantId,
    cursor: Option<&DeliveryId>,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    sqlx::query_as::<_, DeliveryRow>(
        "select d.id, d.webhook_id, d.event_id, e.kind, d.state, d.tries, d.next_attempt_at, d.created_at
         from webhook_deliveries d join webhook_events e on e.id = d.event_id
         where d.tenant_id = $1 and ($2 is null or d.id < $2) order by d.id desc limit $3",
    )
    .bind(tenant.as_str())
    .bind(cursor.map(DeliveryId::as_str))
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Delivery::try_from)
    .collect()
}

/// The tenant's delivery with all that it takes to attempt it, the endpoint's secret included.
pub async fn find_due(conn: &mut Conn, tenant: &TenantId, id: &DeliveryId) -> Result<Option<Due>, StoreError> {
    let Some(delivery) = find(conn, tenant, id).await? else { return Ok(None) };
    let Some(endpoint) = webhooks::find(conn, tenant, &delivery.webhook_id).await? else { return Ok(None) };
    let event: String = sqlx::query_scalar("select event from webhook_events where id = $1")
        .bind(delivery.event_id.as_str())
        .fetch_one(&mut *conn)
        .await?;
    Ok(Some(Due {
        id: delivery.id,
        state: delivery.state,
        tries: delivery.tries,
        secret: webhooks::secret(conn, &endpoint.id).await?,
        endpoint,
        event: from_json("webhook_events", "event", &event)?,
    }))
}

/// Moves a delivery on: `tries` failed attempts are behind it, and the next is due at `next_attempt_at`, if there is one.
pub async fn set_state(
    conn: &mut Conn,
    id: &DeliveryId,
    state: DeliveryState,
    tries: u32,
    next_attempt_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    sqlx::query("update webhook_deliveries set state = $2, tries = $3, next_attempt_at = $4 where id = $1")
        .bind(id.as_str())
        .bind(to_word(&state)?)
        .bind(i64::from(tries))
        .bind(next_attempt_at.map(millis))
        .execute(conn)
        .await?;
    Ok(())
}

/// Puts a delivery back to the beginning of its schedule.
pub async fn requeue(conn: &mut Conn, id: &DeliveryId, now: Timestamp) -> Result<(), StoreError> {
    set_state(conn, id, DeliveryState::Queued, 0, Some(now)).await
}

/// Ends a delivery as failed, with the last entry of its log; one that was deleted meanwhile is left alone.
pub async fn give_up(conn: &mut Conn, id: &DeliveryId, last: &Attempt) -> Result<(), StoreError> {
    let done = sqlx::query("update webhook_deliveries set state = $2, next_attempt_at = null where id = $1")
        .bind(id.as_str())
        .bind(to_word(&DeliveryState::Failed)?)
        .execute(&mut *conn)
        .await?;
    if done.rows_affected() > 0 {
        insert_attempt(conn, id, last).await?;
    }
    Ok(())
}

/// Adds an attempt to a delivery's log.
pub async fn insert_attempt(conn: &mut Conn, id: &DeliveryId, attempt: &Attempt) -> Result<(), StoreError> {
    sqlx::query(
        "insert into webhook_attempts (delivery_id, number, at, status, error, duration_ms, answer)
         select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6 from webhook_attempts where delivery_id = $1",
    )
    .bind(id.as_str())
    .bind(millis(attempt.at))
    .bind(attempt.status.map(i64::from))
    .bind(&attempt.error)
    .bind(attempt.duration_ms)
    .bind(&attempt.answer)
    .execute(conn)
    .await?;
    Ok(())
}

/// A delivery's log, oldest attempt first.
pub async fn attempts(conn: &mut Conn, id: &DeliveryId) -> Result<Vec<Attempt>, StoreError> {
    type Row = (i64, Option<i64>, Option<String>, i64, Option<String>);
    let rows: Vec<Row> = sqlx::query_as(
        "select at, status, error, duration_ms, answer from webhook_attempts where delivery_id = $1 order by number",
    )
    .bind(id.as_str())
    .fetch_all(conn)
    .await?;
    let attempt = |(at, status, error, duration_ms, answer): Row| {
        Ok(Attempt {
            at: timestamp("webhook_attempts", "at", at)?,
            status: status.and_then(|status| u16::try_from(status).ok()),
            error,
            duration_ms,
            answer,
        })
    };
    rows.into_iter().map(attempt).collect()
}
