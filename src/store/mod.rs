//! All SQL, one file per noun. The functions take a connection; which transaction they belong to is the use case's decision.
//!
//! The statements are portable (numbered binds, no dialect words); what differs between databases stands in this file:
//! the driver, the pragmas and how a write transaction begins. Absence is `Option`; whether it is an error is the caller's
//! to say. A row that cannot be decoded is an error that names it.

pub mod accounts;
pub mod answers;
pub mod audit;
pub mod citations;
pub mod deals;
pub mod deliveries;
pub mod dna;
pub mod documents;
pub mod drafts;
pub mod handover;
pub mod idempotency;
pub mod items;
pub mod jobs;
pub mod ledger;
pub mod milestones;
pub mod patterns;
pub mod people;
pub mod post_sale;
pub mod runs;
pub mod sessions;
pub mod settings;
pub mod sign_on;
pub mod sources;
pub mod tokens;
pub mod transcripts;
pub mod users;
pub mod versions;
pub mod webhooks;

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqlitePool, Transaction};

/// A database connection, in a transaction or not.
pub type Conn = sqlx::SqliteConnection;

/// Changes that are kept together or not at all.
pub type Tx = Transaction<'static, Sqlite>;

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database failed or is busy.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The database is of a newer Baton, or its migration failed.
    #[error("the database cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored value is not what its column promises.
    #[error("column {column} of {table} holds a value that cannot be read: {reason}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What is wrong with the value.
        reason: String,
    },
}

/// The records: accounts, deals, sources, items, versions and jobs.
#[derive(Debug, Clone)]
pub struct Store {
    readers: SqlitePool,
    /// One connection: SQLite has one writer at a time, and writers that wait must not take the readers' connections.
    writer: SqlitePool,
}

impl Store {
    /// Opens the SQLite database at `path`, creating it and bringing it up to date as needed.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the file cannot be opened or migrated.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An upload is acknowledged once its transaction is committed: it must then be on the disk.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10));
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await?;
        let readers = SqlitePoolOptions::new().max_connections(8).connect_with(options).await?;
        Ok(Self { readers, writer })
    }

    /// A connection for reading.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`] when none is to be had.
    pub async fn read(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        Ok(self.readers.acquire().await?)
    }

    /// A transaction for reading several things as they were at one moment.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`] when none is to be had.
    pub async fn snapshot(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.readers.begin().await?)
    }

    /// A transaction for writing. It takes the write lock at once: a transaction that reads first and writes later would fail
    /// when another one wrote in between.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`] when none is to be had.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        Ok(self.writer.begin_with("begin immediate").await?)
    }

    /// Closes every connection, so that the write-ahead log is folded into the database file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// A time as it is stored.
fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A stored time.
fn timestamp(table: &'static str, column: &'static str, millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millis).map_err(|error| StoreError::Corrupt {
        table,
        column,
        reason: error.to_string(),
    })
}

/// A value as its JSON document.
fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Database(sqlx::Error::Encode(error.into())))
}

/// A stored JSON document as its value.
fn from_json<T: DeserializeOwned>(table: &'static str, column: &'static str, json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::Corrupt { table, column, reason: error.to_string() })
}

/// A word of a closed vocabulary as it is stored: the word it has in JSON.
fn to_word<T: Serialize>(value: &T) -> Result<String, StoreError> {
    Ok(to_json(value)?.trim_matches('"').to_owned())
}

/// A stored word of a closed vocabulary, or an id.
fn from_word<T: DeserializeOwned>(table: &'static str, column: &'static str, word: &str) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).map_err(|error| StoreError::Corrupt {
        table,
        column,
        reason: error.to_string(),
    })
}

/// A stored count as an index.
fn index(table: &'static str, column: &'static str, value: i64) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|error| StoreError::Corrupt { table, column, reason: error.to_string() })
}
