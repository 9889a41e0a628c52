//! Sources and their bytes.

use jiff::Timestamp;

use super::{Conn, StoreError, from_json, from_word, millis, timestamp, to_json, to_word};
use crate::domain::deal::{Source, SourceState};
use crate::domain::ids::{DealId, SourceId, TenantId};
use crate::domain::transcript::{ParseReport, Transcript};

#[derive(sqlx::FromRow)]
struct SourceRow {
    id: String,
    tenant_id: String,
    deal_id: String,
    name: String,
    content_hash: String,
    size_bytes: i64,
    state: String,
    kind: Option<String>,
    format: Option<String>,
    error: Option<String>,
    replaces: Option<String>,
    replaced_by: Option<String>,
    created_at: i64,
}

impl TryFrom<SourceRow> for Source {
    type Error = StoreError;

    fn try_from(row: SourceRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: from_word("sources", "id", &row.id)?,
            tenant: from_word("sources", "tenant_id", &row.tenant_id)?,
            deal_id: from_word("sources", "deal_id", &row.deal_id)?,
            name: row.name,
            content_hash: row.content_hash,
            size_bytes: row.size_bytes,
            state: from_word("sources", "state", &row.state)?,
            kind: row.kind.map(|kind| from_word("sources", "kind", &kind)).transpose()?,
            format: row.format.map(|format| from_word("sources", "format", &format)).transpose()?,
            error: row.error,
            replaces: row.replaces.map(|id| from_word("sources", "replaces", &id)).transpose()?,
            replaced_by: row.replaced_by.map(|id| from_word("sources", "replaced_by", &id)).transpose()?,
            created_at: timestamp("sources", "created_at", row.created_at)?,
        })
    }
}

/// A query over sources: `tail` is the part after `from sources`.
macro_rules! select_sources {
    ($tail:literal) => {
        sqlx::query_as::<_, SourceRow>(concat!(
            "select id, tenant_id, deal_id, name, content_hash, size_bytes, state, kind, format, error, replaces,
                    replaced_by, created_at
             from sources ",
            $tail
        ))
    };
}

/// Keeps a source and its bytes.
pub async fn insert(conn: &mut Conn, source: &Source, bytes: &[u8]) -> Result<(), StoreError> {
    sqlx::query(
        "insert into sources (id, tenant_id, deal_id, name, content_hash, size_bytes, state, replaces, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(source.id.as_str())
    .bind(source.tenant.as_str())
    .bind(source.deal_id.as_str())
    .bind(&source.name)
    .bind(&source.content_hash)
    .bind(source.size_bytes)
    .bind(to_word(&source.state)?)
    .bind(source.replaces.as_ref().map(SourceId::as_str))
    .bind(millis(source.created_at))
    .execute(&mut *conn)
    .await?;
    sqlx::query("insert into source_contents (source_id, bytes) values ($1, $2)")
        .bind(source.id.as_str())
        .bind(bytes)
        .execute(conn)
        .await?;
    Ok(())
}

/// The tenant's source with this id.
pub async fn find(conn: &mut Conn, tenant: &TenantId, id: &SourceId) -> Result<Option<Source>, StoreError> {
    select_sources!("where tenant_id = $1 and id = $2")
        .bind(tenant.as_str())
        .bind(id.as_str())
        .fetch_optional(conn)
        .await?
        .map(Source::try_from)
        .transpose()
}

/// The deal's source with these bytes.
pub async fn find_by_hash(conn: &mut Conn, deal: &DealId, content_hash: &str) -> Result<Option<Source>, StoreError> {
    select_sources!("where deal_id = $1 and content_hash = $2")
        .bind(deal.as_str())
        .bind(content_hash)
        .fetch_optional(conn)
        .await?
        .map(Source::try_from)
        .transpose()
}

/// The deal's sources, oldest first.
pub async fn list(conn: &mut Conn, deal: &DealId) -> Result<Vec<Source>, StoreError> {
    select_sources!("where deal_id = $1 order by id")
        .bind(deal.as_str())
        .fetch_all(conn)
        .await?
        .into_iter()
        .map(Source::try_from)
        .collect()
}

/// Every source that is ready, over all tenants: what a re-index reads.
pub async fn list_ready(conn: &mut Conn) -> Result<Vec<Source>, StoreError> {
    select_sources!("where state = 'ready' order by id")
        .fetch_all(conn)
        .await?
        .into_iter()
        .map(Source::try_from)
        .collect()
}

/// The bytes as uploaded.
pub async fn content(conn: &mut Conn, id: &SourceId) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(sqlx::query_scalar("select bytes from source_contents where source_id = $1")
        .bind(id.as_str())
        .fetch_optional(conn)
        .await?)
}

/// The parse report; none before the file is parsed.
pub async fn report(conn: &mut Conn, id: &SourceId) -> Result<Option<ParseReport>, StoreError> {
    let json: Option<Option<String>> =
        sqlx::query_scalar("select report from sources where id = $1").bind(id.as_str()).fetch_optional(conn).await?;
    json.flatten().map(|json| from_json("sources", "report", &json)).transpose()
}

/// Records what the file turned out to be, and that it can be used.
pub async fn set_ready(conn: &mut Conn, id: &SourceId, transcript: &Transcript) -> Result<(), StoreError> {
    sqlx::query(
        "update sources set state = $2, kind = $3, format = $4, title = $5, started_at = $6, duration_ms = $7,
         report = $8, turns = $9, error = null, replaced_by = null where id = $1",
    )
    .bind(id.as_str())
    .bind(to_word(&SourceState::Ready)?)
    .bind(to_word(&transcript.kind)?)
    .bind(to_word(&transcript.format)?)
    .bind(transcript.title.as_deref())
    .bind(transcript.started_at.map(Timestamp::as_millisecond))
    .bind(transcript.duration_ms)
    .bind(to_json(&transcript.report)?)
    .bind(i64::try_from(transcript.turns.len()).unwrap_or(i64::MAX))
    .execute(conn)
    .await?;
    Ok(())
}

/// Has the source read once more; if another one took its place, it takes that one's.
pub async fn set_queued(conn: &mut Conn, id: &SourceId) -> Result<(), StoreError> {
    sqlx::query(
        "update sources set state = $2, error = null, replaces = coalesce(replaced_by, replaces) where id = $1",
    )
    .bind(id.as_str())
    .bind(to_word(&SourceState::Queued)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Records that another source took this one's place; its words stay.
pub async fn set_replaced(conn: &mut Conn, id: &SourceId, by: &SourceId) -> Result<(), StoreError> {
    sqlx::query("update sources set state = $2, replaced_by = $3 where id = $1")
        .bind(id.as_str())
        .bind(to_word(&SourceState::Replaced)?)
        .bind(by.as_str())
        .execute(&mut *conn)
        .await?;
    sqlx::query("update sources set replaces = $2 where id = $1")
        .bind(by.as_str())
        .bind(id.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// Records why the source cannot be used; its bytes stay.
pub async fn set_failed(conn: &mut Conn, id: &SourceId, error: &str) -> Result<(), StoreError> {
    sqlx::query("update sources set state = $2, error = $3 where id = $1")
        .bind(id.as_str())
        .bind(to_word(&SourceState::Failed)?)
        .bind(error)
        .execute(conn)
        .await?;
    Ok(())
}
