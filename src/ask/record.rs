//! Questions to the kept record: what is read for them, within the deals that the asker may see, and the answers as they are kept.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::document::{AnswerDocument, Basis, Evidence, Searched};
use super::kept::{Answered, KeptAnswer};
use super::{Excerpt, Material, absent, ahead, fields_asked, within};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::deal::{Deal, SourceState};
use crate::domain::field::Field;
use crate::domain::finding::Finding;
use crate::domain::ids::{AccountId, AnswerId, DealId, ItemId, SourceId};
use crate::domain::item::Item;
use crate::error::Error;
use crate::ground::Citation;
use crate::index::{Hit, Reach};
use crate::retrieve::search;
use crate::store::answers::{self, Standing};
use crate::store::{Conn, items, runs, sources, transcripts};

/// Characters of a question, at most.
const QUESTION: usize = 1_000;
/// Deals whose findings are counted and listed for one answer, at most.
const DEALS: usize = 1_000;
/// Deals of an account whose gaps are told with an answer, at most.
const GAPS: usize = 10;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Over {
    /// One deal.
    Deal(DealId),
    /// Every deal of an account that the asker may see.
    Account(AccountId),
    /// Every deal that the asker may see.
    All,
}

impl Over {
    /// The account and the deal that are asked; neither where everything is.
    #[must_use]
    pub const fn ids(&self) -> (Option<&AccountId>, Option<&DealId>) {
        match self {
            Self::Deal(deal) => (None, Some(deal)),
            Self::Account(account) => (Some(account), None),
            Self::All => (None, None),
        }
    }
}

/// An answer that nobody has kept yet.
#[derive(Debug)]
pub struct Fresh {
    over: Over,
    document: AnswerDocument,
    /// The deals it rests on beside those of its words.
    deals: Vec<DealId>,
    /// Whether it states a note about a person.
    sensitive: bool,
}

/// What was read for a question, before it is answered.
#[derive(Debug)]
pub struct Gathered {
    over: Over,
    question: String,
    material: Material,
    /// The deals it was read from.
    deals: Vec<Deal>,
}

/// What a question is answered from, as whoever waits for the answer is told.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Reading {
    /// What was looked through.
    pub searched: Searched,
    /// What is read closely, best first.
    pub evidence: Vec<Evidence>,
}

/// A question on its way to its answer.
#[derive(Debug)]
pub enum Begun {
    /// Its answer lies ready ([`ahead::ready`]).
    Ready(Box<KeptAnswer>),
    /// It is to be answered from this.
    Gathered(Box<Gathered>),
}

/// Asks the record; an answer that does not lie ready is kept.
///
/// # Errors
///
/// [`Error::NotFound`] where the caller may not see what is asked, [`Error::Invalid`] for an empty or endless question.
pub async fn ask(app: &App, caller: &Caller, over: Over, question: &str) -> Result<KeptAnswer, Error> {
    match begin(app, caller, over, question).await? {
        Begun::Ready(answer) => Ok(*answer),
        Begun::Gathered(gathered) => gathered.ask(app, caller).await,
    }
}

/// The answer that lies ready, or what there is to answer the question from.
///
/// # Errors
///
/// As [`ask`].
pub async fn begin(app: &App, caller: &Caller, over: Over, question: &str) -> Result<Begun, Error> {
    let question = question.trim();
    if question.is_empty() || question.chars().count() > QUESTION {
        return Err(Error::Invalid(format!("a question has 1 to {QUESTION} characters")));
    }
    if let Some(ready) = ahead::ready(app, caller, &over, question).await? {
        return Ok(Begun::Ready(Box::new(ready)));
    }
    Ok(Begun::Gathered(Box::new(gather(app, caller, over, question).await?)))
}

/// What there is to answer a question from, as far as the caller may see the record.
///
/// # Errors
///
/// [`Error::NotFound`] where the caller may not see what is asked.
pub(super) async fn gather(app: &App, caller: &Caller, over: Over, question: &str) -> Result<Gathered, Error> {
    let reach = reach(app, caller, &over).await?;
    let hits = search(app.embedder.as_ref(), app.index.as_ref(), reach, question).await?;
    let (material, deals) = material(app, caller, &over, question, hits).await?;
    Ok(Gathered { over, question: question.to_owned(), material, deals })
}

impl Gathered {
    /// What it is.
    #[must_use]
    pub fn reading(&self) -> Reading {
        Reading { searched: self.material.searched, evidence: self.material.evidence() }
    }

