//! The loops around the queue, and the single step that tests call.

use std::iter;
use std::sync::Arc;

use futures::future::join_all;
use tokio::sync::{OnceCell, watch};
use tracing::Instrument as _;
use uuid::Uuid;

use super::{
    JobError, LEASE, MAX_ATTEMPTS, backoff, deliver_webhook, draft_deal, ingest_source, optimize_index,
    prepare_answers, remind, watch_ledger,
};
use crate::app::{App, Progress};
use crate::error::Error;
use crate::hooks::courier::Courier;
use crate::store::jobs::{self, Job, Lane, LeasedJob};

/// Deliveries under way at once: some endpoints that hang leave room for others.
const DELIVERIES_AT_ONCE: usize = 4;

/// How long after reminders were given up they are tried again.
const REMIND_AGAIN: std::time::Duration = std::time::Duration::from_hours(1);

/// Runs jobs.
pub struct Worker {
    app: Arc<App>,
    /// The name this worker's leases carry.
    name: String,
    /// Made with the first delivery: it loads the certificates that the machine trusts.
    courier: Arc<OnceCell<Courier>>,
}

impl Worker {
    /// A worker on the app's queue.
    #[must_use]
    pub fn new(app: Arc<App>) -> Self {
        Self { app, name: format!("wrk_{}", Uuid::now_v7().simple()), courier: Arc::default() }
    }

    /// Runs jobs until the app is stopped; those at hand are finished first. Reading and drafting go one at a time, and
    /// deliveries beside them.
    pub async fn run(&self) {
        let queued = watch::Sender::new(());
        let lanes = iter::once(Lane::Pipeline).chain(iter::repeat_n(Lane::Deliveries, DELIVERIES_AT_ONCE));
        let running = join_all(lanes.map(|lane| self.run_lane(lane, queued.subscribe())));
        // One wakes the worker; every lane looks whether the job is one of its own.
        let waking = async {
            loop {
                self.app.work_queued().await;
                queued.send_replace(());
            }
        };
        tokio::select! { _ = running => {}, () = waking => {} }
    }

    async fn run_lane(&self, lane: Lane, mut queued: watch::Receiver<()>) {
        while !self.app.is_stopped() {
            match self.step_in(Some(lane)).await {
                Ok(true) => {}
                Ok(false) => self.wait_for_work(lane, &mut queued).await,
                Err(error) => {
                    tracing::error!(error = ?error, "the queue cannot be read");
                    let pause = tokio::time::sleep(backoff(1));
                    tokio::select! { () = pause => {}, () = self.app.stopped() => {} }
                }
            }
        }
    }

    /// Runs the next due job, whatever its lane, if there is one, and says whether there was.
    ///
    /// # Errors
    ///
    /// When the queue itself cannot be read or written. A job that fails is no error here: its row says so.
    pub async fn step(&self) -> Result<bool, Error> {
        self.step_in(None).await
    }

    async fn step_in(&self, lane: Option<Lane>) -> Result<bool, Error> {
        let now = self.app.clock.now();
        let mut tx = self.app.store.write().await?;
        let leased = jobs::lease_next(&mut tx, lane, &self.name, now, now + LEASE).await?;
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
        let work = perform(Arc::clone(&self.app), Arc::clone(&self.courier), job.clone());
        let mut task = tokio::spawn(work.in_current_span());
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
        let now = self.app.clock.now();
        let mut tx = self.app.store.write().await?;
        if !jobs::fail(&mut tx, job, reason, now).await? {
            return Ok(());
        }
        let mut unread = None;
        match &job.job {
            Job::IngestSource { source } => {
                ingest_source::given_up(&mut tx, source, reason).await?;
                unread = Some(source.clone());
            }
            Job::DeliverWebhook { delivery } => {
                deliver_webhook::given_up(&mut tx, delivery, reason, now).await?;
            }
            // The deadlines come all the same: look again later.
            Job::Remind { .. } | Job::WatchLedger { .. } => {
                drop(jobs::enqueue(&mut tx, &job.tenant, None, &job.job, now + REMIND_AGAIN).await?);
            }
            Job::DraftDeal { .. } | Job::PrepareAnswers { .. } | Job::OptimizeIndex => {}
        }
        tx.commit().await?;
        self.app.progress(Progress::JobFailed {
            deal: job.deal.clone(),
            job: job.id.clone(),
            source: unread,
            error: reason.to_owned(),
        });
        Ok(())
    }

    async fn wait_for_work(&self, lane: Lane, queued: &mut watch::Receiver<()>) {
        let due = async {
            let next = jobs::next_due(&mut *self.app.store.read().await?, lane).await?;
            Ok::<_, Error>(next)
        };
        // Another process may queue work too: look again at least every few seconds.
        let idle = std::time::Duration::from_secs(5);
        let until_due = match due.await {
            Ok(Some(at)) => std::time::Duration::try_from(at - self.app.clock.now()).unwrap_or_default().min(idle),
            _ => idle,
        };
        let pause = tokio::time::sleep(until_due);
        tokio::select! { _ = queued.changed() => {}, () = pause => {}, () = self.app.stopped() => {} }
    }
}

async fn perform(app: Arc<App>, courier: Arc<OnceCell<Courier>>, job: LeasedJob) -> Result<(), JobError> {
    match &job.job {
        Job::IngestSource { source } => ingest_source::run(&app, &job, source).await,
        Job::DraftDeal { deal } => draft_deal::run(&app, &job, deal).await,
        Job::PrepareAnswers { deal } => prepare_answers::run(&app, &job, deal).await,
        Job::OptimizeIndex => optimize_index::run(&app, &job).await,
        Job::Remind { tenant } => remind::run(&app, &job, tenant).await,
        Job::WatchLedger { tenant } => watch_ledger::run(&app, &job, tenant).await,
        Job::DeliverWebhook { delivery } => deliver_webhook::run(&app, &courier, &job, delivery).await,
    }
}
