//! `contradictions`.

use std::fmt::Write as _;

use rmcp::schemars::{self, JsonSchema};
use serde::Serialize;

use super::filters::Page;
use super::{Words, deal_link, more, word};
use crate::access::Caller;
use crate::app::App;
use crate::error::Error;
use crate::ledger::LedgerEntry;
use crate::ledger::contradictions::{Contradiction, Word, contradictions};
use crate::mcp::page::fitting;
use crate::mcp::quote::{NOTICE, Named};
use crate::mcp::tool::Told;

pub(super) const NAME: &str = "contradictions";
pub(super) const TITLE: &str = "What stands against promises";
pub(super) const ABOUT: &str = "What stands against the promises of every deal you may see: a newer word took a promise's place \
     (superseded), it was taken back (withdrawn), or a clause of the signed contract says otherwise (contract); with the words of \
     both. The filters are those of ledger: against=calls or against=contract keeps one side only. limit counts promises, each of \
     which can have two.";

/// What `contradictions` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Output {
    /// The contradictions, in the order of their promises; both of one promise stand in the same part.
    contradictions: Vec<ContradictionOut>,
    /// Give it as `cursor` to read on; absent at the end.
    next_cursor: Option<String>,
    /// How to take the words of the record.
    notice: &'static str,
}

/// A promise and what stands against it.
#[derive(Debug, Serialize, JsonSchema)]
struct ContradictionOut {
    /// What stands against it: superseded, withdrawn or contract.
    kind: String,
    /// The promise.
    promise: PromiseOut,
    /// The word against it.
    against: AgainstOut,
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
    /// The deal's id.
    deal_id: String,
    /// The deal's name.
    deal: String,
    /// The account's id.
    account_id: String,
    /// The account's name.
    account: String,
    /// The words it rests on.
    words: Option<Words>,
    /// The deal in Baton's pages.
    link: String,
}

/// A word against a promise.
#[derive(Debug, Serialize, JsonSchema)]
struct AgainstOut {
    /// The newer promise's id, where one took its place.
    id: Option<String>,
    /// What that one says.
    statement: Option<String>,
    /// The words, or the contract's clause; absent where the record holds none.
    words: Option<Words>,
}

pub(super) async fn run(app: &App, caller: &Caller, input: Page) -> Result<Told<Output>, Error> {
    let (filter, sort, cursor, mut limit) = input.read(app.clock.now())?;
    let (contradictions, next_cursor) = loop {
        let page = contradictions(app, caller, &filter, sort, cursor, limit).await?;
        let of_promises = page.contradictions.chunk_by(|one, next| one.promise.id == next.promise.id);
        let told = |pairs: &[Contradiction]| pairs.iter().map(|pair| told(app, pair)).collect();
        let promises: Vec<Vec<ContradictionOut>> = of_promises.map(told).collect();
        let (fit, more) = fitting(&promises, 0, |pairs| pairs.iter().map(ContradictionOut::chars).sum());
        if more.is_none() {
            break (promises.into_iter().flatten().collect(), page.next_cursor);
        }
        // The next part begins behind the last promise that fits with all that stands against it.
        limit = u32::try_from(fit.len()).unwrap_or(limit);
    };
    let output = Output { contradictions, next_cursor, notice: NOTICE };
    let text = text(&output);
    Ok(Told::new(output, text))
}

fn told(app: &App, pair: &Contradiction) -> ContradictionOut {
    ContradictionOut {
        kind: word(&pair.kind),
        promise: promise(app, &pair.promise),
        against: against(app, &pair.against),
    }
}

fn promise(app: &App, entry: &LedgerEntry) -> PromiseOut {
    PromiseOut {
        id: entry.id.to_string(),
        statement: entry.statement.clone(),
        state: word(&entry.state),
        attested_by: entry.attested_by.clone(),
        deal_id: entry.deal.id.to_string(),
        deal: entry.deal.name.clone(),
        account_id: entry.account.id.to_string(),
        account: entry.account.name.clone(),
        words: entry.said.as_ref().map(|words| Words::of(app, words)),
        link: deal_link(app, &entry.deal.id),
    }
}

fn against(app: &App, against: &Word) -> AgainstOut {
    AgainstOut {
        id: against.item.as_ref().map(ToString::to_string),
        statement: against.statement.clone(),
        words: against.said.as_ref().map(|words| Words::of(app, words)),
    }
}

impl ContradictionOut {
    /// How much room it takes, roughly: its own words, and some for the names of things.
    fn chars(&self) -> usize {
        let words = [&self.promise.words, &self.against.words].into_iter().flatten();
        let words: usize = words.map(|words| words.quote.chars().count() + 200).sum();
        let newer = self.against.statement.as_ref().map_or(0, |newer| newer.chars().count());
        self.promise.statement.chars().count() + newer + words + 400
    }
}

fn text(found: &Output) -> String {
    let mut text = format!("{} contradictions. {NOTICE}\n", found.contradictions.len());
    for ContradictionOut { kind, promise, against } in &found.contradictions {
        let _ = write!(text, "\n- {kind}: {} ({}", Named(&promise.statement), promise.state);
        if let Some(person) = &promise.attested_by {
            let _ = write!(text, ", attested by {}", Named(person));
        }
        let _ = writeln!(text, ") in {} ({}) of {}", Named(&promise.deal), promise.deal_id, Named(&promise.account));
        promise.words.iter().for_each(|words| words.write(&mut text));
        let says = match (&against.statement, &against.words) {
            (Some(newer), _) => Named(newer).to_string(),
            (None, Some(_)) => "these words".to_owned(),
            (None, None) => "no words of the record".to_owned(),
        };
        let _ = writeln!(text, "  against it: {says}");
        against.words.iter().for_each(|words| words.write(&mut text));
    }
    text.push_str(&more(found.next_cursor.as_deref()));
    text
}
