//! `ledger`.

use std::fmt::Write as _;

use rmcp::schemars::{self, JsonSchema};
use serde::Serialize;
use serde_json::Value;

use super::filters::Page;
use super::{Words, deal_link, more, word};
use crate::access::Caller;
use crate::app::App;
use crate::domain::transcript::Side;
use crate::error::Error;
use crate::ledger::{self, LedgerEntry};
use crate::mcp::page::fitting;
use crate::mcp::quote::{NOTICE, Named};
use crate::mcp::tool::Told;

pub(super) const NAME: &str = "ledger";
pub(super) const TITLE: &str = "Promises of every deal";
pub(super) const ABOUT: &str = "The promises of every deal you may see, with what the signed contract says of each, what became of it, the \
     words it rests on and the contract's clause; and counts over the whole selection. Filters hold together: contract=unwritten, \
     strength=firm, outcome=open, due_within=60 lists what no contract carries and is due soon. For one deal's promises with all \
     their words, use list_commitments.";

/// What `ledger` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Output {
    /// The promises, in the order that was asked for.
    promises: Vec<PromiseOut>,
    /// Counts over the whole selection, not only this part: promises, deals, their amounts, by contract and strength, by outcome.
    totals: Value,
    /// Give it as `cursor` to read on; absent at the end.
    next_cursor: Option<String>,
    /// How to take the words of the record.
    notice: &'static str,
}

/// A promise. What is not known is absent, never guessed.
#[derive(Debug, Serialize, JsonSchema)]
struct PromiseOut {
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
    /// What it is about.
    category: Option<String>,
    /// The condition, as said.
    condition: Option<String>,
    /// When it is due, as said or as a day.
    due: Option<String>,
    /// The day it is due, where the words name one.
    due_on: Option<String>,
    /// What the contract says: written, contradicted, unwritten or `no_contract`.
    contract: Option<String>,
    /// Whether it is the last word on what it promises: current or replaced.
    standing: String,
    /// The newer word that took its place.
    replaced_by: Option<String>,
    /// What became of it: kept, late, broken or renegotiated; absent where nobody said.
    outcome: Option<String>,
    /// The deal's id.
    deal_id: String,
    /// The deal's name.
    deal: String,
    /// The account's id.
    account_id: String,
    /// The account's name.
    account: String,
    /// The account executive.
    owner: Option<String>,
    /// The deal's amount, as a decimal.
    amount: Option<String>,
    /// The currency of the amount.
    currency: Option<String>,
    /// When the deal was won.
    closed_at: Option<String>,
    /// The words it rests on, and the contract's clause.
    words: Vec<Words>,
    /// The deal in Baton's pages.
    link: String,
}

pub(super) async fn run(app: &App, caller: &Caller, input: Page) -> Result<Told<Output>, Error> {
    let (filter, sort, cursor, mut limit) = input.read(app.clock.now())?;
    let (promises, next_cursor) = loop {
        let page = ledger::page(app, caller, &filter, sort, cursor, limit).await?;
        let promises: Vec<PromiseOut> = page.entries.iter().map(|entry| told(app, entry)).collect();
        let (fit, more) = fitting(&promises, 0, PromiseOut::chars);
        if more.is_none() {
            break (promises, page.next_cursor);
        }
        // The next part begins behind the last one that fits.
        limit = u32::try_from(fit.len()).unwrap_or(limit);
    };
    let totals = ledger::totals(app, caller, &filter).await?;
    let counted = format!("{} of {} promises in {} deals", promises.len(), totals.promises, totals.deals);
    let totals = serde_json::to_value(totals).map_err(|error| Error::Internal(error.into()))?;
    let output = Output { promises, totals, next_cursor, notice: NOTICE };
    let text = text(&counted, &output);
    Ok(Told::new(output, text))
}

fn told(app: &App, entry: &LedgerEntry) -> PromiseOut {
    let (promise, deal) = (&entry.attributes, &entry.deal);
    PromiseOut {
        id: entry.id.to_string(),
        statement: entry.statement.clone(),
        state: word(&entry.state),
        attested_by: entry.attested_by.clone(),
        owed_by: promise.owed_by.map(Side::as_str),
        strength: promise.strength.as_ref().map(word),
        category: promise.category.as_ref().map(word),
        condition: promise.condition.clone(),
        due: promise.due.clone(),
        due_on: entry.due_on.map(|day| day.to_string()),
        contract: promise.contract.as_ref().map(word),
        standing: word(&entry.standing),
        replaced_by: entry.replaced_by.as_ref().map(|newer| newer.statement.clone()),
        outcome: entry.outcome.as_ref().map(|told| word(&told.outcome)),
        deal_id: deal.id.to_string(),
        deal: deal.name.clone(),
        account_id: entry.account.id.to_string(),
        account: entry.account.name.clone(),
        owner: deal.owner.clone(),
        amount: deal.amount.clone(),
        currency: deal.currency.clone(),
        closed_at: deal.closed_at.map(|at| at.to_string()),
        words: [&entry.said, &entry.clause].into_iter().flatten().map(|words| Words::of(app, words)).collect(),
        link: deal_link(app, &deal.id),
    }
}

impl PromiseOut {
    /// How much room it takes, roughly: its own words, and some for the names of things.
    fn chars(&self) -> usize {
        let words: usize = self.words.iter().map(|words| words.quote.chars().count() + 200).sum();
        let newer = self.replaced_by.as_ref().map_or(0, |newer| newer.chars().count());
        self.statement.chars().count() + newer + words + 400
    }
}

fn text(counted: &str, found: &Output) -> String {
    let mut text = format!("{counted}. {NOTICE}\n");
    for promise in &found.promises {
        let known = [
            ("owed by", promise.owed_by),
            ("strength", promise.strength.as_deref()),
            ("contract", promise.contract.as_deref()),
            ("outcome", promise.outcome.as_deref()),
        ];
        let _ = write!(text, "\n- {} ({}, {}", Named(&promise.statement), promise.state, promise.standing);
        for (label, value) in known.into_iter().filter_map(|(label, value)| Some((label, value?))) {
            let _ = write!(text, ", {label}: {value}");
        }
        for (label, value) in
            [("due", &promise.due), ("replaced by", &promise.replaced_by), ("attested by", &promise.attested_by)]
        {
            if let Some(value) = value {
                let _ = write!(text, ", {label} {}", Named(value));
            }
        }
        let _ = writeln!(text, ") in {} ({}) of {}", Named(&promise.deal), promise.deal_id, Named(&promise.account));
        for words in &promise.words {
            words.write(&mut text);
        }
    }
    text.push_str(&more(found.next_cursor.as_deref()));
    text
}
