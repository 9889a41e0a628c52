//! The audit log: every change, who made it, when, from what to what, each entry naming the hash of the one before.
//!
//! An entry is canonical JSON (RFC 8785), so that anybody can compute its SHA-256 again from an export, offline. What was
//! exported once cannot be changed, left out or reordered afterwards without the chain breaking; entries cut off at the end are
//! seen by comparing the last hash with one kept elsewhere.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::access::Caller;
use crate::domain::hash::content_hash;
use crate::domain::ids::{DealId, UserId};
use crate::error::Error;
use crate::store::Conn;
use crate::store::audit::{self, Index, StoredEntry};

/// The name and version of an entry's document.
pub const ENTRY_SCHEMA: &str = "baton.audit-entry/1";

/// What the first entry names as the hash before it.
const NOTHING_BEFORE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Always [`ENTRY_SCHEMA`].
    pub schema: String,
    /// Counts the tenant's entries, from 1.
    pub seq: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The user's id; none for Baton itself on the command line.
    pub actor_id: Option<UserId>,
    /// The user's name at that time.
    pub actor: String,
    /// What was done, as `noun.verb`.
    pub action: String,
    /// The deal, where it was about one.
    pub deal: Option<DealId>,
    /// What it was done to: an id, or a field's word.
    pub subject: String,
    /// How it was before, where something changed.
    pub before: Option<Value>,
    /// How it was afterwards.
    pub after: Option<Value>,
    /// The reason given.
    pub reason: Option<String>,
    /// The hash of the entry before this one.
    pub previous: String,
}

/// An entry with its hash: one line of an export.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HashedEntry {
    /// SHA-256 of the entry's canonical JSON, hexadecimal.
    pub hash: String,
    /// The entry.
    pub entry: Entry,
}

/// A change, for the log.
#[derive(Debug, Clone, Default)]
pub struct Change<'a> {
    /// What was done, as `noun.verb`.
    pub action: &'static str,
    /// What it was done to.
    pub subject: String,
    /// The deal, where it was about one.
    pub deal: Option<&'a DealId>,
    /// How it was before.
    pub before: Option<Value>,
    /// How it was afterwards.
    pub after: Option<Value>,
    /// The reason given.
    pub reason: Option<String>,
}

/// Appends a change to the caller's log, in the transaction of the change itself.
///
/// # Errors
///
/// When the records cannot be written.
pub async fn record(conn: &mut Conn, caller: &Caller, change: Change<'_>, at: Timestamp) -> Result<(), Error> {
    let (seq, previous) = match audit::last(conn, &caller.tenant).await? {
        Some(last) => (last.seq + 1, last.hash),
        None => (1, NOTHING_BEFORE.to_owned()),
    };
    let entry = Entry {
        schema: ENTRY_SCHEMA.to_owned(),
        seq,
        at,
        actor_id: caller.user.clone(),
        actor: caller.name.clone(),
        action: change.action.to_owned(),
        deal: change.deal.cloned(),
        subject: change.subject,
        before: change.before,
        after: change.after,
        reason: change.reason,
        previous,
    };
    let json = canonical(&entry).map_err(|error| Error::Internal(error.into()))?;
    let stored = StoredEntry { seq, hash: content_hash(json.as_bytes()), entry: json };
    let index = Index { at, actor: &entry.actor, action: &entry.action, deal: change.deal };
    audit::append(conn, &caller.tenant, &stored, index).await?;
    Ok(())
}

fn canonical(entry: &Entry) -> serde_json::Result<String> {
    serde_json_canonicalizer::to_string(entry)
}

/// A stored entry as it is shown and exported.
///
/// # Errors
///
/// When the stored text is no entry.
pub fn shown(stored: StoredEntry) -> Result<HashedEntry, Error> {
    let entry = serde_json::from_str(&stored.entry).map_err(|error| Error::Internal(error.into()))?;
    Ok(HashedEntry { hash: stored.hash, entry })
}

/// What a check of an export found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Entries in the file.
    pub entries: usize,
    /// Number of the first and of the last.
    pub span: Option<(i64, i64)>,
    /// The last hash: compare it with one kept elsewhere to see that nothing is cut off at the end.
    pub last_hash: Option<String>,
}

/// Why an export is not to be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct Broken {
    /// The line of the file, from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

/// Checks an export (JSON Lines, one [`HashedEntry`] each), offline: every hash, every link, every number.
///
/// # Errors
///
/// [`Broken`] at the first line that is not what the line before promised.
pub fn verify(export: &str) -> Result<Verified, Broken> {
    let mut before: Option<HashedEntry> = None;
    let mut first = None;
    let mut entries = 0;
    for (line, text) in (1..).zip(export.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let broken = |what: String| Broken { line, what };
        let hashed: HashedEntry = serde_json::from_str(text).map_err(|e| broken(format!("this is no entry: {e}")))?;
        let json = canonical(&hashed.entry).map_err(|e| broken(e.to_string()))?;
        if content_hash(json.as_bytes()) != hashed.hash {
            return Err(broken(format!("entry {} was changed: its hash is another", hashed.entry.seq)));
        }
        follows(before.as_ref(), &hashed).map_err(broken)?;
        first.get_or_insert(hashed.entry.seq);
        entries += 1;
        before = Some(hashed);
    }
    let span = first.zip(before.as_ref().map(|last| last.entry.seq));
    Ok(Verified { entries, span, last_hash: before.map(|last| last.hash) })
}

/// Whether `next` is the entry that comes after `before`; an export may begin anywhere.
fn follows(before: Option<&HashedEntry>, next: &HashedEntry) -> Result<(), String> {
    let seq = next.entry.seq;
    match before {
        Some(before) if before.entry.seq + 1 != seq => {
            Err(format!("entry {seq} comes after entry {}: entries are missing or out of order", before.entry.seq))
        }
        Some(before) if before.hash != next.entry.previous => {
            Err(format!("entry {seq} does not name the hash of entry {}: one of them was replaced", before.entry.seq))
        }
        None if seq == 1 && next.entry.previous != NOTHING_BEFORE => Err("entry 1 names an entry before it".to_owned()),
        _ => Ok(()),
    }
}
