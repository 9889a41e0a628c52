//! JSON: which call recorder it comes from, and the unit of its times; or a transcript of Baton's own.

use serde::de::IgnoredAny;
use serde_json::Value;

use super::chat::slack;
use super::clock::whole_ms;
use super::documents::crm;
use super::error::ParseError;
use super::escapes;
use super::limits::Limits;
use super::reading::Reading;
use super::{nan, own, recognizers, recorders, weight};

/// Keys named in an error, and how much of each.
const KEYS_SHOWN: usize = 12;
const KEY_CHARS: usize = 40;

/// Whether the text starts like JSON; `[00:00:04] Dana: …` does not.
pub(super) fn looks_like(text: &str) -> bool {
    let text = text.trim_start();
    let inner = text.strip_prefix('[').map(str::trim_start);
    text.starts_with('{')
        || inner.is_some_and(|inner| inner.starts_with(['{', '"', '[', ']']))
        || (inner.is_some() && serde_json::from_str::<IgnoredAny>(text.trim_end()).is_ok())
}

/// Reads the transcript of the first tool that knows the shape.
pub(super) fn read(text: &str, limits: &Limits) -> Result<Reading, ParseError> {
    let (text, halves) = escapes::repair(text);
    let (text, no_numbers) = nan::repair(&text);
    weight::check_json(&text, limits)?;
    let mut reading = read_repaired(&text)?;
    escapes::clean(&mut reading, halves);
    if no_numbers > 0 {
        let remark = format!("numbers that are none (NaN, Infinity), read as missing: {no_numbers}");
        reading.warnings.push(remark);
    }
    Ok(reading)
}

fn read_repaired(text: &str) -> Result<Reading, ParseError> {
    let value: Value = match serde_json::from_str(text.trim()) {
        Ok(value) => value,
        Err(error) if is_too_deep(&error) => return Err(broken(&error)),
        Err(error) => return recognizers::read_lines(text).ok_or_else(|| broken(&error)),
    };
    if let Some(own) = own::read(&value, text) {
        return own;
    }
    let known = recorders::read(&value)
        .or_else(|| recognizers::read(&value))
        .or_else(|| slack::read_day(&value))
        .or_else(|| crm::read_json(&value));
    known.unwrap_or_else(|| Err(ParseError::UnknownJson { found: top_of(&value) }))
}

/// `serde_json` goes no more than 128 levels deep, so nothing here or in dropping a value can use up the stack.
fn is_too_deep(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("recursion limit exceeded")
}

pub(super) fn broken(error: &serde_json::Error) -> ParseError {
    if is_too_deep(error) {
        return ParseError::Unsafe { what: "its JSON is nested too deeply, more than 128 levels".to_owned() };
    }
    let reason = error.to_string();
    let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
    ParseError::BrokenJson { line: error.line(), column: error.column(), reason }
}

fn top_of(value: &Value) -> String {
    let Value::Object(map) = value else { return "it is a list of something else".to_owned() };
    let shorten = |key: &String| format!("`{}`", key.escape_debug().take(KEY_CHARS).collect::<String>());
    let keys: Vec<String> = map.keys().take(KEYS_SHOWN).map(shorten).collect();
    if keys.is_empty() { "it is an empty object".to_owned() } else { format!("its keys are {}", keys.join(", ")) }
}

/// A text that is there and not blank.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// An id, whether a number or text.
pub(super) fn id(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    }
}

/// The first of the keys that holds something.
pub(super) fn first<'v>(value: &'v Value, keys: &[&str]) -> Option<&'v Value> {
    keys.iter().find_map(|key| value.get(*key).filter(|held| !held.is_null()))
}

/// The text of the first key that holds one.
pub(super) fn first_text<'v>(value: &'v Value, keys: &[&str]) -> Option<&'v str> {
    keys.iter().find_map(|key| text(value, key))
}

/// The id of the first key that holds one.
pub(super) fn first_id(value: &Value, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| id(value, key))
}

/// The list that a key holds; empty where it holds none.
pub(super) fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The label for what a tool calls a voice: a bare number says nothing by itself and becomes `Speaker 1`.
pub(super) fn voice_label(id: &str) -> String {
    if id.bytes().all(|b| b.is_ascii_digit()) { format!("Speaker {id}") } else { id.to_owned() }
}

/// The start and end of a sentence in the file's own unit, with the number of its words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub start: Option<f64>,
    pub end: Option<f64>,
    pub words: usize,
}

/// The unit of the times in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Milliseconds,
    Seconds,
}

impl Unit {
    /// Tells the unit from the length of the call where the times fill it; else (an excerpt, a length in another unit) from
    /// the pace of speech; `None` where nothing tells.
    pub(super) fn detect(spans: &[Span], call_seconds: Option<f64>) -> Option<Self> {
        let last = spans.iter().filter_map(|span| span.end.or(span.start)).fold(0.0, f64::max);
        let share = call_seconds.filter(|seconds| *seconds > 0.0 && last > 0.0).map(|seconds| last / seconds);
        match share {
            Some(0.3..=2.0) => Some(Self::Seconds),
            Some(300.0..=2_000.0) => Some(Self::Milliseconds),
            Some(2.0..) => Self::of_pace(spans).or(Some(Self::Milliseconds)),
            Some(_) => Self::of_pace(spans).or(Some(Self::Seconds)),
            None => Self::of_pace(spans),
        }
    }

    fn of_pace(spans: &[Span]) -> Option<Self> {
        // Nobody takes this many units for a word if the unit is a second, or so few if it is a millisecond.
        const UNITS_PER_WORD: f64 = 20.0;
        // An hour of ms: a time that went wrong.
        const NO_PACE: f64 = 3_600_000.0;
        let pace = |span: &Span| Some((span.end? - span.start?) / span.words as f64);
        let mut paces: Vec<f64> = spans.iter().filter_map(pace).filter(|pace| *pace > 0.0 && *pace < NO_PACE).collect();
        paces.sort_unstable_by(f64::total_cmp);
        // The middle one: a single time that went wrong must not change all others.
        let middle = paces.get(paces.len() / 2)?;
        Some(if *middle > UNITS_PER_WORD { Self::Milliseconds } else { Self::Seconds })
    }

    /// A time of this unit in whole milliseconds.
    pub(super) fn to_ms(self, time: f64) -> Option<i64> {
        whole_ms(match self {
            Self::Milliseconds => time,
            Self::Seconds => time * 1000.0,
        })
    }
}
