//! What the finder sees at once: a question, and a run of clauses that may answer it, as token ids.

use super::window::{Window, kind_words, side_words};
use crate::domain::transcript::{Side, SourceKind};
use crate::encoder::{ModelError, Tokenizer};

/// Tokens of a question, at most.
const QUESTION: usize = 40;
/// Tokens of a speaker's name, at most.
const NAME: usize = 6;
/// No clause takes more tokens; a clause has at most 40 words.
const CLAUSE: usize = 96;
/// Tokens of clauses that a window holds, about.
const CORE: usize = 128;

/// A clause that may answer, with who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard<'a> {
    /// The turn's own index.
    pub turn: u32,
    /// The words.
    pub text: &'a str,
    /// Who says them, where the record tells.
    pub speaker: Option<&'a str>,
    /// Whose side the speaker is on.
    pub side: Side,
}

/// Where a run begins in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunStart {
    /// The turn's own index.
    pub turn: u32,
    /// The place of its first clause among those of the turn.
    pub clause: u32,
}

/// Clauses that follow each other in one source and are read together.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// What the source is.
    pub kind: SourceKind,
    /// Where it begins.
    pub start: RunStart,
    /// The clauses.
    pub clauses: Vec<Heard<'a>>,
    /// Their token ids, clause by clause.
    pub(crate) pieces: Vec<Vec<i32>>,
}

impl Run<'_> {
    /// The words of all clauses.
    pub(crate) fn text(&self) -> String {
        self.clauses.iter().map(|clause| clause.text).collect::<Vec<_>>().join(" ")
    }
}

/// The token ids of a question.
pub(crate) fn question(tokenizer: &Tokenizer, words: &str) -> Result<Vec<i32>, ModelError> {
    tokenizer.pieces_of(words, QUESTION)
}

/// Cuts clauses that follow each other in one source into runs that fit into a window. Where `starts` say that one begins, one
/// does: a part of a source is cut as the whole of it was.
pub(crate) fn cut<'a>(
    tokenizer: &Tokenizer,
    kind: SourceKind,
    clauses: &[Heard<'a>],
    starts: &[RunStart],
) -> Result<Vec<Run<'a>>, ModelError> {
    let mut runs: Vec<Run<'a>> = Vec::new();
    let mut used = 0;
    let mut at: Option<RunStart> = None;
    for clause in clauses {
        let (place, marker) = match at {
            Some(RunStart { turn, clause: before }) if turn == clause.turn => (before + 1, 0),
            _ => (0, NAME),
        };
        let start = *at.insert(RunStart { turn: clause.turn, clause: place });
        let pieces = tokenizer.pieces_of(clause.text, CLAUSE)?;
        let size = pieces.len() + marker;
        if runs.is_empty() || used + size > CORE || starts.contains(&start) {
            runs.push(Run { kind, start, clauses: Vec::new(), pieces: Vec::new() });
            used = 0;
        }
        used += size;
        if let Some(run) = runs.last_mut() {
            run.clauses.push(*clause);
            run.pieces.push(pieces);
        }
    }
    Ok(runs)
}

/// The question with a run of clauses, each of which is judged.
pub(crate) fn window(tokenizer: &Tokenizer, question: &[i32], run: &Run<'_>) -> Result<Window, ModelError> {
    // One is for the start token, which the frame puts before everything.
    let at = |body: &Vec<i32>| body.len() + 1;
    let mut body = question.to_vec();
    body.push(tokenizer.end());
    body.extend(tokenizer.pieces_of(kind_words(run.kind), NAME)?);
    let (mut judged, mut sides, mut turn) = (Vec::new(), Vec::new(), None);
    for (place, (clause, pieces)) in run.clauses.iter().zip(&run.pieces).enumerate() {
        if turn.replace(clause.turn) != Some(clause.turn) {
            body.extend(tokenizer.pieces_of(clause.speaker.unwrap_or_default(), NAME)?);
            sides.push(at(&body));
            body.extend(tokenizer.pieces_of(side_words(clause.side), NAME)?);
        }
        let start = at(&body);
        body.extend(pieces);
        if at(&body) > start {
            judged.push((place, start..at(&body)));
        }
    }
    Ok(Window { ids: tokenizer.framed(&body), clauses: judged, sides })
}
