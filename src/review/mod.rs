//! Use cases: a person decides on each item, adds what they attest, and makes the handoff final.

mod decide;
mod discretion;
mod field;
mod finalize;
mod order;
pub mod people;
pub mod readiness;
mod standing;

pub use decide::{Decision, attest, decide};
pub(crate) use discretion::for_the_log;
pub use discretion::without_notes;
pub use field::{Approved, Skipped, approve_field, mark_unknown};
pub use finalize::finalize;
pub use order::review_order;
pub use readiness::{Readiness, readiness};

use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::deal::{Deal, SourceState};
use crate::domain::field::Field;
use crate::domain::handoff::{MarkedUnknown, Missing, gate};
use crate::domain::ids::DealId;
use crate::domain::item::Item;
use crate::domain::scorecard::transition;
use crate::draft::document::DraftDocument;
use crate::error::Error;
use crate::store::items::StoredItem;
use crate::store::jobs::{self, JobState, JobStatus};
use crate::store::{Conn, deals, drafts, handover, items, sources, transcripts};

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
    /// How far it is, and what to ask on the next call.
    pub readiness: Readiness,
}

/// Reads a deal's draft, as far as the caller may see it: notes about persons are left out for those who may not.
///
/// # Errors
///
/// [`Error::NotFound`] when there is no such deal within the caller's reach.
pub async fn current_draft(app: &App, caller: &Caller, id: &DealId) -> Result<CurrentDraft, Error> {
    let mut conn = app.store.snapshot().await?;
    let deal = caller.deal(&mut conn, id, Act::SeeDeal).await?;
    let sees = |field: Field| !field.is_sensitive() || caller.may_with(Act::SeeSensitive, &deal);
    let mut stored = items::list(&mut conn, id).await?;
    let latest = drafts::latest(&mut conn, id).await?;
    let mut marked = deals::marked_unknown(&mut conn, id).await?;
    let mut missing = missing(&mut conn, id, &stored, &marked).await?;
    stored.retain(|stored| sees(stored.item.field()));
    marked.retain(|mark| sees(mark.field));
    missing.retain(|missing| missing.field().is_none_or(sees));
    let (engine, mut rejected) = latest.map_or((None, Vec::new()), |draft| (Some(draft.run), draft.rejected));
    rejected.retain(|claim| sees(claim.field));
    let items: Vec<Item> = stored.iter().map(|stored| stored.item.clone()).collect();
    let readiness = readiness(&items, &marked, &transcripts::speakers(&mut conn, id).await?);
    let mut document = DraftDocument::new(engine, items, marked, rejected);
    let receipts = handover::receipts(&mut conn, id).await?;
    document.scorecard.transition = transition(receipts.iter().map(|receipt| (receipt.verdict, receipt.rating)));
    Ok(CurrentDraft { deal, document, stored, missing, readiness })
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
    let broken = stored.iter().filter(|s| !s.broken.is_empty() && s.item.stands());
    missing.extend(broken.map(|stored| Missing::BrokenCitation {
        item: stored.item.id.clone(),
        field: stored.item.field(),
        statement: stored.item.statement.clone(),
    }));
    let items: Vec<&Item> = stored.iter().map(|stored| &stored.item).collect();
    missing.extend(gate(&items, unknown));
    Ok(missing)
}
