//! The `baton.audit/1` document.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::ledger::{Entry, in_order};
use crate::cli::files::LeftOut;
use crate::domain::aftermath::Repeat;
use crate::domain::field::Field;
use crate::domain::item::Item;
use crate::domain::scorecard::Scorecard;
use crate::engine::EngineIdentity;
use crate::patterns::{FieldCount, MIN_DEALS, PartPattern, part_patterns};
use crate::post_sale::{Aftermath, Parted};

/// The name and version of the document.
pub(super) const AUDIT_SCHEMA: &str = "baton.audit/1";

/// What an audit of closed deals says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct AuditDocument {
    /// Always [`AUDIT_SCHEMA`].
    pub schema: &'static str,
    /// The engine that read.
    pub engine: EngineIdentity,
    /// The deals.
    pub deals: Vec<DealAudit>,
    /// Deals that could not be read.
    pub not_read: Vec<NotRead>,
    /// What stands out over the deals; none over fewer than three.
    pub patterns: Option<Patterns>,
    /// Every promise, unwritten firm ones first.
    pub ledger: Vec<Entry>,
}

/// A deal that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct NotRead {
    /// The deal.
    pub deal: String,
    /// Why.
    pub reason: String,
}

impl NotRead {
    /// The deal with the whole chain of what went wrong.
    pub(super) fn because(deal: String, error: &anyhow::Error) -> Self {
        Self { deal, reason: format!("{error:#}") }
    }
}

/// One deal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct DealAudit {
    /// What it is called.
    pub deal: String,
    /// The day on which the sale ended: that of the contract, else of the last thing said before what came after it.
    pub closed_on: Option<Date>,
    /// Files from before the sale's end.
    pub sources: usize,
    /// Files from after it.
    pub post_sale_sources: Vec<String>,
    /// Files that could not be used.
    pub left_out: Vec<FileLeftOut>,
    /// The five parts. Nothing in files answers `transition`: it stays unclear.
    pub scorecard: Scorecard,
    /// Core fields that the record answers.
    pub answered: Vec<Field>,
    /// Core fields of which it says nothing.
    pub unknown: Vec<Field>,
    /// Questions that the vendor's side asked after the sale.
    pub questions: usize,
    /// Those that the customer had answered before it.
    pub repeats: Vec<Repeat>,
    /// Its promises; the document has them in the ledger.
    #[serde(skip)]
    pub promises: Vec<Entry>,
}

/// A file that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct FileLeftOut {
    /// Its name.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// What stands out over deals; never by seller.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Patterns {
    /// How clear each part of the scorecard is; without `transition`, which files cannot answer.
    pub parts: Vec<PartPattern>,
    /// Core fields that stay unknown, most often first.
    pub unknown: Vec<FieldCount>,
    /// Standing promises by what the contract says of them.
    pub contract: BTreeMap<String, usize>,
    /// Standing promises by what became of them.
    pub outcomes: BTreeMap<String, usize>,
    /// Questions after the sale, and those that had been answered before.
    pub asked_again: AskedAgain,
}

/// How often customers were asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct AskedAgain {
    /// Deals with files from after the sale.
    pub deals: usize,
    /// Of these, deals in which something was asked again.
    pub deals_with_repeats: usize,
    /// Questions.
    pub questions: usize,
    /// Of these, answered before.
    pub repeated: usize,
}

impl DealAudit {
    pub(super) fn new(deal: String, parted: &Parted, left_out: Vec<LeftOut>, items: &[Item], after: Aftermath) -> Self {
        let answers = |field: &Field| items.iter().any(|item| item.field() == *field);
        let (answered, unknown) = Field::core().partition(answers);
        Self {
            closed_on: parted.ended_on(),
            sources: parted.sale.len(),
            post_sale_sources: parted.after.iter().map(|source| source.name.clone()).collect(),
            left_out: left_out.into_iter().map(|one| FileLeftOut { file: one.name, reason: one.reason }).collect(),
            scorecard: Scorecard::of(items),
            answered,
            unknown,
            promises: Entry::of_deal(&deal, items, &after.fulfilments),
            questions: after.questions,
            repeats: after.repeats,
            deal,
        }
    }
}

impl AuditDocument {
    pub(super) fn new(engine: EngineIdentity, mut deals: Vec<DealAudit>, not_read: Vec<NotRead>) -> Self {
        let promises = deals.iter_mut().flat_map(|deal| std::mem::take(&mut deal.promises)).collect();
        let ledger = in_order(promises);
        let patterns = (deals.len() >= MIN_DEALS).then(|| Patterns::of(&deals, &ledger));
        Self { schema: AUDIT_SCHEMA, engine, deals, not_read, patterns, ledger }
    }
}

impl Patterns {
    fn of(deals: &[DealAudit], ledger: &[Entry]) -> Self {
        let cards: Vec<_> = deals.iter().map(|deal| deal.scorecard.answers()).collect();
        let count = |field: Field| deals.iter().filter(|deal| deal.unknown.contains(&field)).count();
        let counts = Field::core().map(|field| FieldCount { field, handoffs: count(field) });
        let mut unknown: Vec<FieldCount> = counts.filter(|count| count.handoffs > 0).collect();
        unknown.sort_by_key(|count| std::cmp::Reverse(count.handoffs));
        let (mut contract, mut outcomes) = (BTreeMap::new(), BTreeMap::new());
        for entry in ledger.iter().filter(|entry| entry.stands()) {
            *contract.entry(entry.contract_word().to_owned()).or_insert(0) += 1;
            *outcomes.entry(entry.outcome_word().to_owned()).or_insert(0) += 1;
        }
        let after = || deals.iter().filter(|deal| !deal.post_sale_sources.is_empty());
        Self {
            parts: part_patterns(&cards).into_iter().filter(|part| part.part != "transition").collect(),
            unknown,
            contract,
            outcomes,
            asked_again: AskedAgain {
                deals: after().count(),
                deals_with_repeats: after().filter(|deal| !deal.repeats.is_empty()).count(),
                questions: after().map(|deal| deal.questions).sum(),
                repeated: after().map(|deal| deal.repeats.len()).sum(),
            },
        }
    }
}
