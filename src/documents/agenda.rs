//! The meeting in which sales hands over: only the points that this deal has, each with its minutes and what to decide.

use serde::Serialize;

use super::context::{Context, Question};
use super::lines::{Line, PersonLine, PromiseLine, Reason, RiskLine, Top};
use super::rank::{
    Promise, all_promises, doubts, goals, open_objections, people, promises, reasons, risks, silent_fields,
};
use super::templates::{TemplateError, Templates};
use super::words::{clip, day};
use crate::domain::field::Field;
use crate::domain::finding::{History, Level, Role, Stakeholder};
use crate::domain::record::HandoffRecord;
use crate::domain::scorecard::Clarity;
use crate::domain::transcript::Side;
use crate::render::view::in_words;

/// Lines of each list at most.
const MAX_LINES: usize = 5;
/// Words of a line.
const MAX_WORDS: usize = 30;
/// More things than this to talk about take 45 minutes instead of 30.
const MANY: usize = 12;
/// Minutes come in blocks: nobody plans four minutes.
const BLOCK: usize = 5;

#[derive(Default, Serialize)]
pub(super) struct AgendaView {
    account: String,
    deal: String,
    version: i64,
    ae: Option<String>,
    csm: Option<String>,
    /// Minutes in all, and of each point; 0 where this deal has nothing to say on it.
    minutes: usize,
    time: Minutes,
    why: Top<Reason>,
    goals: Top<Line>,
    /// Promises the contract contradicts, and binding ones it does not carry.
    contradicted: Top<PromiseLine>,
    unwritten: Top<PromiseLine>,
    /// Taken back after it was said, or said so that one may count on it.
    withdrawn: Top<PromiseLine>,
    soft: Top<PromiseLine>,
    objections: Top<Line>,
    risks: Top<RiskLine>,
    /// Who doubts it, who leaves, and who carries it.
    doubters: Top<PersonLine>,
    leaving: Top<PersonLine>,
    allies: Top<PersonLine>,
    /// Sensitive notes, where the reader may see them.
    politics: Top<Line>,
    relationship: Top<Line>,
    /// Headings of core fields without an item.
    silent: Vec<&'static str>,
    /// Questions of the scorecard that are not clear.
    weak: Vec<String>,
    questions: Vec<Question>,
    deadlines: Vec<DueLine>,
}

#[derive(Debug, Default, Serialize)]
struct Minutes {
    context: usize,
    promises: usize,
    concerns: usize,
    people: usize,
    gaps: usize,
    handover: usize,
}

#[derive(Serialize)]
pub(super) struct DueLine {
    pub(super) label: String,
    pub(super) due: String,
}

pub(super) fn markdown(
    templates: &Templates,
    context: &Context,
    record: &HandoffRecord,
) -> Result<String, TemplateError> {
    let mut view = AgendaView {
        account: clip(&record.account, 8),
        deal: clip(&record.deal, 10),
        version: record.version,
        ae: context.ae.as_ref().map(|ae| clip(&ae.name, 6)),
        csm: context.csm.as_ref().map(|csm| clip(&csm.name, 6)),
        why: Top::of(reasons(record), 3, |item| Reason::of(item, MAX_WORDS)),
        goals: Top::of(goals(record), 3, |goal| Line::of(goal.item, MAX_WORDS)),
        objections: Top::of(open_objections(record), MAX_LINES, |item| Line::of(item, MAX_WORDS)),
        silent: silent_fields(record).into_iter().map(Field::heading).collect(),
        weak: weak(record),
        questions: context.questions.iter().filter(|question| question.answer.is_none()).cloned().collect(),
        deadlines: deadlines(context),
        ..AgendaView::default()
    };
    fill_promises(&mut view, record);
    fill_people(&mut view, record);
    let grave = risks(record).into_iter().filter(|risk| risk.told.severity != Some(Level::Low));
    view.risks = Top::of(grave, 3, |risk| RiskLine::of(&risk, MAX_WORDS));
    (view.minutes, view.time) = minutes(&view);
    templates.fill("agenda.md", &view)
}

