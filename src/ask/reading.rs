//! What is read for a question: the clauses of the best passages that are most worth reading, with their neighbours.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Excerpt;
use super::lexical::likeness;
use super::runs::{self, vectors};
use crate::embed::cosine;
use crate::encoder::ModelError;
use crate::index::bm25::Bm25;
use crate::reader::asked::{Heard, parts};
use crate::reader::{Finder, Ranker, Run};

/// Passages whose clauses are looked at.
const EXCERPTS: usize = 8;
/// Tokens of the clauses that are read, at most: an answer takes as long as it takes to read them.
const TOKENS: usize = 500;
/// Clauses before and behind each that is read for what it is about: a reply is understood by what it replies to.
const NEIGHBOURS: usize = 1;
/// What it is worth to share the question's words as no other run does.
const WORDS: f32 = 1.0;
/// What it is worth to be about what the question is about; clauses differ by some tenths.
const ABOUT: f32 = 16.0;
/// What it is worth that a passage is the best; the tenth is worth a tenth of it.
const PLACE: f32 = 0.6;

/// The models that read.
pub(crate) struct Reading {
    /// Tells which clauses answer.
    pub(crate) finder: Finder,
    /// Tells which words count.
    pub(crate) bm25: Bm25,
    /// Tells what a clause is about.
    pub(crate) ranker: Ranker,
}

/// A run of clauses with the excerpt it stands in.
pub(crate) struct Candidate<'a> {
    /// The place of the excerpt.
    pub(crate) excerpt: usize,
    /// What is said right before them, in the excerpt.
    pub(crate) before: Option<Heard<'a>>,
    /// The clauses.
    pub(crate) run: Run<'a>,
    /// How much each of them is worth reading.
    pub(crate) worth: Vec<f32>,
}

impl Candidate<'_> {
    /// How much each clause is worth reading, and of how many tokens it is.
    fn worth_and_size(&self) -> impl Iterator<Item = (f32, usize)> {
        self.worth.iter().copied().zip(self.run.pieces.iter().map(Vec::len))
    }
}

impl Reading {
    /// Loads the models.
    pub(crate) fn load() -> Result<Self, super::AskError> {
        Ok(Self { finder: Finder::load()?, bm25: Bm25::new()?, ranker: Ranker::load()? })
    }

    /// The clauses of the best excerpts that are most worth reading, each with its neighbours.
    pub(crate) async fn worth_reading<'a>(
        &self,
        question: &str,
        excerpts: &'a [Excerpt],
    ) -> Result<Vec<Candidate<'a>>, ModelError> {
        let weighed = self.weighed(question, excerpts).await?;
        let by_excerpt: Vec<&[Candidate<'a>]> = weighed.chunk_by(|a, b| a.excerpt == b.excerpt).collect();
        let worth: Vec<Vec<(f32, usize)>> =
            by_excerpt.iter().map(|own| own.iter().flat_map(Candidate::worth_and_size).collect()).collect();
        let mut read = Vec::new();
        for ((own, worth), wanted) in by_excerpt.into_iter().zip(&worth).zip(most_worth(&worth)) {
            let runs: Vec<&Run<'a>> = own.iter().map(|candidate| &candidate.run).collect();
            let clauses: Vec<Heard<'a>> = runs.iter().flat_map(|run| run.clauses.iter().copied()).collect();
            let mut places = wanted.iter().copied();
            for run in parts(&runs, &wanted) {
                let places: Vec<usize> = places.by_ref().take(run.clauses.len()).collect();
                let before = places.first().and_then(|first| first.checked_sub(1)).map(|at| clauses[at]);
                let worth = places.into_iter().map(|at| worth[at].0).collect();
                read.push(Candidate { excerpt: own[0].excerpt, before, run, worth });
            }
        }
        Ok(read)
    }

    /// The runs of the best excerpts, as they stand in the record.
    pub(crate) async fn weighed<'a>(
        &self,
        question: &str,
        excerpts: &'a [Excerpt],
    ) -> Result<Vec<Candidate<'a>>, ModelError> {
        let mut all = Vec::new();
        for (excerpt, own) in excerpts.iter().enumerate().take(EXCERPTS) {
            let runs = runs::cut(&own.transcript, &own.runs)?;
            all.extend(runs.into_iter().map(|run| Candidate { excerpt, before: None, run, worth: Vec::new() }));
        }
        let texts: Vec<String> = all.iter().map(|candidate| candidate.run.text()).collect();
        let likeness = likeness(&self.bm25, question, &texts);
        let most = likeness.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        let about = self.about(question, excerpts, &all).await?;
        for ((candidate, likeness), about) in all.iter_mut().zip(likeness).zip(about) {
            let of_run = WORDS * likeness / most + PLACE / (candidate.excerpt as f32 + 1.0);
            candidate.worth = about.into_iter().map(|about| of_run + ABOUT * about).collect();
        }
        Ok(all)
    }

    /// How near what each clause is about comes to what is asked; what nobody has told yet is told now.
    async fn about(
        &self,
        question: &str,
        excerpts: &[Excerpt],
        candidates: &[Candidate<'_>],
    ) -> Result<Vec<Vec<f32>>, ModelError> {
        let asked = self.ranker.question(question).await?;
        let kept: Vec<_> = excerpts.iter().map(|excerpt| vectors(&excerpt.runs)).collect();
        let near = |candidate: &Candidate<'_>| {
            let kept = &kept[candidate.excerpt];
            candidate.run.places().map(|place| Some(cosine(&asked, kept.get(&place)?))).collect::<Option<Vec<f32>>>()
        };
        let near: Vec<Option<Vec<f32>>> = candidates.iter().map(near).collect();
        let untold = candidates.iter().zip(&near).filter(|(_, near)| near.is_none());
        let untold: Vec<&Run<'_>> = untold.map(|(candidate, _)| &candidate.run).collect();
        let mut told = self.ranker.clauses(&untold).await?.into_iter();
        let now = |near: Option<Vec<f32>>| {
            let told = || told.next().unwrap_or_default().iter().map(|vector| cosine(&asked, vector)).collect();
            near.unwrap_or_else(told)
        };
        Ok(near.into_iter().map(now).collect())
    }
}

