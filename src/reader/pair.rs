//! Two pieces of the record side by side: a promise, and what may write it down, change it or repeat it.

use super::window::{Window, side_words};
use crate::domain::transcript::{Side, Transcript};
use crate::encoder::{ModelError, Tokenizer};

/// Tokens of a quote or a clause, at most; a clause has at most 40 words.
const QUOTE: usize = 72;
/// Tokens of what is said before a quote, at most.
const BEFORE: usize = 28;
/// Characters of what is said before a quote: more than [`BEFORE`] tokens need.
const BEFORE_CHARS: usize = 160;

/// Words of the record with what is said right before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// What is said before, in the same turn and the one before it; of a clause, its heading.
    pub before: String,
    /// The words.
    pub quote: String,
    /// Whose words they are.
    pub side: Side,
}

impl Quoted {
    /// The words `quote`, which begin at character `start` of the turn called `turn`.
    #[must_use]
    pub fn of(transcript: &Transcript, turn: u32, start: u32, quote: &str, side: Side) -> Self {
        let place = transcript.turns.iter().position(|own| own.index == turn);
        let own = place.map_or("", |place| transcript.turns[place].text.as_str());
        let before = place.and_then(|place| place.checked_sub(1)).map_or("", |place| &transcript.turns[place].text);
        let head: String = own.chars().take(start as usize).collect();
        Self { before: last_words(&format!("{before} {head}")).to_owned(), quote: quote.to_owned(), side }
    }
}

/// The end of `text`, from the beginning of a word.
fn last_words(text: &str) -> &str {
    let Some((start, _)) = text.char_indices().rev().nth(BEFORE_CHARS) else { return text };
    let word = text[start..].find(char::is_whitespace).map_or(text.len(), |space| start + space);
    text[word..].trim_start()
}

/// A promise, and what it is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pair {
    /// A sentence of the contract, with its heading.
    Clause(Quoted, Quoted),
    /// What is said on a later occasion.
    Later(Quoted, Quoted),
}

impl Pair {
    /// The pair as one run of tokens, judged as a whole.
    pub(crate) fn window(&self, tokenizer: &Tokenizer) -> Result<Window, ModelError> {
        let (promise, other, between) = match self {
            Self::Clause(promise, clause) => (promise, clause, "contract :"),
            Self::Later(promise, later) => (promise, later, "later :"),
        };
        let mut body = tokenizer.pieces_of("promise :", QUOTE)?;
        // One is for the start token, which the frame puts before everything.
        let mut sides = vec![body.len() + 1];
        body.extend(tokenizer.pieces_of(side_words(promise.side), QUOTE)?);
        body.extend(last(tokenizer.pieces_of(&promise.before, BEFORE_CHARS)?));
        let start = body.len() + 1;
        body.extend(tokenizer.pieces_of(&promise.quote, QUOTE)?);
        body.push(tokenizer.end());
        body.extend(tokenizer.pieces_of(between, QUOTE)?);
        if matches!(self, Self::Later(..)) {
            sides.push(body.len() + 1);
            body.extend(tokenizer.pieces_of(side_words(other.side), QUOTE)?);
        }
        body.extend(last(tokenizer.pieces_of(&other.before, BEFORE_CHARS)?));
        body.extend(tokenizer.pieces_of(&other.quote, QUOTE)?);
        let all = start..body.len() + 1;
        Ok(Window { ids: tokenizer.framed(&body), clauses: vec![(0, all)], sides })
    }
}

/// The last [`BEFORE`] tokens.
fn last(mut pieces: Vec<i32>) -> Vec<i32> {
    pieces.split_off(pieces.len().saturating_sub(BEFORE))
}
