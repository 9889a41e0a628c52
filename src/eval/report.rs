//! The `baton.eval/1` document: the figures of a run, and how two runs differ.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::domain::field::Field;
use crate::engine::EngineIdentity;

/// The name and version of the document.
pub const EVAL_SCHEMA: &str = "baton.eval/1";

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Always [`EVAL_SCHEMA`].
    pub schema: String,
    /// The engine that drafted.
    pub engine: EngineIdentity,
    /// The deals, by the names of their folders.
    pub deals: Vec<String>,
    /// The figures over all deals.
    pub figures: Figures,
    /// The figures of each deal, by name.
    pub by_deal: BTreeMap<String, Figures>,
    /// What went wrong, one by one.
    pub errors: Vec<Mistake>,
}

/// Every count of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Reading the files.
    pub parsing: Parsing,
    /// Findings by field.
    pub fields: BTreeMap<Field, Tally>,
    /// Attributes of found items that are as labelled, by `field.attribute`.
    pub attributes: BTreeMap<String, Share>,
    /// Labelled commitments, found or not, whose contract status is told as labelled.
    pub contract: Share,
    /// Traps that were taken for findings.
    pub traps: Share,
    /// Core fields without a finding that were left without an item.
    pub silence: Share,
    /// Superseded promises of which both words were found, the older marked as superseded by the newer.
    pub superseded: Share,
    /// Citations that stand verbatim in their source at the stated turn and range.
    pub citations: Share,
    /// Questions to the record.
    pub questions: Questions,
    /// Items in the drafts.
    pub items: u32,
}

/// How well the files were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parsing {
    /// Files that could be read.
    pub sources: Share,
    /// Turns in them.
    pub turns: u32,
    /// Labelled quotes that stand in one turn.
    pub quotes: Share,
    /// Those whose speaker is the labelled one.
    pub speakers: Share,
    /// People whose side is the labelled one, among those who speak or write.
    pub sides: Share,
}

/// Questions, the passages found for them, and the answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Questions {
    /// Answerable questions with a labelled quote in the first three passages.
    pub in_first: Share,
    /// The sum of one over the rank of the first such passage, in thousandths.
    pub reciprocal_ranks: u32,
    /// Answerable questions whose answer cites a labelled quote.
    pub cited: Share,
    /// Those whose answer cites a labelled quote or one that a second labeller found.
    #[serde(default)]
    pub cited_either: Share,
    /// Unanswerable questions that are declined.
    pub declined: Share,
}

impl Questions {
    /// Mean reciprocal rank.
    #[must_use]
    pub fn mean_reciprocal_rank(self) -> f64 {
        f64::from(self.reciprocal_ranks) / 1000.0 / f64::from(self.in_first.of.max(1))
    }
}

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// How many.
    pub hit: u32,
    /// Of how many.
    pub of: u32,
}

impl Share {
    /// Counts one more.
    pub fn count(&mut self, hit: bool) {
        self.hit += u32::from(hit);
        self.of += 1;
    }

    /// 0 to 1; none of nothing.
    #[must_use]
    pub fn rate(self) -> Option<f64> {
        (self.of > 0).then(|| f64::from(self.hit) / f64::from(self.of))
    }
}

/// Findings that were found, missed and made up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Labelled and in the draft.
    pub found: u32,
    /// Labelled and not in the draft.
    pub missed: u32,
    /// In the draft and not labelled.
    pub extra: u32,
}

impl Tally {
    /// The share of the draft that is labelled.
    #[must_use]
    pub fn precision(self) -> f64 {
        f64::from(self.found) / f64::from((self.found + self.extra).max(1))
    }

    /// The share of the labels that is in the draft.
    #[must_use]
    pub fn recall(self) -> f64 {
        f64::from(self.found) / f64::from((self.found + self.missed).max(1))
    }

    /// The harmonic mean of precision and recall.
    #[must_use]
    pub fn f1(self) -> f64 {
        2.0 * f64::from(self.found) / f64::from((2 * self.found + self.missed + self.extra).max(1))
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.found += other.found;
        self.missed += other.missed;
        self.extra += other.extra;
    }
}

