//! File bytes to a [`Transcript`]: the first stage of the pipeline, before chunking, embedding and the engines.
//!
//! `decode` turns bytes into text, `detect` tells the format from the content, one reader per format turns the text into
//! cues, and `turns` merges cues into turns. [`roster`] then joins people across the sources of a deal.
//!
//! # Rules every reader keeps
//!
//! - **Format from content.** A suffix is never looked at. The name is a hint for contracts and notes only.
//! - **Nothing is lost silently.** Every cue is in a turn or in `report.dropped` with its line and the reason.
//! - **Turns.** Consecutive cues of one speaker become one turn, their words joined by one space, their ids kept. A turn
//!   ends at a cue boundary when more than 30 s of silence follow, when it has 120 words and a sentence ends, or at 180
//!   words at the latest; so a citation into a monologue stays tight. Cues without a speaker join only while a sentence
//!   goes on (no closing punctuation, at most 2 s apart): two of them may be two people. In notes, mails and contracts a
//!   paragraph, list item or table row is a turn.
//! - **Speakers.** The words before a colon are a speaker only if the file as a whole says so (see `label`). A caption
//!   without a label has no speaker, except where the file puts labels only at a change of speaker: it has unlabelled
//!   captions, and not one label repeats the label before it. Then an unlabelled caption goes on with the speaker before
//!   it, but not across a silence of more than 30 s, and the report says so. Cue numbers (Zoom's included) count cues, not
//!   speakers, so they are no evidence.
//! - **Times.** Negative times become 0, cues out of order are sorted by start (stably), both with a warning.
//! - **Sides** are set here only where the file itself proves them: Gong's affiliation, the organizer's mail domain in
//!   Fireflies, the `[EXT]` and `(Guest)` marks of Teams. Everything else is the roster's work, or stays unknown.

mod blocks;
mod caption;
mod clock;
mod contract;
mod decode;
mod detect;
mod error;
mod fireflies;
mod gong;
mod json;
mod label;
mod mail;
mod markdown;
mod notes;
mod own;
pub(crate) mod person;
mod quoted;
mod reading;
pub mod roster;
mod speech;
mod tags;
mod turns;

pub use error::ParseError;

use crate::domain::transcript::Transcript;

/// Reads a source file of any known format; `name` is its file name, a hint and nothing more.
///
/// Takes time linear in the size of the file (sorting aside) and never panics, whatever the bytes are.
///
/// # Errors
///
/// See [`ParseError`]: an empty or binary file, JSON of another tool, or no words to cite.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Transcript, ParseError> {
    let source = decode::decode(bytes)?;
    let mut reading = detect::read(name, &source)?;
    reading.warnings.extend(source.warning);
    turns::assemble(reading)
}
