//! Questions to the kept record: within the deals that the asker may see, answered, kept, shared, and stale once a deal changes.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::document::{AnswerDocument, Basis, Searched};
use super::{Excerpt, Material, is_about_findings, within};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::deal::{Deal, SourceState};
use crate::domain::finding::Finding;
use crate::domain::ids::{AccountId, AnswerId, DealId, ItemId, SourceId, TenantId, UserId};
use crate::domain::item::Item;
use crate::domain::transcript::SourceKind;
use crate::domain::user::Role;
use crate::error::Error;
use crate::ground::Citation;
use crate::index::{Hit, Reach};
use crate::retrieve::search;
use crate::store::answers::{self, Standing};
use crate::store::{Conn, accounts, items, runs, sources, transcripts};

/// Characters of a question, at most.
const QUESTION: usize = 1_000;
/// Deals whose findings are read for one answer, at most.
const DEALS: usize = 50;
/// Answers in a list.
const LIST: u32 = 50;

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

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// Its id.
    pub id: AnswerId,
    /// Whose record was asked.
    pub tenant: TenantId,
    /// What was asked.
    pub over: Over,
    /// Who asked; none for what was answered ahead.
    pub asked_by: Option<UserId>,
    /// The `baton.answer/1` document.
    pub document: Value,
    /// Whether it states a note about a person.
    pub sensitive: bool,
    /// Whether others may read it, as far as they may see its deals.
    pub shared: bool,
    /// When it was answered.
    pub created_at: Timestamp,
}

/// A kept answer as others read it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct KeptAnswer {
    /// Its id.
    pub id: AnswerId,
    /// The deal that was asked, where it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deal: Option<DealId>,
    /// The account that was asked, where it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Who asked; none for what was answered ahead.
    pub asked_by: Option<UserId>,
    /// Whether others may read it, as far as they may see its deals.
    pub shared: bool,
    /// When it was answered.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// What has changed since in the record it rests on; empty while it stands.
    pub stale: Vec<String>,
    /// The answer.
    #[schema(value_type = AnswerDocument)]
    pub answer: Value,
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

/// Asks the record and keeps the answer.
///
/// # Errors
///
/// [`Error::NotFound`] where the caller may not see what is asked, [`Error::Invalid`] for an empty or endless question.
pub async fn ask(app: &App, caller: &Caller, over: Over, question: &str) -> Result<KeptAnswer, Error> {
    let fresh = answer(app, caller, over, question).await?;
    let mut tx = app.store.write().await?;
    let kept = keep(&mut tx, caller, fresh, app.clock.now()).await?;
    tx.commit().await?;
    Ok(kept)
}

