//! What the customer success manager prepares: what to say first, whose words to use, what may cause friction, what to ask.

use jiff::civil::Date;
use serde::Serialize;

use super::agenda::{DueLine, deadlines, weak};
use super::context::{Context, Question};
use super::lines::{DateLine, GoalLine, Line, PersonLine, PromiseLine, Reason, Top, Words};
use super::rank::{
    Promise, Told, all_promises, dates, doubts, goals, open_objections, people, promises, promises_by_day, reasons,
    silent_fields,
};
use super::templates::{TemplateError, Templates};
use super::words::{basis, clip, due_day};
use crate::domain::field::Field;
use crate::domain::finding::{History, Stakeholder, SuccessCriteria, TimelineKind};
use crate::domain::record::HandoffRecord;
use crate::domain::transcript::Side;

/// Lines of each list at most.
const MAX_LINES: usize = 5;
/// Words of a line.
const MAX_WORDS: usize = 30;

#[derive(Default, Serialize)]
pub(super) struct KickoffView {
    account: String,
    deal: String,
    csm: Option<String>,
    ae: Option<String>,
    deadlines: Vec<DueLine>,
    /// The first thing to say: why they bought, and what they are after.
    why: Option<Reason>,
    goal: Option<GoalLine>,
    /// The customer's words to use again.
    words: Vec<Words>,
    /// Binding promises that the contract contradicts or does not carry.
    unsettled: Top<PromiseLine>,
    /// Taken back, or changed after it was first said.
    revised: Top<Revised>,
    /// Said softly, and easily taken for a promise.
    soft: Top<PromiseLine>,
    /// Ours with a day that was past when the version was finalized.
    past_due: Top<PromiseLine>,
    objections: Top<Line>,
    /// Who doubts it, and who matters and stands on neither side.
    to_win: Top<PersonLine>,
    leaving: Top<PersonLine>,
    /// Sensitive notes, where the reader may see them.
    politics: Top<Line>,
    relationship: Top<Line>,
    /// What to ask: of fields nobody answered.
    ask: Vec<&'static str>,
    weak: Vec<String>,
    questions: Vec<Question>,
    /// The first visible result, where the record names one.
    quick_win: Option<DateLine>,
    /// Without one, the first of their goals that has a day.
    first_goal: Option<GoalLine>,
    /// The next thing due from each side.
    next_ours: Option<PromiseLine>,
    next_theirs: Option<PromiseLine>,
}

/// A first word that no longer holds.
#[derive(Serialize)]
struct Revised {
    text: String,
    /// What holds in its place; nothing where it was taken back.
    now: Option<String>,
    basis: String,
}

pub(super) fn markdown(
    templates: &Templates,
    context: &Context,
    record: &HandoffRecord,
) -> Result<String, TemplateError> {
    let notes = |field| Top::of(record.of(field), MAX_LINES, |item| Line::of(item, MAX_WORDS));
    let win = dates(record).into_iter().find(|date| date.told.kind == Some(TimelineKind::QuickWin));
    let day = |goal: &Told<'_, SuccessCriteria>| goal.told.due.as_deref().and_then(due_day);
    let first_goal = goals(record).into_iter().filter(|goal| day(goal).is_some()).min_by_key(day);
    let ranked = people(record);
    let some = |wanted: fn(&Stakeholder) -> bool| {
        let wanted = ranked.iter().filter(|person| wanted(person.told));
        Top::of(wanted, MAX_LINES, |person| PersonLine::of(person, MAX_WORDS))
    };
    let mut view = KickoffView {
        to_win: some(doubts),
        leaving: some(|person| !doubts(person) && person.leaving == Some(true)),
        account: clip(&record.account, 8),
        deal: clip(&record.deal, 10),
        csm: context.csm.as_ref().map(|csm| clip(&csm.name, 6)),
        ae: context.ae.as_ref().map(|ae| clip(&ae.name, 6)),
        deadlines: deadlines(context),
        why: reasons(record).first().map(|item| Reason::of(item, MAX_WORDS)),
        goal: goals(record).first().map(|goal| GoalLine::of(goal, MAX_WORDS)),
        words: words(record),
        objections: Top::of(open_objections(record), MAX_LINES, |item| Line::of(item, MAX_WORDS)),
        politics: notes(Field::Politics),
        relationship: notes(Field::Relationship),
        ask: silent_fields(record).into_iter().filter_map(question).collect(),
        weak: weak(record),
        questions: context.questions.clone(),
        first_goal: first_goal.map(|goal| GoalLine::of(&goal, MAX_WORDS)),
        quick_win: win.map(|date| DateLine::of(&date, MAX_WORDS)),
        ..KickoffView::default()
    };
    fill_promises(&mut view, record, context.day_zero());
    templates.fill("kickoff.md", &view)
}

