//! Avoma: a transcription of paragraphs with the start of every word in seconds, alone or in the list of the transcriptions
//! of a meeting.
//!
//! ```json
//! {"uuid": "tr1", "meeting_uuid": "m1", "transcription_vtt_url": "https://…",
//!  "speakers": [{"id": 1, "email": "dana@vendor.example", "name": "Dana Ruiz", "is_rep": true}],
//!  "transcript": [{"speaker_id": 1, "transcript": "Hello again Omar", "timestamps": [0.0, 0.5, 1.0]}]}
//! ```
//!
//! The keys are those of public clients. No end is given: a paragraph ends where its last word starts.

use std::collections::HashSet;

use serde_json::Value;

use super::super::clock::json_moment;
use super::super::json::{Unit, first, first_text, id, list, text, voice_label};
use super::super::person::company_domain;
use super::super::reading::Reading;
use super::Answer;
use super::answers::description;
use super::entries::{self, At, Entry, any_has, choose};
use super::people::{Known, People, side};
use crate::domain::transcript::{Format, Precision};

const ADVICE: &str = "the words are in the transcription that `transcription_uuid` names; upload that one";

/// Reads an Avoma file; none if the JSON is not Avoma's.
pub(super) fn read(file: &Value) -> Answer {
    let paragraphs = |call| {
        let paragraphs = list(call, "transcript");
        (any_has(paragraphs, "transcript") && any_has(paragraphs, "speaker_id")).then_some(paragraphs)
    };
    let Some(chosen) = choose(file, &["data", "results"], paragraphs) else { return refuse(file) };
    let mut reading = Reading::call(Format::AvomaJson, Precision::Word);
    reading.title = first_text(chosen.call, &["subject", "title"]).map(str::to_owned);
    reading.started_at = first(chosen.call, &["start_at"]).and_then(json_moment);
    let roll = people(list(chosen.call, "speakers")).label(voice_label);
    let entries = chosen.entries.iter().enumerate().map(|(index, paragraph)| {
        let times = list(paragraph, "timestamps");
        Entry {
            speaker: id(paragraph, "speaker_id").map(|id| roll.voice(&id)),
            start: times.iter().find_map(At::of),
            end: times.iter().rev().find_map(At::of),
            ..Entry::of(paragraph, index, "transcript", "start", "end")
        }
    });
    entries::add(&mut reading, entries.collect(), "Avoma", Unit::Seconds);
    reading.people = roll.people;
    reading.dropped.extend(chosen.others);
    Some(Ok(reading))
}

/// A meeting, or a transcription that is not ready.
fn refuse(file: &Value) -> Answer {
    let signs = ["transcription_uuid", "transcription_vtt_url", "transcript_ready"];
    first(file, &signs)?;
    let state = first_text(file, &["processing_status", "state", "subject"]);
    Some(Err(description("Avoma's description of a meeting", state, ADVICE)))
}

/// A rep is the vendor's. Who is no rep is the customer's, but for the rep's colleagues: those have the rep's mail domain.
fn people(speakers: &[Value]) -> People {
    let is_rep = |speaker: &Value| speaker.get("is_rep").and_then(Value::as_bool);
    let domain = |speaker| text(speaker, "email").and_then(company_domain);
    let ours: HashSet<String> = speakers.iter().filter(|one| is_rep(one) == Some(true)).filter_map(domain).collect();
    let mut people = People::default();
    for speaker in speakers {
        let side = match (is_rep(speaker), domain(speaker).filter(|domain| ours.contains(domain))) {
            (Some(true), _) => Some(side(true, "Avoma", "a rep")),
            (Some(false), Some(domain)) => {
                Some(side(true, "Avoma", &format!("no rep, but at the rep's mail domain {domain}")))
            }
            (Some(false), None) => Some(side(false, "Avoma", "no rep")),
            (None, _) => None,
        };
        people.add(Known {
            id: id(speaker, "id"),
            name: text(speaker, "name").map(str::to_owned),
            email: text(speaker, "email").map(str::to_owned),
            title: None,
            side,
        });
    }
    people
}
