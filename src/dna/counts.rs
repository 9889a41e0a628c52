//! How often each side says which phrase.

use std::collections::{HashMap, HashSet};

use super::english::English;
use super::ngrams::{Lexicon, Word, runs};
use crate::domain::transcript::{Side, SourceKind, Turn};
use crate::draft::DealSource;

/// Words of the longest phrase that is counted: longer than those shown, to see where a phrase ends.
const LONGEST: usize = 8;
/// How often a phrase is said at least.
const LEAST: usize = 2;

/// A run of words that one side says.
pub(super) struct Said<'a> {
    /// The place of its source among the deal's.
    pub(super) source: usize,
    pub(super) turn: &'a Turn,
    pub(super) words: Vec<Word>,
    ids: Vec<u32>,
}

/// What is counted of a phrase.
#[derive(Debug, Clone, Default)]
pub(super) struct Count {
    /// Where it stands: the run, and the word in it.
    pub(super) places: Vec<(usize, usize)>,
    /// How often every word with content begins with a capital letter, as names do.
    pub(super) as_name: usize,
}

/// All that one side says in its own words: contracts and records of a CRM are nobody's.
pub(super) struct Speech<'a> {
    pub(super) said: Vec<Said<'a>>,
}

impl<'a> Speech<'a> {
    pub(super) fn of(side: Side, sources: &'a [DealSource], lexicon: &mut Lexicon) -> Self {
        let mut said = Vec::new();
        for (place, source) in sources.iter().enumerate() {
            let transcript = &source.transcript;
            if matches!(transcript.kind, SourceKind::Contract | SourceKind::CrmRecord) {
                continue;
            }
            for turn in transcript.turns.iter().filter(|turn| transcript.side(turn) == side) {
                said.extend(runs(&turn.text).into_iter().map(|words| {
                    let ids = words.iter().map(|word| lexicon.id(&word.form)).collect();
                    Said { source: place, turn, words, ids }
                }));
            }
        }
        Self { said }
    }

    /// How many phrases of so many words there are.
    pub(super) fn total(&self, length: usize) -> u32 {
        let of_one = |said: &Said<'_>| (said.ids.len() + 1).saturating_sub(length);
        u32::try_from(self.said.iter().map(of_one).sum::<usize>()).unwrap_or(u32::MAX)
    }

    /// Every phrase that is said often enough. A phrase can be only if what begins and ends it is, so each length builds on
    /// the one before.
    pub(super) fn phrases(&self, english: &English) -> HashMap<&[u32], Count> {
        let mut all: HashMap<&[u32], Count> = HashMap::new();
        for length in 2..=LONGEST {
            let mut counts: HashMap<&[u32], Count> = HashMap::new();
            for (at_run, said) in self.said.iter().enumerate() {
                for (at, phrase) in said.ids.windows(length).enumerate() {
                    let may_be = |part: &[u32]| part.len() < 2 || all.contains_key(part);
                    if may_be(&phrase[1..]) && may_be(&phrase[..length - 1]) {
                        let count = counts.entry(phrase).or_default();
                        count.places.push((at_run, at));
                        count.as_name += usize::from(is_name(&said.words[at..at + length], english));
                    }
                }
            }
            counts.retain(|_, count| count.places.len() >= LEAST);
            all.extend(counts);
        }
        all
    }

    /// How often each of these phrases is said here.
    pub(super) fn times(&self, wanted: &HashMap<&[u32], Count>, longest: usize) -> HashMap<&[u32], u32> {
        let mut times: HashMap<&[u32], u32> = HashMap::new();
        for said in &self.said {
            for length in 2..=longest {
                for phrase in said.ids.windows(length).filter(|phrase| wanted.contains_key(phrase)) {
                    *times.entry(phrase).or_default() += 1;
                }
            }
        }
        times
    }

    /// In how many turns a phrase stands.
    pub(super) fn turns(&self, count: &Count) -> usize {
        let turn = |&(run, _): &(usize, usize)| (self.said[run].source, self.said[run].turn.index);
        count.places.iter().map(turn).collect::<HashSet<_>>().len()
    }
}

/// Whether every word that says something begins with a capital letter.
fn is_name(words: &[Word], english: &English) -> bool {
    words.iter().all(|word| word.is_capital || english.is_empty(&word.form))
}