fn fill_promises(view: &mut AgendaView, record: &HandoffRecord) {
    let ranked = promises(record);
    let some = |wanted: fn(&Promise<'_>) -> bool| {
        Top::of(ranked.iter().filter(|promise| wanted(promise)), MAX_LINES, |promise| {
            PromiseLine::of(promise, MAX_WORDS)
        })
    };
    view.contradicted = some(|promise| promise.binds() && promise.is_unsettled() && promise.is_contradicted());
    view.unwritten = some(|promise| promise.binds() && promise.is_unsettled() && promise.is_unwritten());
    view.soft = some(|promise| !promise.binds() && !promise.is_owed_by(Side::Customer));
    let taken_back =
        all_promises(record).into_iter().filter(|promise| promise.told.history == Some(History::Withdrawn));
    view.withdrawn = Top::of(taken_back, MAX_LINES, |promise| PromiseLine::of(&promise, MAX_WORDS));
}

fn fill_people(view: &mut AgendaView, record: &HandoffRecord) {
    let ranked = people(record);
    let some = |wanted: fn(&Stakeholder) -> bool| {
        let wanted = ranked.iter().filter(|person| wanted(person.told));
        Top::of(wanted, MAX_LINES, |person| PersonLine::of(person, MAX_WORDS))
    };
    view.doubters = some(doubts);
    view.leaving = some(|person| !doubts(person) && person.leaving == Some(true));
    view.allies = some(|person| {
        let ally = |role: &Role| matches!(role, Role::Champion | Role::ExecutiveSponsor | Role::EconomicBuyer);
        !doubts(person) && person.leaving != Some(true) && person.roles.iter().flatten().any(ally)
    });
    let notes = |field| Top::of(record.of(field), MAX_LINES, |item| Line::of(item, MAX_WORDS));
    (view.politics, view.relationship) = (notes(Field::Politics), notes(Field::Relationship));
}

/// Questions of the scorecard that the record leaves open; the transition is what this meeting is for.
pub(super) fn weak(record: &HandoffRecord) -> Vec<String> {
    let answers = crate::domain::scorecard::RULES.into_iter().zip(record.scorecard.answers());
    let open = answers.filter(|((name, _), answer)| *answer != Clarity::Clear && *name != "transition");
    open.map(|((name, _), answer)| format!("{}: {}", in_words(name), answer.as_str())).collect()
}

pub(super) fn deadlines(context: &Context) -> Vec<DueLine> {
    let mut due = context.deadlines.clone();
    due.sort_by_key(|deadline| deadline.due);
    due.into_iter().map(|deadline| DueLine { label: clip(&deadline.label, 8), due: day(deadline.due) }).collect()
}

/// A block for each point there is, and the rest where most is to be talked about.
fn minutes(view: &AgendaView) -> (usize, Minutes) {
    let notes = view.politics.lines.len() + view.relationship.lines.len();
    let people = view.doubters.lines.len() + view.leaving.lines.len() + notes;
    let loads = [
        1,
        view.contradicted.lines.len() + view.unwritten.lines.len() + view.withdrawn.lines.len() + view.soft.lines.len(),
        view.objections.lines.len() + view.risks.lines.len(),
        people.max(usize::from(!view.allies.lines.is_empty())),
        usize::from(!view.silent.is_empty()) + view.weak.len() + view.questions.len(),
        1,
    ];
    let total: usize = if loads.iter().sum::<usize>() > MANY { 45 } else { 30 };
    let mut blocks = loads.map(|load| usize::from(load > 0));
    for _ in blocks.iter().sum::<usize>()..total / BLOCK {
        // The point with the most per block; of two, the earlier.
        let fullest = (0..loads.len()).rev().max_by_key(|&at| loads[at] * 100 / blocks[at].max(1)).unwrap_or_default();
        blocks[fullest] += 1;
    }
    let [context, promises, concerns, people, gaps, handover] = blocks.map(|blocks| blocks * BLOCK);
    (total, Minutes { context, promises, concerns, people, gaps, handover })
}
