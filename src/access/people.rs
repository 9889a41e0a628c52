//! The people of a tenant: invited, changed, let go; and the first one of a new installation.

use jiff::Timestamp;
use serde_json::json;

use super::secret::Secret;
use super::sign_in::{free_email, make_link};
use super::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::ids::{TenantId, UserId};
use crate::domain::user::{Role, User, UserKind, UserState};
use crate::error::Error;
use crate::intake::checked_name;
use crate::store::{Conn, accounts, sessions, users};

/// Somebody to be added.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Person or integration.
    pub kind: UserKind,
    /// The name.
    pub name: String,
    /// The mail address; a person needs one.
    pub email: Option<String>,
    /// The job title.
    pub title: Option<String>,
    /// What they may do.
    pub role: Role,
}

/// What changes about a user.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// The name.
    pub name: Option<String>,
    /// The job title.
    pub title: Option<String>,
    /// What they may do.
    pub role: Option<Role>,
    /// Whether they may come in.
    pub state: Option<UserState>,
}

/// Makes a tenant.
///
/// # Errors
///
/// [`Error::Invalid`] for an empty name.
pub async fn found_tenant(conn: &mut Conn, name: &str, now: Timestamp) -> Result<TenantId, Error> {
    let name = checked_name("workspace", name)?;
    let tenant = TenantId::generate();
    accounts::ensure_tenant(conn, &tenant, &name, now).await?;
    let change = Change {
        action: "workspace.founded",
        subject: tenant.to_string(),
        after: Some(json!({"name": name})),
        ..Change::default()
    };
    audit::record(conn, &Caller::console(tenant.clone()), change, now).await?;
    Ok(tenant)
}

/// Adds somebody; a person gets a one-time link, which the caller hands to them.
///
/// # Errors
///
/// [`Error::Forbidden`]; [`Error::Invalid`] for a name or mail address that cannot be taken; [`Error::Conflict`] when the
/// mail address is somebody's already.
pub async fn invite(app: &App, caller: &Caller, new: NewUser) -> Result<(User, Option<Secret>), Error> {
    let mut tx = app.store.write().await?;
    let invited = invite_in(&mut tx, caller, new, app.clock.now()).await?;
    tx.commit().await?;
    Ok(invited)
}

/// [`invite`] within a transaction.
///
/// # Errors
///
/// As [`invite`].
pub async fn invite_in(
    conn: &mut Conn,
    caller: &Caller,
    new: NewUser,
    now: Timestamp,
) -> Result<(User, Option<Secret>), Error> {
    caller.require_session()?;
    caller.require(Act::ManagePeople)?;
    let email = match (new.kind, new.email) {
        (UserKind::Person, Some(email)) => Some(free_email(conn, &email).await?),
        (UserKind::Person, None) => {
            return Err(Error::Invalid("a person needs a mail address to sign in with".to_owned()));
        }
        (UserKind::Integration, _) => None,
    };
    let user = bare(&caller.tenant, new.kind, &new.name, new.role, now)?;
    let user = User { email, title: checked_title(new.title)?, ..user };
    add(conn, caller, &user).await?;
    let link = match user.kind {
        UserKind::Person => Some(make_link(conn, caller, &user.id, now).await?),
        UserKind::Integration => None,
    };
    Ok((user, link))
}

fn bare(tenant: &TenantId, kind: UserKind, name: &str, role: Role, now: Timestamp) -> Result<User, Error> {
    Ok(User {
        id: UserId::generate(),
        tenant: tenant.clone(),
        kind,
        email: None,
        name: checked_name("person", name)?,
        title: None,
        role,
        state: UserState::Active,
        has_password: false,
        created_at: now,
    })
}

fn checked_title(title: Option<String>) -> Result<Option<String>, Error> {
    title.filter(|title| !title.trim().is_empty()).map(|title| checked_name("title", &title)).transpose()
}

async fn add(conn: &mut Conn, caller: &Caller, user: &User) -> Result<(), Error> {
    users::insert(conn, user).await?;
    let change = Change {
        action: "user.added",
        subject: user.id.to_string(),
        after: Some(json!({"kind": user.kind, "name": user.name, "email": user.email, "role": user.role})),
        ..Change::default()
    };
    audit::record(conn, caller, change, user.created_at).await
}

