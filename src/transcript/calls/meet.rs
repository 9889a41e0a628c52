//! Google Meet's transcripts, and the notes that Gemini takes.

use super::super::reading::Reading;

/// Reads lines as a transcript of Google Meet, or as notes of Gemini; none if they are neither.
pub(in crate::transcript) fn read(_text: &str) -> Option<Reading> {
    None
}
