//! Use cases: filters of the ledger that somebody keeps, for themselves or for everybody in the tenant.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::filter::LedgerQuery;
use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::ids::{UserId, ViewId};
use crate::domain::user::Role;
use crate::error::Error;
use crate::intake::checked_name;
use crate::store::Conn;
use crate::store::ledger::views;

/// Views that one person keeps at most.
const MOST_VIEWS: i64 = 100;

/// A filter that somebody keeps. It holds no words of the record: whoever opens it sees their own deals through it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct View {
    /// The view's id.
    pub id: ViewId,
    /// Whose it is.
    pub owner_id: UserId,
    /// Their name.
    pub owner: String,
    /// What it is called.
    pub name: String,
    /// The filter as the query of an address: `/ledger?` and `/v1/ledger?` take it as it is.
    pub filter: String,
    /// Whether everybody in the workspace sees it.
    pub shared: bool,
    /// When it was first kept.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// What changes about a view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ViewChange {
    /// Its name.
    pub name: Option<String>,
    /// Its filter.
    pub filter: Option<String>,
    /// Whether everybody sees it.
    pub shared: Option<bool>,
}

/// The caller's own views and those that others share.
///
/// # Errors
///
/// [`Error::Forbidden`] for a token that may not read.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<View>, Error> {
    caller.require_scope(Act::SeeDeal)?;
    Ok(views::list(&mut *app.store.read().await?, &caller.tenant, caller.person()?).await?)
}

/// Keeps a filter under a name.
///
/// # Errors
///
/// [`Error::Forbidden`]; [`Error::Invalid`] for a name or a filter that is none; [`Error::Conflict`] for a name that the caller
/// has given already.
pub async fn add(app: &App, caller: &Caller, name: &str, filter: &str, shared: bool) -> Result<View, Error> {
    caller.require_scope(Act::KeepViews)?;
    let now = app.clock.now();
    let view = View {
        id: ViewId::generate(),
        owner_id: caller.person()?.clone(),
        owner: caller.name.clone(),
        name: checked_name("view", name)?,
        filter: checked_filter(filter, now)?,
        shared,
        created_at: now,
    };
    let mut tx = app.store.write().await?;
    if views::count(&mut tx, &view.owner_id).await? >= MOST_VIEWS {
        return Err(Error::Conflict(format!("{MOST_VIEWS} views are kept already; remove one first")));
    }
    save(&mut tx, caller, &view).await?;
    let change =
        Change { action: "view.added", subject: view.id.to_string(), after: Some(told(&view)), ..Change::default() };
    audit::record(&mut tx, caller, change, now).await?;
    tx.commit().await?;
    Ok(view)
}

/// Changes a view of the caller's own.
///
/// # Errors
///
/// As [`add`], and [`Error::NotFound`] for a view that the caller does not see.
pub async fn change(app: &App, caller: &Caller, id: &ViewId, change: ViewChange) -> Result<View, Error> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let before = own(&mut tx, caller, id).await?;
    let mut after = before.clone();
    if let Some(name) = change.name {
        after.name = checked_name("view", &name)?;
    }
    if let Some(filter) = change.filter {
        after.filter = checked_filter(&filter, now)?;
    }
    after.shared = change.shared.unwrap_or(after.shared);
    if after != before {
        save(&mut tx, caller, &after).await?;
        let change = Change {
            action: "view.changed",
            subject: id.to_string(),
            before: Some(told(&before)),
            after: Some(told(&after)),
            ..Change::default()
        };
        audit::record(&mut tx, caller, change, now).await?;
        tx.commit().await?;
    }
    Ok(after)
}

/// Removes a view of the caller's own.
///
/// # Errors
///
/// As [`change`].
pub async fn remove(app: &App, caller: &Caller, id: &ViewId) -> Result<(), Error> {
    let mut tx = app.store.write().await?;
    let view = own(&mut tx, caller, id).await?;
    views::delete(&mut tx, id).await?;
    let change =
        Change { action: "view.removed", subject: id.to_string(), before: Some(told(&view)), ..Change::default() };
    audit::record(&mut tx, caller, change, app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// The view, if it is the caller's own; an admin tidies up what others share.
async fn own(conn: &mut Conn, caller: &Caller, id: &ViewId) -> Result<View, Error> {
    caller.require_scope(Act::KeepViews)?;
    let user = caller.person()?;
    let view = views::find(conn, &caller.tenant, user, id).await?.ok_or_else(|| Error::not_found("view", id))?;
    if view.owner_id == *user || caller.role == Role::Admin {
        return Ok(view);
    }
    Err(Error::Forbidden(format!("this view is {}'s; keep one of your own", view.owner)))
}

async fn save(conn: &mut Conn, caller: &Caller, view: &View) -> Result<(), Error> {
    if views::save(conn, &caller.tenant, view).await? {
        return Ok(());
    }
    Err(Error::Conflict(format!("you have a view called `{}` already", view.name)))
}

/// A filter as it is kept: what can be read, in one spelling.
fn checked_filter(filter: &str, now: Timestamp) -> Result<String, Error> {
    let query = LedgerQuery::from_address(filter.trim().trim_start_matches('?'))?;
    query.filter(now)?;
    query.sort()?;
    Ok(query.address())
}

fn told(view: &View) -> serde_json::Value {
    json!({"name": view.name, "filter": view.filter, "shared": view.shared})
}
