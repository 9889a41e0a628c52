//! Use cases: a person decides on each item, adds what they attest, and makes the handoff final.

use serde_json::json;

use crate::app::App;
use crate::domain::deal::{Deal, DealState, SourceState};
use crate::domain::field::Field;
use crate::domain::finding::Finding;
use crate::domain::handoff::{HANDOFF_SCHEMA, Handoff, HandoffSource, MarkedUnknown, Missing, gate};
use crate::domain::hash::content_hash;
use crate::domain::ids::{DealId, ItemId, VersionId};
use crate::domain::item::{Edit, EditAction, Item, ItemState, Origin};
use crate::domain::record::HandoffRecord;
use crate::domain::scorecard::Scorecard;
use crate::draft::document::DraftDocument;
use crate::error::Error;
use crate::render::{self, view::HandoffView};
use crate::store::items::{Place, StoredItem};
use crate::store::jobs::{self, JobState, JobStatus};
use crate::store::versions::Version;
use crate::store::{Conn, accounts, deals, drafts, items, sources, versions};

/// Characters of a statement at most.
const MAX_STATEMENT_CHARS: usize = 2_000;

/// What a person decides on one item.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// It is right as it stands.
    Approve,
    /// It is wrong or does not matter.
    Reject {
        /// Why.
        reason: Option<String>,
    },
    /// It is right with other words or attributes; whoever rewrites an item stands behind it, so it is approved.
    Edit {
        /// The new statement, where it changes.
        statement: Option<String>,
        /// The new field and attributes, where they change.
        finding: Option<Finding>,
    },
}

/// A deal's draft as it stands, with the revision it was read at.
pub struct CurrentDraft {
    /// The deal.
    pub deal: Deal,
    /// The document.
    pub document: DraftDocument,
    /// The items' revisions and broken citations, in the document's order.
    pub stored: Vec<StoredItem>,
    /// What still stands between the draft and its final version.
    pub missing: Vec<Missing>,
}

/// Reads a deal's draft.
///
/// # Errors
///
/// [`Error::NotFound`] when there is no such deal.
pub async fn current_draft(app: &App, id: &DealId) -> Result<CurrentDraft, Error> {
    let mut conn = app.store.snapshot().await?;
    let deal = find_deal(app, &mut conn, id).await?;
    let stored = items::list(&mut conn, id).await?;
    let latest = drafts::latest(&mut conn, id).await?;
    let marked = deals::marked_unknown(&mut conn, id).await?;
    let (engine, rejected) = latest.map_or((None, Vec::new()), |draft| (Some(draft.run), draft.rejected));
    let items: Vec<Item> = stored.iter().map(|stored| stored.item.clone()).collect();
    let missing = missing(&mut conn, id, &stored, &marked).await?;
    let document = DraftDocument::new(engine, items, marked, rejected);
    Ok(CurrentDraft { deal, document, stored, missing })
}

/// Decides on an item. `read_revision` is the revision the person was looking at.
///
/// # Errors
///
/// [`Error::NotFound`]; [`Error::Stale`] when somebody changed the item meanwhile; [`Error::Invalid`] for an empty statement.
pub async fn decide(
    app: &App,
    id: &ItemId,
    read_revision: i64,
    actor: &str,
    decision: Decision,
) -> Result<StoredItem, Error> {
    let mut tx = app.store.write().await?;
    let stored = items::find(&mut tx, &app.tenant, id).await?.ok_or_else(|| Error::not_found("item", id))?;
    if stored.revision != read_revision {
        return Err(Error::Stale { sent: read_revision, current: stored.revision });
    }
    let mut item = stored.item;
    let edit = apply(&mut item, decision, actor, app.clock.now())?;
    items::update(&mut tx, &item, edit.at).await?;
    items::insert_edit(&mut tx, id, &edit).await?;
    if item.state == ItemState::Approved {
        // An answered field is not unknown.
        deals::unmark_unknown(&mut tx, &stored.deal, item.field()).await?;
    }
    deals::change(&mut tx, &stored.deal, DealState::InReview).await?;
    let updated = items::find(&mut tx, &app.tenant, id).await?.ok_or_else(|| Error::not_found("item", id))?;
    tx.commit().await?;
    Ok(updated)
}