/// A one-time link for an installation that nobody has entered yet; none once somebody can come in by themselves.
///
/// # Errors
///
/// When the records cannot be written.
pub async fn entry_link(app: &App, tenant: &TenantId) -> Result<Option<Secret>, Error> {
    let mut conn = app.store.read().await?;
    let people = users::list(&mut conn, tenant).await?;
    let entered = people.iter().any(|user| user.state == UserState::Active && user.has_password);
    drop(conn);
    if entered { Ok(None) } else { admin_link(app, tenant).await.map(Some) }
}

/// A one-time link for the tenant's first admin, who is made if there is none.
///
/// # Errors
///
/// When the records cannot be written.
pub async fn admin_link(app: &App, tenant: &TenantId) -> Result<Secret, Error> {
    let (now, console) = (app.clock.now(), Caller::console(tenant.clone()));
    let mut tx = app.store.write().await?;
    let is_admin =
        |user: &User| user.role == Role::Admin && user.kind == UserKind::Person && user.state == UserState::Active;
    let known = users::list(&mut tx, tenant).await?.into_iter().find(is_admin);
    let admin = if let Some(admin) = known {
        admin
    } else {
        let admin = bare(tenant, UserKind::Person, "Admin", Role::Admin, now)?;
        add(&mut tx, &console, &admin).await?;
        admin
    };
    let link = make_link(&mut tx, &console, &admin.id, now).await?;
    tx.commit().await?;
    Ok(link)
}

/// A new one-time link for somebody who has lost their way in.
///
/// # Errors
///
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] for an integration, which signs in by token.
pub async fn new_link(app: &App, caller: &Caller, id: &UserId) -> Result<Secret, Error> {
    caller.require_session()?;
    caller.require(Act::ManagePeople)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let user = users::find(&mut tx, &caller.tenant, id).await?.ok_or_else(|| Error::not_found("user", id))?;
    if user.kind == UserKind::Integration {
        return Err(Error::Conflict("an integration signs in by token; make one for it".to_owned()));
    }
    let link = make_link(&mut tx, caller, id, now).await?;
    tx.commit().await?;
    Ok(link)
}

/// Changes a user. Everybody may change their own name and title; the rest is an admin's.
///
/// # Errors
///
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] when the tenant would be left without an admin.
pub async fn change(app: &App, caller: &Caller, id: &UserId, change: UserChange) -> Result<User, Error> {
    caller.require_session()?;
    let own = caller.user.as_ref() == Some(id);
    if !own || change.role.is_some() || change.state.is_some() {
        caller.require(Act::ManagePeople)?;
    }
    let mut tx = app.store.write().await?;
    let before = users::find(&mut tx, &caller.tenant, id).await?.ok_or_else(|| Error::not_found("user", id))?;
    let mut after = before.clone();
    if let Some(name) = change.name {
        after.name = checked_name("person", &name)?;
    }
    if change.title.is_some() {
        after.title = checked_title(change.title)?;
    }
    after.role = change.role.unwrap_or(before.role);
    after.state = change.state.unwrap_or(before.state);
    keeps_an_admin(&mut tx, &before, &after).await?;
    users::update(&mut tx, &after).await?;
    if after.state == UserState::Deactivated {
        sessions::delete_others(&mut tx, id, None).await?;
    }
    let told = |user: &User| json!({"name": user.name, "title": user.title, "role": user.role, "state": user.state});
    let change = Change {
        action: "user.changed",
        subject: id.to_string(),
        before: Some(told(&before)),
        after: Some(told(&after)),
        ..Change::default()
    };
    audit::record(&mut tx, caller, change, app.clock.now()).await?;
    tx.commit().await?;
    Ok(after)
}

async fn keeps_an_admin(conn: &mut Conn, before: &User, after: &User) -> Result<(), Error> {
    let is_admin = |user: &User| user.role == Role::Admin && user.state == UserState::Active;
    if is_admin(before) && !is_admin(after) && users::count_active(conn, &before.tenant, Role::Admin).await? < 2 {
        return Err(Error::Conflict("this is the last admin; make somebody else one first".to_owned()));
    }
    Ok(())
}
