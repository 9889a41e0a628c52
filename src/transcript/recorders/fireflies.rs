//! Fireflies: a transcript with sentences, wrapped in the GraphQL answer or bare.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::super::clock::{json_moment, number, whole_ms};
use super::super::json::{Span, Unit, id, text};
use super::super::person;
use super::super::reading::{Cue, Reading, one_line, ordinal};
use crate::domain::transcript::{Format, Participant, Precision, Side};

/// Reads a Fireflies file; none if the JSON is not Fireflies'.
pub(super) fn read(value: &Value) -> Option<Reading> {
    let inner = value.get("data").unwrap_or(value);
    let transcript = inner.get("transcript").filter(|inner| inner.is_object()).unwrap_or(inner);
    let sentences = transcript.get("sentences")?.as_array()?;
    let mut reading = Reading::call(Format::FirefliesJson, Precision::Sentence);
    reading.title = text(transcript, "title").map(str::to_owned);
    reading.started_at = transcript.get("date").and_then(json_moment);
    let minutes = transcript.get("duration").and_then(number).filter(|minutes| *minutes > 0.0);
    reading.duration_ms = minutes.and_then(|minutes| whole_ms(minutes * 60_000.0));
    let names = speaker_names(transcript);
    add_sentences(&mut reading, sentences, &names, minutes.map(|minutes| minutes * 60.0));
    reading.people = people(transcript, &reading.cues, &names);
    Some(reading)
}

/// The names that `speakers` gives to speaker ids.
fn speaker_names(transcript: &Value) -> HashMap<String, String> {
    let speakers = transcript.get("speakers").and_then(Value::as_array);
    let named =
        speakers.into_iter().flatten().filter_map(|entry| Some((id(entry, "id")?, text(entry, "name")?.to_owned())));
    named.collect()
}

/// The sentence's own name, the list's name for its id, or a label made of the id: never a name made up.
fn speaker(sentence: &Value, names: &HashMap<String, String>) -> Option<String> {
    let own = text(sentence, "speaker_name").map(str::to_owned);
    own.or_else(|| {
        let id = id(sentence, "speaker_id")?;
        Some(names.get(&id).cloned().unwrap_or_else(|| format!("Speaker {id}")))
    })
}

/// The words that were heard (`raw_text`), not the ones somebody edited later: those would not be a quote.
fn add_sentences(reading: &mut Reading, sentences: &[Value], names: &HashMap<String, String>, seconds: Option<f64>) {
    let heard = |sentence| text(sentence, "raw_text").or_else(|| text(sentence, "text")).unwrap_or_default();
    let spans: Vec<Span> =
        sentences.iter().map(|entry| Span::of(entry, "start_time", "end_time", heard(entry))).collect();
    let unit = Unit::detect(&spans, seconds).unwrap_or(Unit::Seconds);
    if unit == Unit::Milliseconds {
        reading.warnings.push("the times were read as ms; Fireflies' own unit is seconds".to_owned());
    }
    for (index, (sentence, span)) in sentences.iter().zip(&spans).enumerate() {
        reading.cues.push(Cue {
            id: id(sentence, "index").unwrap_or_else(|| index.to_string()),
            line: ordinal(index),
            speaker: speaker(sentence, names),
            start_ms: span.start.and_then(|time| unit.to_ms(time)),
            end_ms: span.end.and_then(|time| unit.to_ms(time)),
            text: heard(sentence).to_owned(),
        });
    }
    let edited = sentences.iter().filter(|sentence| was_edited(sentence)).count();
    if edited > 0 {
        reading
            .warnings
            .push(format!("sentences edited in Fireflies: {edited}; the words heard (`raw_text`) are used"));
    }
}

fn was_edited(sentence: &Value) -> bool {
    let (text, raw) = (text(sentence, "text"), text(sentence, "raw_text"));
    text.zip(raw).is_some_and(|(text, raw)| one_line(text) != one_line(raw))
}

/// Speakers and attendees, joined by name; sides from the organizer's domain.
fn people(transcript: &Value, cues: &[Cue], names: &HashMap<String, String>) -> Vec<Participant> {
    let attendees: Vec<Participant> = ["meeting_attendees", "attendees"]
        .iter()
        .filter_map(|key| transcript.get(*key)?.as_array())
        .flatten()
        .filter_map(attendee)
        .collect();
    let mut labels: BTreeSet<&str> = names.values().map(String::as_str).collect();
    labels.extend(cues.iter().filter_map(|cue| cue.speaker.as_deref()));
    let mut people: Vec<Participant> = labels.into_iter().map(person::from_label).collect();
    let key = |person: &Participant| person.name.as_deref().map(str::to_lowercase);
    let by_name: HashMap<String, usize> =
        people.iter().enumerate().filter_map(|(at, one)| Some((key(one)?, at))).collect();
    for attendee in attendees {
        match key(&attendee).and_then(|name| people.get_mut(*by_name.get(&name)?)) {
            Some(person) => person.email = person.email.take().or(attendee.email),
            None => people.push(attendee),
        }
    }
    let organizer = text(transcript, "organizer_email").or_else(|| text(transcript, "host_email"));
    set_sides(&mut people, organizer.and_then(person::company_domain));
    people
}

fn attendee(entry: &Value) -> Option<Participant> {
    let email = text(entry, "email").map(str::to_lowercase);
    let name = text(entry, "displayName").or_else(|| text(entry, "name")).filter(|name| !person::is_address(name));
    let label = name.or(email.as_deref())?.to_owned();
    let base = person::from_label(&label);
    Some(Participant { email, ..base })
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
