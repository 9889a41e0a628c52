//! Whose deal it is, who receives it, and what the CRM knows of it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use super::deadlines::set_clocks;
use super::{ASSIGNMENT_RULES, tell};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::deal::{Deal, DealTerms};
use crate::domain::ids::{DealId, TenantId, UserId};
use crate::domain::policy::AssignmentRules;
use crate::domain::user::{Role, User, UserKind, UserState};
use crate::error::Error;
use crate::hooks::event::EventKind;
use crate::intake::checked_name;
use crate::store::{Conn, deals, settings, users};

/// What changes about a deal; an inner none takes the value away.
#[derive(Debug, Clone, Default)]
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
    /// The product.
    pub product: Option<Option<String>>,
    /// The amount as a decimal.
    pub amount: Option<Option<String>>,
    /// The currency of the amount.
    pub currency: Option<Option<String>>,
    /// When it was won.
    pub closed_at: Option<Option<Timestamp>>,
}

/// Changes a deal. One that becomes won gets its clocks, and others hear of it; without a manager it gets one by rule.
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
    // Who holds a place already keeps it, whatever became of their role.
    if let Some(owner) = change.owner.filter(|owner| *owner != before.owner) {
        check_person(&mut tx, &caller.tenant, owner.as_ref(), "account executive", Role::Ae).await?;
        after.owner = owner;
    }
    if let Some(csm) = change.csm.filter(|csm| *csm != before.csm) {
        check_person(&mut tx, &caller.tenant, csm.as_ref(), "customer success manager", Role::Csm).await?;
        after.csm = csm;
    }
    let old = after.terms;
    after.terms = checked_terms(DealTerms {
        segment: change.segment.unwrap_or(old.segment),
        territory: change.territory.unwrap_or(old.territory),
        product: change.product.unwrap_or(old.product),
        amount: change.amount.unwrap_or(old.amount),
        currency: change.currency.unwrap_or(old.currency),
        closed_at: change.closed_at.unwrap_or(old.closed_at),
    })?;
    let after = kept(app, &mut tx, caller, &before, after).await?;
    tx.commit().await?;
    app.wake_worker();
    Ok(after)
}

/// Says that a deal was won just now; one that was won already stays won when it was.
///
/// # Errors
///
/// As [`change_deal`].
pub async fn close_deal(app: &App, caller: &Caller, id: &DealId) -> Result<Deal, Error> {
    let mut tx = app.store.write().await?;
    let before = caller.deal(&mut tx, id, Act::Assign).await?;
    let mut after = before.clone();
    after.terms.closed_at.get_or_insert_with(|| app.clock.now());
    let after = kept(app, &mut tx, caller, &before, after).await?;
    tx.commit().await?;
    app.wake_worker();
    Ok(after)
}

/// [`keep`], and the deal as it is then.
async fn kept(app: &App, conn: &mut Conn, caller: &Caller, before: &Deal, after: Deal) -> Result<Deal, Error> {
    let after = keep(app, conn, caller, before, after).await?;
    Ok(deals::find(conn, &caller.tenant, &after.id).await?.unwrap_or(after))
}

/// Writes a changed deal with everything that follows from it: a manager by rule, clocks, the log, and that others hear of it
/// when it was won. A deal that is as it was leaves no trace.
pub(super) async fn keep(
    app: &App,
    conn: &mut Conn,
    caller: &Caller,
    before: &Deal,
    mut after: Deal,
) -> Result<Deal, Error> {
    if *before == after {
        return Ok(after);
    }
    let now = app.clock.now();
    if after.csm.is_none() && before.csm.is_none() && asks_for_a_manager(&before.terms, &after.terms) {
        after.csm = by_rule(conn, &after).await?;
    }
    deals::update(conn, &after).await?;
    deals::touch(conn, &after.id).await?;
    if before.terms.closed_at != after.terms.closed_at || before.terms.segment != after.terms.segment {
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
    if before.terms.closed_at.is_none() && after.terms.closed_at.is_some() {
        tell(app, conn, &after, EventKind::DealClosedWon, json!({"by": caller.name}), now).await?;
    }
    Ok(after)
}

/// Whether the rules are asked: when a deal is won, and when what they go by changes. Whom somebody took off a deal does not
/// come back because its name or amount was corrected.
fn asks_for_a_manager(before: &DealTerms, after: &DealTerms) -> bool {
    let newly_won = before.closed_at.is_none();
    let moved = before.segment != after.segment || before.territory != after.territory;
    after.closed_at.is_some() && (newly_won || moved)
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
pub(super) fn can_be(user: &User, role: Role) -> bool {
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
    let currency = named("currency", terms.currency)?.map(|currency| currency.to_uppercase());
    if currency.as_ref().is_some_and(|code| code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase())) {
        return Err(Error::Invalid("the currency is no code of three letters such as EUR".to_owned()));
    }
    // Deadlines are counted from it: what lies outside of this century is a mistake.
    let year = terms.closed_at.map(|at| at.to_zoned(TimeZone::UTC).year());
    if year.is_some_and(|year| !(2000..2100).contains(&year)) {
        return Err(Error::Invalid("the deal was won in no year from 2000 to 2099; look at `closed_at`".to_owned()));
    }
    Ok(DealTerms {
        segment: named("segment", terms.segment)?,
        territory: named("territory", terms.territory)?,
        product: named("product", terms.product)?,
        amount,
        currency,
        closed_at: terms.closed_at,
    })
}

/// Digits of an amount at most, all together: what CRMs send, and more than there is money.
const MAX_DIGITS: usize = 36;

/// A decimal as CRMs send it: a credit is negative.
fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(part) && whole.len() + part.len() <= MAX_DIGITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_amount_that_a_crm_may_send_can_be_kept() {
        for amount in ["48000", "48000.50", "-1200.5", "0", "123456789012345678.123456789012345678"] {
            assert!(is_decimal(amount), "{amount}");
        }
        for amount in ["", "-", ".5", "5.", "1e9", "48,000", "12 k", "--1", "1.2.3"] {
            assert!(!is_decimal(amount), "{amount}");
        }
    }

    #[test]
    fn terms_that_cannot_be_meant_are_refused() {
        let refused = |terms: DealTerms| checked_terms(terms).unwrap_err().to_string();
        let at = |time: &str| DealTerms { closed_at: Some(time.parse().unwrap()), ..DealTerms::default() };
        assert!(refused(at("9999-12-30T00:00:00Z")).contains("closed_at"), "its check-in would lie beyond all time");
        assert!(refused(at("1970-01-01T00:00:00Z")).contains("closed_at"));
        let currency = |code: &str| DealTerms { currency: Some(code.to_owned()), ..DealTerms::default() };
        assert!(refused(currency("Euro")).contains("three letters"));
        assert_eq!(checked_terms(currency(" eur ")).unwrap().currency.as_deref(), Some("EUR"));
        assert_eq!(checked_terms(currency(" ")).unwrap().currency, None);
    }
}
