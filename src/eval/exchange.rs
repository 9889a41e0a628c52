//! Contrast sets: a turn between its neighbours, with what it is a finding of, beside turns that only sound like it.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::domain::transcript::Side;

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
