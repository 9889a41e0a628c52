//! Filters that people keep under a name.

use crate::domain::ids::{TenantId, UserId, ViewId};
use crate::ledger::views::View;
use crate::store::{Conn, StoreError, from_word, millis, timestamp};

#[derive(sqlx::FromRow)]
struct ViewRow {
    id: String,
    owner_id: String,
    owner: String,
    name: String,
    filter: String,
    shared: bool,
    created_at: i64,
}

impl TryFrom<ViewRow> for View {
    type Error = StoreError;

    fn try_from(row: ViewRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: from_word("ledger_views", "id", &row.id)?,
            owner_id: from_word("ledger_views", "owner_id", &row.owner_id)?,
            owner: row.owner,
            name: row.name,
            filter: row.filter,
            shared: row.shared,
            created_at: timestamp("ledger_views", "created_at", row.created_at)?,
        })
    }
}

macro_rules! select_views {
    ($tail:literal) => {
        sqlx::query_as::<_, ViewRow>(concat!(
            "select v.id, v.owner_id, u.name as owner, v.name, v.filter, v.shared <> 0 as shared, v.created_at
             from ledger_views v join users u on u.id = v.owner_id where v.tenant_id = $1
             and (v.owner_id = $2 or v.shared <> 0) ",
            $tail
        ))
    };
}

/// A user's own views and those that others share, by name.
pub async fn list(conn: &mut Conn, tenant: &TenantId, user: &UserId) -> Result<Vec<View>, StoreError> {
    select_views!("order by lower(v.name), v.id")
        .bind(tenant.as_str())
        .bind(user.as_str())
        .fetch_all(conn)
        .await?
        .into_iter()
        .map(View::try_from)
        .collect()
}

/// One of them.
pub async fn find(conn: &mut Conn, tenant: &TenantId, user: &UserId, id: &ViewId) -> Result<Option<View>, StoreError> {
    select_views!("and v.id = $3")
        .bind(tenant.as_str())
        .bind(user.as_str())
        .bind(id.as_str())
        .fetch_optional(conn)
        .await?
        .map(View::try_from)
        .transpose()
}

/// Keeps a view, new or changed; says whether its name was free among its owner's.
pub async fn save(conn: &mut Conn, tenant: &TenantId, view: &View) -> Result<bool, StoreError> {
    let saved = sqlx::query(
        "insert into ledger_views (id, tenant_id, owner_id, name, filter, shared, created_at)
         select $1, $2, $3, $4, $5, $6, $7
         where not exists (select 1 from ledger_views o where o.owner_id = $3 and o.name = $4 and o.id <> $1)
         on conflict (id) do update set name = excluded.name, filter = excluded.filter, shared = excluded.shared",
    )
    .bind(view.id.as_str())
    .bind(tenant.as_str())
    .bind(view.owner_id.as_str())
    .bind(&view.name)
    .bind(&view.filter)
    .bind(view.shared)
    .bind(millis(view.created_at))
    .execute(conn)
    .await?;
    Ok(saved.rows_affected() > 0)
}

/// How many views a user keeps.
pub async fn count(conn: &mut Conn, user: &UserId) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("select count(*) from ledger_views where owner_id = $1")
        .bind(user.as_str())
        .fetch_one(conn)
        .await?)
}

/// Removes a view.
pub async fn delete(conn: &mut Conn, id: &ViewId) -> Result<(), StoreError> {
    sqlx::query("delete from ledger_views where id = $1").bind(id.as_str()).execute(conn).await?;
    Ok(())
}
