//! The draft of a success plan: objectives, and what either side does in the first 30, 60 and 90 days.

use jiff::civil::Date;
use serde::Serialize;

use super::context::Context;
use super::discretion::is_about_money;
use super::lines::{DateLine, GoalLine, PersonLine, PromiseLine, RiskLine, Top};
use super::rank::{Promise, Told, dates, goals, people, promises_by_day, risks};
use super::templates::{TemplateError, Templates};
use super::words::{clip, day, days_after, days_between, due_day};
use crate::domain::finding::{Role, Timeline, TimelineKind};
use crate::domain::record::HandoffRecord;

/// Lines of each list at most.
const MAX_LINES: usize = 6;
/// Words of a line.
const MAX_WORDS: usize = 30;

#[derive(Default, Serialize)]
pub(super) struct SuccessPlanView {
    account: String,
    deal: String,
    version: i64,
    starts_on: String,
    csm: Option<String>,
    ae: Option<String>,
    /// Who runs, backs or administers it on the customer's side.
    owners: Top<PersonLine>,
    goals: Top<GoalLine>,
    /// Days 1 to 30, 31 to 60, 61 to 90, and later.
    phases: Vec<Phase>,
    /// Promises of ours that are left out while the contract says otherwise.
    unsettled: Vec<PromiseLine>,
    /// What has no day, and what was due before day 0.
    undated_milestones: Top<DateLine>,
    undated: Top<PromiseLine>,
    overdue: Top<PromiseLine>,
    /// Times in which nothing may happen.
    blackouts: Top<DateLine>,
    risks: Top<RiskLine>,
}

#[derive(Default, Serialize)]
struct Phase {
    title: &'static str,
    from: String,
    /// Nothing where it has no end.
    until: Option<String>,
    goals: Top<GoalLine>,
    milestones: Top<DateLine>,
    promises: Top<PromiseLine>,
}

const PHASES: [(&str, i32, Option<i32>); 4] = [
    ("Days 1 to 30", 0, Some(30)),
    ("Days 31 to 60", 31, Some(60)),
    ("Days 61 to 90", 61, Some(90)),
    ("After day 90", 91, None),
];

pub(super) fn markdown(
    templates: &Templates,
    context: &Context,
    record: &HandoffRecord,
) -> Result<String, TemplateError> {
    let start = context.day_zero();
    let plannable = |promise: &Promise<'_>| promise.binds() && !is_about_money(promise.told);
    let (unsettled, binding): (Vec<_>, Vec<_>) = promises_by_day(record)
        .into_iter()
        .filter(plannable)
        .partition(|promise| promise.is_unsettled() && promise.is_contradicted());
    let line = |promise: &Promise<'_>| PromiseLine::of(promise, MAX_WORDS);
    let some = |wanted: &dyn Fn(Option<Date>) -> bool| {
        Top::of(binding.iter().filter(|promise| wanted(promise.due_day())), MAX_LINES, line)
    };
    let runs = |role: &Role| matches!(role, Role::ProjectLead | Role::ExecutiveSponsor | Role::Admin | Role::Technical);
    let owners = people(record).into_iter().filter(|person| person.told.roles.iter().flatten().any(runs));
    let due = |date: &Told<'_, Timeline>| date.told.due.as_deref().and_then(due_day);
    let undated = milestones(record).into_iter().filter(|date| due(date).is_none());
    let blackouts = dates(record).into_iter().filter(|date| date.told.kind == Some(TimelineKind::Blackout));
    let view = SuccessPlanView {
        account: clip(&record.account, 8),
        deal: clip(&record.deal, 10),
        version: record.version,
        starts_on: day(start),
        csm: context.csm.as_ref().map(|csm| clip(&csm.name, 6)),
        ae: context.ae.as_ref().map(|ae| clip(&ae.name, 6)),
        owners: Top::of(owners, MAX_LINES, |person| PersonLine::of(&person, MAX_WORDS)),
        goals: Top::of(goals(record), MAX_LINES, |goal| GoalLine::of(&goal, MAX_WORDS)),
        phases: PHASES
            .into_iter()
            .map(|(title, from, until)| phase(record, &binding, start, (title, from, until)))
            .collect(),
        unsettled: unsettled.iter().map(line).collect(),
        undated_milestones: Top::of(undated, MAX_LINES, |date| DateLine::of(&date, MAX_WORDS)),
        undated: some(&|due| due.is_none()),
        overdue: some(&|due| due.is_some_and(|due| due < start)),
        blackouts: Top::of(blackouts, MAX_LINES, |date| DateLine::of(&date, MAX_WORDS)),
        risks: Top::of(risks(record), MAX_LINES, |risk| RiskLine::of(&risk, MAX_WORDS)),
    };
    templates.fill("success_plan.md", &view)
}

/// Dates to reach; a time in which nothing may happen is none.
fn milestones(record: &HandoffRecord) -> Vec<Told<'_, Timeline>> {
    let mut dates = dates(record);
    dates.retain(|date| date.told.kind != Some(TimelineKind::Blackout));
    dates
}

fn phase(
    record: &HandoffRecord,
    binding: &[Promise<'_>],
    start: Date,
    (title, from, until): (&'static str, i32, Option<i32>),
) -> Phase {
    let falls_in = |due: Option<Date>| {
        let days = due.map(|due| days_between(start, due));
        days.is_some_and(|days| days >= from && until.is_none_or(|until| days <= until))
    };
    let milestones = milestones(record).into_iter().filter(|date| falls_in(date.told.due.as_deref().and_then(due_day)));
    let promises = binding.iter().filter(|promise| falls_in(promise.due_day()));
    let goals = goals(record).into_iter().filter(|goal| falls_in(goal.told.due.as_deref().and_then(due_day)));
    Phase {
        title,
        goals: Top::of(goals, MAX_LINES, |goal| GoalLine::of(&goal, MAX_WORDS)),
        from: day(days_after(start, from)),
        until: until.map(|until| day(days_after(start, until))),
        milestones: Top::of(milestones, MAX_LINES, |date| DateLine::of(&date, MAX_WORDS)),
        promises: Top::of(promises, MAX_LINES, |promise| PromiseLine::of(promise, MAX_WORDS)),
    }
}
