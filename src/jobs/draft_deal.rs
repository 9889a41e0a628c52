//! Draft a deal from all of its sources, and keep what people have already decided.

use super::JobError;
use crate::app::{App, Progress};
use crate::domain::deal::{Deal, SourceState};
use crate::domain::ids::DealId;
use crate::domain::item::{Item, ItemState};
use crate::draft::document::EngineRun;
use crate::draft::{DealSource, Draft, DraftError, draft_deal, resolve_sides};
use crate::engine::EngineError;
use crate::error::Error;
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
    let draft = draft_deal(app.engine.as_ref(), app.embedder.as_ref(), id.as_str(), &sources).await?;
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
            && let Some(transcript) = transcripts::find(conn, &source.id).await?
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
            transcripts::replace_participants(&mut tx, id, &source.transcript.participants).await?;
        }
    }
    let decided = remove_undecided(&mut tx, &deal.id).await?;
    let fresh = draft.items.into_iter().filter(|item| !decided.iter().any(|known| is_same(known, item)));
    for (position, item) in (0_i64..).zip(fresh) {
        let place = Place { position, revision: current.revision + 1 };
        items::insert(&mut tx, &job.tenant, &deal.id, &item, place, now).await?;
    }
    let run = EngineRun { identity: draft.engine, usage: draft.usage };
    drafts::insert(&mut tx, &job.tenant, &deal.id, &LatestDraft { run, rejected: draft.rejected }, now).await?;
    deals::change(&mut tx, &deal.id, current.state.after_draft()).await?;
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
        if stored.item.state == ItemState::Drafted {
            items::delete_undecided(conn, &stored.item.id).await?;
        } else {
            decided.push(stored.item);
        }
    }
    Ok(decided)
}

/// Whether a person has already decided on this finding: the same id, or the same field resting on the same words.
fn is_same(decided: &Item, fresh: &Item) -> bool {
    let same_words = || fresh.citations.iter().any(|new| decided.citations.iter().any(|old| old.overlaps(new)));
    decided.id == fresh.id || (decided.field() == fresh.field() && same_words())
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
