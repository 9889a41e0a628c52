//! Counts over a selection of promises, each in one pass.

use sqlx::QueryBuilder;

use super::{Scope, select};
use crate::domain::finding::{Category, ContractStatus};
use crate::ledger::filter::Filter;
use crate::ledger::totals::{
    AtStake, CategoryCount, Cell, ContractCounts, Money, MonthCount, OutcomeCount, Totals, Trends,
};
use crate::store::{Conn, StoreError, from_word};

/// What a row counts: which kind of count it is, of what, and how much.
type Counted = (String, Option<String>, Option<String>, i64, Option<f64>);

/// A month, a category, a contract status, and how many promises have them.
type MonthRow = (Option<String>, Option<String>, Option<String>, i64);

/// The selection is gone through once; the counts are taken from its groups.
const COUNTS: &str = " group by 1, 2, 3, 4)
    select 'cell', contract, strength, sum(n), null from s group by contract, strength
    union all select 'outcome', outcome, null, sum(n), null from s group by outcome
    union all select 'at_stake', x.contract, d.currency, count(*), sum(cast(d.amount as real))
        from (select distinct deal, contract from s) x join deals d on d.id = x.deal group by x.contract, d.currency
    union all select 'all', null, d.currency, count(*), sum(cast(d.amount as real))
        from (select distinct deal from s) x join deals d on d.id = x.deal group by d.currency";

/// Counts over a whole selection.
pub async fn totals(conn: &mut Conn, scope: &Scope, filter: &Filter) -> Result<Totals, StoreError> {
    let mut query = QueryBuilder::new(
        "with s as materialized (select i.deal_id as deal, i.contract as contract, i.strength as strength,
         f.outcome as outcome, count(*) as n",
    );
    select(&mut query, scope, filter)?;
    query.push(COUNTS);
    let rows: Vec<Counted> = query.build_query_as().fetch_all(conn).await?;
    let mut totals = Totals::default();
    for row in rows {
        take(&mut totals, row)?;
    }
    Ok(totals)
}

fn take(totals: &mut Totals, (kind, of, by, count, sum): Counted) -> Result<(), StoreError> {
    let money = |currency: Option<String>| sum.map(|sum| Money::new(currency, sum));
    match kind.as_str() {
        "cell" => {
            totals.promises += count;
            let strength = by.map(|word| from_word("items", "strength", &word)).transpose()?;
            totals.cells.push(Cell { contract: contract(of)?, strength, promises: count });
        }
        "outcome" => {
            let outcome = of.map(|word| from_word("fulfilments", "outcome", &word)).transpose()?;
            totals.outcomes.push(OutcomeCount { outcome, promises: count });
        }
        "at_stake" => {
            let contract = contract(of)?;
            let place = totals.at_stake.iter().position(|known| known.contract == contract).unwrap_or_else(|| {
                totals.at_stake.push(AtStake { contract, deals: 0, amounts: Vec::new() });
                totals.at_stake.len() - 1
            });
            totals.at_stake[place].deals += count;
            totals.at_stake[place].amounts.extend(money(by));
        }
        _ => {
            totals.deals += count;
            totals.amounts.extend(money(by));
        }
    }
    Ok(())
}

fn contract(word: Option<String>) -> Result<Option<ContractStatus>, StoreError> {
    word.map(|word| from_word("items", "contract", &word)).transpose()
}

/// How promises stand to the contract, by month of closing and by what they are about.
pub async fn trends(conn: &mut Conn, scope: &Scope, filter: &Filter) -> Result<Trends, StoreError> {
    let mut query = QueryBuilder::new(
        "select strftime('%Y-%m', d.closed_at / 1000, 'unixepoch') as month, i.category as category,
         i.contract as contract, count(*)",
    );
    select(&mut query, scope, filter)?;
    query.push(" group by 1, 2, 3 order by 1");
    let rows: Vec<MonthRow> = query.build_query_as().fetch_all(conn).await?;
    let mut trends = Trends::default();
    let mut by_category = Category::ALL.iter().copied().map(Some).chain([None]);
    let mut categories: Vec<CategoryCount> =
        by_category.by_ref().map(|category| CategoryCount { category, counts: ContractCounts::default() }).collect();
    for (month, category, status, count) in rows {
        let status = contract(status)?;
        let category: Option<Category> = category.map(|word| from_word("items", "category", &word)).transpose()?;
        for known in categories.iter_mut().filter(|known| known.category == category) {
            *known.counts.of_mut(status) += count;
        }
        let Some(month) = month else { continue };
        if trends.months.last().is_none_or(|last| last.month != month) {
            trends.months.push(MonthCount { month, counts: ContractCounts::default() });
        }
        if let Some(last) = trends.months.last_mut() {
            *last.counts.of_mut(status) += count;
        }
    }
    categories.retain(|known| known.counts.all() > 0);
    Ok(Trends { categories, ..trends })
}
