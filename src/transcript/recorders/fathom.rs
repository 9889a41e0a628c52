//! Fathom: a meeting with its `transcript`, the answer of the transcript endpoint, or a list of meetings (`items`). Times are
//! clock readings of whole seconds, without ends.
//!
//! ```json
//! {"title": "Acme demo", "recorded_by": {"name": "Dana Ruiz", "email": "dana@vendor.example"},
//!  "calendar_invitees": [{"name": "Omar Haddad", "email": "omar@acme.example", "is_external": true}],
//!  "transcript": [{"speaker": {"display_name": "Omar Haddad", "matched_calendar_invitee_email": "omar@acme.example"},
//!    "text": "Our board wants this by Q3.", "timestamp": "00:05:32"}]}
//! ```
//!
//! <https://developers.fathom.ai/quickstart>. Summary and action items are Fathom's words, not the call's.

use serde_json::Value;

use super::super::clock::json_moment;
use super::super::json::{Unit, first, first_text, list, text, voice_label};
use super::super::reading::Reading;
use super::Answer;
use super::answers::description;
use super::entries::{self, Entry, any_has, choose, unwrap};
use super::people::{Known, People, side};
use crate::domain::transcript::{Format, Participant, Precision};

const ENVELOPES: &[&str] = &["data", "meeting", "items"];
const ADVICE: &str = "ask for it with `include_transcript=true`, or at /recordings/{recording_id}/transcript";

/// Reads a Fathom file; none if the JSON is not Fathom's.
pub(super) fn read(file: &Value) -> Answer {
    let Some(chosen) = choose(file, ENVELOPES, utterances) else { return refuse(file) };
    let mut reading = Reading::call(Format::FathomJson, Precision::Cue);
    describe(&mut reading, chosen.call);
    let entries = chosen.entries.iter().enumerate().map(|(index, entry)| Entry {
        speaker: speaker(entry),
        ..Entry::of(entry, index, "text", "timestamp", "end_timestamp")
    });
    entries::add(&mut reading, entries.collect(), "Fathom", Unit::Seconds);
    reading.people = people(chosen.call, chosen.entries);
    reading.dropped.extend(chosen.others);
    Some(Ok(reading))
}

/// The entries of a meeting, or of the bare list of them.
fn utterances(call: &Value) -> Option<&[Value]> {
    let list = call.as_array().map_or_else(|| list(call, "transcript"), Vec::as_slice);
    let is_named = |entry: &Value| entry.get("speaker").is_some_and(|speaker| speaker.get("display_name").is_some());
    (any_has(list, "timestamp") && (list.iter().any(is_named) || is_meeting(call))).then_some(list)
}

fn is_meeting(call: &Value) -> bool {
    first(call, &["recorded_by", "calendar_invitees", "recording_id", "default_summary"]).is_some()
}

fn refuse(file: &Value) -> Answer {
    let meeting =
        unwrap(file, ENVELOPES).into_iter().find(|call| is_meeting(call) && call.get("share_url").is_some())?;
    let title = first_text(meeting, &["title", "meeting_title"]);
    Some(Err(description("Fathom's description of a meeting", title, ADVICE)))
}

fn describe(reading: &mut Reading, call: &Value) {
    reading.title = first_text(call, &["title", "meeting_title"]).map(str::to_owned);
    reading.started_at = call.get("recording_start_time").and_then(json_moment);
    let ended = call.get("recording_end_time").and_then(json_moment);
    let both = reading.started_at.zip(ended);
    reading.duration_ms = both.map(|(start, end)| end.as_millisecond() - start.as_millisecond()).filter(|ms| *ms > 0);
}

/// The name that Fathom shows; some exports have it bare.
fn speaker(entry: &Value) -> Option<String> {
    let name = entry.get("speaker").and_then(|held| first_text(held, &["display_name", "name"]));
    name.or_else(|| text(entry, "speaker")).map(voice_label)
}

/// Speakers, joined with the calendar by the address that Fathom matched, or by name.
fn people(call: &Value, entries: &[Value]) -> Vec<Participant> {
    let mut people = People::default();
    for entry in entries {
        let email = entry.get("speaker").and_then(|held| text(held, "matched_calendar_invitee_email"));
        people.add(Known { name: speaker(entry), email: email.map(str::to_owned), ..Known::default() });
    }
    for invitee in list(call, "calendar_invitees") {
        let side = match invitee.get("is_external").and_then(Value::as_bool) {
            Some(true) => Some(side(false, "Fathom", "external")),
            Some(false) => Some(side(true, "Fathom", "internal")),
            None => None,
        };
        let name = first_text(invitee, &["matched_speaker_display_name", "name"]).map(str::to_owned);
        people.add(Known { name, email: text(invitee, "email").map(str::to_owned), side, ..Known::default() });
    }
    if let Some(recorder) = call.get("recorded_by") {
        people.add(Known {
            name: text(recorder, "name").map(str::to_owned),
            email: text(recorder, "email").map(str::to_owned),
            side: Some(side(true, "Fathom", "the one who recorded the call")),
            ..Known::default()
        });
    }
    people.label(voice_label).people
}
