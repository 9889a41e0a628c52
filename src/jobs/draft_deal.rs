//! Draft a deal from all of its sources, and keep what people have already decided.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use super::JobError;
use crate::access::Caller;
use crate::app::{App, Progress};
use crate::audit::{self, Change};
use crate::dna::{self, Occasion, OwnPhrase};
use crate::domain::aftermath::Repeats;
use crate::domain::deal::{Deal, SourceState};
use crate::domain::finding::Finding;
use crate::domain::ids::{DealId, ItemId};
use crate::domain::item::{Edit, EditAction, Item, ItemState};
use crate::domain::person::Roster;
use crate::domain::vocabulary::Outcome;
use crate::draft::document::EngineRun;
use crate::draft::{DealSource, Draft, DraftError, draft_deal};
use crate::engine::{EngineError, QuoteRole};
use crate::error::Error;
use crate::ground::Citation;
use crate::handover;
use crate::hooks::event::EventKind;
use crate::post_sale::{self, Aftermath, Close, Parted, part};
use crate::review::for_the_log;
use crate::store::drafts::LatestDraft;
use crate::store::items::Place;
use crate::store::jobs::{self, LeasedJob};
use crate::store::{self, Conn, StoreError, citations, deals, drafts, items, sources, transcripts};

pub(super) async fn run(app: &App, job: &LeasedJob, id: &DealId) -> Result<(), JobError> {
    let mut conn = app.store.read().await?;
    let deal = deals::find(&mut conn, &job.tenant, id).await?;
    let deal = deal.ok_or_else(|| JobError::Fail(format!("deal {id} is gone")))?;
    app.progress(Progress::Drafting { deal: id.clone() });
    let sources = load_sources(&mut conn, &deal).await?;
    let roster = store::people::roster(&mut conn, id, &app.settings.engine.vendor_domains).await?;
    let parted = parted(&mut conn, &deal, sources, &roster).await?;
    let known = items::list(&mut conn, id).await?.into_iter().map(|stored| stored.item);
    let decided: Vec<Item> = known.filter(|item| item.decided_by.is_some()).collect();
    drop(conn);
    let (parted, phrases) = app
        .blocking(move || {
            let phrases = dna::own_phrases(&parted.sale);
            (parted, phrases)
        })
        .await?;
    let draft = draft_deal(app.engine.as_ref(), app.embedder.as_ref(), &app.reader, id.as_str(), &parted.sale).await?;
    let aftermath = if parted.after.is_empty() {
        Aftermath::default()
    } else {
        let promises = promises(decided, &draft.items);
        post_sale::read(app.embedder.as_ref(), &app.reader, &parted, &promises).await.map_err(Error::from)?
    };
    let (items, rejected) = (draft.items.len(), draft.rejected.len());
    let (sale, after) = (parted.sale.len(), parted.after.len());
    keep(app, job, &deal, Read { parted, phrases, draft, aftermath }).await?;
    app.progress(Progress::Drafted { deal: id.clone(), items, rejected });
    tracing::info!(items, rejected, sources = sale, after, "deal drafted");
    Ok(())
}

/// The deal's sources, parted where its sale ended; all of them belong to the sale until it is won. What was said afterwards tells
/// nothing about the sides before: a draft is the same with and without it.
async fn parted(conn: &mut Conn, deal: &Deal, sources: Vec<DealSource>, roster: &Roster) -> Result<Parted, StoreError> {
    let mut parted = match deal.terms.closed_at {
        None => Parted { sale: sources, after: Vec::new() },
        Some(won) => {
            let won_on = Some(won.to_zoned(TimeZone::UTC).date());
            let of_handoff = store::post_sale::sources_of_handoff(conn, &deal.id).await?;
            part(sources, &Close { won_on, of_handoff })
        }
    };
    parted.resolve_sides(roster);
    Ok(parted)
}

/// The items as they will stand: what somebody decided on, and what else the draft has.
fn promises(decided: Vec<Item>, fresh: &[Item]) -> Vec<Item> {
    let news: Vec<Item> =
        fresh.iter().filter(|fresh| !decided.iter().any(|known| is_same(known, fresh))).cloned().collect();
    decided.into_iter().chain(news).collect()
}

async fn load_sources(conn: &mut Conn, deal: &Deal) -> Result<Vec<DealSource>, StoreError> {
    let mut loaded = Vec::new();
    for source in sources::list(conn, &deal.id).await? {
        if source.state == SourceState::Ready
            && let Some(transcript) = transcripts::find_as_filed(conn, &source.id).await?
        {
            loaded.push(DealSource { id: Some(source.id), name: source.name, transcript });
        }
    }
    Ok(loaded)
}

