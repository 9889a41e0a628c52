//! Chunks in Qdrant Edge: the vector engine in this process, nothing to install. The default on one machine.
//!
//! The engine blocks, so every call runs on tokio's blocking threads. One write at a time; searches go on beside it.

mod request;
mod shard;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use qdrant_edge::{CountRequest, EdgeShard, OperationResult, UpdateOperation};
use tokio::sync::Mutex;

use self::shard::Shard;
use super::bm25::Bm25;
use super::collection::{Condition, Plan, Record, of_source, within};
use super::{Hit, IndexError, Point, Query, Reach, VectorIndex, VectorSpace};
use crate::domain::ids::{SourceId, TenantId};

/// Points written without a tidying, at most. For each the engine walks through its terms' lists of all that was not tidied yet,
/// so that filling an index would take the square of its size; but a tidying may build the graph of hundreds of thousands anew.
const UNTIDY: usize = 50_000;

/// An index in a folder, owned by one process.
#[derive(Debug)]
pub struct EdgeIndex {
    inner: Arc<Inner>,
    /// Held by whoever writes: the engine panics when it is flushed during an update.
    writer: Arc<Mutex<()>>,
}

#[derive(Debug)]
struct Inner {
    space: VectorSpace,
    bm25: Bm25,
    shard: Shard,
    /// Points written since the index was tidied or opened.
    untidy: AtomicUsize,
}

impl EdgeIndex {
    /// Opens the index in `dir`, or creates an empty one.
    ///
    /// # Errors
    ///
    /// [`IndexError::ModelMismatch`] where it holds another model's vectors; [`IndexError::Failed`] where another process has
    /// it open or its files cannot be read.
    pub async fn open(dir: &Path, space: VectorSpace) -> Result<Self, IndexError> {
        Self::load(dir, space, Shard::open).await
    }

    /// Forgets what `dir` holds and creates an empty index for `space` in its place. Interrupted at any moment, it leaves the
    /// old index or an empty one.
    ///
    /// # Errors
    ///
    /// [`IndexError::Failed`] where another process has it open or the folder cannot be written.
    pub async fn recreate(dir: &Path, space: VectorSpace) -> Result<Self, IndexError> {
        Self::load(dir, space, Shard::recreate).await
    }

    async fn load(
        dir: &Path,
        space: VectorSpace,
        load: fn(&Path, &VectorSpace) -> Result<Shard, IndexError>,
    ) -> Result<Self, IndexError> {
        let dir = dir.to_owned();
        let inner = blocking(move || {
            let shard = load(&dir, &space)?;
            Ok(Inner { space, bm25: Bm25::new()?, shard, untidy: AtomicUsize::new(0) })
        });
        Ok(Self { inner: Arc::new(inner.await?), writer: Arc::default() })
    }

    async fn read<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Inner) -> Result<T, IndexError> + Send + 'static,
    ) -> Result<T, IndexError> {
        let inner = Arc::clone(&self.inner);
        blocking(move || call(&inner)).await
    }

    async fn count_matching(&self, conditions: &[Condition]) -> Result<usize, IndexError> {
        let filter = Some(request::filter(conditions));
        self.read(move |inner| inner.engine(|engine| engine.count(CountRequest { filter, exact: true }))).await
    }

    /// Runs `change`, then brings it to disk. The guard moves into the task: a caller that goes away does not let the next
    /// writer in before the work is done.
    async fn write(
        &self,
        change: impl FnOnce(&Inner) -> Result<(), IndexError> + Send + 'static,
    ) -> Result<(), IndexError> {
        let inner = Arc::clone(&self.inner);
        let guard = Arc::clone(&self.writer).lock_owned().await;
        blocking(move || {
            let _guard = guard;
            change(&inner)?;
            inner.shard.flush()
        })
        .await
    }
}

#[async_trait]
impl VectorIndex for EdgeIndex {
    async fn upsert(&self, points: Vec<Point>) -> Result<(), IndexError> {
        if points.is_empty() {
            return Ok(());
        }
        self.write(move |inner| {
            // One by one: the engine stores a batch in an order that differs from run to run, and equally good chunks are
            // ranked in the order they are stored in.
            for record in inner.records(points)? {
                inner.update(request::upsert(&inner.space, record)?)?;
                if inner.untidy.fetch_add(1, Ordering::Relaxed) >= UNTIDY {
                    inner.tidy()?;
                }
            }
            Ok(())
        })
        .await
    }

    async fn search(&self, query: Query) -> Result<Vec<Hit>, IndexError> {
        self.read(move |inner| {
            let plan = Plan::new(&inner.space, &inner.bm25, query)?;
            if plan.is_empty() {
                return Ok(Vec::new());
            }
            let found = inner.engine(|engine| engine.query(request::hybrid(&inner.space, &plan)))?;
            let hits = found.into_iter().map(request::hit).collect::<Result<_, _>>()?;
            Ok(plan.best(hits))
        })
        .await
    }

    async fn delete_source(&self, tenant: &TenantId, source: &SourceId) -> Result<(), IndexError> {
        let conditions = of_source(tenant, source);
        // A source that is indexed for the first time has none, and a flush waits for the disk even with nothing to write.
        if self.count_matching(&conditions).await? == 0 {
            return Ok(());
        }
        self.write(move |inner| inner.update(request::delete(&conditions))).await
    }

    async fn count(&self, reach: &Reach) -> Result<usize, IndexError> {
        self.count_matching(&within(reach)).await
    }

    async fn optimize(&self) -> Result<(), IndexError> {
        self.write(Inner::tidy).await
    }
}

impl Inner {
    fn records(&self, points: Vec<Point>) -> Result<Vec<Record>, IndexError> {
        points.into_iter().map(|point| Record::new(&self.space, &self.bm25, point)).collect()
    }

    fn update(&self, operation: UpdateOperation) -> Result<(), IndexError> {
        self.engine(|engine| engine.update(operation))
    }

    fn tidy(&self) -> Result<(), IndexError> {
        self.engine(EdgeShard::optimize)?;
        self.untidy.store(0, Ordering::Relaxed);
        Ok(())
    }

    fn engine<T>(&self, call: impl FnOnce(&EdgeShard) -> OperationResult<T>) -> Result<T, IndexError> {
        call(self.shard.engine()?).map_err(|error| IndexError::Failed(error.to_string()))
    }
}

/// Runs `work` where blocking is allowed. The engine panics where it cannot write its files (a full disk): that ends the
/// call, not the process.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, IndexError> + Send + 'static,
) -> Result<T, IndexError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(IndexError::Failed(format!("the vector engine stopped: {error}"))),
    }
}
