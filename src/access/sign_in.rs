//! Coming in: a password, a one-time link, or the company's own sign-on; each ends in a session.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::secret::{Secret, hash_of};
use super::{Caller, Means, password};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::ids::{SessionId, UserId};
use crate::domain::user::{User, UserState};
use crate::error::Error;
use crate::intake::checked_name;
use crate::store::sessions::{self, Session};
use crate::store::users::{self, KnownUser};
use crate::store::{Conn, tokens};

/// Wrong passwords in a row before none is looked at for a while.
const MAX_ATTEMPTS: i64 = 5;
/// How long that while is.
const LOCKED: Duration = Duration::from_mins(15);
/// A session ends after this long, used or not.
const SESSION: Duration = Duration::from_hours(7 * 24);
/// A session that is not used ends sooner.
const IDLE: SignedDuration = SignedDuration::from_hours(24);
/// Use is noted this often, not at every request.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(5);
/// How long a one-time link is good.
const LINK: Duration = Duration::from_hours(3 * 24);
/// Characters kept of what a browser says it is.
const MAX_USER_AGENT: usize = 200;

/// Somebody who has just come in.
#[derive(Debug)]
pub struct SignedIn {
    /// The session's secret, for the browser's cookie.
    pub secret: Secret,
    /// The session.
    pub session: Session,
    /// Who it is.
    pub user: User,
}

/// What somebody says of themselves when they come in by a link for the first time.
#[derive(Debug, Clone, Default)]
pub struct Welcome {
    /// Their name, where it changes.
    pub name: Option<String>,
    /// Their mail address, where they have none yet.
    pub email: Option<String>,
    /// A password, where they want one.
    pub password: Option<String>,
}

/// Comes in with mail address and password.
///
/// # Errors
///
/// [`Error::Unauthenticated`], in the same words and after the same work whether the address is unknown, the password wrong
/// or the door locked.
pub async fn with_password(
    app: &App,
    email: &str,
    password: &str,
    user_agent: Option<String>,
) -> Result<SignedIn, Error> {
    let email = email.trim().to_lowercase();
    let known = users::find_by_email(&mut *app.store.read().await?, &email).await?;
    let now = app.clock.now();
    let (given, kept) = (password.to_owned(), known.as_ref().and_then(|known| known.password_hash.clone()));
    let is_right = app.blocking(move || password::is_right(&given, kept.as_deref())).await?;
    let Some(known) = known.filter(|known| known.user.state == UserState::Active) else { return Err(wrong()) };
    if known.locked_until.is_some_and(|until| until > now) {
        return Err(wrong());
    }
    let mut tx = app.store.write().await?;
    // Read again: guesses that come all at once would otherwise each count as the first.
    let known = users::find_known(&mut tx, &known.user.id).await?;
    let open = |known: &KnownUser| {
        known.user.state == UserState::Active && known.locked_until.is_none_or(|until| until <= now)
    };
    let Some(known) = known.filter(open) else { return Err(wrong()) };
    if !is_right {
        count_failure(&mut tx, &known, now).await?;
        tx.commit().await?;
        return Err(wrong());
    }
    users::set_attempts(&mut tx, &known.user.id, 0, None).await?;
    let signed_in = begin(&mut tx, known.user, user_agent, now).await?;
    tx.commit().await?;
    Ok(signed_in)
}

fn wrong() -> Error {
    Error::Unauthenticated(format!(
        "the mail address or the password is wrong; after {MAX_ATTEMPTS} wrong passwords none is looked at for {} minutes",
        LOCKED.as_secs() / 60
    ))
}

async fn count_failure(conn: &mut Conn, known: &KnownUser, now: Timestamp) -> Result<(), Error> {
    let failed = known.failed_attempts + 1;
    let (failed, locked_until) = if failed >= MAX_ATTEMPTS { (0, Some(now + LOCKED)) } else { (failed, None) };
    users::set_attempts(conn, &known.user.id, failed, locked_until).await?;
    if locked_until.is_some() {
        let change = Change { action: "user.locked_out", subject: known.user.id.to_string(), ..Change::default() };
        audit::record(conn, &Caller::console(known.user.tenant.clone()), change, now).await?;
    }
    Ok(())
}

