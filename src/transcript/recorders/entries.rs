//! What the tools' lists have in common: entries with words, a voice and times, in calls of which a file may hold several.

use jiff::Timestamp;
use serde_json::Value;

use super::super::clock::{clock_ms, moment, number};
use super::super::json::{Span, Unit, first_id, first_text};
use super::super::reading::{Cue, Reading, ordinal};
use crate::domain::transcript::Dropped;

/// A time as a file has it: in a unit that is not known yet, as a clock reading, or as a moment of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum At {
    Units(f64),
    Clock(i64),
    Moment(Timestamp),
}

impl At {
    /// Reads a number (also one that is text), a clock reading or a moment.
    pub(super) fn of(value: &Value) -> Option<Self> {
        if let Some(units) = number(value) {
            return Some(Self::Units(units));
        }
        let text = value.as_str()?;
        clock_ms(text).map(Self::Clock).or_else(|| moment(text).map(Self::Moment))
    }

    const fn units(self) -> Option<f64> {
        if let Self::Units(units) = self { Some(units) } else { None }
    }

    fn to_ms(self, unit: Unit, zero: Option<Timestamp>) -> Option<i64> {
        match self {
            Self::Units(units) => unit.to_ms(units),
            Self::Clock(ms) => Some(ms),
            Self::Moment(moment) => Some(moment.as_millisecond().saturating_sub(zero?.as_millisecond())),
        }
    }
}

/// A sentence, utterance or segment before the unit of its times is known.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// The tool's own id; none for the place in the list.
    pub id: Option<String>,
    pub line: u32,
    pub speaker: Option<String>,
    pub start: Option<At>,
    pub end: Option<At>,
    pub text: String,
}

impl Entry {
    /// The words and times under the given keys, at a place from 0; voice and id are left to the tool.
    pub(super) fn of(value: &Value, index: usize, words: &str, start: &str, end: &str) -> Self {
        Self {
            line: ordinal(index),
            start: value.get(start).and_then(At::of),
            end: value.get(end).and_then(At::of),
            text: first_text(value, &[words]).unwrap_or_default().to_owned(),
            ..Self::default()
        }
    }

    fn span(&self) -> Span {
        let units = |at: Option<At>| at.and_then(At::units);
        Span { start: units(self.start), end: units(self.end), words: self.text.split_whitespace().count() }
    }
}

/// Adds the entries as cues. Says in a warning if their times are not in the tool's `own` unit; returns the unit that was
/// detected, if any was.
pub(super) fn add(reading: &mut Reading, entries: Vec<Entry>, tool: &str, own: Unit) -> Option<Unit> {
    let spans: Vec<Span> = entries.iter().map(Entry::span).collect();
    let detected = Unit::detect(&spans, reading.duration_ms.map(|ms| ms as f64 / 1000.0));
    let unit = detected.unwrap_or(own);
    let name = |unit| if unit == Unit::Seconds { "seconds" } else { "ms" };
    if unit != own {
        let (read, own) = (name(unit), name(own));
        let whose = if tool.ends_with('s') { "'" } else { "'s" };
        reading.warnings.push(format!("the times were read as {read}; {tool}{whose} own unit is {own}"));
    }
    let zero = zero(reading, &entries);
    reading.cues.extend(entries.into_iter().map(|entry| Cue {
        id: entry.id.unwrap_or_else(|| entry.line.to_string()),
        line: entry.line,
        speaker: entry.speaker,
        start_ms: entry.start.and_then(|at| at.to_ms(unit, zero)),
        end_ms: entry.end.and_then(|at| at.to_ms(unit, zero)),
        text: entry.text,
    }));
    detected
}

/// What moments are counted from: the start of the call, or the earliest of them where the file has no start.
fn zero(reading: &mut Reading, entries: &[Entry]) -> Option<Timestamp> {
    let moments = entries.iter().flat_map(|entry| [entry.start, entry.end]).flatten().filter_map(|at| match at {
        At::Moment(moment) => Some(moment),
        At::Units(_) | At::Clock(_) => None,
    });
    let earliest = moments.min()?;
    if reading.started_at.is_none() {
        reading.started_at = Some(earliest);
        reading.warnings.push(format!("the times are moments; they count from the first of them, {earliest}"));
    }
    reading.started_at
}

/// The call of a file that is read, with its entries and the other calls.
#[derive(Debug)]
pub(super) struct Chosen<'v> {
    pub call: &'v Value,
    pub entries: &'v [Value],
    pub others: Vec<Dropped>,
}

/// A call with the list of its entries.
pub(super) type Call<'v> = (&'v Value, &'v [Value]);

/// The first call that has entries, be it the whole file or inside one of the envelopes: woven together by time, two calls
/// would become one that nobody had.
pub(super) fn choose<'v>(
    file: &'v Value,
    envelopes: &[&str],
    entries: impl Fn(&'v Value) -> Option<&'v [Value]>,
) -> Option<Chosen<'v>> {
    let calls = match entries(file) {
        Some(list) => vec![(file, list)],
        None => unwrap(file, envelopes).into_iter().filter_map(|call| Some((call, entries(call)?))).collect(),
    };
    choose_of(&calls)
}

/// As [`choose`], of calls that were found already.
pub(super) fn choose_of<'v>(calls: &[Call<'v>]) -> Option<Chosen<'v>> {
    let chosen = calls.iter().position(|(_, entries)| !entries.is_empty()).unwrap_or(0);
    let (call, entries) = *calls.get(chosen)?;
    let others = calls.iter().enumerate().filter(|(at, (_, entries))| *at != chosen && !entries.is_empty());
    let others = others.map(|(at, (call, _))| Dropped { line: ordinal(at), reason: other(call) }).collect();
    Some(Chosen { call, entries, others })
}

fn other(call: &Value) -> String {
    let name = first_text(call, &["title", "meeting_title", "name"]).map(str::to_owned);
    let name = name.or_else(|| first_id(call, &["callId", "call_id", "id", "uuid", "recording_id"]));
    let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
    format!("another call in the same file{name}; upload each call by itself")
}

/// What is inside the envelopes, taken off one after the other: a call, or the members of a list of calls.
pub(super) fn unwrap<'v>(file: &'v Value, envelopes: &[&str]) -> Vec<&'v Value> {
    let inner = envelopes
        .iter()
        .fold(file, |inner, key| inner.get(*key).filter(|held| held.is_object() || held.is_array()).unwrap_or(inner));
    inner.as_array().map_or_else(|| vec![inner], |list| list.iter().collect())
}

/// Whether an entry of the list has the key: entries may be null or lack keys, a whole list does not.
pub(super) fn any_has(list: &[Value], key: &str) -> bool {
    list.iter().any(|entry| entry.get(key).is_some())
}
