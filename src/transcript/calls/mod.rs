//! Calls written down as lines.
//!
//! | module | what it reads |
//! | --- | --- |
//! | `meet` | transcripts of Google Meet, and notes of Gemini |
//! | `headed` | words below a line with name and time: Otter, Fathom, … |
//! | `teams_docx` | Word files of Microsoft Teams |
//! | `named` | `[00:12:31] Name: words`, `Name (12:31): words`, `Name: words` |
//! | `table` | Whisper's table of start, end and words |

mod headed;
mod lines;
mod markup;
pub(super) mod meet;
mod named;
mod table;
pub(super) mod teams_docx;
#[cfg(test)]
mod tests;

use super::clock;
use super::reading::Reading;

/// Reads the text as a call, or as notes of Gemini; none if it is neither. `is_notes`: the file's name says that it is notes.
pub(super) fn read(text: &str, is_notes: bool) -> Option<Reading> {
    table::read(text)
        .or_else(|| meet::read(text))
        .or_else(|| headed::read(text, is_notes))
        .or_else(|| named::read(text, is_notes))
}

/// What stands before the first words: the first line is the title, a date is the day of the call.
fn preamble(reading: &mut Reading, number: u32, text: &str) {
    let date = text.rsplit_once(": ").map_or(text, |(_, date)| date);
    reading.started_at = reading.started_at.or_else(|| clock::moment(date));
    let reason = match &reading.title {
        None => {
            let title = text.strip_prefix("title:").unwrap_or(text).trim().trim_matches('"');
            reading.title = Some(title.to_owned());
            "read as the title"
        }
        Some(_) => "before the first speaker",
    };
    reading.drop(number, reason);
}