/// Makes a one-time link's secret for a user; it goes to nobody but them. Every link is in the log: it is a way in.
///
/// # Errors
///
/// When the records cannot be written.
pub async fn make_link(conn: &mut Conn, caller: &Caller, user: &UserId, now: Timestamp) -> Result<Secret, Error> {
    let secret = Secret::generate("")?;
    sessions::insert_link(conn, user, &secret.hash(), now, now + LINK).await?;
    let change = Change { action: "user.link_made", subject: user.to_string(), ..Change::default() };
    audit::record(conn, caller, change, now).await?;
    Ok(secret)
}

/// Whose link this is, before it is used.
///
/// # Errors
///
/// [`Error::Unauthenticated`] when it was used already, has run out, or never was one.
pub async fn of_link(app: &App, secret: &str) -> Result<User, Error> {
    let mut conn = app.store.read().await?;
    link_owner(&mut conn, secret, app.clock.now()).await.map(|known| known.user)
}

async fn link_owner(conn: &mut Conn, secret: &str, now: Timestamp) -> Result<KnownUser, Error> {
    let spent =
        || Error::Unauthenticated("this link was used already or has run out; ask an admin for a new one".to_owned());
    let id = sessions::find_link(conn, &hash_of(secret), now).await?.ok_or_else(spent)?;
    let known = users::find_known(conn, &id).await?;
    known.filter(|known| known.user.state == UserState::Active).ok_or_else(spent)
}

/// Comes in with a one-time link, which is then used up.
///
/// # Errors
///
/// [`Error::Unauthenticated`] for a link that is no good; [`Error::Invalid`] for a name, mail address or password that
/// cannot be taken: the link is good then still.
pub async fn with_link(
    app: &App,
    secret: &str,
    welcome: Welcome,
    user_agent: Option<String>,
) -> Result<SignedIn, Error> {
    let hash = match welcome.password.filter(|password| !password.is_empty()) {
        Some(password) => Some(app.blocking(move || password::hash(&password)).await??),
        None => None,
    };
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let mut user = link_owner(&mut tx, secret, now).await?.user;
    if let Some(name) = welcome.name {
        user.name = checked_name("person", &name)?;
    }
    if user.email.is_none()
        && let Some(email) = welcome.email.filter(|email| !email.trim().is_empty())
    {
        user.email = Some(free_email(&mut tx, &email).await?);
    }
    users::update(&mut tx, &user).await?;
    if let Some(hash) = hash {
        set_password(&mut tx, &user, &hash, None, now).await?;
        user.has_password = true;
    }
    sessions::delete_link(&mut tx, &hash_of(secret)).await?;
    let signed_in = begin(&mut tx, user, user_agent, now).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// A mail address in the form it is kept in, if nobody signs in with it yet.
///
/// # Errors
///
/// [`Error::Invalid`] when it is none; [`Error::Conflict`] when it is taken.
pub(super) async fn free_email(conn: &mut Conn, email: &str) -> Result<String, Error> {
    let email = email.trim().to_lowercase();
    let is_mail = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !domain.contains('@') && !email.contains(char::is_whitespace)
    });
    if !is_mail || email.len() > 254 {
        return Err(Error::Invalid("this is no mail address; it looks like name@company.example".to_owned()));
    }
    match users::find_by_email(conn, &email).await? {
        Some(_) => Err(Error::Conflict("somebody signs in with this mail address already".to_owned())),
        None => Ok(email),
    }
}

/// Keeps a new password; every other way in that the user had is closed.
async fn set_password(
    conn: &mut Conn,
    user: &User,
    hash: &str,
    kept: Option<&SessionId>,
    now: Timestamp,
) -> Result<(), Error> {
    users::set_password(conn, &user.id, hash).await?;
    sessions::delete_others(conn, &user.id, kept).await?;
    let caller = Caller::of(user.clone(), Means::Console);
    let change = Change { action: "user.password_set", subject: user.id.to_string(), ..Change::default() };
    audit::record(conn, &caller, change, now).await
}

