//! JSON of the tools that record sales calls: one file per tool, each with the shape it reads and where the shape is from.
//!
//! | file | what tells the tool |
//! | --- | --- |
//! | `gong` | monologues with `sentences` |
//! | `fireflies` | `sentences` with `raw_text`, `start_time` or a speaker's id |
//! | `meet` | entries with `participant` and `startTime` |
//! | `avoma` | paragraphs with `transcript` and a time per word |
//! | `fathom` | entries with `timestamp` and a speaker who has a `display_name` |
//! | `intercom` | entries with `content` and `speaker_label` |
//! | `clari` | entries with `personId` |
//! | `chorus` | utterances with `snippet` |
//! | `grain` | segments with `participant_id` |
//! | `zoom` | a `timeline` with `ts`, or participants with `transcripts` |
//!
//! An answer that holds no transcript is refused by name: what it is, what the tool says in it, and where the words are.

mod answers;
mod avoma;
mod chorus;
mod clari;
mod entries;
mod fathom;
mod fireflies;
mod gong;
mod grain;
mod intercom;
mod meet;
mod people;
#[cfg(test)]
mod tests;
mod zoom;

use serde_json::Value;

use super::error::ParseError;
use super::reading::Reading;

/// What a reader says of a file: nothing if it is another tool's.
type Answer = Option<Result<Reading, ParseError>>;

/// Gong before Fireflies: both have `sentences`.
const READERS: &[fn(&Value) -> Answer] = &[
    gong::read,
    fireflies::read,
    meet::read,
    avoma::read,
    fathom::read,
    intercom::read,
    clari::read,
    chorus::read,
    grain::read,
    zoom::read,
];

/// Reads the JSON of the first tool that knows its shape; none if none does.
pub(super) fn read(value: &Value) -> Answer {
    let known = READERS.iter().find_map(|read| read(value));
    known.or_else(|| answers::read_error(value).map(Err))
}
