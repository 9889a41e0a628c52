//! Plain-text notes: what is left when no other format fits.

use super::super::reading::{Cue, Reading};
use super::blocks::{is_entry, numbered, paragraphs};
use crate::domain::transcript::{Format, SourceKind};

/// Reads every paragraph and list item as a cue without speaker.
pub(in crate::transcript) fn read(text: &str) -> Reading {
    let mut reading = Reading::document(Format::PlainText, SourceKind::Notes);
    let blocks = paragraphs(numbered(text), is_entry);
    reading.cues = blocks
        .into_iter()
        .map(|block| Cue { id: format!("L{}", block.line), line: block.line, text: block.text, ..Cue::default() })
        .collect();
    reading
}
