//! Users, and what they sign in with.

use jiff::Timestamp;

use super::{Conn, StoreError, from_word, millis, timestamp, to_word};
use crate::domain::ids::{TenantId, UserId};
use crate::domain::user::{Role, User, UserState};

#[derive(sqlx::FromRow)]
struct UserRow {
    id: String,
    tenant_id: String,
    kind: String,
    email: Option<String>,
    name: String,
    title: Option<String>,
    role: String,
    state: String,
    password_hash: Option<String>,
    failed_attempts: i64,
    locked_until: Option<i64>,
    created_at: i64,
}

impl UserRow {
    fn into_known(self) -> Result<KnownUser, StoreError> {
        let locked_until = self.locked_until.map(|at| timestamp("users", "locked_until", at)).transpose()?;
        let user = User {
            id: from_word("users", "id", &self.id)?,
            tenant: from_word("users", "tenant_id", &self.tenant_id)?,
            kind: from_word("users", "kind", &self.kind)?,
            email: self.email,
            name: self.name,
            title: self.title,
            role: from_word("users", "role", &self.role)?,
            state: from_word("users", "state", &self.state)?,
            has_password: self.password_hash.is_some(),
            created_at: timestamp("users", "created_at", self.created_at)?,
        };
        Ok(KnownUser { user, password_hash: self.password_hash, failed_attempts: self.failed_attempts, locked_until })
    }
}

/// A user with what a sign-in is checked against.
#[derive(Clone)]
pub struct KnownUser {
    /// The user.
    pub user: User,
    /// Argon2id in PHC form.
    pub password_hash: Option<String>,
    /// Wrong passwords in a row.
    pub failed_attempts: i64,
    /// Until when no password is looked at.
    pub locked_until: Option<Timestamp>,
}

/// A query over users: `tail` is the part after `from users u`.
macro_rules! select_users {
    ($tail:literal) => {
        sqlx::query_as::<_, UserRow>(concat!(
            "select u.id, u.tenant_id, u.kind, u.email, u.name, u.title, u.role, u.state, u.password_hash,
             u.failed_attempts, u.locked_until, u.created_at from users u ",
            $tail
        ))
    };
}

/// Adds a user without a password.
pub async fn insert(conn: &mut Conn, user: &User) -> Result<(), StoreError> {
    sqlx::query(
        "insert into users (id, tenant_id, kind, email, name, title, role, state, failed_attempts, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)",
    )
    .bind(user.id.as_str())
    .bind(user.tenant.as_str())
    .bind(to_word(&user.kind)?)
    .bind(user.email.as_deref())
    .bind(&user.name)
    .bind(user.title.as_deref())
    .bind(to_word(&user.role)?)
    .bind(to_word(&user.state)?)
    .bind(millis(user.created_at))
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what may change about a user: name, title, mail, role and state.
pub async fn update(conn: &mut Conn, user: &User) -> Result<(), StoreError> {
    sqlx::query("update users set email = $2, name = $3, title = $4, role = $5, state = $6 where id = $1")
        .bind(user.id.as_str())
        .bind(user.email.as_deref())
        .bind(&user.name)
        .bind(user.title.as_deref())
        .bind(to_word(&user.role)?)
        .bind(to_word(&user.state)?)
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps the hash of a new password and opens a locked door.
pub async fn set_password(conn: &mut Conn, id: &UserId, hash: &str) -> Result<(), StoreError> {
    sqlx::query("update users set password_hash = $2, failed_attempts = 0, locked_until = null where id = $1")
        .bind(id.as_str())
        .bind(hash)
        .execute(conn)
        .await?;
    Ok(())
}

/// Counts wrong passwords: how many in a row, and until when none is looked at.
pub async fn set_attempts(
    conn: &mut Conn,
    id: &UserId,
    failed: i64,
    locked_until: Option<Timestamp>,
) -> Result<(), StoreError> {
    sqlx::query("update users set failed_attempts = $2, locked_until = $3 where id = $1")
        .bind(id.as_str())
        .bind(failed)
        .bind(locked_until.map(millis))
        .execute(conn)
        .await?;
    Ok(())
}

/// The tenant's user with this id.
pub async fn find(conn: &mut Conn, tenant: &TenantId, id: &UserId) -> Result<Option<User>, StoreError> {
    let row = select_users!("where u.tenant_id = $1 and u.id = $2").bind(tenant.as_str()).bind(id.as_str());
    row.fetch_optional(conn).await?.map(|row| row.into_known().map(|known| known.user)).transpose()
}

/// Whoever has this id, whatever the tenant: for links and sessions that hold nothing else.
pub async fn find_known(conn: &mut Conn, id: &UserId) -> Result<Option<KnownUser>, StoreError> {
    select_users!("where u.id = $1").bind(id.as_str()).fetch_optional(conn).await?.map(UserRow::into_known).transpose()
}

/// Whoever signs in with this mail address (in lower case).
pub async fn find_by_email(conn: &mut Conn, email: &str) -> Result<Option<KnownUser>, StoreError> {
    select_users!("where u.email = $1").bind(email).fetch_optional(conn).await?.map(UserRow::into_known).transpose()
}

/// Whoever the company's sign-on knows by this subject.
pub async fn find_by_oidc(conn: &mut Conn, issuer: &str, subject: &str) -> Result<Option<KnownUser>, StoreError> {
    select_users!("where u.oidc_issuer = $1 and u.oidc_subject = $2")
        .bind(issuer)
        .bind(subject)
        .fetch_optional(conn)
        .await?
        .map(UserRow::into_known)
        .transpose()
}

/// The tenant's users, oldest first.
pub async fn list(conn: &mut Conn, tenant: &TenantId) -> Result<Vec<User>, StoreError> {
    select_users!("where u.tenant_id = $1 order by u.id")
        .bind(tenant.as_str())
        .fetch_all(conn)
        .await?
        .into_iter()
        .map(|row| row.into_known().map(|known| known.user))
        .collect()
}

/// How many active users of a role the tenant has.
pub async fn count_active(conn: &mut Conn, tenant: &TenantId, role: Role) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar(
        "select count(*) from users where tenant_id = $1 and role = $2 and state = $3 and kind = 'person'",
    )
    .bind(tenant.as_str())
    .bind(to_word(&role)?)
    .bind(to_word(&UserState::Active)?)
    .fetch_one(conn)
    .await?)
}
