//! The audit log: every change, who made it, when, from what to what, each entry naming the hash of the one before.
//!
//! An entry is canonical JSON (RFC 8785). An export has one line per entry, `{"hash":"…","entry":{…}}`, with the very bytes
//! that were hashed: anybody can compute the SHA-256 again, offline, without reading the JSON. What was exported once cannot
//! be changed, left out or reordered afterwards without the chain breaking. Whoever rewrites an export from some entry to its
//! end, hashes and all, makes another chain; that, and entries cut off at the end, is seen by comparing the last hash with
//! one kept elsewhere.

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

/// What a line of an export begins with, before the hash.
const LINE_BEGINS: &str = r#"{"hash":""#;
/// What stands between the hash and the entry.
const ENTRY_BEGINS: &str = r#"","entry":"#;

/// A stored entry as a line of an export: the bytes that were hashed, untouched.
#[must_use]
pub fn line(stored: &StoredEntry) -> String {
    format!("{LINE_BEGINS}{}{ENTRY_BEGINS}{}}}\n", stored.hash, stored.entry)
}

/// The hash and the entry's bytes of a line; none where it is no such line.
fn parts(line: &str) -> Option<(&str, &str)> {
    let (hash, rest) = line.strip_prefix(LINE_BEGINS)?.split_once(ENTRY_BEGINS)?;
    Some((hash, rest.strip_suffix('}')?))
}

/// What a check of an export found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Entries in the file, from number 1 on.
    pub entries: usize,
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

/// Checks an export, offline: every hash, every link, every number.
///
/// # Errors
///
/// [`Broken`] at the first line that is not what the line before promised.
pub fn verify(export: &[u8]) -> Result<Verified, Broken> {
    let export = export.strip_suffix(b"\n").unwrap_or(export);
    let lines = export.split(|byte| *byte == b'\n').filter(|_| !export.is_empty());
    let mut before: Option<HashedEntry> = None;
    let mut entries = 0;
    for (line, bytes) in (1..).zip(lines) {
        let next = read(bytes).and_then(|next| follows(before.as_ref(), &next).map(|()| next));
        before = Some(next.map_err(|what| Broken { line, what })?);
        entries = line;
    }
    Ok(Verified { entries, last_hash: before.map(|last| last.hash) })
}

/// The entry of a line, if it has the hash that stands beside it.
fn read(line: &[u8]) -> Result<HashedEntry, String> {
    let line = str::from_utf8(line).map_err(|error| format!("this is no text: {error}"))?;
    let (hash, json) = parts(line).ok_or("this is no line of an export")?;
    if content_hash(json.as_bytes()) != hash {
        return Err("the entry was changed: its hash is another".to_owned());
    }
    let entry = serde_json::from_str(json).map_err(|error| format!("this is no entry: {error}"))?;
    Ok(HashedEntry { hash: hash.to_owned(), entry })
}

/// Whether `next` is the entry that comes after `before`; an export begins with entry 1.
fn follows(before: Option<&HashedEntry>, next: &HashedEntry) -> Result<(), String> {
    let seq = next.entry.seq;
    let (last, previous) = before.map_or((0, NOTHING_BEFORE), |before| (before.entry.seq, before.hash.as_str()));
    if seq != last + 1 {
        return Err(format!(
            "entry {seq} stands where entry {} belongs: entries are missing or out of order",
            last + 1
        ));
    }
    if next.entry.previous != previous {
        return Err(format!("entry {seq} does not name the hash of the entry before it: one of them was replaced"));
    }
    Ok(())
}
