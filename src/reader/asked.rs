//! What the finder sees at once: a question, and a run of clauses that may answer it, as token ids.

use std::ops::Range;

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

/// Cuts `clauses`, which follow each other in one source, into runs that fit into a window; `lead` is the size of the first.
pub(crate) fn runs(tokenizer: &Tokenizer, clauses: &[Heard<'_>], lead: usize) -> Result<Vec<Range<usize>>, ModelError> {
    let mut runs = Vec::new();
    let (mut start, mut room, mut used, mut turn) = (0, lead, 0, None);
    for (at, clause) in clauses.iter().enumerate() {
        let marker = if turn.replace(clause.turn) == Some(clause.turn) { 0 } else { NAME };
        let size = tokenizer.pieces_of(clause.text, CLAUSE)?.len() + marker;
        if at > start && used + size > room {
            runs.push(start..at);
            (start, room, used) = (at, CORE, 0);
        }
        used += size;
    }
    if start < clauses.len() {
        runs.push(start..clauses.len());
    }
    Ok(runs)
}

/// Tokens of the first run where nothing else is asked for.
pub(crate) const fn core() -> usize {
    CORE
}

/// The question with a run of clauses, each of which is judged.
pub(crate) fn window(
    tokenizer: &Tokenizer,
    question: &str,
    kind: SourceKind,
    clauses: &[Heard<'_>],
) -> Result<Window, ModelError> {
    // One is for the start token, which the frame puts before everything.
    let at = |body: &Vec<i32>| body.len() + 1;
    let mut body = tokenizer.pieces_of(question, QUESTION)?;
    body.push(tokenizer.end());
    body.extend(tokenizer.pieces_of(kind_words(kind), NAME)?);
    let (mut judged, mut sides, mut turn) = (Vec::new(), Vec::new(), None);
    for (place, clause) in clauses.iter().enumerate() {
        if turn.replace(clause.turn) != Some(clause.turn) {
            body.extend(tokenizer.pieces_of(clause.speaker.unwrap_or_default(), NAME)?);
            sides.push(at(&body));
            body.extend(tokenizer.pieces_of(side_words(clause.side), NAME)?);
        }
        let start = at(&body);
        body.extend(tokenizer.pieces_of(clause.text, CLAUSE)?);
        if at(&body) > start {
            judged.push((place, start..at(&body)));
        }
    }
    Ok(Window { ids: tokenizer.framed(&body), clauses: judged, sides })
}
