//! Hits to passages: whole exchanges, none twice, until there is enough to read.

use std::ops::RangeInclusive;

use crate::domain::ids::SourceId;
use crate::domain::transcript::Turn;
use crate::index::Hit;

/// Words before and behind a hit that make it a passage, about: those of a chunk.
const WIDEN: usize = 150;
/// Turns before and behind a hit that are looked at, at most.
const TURNS: u32 = 24;
/// Words of evidence at which no further passage is looked for.
const ENOUGH: usize = 2_400;

/// A run of turns of one source.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// The source.
    pub source: SourceId,
    /// First and last turn.
    pub turns: RangeInclusive<u32>,
    /// The score of the chunk it grew from; only its order means something.
    pub score: f32,
}

/// Turns of a source that have to be known to widen a hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The source.
    pub source: SourceId,
    /// First and last turn; the source may have fewer.
    pub turns: RangeInclusive<u32>,
}

/// Passages as they come about, hit by hit.
#[derive(Debug, Default)]
pub struct Passages {
    found: Vec<Passage>,
    words: usize,
}

impl Passages {
    /// Whether there is enough to read.
    #[must_use]
    pub const fn is_enough(&self) -> bool {
        self.words >= ENOUGH
    }

    /// The turns around `hit`; none where a passage has it already.
    #[must_use]
    pub fn wants(&self, hit: &Hit) -> Option<Wanted> {
        let (first, last) = (*hit.turns.start(), *hit.turns.end());
        let mut own = self.of(&hit.source);
        if own.any(|passage| passage.turns.contains(&first) && passage.turns.contains(&last)) {
            return None;
        }
        let turns = first.saturating_sub(TURNS)..=last.saturating_add(TURNS);
        Some(Wanted { source: hit.source.clone(), turns })
    }

    /// Makes a passage of `hit`, given the turns around it. Turns that other passages have are left to them.
    pub fn add(&mut self, hit: &Hit, around: &[Turn]) {
        let taken = |turn: &Turn| self.of(&hit.source).any(|passage| passage.turns.contains(&turn.index));
        let free: Vec<bool> = around.iter().map(|turn| !taken(turn)).collect();
        let within = |at: &usize| hit.turns.contains(&around[*at].index) && free[*at];
        let Some(start) = (0..around.len()).find(within) else { return };
        let end = (start..around.len()).take_while(within).last().unwrap_or(start);
        let before = (0..start).rev().take_while(|at| free[*at]);
        let first = grown(around, start, before, |_, earlier| asks(earlier));
        let behind = (end + 1..around.len()).take_while(|at| free[*at]);
        let last = grown(around, end, behind, |question, _| asks(question));
        self.words += around[first..=last].iter().map(words).sum::<usize>();
        let turns = around[first].index..=around[last].index;
        self.found.push(Passage { source: hit.source.clone(), turns, score: hit.score });
    }

    /// The passages, best first.
    #[must_use]
    pub fn into_found(self) -> Vec<Passage> {
        self.found
    }

    fn of<'a>(&'a self, source: &'a SourceId) -> impl Iterator<Item = &'a Passage> {
        self.found.iter().filter(move |passage| passage.source == *source)
    }
}

/// The last of `places` that is taken: [`WIDEN`] words of them, and more while `belongs` says that the next one belongs to the
/// edge, because a question without its reply is no evidence.
fn grown(
    turns: &[Turn],
    from: usize,
    places: impl Iterator<Item = usize>,
    belongs: impl Fn(&Turn, &Turn) -> bool,
) -> usize {
    let (mut edge, mut taken) = (from, 0);
    for next in places {
        if taken >= WIDEN && !belongs(&turns[edge], &turns[next]) {
            break;
        }
        taken += words(&turns[next]);
        edge = next;
    }
    edge
}

fn asks(turn: &Turn) -> bool {
    turn.text.trim_end().ends_with('?')
}

fn words(turn: &Turn) -> usize {
    turn.text.split_whitespace().count()
}
