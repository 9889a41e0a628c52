//! JSON of the tools that record sales calls.

mod fireflies;
mod gong;

use serde_json::Value;

use super::error::ParseError;
use super::reading::Reading;

/// Reads the JSON of the first tool that knows its shape; none if none does.
pub(super) fn read(value: &Value) -> Option<Result<Reading, ParseError>> {
    fireflies::read(value).or_else(|| gong::read(value)).map(Ok)
}
