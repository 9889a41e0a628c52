//! Notes as a CRM gives them: JSON of `HubSpot` and Salesforce, and Salesforce's table.

mod hubspot;
mod salesforce;

use jiff::Timestamp;
use serde_json::Value;

use super::super::error::ParseError;
use super::super::reading::{Cue, Reading};
use super::html;
use crate::domain::transcript::{Dropped, Format, SourceKind};

pub(in crate::transcript) use salesforce::read_csv;

/// Reads notes out of JSON; none if the JSON holds none.
pub(in crate::transcript) fn read_json(value: &Value) -> Option<Result<Reading, ParseError>> {
    hubspot::read(value).or_else(|| salesforce::read(value)).map(Ok)
}

/// A note of a CRM.
struct Note {
    /// Its place in the list, or its line.
    line: u32,
    title: Option<String>,
    id: Option<String>,
    written_at: Option<Timestamp>,
    body: Body,
}

/// What stands where a note's words should.
enum Body {
    /// HTML or text.
    Words(String),
    /// Nothing.
    Empty,
    /// The address of the words, which are not in the file.
    Address,
}

/// Makes a turn of every paragraph, in the order of the file.
fn reading(format: Format, notes: &[Note]) -> Reading {
    let mut reading = Reading::document(format, SourceKind::Notes);
    reading.started_at = notes.iter().filter_map(|note| note.written_at).min();
    if let [only] = notes {
        reading.title.clone_from(&only.title);
    }
    for note in notes {
        add(&mut reading, note);
    }
    reading
}

fn add(reading: &mut Reading, note: &Note) {
    let name = note.title.as_deref().or(note.id.as_deref()).unwrap_or("without a name");
    let words = match &note.body {
        Body::Words(words) => words,
        Body::Empty => return reading.drop(note.line, format!("note `{name}` has no text")),
        Body::Address => {
            let reason = format!("note `{name}`: the export holds only the address of its body");
            return reading.drop(note.line, reason);
        }
    };
    let body = html::body(words);
    if body.parts.is_empty() {
        reading.drop(note.line, format!("note `{name}` has no text"));
    }
    let dropped = body.dropped.into_iter();
    reading.dropped.extend(dropped.map(|Dropped { reason, .. }| Dropped { line: note.line, reason }));
    for (index, part) in body.parts.into_iter().enumerate() {
        let path: Vec<&str> =
            note.title.as_deref().into_iter().chain(Some(&*part.path).filter(|path| !path.is_empty())).collect();
        let place = format!("{}.{}", note.line, index + 1);
        let id = if path.is_empty() { place } else { format!("{} · {place}", path.join(" / ")) };
        reading.cues.push(Cue { id, line: note.line, text: part.text, ..Cue::default() });
    }
}

/// The entries of a list that may be wrapped, or the one entry that the file is.
fn entries<'v>(value: &'v Value, wrappers: &[&str]) -> &'v [Value] {
    let wrapped = wrappers.iter().find_map(|key| value.get(*key)?.as_array());
    match wrapped.or_else(|| value.as_array()) {
        Some(list) => list,
        None => std::slice::from_ref(value),
    }
}
