//! The handoff becomes final: an immutable, hashed version.

use serde_json::json;

use super::decide::checked_reason;
use super::missing;
use crate::access::{Act, Caller, Sight};
use crate::app::App;
use crate::audit::{self, Change};
use crate::dna::{self, Occasion};
use crate::domain::deal::{Deal, DealState};
use crate::domain::field::Field;
use crate::domain::handoff::{HANDOFF_SCHEMA, Handoff, HandoffSource};
use crate::domain::hash::content_hash;
use crate::domain::ids::{DealId, VersionId};
use crate::domain::item::{Item, ItemState};
use crate::domain::policy::Step;
use crate::domain::record::HandoffRecord;
use crate::domain::scorecard::Scorecard;
use crate::error::Error;
use crate::handover;
use crate::hooks::event::EventKind;
use crate::render::{self, view::HandoffView};
use crate::store::jobs::{self, Job};
use crate::store::versions::{Summary, Version};
use crate::store::{Conn, accounts, deals, drafts, items, sources, versions};

/// Makes the handoff final: an immutable version of the approved items. `override_reason` passes the gate, and is kept.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Stale`] when the draft changed since it
/// was read; [`Error::GateClosed`] with everything that is missing; [`Error::Conflict`] when nothing changed since the last
/// version.
pub async fn finalize(
    app: &App,
    caller: &Caller,
    id: &DealId,
    read_revision: i64,
    override_reason: Option<String>,
) -> Result<Version, Error> {
    let mut tx = app.store.write().await?;
    let deal = caller.deal(&mut tx, id, Act::Review).await?;
    if deal.revision != read_revision {
        return Err(Error::Stale { sent: read_revision, current: deal.revision });
    }
    if matches!(deal.state, DealState::Finalized | DealState::Accepted) {
        return Err(Error::Conflict("nothing has changed since the last version was finalized".to_owned()));
    }
    let handoff = compose(app, caller, &mut tx, &deal, override_reason).await?;
    let document = serde_json::to_string(&handoff).map_err(|error| Error::Internal(error.into()))?;
    let record = HandoffRecord::read(&document).map_err(|error| Error::Internal(error.into()))?;
    let version = Version {
        id: VersionId::generate(),
        deal: id.clone(),
        number: handoff.version,
        content_hash: content_hash(document.as_bytes()),
        markdown: render::markdown(&HandoffView::of_handoff(&record)).map_err(|error| Error::Internal(error.into()))?,
        document,
        created_at: handoff.finalized_at,
    };
    let unknown: Vec<Field> = handoff.unknown.iter().map(|mark| mark.field).collect();
    let overridden = handoff.override_reason.is_some();
    let summary = Summary { scorecard: handoff.scorecard, unknown: &unknown, overridden };
    versions::insert(&mut tx, &caller.tenant, &version, &summary).await?;
    handover::keep_documents(app, &mut tx, &deal, &version).await?;
    deals::change(&mut tx, id, DealState::Finalized).await?;
    handover::finished(&mut tx, caller, id, Step::Document, version.created_at).await?;
    let data = json!({"version": version.number, "by": caller.name});
    let kind = if version.number == 1 { EventKind::HandoffFinalized } else { EventKind::HandoffAmended };
    handover::tell(app, &mut tx, &deal, kind, data, version.created_at).await?;
    audit::record(&mut tx, caller, finalized(&version, &handoff), handoff.finalized_at).await?;
    dna::keep(app, &mut tx, &deal, Occasion::Finalized).await?;
    let prepare = Job::PrepareAnswers { deal: id.clone() };
    jobs::enqueue(&mut tx, &caller.tenant, Some(id), &prepare, version.created_at).await?;
    tx.commit().await?;
    app.wake_worker();
    Ok(version)
}

/// The change, for the log.
fn finalized<'a>(version: &'a Version, handoff: &Handoff) -> Change<'a> {
    Change {
        action: if handoff.override_reason.is_some() { "handoff.finalized_past_the_gate" } else { "handoff.finalized" },
        subject: version.id.to_string(),
        deal: Some(&version.deal),
        before: None,
        after: Some(json!({
            "version": version.number, "content_hash": version.content_hash, "items": handoff.items.len(),
            "missing": handoff.missing.len(),
        })),
        reason: handoff.override_reason.clone(),
    }
}

async fn compose(
    app: &App,
    caller: &Caller,
    conn: &mut Conn,
    deal: &Deal,
    override_reason: Option<String>,
) -> Result<Handoff, Error> {
    let all = items::list(conn, &deal.id).await?;
    let unknown = deals::marked_unknown(conn, &deal.id).await?;
    let missing = missing(conn, &deal.id, &all, &unknown).await?;
    let override_reason = checked_reason(override_reason)?;
    if !missing.is_empty() && override_reason.is_none() {
        return Err(Error::GateClosed { missing });
    }
    let account = accounts::find(conn, &caller.tenant, &Sight::All, &deal.account_id).await?;
    let approved: Vec<Item> =
        all.into_iter().map(|stored| stored.item).filter(|item| item.state == ItemState::Approved).collect();
    let sources = sources::list(conn, &deal.id).await?.into_iter().map(|source| HandoffSource {
        name: source.name,
        content_hash: source.content_hash,
        error: source.error,
    });
    Ok(Handoff {
        schema: HANDOFF_SCHEMA,
        account: account.map(|account| account.name).unwrap_or_default(),
        deal: deal.name.clone(),
        version: versions::next_number(conn, &deal.id).await?,
        finalized_by: caller.name.clone(),
        finalized_at: app.clock.now(),
        override_reason: override_reason.filter(|_| !missing.is_empty()),
        missing,
        engine: drafts::latest(conn, &deal.id).await?.map(|draft| draft.run.identity),
        sources: sources.collect(),
        scorecard: Scorecard::of(&approved),
        items: approved,
        unknown,
    })
}
