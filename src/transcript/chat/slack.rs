//! Slack: one day of one channel, or a whole export.

use serde_json::Value;

use super::super::archive::Archive;
use super::super::error::ParseError;
use super::super::reading::Reading;

/// Reads one day of one channel; none if the JSON is something else.
pub(in crate::transcript) fn read_day(_value: &Value) -> Option<Result<Reading, ParseError>> {
    None
}

/// Reads a whole export; none if the zip is something else.
pub(in crate::transcript) fn read_export(_archive: &mut Archive<'_>) -> Option<Result<Reading, ParseError>> {
    None
}
