//! The runs of clauses that a source is read in, each clause with a vector that tells what it is about. They are made when the source
//! comes in: a question then only has to be compared with them.

use std::collections::HashMap;
use std::iter;
use std::ops::RangeInclusive;

use crate::domain::transcript::Transcript;
use crate::encoder::{ModelError, Tokenizer};
use crate::engine::local::sentences::heard;
use crate::reader::asked::{self, places};
use crate::reader::{ClausePlace, Ranker, Run};

/// A run of a source as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptRun {
    /// Where it begins; it ends where the next one begins.
    pub start: ClausePlace,
    /// Its clauses.
    pub clauses: Vec<KeptClause>,
}

/// A clause of a kept run.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptClause {
    /// The turn's own index.
    pub turn: u32,
    /// What it is about, of length 1, or all zeros where it has no words; none where nobody has told it yet.
    pub vector: Option<Vec<f32>>,
}

/// A transcript cut into runs; those begin where `kept` ones do.
pub(crate) fn cut<'a>(transcript: &'a Transcript, kept: &[KeptRun]) -> Result<Vec<Run<'a>>, ModelError> {
    let starts: Vec<ClausePlace> = kept.iter().map(|run| run.start).collect();
    asked::cut(Tokenizer::bundled()?, transcript.kind, &heard(transcript), &starts)
}

/// The runs of a whole source, what they are about still to be told.
///
/// # Errors
///
/// [`ModelError`] where the vocabulary does not fit: a defect of the build.
pub fn of(transcript: &Transcript) -> Result<Vec<KeptRun>, ModelError> {
    Ok(cut(transcript, &[])?.iter().map(|run| kept(run, iter::repeat(None))).collect())
}

fn kept(run: &Run<'_>, vectors: impl Iterator<Item = Option<Vec<f32>>>) -> KeptRun {
    let clauses = run.clauses.iter().zip(vectors).map(|(clause, vector)| KeptClause { turn: clause.turn, vector });
    KeptRun { start: run.start, clauses: clauses.collect() }
}

/// The runs of a whole source with what their clauses are about.
///
/// # Errors
///
/// [`ModelError`] where the ranker cannot be run: a defect of the build.
pub(super) async fn told(ranker: &Ranker, transcript: &Transcript) -> Result<Vec<KeptRun>, ModelError> {
    let runs = cut(transcript, &[])?;
    let vectors = ranker.clauses(&runs.iter().collect::<Vec<_>>()).await?;
    Ok(runs.iter().zip(vectors).map(|(run, own)| kept(run, own.into_iter().map(Some))).collect())
}

/// Those of a source's runs that reach into these turns.
pub(super) fn reaching(runs: &[KeptRun], turns: &RangeInclusive<u32>) -> Vec<KeptRun> {
    let end = runs.partition_point(|run| run.start.turn <= *turns.end());
    let begin = runs[..end].partition_point(|run| run.start.turn < *turns.start()).saturating_sub(1);
    runs[begin..end].to_vec()
}

/// What the clauses of kept runs are about, by where they stand.
pub(super) fn vectors(kept: &[KeptRun]) -> HashMap<ClausePlace, &[f32]> {
    let mut found = HashMap::new();
    for KeptRun { start, clauses } in kept {
        let places = places(*start, clauses.iter().map(|clause| clause.turn));
        let told = places.zip(clauses).filter_map(|(place, clause)| Some((place, clause.vector.as_deref()?)));
        found.extend(told);
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::transcript::parse;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]
        #[test]
        fn a_part_of_a_source_is_cut_as_the_whole_of_it(first in 0_u32..400, turns in 1_u32..60) {
            let call = include_bytes!("../../fixtures/deals/harbor-cold-chain/01-discovery.vtt");
            let call = parse("01-discovery.vtt", call).unwrap();
            let whole = of(&call).unwrap();
            let within = first..=first + turns;
            let part = call.turns.iter().filter(|turn| within.contains(&turn.index)).cloned().collect();
            let part = call.with_turns(part);
            let cut = cut(&part, &reaching(&whole, &within)).unwrap();
            let starts: BTreeSet<ClausePlace> = cut.iter().map(|run| run.start).collect();
            let begin = part.turns.first().map(|turn| ClausePlace { turn: turn.index, clause: 0 });
            let own = whole.iter().map(|run| run.start).filter(|start| within.contains(&start.turn));
            prop_assert_eq!(starts, own.chain(begin).collect::<BTreeSet<_>>());
        }
    }
}
