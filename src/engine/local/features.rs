//! Everything the scorer knows about a clause.

use jiff::civil::Date;

use super::cues;
use super::dates::{When, find_when};
use super::modality::Modality;
use super::numbers::{has_money, has_number, has_percent};
use super::promise::{Promise, is_logistics, promise};
use super::prototypes::Similarities;
use super::scorer::PerField;
use super::sentences::Sentence;
use crate::domain::transcript::{Side, SourceKind};

/// The observable marks of a clause; the only thing a scorer sees.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "independent marks of a clause, each with a weight of its own")]
pub(super) struct Features {
    /// What the source is.
    pub kind: SourceKind,
    /// Whose words these are.
    pub side: Side,
    /// How the clause is meant.
    pub modality: Modality,
    /// The promise it makes.
    pub promise: Option<Promise>,
    /// About the traffic around the meetings.
    pub logistics: bool,
    /// The point in time it names.
    pub when: Option<When>,
    /// Lexical cues by field, 0 to 1.
    pub cue: PerField<f32>,
    /// Closeness to what each field sounds like.
    pub similarity: Similarities,
    /// About the terms of the contract.
    pub terms: bool,
    /// Names a number.
    pub number: bool,
    /// Names an amount of money.
    pub money: bool,
    /// Names a share.
    pub percent: bool,
    /// Number of words.
    pub length: usize,
}

impl Features {
    /// The features of a clause; the similarities come later, for they need its vector.
    pub(super) fn of(sentence: &Sentence<'_>, kind: SourceKind, said_on: Option<Date>, names: &[String]) -> Self {
        let words = &sentence.words;
        let modality = Modality::of(sentence.text, words);
        Self {
            kind,
            side: sentence.side,
            modality,
            promise: promise(words, modality, kind, names),
            logistics: is_logistics(words),
            when: find_when(sentence.text, words, said_on),
            cue: PerField::from_fn(|field| cues::strength(field, words)),
            similarity: Similarities::default(),
            terms: cues::is_about_terms(words),
            number: has_number(words),
            money: has_money(words),
            percent: has_percent(words),
            length: words.len(),
        }
    }
}
