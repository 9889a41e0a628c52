//! Deals, their state, and the fields marked unknown.

use jiff::Timestamp;

use super::{Conn, StoreError, from_word, millis, timestamp, to_word};
use crate::domain::deal::{Deal, DealState};
use crate::domain::field::Field;
use crate::domain::handoff::MarkedUnknown;
use crate::domain::ids::{AccountId, DealId, TenantId};

#[derive(sqlx::FromRow)]
struct DealRow {
    id: String,
    tenant_id: String,
    account_id: String,
    name: String,
    state: String,
    revision: i64,
    created_at: i64,
}

impl TryFrom<DealRow> for Deal {
    type Error = StoreError;

    fn try_from(row: DealRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: from_word("deals", "id", &row.id)?,
            tenant: from_word("deals", "tenant_id", &row.tenant_id)?,
            account_id: from_word("deals", "account_id", &row.account_id)?,
            name: row.name,
            state: from_word("deals", "state", &row.state)?,
            revision: row.revision,
            created_at: timestamp("deals", "created_at", row.created_at)?,
        })
    }
}

/// Adds a deal.
pub async fn insert(conn: &mut Conn, deal: &Deal) -> Result<(), StoreError> {
    sqlx::query(
        "insert into deals (id, tenant_id, account_id, name, state, revision, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(deal.id.as_str())
    .bind(deal.tenant.as_str())
    .bind(deal.account_id.as_str())
    .bind(&deal.name)
    .bind(to_word(&deal.state)?)
    .bind(deal.revision)
    .bind(millis(deal.created_at))
    .execute(conn)
    .await?;
    Ok(())
}

/// The tenant's deal with this id.
pub async fn find(conn: &mut Conn, tenant: &TenantId, id: &DealId) -> Result<Option<Deal>, StoreError> {
    sqlx::query_as::<_, DealRow>(
        "select id, tenant_id, account_id, name, state, revision, created_at from deals
         where tenant_id = $1 and id = $2",
    )
    .bind(tenant.as_str())
    .bind(id.as_str())
    .fetch_optional(conn)
    .await?
    .map(Deal::try_from)
    .transpose()
}

/// The tenant's deals after `cursor`, oldest first; only those of `account`, where given.
pub async fn list(
    conn: &mut Conn,
    tenant: &TenantId,
    account: Option<&AccountId>,
    cursor: Option<&DealId>,
    limit: u32,
) -> Result<Vec<Deal>, StoreError> {
    sqlx::query_as::<_, DealRow>(
        "select id, tenant_id, account_id, name, state, revision, created_at from deals
         where tenant_id = $1 and ($2 is null or account_id = $2) and id > $3 order by id limit $4",
    )
    .bind(tenant.as_str())
    .bind(account.map(AccountId::as_str))
    .bind(cursor.map_or("", DealId::as_str))
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Deal::try_from)
    .collect()
}

/// Moves the deal to `state` and counts the change; every change to a draft or its review goes through here.
pub async fn change(conn: &mut Conn, id: &DealId, state: DealState) -> Result<(), StoreError> {
    sqlx::query("update deals set state = $2, revision = revision + 1 where id = $1")
        .bind(id.as_str())
        .bind(to_word(&state)?)
        .execute(conn)
        .await?;
    Ok(())
}

/// Counts a change of the deal's record that leaves its state as it is.
pub async fn touch(conn: &mut Conn, id: &DealId) -> Result<(), StoreError> {
    sqlx::query("update deals set revision = revision + 1 where id = $1").bind(id.as_str()).execute(conn).await?;
    Ok(())
}

/// Marks a field as asked and unknown; says whether that changed anything.
pub async fn mark_unknown(
    conn: &mut Conn,
    id: &DealId,
    field: Field,
    actor: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "insert into unknown_fields (deal_id, field, actor, created_at) values ($1, $2, $3, $4)
         on conflict (deal_id, field) do nothing",
    )
    .bind(id.as_str())
    .bind(field.as_str())
    .bind(actor)
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes a field's mark back; says whether there was one.
pub async fn unmark_unknown(conn: &mut Conn, id: &DealId, field: Field) -> Result<bool, StoreError> {
    let done = sqlx::query("delete from unknown_fields where deal_id = $1 and field = $2")
        .bind(id.as_str())
        .bind(field.as_str())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// The fields of the deal that are marked unknown.
pub async fn marked_unknown(conn: &mut Conn, id: &DealId) -> Result<Vec<MarkedUnknown>, StoreError> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "select field, actor, created_at from unknown_fields where deal_id = $1 order by created_at, field",
    )
    .bind(id.as_str())
    .fetch_all(conn)
    .await?;
    let mark = |(field, by, at): (String, String, i64)| {
        Ok(MarkedUnknown {
            field: from_word("unknown_fields", "field", &field)?,
            by,
            at: timestamp("unknown_fields", "created_at", at)?,
        })
    };
    rows.into_iter().map(mark).collect()
}
