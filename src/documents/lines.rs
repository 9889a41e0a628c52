//! The lines that the internal documents are made of. Where a text is cut, the full document has all of it.

use serde::Serialize;

use super::rank::{Promise, Told};
use super::words::{basis, clip, due_words, names_due, origin, repeats};
use crate::domain::finding::{
    ContractStatus, History, Level, Risk, Role, Stakeholder, Stance, Strength, SuccessCriteria, Timeline,
};
use crate::domain::record::{CitationRecord, ItemRecord};
use crate::domain::transcript::Side;
use crate::engine::QuoteRole;
use crate::render::view::in_words;

/// The first lines of a list, and how many more there are.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Top<T> {
    /// The lines shown.
    pub(super) lines: Vec<T>,
    /// How many are not shown.
    pub(super) more: usize,
}

impl<T> Default for Top<T> {
    fn default() -> Self {
        Self { lines: Vec::new(), more: 0 }
    }
}

impl<T> Top<T> {
    /// The first `most` of `items`, each as a line.
    pub(super) fn of<I>(items: impl IntoIterator<Item = I>, most: usize, line: impl FnMut(I) -> T) -> Self {
        let mut items = items.into_iter();
        let lines = items.by_ref().take(most).map(line).collect();
        Self { lines, more: items.count() }
    }
}

/// What an item says and what it rests on.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Line {
    pub(super) text: String,
    /// Who said it and where, or who attests it.
    pub(super) basis: String,
}

impl Line {
    pub(super) fn of(item: &ItemRecord, words: usize) -> Self {
        Self { text: clip(&item.statement, words), basis: basis(item) }
    }
}

/// Words of the record.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Words {
    pub(super) quote: String,
    pub(super) basis: String,
}

impl Words {
    pub(super) fn of(citation: &CitationRecord, words: usize) -> Self {
        Self { quote: clip(&citation.quote, words), basis: origin(citation) }
    }

    /// What the customer said for the item.
    pub(super) fn of_customer(item: &ItemRecord, words: usize) -> Option<Self> {
        let said = item.support().find(|citation| citation.side == Side::Customer)?;
        Some(Self::of(said, words))
    }
}

/// A statement in the customer's own words where there are any; beside them ours, where those say more.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Reason {
    /// What the item says; nothing where the quote says it.
    pub(super) text: Option<String>,
    /// The customer's words.
    pub(super) quote: Option<String>,
    pub(super) basis: String,
}

impl Reason {
    pub(super) fn of(item: &ItemRecord, words: usize) -> Self {
        let said = item.support().find(|citation| citation.side != Side::Vendor);
        let quote = said.map(|citation| clip(&citation.quote, words));
        let text = said.is_none_or(|citation| !repeats(&citation.quote, &item.statement));
        let basis = match said {
            Some(citation) if item.reworded_by.is_none() => origin(citation),
            _ => basis(item),
        };
        Self { text: text.then(|| clip(&item.statement, words)), quote, basis }
    }
}

/// A promise.
#[derive(Debug, Clone, Serialize)]
pub(super) struct PromiseLine {
    pub(super) text: String,
    pub(super) basis: String,
    /// `vendor`, `customer`, or nothing where the record does not tell.
    pub(super) owed_by: Option<&'static str>,
    /// In words for people.
    pub(super) due: Option<String>,
    /// Whether the text names that day itself.
    pub(super) says_due: bool,
    pub(super) condition: Option<String>,
    /// `firm`, `conditional`, `soft` …
    pub(super) strength: Option<String>,
    /// `written`, `contradicted`, `unwritten`, `no_contract`.
    pub(super) contract: Option<&'static str>,
    /// What the contract says of it.
    pub(super) clause: Option<String>,
    /// `repeated`, `changed`, `withdrawn`, `superseded`; nothing where it was said once.
    pub(super) history: Option<&'static str>,
}

impl PromiseLine {
    pub(super) fn of(promise: &Promise<'_>, words: usize) -> Self {
        let Told { item, told } = promise;
        let clause = item.citations.iter().find(|citation| citation.role == QuoteRole::Clause);
        let text = clip(&item.statement, words);
        // A condition that the text says already is not said twice.
        let unsaid = |condition: &&String| !repeats(&text, condition);
        Self {
            basis: basis(item),
            owed_by: told.owed_by.filter(|side| *side != Side::Unknown).map(Side::as_str),
            due: told.due.as_ref().map(|due| due_words(due)),
            says_due: told.due.as_ref().is_some_and(|due| names_due(&text, due)),
            condition: told.condition.as_ref().filter(unsaid).map(|condition| clip(condition, words)),
            strength: told.strength.map(strength),
            contract: told.contract.map(|status| match status {
                ContractStatus::Written => "written",
                ContractStatus::Contradicted => "contradicted",
                ContractStatus::Unwritten => "unwritten",
                ContractStatus::NoContract => "no_contract",
            }),
            clause: clause.map(|citation| clip(&citation.quote, words)),
            history: told.history.and_then(|history| match history {
                History::Made => None,
                History::Repeated => Some("repeated"),
                History::Changed => Some("changed"),
                History::Withdrawn => Some("withdrawn"),
                History::Superseded => Some("superseded"),
            }),
            text,
        }
    }
}

