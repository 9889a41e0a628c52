//! The audit log's entries: appended, never changed.

use jiff::Timestamp;

use super::{Conn, StoreError, millis};
use crate::domain::ids::{DealId, TenantId};

/// One entry as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredEntry {
    /// Counts the tenant's entries, from 1.
    pub seq: i64,
    /// The entry as canonical JSON: the very bytes that were hashed.
    pub entry: String,
    /// SHA-256 of `entry`, hexadecimal.
    pub hash: String,
}

/// The tenant's last entry, for the next one to name.
pub async fn last(conn: &mut Conn, tenant: &TenantId) -> Result<Option<StoredEntry>, StoreError> {
    Ok(sqlx::query_as("select seq, entry, hash from audit_entries where tenant_id = $1 order by seq desc limit 1")
        .bind(tenant.as_str())
        .fetch_optional(conn)
        .await?)
}

/// What an entry can be looked for by.
#[derive(Debug, Clone, Copy)]
pub struct Index<'a> {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: &'a str,
    /// What was done.
    pub action: &'a str,
    /// The deal, where it was about one.
    pub deal: Option<&'a DealId>,
}

/// Appends an entry.
pub async fn append(
    conn: &mut Conn,
    tenant: &TenantId,
    stored: &StoredEntry,
    index: Index<'_>,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into audit_entries (tenant_id, seq, at, actor, action, deal_id, entry, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(tenant.as_str())
    .bind(stored.seq)
    .bind(millis(index.at))
    .bind(index.actor)
    .bind(index.action)
    .bind(index.deal.map(DealId::as_str))
    .bind(&stored.entry)
    .bind(&stored.hash)
    .execute(conn)
    .await?;
    Ok(())
}

/// At most `limit` of the tenant's entries after number `after`, oldest first; only those of `deal`, where given.
pub async fn list(
    conn: &mut Conn,
    tenant: &TenantId,
    deal: Option<&DealId>,
    after: i64,
    limit: u32,
) -> Result<Vec<StoredEntry>, StoreError> {
    Ok(sqlx::query_as(
        "select seq, entry, hash from audit_entries
         where tenant_id = $1 and ($2 is null or deal_id = $2) and seq > $3 order by seq limit $4",
    )
    .bind(tenant.as_str())
    .bind(deal.map(DealId::as_str))
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?)
}

/// The tenant's newest entries, newest first: only those of `deal`, and only those before number `before`, where given.
pub async fn newest(
    conn: &mut Conn,
    tenant: &TenantId,
    deal: Option<&DealId>,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<StoredEntry>, StoreError> {
    Ok(sqlx::query_as(
        "select seq, entry, hash from audit_entries
         where tenant_id = $1 and ($2 is null or deal_id = $2) and ($3 is null or seq < $3)
         order by seq desc limit $4",
    )
    .bind(tenant.as_str())
    .bind(deal.map(DealId::as_str))
    .bind(before)
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?)
}
