//! Chunks in Qdrant: dense vectors and BM25 sparse vectors side by side, fused with reciprocal rank, always filtered by tenant.
//!
//! Two implementations with one collection shape and the same queries: Qdrant Edge in process ([`edge`]), and a Qdrant server
//! or cluster ([`server`]). The words themselves stay in the store: a hit names a source and its turns, nothing more.

pub(crate) mod bm25;
mod collection;
pub mod edge;
pub mod server;

use std::ops::RangeInclusive;

use async_trait::async_trait;
use uuid::Uuid;

use crate::domain::ids::{AccountId, DealId, SourceId, TenantId};

/// A chunk with its vector, ready to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Always the same for the same chunk of the same source, so that indexing twice stores once.
    pub id: Uuid,
    /// Whose words these are.
    pub tenant: TenantId,
    /// The account of the deal.
    pub account: AccountId,
    /// The deal of the source.
    pub deal: DealId,
    /// The source the chunk was cut from.
    pub source: SourceId,
    /// First and last turn of the chunk.
    pub turns: RangeInclusive<u32>,
    /// The chunk's text; BM25 terms are made from it, the text itself is not stored.
    pub text: String,
    /// The dense vector.
    pub vector: Vec<f32>,
}

/// Which part of the record a search may see. There is no search without a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The tenant.
    pub tenant: TenantId,
    /// Only this account, where given.
    pub account: Option<AccountId>,
    /// Only these deals, where given; none of them reaches nothing.
    pub deals: Option<Vec<DealId>>,
}

/// A hybrid search: the same question as words and as a vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What may be seen.
    pub reach: Reach,
    /// The question's words, for BM25.
    pub text: String,
    /// The question's dense vector.
    pub vector: Vec<f32>,
    /// How many hits at most.
    pub limit: usize,
}

/// A chunk that answers a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The source.
    pub source: SourceId,
    /// The chunk's first and last turn.
    pub turns: RangeInclusive<u32>,
    /// The fused score; only its order means something.
    pub score: f32,
}

/// Which vectors an index holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VectorSpace {
    /// Name of the embedding model; the dense vector is stored under this name, so the collection itself remembers it.
    pub model: String,
    /// Numbers in a vector.
    pub dimension: usize,
}

/// Why the index did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The index was filled with another model's vectors.
    #[error(
        "the index holds vectors of `{}` ({} numbers) but the embedder is `{}` ({} numbers); run `baton reindex` to fill it anew",
        stored.model, stored.dimension, wanted.model, wanted.dimension
    )]
    ModelMismatch {
        /// What the index holds.
        stored: VectorSpace,
        /// What the embedder makes.
        wanted: VectorSpace,
    },
    /// The Qdrant server cannot be reached or is overloaded; trying again may help.
    #[error("the Qdrant server cannot answer now: {0}")]
    Unavailable(String),
    /// The index refuses or is damaged; trying again will not help.
    #[error("the index failed: {0}")]
    Failed(String),
}

/// Stores chunks and finds them again.
#[async_trait]
pub trait VectorIndex: Send + Sync {
    /// Stores points, replacing those with the same id. When it returns, they can be found, also after a crash.
    ///
    /// # Errors
    ///
    /// See [`IndexError`].
    async fn upsert(&self, points: Vec<Point>) -> Result<(), IndexError>;

    /// The best chunks within reach, best first: dense and BM25 ranks fused inside Qdrant.
    ///
    /// # Errors
    ///
    /// See [`IndexError`].
    async fn search(&self, query: Query) -> Result<Vec<Hit>, IndexError>;

    /// Forgets every chunk of a source; none stored is no error.
    ///
    /// # Errors
    ///
    /// See [`IndexError`].
    async fn delete_source(&self, tenant: &TenantId, source: &SourceId) -> Result<(), IndexError>;

    /// How many chunks are within reach.
    ///
    /// # Errors
    ///
    /// See [`IndexError`].
    async fn count(&self, reach: &Reach) -> Result<usize, IndexError>;

    /// Lets the index tidy itself (merge segments, build graphs); a server does this by itself.
    ///
    /// # Errors
    ///
    /// See [`IndexError`].
    async fn optimize(&self) -> Result<(), IndexError>;
}
