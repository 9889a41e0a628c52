//! The ledger: every promise of the deals, with what the contract says of it and what became of it.

use anyhow::anyhow;
use serde::Serialize;

use crate::domain::finding::{ContractStatus, Finding, History, Strength};
use crate::domain::item::Item;
use crate::domain::transcript::Side;
use crate::domain::vocabulary::Outcome;
use crate::engine::QuoteRole;
use crate::ground::Citation;
use crate::ledger::export::csv::harmless;
use crate::post_sale::Fulfilment;
use crate::render::view::moment;

/// One promise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Entry {
    /// The account.
    pub account: String,
    /// What was promised.
    pub statement: String,
    /// Who owes it, where known.
    pub owed_by: Option<Side>,
    /// How binding the words are.
    pub strength: Option<Strength>,
    /// ISO 8601 date where it can be told, else the words.
    pub due: Option<String>,
    /// What became of it over the calls.
    pub history: Option<History>,
    /// What the contract says.
    pub contract: Option<ContractStatus>,
    /// What became of it after the sale.
    pub outcome: Option<Outcome>,
    /// The words it rests on.
    pub said: Option<Citation>,
    /// The words that tell what became of it.
    pub told: Option<Citation>,
}

impl Entry {
    /// The promises among a deal's items.
    pub(super) fn of_deal(account: &str, items: &[Item], fulfilments: &[Fulfilment]) -> Vec<Self> {
        let entry = |item: &Item| {
            let Finding::Commitment(promise) = &item.finding else { return None };
            let told = fulfilments.iter().find(|told| told.item == item.id);
            Some(Self {
                account: account.to_owned(),
                statement: item.statement.clone(),
                owed_by: promise.owed_by,
                strength: promise.strength,
                due: promise.due.clone(),
                history: promise.history,
                contract: promise.contract,
                outcome: told.map(|told| told.outcome),
                said: item.cited(QuoteRole::Support).next().cloned(),
                told: told.map(|told| told.citation.clone()),
            })
        };
        items.iter().filter_map(entry).collect()
    }

    /// Whether no newer word took its place and nobody took it back.
    pub(super) fn stands(&self) -> bool {
        !self.history.is_some_and(History::is_past)
    }

    /// Firm, and in no clause.
    pub(super) fn is_unwritten_and_firm(&self) -> bool {
        self.contract == Some(ContractStatus::Unwritten) && self.strength == Some(Strength::Firm)
    }

    /// What the contract says, in a word.
    pub(super) const fn contract_word(&self) -> &'static str {
        match self.contract {
            Some(ContractStatus::Written) => "written",
            Some(ContractStatus::Contradicted) => "contradicted",
            Some(ContractStatus::Unwritten) => "unwritten",
            Some(ContractStatus::NoContract) | None => "no contract",
        }
    }

    /// What became of it, in a word.
    pub(super) const fn outcome_word(&self) -> &'static str {
        match self.outcome {
            Some(Outcome::Kept) => "kept",
            Some(Outcome::Late) => "late",
            Some(Outcome::Broken) => "broken",
            Some(Outcome::Renegotiated) => "renegotiated",
            None => "not told",
        }
    }

    /// How binding the words are, in a word.
    pub(super) const fn strength_word(&self) -> &'static str {
        match self.strength {
            Some(Strength::Firm) => "firm",
            Some(Strength::Conditional) => "conditional",
            Some(Strength::Soft) => "soft",
            Some(Strength::Implied) => "implied",
            Some(Strength::Roadmap) => "roadmap",
            None => "",
        }
    }

    /// Who owes it, in a word.
    pub(super) fn owner_word(&self) -> &'static str {
        self.owed_by.filter(|side| *side != Side::Unknown).map_or("", Side::as_str)
    }
}

/// Standing promises first; of these the unwritten firm ones, then by what the contract says and how binding they are.
pub(super) fn in_order(mut entries: Vec<Entry>) -> Vec<Entry> {
    let contract = |entry: &Entry| match entry.contract {
        Some(ContractStatus::Unwritten) => 0,
        Some(ContractStatus::Contradicted) => 1,
        Some(ContractStatus::NoContract) | None => 2,
        Some(ContractStatus::Written) => 3,
    };
    entries.sort_by_cached_key(|entry| {
        let first = !entry.is_unwritten_and_firm();
        (!entry.stands(), first, contract(entry), entry.strength, entry.account.clone(), entry.due.clone())
    });
    entries
}

/// Where words stand: `03-call.vtt, 12:40`.
pub(super) fn place(citation: &Citation) -> String {
    let when = moment(citation.start_ms(), citation.precision(), citation.turn());
    format!("{}, {when}", citation.source())
}

const COLUMNS: [&str; 15] = [
    "account",
    "statement",
    "owed_by",
    "strength",
    "due",
    "history",
    "contract",
    "outcome",
    "source",
    "moment",
    "speaker",
    "quote",
    "outcome_source",
    "outcome_moment",
    "outcome_quote",
];

/// The ledger as CSV.
pub(super) fn csv(ledger: &[Entry]) -> anyhow::Result<Vec<u8>> {
    let mut lines = csv::Writer::from_writer(Vec::new());
    lines.write_record(COLUMNS)?;
    for entry in ledger {
        lines.write_record(row(entry).map(harmless))?;
    }
    lines.into_inner().map_err(|error| anyhow!("{error}"))
}

fn row(entry: &Entry) -> [String; 15] {
    let history = serde_json::to_value(entry.history).unwrap_or_default();
    let [source, when, quote] = cited(entry.said.as_ref());
    let [outcome_source, outcome_moment, outcome_quote] = cited(entry.told.as_ref());
    let speaker = entry.said.as_ref().and_then(Citation::speaker).unwrap_or_default();
    [
        entry.account.clone(),
        entry.statement.clone(),
        entry.owner_word().to_owned(),
        entry.strength_word().to_owned(),
        entry.due.clone().unwrap_or_default(),
        history.as_str().unwrap_or_default().to_owned(),
        entry.contract_word().to_owned(),
        entry.outcome.map_or("", |_| entry.outcome_word()).to_owned(),
        source,
        when,
        speaker.to_owned(),
        quote,
        outcome_source,
        outcome_moment,
        outcome_quote,
    ]
}

fn cited(citation: Option<&Citation>) -> [String; 3] {
    citation.map_or_else(Default::default, |citation| {
        let when = moment(citation.start_ms(), citation.precision(), citation.turn());
        [citation.source().to_owned(), when, citation.quote().to_owned()]
    })
}
