//! `client_dna`.

use std::fmt::Write as _;

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Words, more, word};
use crate::access::Caller;
use crate::app::App;
use crate::dna::{self, Basis, ClientDna, DnaDeal, DnaEvent, DnaLine, DnaPhrase, Section};
use crate::domain::ids::{AccountId, DealId};
use crate::error::Error;
use crate::mcp::page::{begin, cursor, fitting, stamp};
use crate::mcp::quote::{NOTICE, Named};
use crate::mcp::tool::Told;

pub(super) const NAME: &str = "client_dna";
pub(super) const TITLE: &str = "Who the customer is";
pub(super) const ABOUT: &str = "The customer's profile, of one deal or of an account over all of its deals you may see: goals, challenges, \
     wins, what moved them, people, how they decide, how they like to be talked to, open promises, their own words and the \
     history; every line with the words it rests on or who attests it. Drafted lines nobody has decided on yet. Notes about \
     persons are told to those only who may see them.";

/// Arguments of `client_dna`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The deal's id; in place of an account.
    #[schemars(with = "Option<String>", example = &"deal_01981f2e7c3b7d4e8a5f6b1c2d3e4f50")]
    deal: Option<DealId>,
    /// The account's id; in place of a deal.
    #[schemars(with = "Option<String>", example = &"acc_01981f2e7c3b7d4e8a5f6b1c2d3e4f50")]
    account: Option<AccountId>,
    /// The `next_cursor` of the answer before.
    cursor: Option<String>,
}

/// What `client_dna` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Output {
    /// The account's name.
    account: String,
    /// The deals it is of.
    deals: Vec<DealOut>,
    /// The lines, section by section.
    lines: Vec<LineOut>,
    /// How many there are, in all parts of the answer.
    total: usize,
    /// Give it as `cursor` to read on; absent at the end.
    next_cursor: Option<String>,
    /// How to take the words of the record.
    notice: &'static str,
}

/// A deal.
#[derive(Debug, Serialize, JsonSchema)]
struct DealOut {
    /// The deal's id.
    id: Option<String>,
    /// Its name.
    name: String,
}

/// A line of the profile. What is not known is absent, never guessed.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct LineOut {
    /// Goals, challenges, wins, `what_moved_them`, people, decisions, conversation, `open_promises`, `own_words` or history.
    section: String,
    /// What it says; a phrase of theirs; what happened.
    text: String,
    /// The item's id, where it is one.
    id: Option<String>,
    /// Whether a person stands behind it: drafted or approved.
    state: Option<String>,
    /// What is known of it, by name.
    attributes: Option<Map<String, Value>>,
    /// Who attests it from memory, where no words of the record carry it.
    attested_by: Option<String>,
    /// What became of a promise: kept, late, broken or renegotiated.
    outcome: Option<String>,
    /// How often their side says the phrase.
    times: Option<u32>,
    /// The day of the event.
    on: Option<String>,
    /// What an event rests on, where that is no words: a file, or an entry of the log.
    basis: Option<String>,
    /// The ids of the deals it is from, in the profile of an account.
    deals: Vec<String>,
    /// The words it rests on.
    words: Vec<Words>,
}

pub(super) async fn run(app: &App, caller: &Caller, input: Input) -> Result<Told<Output>, Error> {
    let profile = match (&input.deal, &input.account) {
        (Some(deal), None) => dna::of_deal(app, caller, deal).await?,
        (None, Some(account)) => dna::of_account(app, caller, account).await?,
        _ => return Err(Error::Invalid("give a deal or an account, one of the two".to_owned())),
    };
    let stamp = stamp(&profile)?;
    let mut all = lines(app, &profile);
    let total = all.len();
    let at = begin(input.cursor.as_deref(), stamp)?;
    let (range, next) = fitting(&all, at, LineOut::chars);
    let lines: Vec<LineOut> = all.drain(range).collect();
    let output = Output {
        account: profile.account,
        deals: profile.deals.into_iter().map(|DnaDeal { id, name }| DealOut { id, name }).collect(),
        lines,
        total,
        next_cursor: next.map(|at| cursor(stamp, at)),
        notice: NOTICE,
    };
    let text = text(&output);
    Ok(Told::new(output, text))
}

