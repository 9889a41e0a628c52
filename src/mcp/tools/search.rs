//! `search_record`.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

use super::transcript::{TurnOut, told, write_turn};
use super::turn_link;
use crate::access::Caller;
use crate::app::App;
use crate::ask::within;
use crate::domain::deal::Source;
use crate::domain::ids::{AccountId, DealId};
use crate::error::Error;
use crate::mcp::page::MAX_CHARS;
use crate::mcp::quote::{NOTICE, Named};
use crate::mcp::tool::Told;
use crate::retrieve::search;
use crate::store::{Conn, transcripts};

pub(super) const NAME: &str = "search_record";
pub(super) const TITLE: &str = "Search the record";
pub(super) const ABOUT: &str = "Passages of calls, mails, notes and contracts that answer a question, best first, by meaning and by \
     words: each with speaker, moment, source and link. Search one deal, one account, or everything you may see. It finds the \
     nearest passages even where none answers: read them before you rely on them.";

/// Passages unless asked otherwise.
const PASSAGES: u32 = 8;
/// Passages at most.
const MAX_PASSAGES: u32 = 20;
/// Characters of one turn at most; a file without speakers is a single one.
const MAX_TURN_CHARS: usize = 4_000;
/// Characters of a query at most.
const MAX_QUERY: usize = 1_000;

/// Arguments of `search_record`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// A question, or words to find.
    #[schemars(length(min = 1, max = 1000), example = "When do they want to be live at all sites?")]
    query: String,
    /// Only this deal.
    #[schemars(with = "Option<String>", example = &"deal_01981f2e7c3b7d4e8a5f6b1c2d3e4f50")]
    deal: Option<DealId>,
    /// Only the deals of this account.
    #[schemars(with = "Option<String>", example = &"acc_01981f2e7c3b7d4e8a5f6b1c2d3e4f50")]
    account: Option<AccountId>,
    /// How many passages at most, 1 to 20; 8 unless given.
    #[schemars(range(min = 1, max = 20))]
    limit: Option<u32>,
}

/// What `search_record` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Output {
    /// The passages, best first.
    passages: Vec<Passage>,
    /// Whether turns were cut (they end with …) or passages left out because the answer would have been too long.
    cut: bool,
    /// How to take the words of the record.
    notice: &'static str,
}

/// A stretch of a source.
#[derive(Debug, Serialize, JsonSchema)]
struct Passage {
    /// The source's id, for `get_transcript`.
    source_id: String,
    /// The source's file name.
    source: String,
    /// The deal it belongs to.
    deal_id: String,
    /// What is said there.
    turns: Vec<TurnOut>,
    /// The passage in Baton's pages.
    link: String,
}

pub(super) async fn run(app: &App, caller: &Caller, input: Input) -> Result<Told<Output>, Error> {
    let limit = match input.limit.unwrap_or(PASSAGES) {
        limit @ 1..=MAX_PASSAGES => limit,
        other => return Err(Error::Invalid(format!("limit is {other}; it must be 1 to {MAX_PASSAGES}"))),
    };
    let query = input.query.trim();
    if query.is_empty() || query.chars().count() > MAX_QUERY {
        return Err(Error::Invalid(format!(
            "the query is empty or longer than {MAX_QUERY} characters; ask in a sentence"
        )));
    }
    let mut passages = passages(app, caller, &input, query, limit).await?;
    let cut = shorten(&mut passages);
    let output = Output { passages, cut, notice: NOTICE };
    let text = text(&output);
    Ok(Told::new(output, text))
}

/// The passages nearest to a question, best first.
async fn passages(app: &App, caller: &Caller, input: &Input, query: &str, limit: u32) -> Result<Vec<Passage>, Error> {
    let (account, deal) = (input.account.as_ref(), input.deal.as_ref());
    let reach = within::reach(&mut *app.store.read().await?, caller, account, deal).await?;
    let hits = search(app.embedder.as_ref(), app.index.as_ref(), reach, query).await?;
    let mut conn = app.store.snapshot().await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut passages = Vec::new();
    for (found, source) in within::passages(&mut conn, caller, hits).await?.into_iter().take(limit) {
        passages.push(passage(app, &mut conn, &source, found.turns).await?);
    }
    Ok(passages)
}

async fn passage(app: &App, conn: &mut Conn, source: &Source, turns: RangeInclusive<u32>) -> Result<Passage, Error> {
    let people = transcripts::participants(conn, &source.id).await?;
    let (first, last) = turns.into_inner();
    let turns = transcripts::turns(conn, &source.id, first, last.saturating_sub(first).saturating_add(1)).await?;
    Ok(Passage {
        link: turn_link(app, &source.id, first),
        source_id: source.id.to_string(),
        source: source.name.clone(),
        deal_id: source.deal_id.to_string(),
        turns: turns.iter().map(|turn| told(app, &source.id, &people, turn)).collect(),
    })
}

/// Cuts long turns, and leaves out the last passages where all of them are too long for one answer; whether it did.
fn shorten(passages: &mut Vec<Passage>) -> bool {
    let (found, mut room, mut cut) = (passages.len(), MAX_CHARS, false);
    passages.retain_mut(|passage| {
        let fits = room > 0;
        for turn in &mut passage.turns {
            let max = room.min(MAX_TURN_CHARS);
            if let Some((end, _)) = turn.text.char_indices().nth(max) {
                turn.text.truncate(end);
                turn.text.push('…');
                cut = true;
            }
            room = room.saturating_sub(turn.text.chars().count());
        }
        fits
    });
    cut || passages.len() < found
}

fn text(found: &Output) -> String {
    if found.passages.is_empty() {
        return "Nothing in the part of the record that was searched. There may be no sources yet: get_deal lists them.\n".to_owned();
    }
    let mut text = format!("{} passages. {NOTICE}\n", found.passages.len());
    for (at, passage) in found.passages.iter().enumerate() {
        let _ = writeln!(text, "\n[{}] {} ({}), {}", at + 1, Named(&passage.source), passage.source_id, passage.link);
        for turn in &passage.turns {
            write_turn(&mut text, turn);
        }
    }
    if found.cut {
        text.push_str(
            "\nNot all of it fits into one answer: get_transcript reads what is cut, a smaller limit shows less.\n",
        );
    }
    text
}
