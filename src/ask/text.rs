//! The words of the record that answer a question: the clauses of the best passages, judged by the finder.

use super::Excerpt;
use super::lexical::likeness;
use crate::encoder::ModelError;
use crate::engine::QuoteRole;
use crate::engine::local::sentences::sentences;
use crate::ground::{Citation, SourceText};
use crate::index::bm25::Bm25;
use crate::reader::{Finder, Heard, Run};

/// Passages whose clauses are looked at.
const EXCERPTS: usize = 6;
/// Runs of clauses that are read: each takes the model some ten milliseconds of one core.
const RUNS: usize = 8;
/// What it is worth that a passage is the best; the tenth is worth a tenth of it.
const RANK: f32 = 0.6;
/// Quotes that an answer shows, at most.
const QUOTES: usize = 5;

/// Words that may answer, and how likely they do.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) citation: Citation,
    pub(super) likely: f32,
}

/// A run of clauses with the excerpt it stands in.
struct Candidate<'a> {
    excerpt: usize,
    run: Run<'a>,
}

/// The quotes most likely to answer, best first, at most [`QUOTES`].
pub(super) async fn find(
    finder: &Finder,
    bm25: &Bm25,
    question: &str,
    excerpts: &[Excerpt],
) -> Result<Vec<Found>, ModelError> {
    let candidates = candidates(finder, bm25, question, excerpts)?;
    let runs: Vec<Run<'_>> = candidates.iter().map(|candidate| candidate.run.clone()).collect();
    let judged = finder.judge(question, &runs).await?;
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
            found.push(Found { citation, likely });
        }
        if found.len() == QUOTES {
            break;
        }
    }
    Ok(found)
}

/// The runs worth reading: those of good passages that share the question's words.
fn candidates<'a>(
    finder: &Finder,
    bm25: &Bm25,
    question: &str,
    excerpts: &'a [Excerpt],
) -> Result<Vec<Candidate<'a>>, ModelError> {
    let mut all = Vec::new();
    for (place, excerpt) in excerpts.iter().enumerate().take(EXCERPTS) {
        let clauses: Vec<Heard<'_>> = sentences(&excerpt.transcript).into_iter().map(|clause| clause.heard()).collect();
        let runs = finder.cut(excerpt.transcript.kind, &clauses)?;
        all.extend(runs.into_iter().map(|run| Candidate { excerpt: place, run }));
    }
    let words = |candidate: &Candidate<'_>| {
        candidate.run.clauses.iter().map(|clause| clause.text).collect::<Vec<_>>().join(" ")
    };
    let texts: Vec<String> = all.iter().map(words).collect();
    let likeness = likeness(bm25, question, &texts);
    let most = likeness.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let worth = |(candidate, likeness): (Candidate<'a>, f32)| {
        (likeness / most + RANK / (candidate.excerpt as f32 + 1.0), candidate)
    };
    let mut ordered: Vec<(f32, Candidate<'a>)> = all.into_iter().zip(likeness).map(worth).collect();
    ordered.sort_by(|a, b| b.0.total_cmp(&a.0));
    ordered.truncate(RUNS);
    Ok(ordered.into_iter().map(|(_, candidate)| candidate).collect())
}