fn lines(app: &App, profile: &ClientDna) -> Vec<LineOut> {
    let of_items = profile.sections().into_iter().flat_map(|(section, lines)| {
        let section = word(&section);
        lines.iter().map(move |line| of_item(app, section.clone(), line))
    });
    let phrases = profile.own_words.iter().map(|phrase| of_phrase(app, phrase));
    let events = profile.history.iter().map(|event| of_event(app, event));
    of_items.chain(phrases).chain(events).collect()
}

fn ids(deals: &[DnaDeal]) -> Vec<String> {
    deals.iter().filter_map(|deal| deal.id.clone()).collect()
}

fn of_item(app: &App, section: String, line: &DnaLine) -> LineOut {
    let item = &line.item;
    LineOut {
        section,
        text: item.statement.clone(),
        id: Some(item.id.clone()),
        state: Some(word(&item.state)),
        attributes: Some(item.attributes()),
        attested_by: item.attested_by.clone(),
        outcome: line.outcome.as_ref().map(word),
        deals: ids(&line.deals),
        words: item.citations.iter().map(|citation| Words::told(app, citation)).collect(),
        ..LineOut::default()
    }
}

fn of_phrase(app: &App, phrase: &DnaPhrase) -> LineOut {
    LineOut {
        section: word(&Section::OwnWords),
        text: phrase.words.clone(),
        times: Some(phrase.times),
        deals: ids(&phrase.deals),
        words: vec![Words::told(app, &phrase.citation)],
        ..LineOut::default()
    }
}

fn of_event(app: &App, event: &DnaEvent) -> LineOut {
    let (basis, words) = match &event.basis {
        Basis::Source { source, .. } => (Some(source.clone()), None),
        Basis::Citation { citation } => (None, Some(Words::told(app, citation))),
        Basis::Log { seq, action, .. } => (Some(format!("log entry {seq}, {action}")), None),
    };
    LineOut {
        section: word(&Section::History),
        text: event.text.clone(),
        state: event.not_reviewed.then(|| "drafted".to_owned()),
        on: event.on.map(|day| day.to_string()),
        basis,
        deals: ids(&event.deals),
        words: words.into_iter().collect(),
        ..LineOut::default()
    }
}

impl LineOut {
    /// How much room it takes, roughly: its own words, and some for the names of things.
    fn chars(&self) -> usize {
        let words: usize = self.words.iter().map(|words| words.quote.chars().count() + 200).sum();
        let known =
            self.attributes.as_ref().map_or(0, |known| known.values().map(|value| value.to_string().len()).sum());
        self.text.chars().count() + words + known + 200
    }
}

fn text(found: &Output) -> String {
    let mut text = format!("{} of {} lines on {}. {NOTICE}\n", found.lines.len(), found.total, Named(&found.account));
    for deal in &found.deals {
        let _ = writeln!(text, "Deal: {} {}", deal.id.as_deref().unwrap_or_default(), Named(&deal.name));
    }
    let mut section = "";
    for line in &found.lines {
        if line.section != section {
            section = &line.section;
            let _ = writeln!(text, "\n{}:", section.replace('_', " "));
        }
        let _ = write!(text, "- {}", Named(&line.text));
        for (label, value) in [("", &line.state), ("outcome: ", &line.outcome), ("on ", &line.on)] {
            if let Some(value) = value {
                let _ = write!(text, ", {label}{value}");
            }
        }
        for (name, value) in line.attributes.iter().flatten().filter(|(_, value)| !value.is_null()) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let _ = write!(text, ", {name} {}", Named(&value));
        }
        if let Some(times) = line.times {
            let _ = write!(text, ", said {times} times");
        }
        for (label, value) in [("attested by", &line.attested_by), ("from", &line.basis)] {
            if let Some(value) = value {
                let _ = write!(text, ", {label} {}", Named(value));
            }
        }
        text.push('\n');
        line.words.iter().for_each(|words| words.write(&mut text));
    }
    text.push_str(&more(found.next_cursor.as_deref()));
    text
}
