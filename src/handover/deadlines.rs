//! The clocks of won deals: set by policy, stopped by what is done, told of before they run out.

use jiff::Timestamp;
use serde_json::json;

use super::{ASSIGNMENT_RULES, SLA_POLICIES, tell};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::deal::{Deal, DealState};
use crate::domain::handover::Milestone;
use crate::domain::ids::{DealId, RuleId, TenantId};
use crate::domain::policy::{AssignmentRule, AssignmentRules, SlaPolicies, SlaPolicy, Step};
use crate::error::Error;
use crate::hooks::event::EventKind;
use crate::store::jobs::{self, Job};
use crate::store::{Conn, deals, milestones, settings, users};

/// Sets the clocks of a deal after the policy of its segment: none while it is not won.
pub(super) async fn set_clocks(conn: &mut Conn, deal: &Deal, now: Timestamp) -> Result<(), Error> {
    milestones::clear_open(conn, &deal.id).await?;
    let Some(closed_at) = deal.terms.closed_at else { return Ok(()) };
    let policies: SlaPolicies = settings::get(conn, &deal.tenant, SLA_POLICIES).await?;
    let Some(policy) = policies.of_segment(deal.terms.segment.as_deref()) else { return Ok(()) };
    for step in &policy.steps {
        let (remind_at, due_at) = step.times(closed_at);
        let label = step.step.label().to_owned();
        let milestone = Milestone { step: step.step, label, remind_at, due_at, done_at: None, done_by: None };
        milestones::plan(conn, &deal.tenant, &deal.id, &milestone).await?;
    }
    if matches!(deal.state, DealState::Finalized | DealState::Accepted) {
        milestones::set_done(conn, &deal.id, Step::Document, Some((now, "final before the deal was won"))).await?;
    }
    wind_up(conn, &deal.tenant, now).await
}

/// Has the worker look again when the tenant's next reminder is due.
async fn wind_up(conn: &mut Conn, tenant: &TenantId, now: Timestamp) -> Result<(), Error> {
    if let Some(at) = milestones::next_reminder(conn, tenant).await? {
        jobs::enqueue(conn, tenant, None, &Job::Remind { tenant: tenant.clone() }, at.max(now)).await?;
    }
    Ok(())
}

/// Stops the clock of a step that was done by what was done; a deal without that step has no clock to stop.
///
/// # Errors
///
/// When the records cannot be written.
pub async fn finished(
    conn: &mut Conn,
    caller: &Caller,
    deal: &DealId,
    step: Step,
    now: Timestamp,
) -> Result<(), Error> {
    milestones::set_done(conn, deal, step, Some((now, &caller.name))).await?;
    Ok(())
}

/// Says that a step was taken, or that it was not after all.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Conflict`] for a step that is not marked
/// by hand, or that the deal does not have.
pub async fn mark_step(
    app: &App,
    caller: &Caller,
    id: &DealId,
    step: Step,
    done: bool,
) -> Result<Vec<Milestone>, Error> {
    let mut tx = app.store.write().await?;
    caller.deal(&mut tx, id, Act::MarkStep).await?;
    if !step.is_marked_by_hand() {
        return Err(Error::Conflict(format!(
            "{} is not marked by hand: it is done once the document is final, or the check-in recorded",
            step.label()
        )));
    }
    let now = app.clock.now();
    if !milestones::set_done(&mut tx, id, step, done.then_some((now, caller.name.as_str()))).await? {
        return Err(Error::Conflict(format!(
            "this deal has no step {}: it is not won yet, or its SLA policy does not name it",
            step.label()
        )));
    }
    let change = Change {
        action: "step.marked",
        subject: step.as_str().to_owned(),
        deal: Some(id),
        before: Some(json!({"done": !done})),
        after: Some(json!({"done": done})),
        reason: None,
    };
    audit::record(&mut tx, caller, change, now).await?;
    deals::touch(&mut tx, id).await?;
    let steps = milestones::list(&mut tx, id).await?;
    wind_up(&mut tx, &caller.tenant, now).await?;
    tx.commit().await?;
    Ok(steps)
}

