//! The words of the record that answer a question: the clauses of the best passages, judged by the finder.

use super::Excerpt;
use super::reading::{Candidate, in_order};
use crate::encoder::ModelError;
use crate::engine::QuoteRole;
use crate::engine::local::sentences::MIN_WORDS;
use crate::ground::{Citation, SourceText};
use crate::index::bm25::Bm25;
use crate::reader::{Finder, Heard, Run, asked};

/// Runs of clauses that are read: each takes the model some five milliseconds of one core.
const RUNS: usize = 6;
/// Quotes that an answer shows, at most.
const QUOTES: usize = 6;

/// Words that may answer, and how likely they do.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// What stands before them, where they are a reply too short to be understood alone.
    pub(super) before: Option<Citation>,
    pub(super) citation: Citation,
    /// The place of its excerpt.
    pub(super) excerpt: usize,
    pub(super) likely: f32,
}

/// A clause as it was judged.
struct Judged<'a> {
    likely: f32,
    excerpt: usize,
    before: Option<Heard<'a>>,
    clause: Heard<'a>,
}

/// The quotes most likely to answer, best first, at most [`QUOTES`].
pub(super) async fn find(
    finder: &Finder,
    bm25: &Bm25,
    question: &str,
    excerpts: &[Excerpt],
) -> Result<Vec<Found>, ModelError> {
    let mut found: Vec<Found> = Vec::new();
    for Judged { likely, excerpt: place, before, clause } in judged(finder, bm25, question, excerpts).await? {
        let excerpt = &excerpts[place];
        let source = SourceText::new(excerpt.id.as_ref(), &excerpt.name, &excerpt.transcript);
        let cite = |clause: Heard<'_>| source.cite(clause.turn, clause.text, QuoteRole::Support).ok();
        // Words that their neighbours negate are no citation, however likely they look.
        if let Some(citation) = cite(clause) {
            found.push(Found { before: before.and_then(cite), citation, excerpt: place, likely });
        }
        if found.len() == QUOTES {
            break;
        }
    }
    Ok(found)
}

/// The clauses worth reading, those most likely to answer first. What asks answers nothing.
async fn judged<'a>(
    finder: &Finder,
    bm25: &Bm25,
    question: &str,
    excerpts: &'a [Excerpt],
) -> Result<Vec<Judged<'a>>, ModelError> {
    let mut candidates: Vec<Candidate<'a>> = in_order(finder, bm25, question, excerpts).await?;
    candidates.truncate(RUNS);
    let runs: Vec<&Run<'_>> = candidates.iter().map(|candidate| &candidate.run).collect();
    let likely = finder.judge(&asked::question(finder.tokenizer(), question)?, &runs).await?;
    let mut clauses: Vec<Judged<'a>> = Vec::new();
    for (Candidate { excerpt, run }, likely) in candidates.into_iter().zip(likely) {
        for (at, likely) in likely.into_iter().enumerate() {
            let clause = run.clauses[at];
            let is_short = clause.text.split_whitespace().count() < MIN_WORDS;
            let before = at.checked_sub(1).filter(|_| is_short).map(|before| run.clauses[before]);
            clauses.push(Judged { likely, excerpt, before, clause });
        }
    }
    clauses.retain(|judged| !judged.clause.text.trim_end().ends_with('?'));
    clauses.sort_by(|a, b| b.likely.total_cmp(&a.likely));
    Ok(clauses)
}
