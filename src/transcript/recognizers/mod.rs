//! JSON of speech recognizers.

use serde_json::Value;

use super::error::ParseError;
use super::reading::Reading;

/// Reads the JSON of the first recognizer that knows its shape; none if none does.
pub(super) fn read(_value: &Value) -> Option<Result<Reading, ParseError>> {
    None
}

/// Reads JSON Lines, an utterance per line; none if the text is something else.
pub(super) fn read_lines(_text: &str) -> Option<Reading> {
    None
}
