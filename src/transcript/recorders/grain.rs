//! Grain: the bare list of a transcript's segments, or a recording that holds it. Times are ms.
//!
//! ```json
//! [{"speaker": "Omar Haddad", "participant_id": "pt_2", "start": 12400, "end": 15100, "text": "Who owns the migration?"}]
//! ```
//!
//! <https://developers.grain.com/#get-recording-transcript-json>

use serde_json::Value;

use super::super::clock::json_moment;
use super::super::json::{Unit, first, first_text, id, list, text, voice_label};
use super::super::reading::Reading;
use super::Answer;
use super::answers::description;
use super::entries::{self, Entry, any_has, choose, unwrap};
use super::people::{Known, People, side};
use crate::domain::transcript::{Format, Precision};

const ENVELOPES: &[&str] = &["data", "recording", "recordings"];
const ADVICE: &str = "the words are in the recording's transcript; export that as JSON, WebVTT or SRT";

/// Reads a Grain file; none if the JSON is not Grain's.
pub(super) fn read(file: &Value) -> Answer {
    let Some(chosen) = choose(file, ENVELOPES, segments) else { return refuse(file) };
    let mut reading = Reading::call(Format::GrainJson, Precision::Cue);
    reading.title = text(chosen.call, "title").map(str::to_owned);
    reading.started_at = first(chosen.call, &["start_datetime"]).and_then(json_moment);
    let roll = people(chosen.call, chosen.entries).label(voice_label);
    let entries = chosen.entries.iter().enumerate().map(|(index, segment)| {
        let listed = id(segment, "participant_id").and_then(|id| roll.listed(&id).map(str::to_owned));
        Entry {
            speaker: id(segment, "speaker").as_deref().map(voice_label).or(listed),
            ..Entry::of(segment, index, "text", "start", "end")
        }
    });
    entries::add(&mut reading, entries.collect(), "Grain", Unit::Milliseconds);
    reading.people = roll.people;
    reading.dropped.extend(chosen.others);
    Some(Ok(reading))
}

/// The segments of a recording, or of the bare list of them.
fn segments(call: &Value) -> Option<&[Value]> {
    let held = first(call, &["transcript", "transcript_json", "segments"]).unwrap_or(call);
    let segments = held.as_array()?.as_slice();
    (any_has(segments, "participant_id") && any_has(segments, "text")).then_some(segments)
}

fn refuse(file: &Value) -> Answer {
    let signs = |call: &&Value| call.get("start_datetime").is_some() && call.get("end_datetime").is_some();
    let recording = unwrap(file, ENVELOPES).into_iter().find(signs)?;
    Some(Err(description("Grain's description of a recording", text(recording, "title"), ADVICE)))
}

/// Speakers under the names of their segments, with what the recording says of them.
fn people(call: &Value, segments: &[Value]) -> People {
    let mut people = People::default();
    for segment in segments {
        people.add(Known {
            id: id(segment, "participant_id"),
            name: id(segment, "speaker").as_deref().map(voice_label),
            ..Known::default()
        });
    }
    for participant in list(call, "participants") {
        let scope = text(participant, "scope");
        people.add(Known {
            id: id(participant, "id"),
            name: first_text(participant, &["name"]).map(str::to_owned),
            email: text(participant, "email").map(str::to_owned),
            title: None,
            side: match scope {
                Some(scope @ "internal") => Some(side(true, "Grain", scope)),
                Some(scope @ "external") => Some(side(false, "Grain", scope)),
                _ => None,
            },
        });
    }
    people
}
