//! The citation, and the anchor it is stored as.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::ids::SourceId;
use crate::domain::transcript::{Precision, Side, Turn};
use crate::engine::QuoteRole;

/// How the claimed words were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatchStatus {
    /// To the letter.
    Exact,
    /// With case, punctuation, white space and disfluencies set aside.
    Normalized,
}

/// Words of a source, at the place where they stand. Always verbatim: `quote` is cut from the turn, never copied from a claim.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Citation {
    #[serde(skip_serializing_if = "Option::is_none")]
    source_id: Option<SourceId>,
    source: String,
    turn: u32,
    /// Half-open range in Unicode scalar values inside the turn's text.
    chars: [u32; 2],
    quote: String,
    speaker: Option<String>,
    side: Side,
    start_ms: Option<i64>,
    end_ms: Option<i64>,
    precision: Precision,
    #[serde(rename = "match")]
    matched: MatchStatus,
    role: QuoteRole,
}

/// The turn a citation is cut from.
#[derive(Debug, Clone, Copy)]
pub struct CitedTurn<'a> {
    /// The source's id, where it is kept in the store.
    pub source_id: Option<&'a SourceId>,
    /// The source's name.
    pub source: &'a str,
    /// The turn.
    pub turn: &'a Turn,
    /// Who speaks: the person's name where the file gives one, else the label.
    pub speaker: Option<&'a str>,
    /// The side of the turn's speaker.
    pub side: Side,
}

/// A citation as it is stored: a place and the words that stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// Half-open range in Unicode scalar values inside the turn's text.
    pub chars: Range<u32>,
    /// The words that stood there when the citation was made.
    pub quote: String,
    /// How the claimed words had been found.
    pub matched: MatchStatus,
    /// What the quote does for its item.
    pub role: QuoteRole,
}

/// The words at an anchor are not the words it was made for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("turn {turn} of {source_name} no longer has the cited words at {}..{}", chars.start, chars.end)]
pub struct BrokenAnchor {
    source_name: String,
    turn: u32,
    chars: Range<u32>,
}

impl Citation {
    /// Cuts the words at `chars` out of the turn; the caller has just found them there.
    pub(super) fn cut(cited: &CitedTurn<'_>, chars: Range<u32>, matched: MatchStatus, role: QuoteRole) -> Self {
        let quote = slice_chars(&cited.turn.text, &chars).to_owned();
        Self {
            source_id: cited.source_id.cloned(),
            source: cited.source.to_owned(),
            turn: cited.turn.index,
            chars: [chars.start, chars.end],
            quote,
            speaker: cited.speaker.map(str::to_owned),
            side: cited.side,
            start_ms: cited.turn.start_ms,
            end_ms: cited.turn.end_ms,
            precision: cited.turn.precision,
            matched,
            role,
        }
    }

    /// Makes a stored citation again, after looking that the words still stand where they stood.
    ///
    /// # Errors
    ///
    /// [`BrokenAnchor`] when the turn has other words there: the citation must be shown as broken, not as a quote.
    pub fn restore(cited: &CitedTurn<'_>, anchor: Anchor) -> Result<Self, BrokenAnchor> {
        if slice_chars(&cited.turn.text, &anchor.chars) != anchor.quote || anchor.quote.is_empty() {
            return Err(BrokenAnchor {
                source_name: cited.source.to_owned(),
                turn: cited.turn.index,
                chars: anchor.chars,
            });
        }
        Ok(Self::cut(cited, anchor.chars, anchor.matched, anchor.role))
    }

    /// What the store keeps of the citation, beside its source and turn.
    #[must_use]
    pub fn anchor(&self) -> Anchor {
        Anchor { chars: self.chars(), quote: self.quote.clone(), matched: self.matched, role: self.role }
    }

    /// The source's id, where it is kept in the store.
    #[must_use]
    pub const fn source_id(&self) -> Option<&SourceId> {
        self.source_id.as_ref()
    }

    /// The source's name.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The same words, with another name for their source.
    #[must_use]
    pub fn in_source_called(self, name: String) -> Self {
        Self { source: name, ..self }
    }

    /// The turn's index in the source.
    #[must_use]
    pub const fn turn(&self) -> u32 {
        self.turn
    }

    /// Half-open range in Unicode scalar values inside the turn's text.
    #[must_use]
    pub const fn chars(&self) -> Range<u32> {
        self.chars[0]..self.chars[1]
    }

    /// The words, verbatim.
    #[must_use]
    pub fn quote(&self) -> &str {
        &self.quote
    }

    /// Who speaks: the person's name where the file gives one, else the label.
    #[must_use]
    pub fn speaker(&self) -> Option<&str> {
        self.speaker.as_deref()
    }

    /// The speaker's side.
    #[must_use]
    pub const fn side(&self) -> Side {
        self.side
    }

    /// Start of the turn in milliseconds, where the file gives one.
    #[must_use]
    pub const fn start_ms(&self) -> Option<i64> {
        self.start_ms
    }

    /// How exact the time is.
    #[must_use]
    pub const fn precision(&self) -> Precision {
        self.precision
    }

    /// How the words were found.
    #[must_use]
    pub const fn matched(&self) -> MatchStatus {
        self.matched
    }

    /// What the quote does for its item.
    #[must_use]
    pub const fn role(&self) -> QuoteRole {
        self.role
    }

    /// Whether both citations hold some of the same words. A kept source is told by its id: its name may stand alone or behind
    /// that of its deal, and other deals have sources of the same name.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let one_source = match (&self.source_id, &other.source_id) {
            (None, None) => self.source == other.source,
            (own, theirs) => own == theirs,
        };
        one_source && self.turn == other.turn && self.chars[0] < other.chars[1] && other.chars[0] < self.chars[1]
    }
}

/// The text between two places counted in Unicode scalar values; empty where there is no such place.
fn slice_chars<'a>(text: &'a str, chars: &Range<u32>) -> &'a str {
    let byte_of = |place: u32| {
        let place = usize::try_from(place).ok()?;
        text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(place)
    };
    match (byte_of(chars.start), byte_of(chars.end)) {
        (Some(start), Some(end)) if start < end => &text[start..end],
        _ => "",
    }
}
