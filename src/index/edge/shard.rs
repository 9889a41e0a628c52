//! The shard's folder: created whole or not at all, owned by one process, opened fast.
//!
//! ```text
//! dir/lock         held while the index is open
//! dir/shard/       the shard; a folder of this name is always complete
//! dir/shard.new/   one being made
//! dir/shard.old/   one being forgotten
//! ```

use std::fs::{self, File, TryLockError};
use std::io;
use std::panic::AssertUnwindSafe;
use std::path::Path;

use qdrant_edge::{
    CreateIndex, Distance, EdgeConfig, EdgeShard, EdgeSparseVectorParams, EdgeVectorParams, FieldIndexOperations,
    KeywordIndexParams, Modifier, PayloadFieldSchema, PayloadSchemaParams, UpdateOperation, WalOptions,
};

use super::request::path;
use crate::index::collection::{BM25_VECTOR, INDEXED_KEYS, TENANT, check_space};
use crate::index::{IndexError, VectorSpace};

/// Bytes of a segment of the engine's log. Opening reads what is left of the log, so it is kept short.
const LOG_SEGMENT_BYTES: usize = 4 * 1024 * 1024;

/// An open shard and the lock on its folder; the fields drop in this order, so that the lock goes last.
#[derive(Debug)]
pub(super) struct Shard {
    engine: Closing<EdgeShard>,
    _lock: File,
}

/// Closes what it holds without a panic. The engine flushes once more when it goes and panics where the disk is full or the
/// folder gone; every write was flushed before it was acknowledged, so nothing is lost then.
#[derive(Debug)]
struct Closing<T>(Option<T>);

impl<T> Drop for Closing<T> {
    fn drop(&mut self) {
        let engine = self.0.take();
        if std::panic::catch_unwind(AssertUnwindSafe(|| drop(engine))).is_err() {
            tracing::warn!("the index could not be flushed once more when it was closed");
        }
    }
}

impl Shard {
    /// Loads the shard in `dir`, or creates one.
    pub(super) fn open(dir: &Path, space: &VectorSpace) -> Result<Self, IndexError> {
        Self::open_locked(dir, lock(dir)?, space)
    }

    /// Forgets the shard in `dir`, whatever it holds, and creates one.
    pub(super) fn recreate(dir: &Path, space: &VectorSpace) -> Result<Self, IndexError> {
        let lock = lock(dir)?;
        forget(dir)?;
        Self::open_locked(dir, lock, space)
    }

    fn open_locked(dir: &Path, lock: File, space: &VectorSpace) -> Result<Self, IndexError> {
        let home = dir.join("shard");
        if !home.exists() {
            create(dir, space)?;
        }
        check_space(space, stored_space(&home)?)?;
        trim_log(&home.join("wal")).map_err(|error| failed("trim the log of", &home, &error))?;
        let engine = EdgeShard::load(&home, None).map_err(|error| failed("open", &home, &error))?;
        Ok(Self { engine: Closing(Some(engine)), _lock: lock })
    }

    /// The engine. Only one caller at a time may update, optimize or flush it.
    pub(super) fn engine(&self) -> Result<&EdgeShard, IndexError> {
        self.engine.0.as_ref().ok_or_else(|| IndexError::Failed("the index is closed".to_owned()))
    }

    /// Brings all that was written to disk.
    ///
    /// This, not the engine's log, is what makes a write survive: the log numbers the writes but is never played back.
    pub(super) fn flush(&self) -> Result<(), IndexError> {
        self.engine()?.flush();
        Ok(())
    }
}

/// Takes the folder for this process; the lock goes with the file, also on `kill -9`.
fn lock(dir: &Path) -> Result<File, IndexError> {
    let path = dir.join("lock");
    let file = fs::create_dir_all(dir)
        .and_then(|()| File::options().create(true).truncate(false).write(true).open(&path))
        .map_err(|error| failed("open", &path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let dir = dir.display();
            Err(IndexError::Failed(format!("`{dir}` is in use by another process; stop that one first")))
        }
        Err(TryLockError::Error(error)) => Err(failed("lock", &path, &error)),
    }
}

