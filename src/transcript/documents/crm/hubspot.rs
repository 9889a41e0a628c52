//! `HubSpot`: notes of `GET /crm/v3/objects/notes`, one or many, what was noted on calls, meetings and tasks, and the same of
//! the older engagements endpoint. The body is HTML.
//!
//! Shape: <https://developers.hubspot.com/docs/api-reference/crm-notes-v3/guide>.

use serde_json::Value;

use super::super::super::clock::json_moment;
use super::super::super::json::{id, text};
use super::super::super::reading::{Reading, ordinal};
use super::{Body, Note, entries, reading};
use crate::domain::transcript::Format;

/// What people write: of a note, and on a call, meeting or task.
const BODIES: &[&str] =
    &["hs_note_body", "hs_call_body", "hs_meeting_body", "hs_internal_meeting_notes", "hs_task_body"];
const TITLES: &[&str] = &["hs_call_title", "hs_meeting_title", "hs_task_subject"];
/// The same kinds, of the older endpoint.
const ENGAGEMENTS: &[&str] = &["NOTE", "CALL", "MEETING", "TASK"];

/// Reads notes; none if no entry has the key of a note's body.
pub(super) fn read(value: &Value) -> Option<Reading> {
    let list = entries(value, &["results", "notes", "objects"]);
    if !list.iter().any(is_note) {
        return None;
    }
    let numbered = || list.iter().enumerate().map(|(index, entry)| (ordinal(index), entry));
    let notes: Vec<Note> =
        numbered().filter(|(_, entry)| is_note(entry)).flat_map(|(line, entry)| notes_of(line, entry)).collect();
    let mut reading = reading(Format::HubspotJson, &notes);
    for (line, _) in numbered().filter(|(_, entry)| !is_note(entry)) {
        reading.drop(line, "entry that is no note");
    }
    let next = value.get("paging").and_then(|paging| paging.get("next")).filter(|next| !next.is_null());
    let more = value.get("hasMore").or_else(|| value.get("has-more")) == Some(&Value::Bool(true));
    if next.is_some() || more {
        reading.drop(
            ordinal(list.len().saturating_sub(1)),
            "the export has a further page (`paging.next`), which is not in the file",
        );
    }
    Some(reading)
}

fn is_note(entry: &Value) -> bool {
    BODIES.iter().any(|body| properties(entry).get(body).is_some()) || is_engagement(entry)
}

/// `{"engagement": {"type": "NOTE"}, "metadata": {"body": …}}`
fn is_engagement(entry: &Value) -> bool {
    let kind = entry.get("engagement").and_then(|engagement| text(engagement, "type"));
    kind.is_some_and(|kind| ENGAGEMENTS.contains(&kind))
}

fn properties(entry: &Value) -> &Value {
    entry.get("properties").unwrap_or(entry)
}

/// The notes of an entry: a meeting has a description and what was noted for the own side.
fn notes_of(line: u32, entry: &Value) -> Vec<Note> {
    let written = BODIES.iter().filter_map(|body| property(entry, body));
    let mut bodies: Vec<&str> = written
        .chain(entry.get("metadata").and_then(|metadata| metadata.get("body")))
        .filter_map(Value::as_str)
        .filter(|words| !words.trim().is_empty())
        .collect();
    bodies.dedup();
    if bodies.is_empty() {
        return vec![note(line, entry, Body::Empty)];
    }
    bodies.into_iter().map(|words| note(line, entry, Body::Words(words.to_owned()))).collect()
}

fn note(line: u32, entry: &Value, body: Body) -> Note {
    let engagement = entry.get("engagement").unwrap_or(entry);
    let moments = [
        (properties(entry), "hs_timestamp"),
        (properties(entry), "hs_createdate"),
        (entry, "createdAt"),
        (engagement, "timestamp"),
    ];
    let title = TITLES.iter().find_map(|title| property(entry, title)).and_then(Value::as_str);
    Note {
        line,
        title: title.filter(|title| !title.trim().is_empty()).map(str::to_owned),
        id: id(entry, "id").or_else(|| id(properties(entry), "hs_object_id")).or_else(|| id(engagement, "id")),
        written_at: moments.iter().find_map(|(value, key)| json_moment(value.get(*key)?)),
        body,
    }
}

/// A property, also as the older `{"value": …}`.
fn property<'v>(entry: &'v Value, key: &str) -> Option<&'v Value> {
    let value = properties(entry).get(key)?;
    Some(value.get("value").unwrap_or(value))
}