/// The record's answer to a question, as far as the caller may see the record.
///
/// # Errors
///
/// As [`ask`].
pub async fn answer(app: &App, caller: &Caller, over: Over, question: &str) -> Result<Fresh, Error> {
    let question = question.trim();
    if question.is_empty() || question.chars().count() > QUESTION {
        return Err(Error::Invalid(format!("a question has 1 to {QUESTION} characters")));
    }
    let reach = reach(app, caller, &over).await?;
    let hits = search(app.embedder.as_ref(), app.index.as_ref(), reach, question).await?;
    let (material, read) = material(app, caller, &over, question, hits).await?;
    let document = app.asker.answer(question, &material).await?;
    // Findings need no source, and a count tells of deals that no line names: such an answer rests on all that were read.
    let whole = document.basis == Basis::Items;
    let deals = read.into_iter().filter(|deal| whole || over.ids().1 == Some(&deal.id)).map(|deal| deal.id).collect();
    let used: Vec<&ItemId> = document.lines.iter().filter_map(|line| line.item.as_ref()).collect();
    let sensitive = material.items.iter().any(|item| item.field().is_sensitive() && used.contains(&&item.id));
    Ok(Fresh { over, document, deals, sensitive })
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
    if deal.is_none() && is_about_findings(question) {
        read = within::visible(&mut conn, caller, account).await?;
        read.truncate(DEALS);
    }
    let mut items = Vec::new();
    for of in &read {
        let own = findings(&mut conn, caller, of).await?;
        items.extend(own.into_iter().map(|item| if deal.is_none() { named_among_deals(of, item) } else { item }));
    }
    let (sources, turns) = transcripts::extent(&mut conn, &caller.tenant, &caller.sight(), account, deal).await?;
    let missing = match deal {
        Some(deal) => missing(&mut conn, deal, &items).await?,
        None => Vec::new(),
    };
    Ok((Material { excerpts, items, searched: Searched { sources, turns }, missing }, read))
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

/// Gaps of a deal's record: sources that could not be read or are still being read, and no contract.
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
    for (kind, told) in
        [(SourceKind::CallTranscript, "no call was uploaded"), (SourceKind::Contract, "no contract was uploaded")]
    {
        if !sources.iter().any(|source| source.kind == Some(kind)) {
            missing.push(told.to_owned());
        }
    }
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

impl Answered {
    fn told(self, stale: Vec<String>) -> KeptAnswer {
        let (account, deal) = self.over.ids();
        KeptAnswer {
            id: self.id,
            deal: deal.cloned(),
            account: account.cloned(),
            asked_by: self.asked_by,
            shared: self.shared,
            created_at: self.created_at,
            stale,
            answer: self.document,
        }
    }
}

/// A kept answer, if the caller may read it: it is theirs, shared or answered ahead, and they may see every deal it rests on.
///
/// # Errors
///
/// [`Error::NotFound`] where they may not.
pub async fn read(app: &App, caller: &Caller, id: &AnswerId) -> Result<KeptAnswer, Error> {
    caller.require_scope(Act::SeeDeal)?;
    let mut conn = app.store.snapshot().await?;
    let found = answers::find(&mut conn, &caller.tenant, id).await?;
    let told = match found {
        Some(answer) => told(&mut conn, caller, answer).await?,
        None => None,
    };
    told.ok_or_else(|| Error::not_found("answer", id))
}

/// The newest answers that the caller may read.
///
/// # Errors
///
/// [`Error::NotFound`] where the caller may not see the deal or the account.
pub async fn list(app: &App, caller: &Caller, over: &Over) -> Result<Vec<KeptAnswer>, Error> {
    reach(app, caller, over).await?;
    let mut conn = app.store.snapshot().await?;
    let mut listed = Vec::new();
    for answer in answers::list(&mut conn, &caller.tenant, caller.user.as_ref(), over, LIST).await? {
        listed.extend(told(&mut conn, caller, answer).await?);
    }
    Ok(listed)
}

/// The answer with what has changed since, if the caller may read it.
async fn told(conn: &mut Conn, caller: &Caller, answer: Answered) -> Result<Option<KeptAnswer>, Error> {
    let own = caller.user.is_some() && caller.user == answer.asked_by;
    if !own && !answer.shared && answer.asked_by.is_some() {
        return Ok(None);
    }
    let mut stale = Vec::new();
    for then in answers::rests_on(conn, &answer.id).await? {
        let Ok(deal) = caller.deal(conn, &then.deal, Act::SeeDeal).await else { return Ok(None) };
        if answer.sensitive && !caller.may_with(Act::SeeSensitive, &deal) {
            return Ok(None);
        }
        let Some(now) = answers::standing(conn, &then.deal).await? else { continue };
        if now.sources != then.sources {
            stale.push(format!(
                "{}: the number of its sources was {}, now it is {}",
                deal.name, then.sources, now.sources
            ));
        } else if now.revision != then.revision {
            stale.push(format!("{}: its draft or its review has changed", deal.name));
        }
    }
    if let Over::Account(account) = &answer.over
        && accounts::find(conn, &caller.tenant, &caller.sight(), account).await?.is_none()
    {
        return Ok(None);
    }
    let several = !matches!(answer.over, Over::Deal(_));
    let mut told = answer.told(stale);
    if !own && several {
        // How much there is within the asker's reach is theirs to know.
        told.answer["searched"] = json!({"sources": 0, "turns": 0});
    }
    Ok(Some(told))
}

/// Shares the caller's own answer with the tenant, or takes that back.
///
/// # Errors
///
/// [`Error::NotFound`] where it is not theirs to read, [`Error::Forbidden`] where it is another's, or for a token.
pub async fn share(app: &App, caller: &Caller, id: &AnswerId, shared: bool) -> Result<KeptAnswer, Error> {
    caller.require_session()?;
    let answer = read(app, caller, id).await?;
    if answer.asked_by != caller.user && caller.role != Role::Admin {
        return Err(Error::Forbidden("an answer is shared by whoever asked, or by an admin".to_owned()));
    }
    let mut tx = app.store.write().await?;
    answers::set_shared(&mut tx, id, shared).await?;
    tx.commit().await?;
    Ok(KeptAnswer { shared, ..answer })
}
