//! The `metadataContent` of a Teams transcript: `WebVTT` whose payloads are JSON objects, one per caption.
//!
//! ```json
//! {"startDateTime": "2026-03-02T10:02:16Z", "endDateTime": "…", "speakerName": "Dana Ruiz", "spokenText": "Morning.", "spokenLanguage": "en-us"}
//! ```

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::super::clock::moment;
use super::super::json;

/// The keys that tell such an object from other JSON.
const KEYS: [&str; 3] = ["spokenText", "speakerName", "startDateTime"];

/// What one caption says.
#[derive(Debug)]
pub(super) struct Spoken {
    pub voice: Option<String>,
    pub words: String,
    /// When the recording began, going by this caption.
    pub recording_began: Option<Timestamp>,
}

/// Whether a payload looks like one, be it broken or not.
pub(super) fn looks_like(payload: &str) -> bool {
    payload.trim_start().starts_with('{') && KEYS.iter().any(|key| payload.contains(key))
}

/// Reads a payload; none where it is no such object.
pub(super) fn read(payload: &str, start_ms: i64) -> Option<Spoken> {
    let value: Value = serde_json::from_str(payload).ok()?;
    KEYS.iter().any(|key| value.get(key).is_some()).then(|| Spoken {
        voice: json::text(&value, "speakerName").map(str::to_owned),
        words: json::text(&value, "spokenText").unwrap_or_default().to_owned(),
        recording_began: json::text(&value, "startDateTime")
            .and_then(moment)
            .and_then(|said| said.checked_sub(SignedDuration::from_millis(start_ms)).ok()),
    })
}
