//! Answers from the findings: counted, listed, or set against each other.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::document::Composed;
use super::intent::{Intent, What};
use crate::domain::field::Field;
use crate::domain::finding::{Commitment, ContractStatus, Finding, History};
use crate::domain::item::{Item, ItemState};
use crate::engine::QuoteRole;
use crate::engine::local::dates::named_days;
use crate::engine::local::words::Words;
use crate::ground::Citation;
use crate::render::view::in_words;

/// Findings that an answer lists, at most; all are counted.
const LISTED: usize = 20;
/// Promises that are shown beside one clause of a contract, at most.
const PROMISED: usize = 3;

/// The answer to `intent` from `items`; none where they do not answer, and the words of the record may.
pub(super) fn answer(intent: &Intent, items: &[Item]) -> Option<Composed> {
    let standing: Vec<&Item> = items.iter().filter(|item| item.stands()).collect();
    match &intent.what {
        What::Field(field) => listed(field_name(*field), &standing, intent.count, |item| item.field() == *field),
        What::Commitments { owed_by, contract, strength } => listed("promises", &standing, intent.count, |item| {
            let Finding::Commitment(own) = &item.finding else { return false };
            !own.history.is_some_and(History::is_past)
                && (owed_by.is_none() || own.owed_by == *owed_by)
                && (strength.is_none() || own.strength == *strength)
                && contract.is_none_or(|asked| own.contract.is_some_and(|told| is_so(told, asked)))
        }),
        What::Role(role) => listed("people", &standing, intent.count, |item| match &item.finding {
            Finding::Stakeholder(person) => person.roles.as_ref().is_some_and(|roles| roles.contains(role)),
            _ => false,
        }),
        What::Changes(about) => changes(about, &standing),
        What::Approvals => approvals(items),
    }
}

/// Whether what the contract says of a promise is what is asked for: where there is no contract, none carries it either.
fn is_so(told: ContractStatus, asked: ContractStatus) -> bool {
    told == asked || (asked == ContractStatus::Unwritten && told == ContractStatus::NoContract)
}

fn field_name(field: Field) -> &'static str {
    match field {
        Field::Stakeholder => "people",
        Field::Objection => "objections",
        Field::Risk => "risks",
        Field::Competitor => "alternatives",
        Field::WhyBought => "reasons",
        Field::SuccessCriteria => "success criteria",
        Field::Timeline => "dates",
        _ => "findings",
    }
}

fn listed(name: &str, standing: &[&Item], count: bool, wanted: impl Fn(&Item) -> bool) -> Option<Composed> {
    let mut found: Vec<&Item> = standing.iter().copied().filter(|item| wanted(item)).collect();
    if found.is_empty() {
        return None;
    }
    // What a person stands behind comes first.
    found.sort_by_key(|item| item.state != ItemState::Approved);
    let mut composed = Composed::default();
    if count || found.len() > LISTED {
        let reviewed = found.iter().filter(|item| item.state == ItemState::Approved).count();
        let more = if found.len() > LISTED { format!("; the first {LISTED}:") } else { ":".to_owned() };
        composed.line(format!("{} {name} found, {reviewed} of them approved{more}", found.len()), [], None);
    }
    for item in found.into_iter().take(LISTED) {
        composed.line(stated(item), item.citations.iter().cloned(), Some(item.id.clone()));
    }
    Some(composed)
}

/// An item in a line: what it says, how a promise stands, and whether anybody has looked at it.
fn stated(item: &Item) -> String {
    let mut notes = match &item.finding {
        Finding::Commitment(promise) => promise_notes(promise),
        _ => Vec::new(),
    };
    match (&item.attested_by, item.state) {
        (Some(person), _) => notes.push(format!("attested by {person}, not in the record")),
        (None, ItemState::Drafted) => notes.push("not reviewed".to_owned()),
        (None, _) => {}
    }
    if notes.is_empty() { item.statement.clone() } else { format!("{} ({})", item.statement, notes.join(", ")) }
}

fn promise_notes(promise: &Commitment) -> Vec<String> {
    let word = |value: serde_json::Value| value.as_str().map(in_words).map(|word| word.to_lowercase());
    let strength = promise.strength.and_then(|strength| word(serde_json::json!(strength)));
    let contract = promise.contract.and_then(|contract| word(serde_json::json!(contract)));
    let due = promise.due.as_ref().map(|due| format!("due {due}"));
    let contract = contract.map(|contract| format!("contract: {contract}"));
    [strength, due, contract].into_iter().flatten().collect()
}

/// What took the place of something said earlier, what was taken back, and what the contract writes otherwise.
fn changes(about: &[String], standing: &[&Item]) -> Option<Composed> {
    let by_id: BTreeMap<&str, &Item> = standing.iter().map(|item| (item.id.as_str(), *item)).collect();
    let mut composed = Composed::default();
    let tell = |composed: &mut Composed, what: &str, item: &Item| {
        composed.line(format!("{what}: {}", stated(item)), item.citations.iter().cloned(), Some(item.id.clone()));
    };
    for item in standing {
        let Finding::Commitment(promise) = &item.finding else { continue };
        let newer = promise.superseded_by.as_deref().and_then(|id| by_id.get(id));
        let dated = due(item).is_some() || newer.is_some_and(|newer| due(newer).is_some());
        match newer {
            Some(newer) if is_about(about, &[item, newer], dated) => {
                tell(&mut composed, "Earlier", item);
                tell(&mut composed, "Now", newer);
            }
            None if promise.history == Some(History::Withdrawn) && is_about(about, &[item], dated) => {
                tell(&mut composed, "Taken back", item);
            }
            None if promise.contract == Some(ContractStatus::Contradicted)
                && is_about(about, &[item], is_another_day(item)) =>
            {
                self::promise(&mut composed, item);
                afterwards(&mut composed, item, &[]);
            }
            _ => {}
        }
    }
    (!composed.lines.is_empty()).then_some(composed)
}

