//! Chorus (`ZoomInfo`): a conversation with the utterances of its recording, in the envelope of JSON:API. Times are seconds
//! from the start, with a length instead of an end; `index` orders the utterances, wherever they stand in the list.
//!
//! ```json
//! {"data": {"type": "conversation", "attributes": {"name": "Review",
//!   "participants": [{"name": "Dana Ruiz", "email": "dana@vendor.example", "type": "rep", "person_id": 111}],
//!   "recording": {"duration": 1834.2, "start_time": "2026-03-18T15:00:12Z", "utterances": [{"index": 0, "snippet_time": 3.1,
//!     "snippet_length": 2.4, "speaker_name": "Dana Ruiz", "speaker_type": "rep", "snippet": "Thanks for the test data."}]}}}}
//! ```
//!
//! The keys are those of public clients. The summary is Chorus's words, not the call's.

use serde_json::Value;

use super::super::clock::{json_moment, number, whole_ms};
use super::super::json::{Unit, first_text, id, list, text, voice_label};
use super::super::reading::{Reading, places};
use super::Answer;
use super::answers::description;
use super::entries::{self, At, Entry, any_has, choose, unwrap};
use super::people::{Known, People, side};
use crate::domain::transcript::{Format, Precision, Side};

const ENVELOPES: &[&str] = &["data", "conversation", "conversations"];
const ADVICE: &str =
    "the words are in `recording.utterances` of one conversation; ask for it by its id when it is complete";

/// Reads a Chorus file; none if the JSON is not Chorus's.
pub(super) fn read(file: &Value) -> Answer {
    let utterances = |call| {
        let inside = list(recording(call), "utterances");
        Some(inside).filter(|utterances| any_has(utterances, "snippet"))
    };
    let Some(chosen) = choose(file, ENVELOPES, utterances) else { return refuse(file) };
    let (call, recording) = (attributes(chosen.call), recording(chosen.call));
    let mut reading = Reading::call(Format::ChorusJson, Precision::Cue);
    reading.title = first_text(call, &["name", "title"]).map(str::to_owned);
    reading.started_at = recording.get("start_time").and_then(json_moment);
    let seconds = recording.get("duration").and_then(number).filter(|seconds| *seconds > 0.0);
    reading.duration_ms = seconds.and_then(|seconds| whole_ms(seconds * 1000.0));
    let roll = people(call, chosen.entries).label(voice_label);
    let entries = chosen.entries.iter().enumerate().map(|(index, utterance)| {
        let listed = person_id(utterance).and_then(|id| roll.listed(&id).map(str::to_owned));
        Entry {
            id: id(utterance, "id"),
            speaker: text(utterance, "speaker_name").map(voice_label).or(listed),
            end: end(utterance),
            ..Entry::of(utterance, index, "snippet", "snippet_time", "snippet_end")
        }
    });
    let entries = in_order(&mut reading, chosen.entries, entries.collect());
    entries::add(&mut reading, entries, "Chorus", Unit::Seconds);
    reading.people = roll.people;
    reading.dropped.extend(chosen.others);
    Some(Ok(reading))
}

fn attributes(call: &Value) -> &Value {
    call.get("attributes").unwrap_or(call)
}

fn recording(call: &Value) -> &Value {
    attributes(call).get("recording").unwrap_or_else(|| attributes(call))
}

fn refuse(file: &Value) -> Answer {
    let call = unwrap(file, ENVELOPES).into_iter().find(|call| text(call, "type") == Some("conversation"))?;
    let said = first_text(attributes(call), &["status", "name"]);
    Some(Err(description("Chorus's description of a conversation", said, ADVICE)))
}

fn end(utterance: &Value) -> Option<At> {
    let (start, length) = (number(utterance.get("snippet_time")?)?, number(utterance.get("snippet_length")?)?);
    Some(At::Units(start + length))
}

/// The entries in the order of `index`, where all have one; the report says which were not.
fn in_order(reading: &mut Reading, utterances: &[Value], entries: Vec<Entry>) -> Vec<Entry> {
    let indexes: Option<Vec<f64>> = utterances.iter().map(|utterance| number(utterance.get("index")?)).collect();
    let mut placed: Vec<(f64, Entry)> = match indexes {
        Some(indexes) => indexes.into_iter().zip(entries).collect(),
        None => return entries,
    };
    let pairs = placed.iter().zip(placed.iter().skip(1));
    let late: Vec<u32> = pairs.filter(|(one, next)| next.0 < one.0).map(|(_, (_, next))| next.line).collect();
    if !late.is_empty() {
        placed.sort_by(|one, other| one.0.total_cmp(&other.0));
        let found = late.len();
        let at = places(late);
        reading.warnings.push(format!("utterances out of the order of their `index`, sorted: {found}{at}"));
    }
    placed.into_iter().map(|(_, entry)| entry).collect()
}

fn person_id(utterance: &Value) -> Option<String> {
    id(utterance.get("participant")?, "person_id")
}

/// Participants, then the speakers who are not among them.
fn people(call: &Value, utterances: &[Value]) -> People {
    let mut people = People::default();
    for participant in list(call, "participants") {
        let ours = participant.get("is_my_team").and_then(Value::as_bool);
        let by_team = ours.map(|ours| side(ours, "Chorus", if ours { "of the own team" } else { "of no own team" }));
        people.add(Known {
            id: id(participant, "person_id"),
            name: text(participant, "name").map(str::to_owned),
            email: text(participant, "email").map(str::to_owned),
            title: text(participant, "title").map(str::to_owned),
            side: of_type(text(participant, "type")).or(by_team),
        });
    }
    for utterance in utterances {
        people.add(Known {
            id: person_id(utterance),
            name: text(utterance, "speaker_name").map(voice_label),
            side: of_type(text(utterance, "speaker_type")),
            ..Known::default()
        });
    }
    people
}

fn of_type(role: Option<&str>) -> Option<(Side, String)> {
    match role? {
        role @ "rep" => Some(side(true, "Chorus", role)),
        role @ ("customer" | "prospect") => Some(side(false, "Chorus", role)),
        _ => None,
    }
}
