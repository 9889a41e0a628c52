//! What all recognizers share: pieces of speech with a voice and times, still in the file's own unit.

use serde_json::Value;

use super::super::clock::{number, whole_ms};
use super::super::json::{Span, Unit};
use super::super::reading::{Cue, Reading, ordinal};

/// A word, segment or utterance as the file has it.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    /// The voice.
    pub speaker: Option<String>,
    /// Start in the file's unit.
    pub start: Option<f64>,
    /// End in the file's unit.
    pub end: Option<f64>,
    /// The words.
    pub text: String,
}

impl Said {
    /// Reads the times and the words under their keys; the voice is set by the caller.
    pub(super) fn of(entry: &Value, start: &str, end: &str, text: &str) -> Self {
        let words = entry.get(text).and_then(Value::as_str).unwrap_or_default();
        let time = |key: &str| entry.get(key).and_then(number);
        Self { speaker: None, start: time(start), end: time(end), text: words.to_owned() }
    }

    /// The same words of a voice.
    pub(super) fn by(self, speaker: Option<String>) -> Self {
        Self { speaker, ..self }
    }
}

/// The unit of a file's times.
#[derive(Debug, Clone, Copy)]
pub(super) enum Times {
    /// What the tool documents; a file that was rewritten in the other unit is recognized.
    Own(Unit),
    /// No tool is known that would document it.
    Unknown,
}

/// Makes cues of all that was said, in the order of the list; a unit that is not the tool's own is stated.
pub(super) fn add(reading: &mut Reading, said: Vec<Said>, times: Times) {
    let unit = unit(reading, &said, times);
    let ms = |time: Option<f64>| time.and_then(|time| unit.to_ms(time));
    reading.cues.extend(said.into_iter().enumerate().map(|(index, said)| Cue {
        id: ordinal(index).to_string(),
        line: ordinal(index),
        speaker: said.speaker,
        start_ms: ms(said.start),
        end_ms: ms(said.end),
        text: said.text,
    }));
}

fn unit(reading: &mut Reading, said: &[Said], times: Times) -> Unit {
    // So few words may all be spread over a silence, and look slow enough for milliseconds.
    const WORDS_TO_TELL: usize = 8;
    let span = |said: &Said| Span { start: said.start, end: said.end, words: said.text.split_whitespace().count() };
    let spans: Vec<Span> = said.iter().map(span).collect();
    let words: usize = spans.iter().map(|span| span.words).sum();
    let whole = spans.iter().flat_map(|span| [span.start, span.end]).flatten().all(|time| time.fract() == 0.0);
    // The pace of speech tells, not the length of the recording: much of it may be silence. Milliseconds have no fractions.
    let found = Unit::detect(&spans, None).filter(|unit| whole || *unit == Unit::Seconds);
    let (unit, remark) = match times {
        Times::Own(own) => match found.filter(|unit| *unit != own && words >= WORDS_TO_TELL) {
            Some(other) => (other, Some("; the tool's own unit is the other one")),
            None => (own, None),
        },
        Times::Unknown => (found.unwrap_or(Unit::Seconds), Some("")),
    };
    if let Some(remark) = remark.filter(|_| spans.iter().any(|span| span.start.is_some())) {
        let name = if unit == Unit::Seconds { "seconds" } else { "ms" };
        reading.warnings.push(format!("the times were read as {name}{remark}"));
    }
    unit
}

/// A voice: a bare number becomes `Speaker N`, `?` is nobody, every other label stays.
pub(super) fn voice(entry: &Value, key: &str) -> Option<String> {
    let label = match entry.get(key)? {
        Value::Number(number) => number.to_string(),
        Value::String(label) => label.trim().to_owned(),
        _ => return None,
    };
    match label.as_str() {
        "" | "?" => None,
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => Some(format!("Speaker {digits}")),
        _ => Some(label),
    }
}

/// The voices of a recording with several channels, where a tool counts the speakers of each channel from 0.
#[derive(Debug, Default)]
pub(super) struct Channels {
    several: bool,
    shared: bool,
}

