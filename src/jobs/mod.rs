//! Background work: a worker takes jobs from the queue and runs each to its end once; those that read and draft one at a
//! time, and beside them some that wait for other systems' answers.
//!
//! A job's effects in the records are committed together with its end, and only while the worker still holds the lease; its
//! effects on the index can be repeated without harm. So a worker that dies at any moment costs a repetition, never a loss
//! and never a double.

mod deliver_webhook;
mod draft_deal;
mod ingest_source;
mod optimize_index;
mod prepare_answers;
mod remind;
mod watch_ledger;
mod worker;

use std::time::Duration;

pub use ingest_source::index_transcript;
pub use worker::Worker;

use crate::error::Error;

/// How a job that did not succeed goes on.
#[derive(Debug)]
pub enum JobError {
    /// Try again later; the reason may pass.
    Retry(String),
    /// Trying again will not help.
    Fail(String),
    /// The lease went to another worker: it does the work, this one keeps nothing.
    LeaseLost,
}

/// Tries of a job before it is given up.
const MAX_ATTEMPTS: i64 = 8;

/// How long a worker may hold a job without a sign of life. Longer than any single step of a job, short enough that a crash
/// on another machine is noticed within minutes.
const LEASE: Duration = Duration::from_mins(2);

/// The pause before try number `attempts + 1`: 2 s, 4 s, 8 s … at most 5 minutes.
fn backoff(attempts: i64) -> Duration {
    let exponent = u32::try_from(attempts.clamp(1, 8)).unwrap_or(8);
    Duration::from_secs(2_u64.pow(exponent)).min(Duration::from_mins(5))
}

impl From<Error> for JobError {
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(reason) => Self::Retry(reason),
            // The database may be busy or full, which passes; a defect fails again and is given up after a few tries.
            Error::Internal(cause) => Self::Retry(format!("{cause:#}")),
            other => Self::Fail(other.to_string()),
        }
    }
}

impl From<crate::store::StoreError> for JobError {
    fn from(error: crate::store::StoreError) -> Self {
        Error::from(error).into()
    }
}

impl From<sqlx::Error> for JobError {
    fn from(error: sqlx::Error) -> Self {
        Error::from(error).into()
    }
}
