//! What a commitment says, in the form in which it is set against clauses.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::hours::Hours;
use super::pairing::Subject;
use super::terms::{Stemmer, Term};
use super::tone::Said;
use super::values::{Measure, Value, values_in};
use crate::domain::finding::Commitment;
use crate::domain::item::Item;
use crate::domain::transcript::Side;
use crate::draft::{DealSource, quoted};
use crate::engine::QuoteRole;
use crate::ground::Citation;

/// A commitment as it was said.
pub(super) struct Promise {
    /// Statement and telling quote.
    pub text: String,
    /// What both are about.
    pub terms: BTreeSet<Term>,
    /// What is said right before the telling quote is about.
    pub around: BTreeSet<Term>,
    /// The content words of both.
    pub stems: BTreeSet<u32>,
    /// What it puts a number to.
    pub values: Vec<Value>,
    /// Hours and days of a service.
    pub hours: Hours,
    /// How it is said.
    pub said: Said,
    /// The side that owes it, where known.
    pub owed_by: Option<Side>,
}

impl Promise {
    /// The commitment of `item`, whose other attributes are `commitment`.
    pub(super) fn of(item: &Item, commitment: &Commitment, sources: &[DealSource], stemmer: &Stemmer) -> Self {
        let said: Vec<&Citation> = item.cited(QuoteRole::Support).collect();
        let due: Option<Date> = commitment.due.as_deref().and_then(|due| due.parse().ok());
        let said_on = said.first().and_then(|citation| date_of(citation, sources));
        let said_on = said_on.or(due);
        let mut texts = vec![item.statement.as_str()];
        texts.extend(said.iter().map(|citation| citation.quote()).filter(|quote| *quote != item.statement));
        let text = texts.join(" ");
        let before = said.first().and_then(|citation| quoted(citation, sources)).map(|quoted| quoted.before);
        Self {
            terms: stemmer.terms(&text),
            around: stemmer.terms(&before.unwrap_or_default()),
            stems: stemmer.stems(&text),
            values: values(&texts, due, said_on, stemmer),
            hours: texts.iter().rev().fold(Hours::default(), |all, text| Hours::of(text).or(all)),
            said: Said::of(&text, stemmer),
            owed_by: commitment.owed_by,
            text,
        }
    }

    /// What its values are about.
    pub(super) fn subject(&self) -> Subject<'_> {
        Subject { values: &self.values, stems: &self.stems }
    }
}

/// The day of the source, else of the first one in the deal that tells its own: dates without a year need one nearby.
fn date_of(citation: &Citation, sources: &[DealSource]) -> Option<Date> {
    let own = sources.iter().find(|source| source.is_cited_by(citation)).and_then(DealSource::date);
    own.or_else(|| sources.iter().find_map(DealSource::date))
}

/// The values of all texts, each of them once, and the day it is due where no text names it.
fn values(texts: &[&str], due: Option<Date>, said_on: Option<Date>, stemmer: &Stemmer) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    let due = due.map(Value::day);
    for value in texts.iter().flat_map(|text| values_in(text, said_on, stemmer)) {
        let known = values.iter().any(|own| own.same(&value));
        if !known {
            values.push(value);
        }
    }
    let other_day = |due: &Value| !values.iter().any(|own| own.measure == Measure::Day && own.same_amount(due));
    if let Some(due) = due.filter(other_day) {
        values.insert(0, due);
    }
    values
}
