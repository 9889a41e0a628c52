//! PDF files.

use super::super::Limits;
use super::super::error::ParseError;
use super::super::reading::Reading;

/// Whether the bytes are a PDF.
pub(in crate::transcript) fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF")
}

/// Reads the text layer of a PDF.
pub(in crate::transcript) fn read(_name: &str, _bytes: &[u8], _limits: &Limits) -> Result<Reading, ParseError> {
    Err(ParseError::Binary {
        looks_like: "a PDF",
        advice: "copy its text into a text or Markdown file and upload that",
    })
}
