//! The chat of a Zoom meeting, and the captions that Zoom saves on the computer.

use super::super::reading::Reading;

/// Reads the text as one of the two; none if it is neither.
pub(in crate::transcript) fn read(_text: &str) -> Option<Reading> {
    None
}
