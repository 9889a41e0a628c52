//! The stakeholder map: who weighs how much, and where they stand.

mod label;
mod layout;

use std::cmp::Reverse;

use super::Picture;
use super::frame::draw;
use super::heard::{Heard, voices_of};
use super::text::{clean, counted, listed, percent};
use crate::domain::finding::{Finding, Level, Role, Stakeholder, Stance};
use crate::domain::item::Item;

/// How many people are drawn; more would be a list.
const MOST_PEOPLE: usize = 40;
/// How many names a sentence bears.
const MOST_NAMED: usize = 5;

/// A person of the map.
#[derive(Debug)]
pub(super) struct Person {
    /// Never empty.
    name: String,
    title: Option<String>,
    roles: Vec<Role>,
    stance: Option<Stance>,
    influence: Option<Level>,
    leaving: bool,
    /// Words heard from this person.
    words: usize,
}

/// The stakeholders by influence and stance, each as large as their share of the words heard; nothing without stakeholders.
/// What the record does not tell is a band of its own.
#[must_use]
pub fn stakeholders(items: &[Item], heard: &[Heard]) -> Option<Picture> {
    let people = people(items, heard);
    if people.is_empty() {
        return None;
    }
    let total = heard.iter().map(|voice| voice.words).sum();
    let title = "Stakeholder map: influence by stance".to_owned();
    let summary = summary(&people);
    let mut drawn: Vec<&Person> = people.iter().collect();
    drawn.sort_by_key(|person| {
        (Reverse(person.influence), person.roles.is_empty(), Reverse(person.words), Reverse(person.leaving))
    });
    drawn.truncate(MOST_PEOPLE);
    let view = layout::map(&drawn, people.len() - drawn.len(), total, (&title, &summary));
    Some(Picture {
        title,
        svg: draw("pictures/stakeholders.svg", &view),
        summary,
        header: ["Name", "Title", "Influence", "Stance", "Roles", "Share of the words heard", "Leaving"]
            .map(str::to_owned)
            .into(),
        rows: people.iter().map(|person| row(person, total)).collect(),
    })
}

/// The stakeholders that nobody rejected.
pub(super) fn live(items: &[Item]) -> Vec<&Stakeholder> {
    let live = items.iter().filter(|item| item.stands());
    live.filter_map(|item| match &item.finding {
        Finding::Stakeholder(person) => Some(person),
        _ => None,
    })
    .collect()
}

/// What the person is called in a picture: the name, else the title; nobody is given a name.
pub(super) fn called(person: &Stakeholder) -> String {
    let said = [&person.name, &person.title, &person.email];
    let mut words = said.into_iter().flatten().map(|words| clean(words)).filter(|words| !words.is_empty());
    words.next().unwrap_or_else(|| "Name not told".to_owned())
}

/// The voice of each person, where one is heard.
pub(super) fn voices<'a>(people: &[&Stakeholder], heard: &'a [Heard]) -> Vec<Option<&'a Heard>> {
    let known: Vec<_> = people.iter().map(|person| (person.name.as_deref(), person.email.as_deref())).collect();
    voices_of(&known, heard)
}

fn people(items: &[Item], heard: &[Heard]) -> Vec<Person> {
    let people = live(items);
    let voices = voices(&people, heard);
    let person = |(person, voice): (&Stakeholder, Option<&Heard>)| {
        let name = called(person);
        let title = person.title.as_deref().map(clean).filter(|title| !title.is_empty() && *title != name);
        let mut roles = person.roles.clone().unwrap_or_default();
        roles.sort_unstable();
        roles.dedup();
        Person {
            name,
            title,
            roles,
            stance: person.stance,
            influence: person.influence,
            leaving: person.leaving == Some(true),
            words: voice.map_or(0, |voice| voice.words),
        }
    };
    people.into_iter().zip(voices).map(person).collect()
}

fn row(person: &Person, total: usize) -> Vec<String> {
    let roles: Vec<&str> = person.roles.iter().map(|role| role_word(*role)).collect();
    vec![
        person.name.clone(),
        person.title.clone().unwrap_or_default(),
        influence_word(person.influence).to_owned(),
        stance_word(person.stance).to_owned(),
        roles.join(", "),
        share_word(person, total),
        if person.leaving { "leaving" } else { "" }.to_owned(),
    ]
}

fn share_word(person: &Person, total: usize) -> String {
    if person.words == 0 { "never heard".to_owned() } else { percent(person.words, total) }
}

fn summary(people: &[Person]) -> String {
    let names = |wanted: &dyn Fn(&Person) -> bool| {
        people.iter().filter(|person| wanted(person)).map(|person| person.name.as_str()).collect::<Vec<_>>()
    };
    // From for to against, and last those of whom it is not known.
    let stances = Stance::ALL.iter().copied().map(Some).chain([None]).filter_map(|stance| {
        let count = people.iter().filter(|person| person.stance == stance).count();
        let word = if stance.is_none() { "whose stance the record does not tell" } else { stance_word(stance) };
        (count > 0).then(|| format!("{count} {word}"))
    });
    let stances: Vec<String> = stances.collect();
    let stances: Vec<&str> = stances.iter().map(String::as_str).collect();
    let all = counted(people.len(), "stakeholder", "stakeholders");
    let groups = [
        ("High influence", names(&|person| person.influence == Some(Level::High))),
        ("Skeptical or opposed", names(&|p| matches!(p.stance, Some(Stance::Skeptical | Stance::Opposed)))),
        ("Said to be leaving", names(&|person| person.leaving)),
        ("Never heard themselves", names(&|person| person.words == 0)),
    ];
    let groups = groups.iter().filter(|(_, who)| !who.is_empty());
    let groups = groups.map(|(what, who)| format!("{what}: {}.", listed(who, MOST_NAMED)));
    let first = format!("{all}: {}.", listed(&stances, stances.len()));
    [first].into_iter().chain(groups).collect::<Vec<_>>().join(" ")
}

const fn stance_word(stance: Option<Stance>) -> &'static str {
    match stance {
        Some(Stance::Opposed) => "opposed",
        Some(Stance::Skeptical) => "skeptical",
        Some(Stance::Neutral) => "neutral",
        Some(Stance::Supportive) => "supportive",
        None => "unknown",
    }
}

const fn influence_word(influence: Option<Level>) -> &'static str {
    match influence {
        Some(Level::High) => "high",
        Some(Level::Medium) => "medium",
        Some(Level::Low) => "low",
        None => "unknown",
    }
}

const fn role_word(role: Role) -> &'static str {
    match role {
        Role::EconomicBuyer => "economic buyer",
        Role::Champion => "champion",
        Role::ExecutiveSponsor => "executive sponsor",
        Role::Technical => "technical",
        Role::Evaluator => "evaluator",
        Role::ProjectLead => "project lead",
        Role::Admin => "admin",
        Role::EndUser => "end user",
        Role::Skeptic => "skeptic",
        Role::Detractor => "detractor",
        Role::LegalProcurement => "legal or procurement",
    }
}