    /// Answers and keeps the answer.
    ///
    /// # Errors
    ///
    /// Where the finder cannot be run or the records cannot be written.
    pub async fn ask(self, app: &App, caller: &Caller) -> Result<KeptAnswer, Error> {
        let fresh = self.answer(app).await?;
        let mut tx = app.store.write().await?;
        let kept = keep(&mut tx, caller, fresh, app.clock.now()).await?;
        tx.commit().await?;
        Ok(kept)
    }

    /// Answers.
    ///
    /// # Errors
    ///
    /// Where the finder cannot be run.
    pub async fn answer(self, app: &App) -> Result<Fresh, Error> {
        let Self { over, question, material, deals } = self;
        let document = app.asker.answer(&question, &material).await?;
        // Findings need no source, and a count tells of deals that no line names: such an answer rests on all that were read.
        let whole = document.basis == Basis::Items;
        let rests = |deal: &Deal| whole || over.ids().1 == Some(&deal.id);
        let deals = deals.into_iter().filter(rests).map(|deal| deal.id).collect();
        let used: Vec<&ItemId> = document.lines.iter().filter_map(|line| line.item.as_ref()).collect();
        let sensitive = material.items.iter().any(|item| item.field().is_sensitive() && used.contains(&&item.id));
        Ok(Fresh { over, document, deals, sensitive })
    }
}

async fn reach(app: &App, caller: &Caller, over: &Over) -> Result<Reach, Error> {
    let (account, deal) = over.ids();
    within::reach(&mut *app.store.read().await?, caller, account, deal).await
}

/// The passages, the findings and the extent of what is within reach, and the deals that they were read from.
async fn material(
    app: &App,
    caller: &Caller,
    over: &Over,
    question: &str,
    hits: Vec<Hit>,
) -> Result<(Material, Vec<Deal>), Error> {
    let (account, deal) = over.ids();
    let mut conn = app.store.snapshot().await?;
    let mut read: Vec<Deal> = Vec::new();
    if let Some(deal) = deal {
        read.push(caller.deal(&mut conn, deal, Act::SeeDeal).await?);
    }
    let mut excerpts = Vec::new();
    for (passage, source) in within::passages(&mut conn, caller, hits).await? {
        let Some(transcript) = transcripts::part(&mut conn, &source.id, &passage.turns).await? else { continue };
        if !read.iter().any(|known| known.id == source.deal_id) {
            read.push(caller.deal(&mut conn, &source.deal_id, Act::SeeDeal).await?);
        }
        let of = read.iter().find(|known| deal.is_none() && known.id == source.deal_id);
        let name = of.map_or_else(|| source.name.clone(), |deal| name_among_deals(deal, &source.name));
        let runs = runs::reaching(&mut conn, &source.id, &passage.turns).await?;
        let (turns, score) = (passage.turns, passage.score);
        excerpts.push(Excerpt { id: Some(source.id), name, turns, transcript, runs, score });
    }
    let (sources, turns) = transcripts::extent(&mut conn, &caller.tenant, &caller.sight(), account, deal).await?;
    let searched = Searched { sources, turns };
    let asked = fields_asked(question);
    if deal.is_none() && !asked.is_empty() {
        let (read, items, missing) = over_deals(&mut conn, caller, account, &asked).await?;
        return Ok((Material { excerpts, items, searched, missing }, read));
    }
    let mut items = Vec::new();
    for of in &read {
        let own = findings(&mut conn, caller, of).await?;
        items.extend(own.into_iter().map(|item| if deal.is_none() { named_among_deals(of, item) } else { item }));
    }
    let missing = match over {
        Over::Deal(deal) => missing(&mut conn, deal, &items).await?,
        Over::Account(account) => missing_of_account(&mut conn, caller, account).await?,
        Over::All => Vec::new(),
    };
    Ok((Material { excerpts, items, searched, missing }, read))
}

/// The findings in these fields of all deals that the caller may see, and what is not counted.
async fn over_deals(
    conn: &mut Conn,
    caller: &Caller,
    account: Option<&AccountId>,
    asked: &[Field],
) -> Result<(Vec<Deal>, Vec<Item>, Vec<String>), Error> {
    let mut read = within::visible(conn, caller, account).await?;
    let (all, mut missing) = (read.len(), Vec::new());
    if all > DEALS {
        read.drain(..all - DEALS);
        missing.push(format!("only the newest {DEALS} of {all} deals were read"));
    }
    let by_id: HashMap<&DealId, &Deal> = read.iter().map(|deal| (&deal.id, deal)).collect();
    let ids: Vec<&DealId> = read.iter().map(|deal| &deal.id).collect();
    let mut found = Vec::new();
    for stored in items::of_deals(conn, &ids, asked).await? {
        let Some(deal) = by_id.get(&stored.deal) else { continue };
        if caller.may_with(Act::SeeSensitive, deal) || !stored.item.field().is_sensitive() {
            found.push(named_among_deals(deal, stored.item));
        }
    }
    Ok((read, found, missing))
}

