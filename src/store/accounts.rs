//! Tenants and accounts.

use jiff::Timestamp;

use super::{Conn, StoreError, from_word, millis, timestamp};
use crate::access::Sight;
use crate::domain::deal::Account;
use crate::domain::ids::{AccountId, TenantId, UserId};

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

/// The tenant's name.
pub async fn tenant_name(conn: &mut Conn, id: &TenantId) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar("select name from tenants where id = $1").bind(id.as_str()).fetch_optional(conn).await?)
}

/// Adds an account, opened by a user or by Baton itself.
pub async fn insert(conn: &mut Conn, account: &Account, created_by: Option<&UserId>) -> Result<(), StoreError> {
    sqlx::query("insert into accounts (id, tenant_id, name, created_by, created_at) values ($1, $2, $3, $4, $5)")
        .bind(account.id.as_str())
        .bind(account.tenant.as_str())
        .bind(&account.name)
        .bind(created_by.map(UserId::as_str))
        .bind(millis(account.created_at))
        .execute(conn)
        .await?;
    Ok(())
}

/// A query over accounts within sight ($2, the user; none for all): those they opened, and those of their deals.
macro_rules! select_accounts {
    ($tail:literal) => {
        sqlx::query_as::<_, AccountRow>(concat!(
            "select a.id, a.tenant_id, a.name, a.created_at from accounts a
             where a.tenant_id = $1 and ($2 is null or a.created_by = $2 or exists (select 1 from deals d
             where d.account_id = a.id and (d.owner_id = $2 or d.csm_id = $2))) ",
            $tail
        ))
    };
}

/// The account with this id, if it is within `sight`.
pub async fn find(
    conn: &mut Conn,
    tenant: &TenantId,
    sight: &Sight,
    id: &AccountId,
) -> Result<Option<Account>, StoreError> {
    select_accounts!("and a.id = $3")
        .bind(tenant.as_str())
        .bind(sight.user())
        .bind(id.as_str())
        .fetch_optional(conn)
        .await?
        .map(Account::try_from)
        .transpose()
}

/// The account of the tenant that the CRM knows by this id, or else the oldest with exactly this name.
pub async fn find_by_crm(
    conn: &mut Conn,
    tenant: &TenantId,
    external_id: Option<&str>,
    name: &str,
) -> Result<Option<Account>, StoreError> {
    select_accounts!(
        "and (a.external_id = $3 or ((a.external_id is null or $3 is null) and a.name = $4))
         order by case when a.external_id = $3 then 0 else 1 end, a.id limit 1"
    )
    .bind(tenant.as_str())
    .bind(None::<&str>)
    .bind(external_id)
    .bind(name)
    .fetch_optional(conn)
    .await?
    .map(Account::try_from)
    .transpose()
}

/// The oldest account within `sight` that has this name, in any case.
pub async fn find_by_name(
    conn: &mut Conn,
    tenant: &TenantId,
    sight: &Sight,
    name: &str,
) -> Result<Option<Account>, StoreError> {
    select_accounts!("and lower(a.name) = lower($3) order by a.id limit 1")
        .bind(tenant.as_str())
        .bind(sight.user())
        .bind(name)
        .fetch_optional(conn)
        .await?
        .map(Account::try_from)
        .transpose()
}

/// Ties the account to the CRM's own, unless it is tied already.
pub async fn set_external_id(conn: &mut Conn, id: &AccountId, external_id: &str) -> Result<(), StoreError> {
    sqlx::query("update accounts set external_id = $2 where id = $1 and external_id is null")
        .bind(id.as_str())
        .bind(external_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// The accounts within `sight` after `cursor`, oldest first.
pub async fn list(
    conn: &mut Conn,
    tenant: &TenantId,
    sight: &Sight,
    cursor: Option<&AccountId>,
    limit: u32,
) -> Result<Vec<Account>, StoreError> {
    select_accounts!("and a.id > $3 order by a.id limit $4")
        .bind(tenant.as_str())
        .bind(sight.user())
        .bind(cursor.map_or("", AccountId::as_str))
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await?
        .into_iter()
        .map(Account::try_from)
        .collect()
}
