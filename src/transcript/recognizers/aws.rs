//! Amazon Transcribe: `results.audio_segments` of the newer output, else the words of `results.items`; times in seconds, as text.
//!
//! Shape: <https://docs.aws.amazon.com/transcribe/latest/dg/how-input.html>. A punctuation mark is an item of its own, without
//! times; in the older output a word's speaker stands in `speaker_labels.segments`, joined by its start.

use std::collections::HashMap;

use serde_json::Value;

use super::super::clock::{number, whole_ms};
use super::super::error::ParseError;
use super::super::json::{Unit, first, first_text, text};
use super::super::reading::Reading;
use super::said::{Said, Times, add, list, sentences, voice, weave};
use crate::domain::transcript::{Format, Precision};

/// Reads the output of a job; none if the JSON is not Amazon Transcribe's.
pub(super) fn read(value: &Value) -> super::Found {
    if let Some(job) = first(value, &["TranscriptionJob", "CallAnalyticsJob"]) {
        let status = first_text(job, &["TranscriptionJobStatus", "CallAnalyticsJobStatus"]).unwrap_or("unknown");
        let what = format!("the description of an Amazon Transcribe job with the status `{status}`");
        let advice = "download the file that `TranscriptFileUri` names once the job is completed";
        return Some(Err(ParseError::NoTranscript { what, advice }));
    }
    let results = value.get("results").filter(|results| results.is_object())?;
    let is_aws =
        ["items", "audio_segments", "transcripts"].iter().any(|key| results.get(*key).is_some_and(Value::is_array));
    if !is_aws {
        return None;
    }
    let segments = list(results, "audio_segments");
    let precision = if segments.is_empty() { Precision::Word } else { Precision::Cue };
    let mut reading = Reading::call(Format::AwsTranscribeJson, precision);
    reading.title = text(value, "jobName").map(str::to_owned);
    let said = if segments.is_empty() { words(results) } else { segments.iter().map(segment).collect() };
    let said = if said.is_empty() { whole(results) } else { said };
    add(&mut reading, said, Times::Own(Unit::Seconds));
    Some(Ok(reading))
}

fn segment(entry: &Value) -> Said {
    Said::of(entry, "start_time", "end_time", "transcript").by(label(entry))
}

fn label(entry: &Value) -> Option<String> {
    voice(entry, "speaker_label").or_else(|| voice(entry, "channel_label"))
}

/// The words of all channels, or of the one list.
fn words(results: &Value) -> Vec<Said> {
    let voices = voices(results);
    let channels = results.get("channel_labels").map_or(&[][..], |labels| list(labels, "channels"));
    if channels.len() < 2 {
        return joined(list(results, "items"), &voices, None);
    }
    let of = |channel| joined(list(channel, "items"), &voices, voice(channel, "channel_label").as_deref());
    let mut said: Vec<Said> = channels.iter().flat_map(of).collect();
    weave(&mut said);
    said
}

/// The speaker of every word, by the start of the word.
fn voices(results: &Value) -> HashMap<i64, String> {
    let segments = results.get("speaker_labels").map_or(&[][..], |labels| list(labels, "segments"));
    let mut voices = HashMap::new();
    for segment in segments {
        for item in list(segment, "items") {
            let speaker = voice(item, "speaker_label").or_else(|| voice(segment, "speaker_label"));
            voices.extend(start(item).zip(speaker));
        }
    }
    voices
}

fn start(item: &Value) -> Option<i64> {
    whole_ms(number(item.get("start_time")?)? * 1000.0)
}

/// Words with the punctuation behind them.
fn joined(items: &[Value], voices: &HashMap<i64, String>, channel: Option<&str>) -> Vec<Said> {
    let mut said: Vec<Said> = Vec::new();
    for item in items {
        let best = list(item, "alternatives").first().unwrap_or(item);
        let content = best.get("content").and_then(Value::as_str).unwrap_or_default();
        if let Some(word) = said.last_mut().filter(|_| text(item, "type") == Some("punctuation")) {
            word.text.push_str(content);
            continue;
        }
        let by_start = || start(item).and_then(|start| voices.get(&start).cloned());
        let by_channel = || channel.map(str::to_owned).or_else(|| label(item));
        let speaker = voice(item, "speaker_label").or_else(by_start).or_else(by_channel);
        let word = Said { text: content.to_owned(), ..Said::of(item, "start_time", "end_time", "") };
        said.push(word.by(speaker));
    }
    said
}

/// The text alone, where a job kept nothing else.
fn whole(results: &Value) -> Vec<Said> {
    list(results, "transcripts").iter().filter_map(|one| text(one, "transcript")).flat_map(sentences).collect()
}
