//! whisper.cpp: `transcription`, with every time twice: `offsets` in milliseconds and `timestamps` as clock text.
//!
//! Shape: <https://github.com/ggml-org/whisper.cpp/blob/master/examples/cli/cli.cpp> (`output_json`). `speaker` is `0`, `1` or,
//! where both channels are as loud, `?`.

use serde_json::Value;

use super::super::clock::{clock_ms, number, whole_ms};
use super::super::json::text;
use super::super::reading::{Cue, Reading, ordinal};
use super::said::{list, voice};
use crate::domain::transcript::{Format, Precision};

/// Reads the JSON of whisper.cpp; none if it is not.
pub(super) fn read(value: &Value) -> super::Found {
    let segments = list(value, "transcription");
    let is_timed = |segment: &Value| segment.get("offsets").or_else(|| segment.get("timestamps")).is_some();
    let known =
        value.get("transcription").is_some() && (value.get("systeminfo").is_some() || value.get("model").is_some());
    if !known && !segments.first().is_some_and(is_timed) {
        return None;
    }
    let mut reading = Reading::call(Format::WhisperJson, Precision::Cue);
    reading.cues = segments.iter().enumerate().map(|(index, segment)| cue(index, segment)).collect();
    Some(Ok(reading))
}

fn cue(index: usize, segment: &Value) -> Cue {
    Cue {
        id: ordinal(index).to_string(),
        line: ordinal(index),
        speaker: voice(segment, "speaker"),
        start_ms: time(segment, "from"),
        end_ms: time(segment, "to"),
        text: text(segment, "text").unwrap_or_default().to_owned(),
    }
}

fn time(segment: &Value, key: &str) -> Option<i64> {
    let offset = segment.get("offsets").and_then(|offsets| number(offsets.get(key)?)).and_then(whole_ms);
    offset.or_else(|| clock_ms(text(segment.get("timestamps")?, key)?))
}
