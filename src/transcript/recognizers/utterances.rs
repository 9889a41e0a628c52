//! Utterances of a tool that does not say its name: JSON Lines with an object a line, or the same objects as one list.

use serde_json::Value;

use super::super::clock::{clock_ms, number};
use super::super::json::text;
use super::super::reading::{Reading, ordinal};
use super::said::{Said, Times, add, any, voice};
use crate::domain::transcript::{Format, Precision};

const WORDS: &[&str] = &["text", "transcript", "content", "utterance", "sentence"];
const START: &[&str] = &["start", "start_time", "startTime", "start_ms", "begin", "timestamp"];
const END: &[&str] = &["end", "end_time", "endTime", "end_ms"];
const SPEAKER: &[&str] = &["speaker", "speaker_name", "speakerName", "speaker_label", "speaker_id", "name"];

/// No recording is longer, in whole milliseconds; greater numbers are moments, as chats have them.
const LONGEST: f64 = 1e9;
/// So many lines without words are suspicious, where they are many among the others.
const MOST_OTHER_LINES: usize = 20;

/// Reads a single utterance or a list of them; none without words, a time in a recording, and an end or a voice.
pub(super) fn read(value: &Value) -> super::Found {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        single => std::slice::from_ref(single),
    };
    if !list.first().is_some_and(is_utterance) {
        return None;
    }
    let mut reading = Reading::call(Format::SegmentsJsonl, Precision::Cue);
    add(&mut reading, list.iter().map(said).collect(), Times::Unknown);
    Some(Ok(reading))
}

/// Reads JSON Lines; none unless the first line is a whole object with words, and few lines are anything else. A line that
/// breaks off counts as a cue without text, so that it is in the report with its number.
pub(in crate::transcript) fn read_lines(text: &str) -> Option<Reading> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).peekable();
    let (_, first) = lines.peek()?;
    words(&serde_json::from_str(first.trim()).ok()?)?;
    let mut reading = Reading::call(Format::SegmentsJsonl, Precision::Cue);
    let (mut list, mut places, mut other) = (Vec::new(), Vec::new(), 0);
    for (index, line) in lines {
        let entry = serde_json::from_str::<Value>(line.trim());
        if let Err(error) = &entry {
            let what = if error.is_eof() { "breaks off" } else { "is no JSON" };
            reading.warnings.push(format!("line {} {what}", ordinal(index)));
        }
        let said = entry.map(|entry| said(&entry)).unwrap_or_default();
        other += usize::from(said.text.is_empty());
        if other > MOST_OTHER_LINES && other * 2 > list.len() {
            return None;
        }
        list.push(said);
        places.push(ordinal(index));
    }
    add(&mut reading, list, Times::Unknown);
    for (cue, line) in reading.cues.iter_mut().zip(places) {
        (cue.line, cue.id) = (line, format!("L{line}"));
    }
    Some(reading)
}

fn is_utterance(entry: &Value) -> bool {
    let has = |keys: &[&str]| any(entry, keys).is_some();
    let start = any(entry, START).and_then(time).is_some_and(|start| start.abs() < LONGEST);
    start && words(entry).is_some() && (has(END) || has(SPEAKER) || has(&["duration"]))
}

fn words(entry: &Value) -> Option<&str> {
    WORDS.iter().find_map(|key| entry.get(*key)?.as_str())
}

fn said(entry: &Value) -> Said {
    let start = any(entry, START).and_then(time);
    let length = entry.get("duration").and_then(time);
    let end = any(entry, END).and_then(time).or_else(|| Some(start? + length?));
    let speaker = SPEAKER.iter().find_map(|key| voice(entry, key)).or_else(|| named(entry));
    Said { speaker, start, end, text: words(entry).unwrap_or_default().to_owned() }
}

/// A speaker that is an object with a name.
fn named(entry: &Value) -> Option<String> {
    let speaker = entry.get("speaker")?;
    ["name", "display_name", "label", "id"].iter().find_map(|key| text(speaker, key)).map(str::to_owned)
}

/// A number, or clock text as seconds.
fn time(value: &Value) -> Option<f64> {
    number(value).or_else(|| clock_ms(value.as_str()?).map(|ms| ms as f64 / 1000.0))
}
