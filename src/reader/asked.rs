//! What the finder sees at once: a question, and a run of clauses that may answer it, as token ids.

use std::collections::BTreeSet;

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

/// Where a clause stands in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClausePlace {
    /// The turn's own index.
    pub turn: u32,
    /// Its place among the clauses of the turn.
    pub clause: u32,
}

/// Where clauses that follow each other stand: the first of them at `start`, each in one of these `turns`.
pub(crate) fn places(start: ClausePlace, turns: impl Iterator<Item = u32>) -> impl Iterator<Item = ClausePlace> {
    let mut next = start;
    turns.map(move |turn| {
        let place = if turn == next.turn { next } else { ClausePlace { turn, clause: 0 } };
        next = ClausePlace { clause: place.clause + 1, ..place };
        place
    })
}

/// Clauses that follow each other in one source and are read together.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// What the source is.
    pub kind: SourceKind,
    /// Where it begins.
    pub start: ClausePlace,
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

    /// Where its clauses stand.
    pub(crate) fn places(&self) -> impl Iterator<Item = ClausePlace> {
        places(self.start, self.clauses.iter().map(|clause| clause.turn))
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
    starts: &[ClausePlace],
) -> Result<Vec<Run<'a>>, ModelError> {
    let first = ClausePlace { turn: clauses.first().map_or(0, |clause| clause.turn), clause: 0 };
    let places = places(first, clauses.iter().map(|clause| clause.turn));
    let mut runs = Runs::of(kind);
    for (clause, place) in clauses.iter().zip(places) {
        runs.add(*clause, place, tokenizer.pieces_of(clause.text, CLAUSE)?, starts.contains(&place));
    }
    Ok(runs.found)
}

/// Of runs that follow each other in one source those `clauses` that are wanted, by their places among all, ascending: as runs of
/// such as follow each other.
pub(crate) fn parts<'a>(runs: &[&Run<'a>], wanted: &BTreeSet<usize>) -> Vec<Run<'a>> {
    let Some(kind) = runs.first().map(|run| run.kind) else { return Vec::new() };
    let all = runs.iter().flat_map(|run| run.clauses.iter().zip(run.places()).zip(&run.pieces));
    let mut parts = Runs::of(kind);
    for (at, ((clause, place), pieces)) in all.enumerate() {
        if wanted.contains(&at) {
            let follows = at.checked_sub(1).is_some_and(|before| wanted.contains(&before));
            parts.add(*clause, place, pieces.clone(), !follows);
        }
    }
    parts.found
}

/// Runs as they are put together, clause by clause.
struct Runs<'a> {
    kind: SourceKind,
    found: Vec<Run<'a>>,
    /// Tokens of the last of them.
    used: usize,
}

impl<'a> Runs<'a> {
    fn of(kind: SourceKind) -> Self {
        Self { kind, found: Vec::new(), used: 0 }
    }

    /// One clause more, in a run of its own where a new one `begins` or it would not fit into a window with those before it.
    fn add(&mut self, clause: Heard<'a>, place: ClausePlace, pieces: Vec<i32>, begins: bool) {
        let size = pieces.len() + if place.clause == 0 { NAME } else { 0 };
        if self.found.is_empty() || self.used + size > CORE || begins {
            self.found.push(Run { kind: self.kind, start: place, clauses: Vec::new(), pieces: Vec::new() });
            self.used = 0;
        }
        self.used += size;
        if let Some(run) = self.found.last_mut() {
            run.clauses.push(clause);
            run.pieces.push(pieces);
        }
    }
}

/// What stands before the clauses of a run, without the start token: the question and what the source is.
pub(crate) fn head(tokenizer: &Tokenizer, question: &[i32], kind: SourceKind) -> Result<Vec<i32>, ModelError> {
    let kind = tokenizer.pieces_of(kind_words(kind), NAME)?;
    Ok([question, &[tokenizer.end()], &kind].concat())
}

/// The question with a run of clauses, each of which is judged.
pub(crate) fn window(tokenizer: &Tokenizer, question: &[i32], run: &Run<'_>) -> Result<Window, ModelError> {
    // One is for the start token, which the frame puts before everything.
    let at = |body: &Vec<i32>| body.len() + 1;
    let mut body = head(tokenizer, question, run.kind)?;
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

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;

    use super::*;

    /// Turns of some clauses each, all of the same words.
    fn said(turns: &[usize]) -> Vec<Heard<'static>> {
        let clause = |turn| Heard { turn, text: "We go live in June.", speaker: Some("Dana"), side: Side::Vendor };
        (0..).zip(turns).flat_map(|(turn, clauses)| (0..*clauses).map(move |_| clause(turn))).collect()
    }

    proptest! {
        #[test]
        fn parts_hold_what_is_wanted_each_where_it_stood(
            turns in vec(1_usize..4, 1..40),
            wanted in btree_set(0_usize..80, 0..40),
        ) {
            let runs = cut(Tokenizer::bundled().unwrap(), SourceKind::CallTranscript, &said(&turns), &[]).unwrap();
            let all: Vec<ClausePlace> = runs.iter().flat_map(Run::places).collect();
            let parts = parts(&runs.iter().collect::<Vec<_>>(), &wanted);
            let held: Vec<ClausePlace> = parts.iter().flat_map(Run::places).collect();
            let place_of = |at: &usize| all.get(*at).copied();
            prop_assert_eq!(held, wanted.iter().filter_map(place_of).collect::<Vec<_>>());
            for part in &parts {
                let at = |place| all.iter().position(|own| *own == place).unwrap();
                let own: Vec<usize> = part.places().map(at).collect();
                prop_assert!(own.windows(2).all(|two| two[0] + 1 == two[1]), "{:?}", own);
                prop_assert!(part.pieces.iter().map(Vec::len).sum::<usize>() <= CORE);
            }
        }
    }
}
