//! Gong: `callTranscripts` of the transcript endpoint, with the people of the extensive call where the file holds them.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::super::clock::{json_moment, number, whole_ms};
use super::super::json::{Span, Unit, id, text};
use super::super::reading::{Cue, Reading, ordinal};
use crate::domain::transcript::{Format, Participant, Precision, Side};

/// Reads a Gong file; none if the JSON is not Gong's.
pub(super) fn read(value: &Value) -> Option<Reading> {
    let transcripts = transcripts(value);
    let (call_id, monologues) =
        transcripts.iter().find(|(_, monologues)| !monologues.is_empty()).or(transcripts.first())?;
    let mut reading = Reading::call(Format::GongJson, Precision::Sentence);
    let call = call(value, call_id.as_deref());
    let seconds = describe(&mut reading, call);
    let parties: Vec<Party> =
        call.and_then(|call| call.get("parties")?.as_array()).map_or_else(Vec::new, |list| parties(list));
    let voices = parties.iter().filter_map(|party| Some((party.speaker_id.as_deref()?, party.person.label.as_str())));
    add_sentences(&mut reading, monologues, &voices.collect(), seconds);
    reading.people = parties.into_iter().map(|party| party.person).collect();
    for other in 1..transcripts.len() {
        reading.drop(ordinal(other), "another call in the same file; upload each call by itself");
    }
    Some(reading)
}

/// The calls of the file: wrapped, bare, or nothing but the list of monologues.
fn transcripts(value: &Value) -> Vec<(Option<String>, &[Value])> {
    let list = match value.get("callTranscripts").or_else(|| value.get("callTranscript")) {
        Some(Value::Array(list)) => list.as_slice(),
        Some(single) => std::slice::from_ref(single),
        None => std::slice::from_ref(value),
    };
    list.iter().filter_map(|call| Some((id(call, "callId"), monologues(call)?))).collect()
}

fn monologues(call: &Value) -> Option<&[Value]> {
    let list = call.get("transcript").unwrap_or(call).as_array()?;
    let is_gong = list.iter().take(3).all(|entry| entry.get("sentences").is_some_and(Value::is_array));
    (is_gong && (!list.is_empty() || call.get("callId").is_some())).then_some(list)
}

/// The extensive call with the transcript's id; the only one, where ids do not tell.
fn call<'v>(value: &'v Value, call_id: Option<&str>) -> Option<&'v Value> {
    let Some(calls) = value.get("calls").and_then(Value::as_array) else {
        return value.get("parties").map(|_| value);
    };
    let same = calls.iter().find(|call| call.get("metaData").and_then(|meta| id(meta, "id")).as_deref() == call_id);
    same.or_else(|| calls.first().filter(|_| calls.len() == 1))
}

/// Title, start and length of the call; returns its length in seconds.
fn describe(reading: &mut Reading, call: Option<&Value>) -> Option<f64> {
    let call = call?;
    let meta = call.get("metaData").unwrap_or(call);
    reading.title = text(meta, "title").map(str::to_owned);
    reading.started_at = meta.get("started").and_then(json_moment);
    let seconds = meta.get("duration").and_then(number).filter(|seconds| *seconds > 0.0)?;
    reading.duration_ms = whole_ms(seconds * 1000.0);
    Some(seconds)
}

/// Somebody of the call with Gong's id for the voice.
struct Party {
    speaker_id: Option<String>,
    person: Participant,
}

fn parties(list: &[Value]) -> Vec<Party> {
    let mut labels = HashSet::new();
    let mut parties = Vec::new();
    for (index, entry) in list.iter().enumerate() {
        let speaker_id = id(entry, "speakerId");
        let email = text(entry, "emailAddress").map(str::to_lowercase);
        let name = text(entry, "name").map(str::to_owned);
        let Some(label) = name.clone().or_else(|| email.clone()).or_else(|| speaker_id.clone()) else { continue };
        // Two people of one name stay two labels.
        let label = if labels.insert(label.clone()) { label } else { format!("{label} ({})", ordinal(index)) };
        let side = match text(entry, "affiliation").map(str::to_lowercase).as_deref() {
            Some("internal") => Side::Vendor,
            Some("external") => Side::Customer,
            _ => Side::Unknown,
        };
        let title = text(entry, "title").map(str::to_owned);
        let side_reason = (side != Side::Unknown)
            .then(|| format!("Gong has the person as {}", text(entry, "affiliation").unwrap_or_default()));
        parties.push(Party { speaker_id, person: Participant { label, name, email, title, side, side_reason } });
    }
    parties
}

fn add_sentences(reading: &mut Reading, monologues: &[Value], voices: &HashMap<&str, &str>, seconds: Option<f64>) {
    let sentences = || monologues.iter().filter_map(|entry| entry.get("sentences")?.as_array()).flatten();
    let span = |sentence: &Value| Span::of(sentence, "start", "end", text(sentence, "text").unwrap_or_default());
    let spans: Vec<Span> = sentences().map(span).collect();
    let unit = Unit::detect(&spans, seconds);
    match unit {
        Some(Unit::Seconds) => {
            reading.warnings.push("the times were read as seconds; Gong's own unit is ms".to_owned());
        }
        None => reading.warnings.push("nothing tells the unit of the times; they were read as ms".to_owned()),
        Some(Unit::Milliseconds) => {}
    }
    let unit = unit.unwrap_or(Unit::Milliseconds);
    let mut spans = spans.into_iter();
    for (index, monologue) in monologues.iter().enumerate() {
        let speaker = speaker(monologue, voices);
        let list = monologue.get("sentences").and_then(Value::as_array);
        if list.is_none() {
            reading.drop(ordinal(index), "monologue without sentences");
        }
        for ((place, sentence), span) in list.into_iter().flatten().enumerate().zip(spans.by_ref()) {
            reading.cues.push(Cue {
                id: format!("{}.{}", index + 1, place + 1),
                line: ordinal(index),
                speaker: speaker.clone(),
                start_ms: span.start.and_then(|time| unit.to_ms(time)),
                end_ms: span.end.and_then(|time| unit.to_ms(time)),
                text: text(sentence, "text").unwrap_or_default().to_owned(),
            });
        }
    }
}

/// The party's label; the bare id where no party has it.
fn speaker(monologue: &Value, voices: &HashMap<&str, &str>) -> Option<String> {
    let speaker_id = id(monologue, "speakerId")?;
    Some(voices.get(speaker_id.as_str()).map_or_else(|| speaker_id.clone(), |label| (*label).to_owned()))
}
