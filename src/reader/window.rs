//! What the reader sees at once: a run of clauses with what is said before and after them, as token ids.
//!
//! A clause is read in its context, and several clauses share one run: the cost is that of the words, once and a half.

use std::ops::Range;

use super::Said;
use crate::domain::transcript::{Side, SourceKind};
use crate::encoder::{ModelError, Tokenizer};

/// Tokens of clauses that a window judges, about.
const CORE: usize = 112;
/// Tokens of context on either side, at most.
const CONTEXT: usize = 44;
/// No clause takes more tokens; a clause has at most 40 words.
const CLAUSE: usize = 96;

/// What a clause counts at least, so that a run of one-word turns stays far below the positions that the encoder has.
const SHORTEST: usize = 2;

/// A run of clauses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Window {
    /// Token ids, framed.
    pub ids: Vec<i32>,
    /// The clauses it judges: their place in the list and their tokens in `ids`.
    pub clauses: Vec<(usize, Range<usize>)>,
    /// Where in `ids` the words for the sides stand.
    pub sides: Vec<usize>,
}

/// The windows over `clauses`; `lead` is the size of the first one's core, so that training sees other cuts than reading does.
pub(crate) fn windows(
    tokenizer: &Tokenizer,
    kind: SourceKind,
    clauses: &[Said<'_>],
    lead: usize,
) -> Result<Vec<Window>, ModelError> {
    let pieces: Vec<Vec<i32>> =
        clauses.iter().map(|clause| tokenizer.pieces_of(clause.text, CLAUSE)).collect::<Result<_, _>>()?;
    let words = Markers::of(tokenizer, kind)?;
    let mut windows = Vec::new();
    let mut start = 0;
    let mut room = lead;
    while start < clauses.len() {
        let end = reach(&pieces, start, room).max(start + 1);
        let seen = back(&pieces, start, CONTEXT)..reach(&pieces, end, CONTEXT);
        let window = window(tokenizer, &words, clauses, &pieces, start..end, seen);
        if !window.clauses.is_empty() {
            windows.push(window);
        }
        start = end;
        room = CORE;
    }
    Ok(windows)
}

/// All of `clauses` in one window that judges those at `judged`.
pub(crate) fn whole(
    tokenizer: &Tokenizer,
    kind: SourceKind,
    clauses: &[Said<'_>],
    judged: Range<usize>,
) -> Result<Window, ModelError> {
    let pieces: Vec<Vec<i32>> =
        clauses.iter().map(|clause| tokenizer.pieces_of(clause.text, CLAUSE)).collect::<Result<_, _>>()?;
    Ok(window(tokenizer, &Markers::of(tokenizer, kind)?, clauses, &pieces, judged, 0..clauses.len()))
}

/// How many tokens the core of a window has when nothing else is asked for.
pub(crate) const fn core() -> usize {
    CORE
}

/// The words that stand before what is said.
struct Markers {
    kind: Vec<i32>,
    vendor: Vec<i32>,
    customer: Vec<i32>,
    unknown: Vec<i32>,
}

impl Markers {
    fn of(tokenizer: &Tokenizer, kind: SourceKind) -> Result<Self, ModelError> {
        let marker = |text: &str| tokenizer.pieces_of(text, CLAUSE);
        Ok(Self {
            kind: marker(kind_words(kind))?,
            vendor: marker(side_words(Side::Vendor))?,
            customer: marker(side_words(Side::Customer))?,
            unknown: marker(side_words(Side::Unknown))?,
        })
    }

    fn side(&self, side: Side) -> &[i32] {
        match side {
            Side::Vendor => &self.vendor,
            Side::Customer => &self.customer,
            Side::Unknown => &self.unknown,
        }
    }
}

/// What stands before the words of a source.
pub(super) const fn kind_words(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::CallTranscript => "call :",
        SourceKind::Chat => "chat :",
        SourceKind::Mail => "mail :",
        SourceKind::Notes | SourceKind::CrmRecord => "notes :",
        SourceKind::Contract => "contract :",
    }
}

/// What stands before the words of a side.
pub(super) const fn side_words(side: Side) -> &'static str {
    match side {
        Side::Vendor => "seller :",
        Side::Customer => "buyer :",
        Side::Unknown => "somebody :",
    }
}

/// Behind the last clause from `start` on that fits into `room` tokens.
fn reach(pieces: &[Vec<i32>], start: usize, room: usize) -> usize {
    start + fitting(pieces[start..].iter(), room)
}

/// The first clause of the context before `start`.
fn back(pieces: &[Vec<i32>], start: usize, room: usize) -> usize {
    start - fitting(pieces[..start].iter().rev(), room)
}

/// How many of the pieces fit into `room` tokens. Even the shortest counts as [`SHORTEST`]: each may bring the word for its side.
fn fitting<'p>(pieces: impl Iterator<Item = &'p Vec<i32>>, room: usize) -> usize {
    let used = pieces.scan(0, |used, piece| {
        *used += piece.len().max(SHORTEST);
        Some(*used)
    });
    used.take_while(|used| *used <= room).count()
}

fn window(
    tokenizer: &Tokenizer,
    words: &Markers,
    clauses: &[Said<'_>],
    pieces: &[Vec<i32>],
    core: Range<usize>,
    seen: Range<usize>,
) -> Window {
    // One is for the start token, which the frame puts before everything.
    let at = |body: &Vec<i32>| body.len() + 1;
    let mut body = words.kind.clone();
    let (mut judged, mut sides, mut turn) = (Vec::new(), Vec::new(), None);
    for place in seen {
        let clause = &clauses[place];
        if turn.replace(clause.turn) != Some(clause.turn) {
            sides.push(at(&body));
            body.extend_from_slice(words.side(clause.side));
        }
        let start = at(&body);
        body.extend_from_slice(&pieces[place]);
        if core.contains(&place) && at(&body) > start {
            judged.push((place, start..at(&body)));
        }
    }
    Window { ids: tokenizer.framed(&body), clauses: judged, sides }
}
