//! What a team sets for itself: deadlines, and who receives which deals.

use serde_json::json;

use super::assignment::can_be;
use super::{ASSIGNMENT_RULES, SLA_POLICIES};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::ids::RuleId;
use crate::domain::policy::{AssignmentRule, AssignmentRules, SlaPolicies, SlaPolicy};
use crate::domain::user::Role;
use crate::error::Error;
use crate::store::{Conn, settings, users};

/// Sets the tenant's SLA policies. Deals that are won already keep the clocks they have.
///
/// # Errors
///
/// [`Error::Forbidden`]; [`Error::Invalid`] for policies that cannot be kept.
pub async fn set_sla_policies(app: &App, caller: &Caller, policies: SlaPolicies) -> Result<SlaPolicies, Error> {
    let mut tx = app.store.write().await?;
    let policies = change(app, caller, &mut tx, SLA_POLICIES, |_| policies.checked()).await?;
    tx.commit().await?;
    Ok(policies)
}

/// Sets one of the tenant's SLA policies: that of its segment, or that of every other deal.
///
/// # Errors
///
/// As [`set_sla_policies`].
pub async fn set_sla_policy(app: &App, caller: &Caller, policy: SlaPolicy) -> Result<SlaPolicies, Error> {
    let mut tx = app.store.write().await?;
    let with_it = |mut policies: SlaPolicies| {
        policies.set(policy.checked()?);
        policies.checked()
    };
    let policies = change(app, caller, &mut tx, SLA_POLICIES, with_it).await?;
    tx.commit().await?;
    Ok(policies)
}

/// Adds an assignment rule, for deals that are won from now on.
///
/// # Errors
///
/// [`Error::Forbidden`]; [`Error::NotFound`] when it names somebody who is no user; [`Error::Invalid`] when they cannot receive
/// deals, and for a rule that cannot be kept.
pub async fn add_assignment_rule(app: &App, caller: &Caller, rule: AssignmentRule) -> Result<AssignmentRules, Error> {
    caller.require(Act::ManagePolicies)?;
    let mut tx = app.store.write().await?;
    for id in &rule.csms {
        let user = users::find(&mut tx, &caller.tenant, id).await?.ok_or_else(|| Error::not_found("user", id))?;
        if !can_be(&user, Role::Csm) {
            return Err(Error::Invalid(format!("{} is no active customer success manager", user.name)));
        }
    }
    let with_it = |mut rules: AssignmentRules| rules.add(rule).map(|()| rules);
    let rules = change(app, caller, &mut tx, ASSIGNMENT_RULES, with_it).await?;
    tx.commit().await?;
    Ok(rules)
}

/// Removes an assignment rule.
///
/// # Errors
///
/// [`Error::Forbidden`]; [`Error::NotFound`].
pub async fn remove_assignment_rule(app: &App, caller: &Caller, id: &RuleId) -> Result<AssignmentRules, Error> {
    let mut tx = app.store.write().await?;
    let without_it = |mut rules: AssignmentRules| {
        let before = rules.rules.len();
        rules.rules.retain(|rule| rule.id != *id);
        if rules.rules.len() < before { Ok(rules) } else { Err(Error::not_found("rule", id)) }
    };
    let rules = change(app, caller, &mut tx, ASSIGNMENT_RULES, without_it).await?;
    tx.commit().await?;
    Ok(rules)
}

/// Changes a setting: read, changed and written in one transaction, so that of two changes at once none is lost.
async fn change<T>(
    app: &App,
    caller: &Caller,
    conn: &mut Conn,
    name: &'static str,
    change: impl FnOnce(T) -> Result<T, Error>,
) -> Result<T, Error>
where
    T: serde::Serialize + serde::de::DeserializeOwned + Default + Sync,
{
    caller.require(Act::ManagePolicies)?;
    let now = app.clock.now();
    let before: T = settings::get(conn, &caller.tenant, name).await?;
    let told = json!(before);
    let after = change(before)?;
    settings::set(conn, &caller.tenant, name, &after, now).await?;
    let change = Change {
        action: "settings.changed",
        subject: name.to_owned(),
        before: Some(told),
        after: Some(json!(after)),
        ..Change::default()
    };
    audit::record(conn, caller, change, now).await?;
    Ok(after)
}
