//! What changed from one final version to another.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::domain::field::Field;
use crate::domain::record::{HandoffRecord, ItemRecord, RecordError};
use crate::domain::scorecard::{Clarity, RULES};

/// What changed between two versions.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct VersionChanges {
    /// The number of the older version.
    pub from: i64,
    /// The number of the newer version.
    pub to: i64,
    /// Items that only the newer version has.
    pub added: Vec<ChangedItem>,
    /// Items that only the older version has.
    pub removed: Vec<ChangedItem>,
    /// Items that both have, with other words or attributes.
    pub changed: Vec<ItemChange>,
    /// Fields that were answered, and are marked unknown or have no item now.
    pub newly_unknown: Vec<Field>,
    /// Fields that had no answer and have one now.
    pub newly_answered: Vec<Field>,
    /// Questions of the scorecard with another answer.
    pub scorecard: Vec<ScoreMove>,
}

/// An item that came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangedItem {
    /// The item's id.
    pub id: String,
    /// Its field.
    pub field: Field,
    /// What it says.
    pub statement: String,
}

/// An item that says something else now.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ItemChange {
    /// The item's id in the newer version.
    pub id: String,
    /// Its field.
    pub field: Field,
    /// The field it stood in before, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<Field>,
    /// What it said.
    pub before: String,
    /// What it says.
    pub after: String,
    /// The attributes that differ.
    pub attributes: Vec<AttributeChange>,
}

/// An attribute with another value.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AttributeChange {
    /// The attribute's name.
    pub name: String,
    /// Its value in the older version; null where it had none.
    #[schema(value_type = Object)]
    pub before: Value,
    /// Its value in the newer version; null where it has none.
    #[schema(value_type = Object)]
    pub after: Value,
}

/// A question of the scorecard with another answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScoreMove {
    /// The question.
    pub question: &'static str,
    /// The answer in the older version.
    pub before: Clarity,
    /// The answer in the newer version.
    pub after: Clarity,
}

impl VersionChanges {
    /// Whether the versions say the same.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.removed.is_empty()
            && self.changed.is_empty()
            && self.newly_unknown.is_empty()
            && self.newly_answered.is_empty()
            && self.scorecard.is_empty()
    }

    /// The same without a word about sensitive items.
    #[must_use]
    pub fn without_sensitive(mut self) -> Self {
        self.added.retain(|item| !item.field.is_sensitive());
        self.removed.retain(|item| !item.field.is_sensitive());
        self.changed.retain(|item| !item.field.is_sensitive() && !item.moved_from.is_some_and(Field::is_sensitive));
        self
    }
}

/// Compares two stored `baton.handoff/1` documents. An item is the same if it has the same id, or else the same field and some
/// of the same words of the record.
///
/// # Errors
///
/// [`RecordError`] where one of them is no such document.
pub fn changes(old: &str, new: &str) -> Result<VersionChanges, RecordError> {
    let (old, new) = (HandoffRecord::read(old)?, HandoffRecord::read(new)?);
    let pairs = pair(&old.items, &new.items);
    let came = new.items.iter().enumerate().filter(|(at, _)| !pairs.iter().any(|(_, new)| new == at));
    let went = old.items.iter().enumerate().filter(|(at, _)| !pairs.iter().any(|(old, _)| old == at));
    let is_silent = |record: &HandoffRecord, field: Field| record.of(field).next().is_none();
    let silence = |from: &HandoffRecord, to: &HandoffRecord| {
        Field::core().filter(|field| !is_silent(from, *field) && is_silent(to, *field)).collect()
    };
    let scores = RULES.into_iter().zip(old.scorecard.answers().into_iter().zip(new.scorecard.answers()));
    let moves = scores.filter(|(_, (before, after))| before != after);
    Ok(VersionChanges {
        from: old.version,
        to: new.version,
        added: came.map(|(_, item)| changed_item(item)).collect(),
        removed: went.map(|(_, item)| changed_item(item)).collect(),
        changed: pairs.iter().filter_map(|&(a, b)| difference(&old.items[a], &new.items[b])).collect(),
        newly_unknown: silence(&old, &new),
        newly_answered: silence(&new, &old),
        scorecard: moves.map(|((question, _), (before, after))| ScoreMove { question, before, after }).collect(),
    })
}

/// The places of the items that are the same in both lists, in the newer list's order.
fn pair(old: &[ItemRecord], new: &[ItemRecord]) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (at, item) in new.iter().enumerate() {
        pairs.extend(old.iter().position(|before| before.id == item.id).map(|before| (before, at)));
    }
    // Of the rest, those with the most words in common find each other first.
    let is_left = |pairs: &[(usize, usize)], a: usize, b: usize| !pairs.iter().any(|(old, new)| *old == a || *new == b);
    let mut likely: Vec<(u32, usize, usize)> = Vec::new();
    for (a, before) in old.iter().enumerate() {
        for (b, after) in new.iter().enumerate().filter(|(b, _)| is_left(&pairs, a, *b)) {
            let shared = shared_chars(before, after);
            if before.field() == after.field() && shared > 0 {
                likely.push((shared, a, b));
            }
        }
    }
    likely.sort_by_key(|&(shared, a, b)| (std::cmp::Reverse(shared), a, b));
    for (_, a, b) in likely {
        if is_left(&pairs, a, b) {
            pairs.push((a, b));
        }
    }
    pairs.sort_by_key(|(_, new)| *new);
    pairs
}

/// How many characters of the record carry both items.
fn shared_chars(one: &ItemRecord, other: &ItemRecord) -> u32 {
    one.support().map(|a| other.support().map(|b| a.shared_chars(b)).max().unwrap_or_default()).sum()
}

fn changed_item(item: &ItemRecord) -> ChangedItem {
    ChangedItem { id: item.id.clone(), field: item.field(), statement: item.statement.clone() }
}

/// How two items that are the same differ, if they do.
fn difference(before: &ItemRecord, after: &ItemRecord) -> Option<ItemChange> {
    let (old, new) = (before.attributes(), after.attributes());
    let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
    let value = |attributes: &Map<String, Value>, name: &str| attributes.get(name).cloned().unwrap_or_default();
    let attributes: Vec<AttributeChange> = names
        // Only tells which item came after it; that it is superseded stands in the history.
        .filter(|name| *name != "superseded_by" && old.get(*name) != new.get(*name))
        .map(|name| AttributeChange { name: name.clone(), before: value(&old, name), after: value(&new, name) })
        .collect();
    let moved_from = (before.field() != after.field()).then(|| before.field());
    (moved_from.is_some() || before.statement != after.statement || !attributes.is_empty()).then(|| ItemChange {
        id: after.id.clone(),
        field: after.field(),
        moved_from,
        before: before.statement.clone(),
        after: after.statement.clone(),
        attributes,
    })
}
