//! The tools, one file each; `filters` is what those over the ledger take. None changes anything.

mod accounts;
mod ask;
mod client_dna;
mod client_dna_changes;
mod commitments;
mod contradictions;
mod deal;
mod deals;
mod document;
mod filters;
mod handoff;
mod ledger;
mod ledger_trends;
mod repeat_questions;
mod search;
mod transcript;

use std::fmt::{Display, Write as _};
use std::sync::LazyLock;

use futures::FutureExt as _;
use rmcp::model::Tool;
use rmcp::schemars::{self, JsonSchema, Schema, json_schema};
use serde::Serialize;

use super::quote::{Named, Quoted};
use super::tool::Entry;
use crate::app::App;
use crate::domain::ids::DealId;
use crate::domain::record::CitationRecord;
use crate::ground::Citation;
use crate::render::view::moment;

static TOOLS: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    vec![
        Entry::new(accounts::NAME, accounts::TITLE, accounts::ABOUT, |app, caller, input| {
            accounts::run(app, caller, input).boxed()
        }),
        Entry::new(deals::NAME, deals::TITLE, deals::ABOUT, |app, caller, input| {
            deals::run(app, caller, input).boxed()
        }),
        Entry::new(deal::NAME, deal::TITLE, deal::ABOUT, |app, caller, input| deal::run(app, caller, input).boxed()),
        Entry::new(handoff::NAME, handoff::TITLE, handoff::ABOUT, |app, caller, input| {
            handoff::run(app, caller, input).boxed()
        }),
        Entry::new(document::NAME, document::TITLE, document::ABOUT, |app, caller, input| {
            document::run(app, caller, input).boxed()
        }),
        Entry::new(ask::NAME, ask::TITLE, ask::ABOUT, |app, caller, input| ask::run(app, caller, input).boxed())
            .keeping(),
        Entry::new(search::NAME, search::TITLE, search::ABOUT, |app, caller, input| {
            search::run(app, caller, input).boxed()
        }),
        Entry::new(transcript::NAME, transcript::TITLE, transcript::ABOUT, |app, caller, input| {
            transcript::run(app, caller, input).boxed()
        }),
        Entry::new(commitments::NAME, commitments::TITLE, commitments::ABOUT, |app, caller, input| {
            commitments::run(app, caller, input).boxed()
        }),
        Entry::new(ledger::NAME, ledger::TITLE, ledger::ABOUT, |app, caller, input| {
            ledger::run(app, caller, input).boxed()
        }),
        Entry::new(contradictions::NAME, contradictions::TITLE, contradictions::ABOUT, |app, caller, input| {
            contradictions::run(app, caller, input).boxed()
        }),
        Entry::new(ledger_trends::NAME, ledger_trends::TITLE, ledger_trends::ABOUT, |app, caller, input| {
            ledger_trends::run(app, caller, input).boxed()
        }),
        Entry::new(repeat_questions::NAME, repeat_questions::TITLE, repeat_questions::ABOUT, |app, caller, input| {
            repeat_questions::run(app, caller, input).boxed()
        }),
        Entry::new(client_dna::NAME, client_dna::TITLE, client_dna::ABOUT, |app, caller, input| {
            client_dna::run(app, caller, input).boxed()
        }),
        Entry::new(
            client_dna_changes::NAME,
            client_dna_changes::TITLE,
            client_dna_changes::ABOUT,
            |app, caller, input| client_dna_changes::run(app, caller, input).boxed(),
        ),
    ]
});

pub(super) use document::text_of as document_text;
pub(super) use transcript::text_of as transcript_text;

/// Every tool, as assistants are told of it.
pub(super) fn list() -> Vec<Tool> {
    TOOLS.iter().map(|entry| entry.tool.clone()).collect()
}

/// The tool of this name.
pub(super) fn find(name: &str) -> Option<&'static Entry> {
    TOOLS.iter().find(|entry| entry.tool.name == name)
}

/// Words of the record, with where they stand.
#[derive(Debug, Serialize, JsonSchema)]
struct Words {
    /// The source, for `get_transcript`.
    source_id: Option<String>,
    /// The source's file name.
    source: String,
    /// The turn in the source.
    turn: u32,
    /// Who said it; absent where the file does not say.
    speaker: Option<String>,
    /// The speaker's side: vendor, customer or unknown.
    side: &'static str,
    /// The moment, or the place in a file without times.
    when: String,
    /// The words, verbatim.
    quote: String,
    /// What they do for the finding: support, counter, reply, clause …
    role: Option<String>,
    /// The moment in Baton's pages.
    link: Option<String>,
}

impl Words {
    fn of(app: &App, citation: &Citation) -> Self {
        Self::told(app, &CitationRecord::from(citation))
    }

    fn told(app: &App, citation: &CitationRecord) -> Self {
        Self {
            source_id: citation.source_id.clone(),
            source: citation.source.clone(),
            turn: citation.turn,
            speaker: citation.speaker.clone(),
            side: citation.side.as_str(),
            when: moment(citation.start_ms, citation.precision, citation.turn),
            quote: citation.quote.clone(),
            role: Some(word(&citation.role)),
            link: citation.source_id.as_ref().map(|source| turn_link(app, source, citation.turn)),
        }
    }

    /// In a text: who and where, then the words, quoted.
    fn write(&self, text: &mut String) {
        let speaker = self.speaker.as_deref().unwrap_or("unknown speaker");
        let _ =
            write!(text, "  {} in {}, {}:\n{}", Named(speaker), Named(&self.source), self.when, Quoted(&self.quote));
    }
}

/// The page of a deal.
fn deal_link(app: &App, deal: &DealId) -> String {
    format!("{}/deals/{deal}", app.settings.server.base_url())
}

/// The page of a moment.
fn turn_link(app: &App, source: &(impl Display + ?Sized), turn: u32) -> String {
    format!("{}/sources/{source}#t{turn}", app.settings.server.base_url())
}

/// The word of a closed vocabulary.
fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The schema of a closed vocabulary, from the vocabulary itself.
fn one_of<T: Serialize>(words: &[T]) -> Schema {
    let words: Vec<String> = words.iter().map(word).collect();
    json_schema!({"type": ["string", "null"], "enum": words.into_iter().map(Some).chain([None]).collect::<Vec<_>>()})
}

/// "there is more", in a text.
fn more(next: Option<&str>) -> String {
    next.map_or_else(String::new, |next| format!("\nThere is more: call again with cursor \"{next}\".\n"))
}
