//! What changed in a profile since an earlier one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::document::{ClientDna, DnaDeal, DnaLine, Section};
use crate::domain::ids::SnapshotId;
use crate::domain::record::ItemRecord;
use crate::domain::vocabulary::vocabulary;

/// The name and version of the document that [`DnaChanges`] serializes to.
pub const CHANGES_SCHEMA: &str = "baton.dna-changes/1";

vocabulary!(
    /// On which occasion a profile was kept.
    Occasion {
        /// An engine drafted anew.
        Drafted,
        /// A version became final.
        Finalized,
        /// Customer success accepted it.
        Accepted,
        /// Customer success gave it back.
        Returned,
        /// The customer corrected the record.
        Corrected,
    }
);

/// A profile that was kept, without its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct KeptProfile {
    /// Its id, for `since`.
    pub id: SnapshotId,
    /// The deal it is of.
    pub deal: DnaDeal,
    /// On which occasion it was kept.
    pub occasion: Occasion,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A line that came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DnaChange {
    /// The section it stands in, or stood in.
    pub section: Section,
    /// The item, phrase or event.
    pub id: String,
    /// What it says.
    pub text: String,
    /// The deal it is from.
    pub deal: DnaDeal,
}

/// A line that says something else now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DnaRewrite {
    /// The section it stands in.
    pub section: Section,
    /// The section it stood in before, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<Section>,
    /// The item.
    pub id: String,
    /// What it said.
    pub before: String,
    /// What it says.
    pub after: String,
    /// What else differs, in words: `due: 2026-06-12 → 2026-06-19`, `approved now`.
    pub details: Vec<String>,
    /// The deal it is from.
    pub deal: DnaDeal,
}

/// What changed since an earlier profile, or since there was none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DnaChanges {
    /// Always [`CHANGES_SCHEMA`].
    pub schema: &'static str,
    /// What the profile is compared with: one for each deal that had one.
    pub since: Vec<KeptProfile>,
    /// Lines that are new.
    pub came: Vec<DnaChange>,
    /// Lines that are gone.
    pub went: Vec<DnaChange>,
    /// Lines that say something else, or stand differently.
    pub changed: Vec<DnaRewrite>,
    /// Every profile that was kept, the newest first.
    pub kept: Vec<KeptProfile>,
}

impl DnaChanges {
    /// Nothing compared yet.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            schema: CHANGES_SCHEMA,
            since: Vec::new(),
            came: Vec::new(),
            went: Vec::new(),
            changed: Vec::new(),
            kept: Vec::new(),
        }
    }

    /// Whether both say the same.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.came.is_empty() && self.went.is_empty() && self.changed.is_empty()
    }
}

/// A line of a profile, whatever it is made of.
struct Entry<'a> {
    section: Section,
    id: String,
    text: String,
    line: Option<&'a DnaLine>,
    sensitive: bool,
}

/// What differs between two profiles of one deal. `sees` says whether the reader may see notes about persons, and `notes` are
/// the items that are such notes now: a line that was none before and is one now is told of to nobody else.
#[must_use]
pub fn compare(old: Option<&ClientDna>, new: &ClientDna, deal: &DnaDeal, sees: bool, notes: &[String]) -> DnaChanges {
    let (old, new) = (old.map(entries).unwrap_or_default(), entries(new));
    let pairs = pair(&old, &new);
    let told = |entry: &Entry<'_>| sees || !(entry.sensitive || notes.contains(&entry.id));
    let change = |entry: &Entry<'_>| DnaChange {
        section: entry.section,
        id: entry.id.clone(),
        text: entry.text.clone(),
        deal: deal.clone(),
    };
    let came = new.iter().enumerate().filter(|(at, _)| !pairs.iter().any(|(_, new)| new == at));
    let went = old.iter().enumerate().filter(|(at, _)| !pairs.iter().any(|(old, _)| old == at));
    let both = pairs.iter().map(|&(a, b)| (&old[a], &new[b])).filter(|(before, after)| told(before) && told(after));
    DnaChanges {
        came: came.filter(|(_, entry)| told(entry)).map(|(_, entry)| change(entry)).collect(),
        went: went.filter(|(_, entry)| told(entry)).map(|(_, entry)| change(entry)).collect(),
        changed: both.filter_map(|(before, after)| rewrite(before, after, deal)).collect(),
        ..DnaChanges::none()
    }
}

