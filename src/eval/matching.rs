//! Which item is which labelled finding.
//!
//! The rule: same field, and a citation that overlaps a labelled quote of the same file ([`overlaps`]); one to one. An item
//! that only repeats a matched finding, or rests on arguable words, counts neither way.

use std::cmp::Reverse;

use super::gold::{Gold, GoldItem, GoldQuote};
use super::overlap::{longest_run, overlaps, words};
use crate::domain::field::Field;
use crate::domain::item::Item;
use crate::engine::QuoteRole;
use crate::ground::Citation;

/// What an item turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The labelled finding at this place.
    Found(usize),
    /// Another saying of the labelled finding at this place, which an item has been matched with.
    Repeated(usize),
    /// Arguable.
    Neutral,
    /// Not in the labels.
    False,
}

/// A quote ready to be compared.
#[derive(Debug, Clone)]
pub(super) struct Place {
    source: String,
    words: Vec<String>,
}

impl Place {
    pub(super) fn of(quote: &GoldQuote) -> Self {
        Self { source: quote.source.clone(), words: words(&quote.quote) }
    }

    pub(super) fn cited(citation: &Citation) -> Self {
        Self { source: citation.source().to_owned(), words: words(citation.quote()) }
    }

    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.source == other.source && overlaps(&self.words, &other.words)
    }

    pub(super) fn is_in(&self, source: &str, turn: &[String]) -> bool {
        self.source == source && longest_run(&self.words, turn) == self.words.len()
    }
}

/// The places an item rests on; the clause it was set against is not what it rests on.
pub(super) fn places_of(item: &Item) -> Vec<Place> {
    let own = item.citations.iter().filter(|citation| citation.role() != QuoteRole::Clause);
    own.map(Place::cited).collect()
}

/// The verdict on every item, in order; `contracts` are the files whose clauses are no place where a finding was said.
#[must_use]
pub fn verdicts(items: &[Item], gold: &Gold, contracts: &[&str]) -> Vec<Verdict> {
    let said = |quote: &&GoldQuote| !contracts.contains(&quote.source.as_str());
    let labelled: Vec<(Field, Vec<Place>)> = gold
        .items
        .iter()
        .map(|item: &GoldItem| (item.field, item.citations.iter().filter(said).map(Place::of).collect()))
        .collect();
    let neutral: Vec<(Field, Place)> = gold.neutral.iter().map(|n| (n.field, Place::of(&n.quote))).collect();
    let places: Vec<Vec<Place>> = items.iter().map(places_of).collect();
    let candidates: Vec<Vec<usize>> = items
        .iter()
        .zip(&places)
        .map(|(item, own)| {
            let same = labelled.iter().enumerate().filter(|(_, (field, _))| *field == item.field());
            let mut near: Vec<(usize, usize)> = same
                .map(|(place, (_, quotes))| (common(own, quotes), place))
                .filter(|(common, _)| *common > 0)
                .collect();
            // What shares most is tried first.
            near.sort_by_key(|(common, place)| (Reverse(*common), *place));
            near.into_iter().map(|(_, place)| place).collect()
        })
        .collect();
    let matched = pair_up(&candidates, labelled.len());
    let verdict = |at: usize| {
        let arguable =
            || neutral.iter().any(|(f, n)| *f == items[at].field() && places[at].iter().any(|p| p.overlaps(n)));
        match (matched.iter().position(|item| *item == Some(at)), candidates[at].first()) {
            (Some(finding), _) => Verdict::Found(finding),
            (None, Some(&finding)) => Verdict::Repeated(finding),
            (None, None) if arguable() => Verdict::Neutral,
            (None, None) => Verdict::False,
        }
    };
    (0..items.len()).map(verdict).collect()
}

/// The words that overlapping places have in common; 0 where none overlap.
fn common(own: &[Place], other: &[Place]) -> usize {
    let pairs = own.iter().flat_map(|a| other.iter().map(move |b| (a, b)));
    pairs.filter(|(a, b)| a.overlaps(b)).map(|(a, b)| longest_run(&a.words, &b.words)).sum()
}

/// The largest one-to-one pairing of items with findings: for every finding its item. (Kuhn's augmenting paths.)
fn pair_up(candidates: &[Vec<usize>], findings: usize) -> Vec<Option<usize>> {
    let mut paired = vec![None; findings];
    for item in 0..candidates.len() {
        augment(item, candidates, &mut paired, &mut vec![false; findings]);
    }
    paired
}

fn augment(item: usize, candidates: &[Vec<usize>], paired: &mut [Option<usize>], seen: &mut [bool]) -> bool {
    for &finding in &candidates[item] {
        if std::mem::replace(&mut seen[finding], true) {
            continue;
        }
        if paired[finding].is_none_or(|other| augment(other, candidates, paired, seen)) {
            paired[finding] = Some(item);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_gives_way_where_it_has_another_finding() {
        assert_eq!(pair_up(&[vec![0, 1], vec![0], vec![0]], 2), [Some(1), Some(0)]);
    }
}
