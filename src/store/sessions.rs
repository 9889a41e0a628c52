//! Sessions and one-time links.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Conn, StoreError, from_word, millis, timestamp};
use crate::domain::ids::{SessionId, UserId};

/// A sign-in that lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Session {
    /// The session's id; its secret is with the browser only.
    pub id: SessionId,
    /// Whose it is.
    #[serde(skip)]
    pub user: UserId,
    /// What the browser says it is.
    pub user_agent: Option<String>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was used last, give or take a few minutes.
    #[schema(value_type = String, format = DateTime)]
    pub seen_at: Timestamp,
    /// When it ends, used or not.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: String,
    user_id: String,
    user_agent: Option<String>,
    created_at: i64,
    seen_at: i64,
    expires_at: i64,
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: from_word("sessions", "id", &row.id)?,
            user: from_word("sessions", "user_id", &row.user_id)?,
            user_agent: row.user_agent,
            created_at: timestamp("sessions", "created_at", row.created_at)?,
            seen_at: timestamp("sessions", "seen_at", row.seen_at)?,
            expires_at: timestamp("sessions", "expires_at", row.expires_at)?,
        })
    }
}

/// Begins a session.
pub async fn insert(conn: &mut Conn, session: &Session, secret_hash: &str) -> Result<(), StoreError> {
    sqlx::query(
        "insert into sessions (id, user_id, secret_hash, user_agent, created_at, seen_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(session.id.as_str())
    .bind(session.user.as_str())
    .bind(secret_hash)
    .bind(session.user_agent.as_deref())
    .bind(millis(session.created_at))
    .bind(millis(session.seen_at))
    .bind(millis(session.expires_at))
    .execute(conn)
    .await?;
    Ok(())
}

/// The session with this secret that is still running at `now`.
pub async fn find(conn: &mut Conn, secret_hash: &str, now: Timestamp) -> Result<Option<Session>, StoreError> {
    sqlx::query_as::<_, SessionRow>(
        "select id, user_id, user_agent, created_at, seen_at, expires_at from sessions
         where secret_hash = $1 and expires_at > $2",
    )
    .bind(secret_hash)
    .bind(millis(now))
    .fetch_optional(conn)
    .await?
    .map(Session::try_from)
    .transpose()
}

/// Notes that a session was used.
pub async fn set_seen(conn: &mut Conn, id: &SessionId, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("update sessions set seen_at = $2 where id = $1")
        .bind(id.as_str())
        .bind(millis(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// A user's running sessions, newest first.
pub async fn list(conn: &mut Conn, user: &UserId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
    sqlx::query_as::<_, SessionRow>(
        "select id, user_id, user_agent, created_at, seen_at, expires_at from sessions
         where user_id = $1 and expires_at > $2 order by id desc",
    )
    .bind(user.as_str())
    .bind(millis(now))
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Session::try_from)
    .collect()
}

/// Ends one session of a user; says whether there was one.
pub async fn delete(conn: &mut Conn, user: &UserId, id: &SessionId) -> Result<bool, StoreError> {
    let done = sqlx::query("delete from sessions where user_id = $1 and id = $2")
        .bind(user.as_str())
        .bind(id.as_str())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends every session of a user but one, and makes their links worthless.
pub async fn delete_others(conn: &mut Conn, user: &UserId, kept: Option<&SessionId>) -> Result<(), StoreError> {
    sqlx::query("delete from sessions where user_id = $1 and ($2 is null or id <> $2)")
        .bind(user.as_str())
        .bind(kept.map(SessionId::as_str))
        .execute(&mut *conn)
        .await?;
    sqlx::query("delete from sign_in_links where user_id = $1").bind(user.as_str()).execute(conn).await?;
    Ok(())
}

/// Removes what has run out.
pub async fn delete_expired(conn: &mut Conn, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("delete from sessions where expires_at <= $1").bind(millis(now)).execute(&mut *conn).await?;
    sqlx::query("delete from sign_in_links where expires_at <= $1").bind(millis(now)).execute(&mut *conn).await?;
    sqlx::query("delete from oidc_flows where expires_at <= $1").bind(millis(now)).execute(conn).await?;
    Ok(())
}

/// Keeps a one-time link.
pub async fn insert_link(
    conn: &mut Conn,
    user: &UserId,
    secret_hash: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("insert into sign_in_links (secret_hash, user_id, created_at, expires_at) values ($1, $2, $3, $4)")
        .bind(secret_hash)
        .bind(user.as_str())
        .bind(millis(now))
        .bind(millis(expires_at))
        .execute(conn)
        .await?;
    Ok(())
}

/// Whose link this is, while it is good.
pub async fn find_link(conn: &mut Conn, secret_hash: &str, now: Timestamp) -> Result<Option<UserId>, StoreError> {
    let user: Option<String> =
        sqlx::query_scalar("select user_id from sign_in_links where secret_hash = $1 and expires_at > $2")
            .bind(secret_hash)
            .bind(millis(now))
            .fetch_optional(conn)
            .await?;
    user.map(|id| from_word("sign_in_links", "user_id", &id)).transpose()
}

/// Uses a link up; says whether it was still there.
pub async fn delete_link(conn: &mut Conn, secret_hash: &str) -> Result<bool, StoreError> {
    let done = sqlx::query("delete from sign_in_links where secret_hash = $1").bind(secret_hash).execute(conn).await?;
    Ok(done.rows_affected() > 0)
}
