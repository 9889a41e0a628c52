//! Amazon Transcribe Call Analytics: `Transcript`, a list of what each of the two sides said, in milliseconds.
//!
//! Shape: <https://docs.aws.amazon.com/transcribe/latest/dg/tca-output-batch.html>. `Items` say the same word by word.

use serde_json::Value;

use super::super::json::{Unit, text};
use super::super::reading::Reading;
use super::said::{Said, Times, add, list, voice};
use crate::domain::transcript::{Format, Precision};

const VOICE: &str = "ParticipantRole";

/// Reads the output of a job; none if nobody in it has words and a role.
pub(super) fn read(value: &Value) -> super::Found {
    let turns = list(value, "Transcript");
    if !turns.iter().any(|turn| turn.get("Content").is_some() && turn.get(VOICE).is_some()) {
        return None;
    }
    let mut reading = Reading::call(Format::AwsTranscribeJson, Precision::Sentence);
    reading.title = text(value, "JobName").map(str::to_owned);
    let said = |turn| Said::of(turn, "BeginOffsetMillis", "EndOffsetMillis", "Content").by(voice(turn, VOICE));
    add(&mut reading, turns.iter().map(said).collect(), Times::Own(Unit::Milliseconds));
    Some(Ok(reading))
}
