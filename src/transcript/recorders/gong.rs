//! Gong: `callTranscripts` of `POST /v2/calls/transcript`, with the people of `POST /v2/calls/extensive` where the file holds
//! both answers (side by side, or as a list of the two). Times are ms from the start of the call.
//!
//! ```json
//! {"callTranscripts": [{"callId": "77", "transcript": [{"speakerId": "64", "topic": null,
//!   "sentences": [{"start": 460230, "end": 462343, "text": "We can hold that price."}]}]}],
//!  "calls": [{"metaData": {"id": "77", "title": "Acme", "started": "2026-03-02T10:02:00Z", "duration": 1820},
//!   "parties": [{"speakerId": "64", "name": "Dana Ruiz", "emailAddress": "dana@vendor.example", "affiliation": "Internal"}]}]}
//! ```
//!
//! The shape is from the models of public clients, which write the keys in `camelCase` or `snake_case`.

use serde_json::Value;

use super::super::clock::{json_moment, number, whole_ms};
use super::super::json::{Unit, first, first_id, first_text, list, text};
use super::super::reading::{Reading, ordinal};
use super::Answer;
use super::answers::description;
use super::entries::{self, At, Call, Entry, any_has, choose_of};
use super::people::{Known, People, Roll, side};
use crate::domain::transcript::{Format, Participant, Precision, SourceKind};

/// Where the words are that a description of calls lacks.
const ADVICE: &str = "the words are in the answer to /v2/calls/transcript; upload that one, too";

/// Reads a Gong file; none if the JSON is not Gong's.
pub(super) fn read(file: &Value) -> Answer {
    let parts = parts(file);
    let Some(chosen) = choose_of(&transcripts(&parts)) else { return refuse(&parts) };
    let mut reading = Reading::call(Format::GongJson, Precision::Sentence);
    let details = details(&parts, first_id(chosen.call, &["callId", "call_id"]).as_deref());
    let roll = details.map(|details| parties(details).label(str::to_owned)).unwrap_or_default();
    if let Some(details) = details {
        describe(&mut reading, details);
    }
    add_monologues(&mut reading, chosen.entries, &roll);
    reading.people = roll.people;
    reading.dropped.extend(chosen.others);
    Some(Ok(reading))
}

/// The answers in the file: one, or a list of several; Gong's own export wraps each in `payload`.
fn parts(file: &Value) -> Vec<&Value> {
    let parts = match file.as_array() {
        Some(list) if !is_monologues(list) => list.iter().collect(),
        _ => vec![file],
    };
    parts.into_iter().map(|part| part.get("payload").filter(|held| held.is_object()).unwrap_or(part)).collect()
}

/// The transcripts: wrapped, bare, or nothing but the list of monologues.
fn transcripts<'v>(parts: &[&'v Value]) -> Vec<Call<'v>> {
    let mut calls = Vec::new();
    for part in parts {
        match first(part, &["callTranscripts", "callTranscript", "call_transcripts"]) {
            Some(Value::Array(wrapped)) => calls.extend(wrapped.iter().map(|call| (call, list(call, "transcript")))),
            Some(single) => calls.push((single, list(single, "transcript"))),
            None => {
                let bare = part.get("transcript").unwrap_or(part).as_array();
                calls.extend(bare.filter(|bare| is_monologues(bare)).map(|bare| (*part, bare.as_slice())));
            }
        }
    }
    calls
}

fn is_monologues(list: &[Value]) -> bool {
    any_has(list, "sentences") && (any_has(list, "speakerId") || any_has(list, "speaker_id") || any_has(list, "topic"))
}

/// An answer of Gong's without any transcript: the description of calls, or nothing at all.
fn refuse(parts: &[&Value]) -> Answer {
    let is_details = |details: &&Value| first(details, &["metaData", "meta_data", "parties"]).is_some();
    let described: Vec<&Value> = all_details(parts).into_iter().filter(is_details).collect();
    if let Some(details) = described.first() {
        let voices: Vec<Participant> = described.iter().flat_map(|details| voices(details)).collect();
        if voices.is_empty() {
            let title = text(meta(details), "title");
            return Some(Err(description("Gong's description of a call without its transcript", title, ADVICE)));
        }
        return Some(Ok(names_of_voices(details, voices)));
    }
    let empty = parts.iter().any(|part| first(part, &["callTranscripts", "call_transcripts"]).is_some());
    empty
        .then(|| Err(description("Gong's answer without any call", None, "ask again when Gong has processed the call")))
}