/// Whether these speak of all that is asked about; "the date" is what is `dated`.
fn is_about(about: &[String], items: &[&Item], dated: bool) -> bool {
    let words = |item: &&Item| item.statement.to_lowercase();
    let text = items.iter().map(words).collect::<Vec<_>>().join(" ");
    about.iter().all(|word| match word.as_str() {
        "date" | "dates" | "deadline" | "timeline" | "schedule" => dated,
        word => text.contains(word),
    })
}

fn due(item: &Item) -> Option<&str> {
    let Finding::Commitment(promise) = &item.finding else { return None };
    promise.due.as_deref()
}

/// Whether the contract names days for a promise, and not the one it was made for.
fn is_another_day(item: &Item) -> bool {
    let Some(promised) = due(item).and_then(|due| due.parse::<Date>().ok()) else { return false };
    let clauses = item.cited(QuoteRole::Clause).map(|clause| Words::of(clause.quote()));
    let written: Vec<Date> =
        clauses.flat_map(|words| named_days(&words, Some(promised)).into_iter().filter_map(|(_, day)| day)).collect();
    !written.is_empty() && !written.contains(&promised)
}

/// The findings that rest on these words, promises first.
pub(super) fn resting_on<'i>(citation: &Citation, items: &'i [Item]) -> Vec<&'i Item> {
    let rests = |item: &&Item| item.cited(QuoteRole::Support).any(|own| own.overlaps(citation));
    let mut resting: Vec<&Item> = items.iter().filter(|item| item.stands()).filter(rests).collect();
    resting.sort_by_key(|item| item.field() != Field::Commitment);
    resting
}

/// What became of a promise after these words: a newer one in its place, and what the contract says of it.
pub(super) fn afterwards(composed: &mut Composed, item: &Item, items: &[Item]) {
    let Finding::Commitment(promise) = &item.finding else { return };
    let newer = promise.superseded_by.as_ref().and_then(|id| items.iter().find(|item| item.id.as_str() == id));
    if let Some(newer) = newer.filter(|item| item.stands()) {
        let line = format!("Since then: {}", stated(newer));
        composed.line(line, newer.cited(QuoteRole::Support).cloned(), Some(newer.id.clone()));
    }
    if !is_told(item, promise) {
        return;
    }
    let says = if promise.contract == Some(ContractStatus::Written) { "says" } else { "says otherwise" };
    let reviewed = if item.state == ItemState::Drafted { " (not reviewed)" } else { "" };
    for clause in item.cited(QuoteRole::Clause) {
        let line = format!("The contract {says}: “{}”{reviewed}", clause.quote());
        composed.line(line, [clause.clone()], Some(item.id.clone()));
    }
}

/// The promises that a clause of the contract carries or contradicts, as far as they stand.
pub(super) fn promised<'i>(clause: &Citation, items: &'i [Item]) -> impl Iterator<Item = &'i Item> {
    let speaks = |item: &&Item| {
        let Finding::Commitment(promise) = &item.finding else { return false };
        is_told(item, promise)
            && !promise.history.is_some_and(History::is_past)
            && item.cited(QuoteRole::Clause).any(|own| own.overlaps(clause))
    };
    items.iter().filter(|item| item.stands()).filter(speaks).take(PROMISED)
}

/// A promise as it was found, beside the clause that speaks of it.
pub(super) fn promise(composed: &mut Composed, item: &Item) {
    composed.line(
        format!("Promised: {}", stated(item)),
        item.cited(QuoteRole::Support).cloned(),
        Some(item.id.clone()),
    );
}

/// Whether an answer tells what the contract says of a promise: a warning at once, an all-clear once a person stands behind it.
fn is_told(item: &Item, promise: &Commitment) -> bool {
    match promise.contract {
        // Whoever took it back and the contract agree.
        _ if promise.history == Some(History::Withdrawn) => false,
        Some(ContractStatus::Contradicted) => true,
        Some(ContractStatus::Written) => item.state == ItemState::Approved,
        _ => false,
    }
}

/// Who stands behind how many findings.
fn approvals(items: &[Item]) -> Option<Composed> {
    let mut by: BTreeMap<&str, usize> = BTreeMap::new();
    for item in items.iter().filter(|item| item.state == ItemState::Approved) {
        *by.entry(item.decided_by.as_deref()?).or_default() += 1;
    }
    let mut composed = Composed::default();
    for (person, count) in by {
        composed.line(format!("{person} approved {count} of {} findings.", items.len()), [], None);
    }
    (!composed.lines.is_empty()).then_some(composed)
}
