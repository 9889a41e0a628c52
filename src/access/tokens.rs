//! API tokens: made by their owner or, for an integration, by an admin; shown once.

use std::time::Duration;

use serde_json::json;

use super::secret::Secret;
use super::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::ids::{TokenId, UserId};
use crate::domain::user::{Scope, UserKind};
use crate::error::Error;
use crate::intake::checked_name;
use crate::store::tokens::{self, Token};
use crate::store::users;

/// What every token begins with.
pub const PREFIX: &str = "baton_";
/// Days a token is good at most.
const MAX_DAYS: u32 = 366;

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Whose rights it carries.
    pub user: UserId,
    /// What it is for.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// Days until it ends.
    pub days: u32,
}

/// Makes a token; its secret is in the answer and nowhere else.
///
/// # Errors
///
/// [`Error::Forbidden`] for somebody else's token, and for a token that would make tokens; [`Error::Invalid`] without a
/// scope, or for a time that is too long.
pub async fn make(app: &App, caller: &Caller, new: NewToken) -> Result<(Token, Secret), Error> {
    let mut tx = app.store.write().await?;
    may_handle(&mut tx, caller, &new.user).await?;
    if new.scopes.is_empty() {
        return Err(Error::Invalid(
            "the token has no scope, so it could do nothing; give it at least `read`".to_owned(),
        ));
    }
    if !(1..=MAX_DAYS).contains(&new.days) {
        return Err(Error::Invalid(format!(
            "the token is to be good for {} days; 1 to {MAX_DAYS} are taken",
            new.days
        )));
    }
    let now = app.clock.now();
    let secret = Secret::generate(PREFIX)?;
    let mut scopes = new.scopes;
    scopes.sort_unstable();
    scopes.dedup();
    let token = Token {
        id: TokenId::generate(),
        user: new.user,
        name: checked_name("token", &new.name)?,
        scopes,
        created_at: now,
        expires_at: now + Duration::from_hours(24 * u64::from(new.days)),
        used_at: None,
        revoked_at: None,
    };
    tokens::insert(&mut tx, &caller.tenant, &token, &secret.hash()).await?;
    let change = Change {
        action: "token.made",
        subject: token.id.to_string(),
        after: Some(
            json!({"user": token.user, "name": token.name, "scopes": token.scopes, "expires_at": token.expires_at}),
        ),
        ..Change::default()
    };
    audit::record(&mut tx, caller, change, now).await?;
    tx.commit().await?;
    Ok((token, secret))
}

/// Makes a token worthless.
///
/// # Errors
///
/// [`Error::Forbidden`] for a token; [`Error::NotFound`] when there is none that the caller may handle.
pub async fn revoke(app: &App, caller: &Caller, id: &TokenId) -> Result<(), Error> {
    caller.require_session()?;
    let mut tx = app.store.write().await?;
    let found = tokens::find_by_id(&mut tx, &caller.tenant, id).await?;
    let token = found.ok_or_else(|| Error::not_found("token", id))?;
    let own = caller.user.as_ref() == Some(&token.user);
    if !own && !caller.may(Act::ManagePeople) {
        return Err(Error::not_found("token", id));
    }
    let now = app.clock.now();
    tokens::revoke(&mut tx, id, now).await?;
    let change = Change { action: "token.revoked", subject: id.to_string(), ..Change::default() };
    audit::record(&mut tx, caller, change, now).await?;
    tx.commit().await?;
    Ok(())
}

/// A person handles their own tokens, an admin those of integrations. No token makes another: what leaked stays what it was.
async fn may_handle(conn: &mut crate::store::Conn, caller: &Caller, user: &UserId) -> Result<(), Error> {
    caller.require_session()?;
    if caller.user.as_ref() == Some(user) {
        return Ok(());
    }
    caller.require(Act::ManagePeople)?;
    match users::find(conn, &caller.tenant, user).await? {
        Some(user) if user.kind == UserKind::Integration => Ok(()),
        Some(_) => Err(Error::Forbidden("a person's tokens are made by that person".to_owned())),
        None => Err(Error::not_found("user", user)),
    }
}
