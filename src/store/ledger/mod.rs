//! Promises over many deals: which ones a filter means, and what stands beside each.
//!
//! Filters are put together from fixed pieces; whatever a person says is bound, never written into the query.

mod place;
pub mod totals;
pub mod views;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use sqlx::{QueryBuilder, Sqlite};

pub use self::place::Place;
use self::place::{Key, NO_AMOUNT, NO_DAY, NO_MOMENT};
use super::deals::escaped;
use super::{Conn, StoreError, from_json, from_word, millis, timestamp, to_word};
use crate::access::Sight;
use crate::domain::deal::DealState;
use crate::domain::finding::Commitment;
use crate::domain::ids::{AccountId, DealId, ItemId, TenantId, UserId};
use crate::domain::item::ItemState;
use crate::domain::vocabulary::Outcome;
use crate::ledger::filter::{Against, Filter, Sort, Standing, Words};

/// Whose promises: no row, count or sum goes beyond it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The tenant.
    pub tenant: TenantId,
    /// Which of its deals.
    pub sight: Sight,
}

/// A promise with its deal.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerRow {
    /// Where it stands in the order that was asked for.
    pub place: Place,
    /// The item.
    pub id: ItemId,
    /// What it says.
    pub statement: String,
    /// Its attributes.
    pub commitment: Commitment,
    /// The day it is due, where the words name one.
    pub due_on: Option<Date>,
    /// Where it stands in the review.
    pub state: ItemState,
    /// Who attests it, where a person does.
    pub attested_by: Option<String>,
    /// The newer word that took its place.
    pub newer: Option<(ItemId, String)>,
    /// What became of it.
    pub outcome: Option<Told>,
    /// Its deal.
    pub deal: RowDeal,
}

/// What somebody or the record says became of a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What became of it.
    pub outcome: Outcome,
    /// The name of the person who says so; none where it is read from the record.
    pub set_by: Option<String>,
    /// When it was said or read.
    pub set_at: Timestamp,
}

/// The deal of a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowDeal {
    /// The deal.
    pub id: DealId,
    /// Its name.
    pub name: String,
    /// How far its handoff is.
    pub state: DealState,
    /// The account.
    pub account_id: AccountId,
    /// The account's name.
    pub account: String,
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
    /// The amount, a decimal.
    pub amount: Option<String>,
    /// Its currency.
    pub currency: Option<String>,
    /// When it was won.
    pub closed_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Row {
    day_key: Option<String>,
    moment_key: Option<i64>,
    amount_key: Option<f64>,
    id: String,
    statement: String,
    attributes: String,
    due_on: Option<String>,
    state: String,
    attested_by: Option<String>,
    newer_id: Option<String>,
    newer_statement: Option<String>,
    outcome: Option<String>,
    outcome_by: Option<String>,
    outcome_at: Option<i64>,
    deal_id: String,
    deal: String,
    deal_state: String,
    account_id: String,
    account: String,
    owner_id: Option<String>,
    owner: Option<String>,
    csm_id: Option<String>,
    segment: Option<String>,
    product: Option<String>,
    amount: Option<String>,
    currency: Option<String>,
    closed_at: Option<i64>,
}

impl Row {
    fn place(&self, id: &ItemId) -> Place {
        let key = match (&self.day_key, self.moment_key, self.amount_key) {
            (Some(day), ..) => Key::Day(day.clone()),
            (_, Some(at), _) => Key::Moment(at),
            (.., amount) => Key::Amount(amount.unwrap_or(NO_AMOUNT)),
        };
        Place { key, id: id.clone() }
    }

    fn told(&self) -> Result<Option<Told>, StoreError> {
        let Some((outcome, at)) = self.outcome.as_ref().zip(self.outcome_at) else { return Ok(None) };
        let outcome = from_word("fulfilments", "outcome", outcome)?;
        Ok(Some(Told { outcome, set_by: self.outcome_by.clone(), set_at: timestamp("fulfilments", "set_at", at)? }))
    }
}

impl TryFrom<Row> for LedgerRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let id: ItemId = from_word("items", "id", &row.id)?;
        let newer = row.newer_id.as_ref().map(|id| from_word("items", "id", id)).transpose()?;
        Ok(Self {
            place: row.place(&id),
            outcome: row.told()?,
            id,
            commitment: from_json("items", "attributes", &row.attributes)?,
            due_on: row.due_on.and_then(|day| day.parse().ok()),
            state: from_word("items", "state", &row.state)?,
            newer: newer.zip(row.newer_statement),
            statement: row.statement,
            attested_by: row.attested_by,
            deal: RowDeal {
                id: from_word("deals", "id", &row.deal_id)?,
                name: row.deal,
                state: from_word("deals", "state", &row.deal_state)?,
                account_id: from_word("accounts", "id", &row.account_id)?,
                account: row.account,
                owner_id: row.owner_id.map(|id| from_word("deals", "owner_id", &id)).transpose()?,
                owner: row.owner,
                csm_id: row.csm_id.map(|id| from_word("deals", "csm_id", &id)).transpose()?,
                segment: row.segment,
                product: row.product,
                amount: row.amount,
                currency: row.currency,
                closed_at: row.closed_at.map(|at| timestamp("deals", "closed_at", at)).transpose()?,
            },
        })
    }
}

