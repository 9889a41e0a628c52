//! Profiles are kept when the draft or its review comes to a point: drafted, finalized, received, corrected; not at every key.

use super::changes::Occasion;
use super::phrases::OwnPhrase;
use super::read::composed;
use crate::app::App;
use crate::domain::deal::Deal;
use crate::domain::hash::content_hash;
use crate::domain::ids::SnapshotId;
use crate::error::Error;
use crate::store::dna::{self, Snapshot};
use crate::store::{Conn, StoreError};

/// Keeps the customer's phrases with the draft that was made from the same words.
///
/// # Errors
///
/// When the records cannot be written.
pub async fn keep_phrases(conn: &mut Conn, deal: &Deal, phrases: &[OwnPhrase]) -> Result<(), StoreError> {
    dna::replace_phrases(conn, &deal.tenant, &deal.id, phrases).await
}

/// Keeps the profile as it is now, in the transaction of what changed it; one that says what the last one says is not kept.
///
/// # Errors
///
/// When the records cannot be read or written.
pub async fn keep(app: &App, conn: &mut Conn, deal: &Deal, occasion: Occasion) -> Result<(), Error> {
    let profile = composed(conn, deal).await?;
    let document = dna::document(&profile)?;
    let hash = content_hash(document.as_bytes());
    let last = dna::snapshots(conn, &deal.id).await?.into_iter().next();
    if last.is_some_and(|last| last.content_hash == hash) {
        return Ok(());
    }
    let snapshot = Snapshot { id: SnapshotId::generate(), occasion, content_hash: hash, at: app.clock.now() };
    Ok(dna::insert_snapshot(conn, &deal.tenant, &deal.id, &snapshot, &document).await?)
}
