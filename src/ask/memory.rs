//! Files given on the command line as a record that can be asked, for as long as the command runs.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use tempfile::TempDir;
use uuid::Uuid;

use super::document::Searched;
use super::runs::{self, KeptRun};
use super::{Asker, Excerpt, Material, absent};
use crate::app::space_of;
use crate::chunk::{Budget, chunk_turns};
use crate::domain::ids::{AccountId, DealId, SourceId, TenantId};
use crate::domain::transcript::Turn;
use crate::draft::DealSource;
use crate::embed::Embedder;
use crate::error::Error;
use crate::index::edge::EdgeIndex;
use crate::index::{Hit, IndexError, Point, Query, Reach, VectorIndex as _};
use crate::retrieve::{CANDIDATES, Passage, Passages, ranked};

/// Parsed sources with an index of their own.
pub struct MemoryRecord<'a> {
    sources: &'a [DealSource],
    /// Of each source.
    runs: Vec<Vec<KeptRun>>,
    places: HashMap<SourceId, usize>,
    reach: Reach,
    index: EdgeIndex,
    /// Removed when the record goes.
    _folder: TempDir,
}

impl<'a> MemoryRecord<'a> {
    /// Chunks, embeds and indexes the sources as `serve` would.
    ///
    /// # Errors
    ///
    /// Where the embedder or the index fails, or there is no room for the index.
    pub async fn index(sources: &'a [DealSource], embedder: &dyn Embedder) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let index = EdgeIndex::open(folder.path(), space_of(embedder)).await?;
        let reach = Reach { tenant: TenantId::generate(), account: None, deals: None };
        let name = |at: usize, source: &DealSource| SourceId::derived(&[&at.to_string(), &source.name]);
        let places = sources.iter().enumerate().map(|(at, source)| (name(at, source), at)).collect();
        let runs = sources.iter().map(|source| runs::of(&source.transcript)).collect::<Result<_, _>>()?;
        let record = Self { sources, runs, places, reach, index, _folder: folder };
        record.index.upsert(record.points(embedder).await?).await?;
        Ok(record)
    }

    /// The same with what every clause is about, as `serve` keeps it: for who asks much. Otherwise each question has that told of what it
    /// finds.
    ///
    /// # Errors
    ///
    /// Where the ranker cannot be run.
    pub async fn told(mut self, asker: &Asker) -> anyhow::Result<Self> {
        for (runs, source) in self.runs.iter_mut().zip(self.sources) {
            *runs = asker.runs_of(&source.transcript).await?;
        }
        Ok(self)
    }

    async fn points(&self, embedder: &dyn Embedder) -> anyhow::Result<Vec<Point>> {
        let (account, deal) = (AccountId::generate(), DealId::generate());
        let mut points = Vec::new();
        // In the order of the sources: equally good chunks are told apart by it.
        let mut ordered: Vec<(&SourceId, usize)> = self.places.iter().map(|(id, at)| (id, *at)).collect();
        ordered.sort_by_key(|(_, at)| *at);
        for (id, at) in ordered {
            let chunks = chunk_turns(&self.sources[at].transcript, Budget::default());
            let texts: Vec<&str> = chunks.iter().map(|chunk| chunk.text.as_str()).collect();
            let vectors = embedder.embed(&texts).await?;
            points.extend(chunks.into_iter().zip(vectors).map(|(chunk, vector)| Point {
                id: Uuid::now_v7(),
                tenant: self.reach.tenant.clone(),
                account: account.clone(),
                deal: deal.clone(),
                source: id.clone(),
                turns: chunk.turns,
                text: chunk.text,
                vector,
            }));
        }
        Ok(points)
    }

    /// What an answer to `question` may be made from.
    ///
    /// # Errors
    ///
    /// Where the embedder or the index fails.
    pub async fn material(&self, embedder: &dyn Embedder, question: &str) -> Result<Material, Error> {
        let vector = embedder.embed(&[question]).await?.pop().unwrap_or_default();
        let passages = self.passages(&ranked(self.hits(question, vector).await?));
        let excerpt = |passage: Passage| {
            let at = *self.places.get(&passage.source)?;
            let source = self.sources.get(at)?;
            let runs = runs::reaching(self.runs.get(at)?, &passage.turns);
            let turns = self.turns(&passage.source, &passage.turns).to_vec();
            let transcript = source.transcript.with_turns(turns);
            let (name, turns, score) = (source.name.clone(), passage.turns, passage.score);
            Some(Excerpt { id: source.id.clone(), name, turns, transcript, runs, score })
        };
        let turns = self.sources.iter().map(|source| source.transcript.turns.len() as u64).sum();
        Ok(Material {
            excerpts: passages.into_iter().filter_map(excerpt).collect(),
            items: Vec::new(),
            searched: Searched { sources: self.sources.len() as u64, turns },
            missing: absent(self.sources.iter().map(|source| source.transcript.kind)),
        })
    }

    /// The chunks found, as the index ranks them.
    ///
    /// # Errors
    ///
    /// Where the index fails.
    pub async fn hits(&self, question: &str, vector: Vec<f32>) -> Result<Vec<Hit>, IndexError> {
        let query = Query { reach: self.reach.clone(), text: question.to_owned(), vector, limit: CANDIDATES };
        self.index.search(query).await
    }

    /// Hits to passages.
    #[must_use]
    pub fn passages(&self, hits: &[Hit]) -> Vec<Passage> {
        let mut passages = Passages::default();
        for hit in hits {
            if let Some(wanted) = passages.wants(hit) {
                passages.add(hit, self.turns(&wanted.source, &wanted.turns));
            }
            if passages.is_enough() {
                break;
            }
        }
        passages.into_found()
    }

    fn turns(&self, source: &SourceId, wanted: &RangeInclusive<u32>) -> &[Turn] {
        let turns = self.places.get(source).map_or(&[][..], |at| &self.sources[*at].transcript.turns);
        let from = turns.partition_point(|turn| turn.index < *wanted.start());
        let to = turns.partition_point(|turn| turn.index <= *wanted.end());
        &turns[from..to]
    }
}
