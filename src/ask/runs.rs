//! The runs of clauses that a source is read in, each with a vector that tells what it is about. They are made when the source comes
//! in: a question then only has to be compared with them.

use std::ops::RangeInclusive;

use crate::domain::transcript::Transcript;
use crate::embed::minilm::MiniLm;
use crate::encoder::{ModelError, Tokenizer};
use crate::engine::local::sentences::heard;
use crate::reader::{Run, RunStart, asked};

/// A run of a source as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptRun {
    /// Where it begins; it ends where the next one begins.
    pub start: RunStart,
    /// What it is about, of length 1; none where nobody has told it yet.
    pub vector: Option<Vec<f32>>,
}

/// A transcript cut into runs; those begin where `kept` ones do.
pub(crate) fn cut<'a>(transcript: &'a Transcript, kept: &[KeptRun]) -> Result<Vec<Run<'a>>, ModelError> {
    let starts: Vec<RunStart> = kept.iter().map(|run| run.start).collect();
    asked::cut(Tokenizer::bundled()?, transcript.kind, &heard(transcript), &starts)
}

/// The runs of a whole source, their vectors still to be told.
///
/// # Errors
///
/// [`ModelError`] where the vocabulary does not fit: a defect of the build.
pub fn of(transcript: &Transcript) -> Result<Vec<KeptRun>, ModelError> {
    let runs = cut(transcript, &[])?;
    Ok(runs.into_iter().map(|run| KeptRun { start: run.start, vector: None }).collect())
}

/// The runs of a whole source with their vectors.
///
/// # Errors
///
/// [`ModelError`] where the ranker cannot be run: a defect of the build.
pub(super) async fn told(ranker: &MiniLm, transcript: &Transcript) -> Result<Vec<KeptRun>, ModelError> {
    let runs = cut(transcript, &[])?;
    let vectors = ranker.vectors(runs.iter().map(Run::text).collect()).await?;
    let told = |(run, vector): (&Run<'_>, _)| KeptRun { start: run.start, vector: Some(vector) };
    Ok(runs.iter().zip(vectors).map(told).collect())
}

/// Those of a source's runs that reach into these turns.
pub(super) fn reaching(runs: &[KeptRun], turns: &RangeInclusive<u32>) -> Vec<KeptRun> {
    let end = runs.partition_point(|run| run.start.turn <= *turns.end());
    let begin = runs[..end].partition_point(|run| run.start.turn < *turns.start()).saturating_sub(1);
    runs[begin..end].to_vec()
}

/// The vector of the kept run that begins at `start` or before.
pub(super) fn vector_at(kept: &[KeptRun], start: RunStart) -> Option<&[f32]> {
    let behind = kept.partition_point(|run| run.start <= start);
    kept[..behind].last()?.vector.as_deref()
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
            let starts: BTreeSet<RunStart> = cut.iter().map(|run| run.start).collect();
            let begin = part.turns.first().map(|turn| RunStart { turn: turn.index, clause: 0 });
            let own = whole.iter().map(|run| run.start).filter(|start| within.contains(&start.turn));
            prop_assert_eq!(starts, own.chain(begin).collect::<BTreeSet<_>>());
        }
    }
}
