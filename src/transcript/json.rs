//! JSON: which call recorder it comes from, and the unit of its times; or a transcript of Baton's own.

use serde_json::Value;

use super::chat::slack;
use super::clock::{number, whole_ms};
use super::documents::crm;
use super::error::ParseError;
use super::reading::Reading;
use super::{own, recognizers, recorders};

/// Keys named in an error, and how much of each.
const KEYS_SHOWN: usize = 12;
const KEY_CHARS: usize = 40;

/// Whether the text starts like JSON; `[00:00:04] Dana: …` does not.
pub(super) fn looks_like(text: &str) -> bool {
    let text = text.trim_start();
    let inner = text.strip_prefix('[').map(str::trim_start);
    text.starts_with('{') || inner.is_some_and(|inner| inner.starts_with(['{', '"', '[', ']']))
}

/// Reads the transcript of the first tool that knows the shape.
pub(super) fn read(text: &str) -> Result<Reading, ParseError> {
    let value: Value = match serde_json::from_str(text.trim()) {
        Ok(value) => value,
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

pub(super) fn broken(error: &serde_json::Error) -> ParseError {
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

/// The start and end of a sentence in the file's own unit, with the number of its words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub start: Option<f64>,
    pub end: Option<f64>,
    pub words: usize,
}

impl Span {
    pub(super) fn of(sentence: &Value, start: &str, end: &str, words: &str) -> Self {
        Self {
            start: sentence.get(start).and_then(number),
            end: sentence.get(end).and_then(number),
            words: words.split_whitespace().count(),
        }
    }
}

/// The unit of the times in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Milliseconds,
    Seconds,
}

impl Unit {
    /// Tells the unit from the length of the call; without it, from the pace of speech; `None` where neither is there.
    pub(super) fn detect(spans: &[Span], call_seconds: Option<f64>) -> Option<Self> {
        // Half way between 1 and 1000 on a logarithmic scale.
        const HALF_WAY: f64 = 31.6;
        // Nobody takes this many units for a word if the unit is a second, or so few if it is a millisecond.
        const UNITS_PER_WORD: f64 = 20.0;
        let last = spans.iter().filter_map(|span| span.end.or(span.start)).fold(0.0, f64::max);
        if let Some(seconds) = call_seconds.filter(|seconds| *seconds > 0.0 && last > 0.0) {
            return Some(if last / seconds > HALF_WAY { Self::Milliseconds } else { Self::Seconds });
        }
        let spoken: f64 = spans.iter().filter_map(|span| Some((span.end? - span.start?).max(0.0))).sum();
        let words: usize = spans.iter().map(|span| span.words).sum();
        (spoken > 0.0 && words > 0)
            .then(|| if spoken / words as f64 > UNITS_PER_WORD { Self::Milliseconds } else { Self::Seconds })
    }

    /// A time of this unit in whole milliseconds.
    pub(super) fn to_ms(self, time: f64) -> Option<i64> {
        whole_ms(match self {
            Self::Milliseconds => time,
            Self::Seconds => time * 1000.0,
        })
    }
}
