//! Whose deal it is, who receives it, and what the CRM knows of it.

use jiff::Timestamp;
use serde_json::json;

use super::ASSIGNMENT_RULES;
use super::deadlines::set_clocks;
use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::deal::{Deal, DealTerms};
use crate::domain::ids::{DealId, TenantId, UserId};
use crate::domain::policy::AssignmentRules;
use crate::domain::user::{Role, User, UserKind, UserState};
use crate::error::Error;
use crate::intake::checked_name;
use crate::store::{Conn, deals, settings, users};

/// What changes about a deal; an inner none takes the value away.
#[derive(Debug, Clone, Default)]
#[expect(clippy::option_option, reason = "left out, taken away, set: three cases")]
pub struct DealChange {
    /// The name.
    pub name: Option<String>,
    /// The account executive.
    pub owner: Option<Option<UserId>>,
    /// The customer success manager.
    pub csm: Option<Option<UserId>>,
    /// The segment.
    pub segment: Option<Option<String>>,
    /// The territory.
    pub territory: Option<Option<String>>,
    /// The amount as a decimal.
    pub amount: Option<Option<String>>,
    /// The currency of the amount.
    pub currency: Option<Option<String>>,
    /// When it was won.
    pub closed_at: Option<Option<Timestamp>>,
}

/// Changes a deal. One that becomes won gets its clocks; without a manager it gets one by rule.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Invalid`] for an owner or manager who
/// cannot be one.
pub async fn change_deal(app: &App, caller: &Caller, id: &DealId, change: DealChange) -> Result<Deal, Error> {
    let mut tx = app.store.write().await?;
    let before = caller.deal(&mut tx, id, Act::Assign).await?;
    let mut after = before.clone();
    if let Some(name) = change.name {
        after.name = checked_name("deal", &name)?;
    }
    if let Some(owner) = change.owner {
        check_person(&mut tx, &caller.tenant, owner.as_ref(), "account executive", Role::Ae).await?;
        after.owner = owner;
    }
    if let Some(csm) = change.csm {
        check_person(&mut tx, &caller.tenant, csm.as_ref(), "customer success manager", Role::Csm).await?;
        after.csm = csm;
    }
    let old = after.terms;
    after.terms = checked_terms(DealTerms {
        segment: change.segment.unwrap_or(old.segment),
        territory: change.territory.unwrap_or(old.territory),
        amount: change.amount.unwrap_or(old.amount),
        currency: change.currency.unwrap_or(old.currency),
        closed_at: change.closed_at.unwrap_or(old.closed_at),
    })?;
    keep(app, &mut tx, caller, &before, after.clone()).await?;
    let after = deals::find(&mut tx, &caller.tenant, id).await?.unwrap_or(after);
    tx.commit().await?;
    app.wake_worker();
    Ok(after)
}

/// Writes a changed deal with everything that follows from it: a manager by rule, clocks, the log.
pub(super) async fn keep(
    app: &App,
    conn: &mut Conn,
    caller: &Caller,
    before: &Deal,
    mut after: Deal,
) -> Result<Deal, Error> {
    let now = app.clock.now();
    if after.csm.is_none() && before.csm.is_none() && after.terms.closed_at.is_some() {
        after.csm = by_rule(conn, &after).await?;
    }
    deals::update(conn, &after).await?;
    deals::touch(conn, &after.id).await?;
    let moved = before.terms.closed_at != after.terms.closed_at || before.terms.segment != after.terms.segment;
    if moved {
        set_clocks(conn, &after, now).await?;
    }
    let told = |deal: &Deal| json!({"name": deal.name, "owner": deal.owner, "csm": deal.csm, "terms": deal.terms});
    let change = Change {
        action: "deal.changed",
        subject: after.id.to_string(),
        deal: Some(&after.id),
        before: Some(told(before)),
        after: Some(told(&after)),
        reason: None,
    };
    audit::record(conn, caller, change, now).await?;
    Ok(after)
}

/// The manager whom the tenant's rules choose for a deal.
async fn by_rule(conn: &mut Conn, deal: &Deal) -> Result<Option<UserId>, Error> {
    let rules: AssignmentRules = settings::get(conn, &deal.tenant, ASSIGNMENT_RULES).await?;
    let load = deals::load_by_csm(conn, &deal.tenant).await?;
    let people = users::list(conn, &deal.tenant).await?;
    let may_receive = |id: &UserId| people.iter().any(|user| user.id == *id && can_be(user, Role::Csm));
    Ok(rules.choose(deal.terms.segment.as_deref(), deal.terms.territory.as_deref(), &load, may_receive))
}

/// Whether a user can hold this place in a deal: the role itself, or an admin standing in.
fn can_be(user: &User, role: Role) -> bool {
    user.kind == UserKind::Person
        && user.state == UserState::Active
        && (user.role == role || user.role == Role::Admin || (role == Role::Ae && user.role == Role::Leader))
}

async fn check_person(
    conn: &mut Conn,
    tenant: &TenantId,
    id: Option<&UserId>,
    place: &str,
    role: Role,
) -> Result<(), Error> {
    let Some(id) = id else { return Ok(()) };
    match users::find(conn, tenant, id).await? {
        Some(user) if can_be(&user, role) => Ok(()),
        Some(user) => Err(Error::Invalid(format!(
            "{} cannot be the {place}: an active person with the role {} can",
            user.name,
            role.title()
        ))),
        None => Err(Error::not_found("user", id)),
    }
}

/// Terms as they may be kept.
pub(crate) fn checked_terms(terms: DealTerms) -> Result<DealTerms, Error> {
    let named = |what: &str, value: Option<String>| {
        value.filter(|value| !value.trim().is_empty()).map(|value| checked_name(what, &value)).transpose()
    };
    let amount = named("amount", terms.amount)?;
    if amount.as_ref().is_some_and(|amount| !is_decimal(amount)) {
        return Err(Error::Invalid("the amount is no decimal number; write it as 48000 or 48000.50".to_owned()));
    }
    Ok(DealTerms {
        segment: named("segment", terms.segment)?,
        territory: named("territory", terms.territory)?,
        amount,
        currency: named("currency", terms.currency)?.map(|currency| currency.to_uppercase()),
        closed_at: terms.closed_at,
    })
}

fn is_decimal(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(part) && text.len() <= 24
}
