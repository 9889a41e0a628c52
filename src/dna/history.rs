//! The history in ten lines: calls, contract, promises whose date moved, and what became of the handoff.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::document::{Basis, DnaEvent};
use crate::audit::HashedEntry;
use crate::documents::words::{day, due_day};
use crate::domain::finding::Finding;
use crate::domain::ids::SourceId;
use crate::domain::item::ItemState;
use crate::domain::record::{CitationRecord, ItemRecord};
use crate::domain::transcript::{Side, SourceKind};
use crate::draft::{DealSource, leading_number};

/// Lines of a deal's history at most.
pub(super) const MOST: usize = 10;
/// People of a call who are named.
const MOST_NAMES: usize = 4;

/// A source as the history tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The source's id, where it is kept.
    pub id: Option<SourceId>,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: SourceKind,
    /// Its title, where it has one.
    pub title: Option<String>,
    /// The day, where the file says it.
    pub on: Option<Date>,
    /// Its length in milliseconds, where known.
    pub duration_ms: Option<i64>,
    /// Those of the customer's side who speak in it.
    pub customers: Vec<String>,
}

impl From<&DealSource> for Heard {
    fn from(source: &DealSource) -> Self {
        let transcript = &source.transcript;
        let speaks = |label: &str| transcript.turns.iter().any(|turn| turn.speaker.as_deref() == Some(label));
        let customers = transcript.participants.iter().filter(|p| p.side == Side::Customer && speaks(&p.label));
        Self {
            id: source.id.clone(),
            name: source.name.clone(),
            kind: transcript.kind,
            title: transcript.title.clone(),
            on: source.date(),
            duration_ms: transcript.duration_ms,
            customers: customers.map(|p| p.name.clone().unwrap_or_else(|| p.label.clone())).collect(),
        }
    }
}

/// An event with its place: the higher the rank, the sooner it is left out.
struct Ranked {
    event: DnaEvent,
    rank: u8,
    /// When it is read: its own day, or that of what it follows; then among the calls, then within one.
    after: (Date, usize, u32),
}

/// After every call of the same day.
const AFTER_CALLS: usize = usize::MAX;

/// The events of a deal, the earliest first.
pub(super) fn history(heard: &[Heard], items: &[ItemRecord], log: &[HashedEntry]) -> Vec<DnaEvent> {
    let mut all = of_sources(heard);
    all.extend(items.iter().filter_map(|item| moved_date(item, items, heard)));
    all.extend(log.iter().filter_map(of_entry));
    // What is left out is the later and less weighty.
    let mut by_rank: Vec<usize> = (0..all.len()).collect();
    by_rank.sort_by_key(|at| all[*at].rank);
    by_rank.truncate(MOST);
    by_rank.sort_unstable();
    let mut kept: Vec<Ranked> =
        all.into_iter().enumerate().filter(|(at, _)| by_rank.contains(at)).map(|(_, event)| event).collect();
    kept.sort_by_key(|event| event.after);
    kept.into_iter().map(|ranked| ranked.event).collect()
}

/// Calls and contracts, in the order of the sale: by date, or, where a call has none, by the number in its name.
fn of_sources(heard: &[Heard]) -> Vec<Ranked> {
    let mut calls: Vec<&Heard> = heard.iter().filter(|source| source.kind == SourceKind::CallTranscript).collect();
    let undated = calls.iter().any(|call| call.on.is_none());
    calls.sort_by_key(|call| {
        let number = leading_number(&call.name).filter(|_| undated).unwrap_or(u32::MAX);
        (number, call.on.is_none(), call.on, call.name.clone())
    });
    let last = calls.len().saturating_sub(1);
    let mut after = Date::MIN;
    let mut ranked = Vec::new();
    for (place, call) in calls.iter().enumerate() {
        after = call.on.unwrap_or(after);
        let rank = if place == 0 || place == last { 0 } else { 4 };
        let text = format!("{}{}", if place == 0 { "First call" } else { "Call" }, about(call));
        ranked.push(Ranked { event: of_source("call", call, text), rank, after: (after, place, 0) });
    }
    for contract in heard.iter().filter(|source| source.kind == SourceKind::Contract) {
        let title = contract.title.as_ref().unwrap_or(&contract.name);
        let after = (contract.on.unwrap_or(after), AFTER_CALLS, 0);
        ranked.push(Ranked { event: of_source("contract", contract, format!("Contract: {title}")), rank: 1, after });
    }
    ranked
}

fn of_source(what: &str, source: &Heard, text: String) -> DnaEvent {
    let source_id = source.id.as_ref().map(ToString::to_string);
    DnaEvent {
        id: format!("{what}:{}", source_id.as_ref().unwrap_or(&source.name)),
        on: source.on,
        text,
        not_reviewed: false,
        basis: Basis::Source { source_id, source: source.name.clone() },
        deals: Vec::new(),
    }
}