/// What was read of a deal, and what was made of it.
struct Read {
    parted: Parted,
    /// The customer's own.
    phrases: Vec<OwnPhrase>,
    draft: Draft,
    aftermath: Aftermath,
}

async fn keep(app: &App, job: &LeasedJob, deal: &Deal, read: Read) -> Result<(), JobError> {
    let Read { parted, phrases, draft, aftermath } = read;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    // Read anew: a person may have decided something while the engine was reading.
    let current = deals::find(&mut tx, &job.tenant, &deal.id).await?.unwrap_or_else(|| deal.clone());
    for source in parted.sale.iter().chain(&parted.after) {
        if let Some(id) = &source.id {
            transcripts::set_people(&mut tx, id, &source.transcript.participants).await?;
        }
    }
    let before = store::post_sale::take_read(&mut tx, &deal.id).await?;
    let kept = keep_items(&mut tx, &current, draft.items, now).await?;
    keep_aftermath(&mut tx, &current, before, parted.after.len(), aftermath, now).await?;
    let engine = json!(draft.engine);
    let run = EngineRun { identity: draft.engine, usage: draft.usage };
    drafts::insert(&mut tx, &job.tenant, &deal.id, &LatestDraft { run, rejected: draft.rejected }, now).await?;
    deals::change(&mut tx, &deal.id, current.state.after_draft(kept.decided)).await?;
    if kept.changed {
        let change = Change {
            action: "draft.made",
            subject: deal.id.to_string(),
            deal: Some(&deal.id),
            after: Some(json!({"items": kept.items, "reopened": kept.reopened, "engine": engine})),
            ..Change::default()
        };
        audit::record(&mut tx, &Caller::console(job.tenant.clone()), change, now).await?;
        handover::tell(app, &mut tx, &current, EventKind::DraftReady, json!({}), now).await?;
    }
    dna::keep_phrases(&mut tx, &current, &phrases).await?;
    dna::keep(app, &mut tx, &current, Occasion::Drafted).await?;
    if !jobs::finish(&mut tx, job, now).await? {
        return Err(JobError::LeaseLost);
    }
    tx.commit().await?;
    Ok(())
}

/// Keeps what the record says after the sale; the log has what became of promises, where that is news.
async fn keep_aftermath(
    conn: &mut Conn,
    deal: &Deal,
    before: HashMap<ItemId, Outcome>,
    sources: usize,
    aftermath: Aftermath,
    now: Timestamp,
) -> Result<(), Error> {
    let mut after = HashMap::new();
    for told in aftermath.fulfilments {
        if store::post_sale::keep_read(conn, &told.item, told.outcome, &told.citation, now).await? {
            after.insert(told.item, told.outcome);
        }
    }
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let repeats =
        Repeats { sources: count(sources), questions: count(aftermath.questions), repeats: aftermath.repeats };
    store::post_sale::replace_repeats(conn, &deal.tenant, &deal.id, &repeats, now).await?;
    if before != after {
        let change = Change {
            action: "outcomes.read",
            subject: deal.id.to_string(),
            deal: Some(&deal.id),
            before: Some(json!(before)),
            after: Some(json!(after)),
            ..Change::default()
        };
        audit::record(conn, &Caller::console(deal.tenant.clone()), change, now).await?;
    }
    Ok(())
}

/// What became of a draft's items.
#[derive(Default)]
struct Kept {
    /// How many they are.
    items: usize,
    /// Whether they are others than before.
    changed: bool,
    /// Whether somebody has decided on any.
    decided: bool,
    /// Those that were approved and want another decision.
    reopened: Vec<ItemId>,
}

/// Puts a draft's items in place of those that nobody decided on. What is there already to the letter stays, with its `ETag`.
async fn keep_items(conn: &mut Conn, deal: &Deal, fresh: Vec<Item>, now: Timestamp) -> Result<Kept, Error> {
    let stored = items::list(conn, &deal.id).await?.into_iter().map(|stored| stored.item);
    // Of which a person said what became of it stays too: they looked at it.
    let told: Vec<ItemId> = store::post_sale::words(conn, &deal.id).await?.into_iter().map(|word| word.item).collect();
    let (mut decided, undecided): (Vec<Item>, Vec<Item>) =
        stored.partition(|item| item.decided_by.is_some() || told.contains(&item.id));
    let is_decided = decided.iter().any(|item| item.decided_by.is_some());
    let mut kept = Kept { items: fresh.len(), decided: is_decided, ..Kept::default() };
    for old in undecided.iter().filter(|old| !fresh.contains(old)) {
        items::delete_undecided(conn, &old.id).await?;
        kept.changed = true;
    }
    for (position, item) in (0_i64..).zip(fresh) {
        if let Some(known) = decided.iter_mut().find(|known| is_same(known, &item)) {
            let was = known.state;
            if let Some(edit) = renew(conn, known, item, now).await? {
                log_renewal(conn, deal, &known.id, edit, now).await?;
                kept.changed = true;
            }
            if was != known.state {
                kept.reopened.push(known.id.clone());
            }
        } else if undecided.contains(&item) {
            items::set_position(conn, &item.id, position).await?;
        } else {
            let place = Place { position, revision: deal.revision + 1 };
            items::insert(conn, &deal.tenant, &deal.id, &item, place, now).await?;
            kept.changed = true;
        }
    }
    Ok(kept)
}

