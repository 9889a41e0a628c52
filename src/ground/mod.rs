//! Claimed quotes to citations: the only door through which words become evidence.
//!
//! An engine says "turn 41 says …". Here the words are looked for in the turn itself: exactly, then with case, punctuation,
//! white space and disfluencies set aside (`normalized`). What is found becomes a [`Citation`] that holds the source's own
//! words at a stated range; what is not found is rejected with a reason. No other module can construct a [`Citation`].

mod citation;
mod normalized;

use std::cell::OnceCell;
use std::ops::Range;

pub use citation::{Anchor, BrokenAnchor, Citation, CitedTurn, MatchStatus};
use normalized::Words;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::domain::ids::SourceId;
use crate::domain::item::RejectedClaim;
use crate::domain::transcript::{Participant, Transcript, Turn};
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
    /// The word before or after the quote turns it into its opposite: "we will" cut out of "we will not".
    #[error("the words around the quote negate it")]
    Negated,
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
    /// Attributes that the source does not say: taken off the finding, and kept apart like a claim.
    pub withheld: Vec<RejectedClaim>,
}

impl<'a> SourceText<'a> {
    /// The source named `name`; `id` is given where it is kept in the store.
    #[must_use]
    pub const fn new(id: Option<&'a SourceId>, name: &'a str, transcript: &'a Transcript) -> Self {
        Self { id, name, transcript, words: OnceCell::new() }
    }

    /// The turns that quotes are looked for in.
    #[must_use]
    pub fn turns(&self) -> &'a [Turn] {
        &self.transcript.turns
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
        let withheld = self.withhold_unsaid(&mut claim);
        Ok(GroundedClaim { claim, citations, withheld })
    }

    /// The citation of a quote that is said to stand in `turn`.
    ///
    /// # Errors
    ///
    /// [`Ungrounded`] where the source does not have these words there, nor in one other turn alone.
    pub fn cite(&self, turn: u32, quote: &str, role: QuoteRole) -> Result<Citation, Ungrounded> {
        self.ground_quote(&ClaimedQuote { turn, quote: quote.to_owned(), role })
    }

    /// Takes every worded attribute off the finding that the source does not say: a name, a title or an amount that a model
    /// made up would otherwise stand beside a real quote.
    fn withhold_unsaid(&self, claim: &mut Claim) -> Vec<RejectedClaim> {
        let field = claim.finding.field();
        let mut withheld = Vec::new();
        for (attribute, slot) in claim.finding.worded_mut() {
            if let Some(text) = slot.take_if(|text| !is_told_otherwise(attribute, text) && !self.says(text)) {
                withheld.push(RejectedClaim {
                    field,
                    statement: claim.statement.clone(),
                    quote: text,
                    source: self.name.to_owned(),
                    reason: format!("the source does not say this {attribute}"),
                });
            }
        }
        withheld
    }

    /// Finds one quote: in the stated turn, or else in the only other turn that has it.
    fn ground_quote(&self, claimed: &ClaimedQuote) -> Result<Citation, Ungrounded> {
        let wanted = Words::of(&claimed.quote);
        if wanted.is_empty() {
            return Err(Ungrounded::NoQuote);
        }
        let turns = &self.transcript.turns;
        let stated = turns.iter().position(|turn| turn.index == claimed.turn);
        if let Some(found) = stated.and_then(|place| self.find_in(place, &wanted, claimed)) {
            return found;
        }
        let mut elsewhere = (0..turns.len()).filter_map(|place| self.find_in(place, &wanted, claimed));
        match (elsewhere.next(), elsewhere.count()) {
            (Some(found), 0) => found,
            (Some(_), others) => Err(Ungrounded::Ambiguous(others + 1)),
            (None, _) => Err(Ungrounded::NotFound),
        }
    }

    /// The words in one turn: none where they do not stand there, an error where they stand there negated.
    fn find_in(&self, place: usize, wanted: &Words, claimed: &ClaimedQuote) -> Option<Result<Citation, Ungrounded>> {
        let turn: &Turn = self.transcript.turns.get(place)?;
        let exact = exact_range(&turn.text, claimed.quote.trim()).map(|range| (range, MatchStatus::Exact));
        let (chars, matched) =
            exact.or_else(|| Some((self.words_of(place)?.find(wanted)?, MatchStatus::Normalized)))?;
        if self.words_of(place)?.negate(&turn.text, &chars) {
            return Some(Err(Ungrounded::Negated));
        }
        let cited = CitedTurn {
            source_id: self.id,
            source: self.name,
            turn,
            speaker: self.transcript.speaker_name(turn),
            side: self.transcript.side(turn),
        };
        Some(Ok(Citation::cut(&cited, chars, matched, claimed.role)))
    }

    fn words_of(&self, place: usize) -> Option<&Words> {
        let words = || self.transcript.turns.iter().map(|turn| Words::of(&turn.text)).collect::<Vec<_>>();
        self.words.get_or_init(words).get(place)
    }

    /// Whether the source says these words somewhere, or lists a person by them.
    fn says(&self, text: &str) -> bool {
        let wanted = Words::of(text);
        let person = |p: &Participant| [&p.name, &p.email, &p.title].into_iter().flatten().any(|t| t == text);
        let spoken = || (0..self.transcript.turns.len()).any(|at| self.words_of(at).is_some_and(|w| w.has(&wanted)));
        self.transcript.participants.iter().any(person) || spoken()
    }
}

/// Whether an attribute needs no words of its own: a date in ISO 8601 is told from the words, and `build` and `do nothing`
/// name alternatives that are no company.
fn is_told_otherwise(attribute: &str, text: &str) -> bool {
    match attribute {
        "due" => text.parse::<jiff::civil::Date>().is_ok(),
        "name" => matches!(text, "build" | "do nothing"),
        _ => false,
    }
}

/// Where `quote` stands in `text` as whole words, in Unicode scalar values. "we can" is not found in "we cannot", nor
/// "500 seats" in "2,500 seats": a hit may begin and end only where words do.
fn exact_range(text: &str, quote: &str) -> Option<Range<u32>> {
    let cuts_word = |at: usize| text.unicode_word_indices().any(|(start, word)| start < at && at < start + word.len());
    let ends_at = |at: usize| at + quote.len();
    let start = text.match_indices(quote).map(|(at, _)| at).find(|&at| !cuts_word(at) && !cuts_word(ends_at(at)))?;
    let chars_before = u32::try_from(text[..start].chars().count()).ok()?;
    let length = u32::try_from(quote.chars().count()).ok()?;
    Some(chars_before..chars_before + length)
}

#[cfg(test)]
mod tests;
