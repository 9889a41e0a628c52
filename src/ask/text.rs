//! The words of the record that answer a question: the clauses of the best passages, judged by the finder.

use super::Excerpt;
use super::reading::{Candidate, in_order};
use crate::encoder::ModelError;
use crate::engine::QuoteRole;
use crate::ground::{Citation, SourceText};
use crate::index::bm25::Bm25;
use crate::reader::{Finder, Heard, Run, asked};

/// Runs of clauses that are read: each takes the model some ten milliseconds of one core.
const RUNS: usize = 8;
/// Quotes that an answer shows, at most.
const QUOTES: usize = 5;

/// Words that may answer, and how likely they do.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) citation: Citation,
    /// The place of its excerpt.
    pub(super) excerpt: usize,
    pub(super) likely: f32,
}

/// The quotes most likely to answer, best first, at most [`QUOTES`].
pub(super) async fn find(
    finder: &Finder,
    bm25: &Bm25,
    question: &str,
    excerpts: &[Excerpt],
) -> Result<Vec<Found>, ModelError> {
    let mut candidates: Vec<Candidate<'_>> = in_order(finder, bm25, question, excerpts).await?;
    candidates.truncate(RUNS);
    let runs: Vec<Run<'_>> = candidates.iter().map(|candidate| candidate.run.clone()).collect();
    let judged = finder.judge(&asked::question(finder.tokenizer(), question)?, &runs).await?;
    let mut clauses: Vec<(f32, usize, Heard<'_>)> = Vec::new();
    for (candidate, likely) in candidates.iter().zip(judged) {
        let own = candidate.run.clauses.iter().zip(likely);
        clauses.extend(own.map(|(clause, likely)| (likely, candidate.excerpt, *clause)));
    }
    clauses.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut found: Vec<Found> = Vec::new();
    for (likely, place, clause) in clauses {
        let excerpt = &excerpts[place];
        let source = SourceText::new(excerpt.id.as_ref(), &excerpt.name, &excerpt.transcript);
        // Words that their neighbours negate are no citation, however likely they look.
        if let Ok(citation) = source.cite(clause.turn, clause.text, QuoteRole::Support) {
            found.push(Found { citation, excerpt: place, likely });
        }
        if found.len() == QUOTES {
            break;
        }
    }
    Ok(found)
}
