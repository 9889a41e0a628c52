//! Draft a deal from all of its sources, and keep what people have already decided.

use jiff::Timestamp;

use super::JobError;
use crate::app::{App, Progress};
use crate::domain::deal::{Deal, SourceState};
use crate::domain::finding::Finding;
use crate::domain::ids::DealId;
use crate::domain::item::{Edit, EditAction, Item, ItemState};
use crate::draft::document::EngineRun;
use crate::draft::{DealSource, Draft, DraftError, draft_deal, resolve_sides};
use crate::engine::{EngineError, QuoteRole};
use crate::error::Error;
use crate::ground::Citation;
use crate::handover;
use crate::hooks::event::EventKind;
use crate::store::drafts::LatestDraft;
use crate::store::items::Place;
use crate::store::jobs::{self, LeasedJob};
use crate::store::{Conn, StoreError, deals, drafts, items, sources, transcripts};

pub(super) async fn run(app: &App, job: &LeasedJob, id: &DealId) -> Result<(), JobError> {
    let mut conn = app.store.read().await?;
    let deal = deals::find(&mut conn, &job.tenant, id).await?;
    let deal = deal.ok_or_else(|| JobError::Fail(format!("deal {id} is gone")))?;
    app.progress(Progress::Drafting { deal: id.clone() });
    let mut sources = load_sources(&mut conn, &deal).await?;
    drop(conn);
    resolve_sides(&mut sources, &app.settings.engine.vendor_domains);
    let draft = draft_deal(app.engine.as_ref(), app.embedder.as_ref(), &app.reader, id.as_str(), &sources).await?;
    let (items, rejected) = (draft.items.len(), draft.rejected.len());
    keep(app, job, &deal, &sources, draft).await?;
    app.progress(Progress::Drafted { deal: id.clone(), items, rejected });
    tracing::info!(items, rejected, sources = sources.len(), "deal drafted");
    Ok(())
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

async fn keep(app: &App, job: &LeasedJob, deal: &Deal, read: &[DealSource], draft: Draft) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    // Read anew: a person may have decided something while the engine was reading.
    let current = deals::find(&mut tx, &job.tenant, &deal.id).await?.unwrap_or_else(|| deal.clone());
    for source in read {
        if let Some(id) = &source.id {
            transcripts::set_sides(&mut tx, id, &source.transcript.participants).await?;
        }
    }
    let mut decided = remove_undecided(&mut tx, &deal.id).await?;
    let mut changed = false;
    for (position, item) in (0_i64..).zip(draft.items) {
        if let Some(known) = decided.iter_mut().find(|known| is_same(known, &item)) {
            changed |= renew(&mut tx, known, item, now).await?;
        } else {
            let place = Place { position, revision: current.revision + 1 };
            items::insert(&mut tx, &job.tenant, &deal.id, &item, place, now).await?;
            changed = true;
        }
    }
    let run = EngineRun { identity: draft.engine, usage: draft.usage };
    drafts::insert(&mut tx, &job.tenant, &deal.id, &LatestDraft { run, rejected: draft.rejected }, now).await?;
    deals::change(&mut tx, &deal.id, current.state.after_draft(changed, !decided.is_empty())).await?;
    if changed {
        handover::tell(app, &mut tx, &current, EventKind::DraftReady, serde_json::json!({}), now).await?;
    }
    if !jobs::finish(&mut tx, job, now).await? {
        return Err(JobError::LeaseLost);
    }
    tx.commit().await?;
    Ok(())
}

/// Removes the items of the last draft that nobody decided on, and returns those that somebody did.
async fn remove_undecided(conn: &mut Conn, deal: &DealId) -> Result<Vec<Item>, StoreError> {
    let mut decided = Vec::new();
    for stored in items::list(conn, deal).await? {
        if stored.item.decided_by.is_none() {
            items::delete_undecided(conn, &stored.item.id).await?;
        } else {
            decided.push(stored.item);
        }
    }
    Ok(decided)
}

/// Whether a person has already decided on this finding: the same id, or the same field resting on the same words. A
/// clause is not what a promise rests on: several promises are set against the same one.
fn is_same(decided: &Item, fresh: &Item) -> bool {
    let said = |citation: &&Citation| citation.role() != QuoteRole::Clause;
    let mut new = fresh.citations.iter().filter(said);
    let mut same_words = || new.any(|new| decided.citations.iter().filter(said).any(|old| old.overlaps(new)));
    decided.id == fresh.id || (decided.field() == fresh.field() && same_words())
}

/// Brings news to an item that somebody decided on: further citations are added, and a promise that a newer word has
/// taken the place of since, or of which the contract says something else now, comes back for another decision. Says
/// whether there was news.
async fn renew(conn: &mut Conn, known: &mut Item, fresh: Item, now: Timestamp) -> Result<bool, StoreError> {
    let before = serde_json::json!({"statement": known.statement, "finding": known.finding});
    let judged_anew = judge_anew(known, &fresh);
    let further = fresh.citations.into_iter().filter(|new| !known.citations.iter().any(|old| old.overlaps(new)));
    let further: Vec<_> = further.collect();
    let superseded = supersede(&mut known.finding, fresh.finding);
    if further.is_empty() && !superseded && !judged_anew {
        return Ok(false);
    }
    known.citations.extend(further);
    if (superseded || judged_anew) && known.state == ItemState::Approved {
        known.state = ItemState::Drafted;
    }
    items::update(conn, known, now).await?;
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
        after: Some(serde_json::json!({"statement": known.statement, "finding": known.finding})),
        reason: Some(reason.to_owned()),
    };
    items::insert_edit(conn, &known.id, &edit).await?;
    Ok(true)
}

/// Takes over what the contract says of a promise now, unless a person has put the promise in words of their own; says
/// whether that is news.
fn judge_anew(known: &mut Item, fresh: &Item) -> bool {
    match (&mut known.finding, &fresh.finding) {
        (Finding::Commitment(old), Finding::Commitment(new)) if old.contract != new.contract => {
            if known.reworded_by.is_some() {
                return false;
            }
            old.contract = new.contract;
            known.citations.retain(|citation| citation.role() != QuoteRole::Clause);
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