impl Channels {
    /// Learns from the voices (channel, speaker) of a file how many channels it has, and whether one is shared.
    pub(super) fn of<'v>(entries: impl Iterator<Item = &'v Value>, channel: &str, speaker: &str) -> Self {
        let mut voices = std::collections::BTreeSet::new();
        for entry in entries {
            voices.insert((index(entry, channel), voice(entry, speaker)));
        }
        let channels: std::collections::BTreeSet<&Option<String>> = voices.iter().map(|(channel, _)| channel).collect();
        Self { several: channels.len() > 1, shared: voices.len() > channels.len() }
    }

    /// Whether there is more than one channel.
    pub(super) const fn several(&self) -> bool {
        self.several
    }

    /// The label of a voice: the speaker's; with several channels the channel's, or both.
    pub(super) fn label(&self, entry: &Value, channel: &str, speaker: &str) -> Option<String> {
        let speaker = voice(entry, speaker);
        let Some(channel) = index(entry, channel).filter(|_| self.several) else { return speaker };
        Some(match speaker.filter(|_| self.shared) {
            Some(speaker) => format!("Channel {channel} {speaker}"),
            None => format!("Channel {channel}"),
        })
    }
}

/// The number of a channel, also where it is the first of a list.
fn index(entry: &Value, key: &str) -> Option<String> {
    let value = entry.get(key)?;
    let value = value.get(0).unwrap_or(value);
    number(value).and_then(whole_ms).map(|index| index.to_string())
}

/// The entries of a list; nothing where there is none.
pub(super) fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The value under the first of the keys that is there and not null.
pub(super) fn any<'v>(value: &'v Value, keys: &[&str]) -> Option<&'v Value> {
    keys.iter().filter_map(|key| value.get(*key)).find(|value| !value.is_null())
}

/// Sorts what several channels said by time, where everything has one.
pub(super) fn weave(said: &mut [Said]) {
    if said.iter().all(|one| one.start.is_some()) {
        said.sort_by(|a, b| a.start.unwrap_or_default().total_cmp(&b.start.unwrap_or_default()));
    }
}

/// The sentences of a text without times.
pub(super) fn sentences(text: &str) -> Vec<Said> {
    let mut sentences: Vec<String> = Vec::new();
    let mut open = false;
    for word in text.split_whitespace() {
        match sentences.last_mut().filter(|_| open) {
            Some(sentence) => {
                sentence.push(' ');
                sentence.push_str(word);
            }
            None => sentences.push(word.to_owned()),
        }
        open = !super::super::turns::ends_sentence(word);
    }
    sentences.into_iter().map(|text| Said { text, ..Said::default() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::transcript::{Format, Precision};

    /// Where the last of three sentences starts, with times in a unit of which a second has so many, and the warnings.
    fn starts(per_second: f64, times: Times) -> (Option<i64>, usize) {
        let mut reading = Reading::call(Format::WhisperJson, Precision::Cue);
        let line = |at: f64| Said {
            start: Some(at * per_second),
            end: Some((at + 2.0) * per_second),
            text: "we can hold that price".to_owned(),
            ..Said::default()
        };
        add(&mut reading, [10.0, 13.0, 16.0].map(line).to_vec(), times);
        (reading.cues.last().and_then(|cue| cue.start_ms), reading.warnings.len())
    }

    #[test]
    fn a_unit_that_is_not_the_tools_own_is_recognized_and_stated() {
        assert_eq!(starts(1.0, Times::Own(Unit::Seconds)), (Some(16_000), 0));
        assert_eq!(starts(1000.0, Times::Own(Unit::Seconds)), (Some(16_000), 1));
        assert_eq!(starts(1000.0, Times::Own(Unit::Milliseconds)), (Some(16_000), 0));
        assert_eq!(starts(1.0, Times::Own(Unit::Milliseconds)), (Some(16_000), 1));
        assert_eq!(starts(1000.0, Times::Unknown), (Some(16_000), 1));
    }

    #[test]
    fn one_word_over_a_silence_does_not_change_the_unit() {
        let mut reading = Reading::call(Format::WhisperJson, Precision::Cue);
        let said = Said { start: Some(0.0), end: Some(30.0), text: "you".to_owned(), ..Said::default() };
        add(&mut reading, vec![said], Times::Own(Unit::Seconds));
        assert_eq!(reading.cues[0].end_ms, Some(30_000));
    }

    #[test]
    fn channels_keep_speakers_of_one_number_apart() {
        let entry = |channel: u32, speaker: u32| serde_json::json!({"c": [channel, 2], "s": speaker});
        let label = |entries: &[Value], at: usize| Channels::of(entries.iter(), "c", "s").label(&entries[at], "c", "s");
        assert_eq!(label(&[entry(0, 0), entry(0, 1)], 1).as_deref(), Some("Speaker 1"));
        assert_eq!(label(&[entry(0, 0), entry(1, 0)], 1).as_deref(), Some("Channel 1"));
        assert_eq!(label(&[entry(0, 0), entry(1, 0), entry(1, 1)], 1).as_deref(), Some("Channel 1 Speaker 0"));
    }
}
