//! Notes as a CRM gives them: JSON of `HubSpot` and Salesforce, and Salesforce's table.

use serde_json::Value;

use super::super::error::ParseError;
use super::super::reading::Reading;

/// Reads notes out of JSON; none if the JSON holds none.
pub(in crate::transcript) fn read_json(_value: &Value) -> Option<Result<Reading, ParseError>> {
    None
}

/// Reads notes out of a table; none if the text is no such table.
pub(in crate::transcript) fn read_csv(_text: &str) -> Option<Reading> {
    None
}
