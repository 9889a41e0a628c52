//! Answers of tools that hold no transcript: errors, and descriptions of calls.

use serde_json::Value;

use super::super::error::ParseError;
use super::super::json::{first_text, text};
use super::super::reading::one_line;

/// How much of a tool's own words an error repeats.
const SHOWN: usize = 200;

/// The refusal of an error answer, with what the tool says; none if the JSON is something else.
pub(super) fn read_error(file: &Value) -> Option<ParseError> {
    let said = said(file)?;
    let what = format!("an error answer of a tool ({})", quoted(&said));
    Some(ParseError::NoTranscript { what, advice: "ask the tool for the transcript again and upload that answer" })
}

fn said(file: &Value) -> Option<String> {
    let object = file.as_object()?;
    let message = |value: &Value| match value {
        Value::String(said) => Some(said.clone()),
        _ => first_text(value, &["message", "detail", "description", "title", "code"]).map(str::to_owned),
    };
    if let Some(said) = file.get("errors").and_then(Value::as_array).and_then(|errors| message(errors.first()?)) {
        return Some(said);
    }
    // `status` beside `error` is a job of a speech recognizer, which names itself.
    if let Some(said) = file.get("error").filter(|_| text(file, "status").is_none()).and_then(message) {
        return Some(said);
    }
    let short = object.len() <= 4 && object.values().all(|value| !value.is_array());
    let coded = ["code", "status", "statusCode", "detail"].iter().any(|key| object.contains_key(*key));
    let said = first_text(file, &["message", "detail"]).filter(|_| short && (coded || object.len() == 1));
    said.map(str::to_owned)
}

/// The refusal of a description: `what` names the tool and the thing.
pub(super) fn description(what: &str, title: Option<&str>, advice: &'static str) -> ParseError {
    let title = title.map(|title| format!(" ({})", quoted(title))).unwrap_or_default();
    ParseError::NoTranscript { what: format!("{what}{title}"), advice }
}

/// A tool's words in one line, cut short where they are long.
fn quoted(said: &str) -> String {
    let line = one_line(said);
    let shown: String = line.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    let rest = if line.chars().count() > SHOWN { "…" } else { "" };
    format!("\"{shown}{rest}\"")
}
