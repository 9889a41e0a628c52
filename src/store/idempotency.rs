//! Answers already given to requests that carried an `Idempotency-Key`.

use jiff::Timestamp;

use super::{Conn, StoreError, millis};
use crate::domain::ids::TenantId;

/// An answer given before.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct GivenAnswer {
    /// Hash of the request it answered: the same key with another request is a mistake of the client.
    pub request_hash: String,
    /// The body of the answer.
    pub response: String,
}

/// The answer given to the tenant's request with this key.
pub async fn find(conn: &mut Conn, tenant: &TenantId, key: &str) -> Result<Option<GivenAnswer>, StoreError> {
    Ok(sqlx::query_as(
        "select request_hash, response from idempotency_keys where tenant_id = $1 and idempotency_key = $2",
    )
    .bind(tenant.as_str())
    .bind(key)
    .fetch_optional(conn)
    .await?)
}

/// Keeps an answer, in the transaction of what it answers.
pub async fn insert(
    conn: &mut Conn,
    tenant: &TenantId,
    key: &str,
    answer: &GivenAnswer,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into idempotency_keys (tenant_id, idempotency_key, request_hash, response, created_at)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(tenant.as_str())
    .bind(key)
    .bind(&answer.request_hash)
    .bind(&answer.response)
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(())
}
