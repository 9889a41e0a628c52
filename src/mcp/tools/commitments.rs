//! `list_commitments`.

use std::fmt::Write as _;

use rmcp::schemars::{self, JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::{Words, more, one_of, word};
use crate::access::Caller;
use crate::app::App;
use crate::domain::finding::{Commitment, ContractStatus, Finding, Strength};
use crate::domain::ids::DealId;
use crate::domain::item::Item;
use crate::domain::transcript::Side;
use crate::error::Error;
use crate::mcp::page::{begin, cursor, fitting};
use crate::mcp::quote::{NOTICE, Named};
use crate::mcp::tool::Told;
use crate::review;

pub(super) const NAME: &str = "list_commitments";
pub(super) const TITLE: &str = "List commitments";
pub(super) const ABOUT: &str = "What was promised in a deal, by whom, how firmly, by when, and what the signed contract says of it \
     (written, contradicted, unwritten, no_contract), each with the words it rests on. Drafted ones are an engine's findings \
     that nobody has decided on yet; rejected ones are left out.";

/// Arguments of `list_commitments`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The deal's id.
    #[schemars(with = "String", example = &"deal_01981f2e7c3b7d4e8a5f6b1c2d3e4f50")]
    deal: DealId,
    /// Only those of which the contract says this.
    #[serde(default)]
    #[schemars(schema_with = "contract", example = &"unwritten")]
    contract: Option<ContractStatus>,
    /// Only those that are this binding.
    #[serde(default)]
    #[schemars(schema_with = "strength", example = &"firm")]
    strength: Option<Strength>,
    /// Only those that this side owes.
    #[serde(default)]
    #[schemars(schema_with = "side", example = &"vendor")]
    owed_by: Option<Side>,
    /// The `next_cursor` of the answer before.
    cursor: Option<String>,
}

fn contract(_: &mut SchemaGenerator) -> Schema {
    one_of(ContractStatus::ALL)
}

fn strength(_: &mut SchemaGenerator) -> Schema {
    one_of(Strength::ALL)
}

fn side(_: &mut SchemaGenerator) -> Schema {
    one_of(&[Side::Vendor, Side::Customer, Side::Unknown])
}

/// What `list_commitments` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Output {
    /// The deal's id.
    deal_id: String,
    /// The commitments.
    commitments: Vec<CommitmentOut>,
    /// How many match, in all parts of the answer.
    total: usize,
    /// Give it as `cursor` to read on; absent at the end.
    next_cursor: Option<String>,
    /// How to take the words of the record.
    notice: &'static str,
}

/// A commitment. What is not known is absent, never guessed.
#[derive(Debug, Serialize, JsonSchema)]
struct CommitmentOut {
    /// Its id.
    id: String,
    /// What is promised.
    statement: String,
    /// Whether a person stands behind it: drafted or approved.
    state: String,
    /// Who attests it from memory, where no words of the record carry it.
    attested_by: Option<String>,
    /// The side that will do it.
    owed_by: Option<&'static str>,
    /// How binding the words are: firm, conditional, soft, implied or roadmap.
    strength: Option<String>,
    /// The condition, as said.
    condition: Option<String>,
    /// ISO 8601 date where it can be told, else the words.
    due: Option<String>,
    /// What it is about.
    category: Option<String>,
    /// What became of it over the calls: made, repeated, changed, withdrawn or superseded.
    history: Option<String>,
    /// The commitment whose newer word took its place.
    superseded_by: Option<String>,
    /// What the contract says: written, contradicted, unwritten or `no_contract`.
    contract: Option<String>,
    /// The words it rests on, and the contract's clause.
    words: Vec<Words>,
}

pub(super) async fn run(app: &App, caller: &Caller, input: Input) -> Result<Told<Output>, Error> {
    let current = review::current_draft(app, caller, &input.deal).await?;
    let wanted = |promise: &Commitment| {
        input.contract.is_none_or(|status| promise.contract == Some(status))
            && input.strength.is_none_or(|strength| promise.strength == Some(strength))
            && input.owed_by.is_none_or(|side| promise.owed_by.unwrap_or_default() == side)
    };
    let told = |item: &Item| match &item.finding {
        Finding::Commitment(promise) if item.stands() && wanted(promise) => Some(told(app, item, promise)),
        _ => None,
    };
    let mut all: Vec<CommitmentOut> = current.document.items.iter().filter_map(told).collect();
    let total = all.len();
    let at = begin(input.cursor.as_deref(), current.deal.revision)?;
    let (range, next) = fitting(&all, at, CommitmentOut::chars);
    let commitments: Vec<CommitmentOut> = all.drain(range).collect();
    let next_cursor = next.map(|at| cursor(current.deal.revision, at));
    let output = Output { deal_id: input.deal.to_string(), commitments, total, next_cursor, notice: NOTICE };
    let text = text(&output);
    Ok(Told::new(output, text))
}

fn told(app: &App, item: &Item, promise: &Commitment) -> CommitmentOut {
    CommitmentOut {
        id: item.id.to_string(),
        statement: item.statement.clone(),
        state: word(&item.state),
        attested_by: item.attested_by.clone(),
        owed_by: promise.owed_by.map(Side::as_str),
        strength: promise.strength.as_ref().map(word),
        condition: promise.condition.clone(),
        due: promise.due.clone(),
        category: promise.category.as_ref().map(word),
        history: promise.history.as_ref().map(word),
        superseded_by: promise.superseded_by.clone(),
        contract: promise.contract.as_ref().map(word),
        words: item.citations.iter().map(|citation| Words::of(app, citation)).collect(),
    }
}

impl CommitmentOut {
    /// How much room it takes, roughly: its own words, and some for the names of things.
    fn chars(&self) -> usize {
        let words: usize = self.words.iter().map(|words| words.quote.chars().count() + 200).sum();
        self.statement.chars().count() + words + 200
    }
}

fn text(found: &Output) -> String {
    let mut text = format!("{} of {} commitments. {NOTICE}\n", found.commitments.len(), found.total);
    for promise in &found.commitments {
        let known = [
            ("owed by", promise.owed_by),
            ("strength", promise.strength.as_deref()),
            ("contract", promise.contract.as_deref()),
            ("history", promise.history.as_deref()),
        ];
        let _ = write!(text, "\n- {} ({}", Named(&promise.statement), promise.state);
        for (label, value) in known.into_iter().filter_map(|(label, value)| Some((label, value?))) {
            let _ = write!(text, ", {label}: {value}");
        }
        for (label, value) in
            [("due", &promise.due), ("condition", &promise.condition), ("attested by", &promise.attested_by)]
        {
            if let Some(value) = value {
                let _ = write!(text, ", {label} {}", Named(value));
            }
        }
        text.push_str(")\n");
        for words in &promise.words {
            words.write(&mut text);
        }
    }
    text.push_str(&more(found.next_cursor.as_deref()));
    text
}