/// `, 42 minutes, with Omar Haddad and Bridie Tolland`.
fn about(call: &Heard) -> String {
    let minutes = call.duration_ms.map(|ms| ms / 60_000).filter(|minutes| *minutes > 0);
    let length = minutes.map(|minutes| format!(", {minutes} minutes")).unwrap_or_default();
    let mut names: Vec<&str> = call.customers.iter().map(String::as_str).collect();
    names.dedup();
    let others = names.len().saturating_sub(MOST_NAMES);
    names.truncate(MOST_NAMES);
    let with = match (names.as_slice(), others) {
        ([], _) => String::new(),
        ([only], 0) => format!(", with {only}"),
        ([all @ .., last], 0) => format!(", with {} and {last}", all.join(", ")),
        (all, n) => format!(", with {} and {n} more", all.join(", ")),
    };
    length + &with
}

/// A promise whose newer word has another date.
fn moved_date(item: &ItemRecord, items: &[ItemRecord], heard: &[Heard]) -> Option<Ranked> {
    let Finding::Commitment(before) = &item.finding else { return None };
    let newer = items.iter().find(|newer| Some(&newer.id) == before.superseded_by.as_ref())?;
    let Finding::Commitment(after) = &newer.finding else { return None };
    let (old, new) = (before.due.as_deref().and_then(due_day)?, after.due.as_deref().and_then(due_day)?);
    let said: &CitationRecord = newer.support().next()?;
    let call = of_sources(heard).into_iter().find(|call| is_from(&call.event, said));
    let source = heard.iter().find(|source| source.name == said.source);
    let on = call.as_ref().map_or_else(|| source.and_then(|source| source.on), |call| call.event.on);
    let text = format!("Date moved from {} to {}: {}", day(old), day(new), newer.statement);
    let event = DnaEvent {
        id: format!("moved:{}", item.id),
        on,
        text,
        not_reviewed: newer.state != ItemState::Approved || item.state != ItemState::Approved,
        basis: Basis::Citation { citation: said.clone() },
        deals: Vec::new(),
    };
    let (day, place) = call.map_or((on.unwrap_or(Date::MIN), AFTER_CALLS), |call| (call.after.0, call.after.1));
    (old != new).then_some(Ranked { event, rank: 2, after: (day, place, said.turn + 1) })
}

fn is_from(event: &DnaEvent, said: &CitationRecord) -> bool {
    matches!(&event.basis, Basis::Source { source_id, source } if *source == said.source && *source_id == said.source_id)
}

/// What the log says became of the handoff: facts only, no words of anybody.
fn of_entry(logged: &HashedEntry) -> Option<Ranked> {
    let entry = &logged.entry;
    let (after, actor) = (entry.after.as_ref()?, &entry.actor);
    let rating = after["rating"].as_i64().map(|rating| format!(", rated {rating} of 5")).unwrap_or_default();
    let (rank, text) = match entry.action.as_str() {
        "deal.changed" => {
            let closed = |value: &Value| value["terms"]["closed_at"].as_str().map(str::to_owned);
            let won = closed(after).filter(|_| entry.before.as_ref().and_then(closed).is_none())?;
            return Some(logged_on(logged, won.parse().ok()?, 1, "Deal won".to_owned()));
        }
        "handoff.finalized" | "handoff.finalized_past_the_gate" => {
            (2, format!("Version {} of the handoff finalized by {actor}", after["version"].as_i64()?))
        }
        "handoff.accepted" => (1, format!("Handoff accepted by {actor}{rating}")),
        "handoff.returned" => (2, format!("Handoff given back by {actor}{rating}")),
        "correction.recorded" => (3, format!("The customer corrected the record, taken down by {actor}")),
        "check_in.recorded" => {
            let what = if after["kind"] == "pulse" { "Pulse" } else { "Check-in" };
            let satisfaction = after["satisfaction"].as_i64();
            let told = satisfaction.map(|rating| format!(": satisfaction {rating} of 5")).unwrap_or_default();
            (3, format!("{what}{told}"))
        }
        _ => return None,
    };
    Some(logged_on(logged, entry.at, rank, text))
}

fn logged_on(logged: &HashedEntry, at: Timestamp, rank: u8, text: String) -> Ranked {
    let (on, seq) = (at.to_zoned(TimeZone::UTC).date(), logged.entry.seq);
    let basis = Basis::Log { seq, hash: logged.hash.clone(), action: logged.entry.action.clone() };
    let event =
        DnaEvent { id: format!("log:{seq}"), on: Some(on), text, not_reviewed: false, basis, deals: Vec::new() };
    Ranked { event, rank, after: (on, AFTER_CALLS, u32::try_from(seq).unwrap_or(u32::MAX)) }
}
