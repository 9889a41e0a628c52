//! Sign-ons under way at the company's own provider, and whom it has named.

use jiff::Timestamp;

use super::{Conn, StoreError, millis};
use crate::domain::ids::UserId;

/// A sign-on under way. Only the browser that began it knows its state.
#[derive(Debug, sqlx::FromRow)]
pub struct Flow {
    /// SHA-256 of the number that the provider's token has to name.
    #[sqlx(rename = "nonce")]
    pub nonce_hash: String,
    /// What proves to the provider that the code is redeemed by whoever asked for it.
    pub pkce_verifier: String,
    /// The page that was asked for.
    pub return_to: String,
}

/// Keeps a sign-on that begins.
pub async fn insert(conn: &mut Conn, state_hash: &str, flow: &Flow, expires_at: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "insert into oidc_flows (state_hash, nonce, pkce_verifier, return_to, expires_at) values ($1, $2, $3, $4, $5)",
    )
    .bind(state_hash)
    .bind(&flow.nonce_hash)
    .bind(&flow.pkce_verifier)
    .bind(&flow.return_to)
    .bind(millis(expires_at))
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a sign-on out, if it is there and has not run out: it can be taken once.
pub async fn take(conn: &mut Conn, state_hash: &str, now: Timestamp) -> Result<Option<Flow>, StoreError> {
    Ok(sqlx::query_as(
        "delete from oidc_flows where state_hash = $1 and expires_at > $2 returning nonce, pkce_verifier, return_to",
    )
    .bind(state_hash)
    .bind(millis(now))
    .fetch_optional(conn)
    .await?)
}

/// Ties a user to who they are at the provider, unless they are tied already; says whether they were not.
pub async fn tie(conn: &mut Conn, user: &UserId, issuer: &str, subject: &str) -> Result<bool, StoreError> {
    let done =
        sqlx::query("update users set oidc_issuer = $2, oidc_subject = $3 where id = $1 and oidc_subject is null")
            .bind(user.as_str())
            .bind(issuer)
            .bind(subject)
            .execute(conn)
            .await?;
    Ok(done.rows_affected() > 0)
}