fn apply(item: &mut Item, decision: Decision, actor: &str, at: jiff::Timestamp) -> Result<Edit, Error> {
    let words = |item: &Item| json!({"statement": item.statement, "finding": item.finding});
    item.decided_by = Some(actor.to_owned());
    let mut edit =
        Edit { action: EditAction::Approve, actor: actor.to_owned(), at, before: None, after: None, reason: None };
    match decision {
        Decision::Approve => item.state = ItemState::Approved,
        Decision::Reject { reason } => {
            item.state = ItemState::Rejected;
            edit = Edit { action: EditAction::Reject, reason, ..edit };
        }
        Decision::Edit { statement, finding } => {
            let before = words(item);
            if let Some(statement) = statement {
                item.statement = checked_statement(&statement)?;
            }
            item.finding = finding.unwrap_or_else(|| item.finding.clone());
            item.state = ItemState::Approved;
            (item.confidence, item.reworded_by) = (None, Some(actor.to_owned()));
            edit = Edit { action: EditAction::Edit, before: Some(before), after: Some(words(item)), ..edit };
        }
    }
    Ok(edit)
}

/// Adds what a person knows from memory. It is approved at once, marked as attested, and never looks like a quote.
///
/// # Errors
///
/// [`Error::NotFound`] when there is no such deal; [`Error::Invalid`] for an empty statement.
pub async fn attest(
    app: &App,
    id: &DealId,
    finding: Finding,
    statement: &str,
    actor: &str,
) -> Result<StoredItem, Error> {
    let now = app.clock.now();
    let item = Item {
        id: ItemId::generate(),
        finding,
        statement: checked_statement(statement)?,
        confidence: None,
        origin: Origin::Person,
        attested_by: Some(actor.to_owned()),
        reworded_by: None,
        decided_by: Some(actor.to_owned()),
        state: ItemState::Approved,
        citations: Vec::new(),
    };
    let edit = Edit {
        action: EditAction::Attest,
        actor: actor.to_owned(),
        at: now,
        before: None,
        after: Some(json!({"statement": item.statement, "finding": item.finding})),
        reason: None,
    };
    let mut tx = app.store.write().await?;
    let deal = find_deal(app, &mut tx, id).await?;
    let place = Place { position: i64::MAX, revision: deal.revision + 1 };
    items::insert(&mut tx, &app.tenant, id, &item, place, now).await?;
    items::insert_edit(&mut tx, &item.id, &edit).await?;
    deals::unmark_unknown(&mut tx, id, item.field()).await?;
    deals::change(&mut tx, id, DealState::InReview).await?;
    let stored =
        items::find(&mut tx, &app.tenant, &item.id).await?.ok_or_else(|| Error::not_found("item", &item.id))?;
    tx.commit().await?;
    Ok(stored)
}

