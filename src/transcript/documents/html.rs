//! HTML: notes of `HubSpot`, podcast transcripts, saved pages.

use super::super::reading::Reading;

/// Reads the text as HTML; none if it is not.
pub(in crate::transcript) fn read(_text: &str) -> Option<Reading> {
    None
}
