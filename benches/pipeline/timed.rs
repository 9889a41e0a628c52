//! Encoder, index and engine with a stopwatch, behind the traits they are plugged in by.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use baton::domain::ids::{SourceId, TenantId};
use baton::embed::{EmbedError, Embedder};
use baton::engine::local::LocalEngine;
use baton::engine::{Claim, Engine, EngineError, EngineIdentity, Evidence, Reading};
use baton::index::{Hit, IndexError, Point, Query, Reach, VectorIndex};

/// Milliseconds of a duration.
pub(crate) fn ms(time: Duration) -> f64 {
    1000.0 * time.as_secs_f64()
}

/// What `work` takes, and what it returns.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let started = Instant::now();
    let result = work();
    (ms(started.elapsed()), result)
}

/// Milliseconds of each call since the last look.
#[derive(Debug, Default)]
struct Laps(Mutex<Vec<f64>>);

impl Laps {
    async fn time<T>(&self, work: impl Future<Output = T>) -> T {
        let started = Instant::now();
        let result = work.await;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(ms(started.elapsed()));
        result
    }

    fn take(&self) -> Vec<f64> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

pub(crate) struct TimedEmbedder {
    inner: Arc<dyn Embedder>,
    laps: Laps,
}

impl TimedEmbedder {
    pub(crate) fn new(inner: Arc<dyn Embedder>) -> Self {
        Self { inner, laps: Laps::default() }
    }

    pub(crate) fn take_laps(&self) -> Vec<f64> {
        self.laps.take()
    }
}

#[async_trait]
impl Embedder for TimedEmbedder {
    fn model(&self) -> &str {
        self.inner.model()
    }

    fn dimension(&self) -> usize {
        self.inner.dimension()
    }

    async fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        self.laps.time(self.inner.embed(texts)).await
    }
}

pub(crate) struct TimedIndex {
    inner: Arc<dyn VectorIndex>,
    laps: Laps,
}

impl TimedIndex {
    pub(crate) fn new(inner: Arc<dyn VectorIndex>) -> Self {
        Self { inner, laps: Laps::default() }
    }

    pub(crate) fn take_laps(&self) -> Vec<f64> {
        self.laps.take()
    }
}

#[async_trait]
impl VectorIndex for TimedIndex {
    async fn upsert(&self, points: Vec<Point>) -> Result<(), IndexError> {
        self.laps.time(self.inner.upsert(points)).await
    }

    async fn search(&self, query: Query) -> Result<Vec<Hit>, IndexError> {
        self.laps.time(self.inner.search(query)).await
    }

    async fn delete_source(&self, tenant: &TenantId, source: &SourceId) -> Result<(), IndexError> {
        self.laps.time(self.inner.delete_source(tenant, source)).await
    }

    async fn count(&self, reach: &Reach) -> Result<usize, IndexError> {
        self.laps.time(self.inner.count(reach)).await
    }

    async fn optimize(&self) -> Result<(), IndexError> {
        self.laps.time(self.inner.optimize()).await
    }
}

/// Times the engine, and keeps what it claimed for the stages behind it.
pub(crate) struct TimedEngine {
    inner: LocalEngine,
    laps: Laps,
    claims: Mutex<Vec<Claim>>,
}

impl TimedEngine {
    pub(crate) fn new(inner: LocalEngine) -> Self {
        Self { inner, laps: Laps::default(), claims: Mutex::default() }
    }

    pub(crate) fn take_laps(&self) -> Vec<f64> {
        self.laps.take()
    }

    /// The claims of the last reading.
    pub(crate) fn take_claims(&self) -> Vec<Claim> {
        std::mem::take(&mut *self.claims.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Engine for TimedEngine {
    fn identity(&self) -> EngineIdentity {
        self.inner.identity()
    }

    async fn read(&self, evidence: Evidence<'_>) -> Result<Reading, EngineError> {
        let reading = self.laps.time(self.inner.read(evidence)).await?;
        (*self.claims.lock().unwrap_or_else(PoisonError::into_inner)).clone_from(&reading.claims);
        Ok(reading)
    }
}
