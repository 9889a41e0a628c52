//! The brief: one to two pages, whatever the deal. What matters most comes first; the full document has the rest.

use jiff::civil::Date;
use serde::Serialize;

use super::context::{Context, Fact, Person};
use super::lines::{DateLine, GoalLine, Line, PersonLine, PromiseLine, Reason, RiskLine, Top};
use super::rank::{Promise, all_scope, dates, goals, open_objections, people, promises, reasons, risks, silent_fields};
use super::templates::{TemplateError, Templates};
use super::words::{clip, day, days_after, due_day};
use crate::domain::field::Field;
use crate::domain::record::HandoffRecord;
use crate::domain::transcript::Side;
use crate::render::view::{OverrideView, missing_line};

/// More than two printed pages hold.
const MAX_WORDS: usize = 900;
const MAX_CHARS: usize = 7_500;
/// Days that count as the beginning.
const FIRST_DAYS: i32 = 30;

/// How many lines of each kind, and how many words each.
#[derive(Clone, Copy)]
struct Room {
    lines: usize,
    promises: usize,
    people: usize,
    words: usize,
}

/// From the room that most deals need to the room that no deal exceeds.
const ROOMS: [Room; 9] = [
    Room { lines: 4, promises: 11, people: 8, words: 32 },
    Room { lines: 4, promises: 9, people: 8, words: 30 },
    Room { lines: 3, promises: 9, people: 8, words: 28 },
    Room { lines: 3, promises: 8, people: 7, words: 26 },
    Room { lines: 3, promises: 7, people: 7, words: 24 },
    Room { lines: 3, promises: 6, people: 6, words: 20 },
    Room { lines: 2, promises: 6, people: 6, words: 16 },
    Room { lines: 2, promises: 5, people: 5, words: 12 },
    Room { lines: 2, promises: 4, people: 4, words: 8 },
];

#[derive(Default, Serialize)]
pub(super) struct BriefView {
    account: String,
    deal: String,
    version: i64,
    finalized_by: String,
    finalized_on: String,
    ae: Option<String>,
    csm: Option<String>,
    facts: Vec<Fact>,
    /// Why it was finalized all the same, and what was missing then.
    overridden: Option<OverrideView>,
    why: Top<Reason>,
    in_scope: Top<Line>,
    out_of_scope: Top<Line>,
    goals: Top<GoalLine>,
    people: Top<PersonLine>,
    promises: Top<PromiseLine>,
    /// Binding promises of ours that the contract contradicts, and that it does not carry.
    contradicted: usize,
    unwritten: usize,
    /// Statements that sounded like promises and bind nobody.
    soft: usize,
    first_days: Top<DateLine>,
    first_days_until: String,
    risks: Top<RiskLine>,
    objections: Top<Line>,
    /// Headings of core fields without an item.
    silent: Vec<&'static str>,
    questions: Top<String>,
}

pub(super) fn markdown(
    templates: &Templates,
    context: &Context,
    record: &HandoffRecord,
) -> Result<String, TemplateError> {
    let mut text = String::new();
    for room in ROOMS {
        text = templates.fill("brief.md", &view(context, record, room))?;
        if text.split_whitespace().count() <= MAX_WORDS && text.chars().count() <= MAX_CHARS {
            break;
        }
    }
    Ok(text)
}

fn view(context: &Context, record: &HandoffRecord, room: Room) -> BriefView {
    let Room { lines, words, .. } = room;
    let all = promises(record);
    let (binding, loose): (Vec<Promise<'_>>, Vec<_>) = all.into_iter().partition(Promise::binds);
    let unsettled = || binding.iter().filter(|promise| promise.is_unsettled());
    let scope = |inside: bool| {
        let wanted = all_scope(record).into_iter().filter(move |s| s.told.in_scope.unwrap_or(true) == inside);
        Top::of(wanted, if inside { lines } else { lines.min(3) }, |scope| Line::of(scope.item, words))
    };
    let person = |person: &Person| clip(&person.name, 6);
    let open = context.questions.iter().filter(|question| question.answer.is_none());
    let fact = |fact: &Fact| Fact { label: clip(&fact.label, 3), value: clip(&fact.value, 8) };
    let until = days_after(context.day_zero(), FIRST_DAYS);
    BriefView {
        account: clip(&record.account, 8),
        deal: clip(&record.deal, 10),
        version: record.version,
        finalized_by: clip(&record.finalized_by, 5),
        finalized_on: day(context.finalized_on()),
        ae: context.ae.as_ref().map(person),
        csm: context.csm.as_ref().map(person),
        facts: context.facts.iter().take(6).map(fact).collect(),
        overridden: record.override_reason.as_ref().map(|reason| {
            let missing = record.missing.iter().take(lines).map(|missing| clip(&missing_line(missing), 12));
            OverrideView { reason: clip(reason, words), missing: missing.collect() }
        }),
        why: Top::of(reasons(record), lines.min(3), |item| Reason::of(item, words)),
        in_scope: scope(true),
        out_of_scope: scope(false),
        goals: Top::of(goals(record), lines, |goal| GoalLine::of(&goal, words)),
        people: Top::of(people(record), room.people, |person| PersonLine::of(&person, words)),
        contradicted: unsettled().filter(|promise| promise.is_contradicted()).count(),
        unwritten: unsettled().filter(|promise| promise.is_unwritten()).count(),
        soft: loose.iter().filter(|promise| !promise.is_owed_by(Side::Customer)).count(),
        promises: Top::of(binding, room.promises, |promise| PromiseLine::of(&promise, words)),
        first_days: first_days(context, record, room),
        first_days_until: day(until),
        risks: Top::of(risks(record), lines, |risk| RiskLine::of(&risk, words)),
        objections: Top::of(open_objections(record), lines.min(3), |item| Line::of(item, words)),
        silent: silent_fields(record).into_iter().map(Field::heading).collect(),
        questions: Top::of(open, lines, |question| clip(&question.question, words)),
    }
}

/// What falls into the first days: dates of the record, promises with a day, and what the handover is held to.
fn first_days(context: &Context, record: &HandoffRecord, room: Room) -> Top<DateLine> {
    let (from, until) = (context.day_zero(), days_after(context.day_zero(), FIRST_DAYS));
    let within = |day: Option<Date>| day.filter(|day| (from..=until).contains(day));
    let plain = |text: &str| DateLine { text: text.to_owned(), ..DateLine::default() };
    let mut found: Vec<(Date, DateLine)> = Vec::new();
    for date in dates(record) {
        let line = DateLine::of(&date, room.words.min(18));
        found.extend(within(date.told.due.as_deref().and_then(due_day)).map(|day| (day, line)));
    }
    for promise in promises(record).iter().filter(|promise| promise.binds()) {
        let line = plain(&clip(&promise.item.statement, room.words.min(18)));
        found.extend(within(promise.due_day()).map(|day| (day, line)));
    }
    for deadline in &context.deadlines {
        let line = plain(&clip(&deadline.label, 8));
        found.extend(within(Some(deadline.due)).map(|day| (day, line)));
    }
    found.sort_by_key(|(day, _)| *day);
    let dated = found.into_iter().map(|(on, line)| DateLine { due: Some(day(on)), ..line });
    Top::of(dated, room.lines * 2, |line| line)
}
