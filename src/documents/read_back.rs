//! The read-back sheet: what was understood, for the customer to correct. Of what is promised it shows what holds and what the
//! contract does not gainsay: what is still to be settled among ourselves is no sheet's to confirm.

use jiff::civil::Date;
use serde::Serialize;

use super::context::Context;
use super::discretion::{Discretion, is_about_money};
use super::lines::part;
use super::rank::{Promise, all_people, all_reasons, all_scope, dates, goals, promises_by_day, said_once};
use super::templates::{TemplateError, Templates};
use super::words::{clip, day, days_after, due_words, names_due, repeats};
use crate::domain::finding::{Strength, WhyKind};
use crate::domain::record::HandoffRecord;
use crate::domain::transcript::Side;

/// Lines of each kind at most: the sheet is read and corrected in ten minutes.
const MAX_LINES: usize = 10;
/// A promise that was due longer ago than this was kept, or is no news.
const RECENT_DAYS: i32 = 30;
/// Words of a line.
const MAX_WORDS: usize = 60;

#[derive(Default, Serialize)]
pub(super) struct ReadBackView {
    account: String,
    vendor: Option<String>,
    date: String,
    csm: Option<String>,
    csm_email: Option<String>,
    goals: Vec<Row>,
    scope: Vec<Row>,
    dates: Vec<Row>,
    ours: Vec<Row>,
    yours: Vec<Row>,
    people: Vec<Part>,
    /// Whether some of it was left out for length.
    shortened: bool,
}

/// One line to confirm or correct, with its number on the sheet.
#[derive(Serialize)]
struct Row {
    number: usize,
    text: String,
    /// The condition a promise holds under.
    detail: Option<String>,
    due: Option<String>,
}

#[derive(Serialize)]
struct Part {
    number: usize,
    name: String,
    does: String,
}

/// Counts the lines of the sheet, so that a correction can say which one it means.
#[derive(Default)]
struct Sheet {
    lines: usize,
    shortened: bool,
}

impl Sheet {
    /// Numbers the rows, as many as a part of the sheet holds.
    fn take(&mut self, rows: impl Iterator<Item = Row>) -> Vec<Row> {
        let mut rows: Vec<Row> = rows.take(MAX_LINES + 1).collect();
        self.shortened |= rows.len() > MAX_LINES;
        rows.truncate(MAX_LINES);
        for row in &mut rows {
            self.lines += 1;
            row.number = self.lines;
        }
        rows
    }
}

pub(super) fn markdown(
    templates: &Templates,
    context: &Context,
    record: &HandoffRecord,
) -> Result<String, TemplateError> {
    let discretion = Discretion::of(record, context.vendor.as_deref());
    let mut sheet = Sheet::default();
    let since = days_after(context.day_zero(), -RECENT_DAYS);
    let promises = |side| promise_rows(record, &discretion, (side, since));
    let mut view = ReadBackView {
        account: clip(&record.account, 8),
        vendor: context.vendor.clone(),
        date: day(context.finalized_on()),
        csm: context.csm.as_ref().map(|csm| clip(&csm.name, 6)),
        csm_email: context.csm.as_ref().and_then(|csm| csm.email.clone()),
        goals: sheet.take(goal_rows(record, &discretion)),
        scope: sheet.take(scope_rows(record, &discretion)),
        dates: sheet.take(date_rows(record, &discretion)),
        ours: sheet.take(promises(Side::Vendor)),
        yours: sheet.take(promises(Side::Customer)),
        ..ReadBackView::default()
    };
    view.people = parts(record, sheet.lines);
    view.shortened = sheet.shortened;
    templates.fill("read_back.md", &view)
}

fn row(text: &str, detail: Option<String>, due: Option<String>) -> Row {
    let text = clip(text, MAX_WORDS);
    Row { number: 0, detail, due: due.filter(|due| !names_due(&text, due)).map(|due| due_words(&due)), text }
}

/// What they are after: outcomes first, then how success is measured. A goal that speaks of a colleague is told by its measure.
fn goal_rows<'a>(record: &'a HandoffRecord, discretion: &'a Discretion) -> impl Iterator<Item = Row> + 'a {
    let drivers = all_reasons(record).into_iter().filter(|why| why.told.kind == Some(WhyKind::Driver));
    let drivers = drivers.filter_map(|why| discretion.words_about_nobody(why.item, &why.item.statement));
    let goals = goals(record).into_iter().filter_map(|goal| {
        let words = |text: &str| discretion.words_about_nobody(goal.item, text);
        let text = words(&goal.item.statement).or_else(|| goal.told.metric.as_deref().and_then(words))?;
        Some(row(&text, None, discretion.due(goal.told.due.as_deref())))
    });
    drivers.map(|text| row(&text, None, None)).chain(goals)
}

fn scope_rows<'a>(record: &'a HandoffRecord, discretion: &'a Discretion) -> impl Iterator<Item = Row> + 'a {
    let inside = all_scope(record).into_iter().filter(|scope| scope.told.in_scope == Some(true));
    inside.filter_map(|scope| Some(row(&discretion.words_without_price(&scope.item.statement)?, None, None)))
}

fn date_rows<'a>(record: &'a HandoffRecord, discretion: &'a Discretion) -> impl Iterator<Item = Row> + 'a {
    dates(record).into_iter().filter_map(|date| {
        let text = discretion.words_without_price(&date.item.statement)?;
        discretion.words_about_nobody(date.item, &date.item.statement)?;
        Some(row(&text, None, discretion.due(date.told.due.as_deref())))
    })
}

fn promise_rows<'a>(
    record: &'a HandoffRecord,
    discretion: &'a Discretion,
    (side, since): (Side, Date),
) -> impl Iterator<Item = Row> + 'a {
    let shown = move |promise: &Promise<'_>| {
        let settled = side == Side::Customer || !promise.is_contradicted();
        let current = promise.due_day().is_none_or(|day| day >= since);
        promise.is_owed_by(side) && promise.binds() && settled && current && !is_about_money(promise.told)
    };
    said_once(promises_by_day(record).into_iter().filter(shown).collect()).into_iter().filter_map(|promise| {
        let text = clip(&discretion.words_without_price(&promise.item.statement)?, MAX_WORDS);
        // A promise never goes without its condition: where that cannot be said, neither can the promise.
        let condition = match (&promise.told.condition, promise.told.strength) {
            (Some(condition), _) => Some(discretion.words_without_price(condition)?),
            (None, Some(Strength::Conditional)) => return None,
            (None, _) => None,
        };
        let unsaid = condition.filter(|condition| !repeats(&text, condition));
        let due = discretion.due(promise.told.due.as_deref());
        Some(row(&text, unsaid.map(|condition| clip(&condition, MAX_WORDS)), due))
    })
}

/// The people by name and by their part in the project; where they stand is not said, nor who is only known for that.
fn parts(record: &HandoffRecord, before: usize) -> Vec<Part> {
    let people = all_people(record).into_iter().filter_map(|person| {
        let part = part(person.told);
        (!part.is_empty()).then_some((person.told.name.as_deref()?, part))
    });
    let numbered = people.take(MAX_LINES).enumerate();
    numbered.map(|(at, (name, part))| Part { number: before + at + 1, name: clip(name, 6), does: part }).collect()
}
