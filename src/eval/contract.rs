//! Reconciliation by itself: every labelled commitment against the contract, whether or not a draft finds it.

use super::gold::Gold;
use super::labels;
use super::report::Share;
use crate::domain::finding::Finding;
use crate::draft::DealSource;
use crate::embed::{EmbedError, Embedder};
use crate::reader::Reader;
use crate::reconcile::reconcile;

/// How many labelled commitments get the labelled status.
///
/// # Errors
///
/// When the words cannot be embedded for comparison.
pub async fn status(
    gold: &Gold,
    sources: &[DealSource],
    embedder: &dyn Embedder,
    reader: &Reader,
) -> Result<Share, EmbedError> {
    let mut items = labels::items(gold, sources);
    reconcile(embedder, reader, sources, &mut items).await?;
    let mut share = Share::default();
    for (label, item) in gold.items.iter().zip(&items) {
        if let (Finding::Commitment(promise), Some(labelled)) = (&item.finding, label.attributes.get("contract")) {
            share.count(serde_json::to_value(promise.contract).is_ok_and(|told| told == *labelled));
        }
    }
    Ok(share)
}
