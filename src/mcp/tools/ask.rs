//! `ask`.

use std::fmt::Write as _;

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::access::Caller;
use crate::app::App;
use crate::ask::kept::KeptAnswer;
use crate::ask::record::{self, Over};
use crate::domain::ids::{AccountId, DealId};
use crate::error::Error;
use crate::mcp::quote::{NOTICE, Named, Quoted};
use crate::mcp::tool::Told;

pub(super) const NAME: &str = "ask";
pub(super) const TITLE: &str = "Ask the record";
pub(super) const ABOUT: &str = "An answer to a question from the record, each line with the words it rests on, or that it is not in the \
     record. Counts, dates and changes are answered from the findings, the rest from what was said. Ask one deal, one \
     account, or everything you may see. Baton keeps the answer among your own; nothing of the record changes.";

/// Arguments of `ask`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The question.
    #[schemars(length(min = 1, max = 1000), example = "Who signs the contract, and by when?")]
    question: String,
    /// Only this deal.
    #[schemars(with = "Option<String>", example = &"deal_01981f2e7c3b7d4e8a5f6b1c2d3e4f50")]
    deal: Option<DealId>,
    /// Only the deals of this account; without a deal.
    #[schemars(with = "Option<String>", example = &"acc_01981f2e7c3b7d4e8a5f6b1c2d3e4f50")]
    account: Option<AccountId>,
}

/// What `ask` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Output {
    /// Whether the record answers it.
    answered: bool,
    /// The answer as baton.answer/1: lines with the numbers of their citations, the citations, what was searched and missing.
    answer: Value,
    /// How to take the words of the record.
    notice: &'static str,
}

pub(super) async fn run(app: &App, caller: &Caller, input: Input) -> Result<Told<Output>, Error> {
    let over = match (input.deal, input.account) {
        (Some(deal), None) => Over::Deal(deal),
        (None, Some(account)) => Over::Account(account),
        (None, None) => Over::All,
        (Some(_), Some(_)) => {
            return Err(Error::Invalid("give a deal or an account, not both: a deal is of one account".to_owned()));
        }
    };
    let KeptAnswer { answer, .. } = record::ask(app, caller, over, &input.question).await?;
    let text = text(&answer);
    let answered = answer["answered"].as_bool().unwrap_or_default();
    Ok(Told::new(Output { answered, answer, notice: NOTICE }, text))
}

fn text(answer: &Value) -> String {
    let said = answer["answer"].as_str().unwrap_or_default();
    let mut text = format!("{NOTICE}\n\nAnswer:\n{}", Quoted(said));
    for (at, words) in answer["citations"].as_array().into_iter().flatten().enumerate() {
        let name = |what: &str| Named(words[what].as_str().unwrap_or("unknown")).to_string();
        let (quote, turn) = (words["quote"].as_str().unwrap_or_default(), &words["turn"]);
        let _ =
            write!(text, "\n[{}] {} in {}, turn {turn}:\n{}", at + 1, name("speaker"), name("source"), Quoted(quote));
    }
    let wording = &answer["wording"];
    if let Some(removed) = wording["removed"].as_u64().filter(|removed| *removed > 0) {
        let _ = writeln!(
            text,
            "\n{removed} sentences of the model that worded it were removed: their quotes do not say them."
        );
    }
    if let Some(note) = wording["note"].as_str() {
        let _ = writeln!(text, "\nNote: {note}.");
    }
    let searched = &answer["searched"];
    let _ = writeln!(text, "\nSearched: {} sources, {} turns.", searched["sources"], searched["turns"]);
    for missing in answer["missing"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let _ = writeln!(text, "Missing: {}", Named(missing));
    }
    text
}
