//! `baton.gold/1`: what a careful reader found in a deal, written down to score others by.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::field::Field;
use crate::domain::transcript::Side;

/// The name and version of the document.
pub const GOLD_SCHEMA: &str = "baton.gold/1";
/// The file that holds a deal's labels.
pub const GOLD_FILE: &str = "gold.json";

/// The labels of one deal.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Gold {
    /// Always [`GOLD_SCHEMA`].
    pub schema: String,
    /// Who takes part.
    #[serde(default)]
    pub people: Vec<Person>,
    /// What a handoff of this deal should say.
    #[serde(default)]
    pub items: Vec<GoldItem>,
    /// Core fields of which the record says nothing.
    #[serde(default)]
    pub unknown: Vec<Field>,
    /// Arguable words: taking them for a finding of the field counts neither way.
    #[serde(default)]
    pub neutral: Vec<Neutral>,
    /// Words that only look like a finding.
    #[serde(default)]
    pub traps: Vec<Trap>,
    /// What a CSM would ask.
    #[serde(default)]
    pub questions: Vec<Question>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct GoldItem {
    /// Its id within the deal.
    pub id: String,
    /// The field.
    pub field: Field,
    /// What it says.
    pub statement: String,
    /// Its attributes, named as in the catalogue; an attribute that is absent is not judged.
    #[serde(default)]
    pub attributes: BTreeMap<String, Value>,
    /// Every place where it is said; for a commitment also the clause it is set against.
    pub citations: Vec<GoldQuote>,
}

/// Words of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoldQuote {
    /// The source's file name within the deal.
    pub source: String,
    /// The words, verbatim, inside one turn.
    pub quote: String,
    /// Who says them.
    #[serde(default)]
    pub speaker: Option<String>,
}

/// Somebody in the deal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The company.
    pub side: Side,
}

/// Words on which careful readers differ.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Neutral {
    /// The words.
    #[serde(flatten)]
    pub quote: GoldQuote,
    /// The field they may belong to.
    pub field: Field,
}

/// Words that only look like a finding.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Trap {
    /// The words.
    #[serde(flatten)]
    pub quote: GoldQuote,
    /// The field they would be taken for.
    pub not: Field,
    /// What they are instead: `negated`, `hypothetical`, …
    pub why: String,
}

/// A question about the deal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Question {
    /// Its id within the deal.
    pub id: String,
    /// The question.
    pub question: String,
    /// Whether the record answers it.
    pub answerable: bool,
    /// The answer in a sentence or two.
    #[serde(default)]
    pub answer: Option<String>,
    /// The words that answer it.
    #[serde(default)]
    pub citations: Vec<GoldQuote>,
    /// Other words that answer it, as a second labeller found who had seen only the record and the questions.
    #[serde(default)]
    pub also: Vec<GoldQuote>,
}

impl Gold {
    /// The labels in the file at `path`.
    ///
    /// # Errors
    ///
    /// Where there are none, or they are not of this schema: the message says where and what.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("cannot read the labels `{}`", path.display()))?;
        let gold: Self = serde_json::from_slice(&bytes)
            .with_context(|| format!("`{}` is no {GOLD_SCHEMA} document", path.display()))?;
        anyhow::ensure!(
            gold.schema == GOLD_SCHEMA,
            "`{}` has the schema `{}`; this version of Baton reads {GOLD_SCHEMA}",
            path.display(),
            gold.schema
        );
        Ok(gold)
    }

    /// The item called `id`.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&GoldItem> {
        self.items.iter().find(|item| item.id == id)
    }

    /// Every quote of the document with what it belongs to, in order.
    pub fn quotes(&self) -> impl Iterator<Item = (String, &GoldQuote)> {
        let items = self.items.iter().flat_map(|i| i.citations.iter().map(move |c| (format!("item {}", i.id), c)));
        let asked = |q: &Question| format!("question {}", q.id);
        let questions =
            self.questions.iter().flat_map(move |q| q.citations.iter().chain(&q.also).map(move |c| (asked(q), c)));
        let traps = self.traps.iter().map(|trap| ("trap".to_owned(), &trap.quote));
        let neutral = self.neutral.iter().map(|neutral| ("neutral".to_owned(), &neutral.quote));
        items.chain(questions).chain(traps).chain(neutral)
    }
}

impl GoldItem {
    /// The attribute `name` as text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.attributes.get(name)?.as_str()
    }
}
