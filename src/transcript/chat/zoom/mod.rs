//! Text that Zoom saves: the chat of a meeting, and the captions of a meeting.

mod captions;
mod chat;
mod head;
mod wall;

use super::super::reading::Reading;

/// Reads the text as one of the two; none if it is neither.
pub(in crate::transcript) fn read(text: &str) -> Option<Reading> {
    chat::read(text).or_else(|| captions::read(text))
}
