//! Deepgram: `results.utterances`, or the words of `results.channels[].alternatives[0]`, in seconds.
//!
//! Shape: <https://developers.deepgram.com/docs/utterances>, <https://developers.deepgram.com/docs/diarization>.

use serde_json::Value;

use super::super::clock::{number, whole_ms};
use super::super::error::ParseError;
use super::super::json::{Unit, text};
use super::super::reading::Reading;
use super::said::{Channels, Said, Times, add, list, sentences, voice, weave};
use crate::domain::transcript::{Format, Precision};

/// Reads an answer of Deepgram; none if the JSON is not Deepgram's.
pub(super) fn read(value: &Value) -> super::Found {
    if let Some(error) = text(value, "err_msg").filter(|_| value.get("err_code").is_some()) {
        let what = format!("an error of Deepgram (`{error}`)");
        return Some(Err(ParseError::NoTranscript { what, advice: "send the recording again and save its answer" }));
    }
    let results = value.get("results").filter(|results| results.is_object())?;
    if !results.get("channels").is_some_and(Value::is_array) && !is_utterances(list(results, "utterances")) {
        return None;
    }
    let utterances = list(results, "utterances");
    let precision = if utterances.is_empty() { Precision::Word } else { Precision::Cue };
    let mut reading = Reading::call(Format::DeepgramJson, precision);
    let seconds = value.get("metadata").and_then(|metadata| number(metadata.get("duration")?));
    reading.duration_ms = seconds.filter(|seconds| *seconds > 0.0).and_then(|seconds| whole_ms(seconds * 1000.0));
    let said = if utterances.is_empty() { words(list(results, "channels")) } else { spoken(utterances) };
    add(&mut reading, said, Times::Own(Unit::Seconds));
    Some(Ok(reading))
}

fn is_utterances(list: &[Value]) -> bool {
    list.first().is_some_and(|first| first.get("transcript").is_some())
}

fn spoken(utterances: &[Value]) -> Vec<Said> {
    let channels = Channels::of(utterances.iter(), "channel", "speaker");
    let said = |one| Said::of(one, "start", "end", "transcript").by(channels.label(one, "channel", "speaker"));
    utterances.iter().map(said).collect()
}

/// The words of the best alternative of every channel; the sentences of its text where it has no words.
fn words(channels: &[Value]) -> Vec<Said> {
    let several = channels.len() > 1;
    let best: Vec<&Value> = channels.iter().filter_map(|channel| list(channel, "alternatives").first()).collect();
    let shared = best
        .iter()
        .any(|best| list(best, "words").iter().any(|word| voice(word, "speaker") != voice(first(best), "speaker")));
    let mut said = Vec::new();
    for (index, best) in best.into_iter().enumerate() {
        let label = |word: &Value| match voice(word, "speaker") {
            speaker if !several => speaker,
            Some(speaker) if shared => Some(format!("Channel {index} {speaker}")),
            _ => Some(format!("Channel {index}")),
        };
        let words = list(best, "words");
        if words.is_empty() {
            let whole = text(best, "transcript").unwrap_or_default();
            said.extend(sentences(whole).into_iter().map(|sentence| sentence.by(label(&Value::Null))));
        }
        said.extend(words.iter().map(|word| self::word(word).by(label(word))));
    }
    weave(&mut said);
    said
}

fn first(best: &Value) -> &Value {
    list(best, "words").first().unwrap_or(&Value::Null)
}

fn word(entry: &Value) -> Said {
    let key = if text(entry, "punctuated_word").is_some() { "punctuated_word" } else { "word" };
    Said::of(entry, "start", "end", key)
}