/// Of the clauses of each excerpt, by what they are worth and by their tokens, those that are read: the best over all and their
/// neighbours, until there are enough.
fn most_worth(excerpts: &[Vec<(f32, usize)>]) -> Vec<BTreeSet<usize>> {
    let (mut wanted, mut used) = (vec![BTreeSet::new(); excerpts.len()], 0);
    for (excerpt, at) in by_worth(excerpts) {
        let (clauses, wanted) = (&excerpts[excerpt], &mut wanted[excerpt]);
        let new = with_neighbours(at, clauses.len()).filter(|near| !wanted.contains(near));
        used += new.map(|near| clauses[near].1).sum::<usize>();
        if used > TOKENS {
            break;
        }
        wanted.extend(with_neighbours(at, clauses.len()));
    }
    wanted
}

/// The clauses of all excerpts, those first that are most worth reading; of equals the one that stands first.
fn by_worth(excerpts: &[Vec<(f32, usize)>]) -> impl Iterator<Item = (usize, usize)> {
    let of_excerpt = |(excerpt, clauses): (usize, &Vec<(f32, usize)>)| {
        clauses.iter().enumerate().map(move |(at, (worth, _))| (*worth, excerpt, at)).collect::<Vec<_>>()
    };
    let mut all: Vec<(f32, usize, usize)> = excerpts.iter().enumerate().flat_map(of_excerpt).collect();
    all.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
    all.into_iter().map(|(_, excerpt, at)| (excerpt, at))
}

/// The places of a clause and its neighbours, of so many.
fn with_neighbours(at: usize, clauses: usize) -> Range<usize> {
    at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS + 1).min(clauses)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_clauses_most_worth_it_are_read_with_their_neighbours(
            excerpts in vec(vec((-16.0_f32..16.0, 0_usize..96), 0..60), 0..6),
        ) {
            let wanted = most_worth(&excerpts);
            let near = |(excerpt, at): (usize, usize)| {
                with_neighbours(at, excerpts[excerpt].len()).map(move |near| (excerpt, near))
            };
            let is_read = |(excerpt, at): (usize, usize)| wanted[excerpt].contains(&at);
            let tokens = |places: BTreeSet<(usize, usize)>| places.iter().map(|(e, at)| excerpts[*e][*at].1).sum::<usize>();
            let best: Vec<(usize, usize)> = by_worth(&excerpts).take_while(|at| near(*at).all(is_read)).collect();
            let read: BTreeSet<(usize, usize)> = best.iter().copied().flat_map(near).collect();
            let all = wanted.iter().enumerate().flat_map(|(excerpt, own)| own.iter().map(move |at| (excerpt, *at)));
            prop_assert_eq!(&read, &all.collect::<BTreeSet<_>>());
            prop_assert!(tokens(read.clone()) <= TOKENS);
            if let Some(next) = by_worth(&excerpts).nth(best.len()) {
                prop_assert!(near(next).any(|near| near == next));
                prop_assert!(tokens(read.into_iter().chain(near(next)).collect()) > TOKENS);
            }
        }
    }
}
