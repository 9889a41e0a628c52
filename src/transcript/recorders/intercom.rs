//! Intercom: a call with its `transcript`, in the list of calls or alone, or the bare list of its turns. Times are seconds, as
//! numbers on some calls and as text on others.
//!
//! ```json
//! {"type": "call", "initiated_at": 1773997920, "transcript_status": "completed", "transcript": [{"start_time": "3.2",
//!   "end_time": 7.95, "speaker_label": "Contact 1", "speaker_type": "user", "content": "Hi, I am calling about the invoice."}]}
//! ```
//!
//! <https://developers.intercom.com/docs/references/rest-api/api.intercom.io/calls/call_transcript_turn>

use std::collections::HashMap;

use serde_json::Value;

use super::super::clock::json_moment;
use super::super::json::{Unit, first, first_text, list, text, voice_label};
use super::super::person;
use super::super::reading::Reading;
use super::Answer;
use super::answers::description;
use super::entries::{self, Entry, any_has, choose, unwrap};
use super::people::side;
use crate::domain::transcript::{Format, Participant, Precision, Side};

const ENVELOPES: &[&str] = &["data", "calls", "call"];
const ADVICE: &str = "ask for the call's transcript when Intercom has completed it";
/// Words by which Intercom labels a part in a call: they name nobody.
const PARTS: &[&str] = &["admin", "agent", "contact", "fin", "lead", "teammate", "user"];

/// Reads an Intercom file; none if the JSON is not Intercom's.
pub(super) fn read(file: &Value) -> Answer {
    let Some(chosen) = choose(file, ENVELOPES, turns) else { return refuse(file) };
    let mut reading = Reading::call(Format::IntercomJson, Precision::Cue);
    reading.title = text(chosen.call, "title").map(str::to_owned);
    reading.started_at = first(chosen.call, &["initiated_at", "answered_at", "created_at"]).and_then(json_moment);
    let entries = chosen.entries.iter().enumerate().map(|(index, turn)| Entry {
        speaker: label(turn),
        ..Entry::of(turn, index, "content", "start_time", "end_time")
    });
    entries::add(&mut reading, entries.collect(), "Intercom", Unit::Seconds);
    reading.people = people(chosen.entries);
    reading.dropped.extend(chosen.others);
    Some(Ok(reading))
}

/// The turns of a call, or of the bare list of them.
fn turns(call: &Value) -> Option<&[Value]> {
    let turns = call.as_array().map_or_else(|| list(call, "transcript"), Vec::as_slice);
    let is_call = any_has(turns, "speaker_label") || text(call, "type") == Some("call");
    (any_has(turns, "content") && is_call).then_some(turns)
}

fn refuse(file: &Value) -> Answer {
    let is_call = |call: &&Value| {
        text(call, "type") == Some("call") && first(call, &["call_type", "transcript_status"]).is_some()
    };
    let call = unwrap(file, ENVELOPES).into_iter().find(is_call)?;
    let status = first_text(call, &["transcript_status", "state"]).map(|status| format!("transcript {status}"));
    Some(Err(description("Intercom's description of a call", status.as_deref(), ADVICE)))
}

fn label(turn: &Value) -> Option<String> {
    first_text(turn, &["speaker_label", "speaker"]).map(voice_label)
}

/// One participant per label; the part that Intercom gives a speaker tells the side.
fn people(turns: &[Value]) -> Vec<Participant> {
    let mut parts: HashMap<String, Option<(Side, String)>> = HashMap::new();
    for turn in turns {
        let Some(label) = label(turn) else { continue };
        let part = text(turn, "speaker_type").unwrap_or_default();
        let held = parts.entry(label).or_default();
        *held = held.take().or_else(|| match part {
            "admin" | "teammate" => Some(side(true, "Intercom", part)),
            "user" | "contact" | "lead" => Some(side(false, "Intercom", part)),
            _ => None,
        });
    }
    let mut people: Vec<Participant> = parts.into_iter().map(participant).collect();
    people.sort_by(|one, other| one.label.cmp(&other.label));
    people
}

fn participant((label, side): (String, Option<(Side, String)>)) -> Participant {
    let named = person::from_label(&label);
    let word = label.split(' ').next().unwrap_or_default().to_lowercase();
    let name = named.name.filter(|_| !PARTS.contains(&word.as_str()));
    let (side, side_reason) = side.map_or((Side::Unknown, None), |(side, reason)| (side, Some(reason)));
    Participant { label, name, side, side_reason, email: named.email, title: None }
}