/// A description of calls without words: it names the voices of a transcript that is a file of its own.
fn names_of_voices(details: &Value, voices: Vec<Participant>) -> Reading {
    let mut reading = Reading::document(Format::GongJson, SourceKind::CrmRecord);
    describe(&mut reading, details);
    reading.people = voices;
    reading.warnings.push(format!("Gong's description of a call: it names the voices of its transcript; {ADVICE}"));
    reading
}

/// The parties of a call under their voices' ids, which is what a transcript without parties calls them.
fn voices(details: &Value) -> Vec<Participant> {
    let roll = parties(details).label(str::to_owned);
    let ids = list(details, "parties").iter().filter_map(|party| first_id(party, &["speakerId", "speaker_id"]));
    let voice = |id: String| {
        let label = roll.listed(&id)?;
        let person = roll.people.iter().find(|person| person.label == label)?;
        Some(Participant { label: id, ..person.clone() })
    };
    ids.filter_map(voice).collect()
}

/// The calls that are described: in `calls`, or bare.
fn all_details<'v>(parts: &[&'v Value]) -> Vec<&'v Value> {
    let of = |part: &&'v Value| match part.get("calls").and_then(Value::as_array) {
        Some(calls) => calls.iter().collect(),
        None => vec![*part],
    };
    parts.iter().flat_map(of).collect()
}

/// The description of the call that is read; the only one there is, where ids do not tell.
fn details<'v>(parts: &[&'v Value], call_id: Option<&str>) -> Option<&'v Value> {
    let all: Vec<&Value> = all_details(parts).into_iter().filter(|details| details.get("parties").is_some()).collect();
    let same = |details: &&&Value| call_id.is_some() && first_id(meta(details), &["id"]).as_deref() == call_id;
    all.iter().find(same).copied().or_else(|| all.first().filter(|_| all.len() == 1).copied())
}

fn meta(details: &Value) -> &Value {
    first(details, &["metaData", "meta_data"]).unwrap_or(details)
}

/// Title, start and length of the call.
fn describe(reading: &mut Reading, details: &Value) {
    let meta = meta(details);
    reading.title = text(meta, "title").map(str::to_owned);
    reading.started_at = meta.get("started").and_then(json_moment);
    let seconds = meta.get("duration").and_then(number).filter(|seconds| *seconds > 0.0);
    reading.duration_ms = seconds.and_then(|seconds| whole_ms(seconds * 1000.0));
}

fn parties(details: &Value) -> People {
    let mut people = People::default();
    for party in list(details, "parties") {
        let affiliation = text(party, "affiliation").unwrap_or_default();
        people.add(Known {
            id: first_id(party, &["speakerId", "speaker_id"]),
            name: text(party, "name").map(str::to_owned),
            email: first_text(party, &["emailAddress", "email_address"]).map(str::to_owned),
            title: text(party, "title").map(str::to_owned),
            side: match affiliation.to_lowercase().as_str() {
                "internal" => Some(side(true, "Gong", affiliation)),
                "external" => Some(side(false, "Gong", affiliation)),
                _ => None,
            },
        });
    }
    people
}

fn add_monologues(reading: &mut Reading, monologues: &[Value], roll: &Roll) {
    let mut all = Vec::new();
    for (index, monologue) in monologues.iter().enumerate() {
        let sentences = list(monologue, "sentences");
        if sentences.is_empty() {
            reading.drop(ordinal(index), "monologue without sentences");
        }
        // The bare id where no party has it: Gong's ids are no numbers of speakers.
        let voice = first_id(monologue, &["speakerId", "speaker_id"]);
        let voice = voice.map(|id| roll.listed(&id).map_or_else(|| id.clone(), str::to_owned));
        all.extend(sentences.iter().enumerate().map(|(place, sentence)| Entry {
            id: Some(format!("{}.{}", ordinal(index), ordinal(place))),
            speaker: voice.clone(),
            ..Entry::of(sentence, index, "text", "start", "end")
        }));
    }
    let counted = all.iter().any(|entry| matches!(entry.start, Some(At::Units(_))));
    if entries::add(reading, all, "Gong", Unit::Milliseconds).is_none() && counted {
        reading.warnings.push("nothing tells the unit of the times; they were read as ms".to_owned());
    }
}
