//! Clari Copilot: the `call` of `/call-details`, with a transcript whose voices are ids of people in three lists. Times are
//! seconds.
//!
//! ```json
//! {"call": {"title": "Onboarding", "time": "2026-03-16T14:00:00Z", "metrics": {"call_duration": 1875},
//!   "users": [{"userEmail": "dana@vendor.example", "personId": 11}],
//!   "externalParticipants": [{"name": "Omar Haddad", "email": "omar@acme.example", "personId": 21}],
//!   "joinedParticipants": [{"name": "Dana Ruiz", "email": "dana@vendor.example", "personId": 11}],
//!   "transcript": [{"text": "How long is onboarding?", "start": 17.8, "end": 19.9, "personId": 21}]}}
//! ```
//!
//! The keys are as users of the interface report them. The summary is Clari's words, not the call's.

use serde_json::Value;

use super::super::clock::{json_moment, number, whole_ms};
use super::super::json::{Unit, first, first_text, id, list, text, voice_label};
use super::super::reading::Reading;
use super::Answer;
use super::answers::description;
use super::entries::{self, Entry, any_has, choose, unwrap};
use super::people::{Known, People, side};
use crate::domain::transcript::{Format, Precision};

const ENVELOPES: &[&str] = &["data", "call", "calls"];
const ADVICE: &str = "the words are in the answer to /call-details of one call; upload that one";

/// Reads a Clari Copilot file; none if the JSON is not Clari's.
pub(super) fn read(file: &Value) -> Answer {
    let sentences = |call| Some(list(call, "transcript")).filter(|sentences| any_has(sentences, "personId"));
    let Some(chosen) = choose(file, ENVELOPES, sentences) else { return refuse(file) };
    let call = chosen.call;
    let mut reading = Reading::call(Format::ClariJson, Precision::Sentence);
    reading.title = text(call, "title").map(str::to_owned);
    reading.started_at = first(call, &["time", "call_time"]).and_then(json_moment);
    let seconds = call.get("metrics").and_then(|metrics| number(metrics.get("call_duration")?));
    reading.duration_ms = seconds.filter(|seconds| *seconds > 0.0).and_then(|seconds| whole_ms(seconds * 1000.0));
    let roll = people(call).label(voice_label);
    let entries = chosen.entries.iter().enumerate().map(|(index, sentence)| Entry {
        speaker: id(sentence, "personId").map(|id| roll.voice(&id)),
        ..Entry::of(sentence, index, "text", "start", "end")
    });
    entries::add(&mut reading, entries.collect(), "Clari Copilot", Unit::Seconds);
    reading.people = roll.people;
    reading.dropped.extend(chosen.others);
    Some(Ok(reading))
}

fn refuse(file: &Value) -> Answer {
    let is_call = |call: &&Value| first(call, &["externalParticipants", "joinedParticipants"]).is_some();
    let call = unwrap(file, ENVELOPES).into_iter().find(is_call)?;
    let said = first_text(call, &["status", "title"]);
    Some(Err(description("Clari Copilot's description of a call", said, ADVICE)))
}

/// Users are the vendor's, external participants the customer's; who joined is in one of the two lists, and named here.
fn people(call: &Value) -> People {
    let lists = [
        ("users", Some(side(true, "Clari Copilot", "a user of the account"))),
        ("externalParticipants", Some(side(false, "Clari Copilot", "an external participant"))),
        ("joinedParticipants", None),
    ];
    let mut people = People::default();
    for (key, side) in lists {
        for person in list(call, key) {
            people.add(Known {
                id: id(person, "personId"),
                name: first_text(person, &["name", "userName"]).map(str::to_owned),
                email: first_text(person, &["email", "userEmail"]).map(str::to_owned),
                title: None,
                side: side.clone(),
            });
        }
    }
    people
}
