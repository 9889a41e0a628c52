//! Runs of an engine over a deal, with the claims that were rejected.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Conn, StoreError, from_json, millis, to_json};
use crate::domain::ids::{DealId, TenantId};
use crate::domain::item::RejectedClaim;
use crate::draft::document::EngineRun;
use crate::engine::Usage;

/// What the newest run of an engine left beside its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatestDraft {
    /// The engine and what it cost.
    pub run: EngineRun,
    /// Claims whose words are not in the record.
    pub rejected: Vec<RejectedClaim>,
}

#[derive(sqlx::FromRow)]
struct DraftRow {
    engine: String,
    input_tokens: i64,
    output_tokens: i64,
    rejected: String,
}

/// Records a run.
pub async fn insert(
    conn: &mut Conn,
    tenant: &TenantId,
    deal: &DealId,
    draft: &LatestDraft,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Usage { input_tokens, output_tokens } = draft.run.usage;
    sqlx::query(
        "insert into drafts (id, tenant_id, deal_id, engine, input_tokens, output_tokens, rejected, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(format!("drf_{}", Uuid::now_v7().simple()))
    .bind(tenant.as_str())
    .bind(deal.as_str())
    .bind(to_json(&draft.run.identity)?)
    .bind(i64::try_from(input_tokens).unwrap_or(i64::MAX))
    .bind(i64::try_from(output_tokens).unwrap_or(i64::MAX))
    .bind(to_json(&draft.rejected)?)
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(())
}

/// The deal's newest run; none before the first.
pub async fn latest(conn: &mut Conn, deal: &DealId) -> Result<Option<LatestDraft>, StoreError> {
    let row: Option<DraftRow> = sqlx::query_as(
        "select engine, input_tokens, output_tokens, rejected from drafts where deal_id = $1 order by id desc limit 1",
    )
    .bind(deal.as_str())
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let usage = Usage {
        input_tokens: u64::try_from(row.input_tokens).unwrap_or(0),
        output_tokens: u64::try_from(row.output_tokens).unwrap_or(0),
    };
    let identity = from_json("drafts", "engine", &row.engine)?;
    let rejected = from_json("drafts", "rejected", &row.rejected)?;
    Ok(Some(LatestDraft { run: EngineRun { identity, usage }, rejected }))
}
