//! Labelled questions to the record: whether the passages hold the answer, whether the answer cites it, and whether what the record
//! does not say is declined.

use super::gold::{GoldQuote, Question};
use super::matching::Place;
use super::overlap::words;
use super::passage::Passage;
use super::report::Questions;
use crate::ask::document::AnswerDocument;
use crate::ask::memory::MemoryRecord;
use crate::ask::{Asker, Excerpt, Material};
use crate::domain::item::Item;
use crate::draft::DealSource;
use crate::embed::Embedder;

/// Passages that are looked at.
const FIRST: usize = 3;

/// Indexes the sources as `serve` would and asks every question, with what was found in them at hand.
///
/// # Errors
///
/// Where the index, the embedder or the finder fails.
pub async fn questions(
    labelled: &[Question],
    sources: &[DealSource],
    items: &[Item],
    embedder: &dyn Embedder,
    asker: &Asker,
) -> anyhow::Result<Questions> {
    let record = MemoryRecord::index(sources, embedder).await?.told(asker).await?;
    let mut figures = Questions::default();
    for question in labelled {
        let mut material = record.material(embedder, &question.question).await?;
        material.items = items.to_vec();
        if question.answerable {
            let rank = rank(question, &material.excerpts);
            figures.in_first.count(rank.is_some_and(|rank| rank < FIRST));
            figures.reciprocal_ranks += rank.map_or(0, |rank| u32::try_from(1000 / (rank + 1)).unwrap_or_default());
        }
        count(&mut figures, question, &asker.answer(&question.question, &material).await?);
    }
    Ok(figures)
}

/// Asks every question of every passage, where nothing has to be retrieved: what is measured is the finder.
///
/// # Errors
///
/// Where the finder fails.
pub async fn questions_of_passages(passages: &[Passage], asker: &Asker) -> anyhow::Result<Questions> {
    let mut figures = Questions::default();
    for passage in passages {
        let (name, transcript) = (passage.topic.clone(), passage.transcript());
        let turns = 0..=transcript.turns.last().map_or(0, |turn| turn.index);
        let runs = asker.runs_of(&transcript).await?;
        let excerpts = vec![Excerpt { id: None, name, turns, transcript, runs, score: 1.0 }];
        let material = Material { excerpts, ..Material::default() };
        for question in &passage.questions() {
            count(&mut figures, question, &asker.answer(&question.question, &material).await?);
        }
    }
    Ok(figures)
}

fn count(figures: &mut Questions, question: &Question, answer: &AnswerDocument) {
    if question.answerable {
        figures.cited.count(cites(&question.citations, answer));
        figures.cited_either.count(cites(question.citations.iter().chain(&question.also), answer));
    } else {
        figures.declined.count(!answer.answered);
    }
}

/// The place of the first passage that has one of the labelled quotes.
fn rank(question: &Question, excerpts: &[Excerpt]) -> Option<usize> {
    let wanted: Vec<Place> = question.citations.iter().map(Place::of).collect();
    excerpts.iter().position(|excerpt| {
        let mut turns = excerpt.transcript.turns.iter().map(|turn| words(&turn.text));
        turns.any(|turn| wanted.iter().any(|place| place.is_in(&excerpt.name, &turn)))
    })
}

/// Whether the answer cites words of one of the quotes.
fn cites<'a>(quotes: impl IntoIterator<Item = &'a GoldQuote>, answer: &AnswerDocument) -> bool {
    let wanted: Vec<Place> = quotes.into_iter().map(Place::of).collect();
    answer.citations.iter().map(Place::cited).any(|own| wanted.iter().any(|place| place.overlaps(&own)))
}
