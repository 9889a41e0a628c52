//! `AssemblyAI`: `utterances` (with speakers), the lists of its sentence and paragraph endpoints, or `words`, in milliseconds.
//!
//! Shape: <https://assemblyai.com/docs/speaker-diarization>. A job's answer has the same keys before it is done, all null.

use serde_json::Value;

use super::super::clock::{number, whole_ms};
use super::super::error::ParseError;
use super::super::json::{Unit, text};
use super::super::reading::Reading;
use super::said::{Said, Times, add, list, sentences, voice};
use crate::domain::transcript::{Format, Precision};

/// Keys that only a job of `AssemblyAI` has beside its status.
const OWN_KEYS: &[&str] = &["audio_url", "acoustic_model", "language_model", "speech_model", "utterances", "words"];

/// Reads a transcript of `AssemblyAI`; none if the JSON is not one.
pub(super) fn read(value: &Value) -> super::Found {
    let status = text(value, "status").filter(|_| OWN_KEYS.iter().any(|key| value.get(*key).is_some()));
    if let Some(status) = status.filter(|status| matches!(*status, "queued" | "processing" | "error")) {
        return Some(Err(not_done(value, status)));
    }
    let lists = [
        ("utterances", Precision::Cue),
        ("sentences", Precision::Sentence),
        ("paragraphs", Precision::Cue),
        ("words", Precision::Word),
    ];
    let found = lists.into_iter().find(|(key, _)| is_speech(list(value, key)));
    let known =
        status == Some("completed") || (value.get("confidence").is_some() && value.get("audio_duration").is_some());
    let alone = found.is_some_and(|(key, _)| key == "utterances");
    if !known && !alone {
        return None;
    }
    let mut reading = Reading::call(Format::AssemblyaiJson, found.map_or(Precision::None, |(_, precision)| precision));
    let seconds = value.get("audio_duration").and_then(number).filter(|seconds| *seconds > 0.0);
    reading.duration_ms = seconds.and_then(|seconds| whole_ms(seconds * 1000.0));
    let said = |one| Said::of(one, "start", "end", "text").by(voice(one, "speaker"));
    let said = match found {
        Some((key, _)) => list(value, key).iter().map(said).collect(),
        None => sentences(text(value, "text").unwrap_or_default()),
    };
    add(&mut reading, said, Times::Own(Unit::Milliseconds));
    Some(Ok(reading))
}

fn is_speech(list: &[Value]) -> bool {
    list.first().is_some_and(|first| first.get("text").is_some() && first.get("start").is_some())
}

fn not_done(value: &Value, status: &str) -> ParseError {
    let said = text(value, "error").map(|error| format!(": {error}")).unwrap_or_default();
    let what = format!("a job of AssemblyAI with the status `{status}`{said}");
    let advice =
        if status == "error" { "start the job again" } else { "fetch it again when its status is `completed`" };
    ParseError::NoTranscript { what, advice }
}