/// The promises of a selection in an order, `limit` of them after a place.
pub async fn rows(
    conn: &mut Conn,
    scope: &Scope,
    filter: &Filter,
    sort: Sort,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<LedgerRow>, StoreError> {
    let (key, order) = match sort {
        Sort::Due => (format!("coalesce(i.due_on, '{NO_DAY}')"), "asc"),
        Sort::Closed => (format!("coalesce(d.closed_at, {NO_MOMENT})"), "desc"),
        Sort::Amount => (format!("coalesce(cast(d.amount as real), {NO_AMOUNT:e})"), "desc"),
    };
    // First which promises, from the index alone; then what is shown of them.
    let mut query = QueryBuilder::new(format!("with page as materialized (select i.id, {key} as place"));
    select(&mut query, scope, filter)?;
    if let Some(Place { key: place, id }) = after {
        let behind = if order == "asc" { ">" } else { "<" };
        query.push(format!(" and ({key} {behind} "));
        push_key(&mut query, place);
        query.push(format!(" or ({key} = "));
        push_key(&mut query, place);
        query.push(" and i.id > ").push_bind(id.as_str().to_owned()).push("))");
    }
    query.push(format!(" order by place {order}, i.id limit ")).push_bind(i64::from(limit)).push(")");
    query.push(shown(sort)).push(format!(" order by page.place {order}, page.id"));
    let rows: Vec<Row> = query.build_query_as().fetch_all(conn).await?;
    rows.into_iter().map(LedgerRow::try_from).collect()
}

fn push_key(query: &mut QueryBuilder<Sqlite>, key: &Key) {
    match key {
        Key::Day(day) => query.push_bind(day.clone()),
        Key::Moment(at) => query.push_bind(*at),
        Key::Amount(amount) => query.push_bind(*amount),
    };
}

/// What is shown of each promise of `page`.
fn shown(sort: Sort) -> String {
    let key = |of: Sort| if of == sort { "page.place" } else { "null" };
    format!(
        " select {} as day_key, {} as moment_key, {} as amount_key, i.id, i.statement, i.attributes, i.due_on, i.state,
         i.attested_by, n.id as newer_id, n.statement as newer_statement, f.outcome, f.set_at as outcome_at,
         s.name as outcome_by, d.id as deal_id, d.name as deal, d.state as deal_state, a.id as account_id,
         a.name as account, d.owner_id, o.name as owner, d.csm_id, d.segment, d.product, d.amount, d.currency, d.closed_at
         from page join items i on i.id = page.id join deals d on d.id = i.deal_id join accounts a on a.id = d.account_id
         left join items n on n.id = i.superseded_by and n.deal_id = i.deal_id and n.field = 'commitment'
         and n.state <> 'rejected'
         left join users o on o.id = d.owner_id left join fulfilments f on f.item_id = i.id
         left join users s on s.id = f.set_by",
        key(Sort::Due),
        key(Sort::Closed),
        key(Sort::Amount)
    )
}

/// That a newer word took a promise's place; one that was rejected took nobody's, and neither does an item of another field.
const HAS_NEWER: &str = "(i.superseded_by is not null and exists (select 1 from items n where n.id = i.superseded_by
    and n.deal_id = i.deal_id and n.field = 'commitment' and n.state <> 'rejected'))";

/// The part of a query from its `from` on: promises `i` of deals `d` with what became of them `f`.
fn select(query: &mut QueryBuilder<Sqlite>, scope: &Scope, filter: &Filter) -> Result<(), StoreError> {
    let tenant = scope.tenant.as_str();
    // Deals first: they are few, and each one's promises stand together in the index.
    query.push(" from deals d cross join items i left join fulfilments f on f.item_id = i.id where d.tenant_id = ");
    query.push_bind(tenant.to_owned()).push(" and i.tenant_id = ").push_bind(tenant.to_owned());
    query.push(" and i.deal_id = d.id and i.field = 'commitment' and i.state <> 'rejected'");
    if let Some(user) = scope.sight.user() {
        query.push(" and (d.owner_id = ").push_bind(user.to_owned());
        query.push(" or d.csm_id = ").push_bind(user.to_owned()).push(")");
    }
    of_deal(query, filter);
    words(query, "i.contract", &filter.contract)?;
    words(query, "i.strength", &filter.strength)?;
    words(query, "i.category", &filter.category)?;
    words(query, "nullif(i.owed_by, 'unknown')", &filter.owed_by)?;
    words(query, "f.outcome", &filter.outcome)?;
    if let Some(state) = &filter.state {
        query.push(" and i.state = ").push_bind(to_word(state)?);
    }
    bound(query, "i.due_on >= ", filter.due_from.map(|day| day.to_string()));
    bound(query, "i.due_on <= ", filter.due_to.map(|day| day.to_string()));
    let replaced = format!("(i.history is 'withdrawn' or {HAS_NEWER})");
    match filter.standing {
        Some(Standing::Current) => drop(query.push(format!(" and not {replaced}"))),
        Some(Standing::Replaced) => drop(query.push(format!(" and {replaced}"))),
        None => {}
    }
    match filter.against {
        Some(Against::Calls) => drop(query.push(format!(" and {replaced}"))),
        Some(Against::Contract) => drop(query.push(" and i.contract = 'contradicted'")),
        Some(Against::Any) => drop(query.push(format!(" and (i.contract = 'contradicted' or {replaced})"))),
        None => {}
    }
    Ok(())
}