/// What a source is called where several deals are read.
fn name_among_deals(deal: &Deal, source: &str) -> String {
    format!("{}: {source}", deal.name)
}

fn named_among_deals(deal: &Deal, item: Item) -> Item {
    let named = |citation: Citation| {
        let name = name_among_deals(deal, citation.source());
        citation.in_source_called(name)
    };
    Item { citations: item.citations.into_iter().map(named).collect(), ..item }
}

/// The findings of a deal, as far as the caller may see them.
async fn findings(conn: &mut Conn, caller: &Caller, deal: &Deal) -> Result<Vec<Item>, Error> {
    let notes = caller.may_with(Act::SeeSensitive, deal);
    let found = items::list(conn, &deal.id).await?.into_iter().map(|stored| stored.item);
    Ok(found.filter(|item| notes || !item.field().is_sensitive()).collect())
}

/// Gaps of the record of an account's newest deals, each with its deal.
async fn missing_of_account(conn: &mut Conn, caller: &Caller, account: &AccountId) -> Result<Vec<String>, Error> {
    let deals = within::visible(conn, caller, Some(account)).await?;
    let mut told = Vec::new();
    for deal in deals.iter().rev().take(GAPS) {
        told.extend(missing(conn, &deal.id, &[]).await?.into_iter().map(|gap| format!("{}: {gap}", deal.name)));
    }
    Ok(told)
}

/// Gaps of a deal's record: sources that could not be read or are still being read, no call or no contract, and people among
/// `items` who are never heard.
async fn missing(conn: &mut Conn, deal: &DealId, items: &[Item]) -> Result<Vec<String>, Error> {
    let sources = sources::list(conn, deal).await?;
    let mut missing: Vec<String> = Vec::new();
    for source in &sources {
        match source.state {
            SourceState::Ready | SourceState::Replaced => {}
            SourceState::Failed => missing.push(format!("{} could not be read", source.name)),
            SourceState::Queued => missing.push(format!("{} is still being read", source.name)),
        }
    }
    missing.extend(absent(sources.iter().filter_map(|source| source.kind)));
    let heard = transcripts::speakers(conn, deal).await?;
    for item in items.iter().filter(|item| item.stands()) {
        if let Finding::Stakeholder(person) = &item.finding
            && let Some(name) = &person.name
            && !heard.iter().any(|speaker| speaker.to_lowercase().contains(&name.to_lowercase()))
        {
            missing.push(format!("{name} is spoken of and never heard"));
        }
    }
    missing.dedup();
    Ok(missing)
}

/// Keeps an answer with how the deals stand that it rests on.
///
/// # Errors
///
/// Where the records cannot be written.
pub(super) async fn keep(
    conn: &mut Conn,
    caller: &Caller,
    Fresh { over, document, deals, sensitive }: Fresh,
    now: Timestamp,
) -> Result<KeptAnswer, Error> {
    let answer = Answered {
        id: AnswerId::generate(),
        tenant: caller.tenant.clone(),
        over,
        asked_by: caller.user.clone(),
        document: serde_json::to_value(&document).map_err(|error| Error::Internal(error.into()))?,
        sensitive,
        shared: false,
        created_at: now,
    };
    let mut rests_on: Vec<Standing> = Vec::new();
    let mut touched = deals;
    let cited = document.citations.iter().filter_map(|citation| citation.source_id());
    let read: BTreeSet<&SourceId> =
        document.evidence.iter().filter_map(|read| read.source_id.as_ref()).chain(cited).collect();
    for source in read {
        if let Some(source) = sources::find(conn, &caller.tenant, source).await? {
            touched.push(source.deal_id);
        }
    }
    touched.sort_unstable();
    touched.dedup();
    for deal in touched {
        rests_on.extend(answers::standing(conn, &deal).await?);
    }
    answers::insert(conn, &answer, &rests_on).await?;
    Ok(answer.told(Vec::new()))
}
