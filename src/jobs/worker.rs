//! The loop around the queue, and the single step that tests call.

use std::sync::Arc;

use tracing::Instrument as _;
use uuid::Uuid;

use super::{JobError, LEASE, MAX_ATTEMPTS, backoff, draft_deal, ingest_source, optimize_index};
use crate::app::{App, Progress};
use crate::error::Error;
use crate::store::jobs::{self, Job, LeasedJob};

/// Runs jobs, one at a time.
pub struct Worker {
    app: Arc<App>,
    /// The name this worker's leases carry.
    name: String,
}

impl Worker {
    /// A worker on the app's queue.
    #[must_use]
    pub fn new(app: Arc<App>) -> Self {
        Self { app, name: format!("wrk_{}", Uuid::now_v7().simple()) }
    }

    /// Runs jobs until the app is stopped; the job at hand is finished first.
    pub async fn run(&self) {
        while !self.app.is_stopped() {
            match self.step().await {
                Ok(true) => {}
                Ok(false) => self.wait_for_work().await,
                Err(error) => {
                    tracing::error!(error = ?error, "the queue cannot be read");
                    let pause = tokio::time::sleep(backoff(1));
                    tokio::select! { () = pause => {}, () = self.app.stopped() => {} }
                }
            }
        }
    }

    /// Runs the next due job, if there is one, and says whether there was.
    ///
    /// # Errors
    ///
    /// When the queue itself cannot be read or written. A job that fails is no error here: its row says so.
    pub async fn step(&self) -> Result<bool, Error> {
        let now = self.app.clock.now();
        let mut tx = self.app.store.write().await?;
        let leased = jobs::lease_next(&mut tx, &self.name, now, now + LEASE).await?;
        tx.commit().await?;
        let Some(job) = leased else { return Ok(false) };
        let span = tracing::info_span!("job", job.id = %job.id, job.kind = job.job.kind(), job.attempt = job.attempts);
        self.run_leased(&job).instrument(span).await?;
        Ok(true)
    }

    async fn run_leased(&self, job: &LeasedJob) -> Result<(), Error> {
        if job.attempts > MAX_ATTEMPTS {
            // Its worker died each time: perhaps of this very job.
            return self.give_up(job, "the job was tried too often without coming to an end").await;
        }
        // A task of its own: a panic in it ends the job and not the worker, and the lease is kept while it computes.
        let mut task = tokio::spawn(perform(Arc::clone(&self.app), job.clone()).in_current_span());
        let outcome = tokio::select! {
            outcome = &mut task => outcome.unwrap_or_else(|panic| Err(JobError::Fail(format!("a defect in Baton: {panic}")))),
            () = self.keep_lease(job) => {
                task.abort();
                Err(JobError::LeaseLost)
            }
        };
        match outcome {
            Ok(()) => tracing::info!("job done"),
            Err(JobError::LeaseLost) => tracing::warn!("job went to another worker"),
            Err(JobError::Retry(reason)) if job.attempts < MAX_ATTEMPTS => self.put_back(job, &reason).await?,
            Err(JobError::Retry(reason) | JobError::Fail(reason)) => self.give_up(job, &reason).await?,
        }
        Ok(())
    }

    /// Renews the lease for as long as it is polled; returns when the lease is lost.
    async fn keep_lease(&self, job: &LeasedJob) {
        loop {
            tokio::time::sleep(LEASE / 4).await;
            let until = self.app.clock.now() + LEASE;
            let Ok(mut tx) = self.app.store.write().await else { continue };
            let held = jobs::extend(&mut tx, job, until).await;
            if matches!((held, tx.commit().await), (Ok(false), Ok(()))) {
                return;
            }
        }
    }

    async fn put_back(&self, job: &LeasedJob, reason: &str) -> Result<(), Error> {
        let pause = backoff(job.attempts);
        tracing::warn!(reason, retry_in_s = pause.as_secs(), "job will be tried again");
        let mut tx = self.app.store.write().await?;
        jobs::retry(&mut tx, job, reason, self.app.clock.now() + pause).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn give_up(&self, job: &LeasedJob, reason: &str) -> Result<(), Error> {
        tracing::error!(reason, "job failed");
        let mut tx = self.app.store.write().await?;
        if !jobs::fail(&mut tx, job, reason, self.app.clock.now()).await? {
            return Ok(());
        }
        if let Job::IngestSource { source } = &job.job {
            ingest_source::given_up(&mut tx, source, reason).await?;
        }
        tx.commit().await?;
        self.app.progress(Progress::JobFailed {
            deal: job.deal.clone(),
            job: job.id.clone(),
            error: reason.to_owned(),
        });
        Ok(())
    }

    async fn wait_for_work(&self) {
        let due = async {
            let next = jobs::next_due(&mut *self.app.store.read().await?).await?;
            Ok::<_, Error>(next)
        };
        // Another process may queue work too: look again at least every few seconds.
        let idle = std::time::Duration::from_secs(5);
        let until_due = match due.await {
            Ok(Some(at)) => std::time::Duration::try_from(at - self.app.clock.now()).unwrap_or_default().min(idle),
            _ => idle,
        };
        let pause = tokio::time::sleep(until_due);
        tokio::select! { () = self.app.work_queued() => {}, () = pause => {}, () = self.app.stopped() => {} }
    }
}

async fn perform(app: Arc<App>, job: LeasedJob) -> Result<(), JobError> {
    match &job.job {
        Job::IngestSource { source } => ingest_source::run(&app, &job, source).await,
        Job::DraftDeal { deal } => draft_deal::run(&app, &job, deal).await,
        Job::OptimizeIndex => optimize_index::run(&app, &job).await,
    }
}