/// What a filter says of the deal.
fn of_deal(query: &mut QueryBuilder<Sqlite>, filter: &Filter) {
    bound(query, "d.owner_id = ", filter.owner.as_ref().map(|id| id.as_str().to_owned()));
    bound(query, "d.account_id = ", filter.account.as_ref().map(|id| id.as_str().to_owned()));
    bound(query, "d.id = ", filter.deal.as_ref().map(|id| id.as_str().to_owned()));
    bound(query, "cast(d.amount as real) >= ", filter.amount_min);
    bound(query, "cast(d.amount as real) <= ", filter.amount_max);
    bound(query, "d.closed_at >= ", filter.closed_from.map(millis));
    bound(query, "d.closed_at < ", filter.closed_before.map(millis));
    for (column, value) in [("d.product", &filter.product), ("d.segment", &filter.segment)] {
        if let Some(value) = value {
            query.push(format!(" and lower({column}) = lower(")).push_bind(value.clone()).push(")");
        }
    }
    if let Some(text) = &filter.text {
        let account = "(select a.name from accounts a where a.id = d.account_id)";
        let mut between = " and (";
        for pattern in patterns(text) {
            for column in ["i.statement", "d.name", account] {
                query.push(format!("{between}lower({column}) like ")).push_bind(pattern.clone()).push(" escape '!'");
                between = " or ";
            }
        }
        query.push(")");
    }
}

/// Patterns of a text whatever its case. SQLite's `lower` knows ASCII only, so letters beyond it are looked for as they were
/// written, all small, and all capital.
fn patterns(text: &str) -> BTreeSet<String> {
    let small = text.to_lowercase();
    let large = small.chars().flat_map(|c| if c.is_ascii() { vec![c] } else { c.to_uppercase().collect() }).collect();
    [text.to_ascii_lowercase(), small, large].iter().map(|text: &String| format!("%{}%", escaped(text))).collect()
}

fn bound<T>(query: &mut QueryBuilder<Sqlite>, condition: &str, value: Option<T>)
where
    T: for<'q> sqlx::Encode<'q, Sqlite> + sqlx::Type<Sqlite> + Send + 'static,
{
    if let Some(value) = value {
        query.push(" and ").push(condition).push_bind(value);
    }
}

/// That a column has one of the words; a word that is none means that the column is empty.
fn words<T: Serialize>(query: &mut QueryBuilder<Sqlite>, column: &str, meant: &Words<T>) -> Result<(), StoreError> {
    if meant.0.is_empty() {
        return Ok(());
    }
    let told: Vec<&T> = meant.0.iter().flatten().collect();
    let mut between = " and (";
    if told.len() < meant.0.len() {
        query.push(between).push(column).push(" is null");
        between = " or ";
    }
    for word in told {
        query.push(between).push(column).push(" = ").push_bind(to_word(word)?);
        between = " or ";
    }
    query.push(")");
    Ok(())
}

/// The products that the tenant's deals within sight name.
pub async fn products(conn: &mut Conn, scope: &Scope) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar(
        "select distinct product from deals where tenant_id = $1 and product is not null
         and ($2 is null or owner_id = $2 or csm_id = $2) order by lower(product), product",
    )
    .bind(scope.tenant.as_str())
    .bind(scope.sight.user())
    .fetch_all(conn)
    .await?)
}

/// The segments that the tenant's deals within sight name.
pub async fn segments(conn: &mut Conn, scope: &Scope) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar(
        "select distinct segment from deals where tenant_id = $1 and segment is not null
         and ($2 is null or owner_id = $2 or csm_id = $2) order by lower(segment), segment",
    )
    .bind(scope.tenant.as_str())
    .bind(scope.sight.user())
    .fetch_all(conn)
    .await?)
}

/// The account executives of the deals within sight, by name.
pub async fn owners(conn: &mut Conn, scope: &Scope) -> Result<Vec<(UserId, String)>, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select distinct u.id, u.name from deals d join users u on u.id = d.owner_id where d.tenant_id = $1
         and ($2 is null or d.owner_id = $2 or d.csm_id = $2) order by lower(u.name), u.id",
    )
    .bind(scope.tenant.as_str())
    .bind(scope.sight.user())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|(id, name)| Ok((from_word("users", "id", &id)?, name))).collect()
}
