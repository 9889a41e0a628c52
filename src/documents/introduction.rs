//! The mail in which the account executive introduces the customer success manager: short, and nothing in it that is not the
//! customer's own or firmly promised to them.

use serde::Serialize;

use super::context::{Context, Person};
use super::discretion::{Discretion, is_about_money};
use super::rank::{Promise, all_people, goals, promises_by_day, said_once};
use super::templates::{TemplateError, Templates};
use super::words::{clip, due_words, names_due};
use crate::domain::finding::{ContractStatus, Role, Stakeholder, Strength};
use crate::domain::record::{CitationRecord, HandoffRecord};
use crate::domain::transcript::Side;

/// People greeted at most; a mail to more is a mail to nobody.
const MAX_GREETED: usize = 3;
/// Words of the mail at most; a longer one is read by nobody.
const MAX_WORDS: usize = 175;

/// How much of the record the mail has room for: promises, and words of one or of the goal.
#[derive(Clone, Copy)]
struct Room {
    promises: usize,
    words: usize,
}

/// From what most mails have room for to what every mail has.
const ROOMS: [Room; 4] = [
    Room { promises: 2, words: 24 },
    Room { promises: 1, words: 24 },
    Room { promises: 1, words: 12 },
    Room { promises: 0, words: 0 },
];

#[derive(Default, Serialize)]
pub(super) struct IntroductionView {
    vendor: Option<String>,
    ae: Option<Named>,
    csm: Option<Named>,
    /// Whom it is to.
    to: Vec<Named>,
    /// The customer's goal in their words.
    goal: Option<Goal>,
    /// What was promised firmly and is next.
    promises: Vec<Promised>,
}

#[derive(Serialize)]
struct Named {
    name: String,
    /// What they are called.
    first: String,
    title: Option<String>,
    email: Option<String>,
}

#[derive(Serialize)]
struct Goal {
    quote: String,
    who: String,
}

#[derive(Serialize)]
struct Promised {
    text: String,
    due: Option<String>,
}

pub(super) fn markdown(
    templates: &Templates,
    context: &Context,
    record: &HandoffRecord,
) -> Result<String, TemplateError> {
    let discretion = Discretion::of(record, context.vendor.as_deref());
    let mut text = String::new();
    for room in ROOMS {
        let to = greeted(record);
        let view = IntroductionView {
            vendor: context.vendor.as_ref().map(|name| clip(name, 6)),
            ae: context.ae.as_ref().map(colleague),
            csm: context.csm.as_ref().map(colleague),
            goal: goal(record, &discretion, &to, room),
            promises: next_steps(context, record, &discretion, room),
            to,
        };
        text = templates.fill("introduction.md", &view)?;
        if text.split_whitespace().count() <= MAX_WORDS {
            break;
        }
    }
    Ok(text)
}

fn colleague(person: &Person) -> Named {
    named(&person.name, person.title.as_deref(), person.email.as_deref())
}

fn named(name: &str, title: Option<&str>, email: Option<&str>) -> Named {
    let name = clip(name, 5);
    // "Dr. Amara Obi" is not called "Dr.".
    let first = name.split_whitespace().next().filter(|first| !first.ends_with('.')).unwrap_or(&name).to_owned();
    Named { first, title: title.map(|title| clip(title, 6)), email: email.map(|email| clip(email, 6)), name }
}

/// Those who run or back the project on the customer's side.
fn greeted(record: &HandoffRecord) -> Vec<Named> {
    let place = |person: &Stakeholder| {
        let order = [Role::Champion, Role::ProjectLead, Role::ExecutiveSponsor];
        order.iter().position(|role| person.roles.iter().flatten().any(|has| has == role))
    };
    let mut people: Vec<(usize, Named)> = all_people(record)
        .iter()
        .filter_map(|person| {
            let name = person.told.name.as_deref()?;
            Some((place(person.told)?, named(name, None, person.told.email.as_deref())))
        })
        .collect();
    people.sort_by_key(|(place, _)| *place);
    // Who backs it from above is greeted only where hardly anybody else is.
    let at_work = people.iter().filter(|(place, _)| *place < 2).count();
    people
        .into_iter()
        .filter(|(place, _)| *place < 2 || at_work < 2)
        .map(|(_, person)| person)
        .take(MAX_GREETED)
        .collect()
}

/// The first goal that one of those greeted said in words short enough to be said back, about nobody else.
fn goal(record: &HandoffRecord, discretion: &Discretion, to: &[Named], room: Room) -> Option<Goal> {
    goals(record).into_iter().find_map(|goal| {
        let short = |said: &&CitationRecord| {
            let greeted = said.speaker.as_ref().is_some_and(|speaker| to.iter().any(|person| person.name == *speaker));
            greeted && said.side == Side::Customer && said.quote.split_whitespace().count() <= room.words
        };
        let said = goal.item.support().find(short)?;
        discretion.words_about_nobody(goal.item, &goal.item.statement)?;
        let quote = discretion.words_about_nobody(goal.item, &said.quote).map(|_| clip(&said.quote, room.words))?;
        Some(Goal { quote, who: named(said.speaker.as_deref()?, None, None).first })
    })
}

/// What we owe next: firm, not at odds with the contract, with a day that is not past.
fn next_steps(context: &Context, record: &HandoffRecord, discretion: &Discretion, room: Room) -> Vec<Promised> {
    let today = context.day_zero();
    let safe = |promise: &Promise<'_>| {
        promise.is_owed_by(Side::Vendor)
            && promise.told.strength == Some(Strength::Firm)
            && matches!(promise.told.contract, Some(ContractStatus::Written | ContractStatus::NoContract))
            && !is_about_money(promise.told)
            && promise.item.statement.split_whitespace().count() <= room.words
            && promise.due_day().is_some_and(|day| day >= today)
    };
    let words = |promise: Promise<'_>| {
        let text = discretion.words_without_price(&promise.item.statement)?;
        let due = promise.told.due.as_deref().filter(|due| !names_due(&text, due)).map(due_words);
        Some(Promised { text, due })
    };
    let safe = promises_by_day(record).into_iter().filter(safe).collect();
    said_once(safe).into_iter().filter_map(words).take(room.promises).collect()
}
