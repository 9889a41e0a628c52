//! Fireflies: a transcript with `sentences`, bare or in the GraphQL answer (`data.transcript`, `data.transcripts`), or the
//! list that the app downloads (`sentence`, `startTime` as clock text). Times are seconds (numbers or text), the length is minutes, `date` is epoch ms or ISO text.
//!
//! ```json
//! {"data": {"transcript": {"title": "Acme", "date": 1772445720000, "duration": 31.5, "organizer_email": "dana@vendor.example",
//!   "speakers": [{"id": 0, "name": "Dana Ruiz"}], "meeting_attendees": [{"displayName": "Omar", "email": "omar@acme.example"}],
//!   "sentences": [{"index": 0, "speaker_id": 0, "speaker_name": "Dana Ruiz", "text": "Live in six weeks.",
//!     "raw_text": "live in six weeks", "start_time": 12.4, "end_time": 14.1}]}}}
//! ```
//!
//! `text` is what somebody may have edited, `raw_text` what was heard (<https://docs.fireflies.ai/schema/sentence>). What was
//! heard is cited: an edited sentence is no quote.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::super::clock::{json_moment, number, whole_ms};
use super::super::error::ParseError;
use super::super::json::{Unit, first, first_text, id, list, text, voice_label};
use super::super::person;
use super::super::reading::{Reading, one_line, ordinal, places};
use super::Answer;
use super::answers::description;
use super::entries::{self, At, Entry, any_has, choose, unwrap};
use super::people::{Known, People};
use crate::domain::transcript::{Format, Participant, Precision, Side};

/// Keys that only sentences of Fireflies have; other tools have `sentences`, too.
const SIGNS: &[&str] = &["raw_text", "start_time", "speaker_id", "speaker_name", "ai_filters"];
const ENVELOPES: &[&str] = &["data", "transcript", "transcripts"];

/// Reads a Fireflies file; none if the JSON is not Fireflies'.
pub(super) fn read(file: &Value) -> Answer {
    let sentences = |call| {
        let list = Value::as_array(Value::get(call, "sentences").unwrap_or(call))?.as_slice();
        let is_download = any_has(list, "sentence") && any_has(list, "speaker_name");
        if call.is_array() {
            return is_download.then_some(list);
        }
        (list.is_empty() || SIGNS.iter().any(|sign| any_has(list, sign))).then_some(list)
    };
    let Some(chosen) = choose(file, ENVELOPES, sentences) else { return refuse(file).map(Err) };
    let call = chosen.call;
    let mut reading = Reading::call(Format::FirefliesJson, Precision::Sentence);
    reading.title = text(call, "title").map(str::to_owned);
    reading.started_at = call.get("date").and_then(json_moment);
    let minutes = call.get("duration").and_then(number).filter(|minutes| *minutes > 0.0);
    reading.duration_ms = minutes.and_then(|minutes| whole_ms(minutes * 60_000.0));
    add_sentences(&mut reading, chosen.entries, &speaker_names(call));
    name_the_cited(&mut reading, chosen.entries);
    reading.people = people(call, &reading);
    reading.dropped.extend(chosen.others);
    Some(Ok(reading))
}

/// A meeting without its sentences. Errors are left to [`answers`](super::answers).
fn refuse(file: &Value) -> Option<ParseError> {
    const ADVICE: &str = "ask Fireflies for the `sentences` of the transcript, once it has processed the meeting";
    let answer = file.get("data").filter(|_| file.get("errors").is_none())?;
    let one = answer.get("transcript").filter(|held| held.is_null() || held.is_object());
    let held = one.or_else(|| answer.get("transcripts").filter(|held| held.is_null() || held.is_array()))?;
    let title = unwrap(held, &[]).first().and_then(|call| text(call, "title"));
    Some(description("Fireflies' answer without the sentences of a meeting", title, ADVICE))
}

/// The names that `speakers` gives to speaker ids.
fn speaker_names(call: &Value) -> HashMap<String, String> {
    let named = |entry| Some((id(entry, "id")?, text(entry, "name")?.to_owned()));
    list(call, "speakers").iter().filter_map(named).collect()
}

