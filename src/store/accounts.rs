//! Tenants and accounts.

use jiff::Timestamp;

use super::{Conn, StoreError, from_word, millis, timestamp};
use crate::domain::deal::Account;
use crate::domain::ids::{AccountId, TenantId};

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: String,
    tenant_id: String,
    name: String,
    created_at: i64,
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: from_word("accounts", "id", &row.id)?,
            tenant: from_word("accounts", "tenant_id", &row.tenant_id)?,
            name: row.name,
            created_at: timestamp("accounts", "created_at", row.created_at)?,
        })
    }
}

/// Makes sure the tenant exists.
pub async fn ensure_tenant(conn: &mut Conn, id: &TenantId, name: &str, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("insert into tenants (id, name, created_at) values ($1, $2, $3) on conflict (id) do nothing")
        .bind(id.as_str())
        .bind(name)
        .bind(millis(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// Adds an account.
pub async fn insert(conn: &mut Conn, account: &Account) -> Result<(), StoreError> {
    sqlx::query("insert into accounts (id, tenant_id, name, created_at) values ($1, $2, $3, $4)")
        .bind(account.id.as_str())
        .bind(account.tenant.as_str())
        .bind(&account.name)
        .bind(millis(account.created_at))
        .execute(conn)
        .await?;
    Ok(())
}

/// The tenant's account with this id.
pub async fn find(conn: &mut Conn, tenant: &TenantId, id: &AccountId) -> Result<Option<Account>, StoreError> {
    sqlx::query_as::<_, AccountRow>(
        "select id, tenant_id, name, created_at from accounts where tenant_id = $1 and id = $2",
    )
    .bind(tenant.as_str())
    .bind(id.as_str())
    .fetch_optional(conn)
    .await?
    .map(Account::try_from)
    .transpose()
}

/// The tenant's accounts after `cursor`, oldest first.
pub async fn list(
    conn: &mut Conn,
    tenant: &TenantId,
    cursor: Option<&AccountId>,
    limit: u32,
) -> Result<Vec<Account>, StoreError> {
    sqlx::query_as::<_, AccountRow>(
        "select id, tenant_id, name, created_at from accounts where tenant_id = $1 and id > $2 order by id limit $3",
    )
    .bind(tenant.as_str())
    .bind(cursor.map_or("", AccountId::as_str))
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Account::try_from)
    .collect()
}
