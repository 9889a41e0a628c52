//! People of a deal: what they are called in its files, which names are one person, and whose side they are on.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ids::SourceId;
use super::transcript::Side;

/// What somebody is called in one source. A label is not a person: one person has a label in every file, and two of a name may
/// share one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceLabel {
    /// The source.
    pub source: SourceId,
    /// The label, exactly as the file has it.
    pub label: String,
}

/// What a person says of two labels: they are the same person, or two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// One label.
    pub one: SourceLabel,
    /// The other.
    pub other: SourceLabel,
    /// Whether they are the same person.
    pub same: bool,
}

/// The side that a person says somebody is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedByHand {
    /// What somebody is called.
    pub who: SourceLabel,
    /// The side; unknown where it cannot be told, whatever the record seems to say.
    pub side: Side,
    /// The name of whoever says so.
    pub by: String,
}

/// What is known of the people of a deal beside its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// Mail domains of the selling company.
    pub vendor_domains: Vec<String>,
    /// What people say of labels.
    pub ties: Vec<Tie>,
    /// Where people place somebody.
    pub placed: Vec<PlacedByHand>,
}

impl Roster {
    /// Nothing but the selling company's mail domains.
    #[must_use]
    pub fn of_domains(vendor_domains: &[String]) -> Self {
        Self { vendor_domains: vendor_domains.to_vec(), ..Self::default() }
    }

    /// The ties between labels that have a place, by their places.
    pub fn ties_at<At>(&self, place: impl Fn(&SourceLabel) -> Option<At>) -> Vec<(At, At, bool)> {
        self.ties.iter().filter_map(|tie| Some((place(&tie.one)?, place(&tie.other)?, tie.same))).collect()
    }
}

/// Somebody of a deal, over all of its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Person {
    /// The name, where a file gives one.
    pub name: Option<String>,
    /// The mail address, where a file gives one.
    pub email: Option<String>,
    /// The job title, where a file gives one.
    pub title: Option<String>,
    /// The company the person belongs to.
    pub side: Side,
    /// What the side rests on; none where it is unknown.
    pub side_reason: Option<String>,
    /// What the person is called, file by file.
    pub labels: Vec<PersonLabel>,
}

/// One of a person's labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonLabel {
    /// The source.
    pub source: SourceId,
    /// The source's file name.
    pub source_name: String,
    /// The label, exactly as the file has it.
    pub label: String,
    /// Turns that the label speaks in the source.
    pub turns: u32,
    /// Why it is taken for the same person as the labels before it; none for the first.
    pub joined: Option<String>,
}
