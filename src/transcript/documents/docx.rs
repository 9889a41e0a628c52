//! Word files.

use super::super::archive::Archive;
use super::super::error::ParseError;
use super::super::reading::Reading;

/// Reads the zip as a Word file; none if it is something else.
pub(in crate::transcript) fn read(_name: &str, _archive: &mut Archive<'_>) -> Option<Result<Reading, ParseError>> {
    None
}