/// Whether a person has already decided on this finding: the same id, or the same field resting on the same words. Only what
/// an item rests on counts: several promises are set against one clause, and what speaks against an item is what another one
/// says.
fn is_same(decided: &Item, fresh: &Item) -> bool {
    let rests_on = |citation: &&Citation| matches!(citation.role(), QuoteRole::Support | QuoteRole::Reply);
    let mut new = fresh.citations.iter().filter(rests_on);
    let mut same_words = || new.any(|new| decided.citations.iter().filter(rests_on).any(|old| old.overlaps(new)));
    decided.id == fresh.id || (decided.field() == fresh.field() && same_words())
}

/// Brings news to an item that somebody decided on: further citations are added, and a promise that a newer word has
/// taken the place of since, or of which the contract says something else now, comes back for another decision. Gives the
/// entry in its history, where there was news.
async fn renew(conn: &mut Conn, known: &mut Item, fresh: Item, now: Timestamp) -> Result<Option<Edit>, StoreError> {
    let before = told(known);
    let judged_anew = judge_anew(&mut known.finding, &fresh.finding, known.reworded_by.is_some());
    if judged_anew {
        citations::remove_clauses(conn, &known.id).await?;
        known.citations.retain(|citation| citation.role() != QuoteRole::Clause);
    }
    let further = fresh.citations.into_iter().filter(|new| !known.citations.iter().any(|old| old.overlaps(new)));
    let further: Vec<_> = further.collect();
    let superseded = supersede(&mut known.finding, fresh.finding);
    if further.is_empty() && !superseded && !judged_anew {
        return Ok(None);
    }
    if (superseded || judged_anew) && known.state == ItemState::Approved {
        known.state = ItemState::Drafted;
    }
    items::update(conn, known, now).await?;
    citations::add(conn, &known.id, &further).await?;
    known.citations.extend(further);
    let reason = match (superseded, judged_anew) {
        (true, _) => "a newer word took its place",
        (false, true) => "set against the contract anew",
        (false, false) => "said again",
    };
    let edit = Edit {
        action: EditAction::Renew,
        actor: "draft".to_owned(),
        at: now,
        before: Some(before),
        after: Some(told(known)),
        reason: Some(reason.to_owned()),
    };
    items::insert_edit(conn, &known.id, &edit).await?;
    Ok(Some(edit))
}

async fn log_renewal(conn: &mut Conn, deal: &Deal, item: &ItemId, edit: Edit, now: Timestamp) -> Result<(), Error> {
    let change = Change {
        action: "item.renewed",
        subject: item.to_string(),
        deal: Some(&deal.id),
        before: edit.before,
        after: edit.after,
        reason: edit.reason,
    };
    audit::record(conn, &Caller::console(deal.tenant.clone()), for_the_log(change), now).await
}

fn told(item: &Item) -> serde_json::Value {
    json!({"statement": item.statement, "finding": item.finding, "state": item.state})
}

/// Takes over what the contract says of a promise now, unless a person has put the promise in words of their own; says
/// whether that is news.
fn judge_anew(known: &mut Finding, fresh: &Finding, reworded: bool) -> bool {
    match (known, fresh) {
        (Finding::Commitment(old), Finding::Commitment(new)) if old.contract != new.contract && !reworded => {
            old.contract = new.contract;
            true
        }
        _ => false,
    }
}

/// Takes over that a newer word took a promise's place; says whether that is news.
fn supersede(known: &mut Finding, fresh: Finding) -> bool {
    match (known, fresh) {
        (Finding::Commitment(known), Finding::Commitment(fresh)) if fresh.superseded_by != known.superseded_by => {
            known.history = fresh.history;
            known.superseded_by = fresh.superseded_by;
            known.superseded_by.is_some()
        }
        _ => false,
    }
}

impl From<DraftError> for JobError {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::Engine { error: EngineError::Transient { .. }, .. } => Self::Retry(error.to_string()),
            DraftError::Engine { .. } => Self::Fail(error.to_string()),
            DraftError::Embed(error) => Error::from(error).into(),
        }
    }
}