fn forget(dir: &Path) -> Result<(), IndexError> {
    let (home, old) = (dir.join("shard"), dir.join("shard.old"));
    remove(&old)?;
    if home.exists() {
        rename(dir, &home, &old)?;
        remove(&old)?;
    }
    Ok(())
}

/// Makes an empty shard beside its place and moves it there at once: a crash leaves all of it or nothing.
fn create(dir: &Path, space: &VectorSpace) -> Result<(), IndexError> {
    let new = dir.join("shard.new");
    remove(&new)?;
    fs::create_dir_all(&new).map_err(|error| failed("create", &new, &error))?;
    let engine = EdgeShard::new(&new, config(space)).map_err(|error| failed("create", &new, &error))?;
    for key in INDEXED_KEYS {
        engine.update(index_on(key)).map_err(|error| failed("create", &new, &error))?;
    }
    drop(engine);
    rename(dir, &new, &dir.join("shard"))
}

/// Vectors and payload stay in files that the system maps and may drop. In memory is only the BM25 index of what was written
/// since the last optimization.
fn config(space: &VectorSpace) -> EdgeConfig {
    let dense = EdgeVectorParams::builder(space.dimension, Distance::Cosine).on_disk(true).build();
    let terms = EdgeSparseVectorParams::builder().on_disk(true).modifier(Modifier::Idf).build();
    EdgeConfig::builder()
        .vector(&space.model, dense)
        .sparse_vector(BM25_VECTOR, terms)
        .on_disk_payload(true)
        .wal_options(WalOptions { segment_capacity: LOG_SEGMENT_BYTES, ..WalOptions::default() })
        .build()
}

fn index_on(key: &str) -> UpdateOperation {
    let params =
        KeywordIndexParams { is_tenant: Some(key == TENANT), on_disk: Some(true), ..KeywordIndexParams::default() };
    UpdateOperation::FieldIndexOperation(FieldIndexOperations::CreateIndex(CreateIndex {
        field_name: path(key),
        field_schema: Some(PayloadFieldSchema::FieldParams(PayloadSchemaParams::Keyword(params))),
    }))
}

fn stored_space(home: &Path) -> Result<VectorSpace, IndexError> {
    let config = match EdgeConfig::load(home) {
        Some(Ok(config)) => config,
        Some(Err(error)) => return Err(failed("read", home, &error)),
        None => return Err(failed("read", home, &"its configuration is gone")),
    };
    let dense = config.vectors.into_iter().next();
    let (model, params) = dense.ok_or_else(|| failed("read", home, &"it holds no dense vectors"))?;
    Ok(VectorSpace { model, dimension: params.size })
}

/// Removes the closed segments of the engine's log but the newest.
///
/// The engine never reads them again and never removes them either, so the log would grow with every write and slow down
/// every start. The newest stays: its name is what later writes are numbered from, and a point takes no write whose number is
/// lower than that of its last.
fn trim_log(log: &Path) -> io::Result<()> {
    let mut closed = Vec::new();
    for entry in fs::read_dir(log)? {
        let path = entry?.path();
        closed.extend(first_write(&path).map(|number| (number, path)));
    }
    closed.sort_unstable();
    closed.pop();
    closed.iter().try_for_each(|(_, path)| fs::remove_file(path))
}

/// The number in `closed-<number>`.
fn first_write(path: &Path) -> Option<u64> {
    path.file_name()?.to_str()?.strip_prefix("closed-")?.parse().ok()
}

fn remove(dir: &Path) -> Result<(), IndexError> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", dir, &error)),
        _ => Ok(()),
    }
}

/// Renames within `dir` and brings the new name to disk.
fn rename(dir: &Path, from: &Path, to: &Path) -> Result<(), IndexError> {
    fs::rename(from, to).and_then(|()| File::open(dir)?.sync_all()).map_err(|error| failed("rename", from, &error))
}

fn failed(action: &str, path: &Path, reason: &dyn std::fmt::Display) -> IndexError {
    IndexError::Failed(format!("cannot {action} `{}`: {reason}", path.display()))
}
