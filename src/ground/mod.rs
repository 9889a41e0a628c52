//! Claimed quotes to citations: the only door through which words become evidence.
//!
//! An engine says "turn 41 says …". Here the words are looked for in the turn itself: exactly, then with case, punctuation,
//! white space and disfluencies set aside ([`normalized`]). What is found becomes a [`Citation`] that holds the source's own
//! words at a stated range; what is not found is rejected with a reason. No other module can construct a [`Citation`].

mod citation;
mod normalized;

use std::cell::OnceCell;

pub use citation::{Anchor, BrokenAnchor, Citation, CitedTurn, MatchStatus};
use normalized::Words;

use crate::domain::ids::SourceId;
use crate::domain::item::RejectedClaim;
use crate::domain::transcript::{Transcript, Turn};
use crate::engine::{Claim, ClaimedQuote, QuoteRole};

/// A source that quotes are looked for in.
pub struct SourceText<'a> {
    id: Option<&'a SourceId>,
    name: &'a str,
    transcript: &'a Transcript,
    /// The words of every turn, made when the first quote is not found exactly.
    words: OnceCell<Vec<Words>>,
}

/// Why a quote is no citation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Ungrounded {
    /// The claim came without words to look for.
    #[error("no quote given")]
    NoQuote,
    /// No turn of the source has these words.
    #[error("quote not found")]
    NotFound,
    /// Several turns have these words, and the stated one has not: which one is meant cannot be told.
    #[error("quote not found in the stated turn, and found in {0} others")]
    Ambiguous(usize),
}

/// A claim whose every quote was found.
#[derive(Debug, Clone, PartialEq)]
pub struct GroundedClaim {
    /// The engine's claim, without its quotes: those are citations now.
    pub claim: Claim,
    /// One citation per quote, in the claim's order.
    pub citations: Vec<Citation>,
}

impl<'a> SourceText<'a> {
    /// The source named `name`; `id` is given where it is kept in the store.
    #[must_use]
    pub const fn new(id: Option<&'a SourceId>, name: &'a str, transcript: &'a Transcript) -> Self {
        Self { id, name, transcript, words: OnceCell::new() }
    }

    /// Finds every quote of `claim`. One that is not found rejects the whole claim: an engine that invents one quote is
    /// not believed on the rest of what it says there.
    ///
    /// # Errors
    ///
    /// The claim as it is kept apart, with the reason.
    pub fn ground(&self, mut claim: Claim) -> Result<GroundedClaim, RejectedClaim> {
        let quotes = std::mem::take(&mut claim.quotes);
        let reject = |quote: &str, reason: Ungrounded| RejectedClaim {
            field: claim.finding.field(),
            statement: claim.statement.clone(),
            quote: quote.to_owned(),
            source: self.name.to_owned(),
            reason: reason.to_string(),
        };
        if !quotes.iter().any(|quote| quote.role == QuoteRole::Support) {
            return Err(reject("", Ungrounded::NoQuote));
        }
        let mut citations = Vec::with_capacity(quotes.len());
        for quote in &quotes {
            citations.push(self.ground_quote(quote).map_err(|reason| reject(&quote.quote, reason))?);
        }
        Ok(GroundedClaim { claim, citations })
    }

    /// Finds one quote: in the stated turn, or else in the only other turn that has it.
    fn ground_quote(&self, claimed: &ClaimedQuote) -> Result<Citation, Ungrounded> {
        let wanted = Words::of(&claimed.quote);
        if wanted.is_empty() {
            return Err(Ungrounded::NoQuote);
        }
        let turns = &self.transcript.turns;
        let stated = turns.iter().position(|turn| turn.index == claimed.turn);
        if let Some(citation) = stated.and_then(|place| self.find_in(place, &wanted, claimed)) {
            return Ok(citation);
        }
        let mut elsewhere = (0..turns.len()).filter_map(|place| self.find_in(place, &wanted, claimed));
        match (elsewhere.next(), elsewhere.count()) {
            (Some(citation), 0) => Ok(citation),
            (Some(_), others) => Err(Ungrounded::Ambiguous(others + 1)),
            (None, _) => Err(Ungrounded::NotFound),
        }
    }

    fn find_in(&self, place: usize, wanted: &Words, claimed: &ClaimedQuote) -> Option<Citation> {
        let turn: &Turn = self.transcript.turns.get(place)?;
        let exact = exact_range(&turn.text, claimed.quote.trim()).map(|range| (range, MatchStatus::Exact));
        let (chars, matched) = exact.or_else(|| {
            let words = self.words.get_or_init(|| self.transcript.turns.iter().map(|t| Words::of(&t.text)).collect());
            Some((words.get(place)?.find(wanted)?, MatchStatus::Normalized))
        })?;
        let cited = CitedTurn {
            source_id: self.id,
            source: self.name,
            turn,
            speaker: self.transcript.speaker_name(turn),
            side: self.transcript.side(turn),
        };
        Some(Citation::cut(&cited, chars, matched, claimed.role))
    }
}

/// Where `quote` stands in `text` as whole words, in Unicode scalar values. "we can" is not found in "we cannot".
fn exact_range(text: &str, quote: &str) -> Option<std::ops::Range<u32>> {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (first, last) = (quote.chars().next(), quote.chars().next_back());
    let start = text.match_indices(quote).map(|(at, _)| at).find(|&at| {
        let before = text[..at].chars().next_back();
        let after = text[at + quote.len()..].chars().next();
        !(is_word(before) && is_word(first) || is_word(last) && continues_word(after, &text[at + quote.len()..]))
    })?;
    let chars_before = u32::try_from(text[..start].chars().count()).ok()?;
    let length = u32::try_from(quote.chars().count()).ok()?;
    Some(chars_before..chars_before + length)
}

/// Whether a word goes on at the start of `rest`: a letter, a combining mark, or an apostrophe before a letter ("can" in "can't").
fn continues_word(next: Option<char>, rest: &str) -> bool {
    match next {
        Some('\'' | '\u{2019}') => rest.chars().nth(1).is_some_and(char::is_alphanumeric),
        Some(c) => c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c),
        None => false,
    }
}

#[cfg(test)]
mod tests;
