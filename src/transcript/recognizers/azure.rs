//! Azure Speech: `recognizedPhrases` of a batch transcription (ISO 8601 durations and ticks of 100 ns), `phrases` of a fast
//! one (milliseconds). `combined…Phrases` say everything again in one piece.
//!
//! Shape: <https://learn.microsoft.com/azure/ai-services/speech-service/batch-transcription-get>,
//! <https://learn.microsoft.com/azure/ai-services/speech-service/fast-transcription-create>.

use serde_json::Value;

use super::super::clock::{iso_duration_ms, number, whole_ms};
use super::super::json::text;
use super::super::reading::{Cue, Reading, ordinal};
use super::said::{Channels, list};
use crate::domain::transcript::{Format, Precision};

/// Reads the result of a transcription; none if the JSON is not Azure's.
pub(super) fn read(value: &Value) -> super::Found {
    let phrases = match list(value, "recognizedPhrases") {
        [] if value.get("recognizedPhrases").is_none() => list(value, "phrases"),
        phrases => phrases,
    };
    let is_azure = ["recognizedPhrases", "combinedRecognizedPhrases", "combinedPhrases"]
        .iter()
        .any(|key| value.get(*key).is_some());
    if !is_azure {
        return None;
    }
    let mut reading = Reading::call(Format::AzureSpeechJson, Precision::Cue);
    reading.duration_ms = time(value, "duration").filter(|ms| *ms > 0);
    let channels = Channels::of(phrases.iter(), "channel", "speaker");
    reading.cues = phrases.iter().enumerate().map(|(index, phrase)| cue(index, phrase, &channels)).collect();
    if reading.cues.windows(2).all(|pair| pair.iter().all(|cue| cue.start_ms.is_some())) {
        // A channel stands behind the other; one voice's phrases are in order.
        reading.cues.sort_by_key(|cue| cue.start_ms);
    }
    Some(Ok(reading))
}

fn cue(index: usize, phrase: &Value, channels: &Channels) -> Cue {
    let start_ms = time(phrase, "offset");
    let length = time(phrase, "duration");
    Cue {
        id: ordinal(index).to_string(),
        line: ordinal(index),
        speaker: channels.label(phrase, "channel", "speaker"),
        start_ms,
        end_ms: start_ms.zip(length).map(|(start, length)| start.saturating_add(length)),
        text: words(phrase).to_owned(),
    }
}

/// What is displayed of the best guess; a phrase that was not recognized has none.
fn words(phrase: &Value) -> &str {
    let best = list(phrase, "nBest").first().unwrap_or(phrase);
    ["display", "text", "maskedITN", "itn", "lexical"].iter().find_map(|key| text(best, key)).unwrap_or_default()
}

/// A time in milliseconds: `offsetMilliseconds`, ticks, an ISO 8601 duration, or a bare number of milliseconds.
fn time(value: &Value, key: &str) -> Option<i64> {
    let of = |suffix: &str, per_ms: f64| whole_ms(number(value.get(format!("{key}{suffix}"))?)? / per_ms);
    let plain = || match value.get(key)? {
        Value::String(duration) => iso_duration_ms(duration),
        number => self::number(number).and_then(whole_ms),
    };
    of("Milliseconds", 1.0).or_else(|| of("InTicks", 10_000.0)).or_else(plain)
}