impl AddAssign for Share {
    fn add_assign(&mut self, other: Self) {
        self.hit += other.hit;
        self.of += other.of;
    }
}

impl AddAssign<&Self> for Figures {
    fn add_assign(&mut self, other: &Self) {
        self.parsing.sources += other.parsing.sources;
        self.parsing.turns += other.parsing.turns;
        self.parsing.quotes += other.parsing.quotes;
        self.parsing.speakers += other.parsing.speakers;
        self.parsing.sides += other.parsing.sides;
        for (field, tally) in &other.fields {
            *self.fields.entry(*field).or_default() += *tally;
        }
        for (name, share) in &other.attributes {
            *self.attributes.entry(name.clone()).or_default() += *share;
        }
        self.contract += other.contract;
        self.traps += other.traps;
        self.silence += other.silence;
        self.superseded += other.superseded;
        self.citations += other.citations;
        self.questions.in_first += other.questions.in_first;
        self.questions.reciprocal_ranks += other.questions.reciprocal_ranks;
        self.questions.cited += other.questions.cited;
        self.questions.cited_either += other.questions.cited_either;
        self.questions.declined += other.questions.declined;
        self.items += other.items;
    }
}

impl Figures {
    /// All core fields together: what micro-F1 is computed from.
    #[must_use]
    pub fn core(&self) -> Tally {
        let mut sum = Tally::default();
        for (field, tally) in &self.fields {
            if field.is_core() {
                sum += *tally;
            }
        }
        sum
    }

    /// Every rate of the run by name, in the order in which it is shown.
    #[must_use]
    pub fn rates(&self) -> Vec<(String, Option<f64>)> {
        let mut rates = vec![("core fields: micro F1".to_owned(), Some(self.core().f1()))];
        rates.extend(self.fields.iter().map(|(field, tally)| (format!("{field}: F1"), Some(tally.f1()))));
        rates.push(("traps taken".to_owned(), self.traps.rate()));
        rates.push(("silent fields kept silent".to_owned(), self.silence.rate()));
        rates.push(("superseded pairs".to_owned(), self.superseded.rate()));
        rates.extend(self.attributes.iter().map(|(name, share)| (name.clone(), share.rate())));
        rates.push(("contract status of labelled commitments".to_owned(), self.contract.rate()));
        rates.push(("citations verbatim".to_owned(), self.citations.rate()));
        rates.push(("files read".to_owned(), self.parsing.sources.rate()));
        rates.push(("quotes in one turn".to_owned(), self.parsing.quotes.rate()));
        rates.push(("speakers right".to_owned(), self.parsing.speakers.rate()));
        rates.push(("sides right".to_owned(), self.parsing.sides.rate()));
        let questions = &self.questions;
        rates.push(("questions: quote in three passages".to_owned(), questions.in_first.rate()));
        let ranked = questions.in_first.of > 0;
        rates.push(("questions: mean reciprocal rank".to_owned(), ranked.then(|| questions.mean_reciprocal_rank())));
        rates.push(("questions: answered with a labelled quote".to_owned(), questions.cited.rate()));
        let either = questions.cited_either.rate();
        rates.push(("questions: answered with a quote of either labeller".to_owned(), either));
        rates.push(("questions: declined where unanswerable".to_owned(), questions.declined.rate()));
        rates
    }
}

/// What went wrong with one finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mistake {
    /// The deal.
    pub deal: String,
    /// What kind of mistake.
    pub kind: MistakeKind,
    /// The field.
    pub field: Field,
    /// What the labels or the draft say.
    pub statement: String,
    /// The words.
    pub quote: String,
    /// Why it is one: the trap's kind, the labelled and the drafted attribute.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// Kinds of mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MistakeKind {
    /// Labelled, not found.
    Missed,
    /// Drafted, not labelled.
    Extra,
    /// A trap taken.
    Trap,
    /// Found, with another attribute.
    Attribute,
}
