//! The job queue: rows written in the transaction that causes them, leased by a worker, finished in the transaction of
//! their effects.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Conn, StoreError, from_json, from_word, millis, timestamp, to_json, to_word};
use crate::domain::ids::{DealId, DeliveryId, JobId, SourceId, TenantId};

/// Work that is done in the background.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Parse, chunk, embed and index a source.
    IngestSource {
        /// The source.
        source: SourceId,
    },
    /// Draft a deal from its sources.
    DraftDeal {
        /// The deal.
        deal: DealId,
    },
    /// Answer the common questions of a deal whose handoff became final.
    PrepareAnswers {
        /// The deal.
        deal: DealId,
    },
    /// Let the index tidy itself.
    OptimizeIndex,
    /// Tell of a tenant's deadlines that are near or past.
    Remind {
        /// The tenant.
        tenant: TenantId,
    },
    /// Look at a tenant's promises that are due soon and that no contract carries.
    WatchLedger {
        /// The tenant.
        tenant: TenantId,
    },
    /// Tell an endpoint of an event.
    DeliverWebhook {
        /// The delivery.
        delivery: DeliveryId,
    },
}

/// Where jobs queue: those of one lane never wait for those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// From file to draft: one job at a time, as the work takes the whole machine.
    Pipeline,
    /// To other systems and people: mostly waiting.
    Deliveries,
}

impl Job {
    /// The job's name, for people and for the logs.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::IngestSource { .. } => "ingest_source",
            Self::DraftDeal { .. } => "draft_deal",
            Self::PrepareAnswers { .. } => "prepare_answers",
            Self::OptimizeIndex => "optimize_index",
            Self::Remind { .. } => "remind",
            Self::WatchLedger { .. } => "watch_ledger",
            Self::DeliverWebhook { .. } => "deliver_webhook",
        }
    }

    /// Where it queues.
    #[must_use]
    pub const fn lane(&self) -> Lane {
        match self {
            Self::IngestSource { .. } | Self::DraftDeal { .. } | Self::PrepareAnswers { .. } | Self::OptimizeIndex => {
                Lane::Pipeline
            }
            Self::Remind { .. } | Self::WatchLedger { .. } | Self::DeliverWebhook { .. } => Lane::Deliveries,
        }
    }

    /// Two queued jobs with one key are one job.
    fn dedupe_key(&self) -> String {
        match self {
            Self::IngestSource { source } => format!("ingest_source:{source}"),
            Self::DraftDeal { deal } => format!("draft_deal:{deal}"),
            Self::PrepareAnswers { deal } => format!("prepare_answers:{deal}"),
            Self::OptimizeIndex => "optimize_index".to_owned(),
            Self::Remind { tenant } => format!("remind:{tenant}"),
            Self::WatchLedger { tenant } => format!("watch_ledger:{tenant}"),
            Self::DeliverWebhook { delivery } => format!("deliver_webhook:{delivery}"),
        }
    }
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for a worker, or for its next try.
    Queued,
    /// A worker is at it.
    Running,
    /// Done; its effects are in the record.
    Done,
    /// Given up; `error` says why.
    Failed,
}

/// A job as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct JobStatus {
    /// The job's id.
    pub id: JobId,
    /// The deal it works on, where it works on one.
    #[serde(rename = "deal_id")]
    pub deal: Option<DealId>,
    /// What it does.
    pub kind: String,
    /// Where it stands.
    pub state: JobState,
    /// How often it was tried.
    pub attempts: i64,
    /// What went wrong the last time.
    pub error: Option<String>,
    /// When it was queued.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A job a worker holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeasedJob {
    /// The job's id.
    pub id: JobId,
    /// The tenant whose words it works on.
    pub tenant: TenantId,
    /// The deal it works on, where it works on one.
    pub deal: Option<DealId>,
    /// What to do.
    pub job: Job,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// The worker's name for this lease.
    pub lease: String,
}

