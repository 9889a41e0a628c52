//! A promise as the ledger shows it: what was said, where it stands, and the way to the words.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::filter::Standing;
use crate::domain::deal::DealState;
use crate::domain::finding::{Commitment, History};
use crate::domain::ids::{AccountId, DealId, ItemId, UserId};
use crate::domain::item::ItemState;
use crate::domain::vocabulary::Outcome;
use crate::engine::QuoteRole;
use crate::ground::Citation;
use crate::store::ledger::{LedgerRow, RowDeal, Told};
use crate::store::{Conn, StoreError, citations, post_sale};

/// Items whose citations are read at a time.
const BATCH: usize = 500;

/// One promise.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LedgerEntry {
    /// The item.
    pub id: ItemId,
    /// What it says.
    pub statement: String,
    /// Its attributes.
    pub attributes: Commitment,
    /// The day it is due, where the words name one; `attributes.due` has the words.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// Whether it is the last word on what it promises.
    pub standing: Standing,
    /// The newer word that took its place.
    pub replaced_by: Option<NewerWord>,
    /// Where it stands in the review: `drafted` or `approved`.
    pub state: ItemState,
    /// Who attests it, where a person does; it has no quote then.
    pub attested_by: Option<String>,
    /// What became of it; none where nobody said.
    pub outcome: Option<ToldOutcome>,
    /// Its deal.
    pub deal: EntryDeal,
    /// The account.
    pub account: EntryAccount,
    /// The words it rests on, where they were said first.
    pub said: Option<Citation>,
    /// The clause of the contract that speaks to it.
    pub clause: Option<Citation>,
    /// Where to read on, as addresses of this server.
    pub links: Links,
}

/// A newer word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NewerWord {
    /// The item.
    pub id: ItemId,
    /// What it says.
    pub statement: String,
}

/// What became of a promise.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ToldOutcome {
    /// What became of it.
    pub outcome: Outcome,
    /// The person who says so; none where it is read from the record.
    pub set_by: Option<String>,
    /// When it was said or read.
    #[schema(value_type = String, format = DateTime)]
    pub set_at: Timestamp,
    /// The words that say so, where it is read from the record.
    pub said: Option<Citation>,
}

/// The deal of a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EntryDeal {
    /// The deal's id.
    pub id: DealId,
    /// Its name.
    pub name: String,
    /// How far its handoff is.
    pub state: DealState,
    /// The account executive.
    pub owner_id: Option<UserId>,
    /// Their name.
    pub owner: Option<String>,
    /// The customer success manager.
    pub csm_id: Option<UserId>,
    /// The segment.
    pub segment: Option<String>,
    /// The product.
    pub product: Option<String>,
    /// The amount, as a decimal.
    pub amount: Option<String>,
    /// The currency of the amount.
    pub currency: Option<String>,
    /// When it was won.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
}

/// The account of a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EntryAccount {
    /// The account's id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
}

/// Where to read on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Links {
    /// The words, lit in their source.
    pub words: Option<String>,
    /// The clause, lit in the contract.
    pub clause: Option<String>,
    /// The words that say what became of it, lit in their source.
    pub outcome: Option<String>,
    /// The deal's review.
    pub review: String,
    /// The deal's handover.
    pub handover: String,
}

/// The citations of items that a page shows.
pub(super) struct Cited {
    by_item: HashMap<ItemId, Vec<Citation>>,
    /// Of what became of them.
    outcomes: HashMap<ItemId, Citation>,
}

impl Cited {
    /// Those of the rows' items and of the newer words that took their places.
    pub(super) async fn of(conn: &mut Conn, rows: &[LedgerRow]) -> Result<Self, StoreError> {
        let newer = rows.iter().filter_map(|row| row.newer.as_ref().map(|(id, _)| id));
        let ids: Vec<&ItemId> = rows.iter().map(|row| &row.id).chain(newer).collect();
        let mut by_item = HashMap::with_capacity(ids.len());
        for batch in ids.chunks(BATCH) {
            by_item.extend(citations::of_items(conn, batch).await?);
        }
        let told: Vec<&ItemId> = rows.iter().filter(|row| row.outcome.is_some()).map(|row| &row.id).collect();
        let mut outcomes = HashMap::with_capacity(told.len());
        for batch in told.chunks(BATCH) {
            outcomes.extend(post_sale::outcome_words(conn, batch).await?);
        }
        Ok(Self { by_item, outcomes })
    }

    /// The citations of an item with this role, in their order.
    pub(super) fn with(&self, id: &ItemId, role: QuoteRole) -> impl DoubleEndedIterator<Item = &Citation> {
        self.by_item.get(id).into_iter().flatten().filter(move |citation| citation.role() == role)
    }
}

/// The rows as they are shown.
pub(super) async fn entries(conn: &mut Conn, rows: Vec<LedgerRow>) -> Result<Vec<LedgerEntry>, StoreError> {
    let cited = Cited::of(conn, &rows).await?;
    Ok(rows.into_iter().map(|row| LedgerEntry::new(row, &cited)).collect())
}

impl LedgerEntry {
    pub(super) fn new(row: LedgerRow, cited: &Cited) -> Self {
        let said = cited.with(&row.id, QuoteRole::Support).next().cloned();
        let clause = cited.with(&row.id, QuoteRole::Clause).next().cloned();
        let outcome = row.outcome.and_then(|told| outcome_of(told, cited.outcomes.get(&row.id).cloned()));
        let is_replaced = row.newer.is_some() || row.commitment.history == Some(History::Withdrawn);
        let (deal, account) = deal_and_account(row.deal);
        Self {
            links: Links {
                words: said.as_ref().and_then(moment_of),
                clause: clause.as_ref().and_then(moment_of),
                outcome: outcome.as_ref().and_then(|told| moment_of(told.said.as_ref()?)),
                review: format!("/deals/{}/review", deal.id),
                handover: format!("/deals/{}/handover", deal.id),
            },
            id: row.id,
            statement: row.statement,
            attributes: row.commitment,
            due_on: row.due_on,
            standing: if is_replaced { Standing::Replaced } else { Standing::Current },
            replaced_by: row.newer.map(|(id, statement)| NewerWord { id, statement }),
            state: row.state,
            attested_by: row.attested_by,
            outcome,
            deal,
            account,
            said,
            clause,
        }
    }
}

/// What became of a promise, as a person or words of the record say; words that no longer stand where they stood say nothing.
fn outcome_of(Told { outcome, set_by, set_at }: Told, said: Option<Citation>) -> Option<ToldOutcome> {
    (set_by.is_some() || said.is_some()).then_some(ToldOutcome { outcome, set_by, set_at, said })
}

fn deal_and_account(deal: RowDeal) -> (EntryDeal, EntryAccount) {
    let account = EntryAccount { id: deal.account_id, name: deal.account };
    let deal = EntryDeal {
        id: deal.id,
        name: deal.name,
        state: deal.state,
        owner_id: deal.owner_id,
        owner: deal.owner,
        csm_id: deal.csm_id,
        segment: deal.segment,
        product: deal.product,
        amount: deal.amount,
        currency: deal.currency,
        closed_at: deal.closed_at,
    };
    (deal, account)
}

/// The page of the source, with the turn lit.
pub(super) fn moment_of(citation: &Citation) -> Option<String> {
    Some(format!("/sources/{}#t{}", citation.source_id()?, citation.turn()))
}
