//! The clocks of won deals: set by policy, stopped by what is done, told of before they run out.

use jiff::Timestamp;
use serde_json::json;

use super::{SLA_POLICIES, tell};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::deal::Deal;
use crate::domain::handover::Milestone;
use crate::domain::ids::{DealId, TenantId};
use crate::domain::policy::{SlaPolicies, Step};
use crate::error::Error;
use crate::hooks::event::EventKind;
use crate::store::jobs::{self, Job};
use crate::store::{Conn, deals, milestones, settings, versions};

/// Sets the clocks of a deal after the policy of its segment: none while it is not won. What is done stays done.
pub(super) async fn set_clocks(conn: &mut Conn, deal: &Deal, now: Timestamp) -> Result<(), Error> {
    let policies: SlaPolicies = settings::get(conn, &deal.tenant, SLA_POLICIES).await?;
    let won = deal.terms.closed_at.zip(policies.of_segment(deal.terms.segment.as_deref()));
    for &step in Step::ALL {
        match won.and_then(|(at, policy)| policy.milestone(step, at)) {
            Some(milestone) => milestones::plan(conn, &deal.tenant, &deal.id, &milestone).await?,
            None => milestones::remove_open(conn, &deal.id, step).await?,
        }
    }
    if let Some(first) = versions::list(conn, &deal.id).await?.first() {
        milestones::set_done(conn, &deal.id, Step::Document, first.created_at, None).await?;
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

/// Stops the clock of a step that was done by what was done. The first time counts, and a deal without that step has no clock
/// to stop.
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
    milestones::set_done(conn, deal, step, now, Some(&caller.name)).await?;
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
    can_be_marked(&milestones::list(&mut tx, id).await?, step)?;
    let now = app.clock.now();
    let changed = if done {
        milestones::set_done(&mut tx, id, step, now, Some(&caller.name)).await?
    } else {
        milestones::set_open(&mut tx, id, step).await?
    };
    if changed {
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
        wind_up(&mut tx, &caller.tenant, now).await?;
    }
    let steps = milestones::list(&mut tx, id).await?;
    tx.commit().await?;
    app.wake_worker();
    Ok(steps)
}

fn can_be_marked(steps: &[Milestone], step: Step) -> Result<(), Error> {
    let label = step.label();
    if !step.is_marked_by_hand() {
        return Err(Error::Conflict(format!(
            "{label} is not marked by hand: it is done once the document is final, or the check-in recorded"
        )));
    }
    if !steps.iter().any(|known| known.step == step) {
        return Err(Error::Conflict(format!(
            "this deal has no step {label}: it is not won yet, or its SLA policy does not name it"
        )));
    }
    Ok(())
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
