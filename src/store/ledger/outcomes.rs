//! What a person says became of a promise.

use jiff::Timestamp;

use crate::domain::deal::Deal;
use crate::domain::ids::{DealId, ItemId, UserId};
use crate::domain::vocabulary::Outcome;
use crate::store::{Conn, StoreError, from_word, millis, to_word};

/// What is known to have become of a promise, and whether a person says so.
pub async fn find(conn: &mut Conn, item: &ItemId) -> Result<Option<(Outcome, bool)>, StoreError> {
    let row: Option<(String, bool)> =
        sqlx::query_as("select outcome, set_by is not null from fulfilments where item_id = $1")
            .bind(item.as_str())
            .fetch_optional(conn)
            .await?;
    row.map(|(outcome, by_person)| Ok((from_word("fulfilments", "outcome", &outcome)?, by_person))).transpose()
}

/// Keeps what a person says; it takes the place of what was read from the record.
pub async fn set(
    conn: &mut Conn,
    deal: &Deal,
    item: &ItemId,
    outcome: Outcome,
    by: &UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into fulfilments (item_id, tenant_id, deal_id, outcome, set_by, set_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (item_id) do update set outcome = excluded.outcome, source_id = null, turn_index = null,
         char_start = null, char_end = null, quote = null, set_by = excluded.set_by, set_at = excluded.set_at",
    )
    .bind(item.as_str())
    .bind(deal.tenant.as_str())
    .bind(deal.id.as_str())
    .bind(to_word(&outcome)?)
    .bind(by.as_str())
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes back what was said of a promise.
pub async fn remove(conn: &mut Conn, item: &ItemId) -> Result<(), StoreError> {
    sqlx::query("delete from fulfilments where item_id = $1").bind(item.as_str()).execute(conn).await?;
    Ok(())
}

/// The promises of a deal of which a person said what became of them.
pub async fn told_by_people(conn: &mut Conn, deal: &DealId) -> Result<Vec<ItemId>, StoreError> {
    let ids: Vec<String> =
        sqlx::query_scalar("select item_id from fulfilments where deal_id = $1 and set_by is not null")
            .bind(deal.as_str())
            .fetch_all(conn)
            .await?;
    ids.iter().map(|id| from_word("fulfilments", "item_id", id)).collect()
}
