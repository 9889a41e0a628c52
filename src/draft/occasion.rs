//! When something was said.

use jiff::civil::Date;

use super::DealSource;

/// When and where something was said, as far as the record tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    /// The source's place among the deal's sources.
    pub source: usize,
    /// The day, where the file says it.
    pub date: Option<Date>,
    /// The number that the file's name begins with: `02-demo.vtt`.
    pub number: Option<u32>,
}

impl Occasion {
    /// Of the source at `place` among the deal's sources.
    #[must_use]
    pub fn of(place: usize, source: &DealSource) -> Self {
        Self { source: place, date: source.date(), number: leading_number(&source.name) }
    }

    /// Whether this is proven to be earlier: by the dates of both, or by the numbers of both where a date is missing.
    #[must_use]
    pub fn is_before(&self, other: &Self) -> bool {
        match (self.date, other.date, self.number, other.number) {
            (Some(a), Some(b), ..) => a < b,
            (_, _, Some(a), Some(b)) => a < b,
            _ => false,
        }
    }
}

/// The number that a name begins with: 2 in `02-demo.vtt`.
#[must_use]
pub fn leading_number(name: &str) -> Option<u32> {
    let end = name.find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len());
    name[..end].parse().ok()
}
