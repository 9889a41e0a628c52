//! File bytes to a [`Transcript`]: the first stage of the pipeline, before chunking, embedding and the engines.
//!
//! `archive` and `decode` turn bytes into parts and text, `detect` tells the format from the content, one reader per format
//! turns the text into cues, and `turns` merges cues into turns. [`roster`] then joins people across the sources of a deal.
//!
//! | folder | what it reads |
//! | --- | --- |
//! | `captions` | `WebVTT`, SRT, SBV |
//! | `calls` | calls written down as lines: Otter, Google Meet, `Name: words`, Teams' Word files |
//! | `recorders` | JSON of tools that record sales calls: Gong, Fireflies, … |
//! | `recognizers` | JSON of speech recognizers: Whisper, Deepgram, … |
//! | `chat` | Zoom's chat, Slack's export |
//! | `mail` | mails and mailboxes |
//! | `documents` | notes and contracts: Markdown, text, HTML, Word, PDF, notes out of a CRM |
//!
//! # Rules every reader keeps
//!
//! - **Format from content.** A suffix is never looked at. The name is a hint for contracts and notes only.
//! - **Nothing is lost silently.** Every cue is in a turn or in `report.dropped` with its line and the reason.
//! - **Turns.** Consecutive cues of one speaker become one turn, their words joined by one space, their ids kept. A turn
//!   ends at a cue boundary when more than 30 s of silence follow, when it has 120 words and a sentence ends, or at 180
//!   words at the latest; so a citation into a monologue stays tight. Cues without a speaker join only while a sentence
//!   goes on (no closing punctuation, at most 2 s apart): two of them may be two people. A message of a chat has no end, so
//!   the silence before the next is counted from when it was sent; where a call has no ends, a second per word is allowed
//!   for. In notes, mails and contracts a
//!   paragraph, list item or table row is a turn.
//! - **Speakers.** The words before a colon are a speaker only if the file as a whole says so (see `label`). A caption
//!   without a label has no speaker, except where the file puts labels only at a change of speaker: it has unlabelled
//!   captions, and not one label repeats the label before it. Then an unlabelled caption goes on with the speaker before
//!   it, but not across a silence of more than 30 s, and the report says so. Cue numbers (Zoom's included) count cues, not
//!   speakers, so they are no evidence.
//! - **Invented words.** What recognizers write where nobody speaks is no cue of a call; see `phrases`.
//! - **Times.** Negative times become 0, cues out of order are sorted by start (stably), both with a warning.
//! - **Sides** are set here only where the file itself proves them: what a recorder knows of its own users and of strangers
//!   (Gong's affiliation, Avoma's reps, …), the organizer's mail domain in Fireflies, the `[EXT]` and `(Guest)` marks of
//!   Teams. Everything else is the roster's work, or stays unknown.

mod archive;
mod calls;
mod captions;
mod chat;
mod clock;
mod decode;
mod detect;
mod documents;
mod error;
mod escapes;
mod html;
mod json;
mod label;
mod limits;
mod mail;
mod nan;
mod own;
pub(crate) mod person;
mod phrases;
mod reading;
mod recognizers;
mod recorders;
pub mod roster;
mod turns;
mod weight;

pub use error::ParseError;
pub use limits::Limits;

use crate::domain::transcript::Transcript;

/// Reads a source file of any known format; `name` is its file name, a hint and nothing more. The default limits apply.
///
/// # Errors
///
/// As [`parse_within`].
pub fn parse(name: &str, bytes: &[u8]) -> Result<Transcript, ParseError> {
    parse_within(name, bytes, &Limits::default())
}

/// As [`parse`], within the limits that are given.
///
/// Takes time and memory linear in the size of the file (sorting aside), and never panics, whatever the bytes are.
///
/// # Errors
///
/// See [`ParseError`]: an empty or binary file, JSON of another tool, no words to cite, or a file over a limit.
pub fn parse_within(name: &str, bytes: &[u8], limits: &Limits) -> Result<Transcript, ParseError> {
    let reading = detect::read(name, bytes, limits).map_err(ParseError::in_one_line)?;
    ParseError::at_most("cues", reading.cues.len() as u64, limits.cues as u64)?;
    turns::assemble(reading)
}