/// Tells of every deadline that is near or past and was not told of yet; then waits for the next one. Runs within the
/// transaction of its job.
///
/// # Errors
///
/// When the records cannot be read or written.
pub async fn remind(app: &App, conn: &mut Conn, tenant: &TenantId) -> Result<(), Error> {
    let now = app.clock.now();
    for due in milestones::due_reminders(conn, tenant, now).await? {
        if let Some(deal) = deals::find(conn, tenant, &due.deal).await? {
            let kind = if due.overdue { EventKind::SlaOverdue } else { EventKind::SlaDueSoon };
            let data = json!({"step": due.milestone.label, "due_at": due.milestone.due_at});
            tell(app, conn, &deal, kind, data, now).await?;
        }
        milestones::set_reminded(conn, &due).await?;
    }
    wind_up(conn, tenant, now).await
}

/// Sets the tenant's SLA policies. Deals that are won already keep the clocks they have.
///
/// # Errors
///
/// [`Error::Forbidden`]; [`Error::Invalid`] for policies that cannot be kept.
pub async fn set_sla_policies(app: &App, caller: &Caller, policies: SlaPolicies) -> Result<SlaPolicies, Error> {
    caller.require(Act::ManagePolicies)?;
    let policies = policies.checked()?;
    set(app, caller, SLA_POLICIES, &policies).await?;
    Ok(policies)
}

/// Sets one of the tenant's SLA policies.
///
/// # Errors
///
/// As [`set_sla_policies`].
pub async fn set_sla_policy(app: &App, caller: &Caller, policy: SlaPolicy) -> Result<SlaPolicies, Error> {
    caller.require(Act::ManagePolicies)?;
    let mut policies: SlaPolicies = settings::get(&mut *app.store.read().await?, &caller.tenant, SLA_POLICIES).await?;
    policies.set(policy);
    set_sla_policies(app, caller, policies).await
}

/// Adds an assignment rule, for deals that are won from now on.
///
/// # Errors
///
/// [`Error::Forbidden`]; [`Error::NotFound`] when it names somebody who is no user; [`Error::Invalid`] for a rule that
/// cannot be kept.
pub async fn add_assignment_rule(app: &App, caller: &Caller, rule: AssignmentRule) -> Result<AssignmentRules, Error> {
    let mut rules = rules(app, caller).await?;
    let people = users::list(&mut *app.store.read().await?, &caller.tenant).await?;
    if let Some(stranger) = rule.csms.iter().find(|id| people.iter().all(|user| user.id != **id)) {
        return Err(Error::not_found("user", stranger));
    }
    rules.add(rule)?;
    set(app, caller, ASSIGNMENT_RULES, &rules).await?;
    Ok(rules)
}

/// Removes an assignment rule.
///
/// # Errors
///
/// [`Error::Forbidden`]; [`Error::NotFound`].
pub async fn remove_assignment_rule(app: &App, caller: &Caller, id: &RuleId) -> Result<AssignmentRules, Error> {
    let mut rules = rules(app, caller).await?;
    let before = rules.rules.len();
    rules.rules.retain(|rule| rule.id != *id);
    if rules.rules.len() == before {
        return Err(Error::not_found("rule", id));
    }
    set(app, caller, ASSIGNMENT_RULES, &rules).await?;
    Ok(rules)
}

async fn rules(app: &App, caller: &Caller) -> Result<AssignmentRules, Error> {
    caller.require(Act::ManagePolicies)?;
    Ok(settings::get(&mut *app.store.read().await?, &caller.tenant, ASSIGNMENT_RULES).await?)
}

async fn set<T>(app: &App, caller: &Caller, name: &'static str, value: &T) -> Result<(), Error>
where
    T: serde::Serialize + serde::de::DeserializeOwned + Default + Sync,
{
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let before: T = settings::get(&mut tx, &caller.tenant, name).await?;
    settings::set(&mut tx, &caller.tenant, name, value, now).await?;
    let change = Change {
        action: "settings.changed",
        subject: name.to_owned(),
        before: Some(json!(before)),
        after: Some(json!(value)),
        ..Change::default()
    };
    audit::record(&mut tx, caller, change, now).await?;
    tx.commit().await?;
    Ok(())
}