/// Marks a field as asked and unknown, or takes the mark back.
///
/// # Errors
///
/// [`Error::NotFound`] when there is no such deal; [`Error::Conflict`] when the field has an approved item.
pub async fn mark_unknown(app: &App, id: &DealId, field: Field, unknown: bool, actor: &str) -> Result<(), Error> {
    let mut tx = app.store.write().await?;
    find_deal(app, &mut tx, id).await?;
    let changed;
    if unknown {
        let is_answer = |s: &StoredItem| s.item.field() == field && s.item.state == ItemState::Approved;
        if items::list(&mut tx, id).await?.iter().any(is_answer) {
            return Err(Error::Conflict(format!(
                "`{field}` has an approved item, so it is not unknown; reject that first"
            )));
        }
        changed = deals::mark_unknown(&mut tx, id, field, actor, app.clock.now()).await?;
    } else {
        changed = deals::unmark_unknown(&mut tx, id, field).await?;
    }
    if changed {
        deals::change(&mut tx, id, DealState::InReview).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Makes the handoff final: an immutable version of the approved items. `override_reason` passes the gate, and is kept.
///
/// # Errors
///
/// [`Error::NotFound`]; [`Error::Stale`] when the draft changed since it was read; [`Error::GateClosed`] with everything
/// that is missing; [`Error::Conflict`] when nothing changed since the last version.
pub async fn finalize(
    app: &App,
    id: &DealId,
    read_revision: i64,
    actor: &str,
    override_reason: Option<String>,
) -> Result<Version, Error> {
    let mut tx = app.store.write().await?;
    let deal = find_deal(app, &mut tx, id).await?;
    if deal.revision != read_revision {
        return Err(Error::Stale { sent: read_revision, current: deal.revision });
    }
    if deal.state == DealState::Finalized {
        return Err(Error::Conflict("nothing has changed since the last version was finalized".to_owned()));
    }
    let handoff = compose(app, &mut tx, &deal, actor, override_reason).await?;
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
    versions::insert(&mut tx, &app.tenant, &version).await?;
    deals::change(&mut tx, id, DealState::Finalized).await?;
    tx.commit().await?;
    Ok(version)
}

async fn compose(
    app: &App,
    conn: &mut Conn,
    deal: &Deal,
    actor: &str,
    override_reason: Option<String>,
) -> Result<Handoff, Error> {
    let all = items::list(conn, &deal.id).await?;
    let unknown = deals::marked_unknown(conn, &deal.id).await?;
    let missing = missing(conn, &deal.id, &all, &unknown).await?;
    let override_reason = override_reason.filter(|reason| !reason.trim().is_empty());
    if !missing.is_empty() && override_reason.is_none() {
        return Err(Error::GateClosed { missing });
    }
    let account = accounts::find(conn, &app.tenant, &deal.account_id).await?;
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
        finalized_by: actor.to_owned(),
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

async fn find_deal(app: &App, conn: &mut Conn, id: &DealId) -> Result<Deal, Error> {
    deals::find(conn, &app.tenant, id).await?.ok_or_else(|| Error::not_found("deal", id))
}

/// What stands between the deal and its final version: words that wait to be read, words that moved, decisions to make.
async fn missing(
    conn: &mut Conn,
    id: &DealId,
    stored: &[StoredItem],
    unknown: &[MarkedUnknown],
) -> Result<Vec<Missing>, Error> {
    let queued = sources::list(conn, id).await?.into_iter().filter(|source| source.state == SourceState::Queued);
    let mut missing: Vec<Missing> = queued.map(|source| Missing::SourcePending { source: source.name }).collect();
    missing.extend(match jobs::latest_draft(conn, id).await? {
        Some(JobStatus { state: JobState::Queued | JobState::Running, .. }) => Some(Missing::DraftPending),
        Some(JobStatus { state: JobState::Failed, error, .. }) => {
            Some(Missing::DraftFailed { error: error.unwrap_or_default() })
        }
        _ => None,
    });
    let broken = stored.iter().filter(|s| !s.broken.is_empty() && s.item.state != ItemState::Rejected);
    missing.extend(broken.map(|stored| Missing::BrokenCitation {
        item: stored.item.id.clone(),
        field: stored.item.field(),
        statement: stored.item.statement.clone(),
    }));
    let items: Vec<&Item> = stored.iter().map(|stored| &stored.item).collect();
    missing.extend(gate(&items, unknown));
    Ok(missing)
}

fn checked_statement(statement: &str) -> Result<String, Error> {
    let statement = statement.trim();
    match statement.chars().count() {
        0 => Err(Error::Invalid("the statement is empty; say what the item says".to_owned())),
        n if n > MAX_STATEMENT_CHARS => {
            Err(Error::Invalid(format!("the statement has {n} characters; at most {MAX_STATEMENT_CHARS} are taken")))
        }
        _ => Ok(statement.to_owned()),
    }
}
