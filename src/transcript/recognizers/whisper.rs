//! Whisper and what was built on it: `segments` in seconds (openai-whisper, whisper-timestamped, faster-whisper, `OpenAI`'s
//! API), `segments` with aligned words and speakers (`WhisperX`), `chunks` with a pair of times (Hugging Face), or `words`.
//!
//! Shape: <https://github.com/openai/whisper>, <https://github.com/m-bain/whisperX>,
//! <https://platform.openai.com/docs/api-reference/audio/verbose-json-object>. `text` at the top and `word_segments` say
//! everything again. In `WhisperX` a word may lack times and speaker, so the segments are read.

use serde_json::Value;

use super::super::clock::{number, whole_ms};
use super::super::json::{Unit, text};
use super::super::reading::Reading;
use super::said::{Said, Times, add, any, list, sentences, voice};
use crate::domain::transcript::{Format, Precision};

/// Keys of an answer that has nothing but the text.
const BARE_KEYS: &[&str] = &["text", "language", "task", "duration", "usage", "logprobs"];

/// Reads the JSON of Whisper's family; none if it is not.
pub(super) fn read(value: &Value) -> super::Found {
    let (said, format, precision) =
        segments(value).or_else(|| chunks(value)).or_else(|| words(value)).or_else(|| bare(value))?;
    let mut reading = Reading::call(format, precision);
    let seconds = value.get("duration").and_then(number).filter(|seconds| *seconds > 0.0);
    reading.duration_ms = seconds.and_then(|seconds| whole_ms(seconds * 1000.0));
    add(&mut reading, said, Times::Own(Unit::Seconds));
    Some(Ok(reading))
}

type Speech = (Vec<Said>, Format, Precision);

fn segments(value: &Value) -> Option<Speech> {
    let segments = value.get("segments").unwrap_or(value).as_array()?;
    let is_segment =
        |one: &Value| one.get("start").is_some() && (one.get("text").is_some() || one.get("words").is_some());
    let known = segments.iter().take(5).any(is_segment) || (segments.is_empty() && value.get("language").is_some());
    // Scripts write the segments of faster-whisper as a bare list, which other tools have too.
    let is_bare = value.is_array() && !segments.iter().take(5).any(|one| one.get("no_speech_prob").is_some());
    if !known || is_bare {
        return None;
    }
    let said = segments.iter().map(segment).collect();
    // WhisperX aligns sentences; Whisper's segments end where its window does.
    Some(if is_whisperx(value, segments) {
        (said, Format::WhisperxJson, Precision::Sentence)
    } else {
        (said, Format::WhisperJson, Precision::Cue)
    })
}

fn is_whisperx(value: &Value, segments: &[Value]) -> bool {
    let aligned = |segment: &Value| list(segment, "words").iter().any(|word| word.get("score").is_some());
    let named = |segment: &Value| text(segment, "speaker").is_some_and(|label| label.starts_with("SPEAKER_"));
    value.get("word_segments").is_some() || segments.iter().any(|segment| aligned(segment) || named(segment))
}

fn segment(entry: &Value) -> Said {
    let speaker = voice(entry, "speaker").or_else(|| voice_of_words(entry));
    let said = Said::of(entry, "start", "end", "text").by(speaker);
    if entry.get("text").is_some() { said } else { Said { text: joined(list(entry, "words")), ..said } }
}

/// The speaker of all words of a segment that has none itself.
fn voice_of_words(segment: &Value) -> Option<String> {
    let mut voices = list(segment, "words").iter().filter_map(|word| voice(word, "speaker"));
    let first = voices.next()?;
    voices.all(|voice| voice == first).then_some(first)
}

fn joined(words: &[Value]) -> String {
    let words: Vec<&str> =
        words.iter().filter_map(|word| any(word, &["word", "text"])?.as_str()).map(str::trim).collect();
    words.join(" ")
}

/// `{"timestamp": [0.0, 3.2], "text": " …"}`; the end of the last one may be null.
fn chunks(value: &Value) -> Option<Speech> {
    // With speakers told apart, `speakers` says the same again with labels.
    let list = ["speakers", "chunks"].iter().find_map(|key| {
        let list = value.get(*key)?.as_array()?;
        list.first()
            .is_some_and(|first| first.get("timestamp").is_some_and(Value::is_array) && first.get("text").is_some())
            .then_some(list)
    })?;
    let time = |chunk: &Value, at: usize| chunk.get("timestamp").and_then(|pair| number(pair.get(at)?));
    let said = |chunk| {
        Said { start: time(chunk, 0), end: time(chunk, 1), ..Said::of(chunk, "", "", "text") }
            .by(voice(chunk, "speaker"))
    };
    let said: Vec<Said> = list.iter().map(said).collect();
    let by_word = said.iter().all(|said| !said.text.trim().contains(char::is_whitespace));
    Some((said, Format::WhisperJson, if by_word { Precision::Word } else { Precision::Cue }))
}

fn words(value: &Value) -> Option<Speech> {
    let key = ["words", "word_segments"]
        .into_iter()
        .find(|key| list(value, key).iter().take(5).any(|word| word.get("word").is_some()))?;
    let said =
        list(value, key).iter().map(|word| Said::of(word, "start", "end", "word").by(voice(word, "speaker"))).collect();
    let format = if key == "words" { Format::WhisperJson } else { Format::WhisperxJson };
    Some((said, format, Precision::Word))
}

/// Nothing but the text.
fn bare(value: &Value) -> Option<Speech> {
    let whole = text(value, "text")?;
    let known = value.as_object()?.keys().all(|key| BARE_KEYS.contains(&key.as_str()));
    known.then(|| (sentences(whole), Format::WhisperJson, Precision::None))
}
