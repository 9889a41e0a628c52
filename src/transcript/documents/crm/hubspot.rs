//! `HubSpot`: notes of `GET /crm/v3/objects/notes`, one or many, and of the older engagements endpoint. The body is HTML.
//!
//! Shape: <https://developers.hubspot.com/docs/api-reference/crm-notes-v3/guide>.

use serde_json::Value;

use super::super::super::clock::json_moment;
use super::super::super::json::{id, text};
use super::super::super::reading::{Reading, ordinal};
use super::{Body, Note, entries, reading};
use crate::domain::transcript::Format;

const BODY: &str = "hs_note_body";

/// Reads notes; none if no entry has the key of a note's body.
pub(super) fn read(value: &Value) -> Option<Reading> {
    let list = entries(value, &["results", "notes", "objects"]);
    if !list.iter().any(is_note) {
        return None;
    }
    let numbered = || list.iter().enumerate().map(|(index, entry)| (ordinal(index), entry));
    let notes: Vec<Note> =
        numbered().filter(|(_, entry)| is_note(entry)).map(|(line, entry)| note(line, entry)).collect();
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
    properties(entry).get(BODY).is_some() || is_engagement(entry)
}

/// `{"engagement": {"type": "NOTE"}, "metadata": {"body": …}}`
fn is_engagement(entry: &Value) -> bool {
    entry.get("engagement").and_then(|engagement| text(engagement, "type")) == Some("NOTE")
}

fn properties(entry: &Value) -> &Value {
    entry.get("properties").unwrap_or(entry)
}

fn note(line: u32, entry: &Value) -> Note {
    let engagement = entry.get("engagement").unwrap_or(entry);
    let moments = [
        (properties(entry), "hs_timestamp"),
        (properties(entry), "hs_createdate"),
        (entry, "createdAt"),
        (engagement, "timestamp"),
    ];
    let words = property(entry, BODY).or_else(|| entry.get("metadata")?.get("body")).and_then(Value::as_str);
    let words = words.filter(|words| !words.trim().is_empty());
    Note {
        line,
        title: None,
        id: id(entry, "id").or_else(|| id(properties(entry), "hs_object_id")).or_else(|| id(engagement, "id")),
        written_at: moments.iter().find_map(|(value, key)| json_moment(value.get(*key)?)),
        body: words.map_or(Body::Empty, |words| Body::Words(words.to_owned())),
    }
}

/// A property, also as the older `{"value": …}`.
fn property<'v>(entry: &'v Value, key: &str) -> Option<&'v Value> {
    let value = properties(entry).get(key)?;
    Some(value.get("value").unwrap_or(value))
}
