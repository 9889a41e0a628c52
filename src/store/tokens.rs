//! API tokens.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Conn, StoreError, from_json, from_word, millis, timestamp, to_json};
use crate::domain::ids::{TenantId, TokenId, UserId};
use crate::domain::user::Scope;

/// A token as it is listed: never with its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Token {
    /// The token's id.
    pub id: TokenId,
    /// Whose rights it carries.
    pub user: UserId,
    /// What it is for, in its owner's words.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ends by itself.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// When it was used last, give or take a few minutes.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub used_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    id: String,
    user_id: String,
    name: String,
    scopes: String,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TryFrom<TokenRow> for Token {
    type Error = StoreError;

    fn try_from(row: TokenRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: from_word("api_tokens", "id", &row.id)?,
            user: from_word("api_tokens", "user_id", &row.user_id)?,
            name: row.name,
            scopes: from_json("api_tokens", "scopes", &row.scopes)?,
            created_at: timestamp("api_tokens", "created_at", row.created_at)?,
            expires_at: timestamp("api_tokens", "expires_at", row.expires_at)?,
            used_at: row.used_at.map(|at| timestamp("api_tokens", "used_at", at)).transpose()?,
            revoked_at: row.revoked_at.map(|at| timestamp("api_tokens", "revoked_at", at)).transpose()?,
        })
    }
}

/// A query over tokens: `tail` is the part after `from api_tokens`.
macro_rules! select_tokens {
    ($tail:literal) => {
        sqlx::query_as::<_, TokenRow>(concat!(
            "select id, user_id, name, scopes, created_at, expires_at, used_at, revoked_at from api_tokens ",
            $tail
        ))
    };
}

/// Keeps a token.
pub async fn insert(conn: &mut Conn, tenant: &TenantId, token: &Token, secret_hash: &str) -> Result<(), StoreError> {
    sqlx::query(
        "insert into api_tokens (id, tenant_id, user_id, name, secret_hash, scopes, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(token.id.as_str())
    .bind(tenant.as_str())
    .bind(token.user.as_str())
    .bind(&token.name)
    .bind(secret_hash)
    .bind(to_json(&token.scopes)?)
    .bind(millis(token.created_at))
    .bind(millis(token.expires_at))
    .execute(conn)
    .await?;
    Ok(())
}

/// The token with this secret, if it is good at `now`.
pub async fn find(conn: &mut Conn, secret_hash: &str, now: Timestamp) -> Result<Option<Token>, StoreError> {
    select_tokens!("where secret_hash = $1 and revoked_at is null and expires_at > $2")
        .bind(secret_hash)
        .bind(millis(now))
        .fetch_optional(conn)
        .await?
        .map(Token::try_from)
        .transpose()
}

/// A user's tokens, newest first, used up ones too.
pub async fn list(conn: &mut Conn, user: &UserId) -> Result<Vec<Token>, StoreError> {
    select_tokens!("where user_id = $1 order by id desc")
        .bind(user.as_str())
        .fetch_all(conn)
        .await?
        .into_iter()
        .map(Token::try_from)
        .collect()
}

/// The tenant's token with this id.
pub async fn find_by_id(conn: &mut Conn, tenant: &TenantId, id: &TokenId) -> Result<Option<Token>, StoreError> {
    select_tokens!("where tenant_id = $1 and id = $2")
        .bind(tenant.as_str())
        .bind(id.as_str())
        .fetch_optional(conn)
        .await?
        .map(Token::try_from)
        .transpose()
}

/// Notes that a token was used.
pub async fn set_used(conn: &mut Conn, id: &TokenId, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("update api_tokens set used_at = $2 where id = $1")
        .bind(id.as_str())
        .bind(millis(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// Makes a token worthless.
pub async fn revoke(conn: &mut Conn, id: &TokenId, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("update api_tokens set revoked_at = $2 where id = $1 and revoked_at is null")
        .bind(id.as_str())
        .bind(millis(now))
        .execute(conn)
        .await?;
    Ok(())
}
