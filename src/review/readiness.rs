//! Pre-close mode: how much of a handoff is there before the deal is won, and what to ask on the next call.

mod gaps;

use serde::Serialize;
use utoipa::ToSchema;

pub use gaps::{Gap, MAX_GAPS};

use crate::domain::field::Field;
use crate::domain::handoff::MarkedUnknown;
use crate::domain::item::{Item, ItemState};

/// How far a draft is on its way to a handoff that can be made final.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Readiness {
    /// Per cent of what a handoff answers that is answered, 0 to 100.
    pub percent: u8,
    /// How the per cent are counted.
    pub rule: &'static str,
    /// What to ask on the next call, most consequential first.
    pub gaps: Vec<Gap>,
}

/// How [`percent`] counts, for people.
pub const RULE: &str = "The five things that every handoff must make obvious count double: why they bought, what success looks \
    like, who matters, what was promised, what could derail it. The other five fields that must be answered count once. A \
    field counts whole once an item of it is approved or somebody marked it unknown, and three quarters while its items wait \
    for a decision.";

/// Where the answer of a field stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nothing answers it.
    Open,
    /// There are items, and nobody decided on any.
    Drafted,
    /// An item is approved, or somebody marked it "asked, unknown".
    Settled,
}

impl Standing {
    /// Where a field stands whose items are in these `states`, and which is `marked` unknown or not.
    #[must_use]
    pub fn of(states: impl IntoIterator<Item = ItemState>, marked: bool) -> Self {
        let items = states.into_iter().map(|state| match state {
            ItemState::Approved => Self::Settled,
            ItemState::Drafted => Self::Drafted,
            ItemState::Rejected => Self::Open,
        });
        if marked { Self::Settled } else { items.max().unwrap_or(Self::Open) }
    }

    /// Quarters of the field that are done.
    const fn quarters(self) -> u32 {
        match self {
            Self::Open => 0,
            Self::Drafted => 3,
            Self::Settled => 4,
        }
    }
}

/// Per cent of a handoff that are there, after [`RULE`]; rounded down, so that 100 means all of it.
#[must_use]
pub fn percent(standing: impl Fn(Field) -> Standing) -> u8 {
    let whole: u32 = Field::core().map(|field| weight(field) * Standing::Settled.quarters()).sum();
    let done: u32 = Field::core().map(|field| weight(field) * standing(field).quarters()).sum();
    u8::try_from(done * 100 / whole.max(1)).unwrap_or(100)
}

/// The five things that every handoff should make obvious (seed 000) count double.
const fn weight(field: Field) -> u32 {
    match field {
        Field::WhyBought | Field::SuccessCriteria | Field::Stakeholder | Field::Commitment | Field::Risk => 2,
        _ => 1,
    }
}

/// How ready a draft is. `speakers` are the names of everybody whose own words are in the record.
#[must_use]
pub fn readiness(items: &[Item], unknown: &[MarkedUnknown], speakers: &[String]) -> Readiness {
    let standing = |field: Field| {
        let states = items.iter().filter(|item| item.field() == field).map(|item| item.state);
        Standing::of(states, unknown.iter().any(|mark| mark.field == field))
    };
    Readiness { percent: percent(standing), rule: RULE, gaps: gaps::gaps(items, standing, speakers) }
}

#[cfg(test)]
mod tests;