fn entries(dna: &ClientDna) -> Vec<Entry<'_>> {
    let lines = dna.sections().into_iter().flat_map(|(section, lines)| lines.iter().map(move |line| (section, line)));
    let mut all: Vec<Entry<'_>> = lines
        .map(|(section, line)| Entry {
            section,
            id: line.item.id.clone(),
            text: line.item.statement.clone(),
            line: Some(line),
            sensitive: line.item.field().is_sensitive(),
        })
        .collect();
    all.extend(dna.own_words.iter().map(|phrase| Entry {
        section: Section::OwnWords,
        id: format!("phrase:{}", phrase.words),
        text: phrase.words.clone(),
        line: None,
        sensitive: phrase.sensitive,
    }));
    all.extend(dna.history.iter().map(|event| Entry {
        section: Section::History,
        id: event.id.clone(),
        text: event.text.clone(),
        line: None,
        sensitive: false,
    }));
    all
}

/// The places of the lines that are the same in both: by id, and of the rest those that rest on the same words.
fn pair(old: &[Entry<'_>], new: &[Entry<'_>]) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (at, entry) in new.iter().enumerate() {
        pairs.extend(old.iter().position(|before| before.id == entry.id).map(|before| (before, at)));
    }
    for (at, entry) in new.iter().enumerate() {
        let is_left = |pairs: &[(usize, usize)], a: usize| !pairs.iter().any(|(old, new)| *old == a || *new == at);
        let same = |before: &Entry<'_>| match (before.line, entry.line) {
            (Some(a), Some(b)) => a.item.field() == b.item.field() && shares_words(&a.item, &b.item),
            _ => false,
        };
        let found = old.iter().enumerate().find(|(a, before)| is_left(&pairs, *a) && same(before));
        pairs.extend(found.map(|(a, _)| (a, at)));
    }
    pairs.sort_by_key(|(_, new)| *new);
    pairs
}

fn shares_words(one: &ItemRecord, other: &ItemRecord) -> bool {
    one.support().any(|a| other.support().any(|b| a.shared_chars(b) > 0))
}

fn rewrite(before: &Entry<'_>, after: &Entry<'_>, deal: &DnaDeal) -> Option<DnaRewrite> {
    let mut details = Vec::new();
    if let (Some(old), Some(new)) = (before.line, after.line) {
        details = differences(old, new);
    }
    let moved_from = (before.section != after.section).then_some(before.section);
    let differs = before.text != after.text || moved_from.is_some() || !details.is_empty();
    differs.then(|| DnaRewrite {
        section: after.section,
        moved_from,
        id: after.id.clone(),
        before: before.text.clone(),
        after: after.text.clone(),
        details,
        deal: deal.clone(),
    })
}

/// What differs beside the words.
fn differences(old: &DnaLine, new: &DnaLine) -> Vec<String> {
    let mut details = Vec::new();
    if old.is_reviewed() != new.is_reviewed() {
        details.push(if new.is_reviewed() { "approved now" } else { "not approved any more" }.to_owned());
    }
    let (before, after) = (old.item.attributes(), new.item.attributes());
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    for name in names.into_iter().filter(|name| *name != "superseded_by" && before.get(*name) != after.get(*name)) {
        let told = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), in_words);
        details.push(format!("{}: {} → {}", name.replace('_', " "), told(before.get(name)), told(after.get(name))));
    }
    if old.outcome != new.outcome {
        let told = new.outcome.and_then(|outcome| serde_json::to_value(outcome).ok());
        details.push(format!("outcome: {}", told.as_ref().map_or_else(|| "nothing".to_owned(), in_words)));
    }
    let further = new.item.citations.len().saturating_sub(old.item.citations.len());
    if further > 0 {
        details.push(format!("{further} further citation{}", if further == 1 { "" } else { "s" }));
    }
    details
}

fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => text.replace('_', " "),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(all) => all.iter().map(in_words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
