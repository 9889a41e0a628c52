//! Pictures of a deal where people would rather look than read, each with the same in words and as a table.
//!
//! Facts are read from the domain, places are computed here, and the SVG is made from `templates/pictures/`. Colours are in
//! `assets/css/pictures.css`; no colour says anything that a sign or a word does not say too.

mod coverage;
mod frame;
mod heard;
mod promises;
mod scorecard;
mod stakeholders;
mod text;
mod trends;

use serde::Serialize;

pub use coverage::{CoveredPerson, CoveredSource, Reading, coverage, covered_people};
pub use heard::{Heard, heard};
pub use promises::{Call, promises};
pub use scorecard::scorecard;
pub use stakeholders::stakeholders;
pub use trends::{trend_by_category, trend_by_month};

/// A picture with its text alternative.
#[derive(Debug, Clone, Serialize)]
pub struct Picture {
    /// What it shows.
    pub title: String,
    /// The inline `<svg>` element, safe to put into a page.
    pub svg: String,
    /// The same in a few sentences, for a screen reader.
    pub summary: String,
    /// The columns of the same as a table.
    pub header: Vec<String>,
    /// The rows of the same as a table: everything, also what the picture only counts.
    pub rows: Vec<Vec<String>>,
}

#[cfg(test)]
mod tests;
