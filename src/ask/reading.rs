//! What is read for a question: the clauses of the best passages that are most worth reading, with their neighbours.

use std::collections::BTreeSet;

use super::Excerpt;
use super::lexical::likeness;
use super::runs::{self, vectors};
use crate::embed::cosine;
use crate::encoder::ModelError;
use crate::index::bm25::Bm25;
use crate::reader::asked::parts;
use crate::reader::{Finder, Ranker, Run};

/// Passages whose clauses are looked at.
const EXCERPTS: usize = 8;
/// Clauses that are read for what they are about.
const CLAUSES: usize = 16;
/// Clauses before and behind each of them that are read with it: a reply is understood by what it replies to.
const BESIDE: usize = 1;
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
    /// The clauses.
    pub(crate) run: Run<'a>,
    /// How much each of them is worth reading.
    pub(crate) worth: Vec<f32>,
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
        let worth: Vec<Vec<f32>> =
            by_excerpt.iter().map(|own| own.iter().flat_map(|own| own.worth.clone()).collect()).collect();
        let mut read = Vec::new();
        for ((own, worth), wanted) in by_excerpt.into_iter().zip(&worth).zip(most_worth(&worth)) {
            let excerpt = own.first().map_or(0, |candidate| candidate.excerpt);
            let runs: Vec<&Run<'a>> = own.iter().map(|candidate| &candidate.run).collect();
            let mut worth = wanted.iter().map(|at| worth[*at]);
            for run in parts(&runs, &wanted) {
                let worth = worth.by_ref().take(run.clauses.len()).collect();
                read.push(Candidate { excerpt, run, worth });
            }
        }
        Ok(read)
    }

    /// The runs of the best excerpts, those with the clause that is most worth reading first.
    pub(crate) async fn in_order<'a>(
        &self,
        question: &str,
        excerpts: &'a [Excerpt],
    ) -> Result<Vec<Candidate<'a>>, ModelError> {
        let mut weighed = self.weighed(question, excerpts).await?;
        let best = |own: &Candidate<'_>| own.worth.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        weighed.sort_by(|a, b| best(b).total_cmp(&best(a)));
        Ok(weighed)
    }

    /// The runs of the best excerpts, as they stand in the record.
    async fn weighed<'a>(&self, question: &str, excerpts: &'a [Excerpt]) -> Result<Vec<Candidate<'a>>, ModelError> {
        let mut all = Vec::new();
        for (excerpt, own) in excerpts.iter().enumerate().take(EXCERPTS) {
            let runs = runs::cut(&own.transcript, &own.runs)?;
            all.extend(runs.into_iter().map(|run| Candidate { excerpt, run, worth: Vec::new() }));
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

/// Of the clauses of each excerpt, by what they are worth, those that are read: the best over all and their neighbours.
fn most_worth(excerpts: &[Vec<f32>]) -> Vec<BTreeSet<usize>> {
    let of_excerpt = |(excerpt, worth): (usize, &Vec<f32>)| {
        worth.iter().copied().enumerate().map(move |(at, worth)| (worth, excerpt, at)).collect::<Vec<_>>()
    };
    let mut all: Vec<(f32, usize, usize)> = excerpts.iter().enumerate().flat_map(of_excerpt).collect();
    all.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
    let mut wanted = vec![BTreeSet::new(); excerpts.len()];
    for (_, excerpt, at) in all.into_iter().take(CLAUSES) {
        let last = (at + BESIDE).min(excerpts[excerpt].len() - 1);
        wanted[excerpt].extend(at.saturating_sub(BESIDE)..=last);
    }
    wanted
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_clauses_most_worth_it_are_read_with_their_neighbours(
            excerpts in vec(vec(-16.0_f32..16.0, 0..60), 0..6),
        ) {
            let wanted = most_worth(&excerpts);
            let all = || excerpts.iter().zip(&wanted).flat_map(|(worth, wanted)| {
                worth.iter().enumerate().map(move |(at, worth)| (*worth, wanted.contains(&at)))
            });
            let mut best: Vec<f32> = all().map(|(worth, _)| worth).collect();
            best.sort_by(|a, b| b.total_cmp(a));
            let least = best.get(CLAUSES - 1).copied().unwrap_or(f32::NEG_INFINITY);
            prop_assert!(all().all(|(worth, read)| read || worth <= least));
            prop_assert!(all().filter(|(_, read)| *read).count() <= CLAUSES * (1 + 2 * BESIDE));
            for (worth, wanted) in excerpts.iter().zip(&wanted) {
                prop_assert!(wanted.iter().all(|at| *at < worth.len()));
            }
        }
    }
}
