//! The head that all pages of a deal share.

use serde::Serialize;

use super::words::{Deadline, day, deadline, state_label};
use crate::access::{Act, Caller, Sight};
use crate::app::App;
use crate::domain::deal::{Deal, DealState};
use crate::domain::handover::Milestone;
use crate::domain::item::ItemState;
use crate::error::Error;
use crate::handover;
use crate::store::{Conn, accounts, items, milestones};

/// The deal above its tabs.
#[derive(Debug, Clone, Serialize)]
pub(super) struct DealHead {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) account: String,
    pub(super) account_id: String,
    pub(super) state: DealState,
    pub(super) state_label: &'static str,
    pub(super) revision: i64,
    pub(super) closed: bool,
    pub(super) closed_label: String,
    pub(super) deadline: Option<Deadline>,
    pub(super) sees_review: bool,
    pub(super) undecided: usize,
    pub(super) open_questions: usize,
}

impl DealHead {
    /// Reads what the head shows.
    pub(super) async fn read(app: &App, conn: &mut Conn, caller: &Caller, deal: &Deal) -> Result<Self, Error> {
        let steps = milestones::list(conn, &deal.id).await?;
        let account = accounts::find(conn, &caller.tenant, &Sight::All, &deal.account_id).await?;
        // Counted is what the caller may see: a number tells of notes about persons too, and pages compare it with theirs.
        let mut findings = items::findings(conn, &deal.id).await?;
        findings.retain(|(finding, _)| !finding.field().is_sensitive() || caller.may_with(Act::SeeSensitive, deal));
        let questions = handover::questions(conn, caller, &deal.id).await?;
        Ok(Self {
            id: deal.id.to_string(),
            name: deal.name.clone(),
            account: account.map(|account| account.name).unwrap_or_default(),
            account_id: deal.account_id.to_string(),
            state: deal.state,
            state_label: state_label(deal.state),
            revision: deal.revision,
            closed: deal.terms.closed_at.is_some(),
            closed_label: match deal.terms.closed_at {
                Some(at) => format!("Closed-won {}", day(at)),
                None => "Not closed yet".to_owned(),
            },
            deadline: next(&steps).map(|step| deadline(step, app.clock.now())),
            sees_review: caller.may_with(Act::SeeDeal, deal),
            undecided: findings.iter().filter(|(_, state)| *state == ItemState::Drafted).count(),
            open_questions: questions.iter().filter(|question| question.answer.is_none()).count(),
        })
    }
}

/// The step whose clock runs out first.
pub(super) fn next(steps: &[Milestone]) -> Option<&Milestone> {
    steps.iter().filter(|step| step.done_at.is_none()).min_by_key(|step| step.due_at)
}
