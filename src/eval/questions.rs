//! Labelled questions to the record: whether the passages hold the answer, whether the answer cites it, and whether what the record
//! does not say is declined.

use super::gold::{Gold, Question};
use super::matching::Place;
use super::overlap::words;
use super::report::Questions;
use crate::ask::document::AnswerDocument;
use crate::ask::memory::MemoryRecord;
use crate::ask::{Asker, Excerpt};
use crate::draft::DealSource;
use crate::embed::Embedder;

/// Passages that are looked at.
const FIRST: usize = 3;

/// Indexes the sources as `serve` would and asks every question.
///
/// # Errors
///
/// Where the index, the embedder or the finder fails.
pub async fn questions(
    gold: &Gold,
    sources: &[DealSource],
    embedder: &dyn Embedder,
    asker: &Asker,
) -> anyhow::Result<Questions> {
    let record = MemoryRecord::index(sources, embedder).await?;
    let mut figures = Questions::default();
    for question in &gold.questions {
        let material = record.material(embedder, &question.question).await?;
        let rank = question.answerable.then(|| rank(question, &material.excerpts));
        let answer = asker.answer(&question.question, &material).await?;
        let Some(rank) = rank else {
            figures.declined.count(!answer.answered);
            continue;
        };
        figures.in_first.count(rank.is_some_and(|rank| rank < FIRST));
        figures.reciprocal_ranks += rank.map_or(0, |rank| u32::try_from(1000 / (rank + 1)).unwrap_or_default());
        figures.cited.count(cites(question, &answer));
    }
    Ok(figures)
}

/// The place of the first passage that has one of the labelled quotes.
fn rank(question: &Question, excerpts: &[Excerpt]) -> Option<usize> {
    let wanted: Vec<Place> = question.citations.iter().map(Place::of).collect();
    excerpts.iter().position(|excerpt| {
        let mut turns = excerpt.transcript.turns.iter().map(|turn| words(&turn.text));
        turns.any(|turn| wanted.iter().any(|place| place.is_in(&excerpt.name, &turn)))
    })
}

/// Whether the answer cites words of a labelled quote.
fn cites(question: &Question, answer: &AnswerDocument) -> bool {
    let wanted: Vec<Place> = question.citations.iter().map(Place::of).collect();
    answer.citations.iter().map(Place::cited).any(|own| wanted.iter().any(|place| place.overlaps(&own)))
}