#[derive(sqlx::FromRow)]
struct JobRow {
    id: String,
    tenant_id: String,
    deal_id: Option<String>,
    kind: String,
    payload: String,
    state: String,
    attempts: i64,
    error: Option<String>,
    created_at: i64,
}

impl TryFrom<JobRow> for JobStatus {
    type Error = StoreError;

    fn try_from(row: JobRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: from_word("jobs", "id", &row.id)?,
            deal: row.deal_id.map(|id| from_word("jobs", "deal_id", &id)).transpose()?,
            kind: row.kind,
            state: from_word("jobs", "state", &row.state)?,
            attempts: row.attempts,
            error: row.error,
            created_at: timestamp("jobs", "created_at", row.created_at)?,
        })
    }
}

/// Queues a job to run at `run_at`. When the same job waits already, that one is meant: it starts afresh, at the earlier of both
/// times, and its id is returned.
pub async fn enqueue(
    conn: &mut Conn,
    tenant: &TenantId,
    deal: Option<&DealId>,
    job: &Job,
    run_at: Timestamp,
) -> Result<JobId, StoreError> {
    sqlx::query(
        "insert into jobs (id, tenant_id, deal_id, kind, payload, dedupe_key, state, attempts, run_at, created_at, lane)
         values ($1, $2, $3, $4, $5, $6, 'queued', 0, $7, $7, $8)
         on conflict (dedupe_key) where state = 'queued' do update set attempts = 0,
         run_at = case when run_at < excluded.run_at then run_at else excluded.run_at end",
    )
    .bind(JobId::generate().as_str())
    .bind(tenant.as_str())
    .bind(deal.map(DealId::as_str))
    .bind(job.kind())
    .bind(to_json(job)?)
    .bind(job.dedupe_key())
    .bind(millis(run_at))
    .bind(to_word(&job.lane())?)
    .execute(&mut *conn)
    .await?;
    let id: String = sqlx::query_scalar("select id from jobs where dedupe_key = $1 and state = 'queued'")
        .bind(job.dedupe_key())
        .fetch_one(conn)
        .await?;
    from_word("jobs", "id", &id)
}

/// How the newest draft of a deal stands; none before the first was queued.
pub async fn latest_draft(conn: &mut Conn, deal: &DealId) -> Result<Option<JobStatus>, StoreError> {
    sqlx::query_as::<_, JobRow>(
        "select id, tenant_id, deal_id, kind, payload, state, attempts, error, created_at from jobs
         where deal_id = $1 and kind = 'draft_deal' order by id desc limit 1",
    )
    .bind(deal.as_str())
    .fetch_optional(conn)
    .await?
    .map(JobStatus::try_from)
    .transpose()
}

/// Takes the job that has waited longest, and those whose lease ran out, for `lease_until`; only those of `lane`, where given.
pub async fn lease_next(
    conn: &mut Conn,
    lane: Option<Lane>,
    lease: &str,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Option<LeasedJob>, StoreError> {
    let row: Option<JobRow> = sqlx::query_as(
        "update jobs set state = 'running', lease = $1, leased_until = $2, attempts = attempts + 1
         where id = (select id from jobs
                     where ((state = 'queued' and run_at <= $3) or (state = 'running' and leased_until <= $3))
                     and ($4 is null or lane = $4)
                     order by run_at, id limit 1)
         returning id, tenant_id, deal_id, kind, payload, state, attempts, error, created_at",
    )
    .bind(lease)
    .bind(millis(lease_until))
    .bind(millis(now))
    .bind(lane.as_ref().map(to_word).transpose()?)
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(LeasedJob {
        id: from_word("jobs", "id", &row.id)?,
        tenant: from_word("jobs", "tenant_id", &row.tenant_id)?,
        deal: row.deal_id.map(|id| from_word("jobs", "deal_id", &id)).transpose()?,
        job: from_json("jobs", "payload", &row.payload)?,
        attempts: row.attempts,
        lease: lease.to_owned(),
    }))
}

