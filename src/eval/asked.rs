//! Labelled questions to the windows that the finder is trained on: those that it would read, and those that it should have.

use std::ops::Range;

use serde::Serialize;

use super::gold::Question;
use super::overlap::{overlaps, words};
use super::passage::Passage;
use crate::ask::Excerpt;
use crate::ask::memory::MemoryRecord;
use crate::ask::reading::Reading;
use crate::ask::runs::{self, cut};
use crate::draft::DealSource;
use crate::embed::Embedder;
use crate::encoder::{ModelError, Tokenizer};
use crate::reader::Run;
use crate::reader::asked::{self, window};

/// Windows of a question, as they come, in which training looks for such as do not answer.
const READ: usize = 60;

/// A question with a run of clauses, and which of them answer it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AskedExample {
    /// The question's id.
    pub question: String,
    /// Whether the record answers the question at all.
    pub answerable: bool,
    /// How many windows are read before this one; none where it is not among them.
    pub rank: Option<usize>,
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
    /// First token and the one behind the last.
    pub tokens: [usize; 2],
    /// How much it is worth reading; 0 where the window is not among those that are read.
    pub worth: f32,
    /// Whether it answers.
    pub answers: bool,
}

/// The windows of every labelled question of a deal: the first that are read for it, and those that answer it and are cut from
/// its sources otherwise.
///
/// # Errors
///
/// Where the vocabulary does not fit, a defect of the build, or the index fails.
pub async fn of_questions(
    embedder: &dyn Embedder,
    questions: &[Question],
    sources: &[DealSource],
) -> anyhow::Result<Vec<AskedExample>> {
    let reading = Reading::load()?;
    let tokenizer = reading.finder.tokenizer();
    let record = MemoryRecord::index(sources, embedder).await?;
    let mut examples = Vec::new();
    for question in questions {
        let excerpts: Vec<Excerpt> = record.material(embedder, &question.question).await?.excerpts;
        examples.extend(read(&reading, question, &excerpts).await?);
        for source in sources.iter().filter(|source| question.citations.iter().any(|quote| quote.source == source.name))
        {
            for run in cut(&source.transcript, &[])? {
                let answers = answering(question, &source.name, &run);
                if answers.contains(&true) {
                    let worth = vec![0.0; run.clauses.len()];
                    examples.push(example(tokenizer, question, &run, &answers, (None, &worth))?);
                }
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
    let reading = Reading::load()?;
    let transcript = passage.transcript();
    let (name, turns) = (passage.topic.clone(), 0..=u32::MAX);
    let whole = [Excerpt { id: None, name, turns, runs: runs::of(&transcript)?, transcript, score: 1.0 }];
    let mut examples = Vec::new();
    for question in &passage.questions() {
        examples.extend(read(&reading, question, &whole).await?);
    }
    Ok(examples)
}

/// The windows that are looked at for a question, those most worth reading first.
async fn read(reading: &Reading, question: &Question, excerpts: &[Excerpt]) -> anyhow::Result<Vec<AskedExample>> {
    let mut examples = Vec::new();
    let windows = reading.in_order(&question.question, excerpts).await?;
    for (rank, candidate) in windows.iter().enumerate().take(READ) {
        let answers = answering(question, &excerpts[candidate.excerpt].name, &candidate.run);
        let ranked = (Some(rank), candidate.worth.as_slice());
        examples.push(example(reading.finder.tokenizer(), question, &candidate.run, &answers, ranked)?);
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

/// One window; `ranked` is how many are read before it, and what its clauses are worth.
fn example(
    tokenizer: &Tokenizer,
    question: &Question,
    run: &Run<'_>,
    answers: &[bool],
    (rank, worth): (Option<usize>, &[f32]),
) -> Result<AskedExample, ModelError> {
    let asked = asked::question(tokenizer, &question.question)?;
    let window = window(tokenizer, &asked, run)?;
    let clause = |(place, tokens): (usize, Range<usize>)| AskedClause {
        tokens: [tokens.start, tokens.end],
        worth: worth[place],
        answers: answers[place],
    };
    Ok(AskedExample {
        question: question.id.clone(),
        answerable: question.answerable,
        rank,
        // One is for the start token.
        head: asked::head(tokenizer, &asked, run.kind)?.len() + 1,
        ids: window.ids,
        sides: window.sides,
        clauses: window.clauses.into_iter().map(clause).collect(),
    })
}
