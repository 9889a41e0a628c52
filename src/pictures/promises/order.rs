//! In which order promises stand: by who owes them, then as they were first said, a newer word right under the older.

use super::Promise;
use crate::domain::transcript::Side;

/// The promises of one side.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) side: Side,
    /// Their places among all promises.
    pub(super) promises: Vec<usize>,
}

/// Every promise once, in groups that are not empty.
pub(super) fn groups(promises: &[Promise]) -> Vec<Group> {
    let mut first: Vec<usize> = (0..promises.len()).collect();
    // What no call carries comes last.
    first.sort_by_key(|place| promises[*place].said.first().map_or(usize::MAX, |(column, _)| *column));
    let mut line = Line { promises, placed: vec![false; promises.len()], order: Vec::new() };
    for place in first {
        line.push(place);
    }
    let of_side = |side: Side| Group {
        side,
        promises: line.order.iter().copied().filter(|place| promises[*place].owed_by == side).collect(),
    };
    let groups = [Side::Vendor, Side::Customer, Side::Unknown].map(of_side);
    groups.into_iter().filter(|group| !group.promises.is_empty()).collect()
}

struct Line<'a> {
    promises: &'a [Promise<'a>],
    placed: Vec<bool>,
    order: Vec<usize>,
}

impl Line<'_> {
    /// Places a promise behind all that it replaced and before the one that replaced it. Whoever wrote a circle into the
    /// attributes gets an order all the same.
    fn push(&mut self, place: usize) {
        let mut waiting = vec![(place, false)];
        while let Some((place, older_placed)) = waiting.pop() {
            if older_placed {
                self.order.push(place);
                waiting.extend(self.promises[place].newer.map(|newer| (newer, false)));
            } else if !std::mem::replace(&mut self.placed[place], true) {
                waiting.push((place, true));
                let older = (0..self.promises.len()).rev().filter(|at| self.promises[*at].newer == Some(place));
                waiting.extend(older.map(|at| (at, false)));
            }
        }
    }
}
