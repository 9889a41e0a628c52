//! The podcast namespace's JSON transcript: `segments` with `speaker`, `startTime` and `endTime` in seconds, and `body`.
//!
//! Shape: <https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md>.

use serde_json::Value;

use super::super::json::Unit;
use super::super::reading::Reading;
use super::said::{Said, Times, add, list, voice};
use crate::domain::transcript::{Format, Precision};

/// Reads a podcast transcript; none if the segments have no `body`.
pub(super) fn read(value: &Value) -> super::Found {
    let segments = list(value, "segments");
    if !segments.iter().take(5).any(|segment| segment.get("body").is_some()) {
        return None;
    }
    let mut reading = Reading::call(Format::PodcastJson, Precision::Cue);
    let said = |segment| Said::of(segment, "startTime", "endTime", "body").by(voice(segment, "speaker"));
    add(&mut reading, segments.iter().map(said).collect(), Times::Own(Unit::Seconds));
    Some(Ok(reading))
}
