//! Places that the contract is tried on.

use std::panic::{AssertUnwindSafe, resume_unwind};

use async_trait::async_trait;
use baton::index::edge::EdgeIndex;
use baton::index::server::QdrantIndex;
use baton::index::{IndexError, VectorIndex, VectorSpace};
use futures::FutureExt;
use qdrant_client::Qdrant;
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::fake_qdrant::{API_KEY, FakeQdrant};

/// A place for one index, empty at first.
#[async_trait]
pub(super) trait Store: Sized + Send + Sync {
    /// None where there is no such place here; the reason is printed.
    async fn start() -> Option<Self>;
    /// Opens the index of this place; the one opened before must be gone.
    async fn open(&self, space: VectorSpace) -> Result<Box<dyn VectorIndex>, IndexError>;
    /// Empties the place and opens it.
    async fn recreate(&self, space: VectorSpace) -> Result<Box<dyn VectorIndex>, IndexError>;
    /// Leaves nothing behind.
    async fn clear(self) {}
}

/// Runs a test on a fresh store and clears that also when the test fails.
pub(super) async fn run<S: Store>(test: impl AsyncFnOnce(&S)) {
    let Some(store) = S::start().await else { return };
    let outcome = AssertUnwindSafe(test(&store)).catch_unwind().await;
    store.clear().await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// Qdrant Edge in a temporary folder.
pub(super) struct EdgeStore(TempDir);

#[async_trait]
impl Store for EdgeStore {
    async fn start() -> Option<Self> {
        Some(Self(tempfile::tempdir().unwrap()))
    }

    async fn open(&self, space: VectorSpace) -> Result<Box<dyn VectorIndex>, IndexError> {
        Ok(Box::new(EdgeIndex::open(self.0.path(), space).await?))
    }

    async fn recreate(&self, space: VectorSpace) -> Result<Box<dyn VectorIndex>, IndexError> {
        Ok(Box::new(EdgeIndex::recreate(self.0.path(), space).await?))
    }
}

/// The gRPC client against the fake server.
pub(super) struct FakeStore(FakeQdrant);

#[async_trait]
impl Store for FakeStore {
    async fn start() -> Option<Self> {
        Some(Self(FakeQdrant::start()))
    }

    async fn open(&self, space: VectorSpace) -> Result<Box<dyn VectorIndex>, IndexError> {
        Ok(Box::new(QdrantIndex::connect(&self.0.url(), Some(API_KEY.into()), "chunks", space).await?))
    }

    async fn recreate(&self, space: VectorSpace) -> Result<Box<dyn VectorIndex>, IndexError> {
        Ok(Box::new(QdrantIndex::recreate(&self.0.url(), Some(API_KEY.into()), "chunks", space).await?))
    }
}

/// The gRPC client against the server that `BATON_TEST_QDRANT_URL` names, in a collection of its own.
pub(super) struct RealStore {
    url: String,
    api_key: Option<String>,
    collection: String,
}

#[async_trait]
impl Store for RealStore {
    #[expect(clippy::print_stdout, reason = "a skipped test says so")]
    async fn start() -> Option<Self> {
        let Ok(url) = std::env::var("BATON_TEST_QDRANT_URL") else {
            println!("skipped: BATON_TEST_QDRANT_URL names no Qdrant server (gRPC, such as http://127.0.0.1:6334)");
            return None;
        };
        let api_key = std::env::var("BATON_TEST_QDRANT_API_KEY").ok();
        Some(Self { url, api_key, collection: format!("baton-test-{}", Uuid::now_v7()) })
    }

    async fn open(&self, space: VectorSpace) -> Result<Box<dyn VectorIndex>, IndexError> {
        Ok(Box::new(QdrantIndex::connect(&self.url, self.api_key.clone(), &self.collection, space).await?))
    }

    async fn recreate(&self, space: VectorSpace) -> Result<Box<dyn VectorIndex>, IndexError> {
        Ok(Box::new(QdrantIndex::recreate(&self.url, self.api_key.clone(), &self.collection, space).await?))
    }

    async fn clear(self) {
        let client = Qdrant::from_url(&self.url).api_key(self.api_key).skip_compatibility_check().build().unwrap();
        client.delete_collection(self.collection).await.unwrap();
    }
}