fn add_sentences(reading: &mut Reading, sentences: &[Value], names: &HashMap<String, String>) {
    // The sentence's own name, the list's name for its id, or a label made of the id: never a name made up.
    let voice = |sentence| {
        let own = text(sentence, "speaker_name").map(voice_label);
        own.or_else(|| id(sentence, "speaker_id").map(|id| names.get(&id).cloned().unwrap_or(format!("Speaker {id}"))))
    };
    let all = sentences.iter().enumerate().map(|(index, sentence)| Entry {
        id: id(sentence, "index").or_else(|| Some(index.to_string())),
        speaker: voice(sentence),
        text: first_text(sentence, &["raw_text", "text", "sentence"]).unwrap_or_default().to_owned(),
        start: first(sentence, &["start_time", "startTime"]).and_then(At::of),
        end: first(sentence, &["end_time", "endTime"]).and_then(At::of),
        line: ordinal(index),
    });
    entries::add(reading, all.collect(), "Fireflies", Unit::Seconds);
}

/// Says which of the two texts is cited where they differ, and where only the one that may be edited is there.
fn name_the_cited(reading: &mut Reading, sentences: &[Value]) {
    let (mut edited, mut unheard, mut heard) = (Vec::new(), Vec::new(), false);
    for (index, sentence) in sentences.iter().enumerate() {
        match (text(sentence, "raw_text"), first_text(sentence, &["text", "sentence"])) {
            (Some(raw), Some(text)) if one_line(raw) != one_line(text) => edited.push(ordinal(index)),
            (None, Some(_)) => unheard.push(ordinal(index)),
            _ => {}
        }
        heard |= text(sentence, "raw_text").is_some();
    }
    if !edited.is_empty() {
        let found = edited.len();
        let at = places(edited);
        reading.warnings.push(format!(
            "sentences whose `text` is not what was heard: {found}{at}; the words heard (`raw_text`) are cited"
        ));
    }
    if !unheard.is_empty() {
        let which = if heard { format!(" in {}{}", unheard.len(), places(unheard)) } else { String::new() };
        reading
            .warnings
            .push(format!("no `raw_text`{which}: `text` is cited, which may have been edited in Fireflies"));
    }
}

/// Speakers and attendees, joined by name; sides from the organizer's domain.
fn people(call: &Value, reading: &Reading) -> Vec<Participant> {
    let mut people = People::default();
    let mut add = |name: Option<&str>, email: Option<&str>| {
        let (name, email) = (name.map(str::to_owned), email.map(str::to_owned));
        people.add(Known { name, email, ..Known::default() });
    };
    for label in reading.cues.iter().filter_map(|cue| cue.speaker.as_deref()) {
        add(Some(label), None);
    }
    for speaker in list(call, "speakers") {
        add(text(speaker, "name"), None);
    }
    for attendee in ["meeting_attendees", "attendees"].iter().flat_map(|key| list(call, key)) {
        let name = first_text(attendee, &["displayName", "name"]).filter(|name| !person::is_address(name));
        add(name, text(attendee, "email"));
    }
    for address in list(call, "participants").iter().filter_map(Value::as_str) {
        // Some exports hold all addresses in one text.
        address
            .split(',')
            .map(str::trim)
            .filter(|address| person::is_address(address))
            .for_each(|one| add(None, Some(one)));
    }
    let mut people = people.label(voice_label).people;
    let organizer = first_text(call, &["organizer_email", "host_email"]);
    set_sides(&mut people, organizer.and_then(person::company_domain));
    people
}

/// The organizer's domain is the vendor's. The one other company in the call is the customer; of several others nobody can
/// tell who buys, so they stay unknown.
fn set_sides(people: &mut [Participant], vendor: Option<String>) {
    let Some(vendor) = vendor else { return };
    let others: BTreeSet<String> = people
        .iter()
        .filter_map(|person| person::company_domain(person.email.as_deref()?))
        .filter(|domain| *domain != vendor)
        .collect();
    for person in people {
        let domain = person.email.as_deref().and_then(person::company_domain);
        let (side, reason) = match domain {
            Some(domain) if domain == vendor => {
                (Side::Vendor, Some(format!("the mail domain {domain} is the organizer's")))
            }
            Some(domain) if others.len() == 1 => {
                (Side::Customer, Some(format!("the mail domain {domain} is the one beside the organizer's")))
            }
            _ => (Side::Unknown, None),
        };
        (person.side, person.side_reason) = (side, reason);
    }
}
