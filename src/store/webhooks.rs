//! Endpoints that are told of events. Their secrets leave this file for sending only.

use jiff::Timestamp;

use super::{Conn, StoreError, from_json, from_word, millis, timestamp, to_json, to_word};
use crate::domain::ids::{TenantId, WebhookId};
use crate::hooks::address::EndpointUrl;
use crate::hooks::endpoint::Endpoint;
use crate::hooks::secret::SigningSecret;

#[derive(sqlx::FromRow)]
struct EndpointRow {
    id: String,
    tenant_id: String,
    url: String,
    format: String,
    events: Option<String>,
    enabled: i64,
    failing_since: Option<i64>,
    created_at: i64,
}

impl TryFrom<EndpointRow> for Endpoint {
    type Error = StoreError;

    fn try_from(row: EndpointRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: from_word("webhooks", "id", &row.id)?,
            tenant: from_word("webhooks", "tenant_id", &row.tenant_id)?,
            url: row.url.parse::<EndpointUrl>().map_err(|error| corrupt("url", &error))?,
            format: from_word("webhooks", "format", &row.format)?,
            events: row.events.map(|kinds| from_json("webhooks", "events", &kinds)).transpose()?,
            enabled: row.enabled != 0,
            created_at: timestamp("webhooks", "created_at", row.created_at)?,
            failing_since: row.failing_since.map(|at| timestamp("webhooks", "failing_since", at)).transpose()?,
        })
    }
}

fn corrupt(column: &'static str, reason: &dyn std::fmt::Display) -> StoreError {
    StoreError::Corrupt { table: "webhooks", column, reason: reason.to_string() }
}

/// Adds an endpoint with its secret.
pub async fn insert(conn: &mut Conn, endpoint: &Endpoint, secret: &SigningSecret) -> Result<(), StoreError> {
    sqlx::query(
        "insert into webhooks (id, tenant_id, url, format, events, secret, enabled, failing_since, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(endpoint.id.as_str())
    .bind(endpoint.tenant.as_str())
    .bind(endpoint.url.as_str())
    .bind(to_word(&endpoint.format)?)
    .bind(endpoint.events.as_ref().map(to_json).transpose()?)
    .bind(secret.expose())
    .bind(i64::from(endpoint.enabled))
    .bind(endpoint.failing_since.map(millis))
    .bind(millis(endpoint.created_at))
    .execute(conn)
    .await?;
    Ok(())
}

/// The tenant's endpoints, oldest first.
pub async fn list(conn: &mut Conn, tenant: &TenantId) -> Result<Vec<Endpoint>, StoreError> {
    sqlx::query_as::<_, EndpointRow>(
        "select id, tenant_id, url, format, events, enabled, failing_since, created_at from webhooks
         where tenant_id = $1 order by id",
    )
    .bind(tenant.as_str())
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Endpoint::try_from)
    .collect()
}

/// The tenant's endpoint with this id.
pub async fn find(conn: &mut Conn, tenant: &TenantId, id: &WebhookId) -> Result<Option<Endpoint>, StoreError> {
    sqlx::query_as::<_, EndpointRow>(
        "select id, tenant_id, url, format, events, enabled, failing_since, created_at from webhooks
         where tenant_id = $1 and id = $2",
    )
    .bind(tenant.as_str())
    .bind(id.as_str())
    .fetch_optional(conn)
    .await?
    .map(Endpoint::try_from)
    .transpose()
}

/// The secret of the endpoint with this id, for signing what is sent to it.
pub(super) async fn secret(conn: &mut Conn, id: &WebhookId) -> Result<SigningSecret, StoreError> {
    let secret: String =
        sqlx::query_scalar("select secret from webhooks where id = $1").bind(id.as_str()).fetch_one(conn).await?;
    secret.parse().map_err(|error| corrupt("secret", &error))
}

/// Enables or disables the tenant's endpoint; says whether there is one. Enabled, it begins with a clean record.
pub async fn set_enabled(
    conn: &mut Conn,
    tenant: &TenantId,
    id: &WebhookId,
    enabled: bool,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "update webhooks set enabled = $3, failing_since = case when $3 = 1 then null else failing_since end
         where tenant_id = $1 and id = $2",
    )
    .bind(tenant.as_str())
    .bind(id.as_str())
    .bind(i64::from(enabled))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Notes that nothing arrived there at `at`; since when that has been so is kept.
pub async fn set_failing(conn: &mut Conn, id: &WebhookId, at: Timestamp) -> Result<(), StoreError> {
    sqlx::query("update webhooks set failing_since = coalesce(failing_since, $2) where id = $1")
        .bind(id.as_str())
        .bind(millis(at))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that something arrived there.
pub async fn set_working(conn: &mut Conn, id: &WebhookId) -> Result<(), StoreError> {
    sqlx::query("update webhooks set failing_since = null where id = $1").bind(id.as_str()).execute(conn).await?;
    Ok(())
}

/// Removes the tenant's endpoint with its deliveries and their log; says whether there was one.
pub async fn delete(conn: &mut Conn, tenant: &TenantId, id: &WebhookId) -> Result<bool, StoreError> {
    for statement in [
        "delete from webhook_attempts where delivery_id in
         (select id from webhook_deliveries where tenant_id = $1 and webhook_id = $2)",
        "delete from webhook_deliveries where tenant_id = $1 and webhook_id = $2",
    ] {
        sqlx::query(statement).bind(tenant.as_str()).bind(id.as_str()).execute(&mut *conn).await?;
    }
    let done = sqlx::query("delete from webhooks where tenant_id = $1 and id = $2")
        .bind(tenant.as_str())
        .bind(id.as_str())
        .execute(&mut *conn)
        .await?;
    // An event that nobody is left to be told of is forgotten with it.
    sqlx::query(
        "delete from webhook_events where tenant_id = $1
         and not exists (select 1 from webhook_deliveries where event_id = webhook_events.id)",
    )
    .bind(tenant.as_str())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The tenants that have any endpoint.
pub async fn tenants(conn: &mut Conn) -> Result<Vec<TenantId>, StoreError> {
    let ids: Vec<String> =
        sqlx::query_scalar("select distinct tenant_id from webhooks order by tenant_id").fetch_all(conn).await?;
    ids.iter().map(|id| from_word("webhooks", "tenant_id", id)).collect()
}
