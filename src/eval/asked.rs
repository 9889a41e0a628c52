//! Labelled questions to the windows that the finder is trained on: those that are looked at for it, and those that should have been.

use std::ops::Range;

use serde::Serialize;

use super::gold::Question;
use super::overlap::{overlaps, words};
use super::passage::Passage;
use crate::ask::memory::MemoryRecord;
use crate::ask::reading::{Candidate, Reading};
use crate::ask::runs::cut;
use crate::ask::{Asker, Excerpt};
use crate::draft::DealSource;
use crate::embed::Embedder;
use crate::encoder::{ModelError, Tokenizer};
use crate::reader::Run;
use crate::reader::asked::{self, window};

/// A question with a run of clauses, and which of them answer it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AskedExample {
    /// The question's id.
    pub question: String,
    /// Whether the record answers the question at all.
    pub answerable: bool,
    /// The place of its excerpt among those that are looked at; none where it is in none of them. Windows of one excerpt follow each
    /// other as they do there.
    pub excerpt: Option<usize>,
    /// Token ids.
    pub ids: Vec<i32>,
    /// The first token behind the question and the word for the kind of source.
    pub head: usize,
    /// Where the words for the sides stand.
    pub sides: Vec<usize>,
    /// The clauses it judges.
    pub clauses: Vec<AskedClause>,
}

/// A clause of such a window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AskedClause {
    /// The turn's own index.
    pub turn: u32,
    /// First token and the one behind the last.
    pub tokens: [usize; 2],
    /// How much it is worth reading; 0 where the window is not looked at.
    pub worth: f32,
    /// Whether it answers.
    pub answers: bool,
}

/// The windows of every labelled question of a deal: those that are looked at for it, and those of its sources that answer it.
///
/// # Errors
///
/// Where the vocabulary does not fit, a defect of the build, or the index fails.
pub async fn of_questions(
    embedder: &dyn Embedder,
    questions: &[Question],
    sources: &[DealSource],
) -> anyhow::Result<Vec<AskedExample>> {
    let asker = Asker::load()?;
    let tokenizer = asker.reading.finder.tokenizer();
    let record = MemoryRecord::index(sources, embedder).await?.told(&asker).await?;
    let mut examples = Vec::new();
    for question in questions {
        let excerpts: Vec<Excerpt> = record.material(embedder, &question.question).await?.excerpts;
        examples.extend(looked_at(&asker.reading, question, &excerpts).await?);
        for source in sources.iter().filter(|source| question.citations.iter().any(|quote| quote.source == source.name))
        {
            for run in cut(&source.transcript, &[])? {
                let example = example(tokenizer, question, &source.name, &run)?;
                examples.extend(example.clauses.iter().any(|clause| clause.answers).then_some(example));
            }
        }
    }
    Ok(examples)
}

/// The windows of every question of a passage: all of it is looked at.
///
/// # Errors
///
/// Where the vocabulary does not fit, a defect of the build.
pub async fn of_passage(passage: &Passage) -> anyhow::Result<Vec<AskedExample>> {
    let asker = Asker::load()?;
    let transcript = passage.transcript();
    let (name, turns, runs) = (passage.topic.clone(), 0..=u32::MAX, asker.runs_of(&transcript).await?);
    let whole = [Excerpt { id: None, name, turns, transcript, runs, score: 1.0 }];
    let mut examples = Vec::new();
    for question in &passage.questions() {
        examples.extend(looked_at(&asker.reading, question, &whole).await?);
    }
    Ok(examples)
}

/// The windows that are looked at for a question.
async fn looked_at(reading: &Reading, question: &Question, excerpts: &[Excerpt]) -> anyhow::Result<Vec<AskedExample>> {
    let mut examples = Vec::new();
    for Candidate { excerpt, run, worth, .. } in reading.weighed(&question.question, excerpts).await? {
        let mut example = example(reading.finder.tokenizer(), question, &excerpts[excerpt].name, &run)?;
        example.excerpt = Some(excerpt);
        // A clause without a token is none of the example's.
        let judged = worth.into_iter().zip(&run.pieces).filter(|(_, pieces)| !pieces.is_empty());
        for (clause, (worth, _)) in example.clauses.iter_mut().zip(judged) {
            clause.worth = worth;
        }
        examples.push(example);
    }
    Ok(examples)
}

/// Which of a run's clauses answer.
fn answering(question: &Question, source: &str, run: &Run<'_>) -> Vec<bool> {
    let quotes: Vec<_> =
        question.citations.iter().filter(|quote| quote.source == source).map(|quote| words(&quote.quote)).collect();
    let answers = |text: &str| {
        let own = words(text);
        quotes.iter().any(|quote| overlaps(quote, &own))
    };
    run.clauses.iter().map(|clause| answers(clause.text)).collect()
}

/// One window of a source.
fn example(
    tokenizer: &Tokenizer,
    question: &Question,
    source: &str,
    run: &Run<'_>,
) -> Result<AskedExample, ModelError> {
    let answers = answering(question, source, run);
    let asked = asked::question(tokenizer, &question.question)?;
    let window = window(tokenizer, &asked, run)?;
    let clause = |(place, tokens): (usize, Range<usize>)| AskedClause {
        turn: run.clauses[place].turn,
        tokens: [tokens.start, tokens.end],
        worth: 0.0,
        answers: answers[place],
    };
    Ok(AskedExample {
        question: question.id.clone(),
        answerable: question.answerable,
        excerpt: None,
        // One is for the start token.
        head: asked::head(tokenizer, &asked, run.kind)?.len() + 1,
        ids: window.ids,
        sides: window.sides,
        clauses: window.clauses.into_iter().map(clause).collect(),
    })
}
