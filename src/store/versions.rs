//! Final versions: written once, never updated.

use jiff::Timestamp;

use super::{Conn, StoreError, from_word, millis, timestamp, to_json};
use crate::domain::field::Field;
use crate::domain::ids::{DealId, TenantId, VersionId};
use crate::domain::scorecard::Scorecard;

/// A final version as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The version's id.
    pub id: VersionId,
    /// The deal it belongs to.
    pub deal: DealId,
    /// Counts the deal's versions, from 1.
    pub number: i64,
    /// The document, exactly as it was hashed.
    pub document: String,
    /// SHA-256 of `document`, hexadecimal.
    pub content_hash: String,
    /// The document as people read it.
    pub markdown: String,
    /// When it was finalized.
    pub created_at: Timestamp,
}

/// What patterns over many deals read of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary<'a> {
    /// Its scorecard.
    pub scorecard: Scorecard,
    /// The fields it marks unknown.
    pub unknown: &'a [Field],
    /// Whether it passed the gate by override.
    pub overridden: bool,
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    id: String,
    deal_id: String,
    number: i64,
    document: String,
    content_hash: String,
    markdown: String,
    created_at: i64,
}

impl TryFrom<VersionRow> for Version {
    type Error = StoreError;

    fn try_from(row: VersionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: from_word("versions", "id", &row.id)?,
            deal: from_word("versions", "deal_id", &row.deal_id)?,
            number: row.number,
            document: row.document,
            content_hash: row.content_hash,
            markdown: row.markdown,
            created_at: timestamp("versions", "created_at", row.created_at)?,
        })
    }
}

/// Keeps a final version.
pub async fn insert(
    conn: &mut Conn,
    tenant: &TenantId,
    version: &Version,
    summary: &Summary<'_>,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into versions (id, tenant_id, deal_id, number, document, content_hash, markdown, created_at,
         scorecard, unknown_fields, overridden) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(version.id.as_str())
    .bind(tenant.as_str())
    .bind(version.deal.as_str())
    .bind(version.number)
    .bind(&version.document)
    .bind(&version.content_hash)
    .bind(&version.markdown)
    .bind(millis(version.created_at))
    .bind(to_json(&summary.scorecard)?)
    .bind(to_json(&summary.unknown)?)
    .bind(i64::from(summary.overridden))
    .execute(conn)
    .await?;
    Ok(())
}

/// The number the deal's next version will have.
pub async fn next_number(conn: &mut Conn, deal: &DealId) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("select coalesce(max(number), 0) + 1 from versions where deal_id = $1")
        .bind(deal.as_str())
        .fetch_one(conn)
        .await?)
}

/// The deal's versions, oldest first.
pub async fn list(conn: &mut Conn, deal: &DealId) -> Result<Vec<Version>, StoreError> {
    sqlx::query_as::<_, VersionRow>(
        "select id, deal_id, number, document, content_hash, markdown, created_at from versions where deal_id = $1 order by number",
    )
    .bind(deal.as_str())
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Version::try_from)
    .collect()
}

/// The tenant's version with this id.
pub async fn find(conn: &mut Conn, tenant: &TenantId, id: &VersionId) -> Result<Option<Version>, StoreError> {
    sqlx::query_as::<_, VersionRow>(
        "select id, deal_id, number, document, content_hash, markdown, created_at from versions where tenant_id = $1 and id = $2",
    )
    .bind(tenant.as_str())
    .bind(id.as_str())
    .fetch_optional(conn)
    .await?
    .map(Version::try_from)
    .transpose()
}
