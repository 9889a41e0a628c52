//! Google Speech-to-Text v1 and v2: `results[].alternatives[0]`, bare, inside a finished operation, or per file of a batch.
//!
//! Shape: <https://cloud.google.com/speech-to-text/docs/reference/rest/v1/speech/recognize>. Times are text (`5.35s`) or
//! `{seconds, nanos}`; a time of zero is left out. With speakers told apart, the last result says all words again, with
//! `speakerTag` (v1): then only that one is read. A cue is a word where words have speakers, else a result.

use serde_json::Value;

use super::super::clock::{number, whole_ms};
use super::super::error::ParseError;
use super::super::json::text;
use super::super::reading::{Cue, Reading, ordinal};
use super::said::{Channels, any, list, voice};
use crate::domain::transcript::{Format, Precision};

const START: &[&str] = &["startTime", "startOffset", "start_time", "start_offset"];
const END: &[&str] = &["endTime", "endOffset", "end_time", "end_offset"];
const RESULT_END: &[&str] = &["resultEndTime", "resultEndOffset", "result_end_time", "result_end_offset"];

/// Reads an answer of Speech-to-Text; none if the JSON is not one.
pub(super) fn read(value: &Value) -> super::Found {
    if let Some(error) = unfinished(value) {
        return Some(Err(error));
    }
    let results = results(value)?;
    let by_word = results.iter().any(has_speakers);
    let mut reading = Reading::call(Format::GoogleSttJson, if by_word { Precision::Word } else { Precision::Cue });
    let channels = Channels::of(results.iter(), "channelTag", "");
    reading.cues = match results.split_last() {
        Some((last, before)) if by_word && says_all_again(last, before) => {
            words(last).iter().map(|word| word_cue(word, None)).collect()
        }
        _ if by_word => results.iter().flat_map(|result| result_words(result, &channels)).collect(),
        _ => result_cues(results, &channels),
    };
    for (index, cue) in reading.cues.iter_mut().enumerate().filter(|(_, cue)| cue.line == 0) {
        (cue.line, cue.id) = (ordinal(index), ordinal(index).to_string());
    }
    if channels.several() && reading.cues.iter().all(|cue| cue.start_ms.is_some()) {
        reading.cues.sort_by_key(|cue| cue.start_ms);
    }
    Some(Ok(reading))
}

/// An operation that is not done, or failed.
fn unfinished(value: &Value) -> Option<ParseError> {
    let metadata = value.get("metadata")?;
    let is_speech = text(metadata, "@type").is_some_and(|kind| kind.contains("google.cloud.speech"));
    if !is_speech || value.get("response").is_some() {
        return None;
    }
    let error = value.get("error").and_then(|error| text(error, "message"));
    let state = error.map_or_else(|| "that is not done".to_owned(), |error| format!("that failed: {error}"));
    let what = format!("an operation of Google Speech-to-Text {state}");
    Some(ParseError::NoTranscript { what, advice: "fetch the operation again when it is done" })
}

/// The list of results, wherever it is.
fn results(value: &Value) -> Option<&[Value]> {
    match value.get("response").unwrap_or(value).get("results")? {
        Value::Array(results) => is_results(results).then_some(results),
        // A batch: one entry per file, under its address.
        Value::Object(files) => files.values().find_map(|file| {
            let transcript = file.get("inlineResult").unwrap_or(file).get("transcript")?;
            transcript.get("results")?.as_array().filter(|results| is_results(results)).map(Vec::as_slice)
        }),
        _ => None,
    }
}

fn is_results(results: &[Value]) -> bool {
    results.iter().any(|result| result.get("alternatives").is_some_and(Value::is_array))
}

fn best(result: &Value) -> &Value {
    list(result, "alternatives").first().unwrap_or(&Value::Null)
}

fn words(result: &Value) -> &[Value] {
    list(best(result), "words")
}

fn has_speakers(result: &Value) -> bool {
    words(result).iter().any(|word| speaker(word).is_some())
}

/// The speaker; the tag 0 means that speakers were not told apart.
fn speaker(word: &Value) -> Option<String> {
    let keys = ["speakerLabel", "speaker_label", "speakerTag", "speaker_tag"];
    keys.iter().find_map(|key| voice(word, key)).filter(|label| label != "Speaker 0")
}

/// Whether the last result holds the words of those before it, now with speakers.
fn says_all_again(last: &Value, before: &[Value]) -> bool {
    let count: usize = before.iter().map(|result| words(result).len()).sum();
    let earlier = before.iter().flat_map(words).next();
    let same_start = earlier.is_some_and(|word| start_ms(word) == words(last).first().and_then(start_ms));
    has_speakers(last) && words(last).len() >= count && (same_start || text(best(last), "transcript").is_none())
}

fn word_cue(word: &Value, channel: Option<String>) -> Cue {
    let spoken = text(word, "word").unwrap_or_default();
    // Some models add the speaker to the word's own text: `hello|1`.
    let spoken = spoken.split('|').next().unwrap_or(spoken);
    Cue {
        speaker: speaker(word).or(channel),
        start_ms: start_ms(word),
        end_ms: any(word, END).and_then(time),
        text: spoken.to_owned(),
        ..Cue::default()
    }
}

fn result_words(result: &Value, channels: &Channels) -> Vec<Cue> {
    let channel = channels.label(result, "channelTag", "");
    if words(result).is_empty() {
        return vec![Cue { text: transcript(result), speaker: channel, ..Cue::default() }];
    }
    words(result).iter().map(|word| word_cue(word, channel.clone())).collect()
}

fn transcript(result: &Value) -> String {
    text(best(result), "transcript").unwrap_or_default().to_owned()
}

/// A cue per result; without times of words it starts, as Google says, where the one before it ended.
fn result_cues(results: &[Value], channels: &Channels) -> Vec<Cue> {
    let mut ended = Some(0);
    let mut cues = Vec::with_capacity(results.len());
    for (index, result) in results.iter().enumerate() {
        let end = any(result, RESULT_END).and_then(time);
        let start = words(result).first().map_or(ended.filter(|_| end.is_some() && !channels.several()), start_ms);
        cues.push(Cue {
            id: ordinal(index).to_string(),
            line: ordinal(index),
            speaker: channels.label(result, "channelTag", ""),
            start_ms: start,
            end_ms: words(result).last().and_then(|word| any(word, END).and_then(time)).or(end),
            text: transcript(result),
        });
        ended = end;
    }
    cues
}

/// The start of a word; left out where it is zero.
fn start_ms(word: &Value) -> Option<i64> {
    any(word, START).map_or_else(|| any(word, END).map(|_| 0), time)
}

/// `5.35s`, a number of seconds, or `{seconds, nanos}`.
fn time(value: &Value) -> Option<i64> {
    let seconds = match value {
        Value::String(text) => {
            text.trim().trim_end_matches('s').parse().ok().filter(|seconds: &f64| seconds.is_finite())?
        }
        Value::Object(_) => {
            let part = |key: &str| value.get(key).and_then(number).unwrap_or_default();
            part("seconds") + part("nanos") / 1e9
        }
        _ => number(value)?,
    };
    whole_ms(seconds * 1000.0)
}
