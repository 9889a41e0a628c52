//! Where the sale ends and what comes after it begins.

use std::collections::HashSet;

use jiff::civil::Date;

use crate::domain::ids::SourceId;
use crate::domain::person::Roster;
use crate::domain::transcript::SourceKind;
use crate::draft::{DealSource, Occasion, resolve_sides};
use crate::engine::local::words::{Words, phrases};

/// Folders that hold what came after the sale.
const FOLDERS: &[&str] = &["post-sale", "post_sale", "postsale", "after", "after-sale", "after_sale"];

phrases! {
    /// What only meetings after a sale are called.
    SIGNS = "kickoff | kick off | day 14 | day 30 | day 60 | day 90 | day14 | day30 | day60 | day90 | 14 day | 30 day | \
        60 day | 90 day | thirty day | ninety day | qbr | ebr | business review | hypercare | post sale | post sales | \
        post go live | health check | onboarding call | onboarding session";
}

/// What is known of a deal's end besides its files.
#[derive(Debug, Clone, Default)]
pub struct Close {
    /// The day on which it was won.
    pub won_on: Option<Date>,
    /// Sources that belong to the handoff itself whenever they were written: answers to questions, the customer's corrections.
    pub of_handoff: HashSet<SourceId>,
}

/// A deal's sources, apart: what was said and signed before it was won, and what was said afterwards.
#[derive(Debug, Clone, Default)]
pub struct Parted {
    /// What the handoff is made from.
    pub sale: Vec<DealSource>,
    /// What tells how it went on.
    pub after: Vec<DealSource>,
}

impl Parted {
    /// The day on which the sale ended: that of its newest contract, else of the last thing said before what came after it.
    #[must_use]
    pub fn ended_on(&self) -> Option<Date> {
        signed_on(&self.sale).or_else(|| self.sale.iter().filter_map(day_of).max())
    }

    /// Gives every participant the side that the record proves. What was said after the sale tells nothing about the sides before it:
    /// a draft of the sale is the same with and without it.
    pub fn resolve_sides(&mut self, roster: &Roster) {
        let mut all: Vec<DealSource> = self.sale.iter().chain(&self.after).cloned().collect();
        resolve_sides(&mut all, roster);
        self.after = all.split_off(self.sale.len());
        resolve_sides(&mut self.sale, roster);
    }
}

/// Parts a deal's sources at the end of the sale. A source is *post-sale*, in this order:
///
/// 1. never, where it is a contract or a CRM record, or belongs to the handoff itself ([`Close::of_handoff`]);
/// 2. where it lies in a folder named `post-sale` or `after`;
/// 3. where it is dated on a later day than the sale ended: the later one of the day on which the deal was won and the dates of
///    its contracts. The date is the file's own, else a full date in its name (`2026-09-16-call.vtt`). Notes are often
///    written up afterwards about the sale: they need a sign too;
/// 4. where it has no date, or nothing tells when the sale ended: by a clear sign in its name or title (kickoff, day-30,
///    hypercare, …), unless a source without one is proven to be later, by date or number.
///
/// Everything else belongs to the sale.
#[must_use]
pub fn part(sources: Vec<DealSource>, close: &Close) -> Parted {
    let ended_on = signed_on(&sources).max(close.won_on);
    let occasions: Vec<Occasion> = sources.iter().enumerate().map(|(place, source)| occasion(place, source)).collect();
    let signs: Vec<bool> = sources.iter().map(has_sign).collect();
    let sold = |place: usize| !signs[place] && !is_paper(&sources[place]);
    let is_last =
        |place: usize| !(0..sources.len()).any(|other| sold(other) && occasions[place].is_before(&occasions[other]));
    let is_after = |place: usize, source: &DealSource| {
        let of_handoff = source.id.as_ref().is_some_and(|id| close.of_handoff.contains(id));
        if is_paper(source) || of_handoff {
            return false;
        }
        if lies_after(&source.name) {
            return true;
        }
        match (day_of(source), ended_on) {
            (Some(day), Some(end)) => day > end && (signs[place] || source.transcript.kind != SourceKind::Notes),
            _ => signs[place] && is_last(place),
        }
    };
    let after: Vec<bool> = sources.iter().enumerate().map(|(place, source)| is_after(place, source)).collect();
    let mut parted = Parted::default();
    for (source, is_after) in sources.into_iter().zip(after) {
        if is_after { parted.after.push(source) } else { parted.sale.push(source) }
    }
    parted
}

/// The day of the newest contract.
fn signed_on(sources: &[DealSource]) -> Option<Date> {
    let contracts = sources.iter().filter(|source| source.transcript.kind == SourceKind::Contract);
    contracts.filter_map(day_of).max()
}

/// The day of a source: the file's own, else a full date in its name.
pub(super) fn day_of(source: &DealSource) -> Option<Date> {
    source.date().or_else(|| day_in(&source.name))
}

/// `2026-09-16` somewhere in the name.
fn day_in(name: &str) -> Option<Date> {
    let starts = name.char_indices().map(|(at, _)| at);
    starts.filter_map(|at| name.get(at..at + 10)).find_map(|piece| {
        let shaped = piece.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => matches!(byte, b'-' | b'_'),
            _ => byte.is_ascii_digit(),
        });
        if shaped { piece.replace('_', "-").parse().ok() } else { None }
    })
}

fn occasion(place: usize, source: &DealSource) -> Occasion {
    Occasion { date: day_of(source), ..Occasion::of(place, source) }
}

/// Whether it was signed or kept rather than said.
const fn is_paper(source: &DealSource) -> bool {
    matches!(source.transcript.kind, SourceKind::Contract | SourceKind::CrmRecord)
}

fn lies_after(name: &str) -> bool {
    let folders = name.rsplit_once(['/', '\\']).map_or("", |(folders, _)| folders);
    folders.split(['/', '\\']).any(|folder| FOLDERS.contains(&folder.to_lowercase().as_str()))
}

fn has_sign(source: &DealSource) -> bool {
    let base = source.name.rsplit(['/', '\\']).next().unwrap_or_default();
    Words::of(base).any(&SIGNS) || source.transcript.title.as_deref().is_some_and(|title| Words::of(title).any(&SIGNS))
}
