//! What rules can see in a clause; the reader judges what it is a finding of.

use std::collections::HashSet;

use super::dates::{SaidOn, When, find_when};
use super::modality::Modality;
use super::promise::{Promise, promise};
use super::sentences::Sentence;
use crate::domain::transcript::SourceKind;

/// The observable marks of a clause.
#[derive(Debug, Clone)]
pub(super) struct Features {
    /// How the clause is meant.
    pub modality: Modality,
    /// The promise it makes.
    pub promise: Option<Promise>,
    /// The point in time it names.
    pub when: Option<When>,
}

impl Features {
    /// The features of a clause.
    pub(super) fn of(sentence: &Sentence<'_>, kind: SourceKind, said_on: SaidOn, names: &HashSet<String>) -> Self {
        let words = &sentence.words;
        let modality = Modality::of(sentence.text, words);
        Self {
            modality,
            promise: promise(words, modality, kind, names),
            when: find_when(sentence.text, words, said_on),
        }
    }
}
