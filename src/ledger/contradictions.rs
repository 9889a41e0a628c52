//! Where one word speaks against another: between calls, and between a call and the contract. Both words are cited.

use serde::Serialize;
use utoipa::ToSchema;

use super::entry::{Cited, LedgerEntry, moment_of};
use super::filter::{Against, Filter, Sort};
use super::word;
use crate::access::Caller;
use crate::app::App;
use crate::domain::finding::{ContractStatus, History};
use crate::domain::ids::ItemId;
use crate::engine::QuoteRole;
use crate::error::Error;
use crate::ground::Citation;

/// What stands against a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A newer word took its place.
    Superseded,
    /// It was taken back.
    Withdrawn,
    /// A clause of the contract says something else.
    Contract,
}

/// A promise and what stands against it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Contradiction {
    /// What stands against it.
    pub kind: Kind,
    /// The promise; `promise.said` has its words.
    pub promise: LedgerEntry,
    /// The word against it.
    pub against: Word,
}

/// A word against a promise.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Word {
    /// The item that says it, where it is one of its own.
    pub item: Option<ItemId>,
    /// What that item says.
    pub statement: Option<String>,
    /// The words, where they still stand in the record.
    pub said: Option<Citation>,
    /// Where they are lit in their source.
    pub link: Option<String>,
}

impl Word {
    fn of(item: Option<(ItemId, String)>, said: Option<Citation>) -> Self {
        let (item, statement) = item.unzip();
        Self { item, statement, link: said.as_ref().and_then(moment_of), said }
    }
}

/// Contradictions of a page of promises.
#[derive(Debug, Clone, PartialEq)]
pub struct ContradictionsPage {
    /// Each of them, in the order of the promises.
    pub contradictions: Vec<Contradiction>,
    /// What the next page begins after; none on the last page.
    pub next_cursor: Option<String>,
}

/// The contradictions among the promises of a selection; `limit` counts promises, each of which can have two.
///
/// # Errors
///
/// As [`super::page`].
pub async fn contradictions(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    sort: Sort,
    cursor: Option<&str>,
    limit: u32,
) -> Result<ContradictionsPage, Error> {
    let between = filter.against.unwrap_or(Against::Any);
    let filter = Filter { against: Some(between), ..filter.clone() };
    let mut conn = app.store.snapshot().await?;
    let (rows, next_cursor) = super::rows(&mut conn, caller, &filter, sort, cursor, limit).await?;
    let cited = Cited::of(&mut conn, &rows).await?;
    let of_row = |row| of_promise(LedgerEntry::new(row, &cited), &cited, between);
    Ok(ContradictionsPage { contradictions: rows.into_iter().flat_map(of_row).collect(), next_cursor })
}

fn of_promise(promise: LedgerEntry, cited: &Cited, between: Against) -> Vec<Contradiction> {
    let mut found = Vec::new();
    if between != Against::Contract
        && let Some((kind, against)) = newer_word(&promise, cited)
    {
        found.push(Contradiction { kind, promise: promise.clone(), against });
    }
    if between != Against::Calls && promise.attributes.contract == Some(ContractStatus::Contradicted) {
        let against = Word::of(None, promise.clause.clone());
        found.push(Contradiction { kind: Kind::Contract, promise, against });
    }
    found
}

/// The newer word that took a promise's place, or the words that took it back.
fn newer_word(promise: &LedgerEntry, cited: &Cited) -> Option<(Kind, Word)> {
    if let Some(newer) = &promise.replaced_by {
        let said = cited.with(&newer.id, QuoteRole::Support).next().cloned();
        return Some((Kind::Superseded, Word::of(Some((newer.id.clone(), newer.statement.clone())), said)));
    }
    if promise.attributes.history != Some(History::Withdrawn) {
        return None;
    }
    let first = promise.said.as_ref();
    // The words that take a promise back are its last ones; where there are no others, its own words say both.
    let later = cited.with(&promise.id, QuoteRole::Support).next_back().filter(|last| Some(*last) != first);
    let said = cited.with(&promise.id, QuoteRole::Counter).next_back().or(later).or(first);
    Some((Kind::Withdrawn, Word::of(None, said.cloned())))
}

impl Kind {
    /// The word used in documents.
    #[must_use]
    pub fn as_word(self) -> String {
        word(&self)
    }
}
