//! Questions against the index: whether a chunk that holds a labelled quote is among the first.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use uuid::Uuid;

use super::gold::Gold;
use super::matching::Place;
use super::overlap::words;
use super::report::Retrieval;
use crate::chunk::{Budget, chunk_turns};
use crate::domain::ids::{AccountId, DealId, SourceId, TenantId};
use crate::draft::DealSource;
use crate::embed::Embedder;
use crate::index::edge::EdgeIndex;
use crate::index::{Hit, Point, Query, Reach, VectorIndex, VectorSpace};

/// Chunks that are looked at.
const FIRST: usize = 5;

/// Indexes the sources as `serve` would and asks every answerable question.
///
/// # Errors
///
/// Where the index or the embedder fails.
pub async fn retrieval(gold: &Gold, sources: &[DealSource], embedder: &dyn Embedder) -> anyhow::Result<Retrieval> {
    let folder = tempfile::tempdir()?;
    let space = VectorSpace { model: embedder.model().to_owned(), dimension: embedder.dimension() };
    let index = EdgeIndex::open(folder.path(), space).await?;
    let indexed = Indexed::new(sources);
    index.upsert(indexed.points(sources, embedder).await?).await?;
    let mut retrieval = Retrieval::default();
    for question in gold.questions.iter().filter(|question| question.answerable) {
        let vector = embedder.embed(&[&question.question]).await?.pop().unwrap_or_default();
        let reach = Reach { tenant: indexed.tenant.clone(), account: None, deal: None };
        let hits = index.search(Query { reach, text: question.question.clone(), vector, limit: FIRST }).await?;
        let wanted: Vec<Place> = question.citations.iter().map(Place::of).collect();
        let rank = hits.iter().position(|hit| wanted.iter().any(|place| indexed.holds(sources, hit, place)));
        retrieval.in_five.count(rank.is_some());
        retrieval.reciprocal_ranks += rank.map_or(0, |rank| u32::try_from(1000 / (rank + 1)).unwrap_or_default());
    }
    Ok(retrieval)
}

/// Ids for a deal that is not kept.
struct Indexed {
    tenant: TenantId,
    account: AccountId,
    deal: DealId,
    sources: HashMap<SourceId, usize>,
}

impl Indexed {
    fn new(sources: &[DealSource]) -> Self {
        let ids = sources.iter().enumerate().map(|(at, source)| (SourceId::derived(&[&source.name]), at));
        Self {
            tenant: TenantId::generate(),
            account: AccountId::generate(),
            deal: DealId::generate(),
            sources: ids.collect(),
        }
    }

    async fn points(&self, sources: &[DealSource], embedder: &dyn Embedder) -> anyhow::Result<Vec<Point>> {
        let mut points = Vec::new();
        for (id, &at) in &self.sources {
            let chunks = chunk_turns(&sources[at].transcript, Budget::default());
            let texts: Vec<&str> = chunks.iter().map(|chunk| chunk.text.as_str()).collect();
            let vectors = embedder.embed(&texts).await?;
            points.extend(chunks.into_iter().zip(vectors).map(|(chunk, vector)| Point {
                id: Uuid::now_v7(),
                tenant: self.tenant.clone(),
                account: self.account.clone(),
                deal: self.deal.clone(),
                source: id.clone(),
                turns: chunk.turns,
                text: chunk.text,
                vector,
            }));
        }
        Ok(points)
    }

    /// Whether one of the turns of a hit has the words.
    fn holds(&self, sources: &[DealSource], hit: &Hit, place: &Place) -> bool {
        let Some(source) = self.sources.get(&hit.source).and_then(|&at| sources.get(at)) else { return false };
        let within = |turns: &RangeInclusive<u32>, index| turns.contains(&index);
        let mut turns = source.transcript.turns.iter().filter(|turn| within(&hit.turns, turn.index));
        turns.any(|turn| place.is_in(&source.name, &words(&turn.text)))
    }
}
