//! `search_record`.

use std::collections::HashSet;
use std::fmt::Write as _;

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

use super::transcript::{TurnOut, told, write_turn};
use super::turn_link;
use crate::access::{Act, Caller, Sight};
use crate::app::App;
use crate::domain::ids::{AccountId, DealId};
use crate::error::Error;
use crate::index::{Hit, Query, Reach};
use crate::mcp::page::MAX_CHARS;
use crate::mcp::quote::{NOTICE, Named};
use crate::mcp::tool::Told;
use crate::store::deals::{self, Filter};
use crate::store::transcripts;

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
/// Deals that are searched one by one at most, for whoever does not see all of them: those with the nearest deadlines.
const MAX_DEALS: u32 = 50;

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
    let within = reaches(app, caller, input.account.as_ref(), input.deal.as_ref()).await?;
    let mut passages = passages(app, caller, &within, query, limit).await?;
    let cut = shorten(&mut passages);
    let output = Output { passages, cut, notice: NOTICE };
    let text = text(&output);
    Ok(Told::new(output, text))
}

/// What the caller may search of what they ask for.
async fn reaches(
    app: &App,
    caller: &Caller,
    account: Option<&AccountId>,
    deal: Option<&DealId>,
) -> Result<Vec<Reach>, Error> {
    caller.require_scope(Act::SeeDeal)?;
    let reach = |deal| Reach { tenant: caller.tenant.clone(), account: account.cloned(), deal };
    let mut conn = app.store.read().await?;
    if let Some(account) = account {
        caller.account(&mut conn, account, Act::SeeDeal).await?;
    }
    if let Some(deal) = deal {
        let deal = caller.deal(&mut conn, deal, Act::SeeDeal).await?;
        return Ok(vec![reach(Some(deal.id))]);
    }
    let sight = caller.sight();
    if sight == Sight::All {
        return Ok(vec![reach(None)]);
    }
    let filter = Filter { account: account.cloned(), ..Filter::default() };
    let own = deals::by_deadline(&mut conn, &caller.tenant, &sight, &filter, 0, MAX_DEALS).await?;
    Ok(own.into_iter().map(|listed| reach(Some(listed.deal.id))).collect())
}

/// The passages nearest to a question, within reach. Whatever the index answers, a passage is read only after the caller's
/// rights to its source were asked.
async fn passages(
    app: &App,
    caller: &Caller,
    within: &[Reach],
    query: &str,
    limit: u32,
) -> Result<Vec<Passage>, Error> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let vector = app.embedder.embed(&[query]).await?.pop().unwrap_or_default();
    let mut hits = Vec::new();
    for reach in within {
        let query = Query { reach: reach.clone(), text: query.to_owned(), vector: vector.clone(), limit };
        hits.extend(app.index.search(query).await?);
    }
    hits.sort_by(|a, b| b.score.total_cmp(&a.score));
    // A turn that is longer than a chunk is found once for each of its chunks.
    let mut seen = HashSet::new();
    hits.retain(|hit: &Hit| seen.insert((hit.source.clone(), hit.turns.clone())));
    let mut passages = Vec::new();
    for hit in hits.into_iter().take(limit) {
        passages.extend(passage(app, caller, hit).await?);
    }
    Ok(passages)
}

async fn passage(app: &App, caller: &Caller, hit: Hit) -> Result<Option<Passage>, Error> {
    let mut conn = app.store.read().await?;
    // The index may be a moment behind the records.
    let source = match caller.source(&mut conn, &hit.source, Act::SeeDeal).await {
        Ok(source) => source,
        Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let people = transcripts::participants(&mut conn, &source.id).await?;
    let (first, last) = (*hit.turns.start(), *hit.turns.end());
    let turns = transcripts::turns(&mut conn, &source.id, first, last.saturating_sub(first).saturating_add(1)).await?;
    let turns: Vec<TurnOut> = turns.iter().map(|turn| told(app, &source.id, &people, turn)).collect();
    Ok((!turns.is_empty()).then(|| Passage {
        link: turn_link(app, &source.id, first),
        source_id: source.id.to_string(),
        source: source.name,
        deal_id: source.deal_id.to_string(),
        turns,
    }))
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
