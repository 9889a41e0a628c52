//! Google Meet: the transcript, the notes that Gemini takes, and documents that hold both; as text, as Markdown or as the
//! paragraphs of a Word file.
//!
//! ```text
//! Kickoff Acme (2026-03-02 at 10:02 GMT+1) - Transcript
//! Attendees
//! Dana Ruiz, Omar Haddad
//! Transcript
//! 00:00:05
//! Dana Ruiz: Welcome back.
//! Transcription ended after 00:46:43
//! ```
//!
//! In Markdown names are bold and times are headings. A time stands for all that follows until the next, so its precision is
//! a block. What Gemini wrote is no speech: before a transcript it is reported, by itself it is notes. The shapes, and the
//! words of other languages, are those of documents that people have published.

mod gemini;
mod heads;
mod lines;
mod names;
mod transcript;

use self::lines::Lines;
use super::super::reading::Reading;

/// Whether a line is the heading of a transcript.
pub(super) fn is_transcript_heading(text: &str) -> bool {
    heads::is_section(text)
}

/// Whether a line is one of the headings that Gemini gives its notes.
pub(super) fn is_notes_heading(text: &str) -> bool {
    gemini::is_section(text)
}

/// Reads lines as a transcript of Google Meet, or as notes of Gemini; none if they are neither.
pub(in crate::transcript) fn read(text: &str) -> Option<Reading> {
    let lines = Lines::of(text);
    transcript::read(&lines).or_else(|| gemini::read(&lines))
}