/// Holds the lease for longer; false when it was lost to another worker.
pub async fn extend(conn: &mut Conn, job: &LeasedJob, lease_until: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query("update jobs set leased_until = $3 where id = $1 and lease = $2 and state = 'running'")
        .bind(job.id.as_str())
        .bind(&job.lease)
        .bind(millis(lease_until))
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a leased job as done, in the transaction of its effects; false when the lease was lost: then nothing may be kept.
pub async fn finish(conn: &mut Conn, job: &LeasedJob, now: Timestamp) -> Result<bool, StoreError> {
    end(conn, job, JobState::Done, None, now).await
}

/// Ends a leased job as failed for good; false when the lease was lost.
pub async fn fail(conn: &mut Conn, job: &LeasedJob, error: &str, now: Timestamp) -> Result<bool, StoreError> {
    end(conn, job, JobState::Failed, Some(error), now).await
}

async fn end(
    conn: &mut Conn,
    job: &LeasedJob,
    state: JobState,
    error: Option<&str>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "update jobs set state = $3, error = $4, finished_at = $5, lease = null, leased_until = null
         where id = $1 and lease = $2 and state = 'running'",
    )
    .bind(job.id.as_str())
    .bind(&job.lease)
    .bind(to_word(&state)?)
    .bind(error)
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a leased job back to be tried again at `run_at`. When the same job was queued meanwhile, that one will do it.
pub async fn retry(conn: &mut Conn, job: &LeasedJob, error: &str, run_at: Timestamp) -> Result<(), StoreError> {
    let twin: Option<String> = sqlx::query_scalar("select id from jobs where dedupe_key = $1 and state = 'queued'")
        .bind(job.job.dedupe_key())
        .fetch_optional(&mut *conn)
        .await?;
    if let Some(twin) = twin {
        end(conn, job, JobState::Failed, Some(&format!("{error}; job {twin} does it again")), run_at).await?;
        return Ok(());
    }
    sqlx::query(
        "update jobs set state = 'queued', error = $3, run_at = $4, lease = null, leased_until = null
         where id = $1 and lease = $2 and state = 'running'",
    )
    .bind(job.id.as_str())
    .bind(&job.lease)
    .bind(error)
    .bind(millis(run_at))
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends every lease: on one machine the only worker is the one that has just started.
pub async fn release_all(conn: &mut Conn, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("update jobs set leased_until = $1 where state = 'running'").bind(millis(now)).execute(conn).await?;
    Ok(())
}

/// When the next queued job of the lane is due, or a lease runs out; none when nothing waits.
pub async fn next_due(conn: &mut Conn, lane: Lane) -> Result<Option<Timestamp>, StoreError> {
    let due: Option<i64> = sqlx::query_scalar(
        "select min(case when state = 'queued' then run_at else leased_until end) from jobs
         where state in ('queued', 'running') and lane = $1",
    )
    .bind(to_word(&lane)?)
    .fetch_one(conn)
    .await?;
    due.map(|at| timestamp("jobs", "run_at", at)).transpose()
}

/// The tenant's job with this id.
pub async fn find(conn: &mut Conn, tenant: &TenantId, id: &JobId) -> Result<Option<JobStatus>, StoreError> {
    sqlx::query_as::<_, JobRow>(
        "select id, tenant_id, deal_id, kind, payload, state, attempts, error, created_at from jobs
         where tenant_id = $1 and id = $2",
    )
    .bind(tenant.as_str())
    .bind(id.as_str())
    .fetch_optional(conn)
    .await?
    .map(JobStatus::try_from)
    .transpose()
}

/// The newest jobs of a deal, oldest of them first.
pub async fn list(conn: &mut Conn, deal: &DealId, limit: u32) -> Result<Vec<JobStatus>, StoreError> {
    let mut jobs: Vec<JobStatus> = sqlx::query_as::<_, JobRow>(
        "select id, tenant_id, deal_id, kind, payload, state, attempts, error, created_at from jobs
         where deal_id = $1 order by id desc limit $2",
    )
    .bind(deal.as_str())
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(JobStatus::try_from)
    .collect::<Result<_, _>>()?;
    jobs.reverse();
    Ok(jobs)
}
