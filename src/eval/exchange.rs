//! Contrast sets: a turn between its neighbours, with what it is a finding of, beside turns that only sound like it; and a
//! promise with what writes, contradicts, repeats or changes it, beside what only sounds like that.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::domain::transcript::{Side, SourceKind};
use crate::reader::{Pair, Quoted, Tie};

/// One line of a contrast set.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Contrast {
    /// A turn.
    Exchange(Exchange),
    /// A promise.
    Comparison(Comparison),
}

/// What a set calls a source, as Baton does.
pub(super) fn kind_of(word: &str) -> SourceKind {
    match word {
        "mail" => SourceKind::Mail,
        "notes" => SourceKind::Notes,
        "chat" => SourceKind::Chat,
        _ => SourceKind::CallTranscript,
    }
}

/// One labelled turn.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Exchange {
    /// Exchanges of one group share topic and neighbours.
    pub group: String,
    /// `call`, `mail`, `notes` or `chat`.
    pub kind: String,
    /// The turn before.
    pub before: Option<Said>,
    /// Who speaks.
    pub side: Side,
    /// What is said.
    pub text: String,
    /// The turn after.
    pub after: Option<Said>,
    /// The findings in it; none for a near miss.
    pub labels: Vec<Label>,
    /// What a near miss is instead: `hypothetical`, `negated`, …
    pub why: Option<String>,
}

/// A turn beside the labelled one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Said {
    /// Who speaks.
    pub side: Side,
    /// What is said.
    pub text: String,
}

/// A finding in an exchange.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Label {
    /// The field's name.
    pub field: String,
    /// Its attributes.
    #[serde(default)]
    pub attributes: Map<String, Value>,
    /// The telling words, where the turn says more than them.
    #[serde(default)]
    pub quote: Option<String>,
}

/// A promise beside clauses and later words, some of them about the same thing and some about another with the same words.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Comparison {
    /// The business it is said in.
    pub topic: String,
    /// Whose promise it is.
    pub side: Side,
    /// The promise.
    pub promise: Words,
    /// Clauses of a contract; `before` is the heading.
    pub clauses: Vec<Words>,
    /// What is said on a later occasion.
    pub later: Vec<Words>,
}

/// Words, with what they are to the promise they are compared with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Words {
    /// What stands before them.
    #[serde(default)]
    pub before: String,
    /// The words.
    pub quote: String,
    /// How they stand to the promise; absent for the promise itself.
    #[serde(default)]
    pub is: Option<Tie>,
}

impl Comparison {
    /// The promise with each of the others.
    #[must_use]
    pub fn pairs(&self) -> Vec<(Pair, Tie)> {
        let quoted = |words: &Words, side| Quoted { before: words.before.clone(), quote: words.quote.clone(), side };
        let promise = || quoted(&self.promise, self.side);
        let clause = |words: &Words| Some((Pair::Clause(promise(), quoted(words, Side::Unknown)), words.is?));
        let later = |words: &Words| Some((Pair::Later(promise(), quoted(words, self.side)), words.is?));
        self.clauses.iter().filter_map(clause).chain(self.later.iter().filter_map(later)).collect()
    }
}