/// Changes one's own password.
///
/// # Errors
///
/// [`Error::Forbidden`] when the old one is wrong; [`Error::Invalid`] when the new one cannot be taken.
pub async fn change_password(app: &App, caller: &Caller, old: Option<String>, new: String) -> Result<(), Error> {
    let (Some(id), Means::Session(session)) = (&caller.user, &caller.means) else {
        return Err(Error::Forbidden("a password is changed by the person who has it, signed in".to_owned()));
    };
    let known = users::find_known(&mut *app.store.read().await?, id).await?;
    let known = known.ok_or_else(|| Error::not_found("user", id))?;
    let kept = known.password_hash.clone();
    let is_right =
        app.blocking(move || kept.is_none() || password::is_right(&old.unwrap_or_default(), kept.as_deref())).await?;
    if !is_right {
        return Err(Error::Forbidden("the present password is wrong".to_owned()));
    }
    let hash = app.blocking(move || password::hash(&new)).await??;
    let mut tx = app.store.write().await?;
    set_password(&mut tx, &known.user, &hash, Some(session), app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Begins a session for somebody whose identity is proven.
///
/// # Errors
///
/// When the records cannot be written.
pub async fn begin(conn: &mut Conn, user: User, user_agent: Option<String>, now: Timestamp) -> Result<SignedIn, Error> {
    sessions::delete_expired(conn, now).await?;
    let secret = Secret::generate("")?;
    let session = Session {
        id: SessionId::generate(),
        user: user.id.clone(),
        user_agent: user_agent.map(|agent| agent.chars().take(MAX_USER_AGENT).collect()),
        created_at: now,
        seen_at: now,
        expires_at: now + SESSION,
    };
    sessions::insert(conn, &session, &secret.hash()).await?;
    let caller = Caller::of(user.clone(), Means::Session(session.id.clone()));
    let change = Change {
        action: "session.begun",
        subject: session.id.to_string(),
        after: Some(json!({"user_agent": session.user_agent})),
        ..Change::default()
    };
    audit::record(conn, &caller, change, now).await?;
    Ok(SignedIn { secret, session, user })
}

/// What a look at who somebody is stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A request of theirs: their session or token is in use.
    Request,
    /// A stream that they opened goes on: others do something, not they.
    Stream,
}

/// Whose session this secret is; none where it is nobody's, has run out or was left idle.
///
/// # Errors
///
/// When the records cannot be read.
pub async fn of_session(app: &App, secret: &str, look: Look) -> Result<Option<Caller>, Error> {
    let now = app.clock.now();
    let mut conn = app.store.read().await?;
    let Some(session) = sessions::find(&mut conn, &hash_of(secret), now).await? else { return Ok(None) };
    let idle = now.duration_since(session.seen_at);
    let known = users::find_known(&mut conn, &session.user).await?;
    let Some(known) = known.filter(|known| known.user.state == UserState::Active && idle < IDLE) else {
        return Ok(None);
    };
    drop(conn);
    if look == Look::Request && idle > SEEN_EVERY {
        let mut tx = app.store.write().await?;
        sessions::set_seen(&mut tx, &session.id, now).await?;
        tx.commit().await?;
    }
    Ok(Some(Caller::of(known.user, Means::Session(session.id))))
}

/// Whose token this is; none where it is nobody's, has run out or was revoked.
///
/// # Errors
///
/// When the records cannot be read.
pub async fn of_token(app: &App, secret: &str, look: Look) -> Result<Option<Caller>, Error> {
    let now = app.clock.now();
    let mut conn = app.store.read().await?;
    let Some(token) = tokens::find(&mut conn, &hash_of(secret), now).await? else { return Ok(None) };
    let known = users::find_known(&mut conn, &token.user).await?;
    let Some(known) = known.filter(|known| known.user.state == UserState::Active) else { return Ok(None) };
    drop(conn);
    if look == Look::Request && token.used_at.is_none_or(|used| now.duration_since(used) > SEEN_EVERY) {
        let mut tx = app.store.write().await?;
        tokens::set_used(&mut tx, &token.id, now).await?;
        tx.commit().await?;
    }
    Ok(Some(Caller::of(known.user, Means::Token(token.scopes))))
}

/// Ends one of the caller's own sessions.
///
/// # Errors
///
/// [`Error::NotFound`] when it is not theirs.
pub async fn end_session(app: &App, caller: &Caller, id: &SessionId) -> Result<(), Error> {
    let user = caller.person()?;
    let mut tx = app.store.write().await?;
    if !sessions::delete(&mut tx, user, id).await? {
        return Err(Error::not_found("session", id));
    }
    let change = Change { action: "session.ended", subject: id.to_string(), ..Change::default() };
    audit::record(&mut tx, caller, change, app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}
