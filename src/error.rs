//! What can go wrong in a use case, in words for the person who asked. Nothing here knows HTTP or the command line: the first
//! maps it to a status in `http::problem`, the second to an exit code in `cli`.

use std::fmt;

use crate::ask::AskError;
use crate::domain::handoff::Missing;
use crate::domain::ids::InvalidId;
use crate::draft::DraftError;
use crate::embed::EmbedError;
use crate::index::IndexError;
use crate::store::StoreError;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing with this id is within the caller's reach.
    #[error("there is no {what} `{id}`")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// The id it was looked for by.
        id: String,
    },
    /// The request says something that cannot be done; the message says what, where and what to do.
    #[error("{0}")]
    Invalid(String),
    /// The upload is larger than the limit.
    #[error("`{name}` is larger than the limit of {limit_bytes} bytes; split it, or raise BATON_MAX_UPLOAD_BYTES")]
    TooLarge {
        /// The file's name.
        name: String,
        /// The limit.
        limit_bytes: usize,
    },
    /// Nobody known asks: no session, no token, or a wrong password.
    #[error("{0}")]
    Unauthenticated(String),
    /// The caller may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// The caller asks too often.
    #[error("too many requests; try again in {retry_after_s} s")]
    TooManyRequests {
        /// Seconds until the next one is answered.
        retry_after_s: u32,
    },
    /// The request is right, but not in the present state of things.
    #[error("{0}")]
    Conflict(String),
    /// Somebody changed it since the caller read it.
    #[error(
        "it has changed since you read it: you sent revision {sent}, it is at {current}; read it again and decide anew"
    )]
    Stale {
        /// What the caller read.
        sent: i64,
        /// What it is now.
        current: i64,
    },
    /// A handoff that is not complete cannot become final.
    #[error("the handoff cannot be finalized yet: {}", Count(missing.len()))]
    GateClosed {
        /// Everything that is missing.
        missing: Vec<Missing>,
    },
    /// A server Baton depends on cannot answer now.
    #[error("{0}")]
    Unavailable(String),
    /// A defect or a broken installation: the log says more than the caller may see.
    #[error("something went wrong inside Baton; the log has the details")]
    Internal(#[source] anyhow::Error),
}

/// A count of missing things, in words.
struct Count(usize);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("one thing is missing"),
            n => write!(f, "{n} things are missing"),
        }
    }
}

impl Error {
    /// Nothing of kind `what` has this id.
    pub fn not_found(what: &'static str, id: impl fmt::Display) -> Self {
        Self::NotFound { what, id: id.to_string() }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Database(sqlx::Error::PoolTimedOut) => {
                Self::Unavailable("the database is busy; try again".to_owned())
            }
            other => Self::Internal(other.into()),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<IndexError> for Error {
    fn from(error: IndexError) -> Self {
        match error {
            IndexError::ModelMismatch { .. } => Self::Conflict(error.to_string()),
            IndexError::Unavailable(_) => Self::Unavailable(error.to_string()),
            IndexError::Failed(_) => Self::Internal(error.into()),
        }
    }
}

impl From<EmbedError> for Error {
    fn from(error: EmbedError) -> Self {
        match error {
            EmbedError::Transient(_) => Self::Unavailable(error.to_string()),
            EmbedError::Permanent(_) => Self::Conflict(error.to_string()),
            EmbedError::Model(_) => Self::Internal(error.into()),
        }
    }
}

impl From<DraftError> for Error {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::Embed(error) => error.into(),
            DraftError::Engine { .. } => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<AskError> for Error {
    fn from(error: AskError) -> Self {
        Self::Internal(error.into())
    }
}

impl From<InvalidId> for Error {
    fn from(error: InvalidId) -> Self {
        Self::Invalid(error.to_string())
    }
}