fn strength(strength: Strength) -> String {
    match strength {
        Strength::Firm => "firm",
        Strength::Conditional => "conditional",
        Strength::Soft => "soft",
        Strength::Implied => "implied",
        Strength::Roadmap => "roadmap",
    }
    .to_owned()
}

/// A success criterion.
#[derive(Debug, Clone, Serialize)]
pub(super) struct GoalLine {
    pub(super) text: String,
    /// The measure, where the text does not say it.
    pub(super) metric: Option<String>,
    pub(super) due: Option<String>,
    pub(super) says_due: bool,
    pub(super) basis: String,
}

impl GoalLine {
    pub(super) fn of(goal: &Told<'_, SuccessCriteria>, words: usize) -> Self {
        let unsaid = |text: &&String| !repeats(&goal.item.statement, text);
        Self {
            text: clip(&goal.item.statement, words),
            metric: goal.told.metric.as_ref().filter(unsaid).map(|metric| clip(metric, words)),
            due: goal.told.due.as_ref().map(|due| due_words(due)),
            says_due: goal.told.due.as_ref().is_some_and(|due| names_due(&goal.item.statement, due)),
            basis: basis(goal.item),
        }
    }
}

/// A date or milestone.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct DateLine {
    pub(super) text: String,
    pub(super) due: Option<String>,
    pub(super) says_due: bool,
    /// `Hard deadline`, `Blackout` …
    pub(super) kind: Option<String>,
    pub(super) basis: String,
}

impl DateLine {
    pub(super) fn of(date: &Told<'_, Timeline>, words: usize) -> Self {
        Self {
            text: clip(&date.item.statement, words),
            due: date.told.due.as_ref().map(|due| due_words(due)),
            says_due: date.told.due.as_ref().is_some_and(|due| names_due(&date.item.statement, due)),
            kind: date.told.kind.and_then(|kind| word_of(&kind)).map(|word| in_words(&word)),
            basis: basis(date.item),
        }
    }
}

/// A risk.
#[derive(Debug, Clone, Serialize)]
pub(super) struct RiskLine {
    pub(super) text: String,
    /// `high`, `medium`, `low`.
    pub(super) severity: Option<&'static str>,
    pub(super) mitigation: Option<String>,
    pub(super) basis: String,
}

impl RiskLine {
    pub(super) fn of(risk: &Told<'_, Risk>, words: usize) -> Self {
        Self {
            text: clip(&risk.item.statement, words),
            severity: risk.told.severity.map(level),
            mitigation: risk.told.mitigation.as_ref().map(|text| clip(text, words)),
            basis: basis(risk.item),
        }
    }
}

pub(super) const fn stance(stance: Stance) -> &'static str {
    match stance {
        Stance::Supportive => "supportive",
        Stance::Neutral => "neutral",
        Stance::Skeptical => "skeptical",
        Stance::Opposed => "opposed",
    }
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Low => "low",
        Level::Medium => "medium",
        Level::High => "high",
    }
}

/// A person and how they matter; internal, never for the customer.
#[derive(Debug, Clone, Serialize)]
pub(super) struct PersonLine {
    pub(super) name: String,
    pub(super) title: Option<String>,
    pub(super) email: Option<String>,
    /// The roles in words, with commas.
    pub(super) roles: String,
    /// What the person does in the project, in words that they may read.
    pub(super) part: String,
    /// `supportive`, `neutral`, `skeptical`, `opposed`.
    pub(super) stance: Option<&'static str>,
    pub(super) influence: Option<&'static str>,
    pub(super) leaving: bool,
    pub(super) text: String,
    pub(super) basis: String,
    /// The words it rests on most.
    pub(super) words: Option<Words>,
}

impl PersonLine {
    pub(super) fn of(person: &Told<'_, Stakeholder>, words: usize) -> Self {
        let Told { item, told } = person;
        let roles = told.roles.iter().flatten().filter_map(word_of).map(|role| role.replace('_', " "));
        Self {
            name: clip(told.name.as_deref().unwrap_or(&item.statement), 6),
            title: told.title.as_ref().map(|title| clip(title, 8)),
            email: told.email.as_ref().map(|email| clip(email, 10)),
            roles: roles.take(4).collect::<Vec<_>>().join(", "),
            part: part(told),
            stance: told.stance.map(stance),
            influence: told.influence.map(level),
            leaving: told.leaving == Some(true),
            text: clip(&item.statement, words),
            basis: basis(item),
            words: telling(item).map(|citation| Words::of(citation, words)),
        }
    }
}

/// What a person does in the project, in words that they may read: not where they stand, nor what they are worth to a seller.
pub(super) fn part(person: &Stakeholder) -> String {
    let words = person.roles.iter().flatten().filter_map(|role| match role {
        Role::ExecutiveSponsor => Some("sponsors the project"),
        Role::ProjectLead => Some("leads the project"),
        Role::Technical => Some("looks after the technical side"),
        Role::Admin => Some("administers the product"),
        Role::EndUser => Some("uses the product day to day"),
        Role::LegalProcurement => Some("looks after legal and purchasing"),
        Role::EconomicBuyer | Role::Champion | Role::Evaluator | Role::Skeptic | Role::Detractor => None,
    });
    words.collect::<Vec<_>>().join(", ")
}

/// The citation that says how a person stands, and not who they are: the last in support.
fn telling(item: &ItemRecord) -> Option<&CitationRecord> {
    item.support().last()
}

/// The word a vocabulary writes.
pub(super) fn word_of<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}