fn fill_promises(view: &mut KickoffView, record: &HandoffRecord, today: Date) {
    let line = |promise: &Promise<'_>| PromiseLine::of(promise, MAX_WORDS);
    let ranked = promises(record);
    let some = |wanted: &dyn Fn(&Promise<'_>) -> bool| {
        Top::of(ranked.iter().filter(|promise| wanted(promise)), MAX_LINES, line)
    };
    let is_past = |promise: &Promise<'_>| promise.due_day().is_some_and(|day| day < today);
    view.unsettled = some(&|promise| promise.binds() && promise.is_unsettled() && !is_past(promise));
    view.soft = some(&|promise| !promise.binds() && !promise.is_owed_by(Side::Customer));
    view.past_due = some(&|promise| promise.binds() && is_past(promise) && !promise.is_owed_by(Side::Customer));
    view.revised = Top::of(revised(record), MAX_LINES, |revised| revised);
    let next = |side: Side| {
        let ahead = |promise: &&Promise<'_>| {
            promise.is_owed_by(side) && promise.binds() && promise.due_day().is_some_and(|day| day >= today)
        };
        promises_by_day(record).iter().find(ahead).map(line)
    };
    (view.next_ours, view.next_theirs) = (next(Side::Vendor), next(Side::Customer));
}

/// What we said first and then changed or took back, each with the word that holds now.
fn revised(record: &HandoffRecord) -> Vec<Revised> {
    let all = all_promises(record);
    let ours = |promise: &&Promise<'_>| !promise.is_owed_by(Side::Customer);
    let withdrawn = |promise: &Promise<'_>| promise.told.history == Some(History::Withdrawn);
    let successor =
        |promise: &Promise<'_>| all.iter().find(|next| promise.told.superseded_by.as_ref() == Some(&next.item.id));
    let replaced = all.iter().filter(ours).filter(|promise| promise.told.history == Some(History::Superseded));
    let replaced = replaced.map(|promise| Revised {
        text: clip(&promise.item.statement, MAX_WORDS),
        now: successor(promise).filter(|next| !withdrawn(next)).map(|next| clip(&next.item.statement, MAX_WORDS)),
        basis: basis(promise.item),
    });
    // Where the first word stands above, the taking back needs no line of its own.
    let is_told =
        |promise: &&Promise<'_>| all.iter().any(|first| first.told.superseded_by.as_ref() == Some(&promise.item.id));
    let taken_back = all.iter().filter(ours).filter(|promise| withdrawn(promise) && !is_told(promise));
    let taken_back = taken_back.map(|promise| Revised {
        text: clip(&promise.item.statement, MAX_WORDS),
        now: None,
        basis: basis(promise.item),
    });
    replaced.chain(taken_back).collect()
}

/// What the customer said of goals and reasons, the shortest telling words of each.
fn words(record: &HandoffRecord) -> Vec<Words> {
    let goals = goals(record).into_iter().map(|goal| goal.item);
    let said = goals.chain(reasons(record)).filter_map(|item| Words::of_customer(item, MAX_WORDS));
    said.take(MAX_LINES).collect()
}

/// What to ask the customer about a field that nobody has answered.
const fn question(field: Field) -> Option<&'static str> {
    match field {
        Field::WhyBought => Some("What made you act now, and does it still press?"),
        Field::SuccessCriteria => {
            Some("What would make this clearly worth it for you in 90 days, and how will you measure it?")
        }
        Field::Commitment => Some("What do you count on us to do, and by when?"),
        Field::Stakeholder => Some("Who decides, who runs it day to day, and who needs to be won over?"),
        Field::Scope => Some("Which teams and uses come first, and what is left for later?"),
        Field::Timeline => Some("Which dates cannot move, and when must nothing change?"),
        Field::Technical => Some("Which systems does it have to work with, and who looks after them?"),
        Field::Objection => Some("What still worries you?"),
        Field::Risk => Some("What could slow this down on your side?"),
        // Nobody asks a new customer what else they nearly bought.
        Field::Competitor | Field::Pricing | Field::Politics | Field::Relationship => None,
    }
}
