//! Labelled questions to the windows that the finder is trained on, cut exactly as it reads.

use std::ops::Range;

use serde::Serialize;

use super::gold::{Gold, Question};
use super::overlap::{overlaps, words};
use crate::ask::lexical::likeness;
use crate::domain::transcript::SourceKind;
use crate::draft::DealSource;
use crate::encoder::{ModelError, Tokenizer};
use crate::engine::local::sentences::{Sentence, sentences};
use crate::index::bm25::Bm25;
use crate::reader::Heard;
use crate::reader::asked::{core, runs, window};

/// Cuts of every source: the same clause with its context differently placed.
const CUTS: usize = 2;
/// Windows of a question that share its words and do not answer it, at most, of each cut.
const BESIDE: usize = 4;

/// A question with a run of clauses, and which of them answer it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AskedExample {
    /// The question's id.
    pub question: String,
    /// Whether the record answers the question at all.
    pub answerable: bool,
    /// Which cut of the source it belongs to.
    pub cut: usize,
    /// Token ids.
    pub ids: Vec<i32>,
    /// Where the words for the sides stand.
    pub sides: Vec<usize>,
    /// The clauses it judges.
    pub clauses: Vec<AskedClause>,
}

/// A clause of such a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskedClause {
    /// First token and the one behind the last.
    pub tokens: [usize; 2],
    /// Whether it answers.
    pub answers: bool,
}

/// A run of clauses of one source.
struct Run<'a> {
    source: &'a str,
    kind: SourceKind,
    clauses: Vec<Heard<'a>>,
    text: String,
}

/// The windows of every labelled question of a deal: those that answer it, and those most like them.
///
/// # Errors
///
/// Where the vocabulary does not fit: a defect of the build.
pub fn of_questions(tokenizer: &Tokenizer, gold: &Gold, sources: &[DealSource]) -> anyhow::Result<Vec<AskedExample>> {
    let bm25 = Bm25::new()?;
    let mut examples = Vec::new();
    for cut in 0..CUTS {
        let mut all: Vec<Run<'_>> = Vec::new();
        for source in sources {
            all.extend(runs_of(tokenizer, source, core() * (CUTS - cut) / CUTS)?);
        }
        let texts: Vec<String> = all.iter().map(|run| run.text.clone()).collect();
        for question in &gold.questions {
            let likeness = likeness(&bm25, &question.question, &texts);
            for run in chosen(&all, question, &likeness) {
                examples.push(example(tokenizer, question, cut, run)?);
            }
        }
    }
    Ok(examples)
}

fn runs_of<'a>(tokenizer: &Tokenizer, source: &'a DealSource, lead: usize) -> Result<Vec<Run<'a>>, ModelError> {
    let clauses: Vec<Heard<'a>> = sentences(&source.transcript).iter().map(Sentence::heard).collect();
    let run = |range: Range<usize>| {
        let clauses = clauses[range].to_vec();
        let text = clauses.iter().map(|clause| clause.text).collect::<Vec<_>>().join(" ");
        Run { source: &source.name, kind: source.transcript.kind, clauses, text }
    };
    Ok(runs(tokenizer, &clauses, lead)?.into_iter().map(run).collect())
}

fn answers(question: &Question, source: &str, text: &str) -> bool {
    let own = words(text);
    question.citations.iter().any(|quote| quote.source == source && overlaps(&words(&quote.quote), &own))
}

fn chosen<'r, 'a>(all: &'r [Run<'a>], question: &Question, likeness: &[f32]) -> Vec<&'r Run<'a>> {
    let holds = |run: &Run<'_>| run.clauses.iter().any(|clause| answers(question, run.source, clause.text));
    let (mut wanted, mut beside): (Vec<_>, Vec<_>) =
        all.iter().zip(likeness).map(|(run, likeness)| (run, *likeness)).partition(|(run, _)| holds(run));
    beside.sort_by(|a, b| b.1.total_cmp(&a.1));
    beside.truncate(BESIDE);
    wanted.extend(beside);
    wanted.into_iter().map(|(run, _)| run).collect()
}

fn example(tokenizer: &Tokenizer, question: &Question, cut: usize, run: &Run<'_>) -> Result<AskedExample, ModelError> {
    let window = window(tokenizer, &question.question, run.kind, &run.clauses)?;
    let clause = |(place, tokens): (usize, Range<usize>)| AskedClause {
        tokens: [tokens.start, tokens.end],
        answers: answers(question, run.source, run.clauses[place].text),
    };
    Ok(AskedExample {
        question: question.id.clone(),
        answerable: question.answerable,
        cut,
        ids: window.ids,
        sides: window.sides,
        clauses: window.clauses.into_iter().map(clause).collect(),
    })
}
