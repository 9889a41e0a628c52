//! Items, their citations and their edits.

use std::collections::HashMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::citations::{self, Cited};
use super::{Conn, StoreError, from_json, from_word, millis, timestamp, to_json, to_word};
use crate::domain::field::Field;
use crate::domain::finding::Finding;
use crate::domain::ids::{DealId, ItemId, TenantId};
use crate::domain::item::{Edit, Item, ItemState};

/// An item with what the review needs to know beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredItem {
    /// The item, with the citations whose words still stand.
    pub item: Item,
    /// The deal it belongs to.
    pub deal: DealId,
    /// Counts every change to the item; its `ETag`.
    pub revision: i64,
    /// Citations whose words no longer stand where they stood, told in words.
    pub broken: Vec<String>,
}

/// Items whose citations are read at a time.
const CITED_AT_ONCE: usize = 500;

#[derive(sqlx::FromRow)]
struct ItemRow {
    id: String,
    deal_id: String,
    field: String,
    attributes: String,
    statement: String,
    confidence: Option<f32>,
    origin: String,
    attested_by: Option<String>,
    reworded_by: Option<String>,
    decided_by: Option<String>,
    state: String,
    revision: i64,
}

impl ItemRow {
    fn into_item(self, citations: Cited) -> Result<StoredItem, StoreError> {
        let finding = finding(&self.field, &self.attributes)?;
        Ok(StoredItem {
            item: Item {
                id: from_word("items", "id", &self.id)?,
                finding,
                statement: self.statement,
                confidence: self.confidence,
                origin: from_word("items", "origin", &self.origin)?,
                attested_by: self.attested_by,
                reworded_by: self.reworded_by,
                decided_by: self.decided_by,
                state: from_word("items", "state", &self.state)?,
                citations: citations.whole,
            },
            deal: from_word("items", "deal_id", &self.deal_id)?,
            revision: self.revision,
            broken: citations.broken,
        })
    }
}

const LIST: &str = "select id, deal_id, field, attributes, statement, confidence, origin, attested_by, reworded_by,
    decided_by, state, revision
    from items where deal_id = $1 order by position, id";

const LIST_FIELDS: &str =
    "select id, deal_id, field, attributes, statement, confidence, origin, attested_by, reworded_by,
    decided_by, state, revision
    from items where deal_id in (select value from json_each($1)) and field in (select value from json_each($2))
    order by deal_id, position, id";

const FIND: &str = "select id, deal_id, field, attributes, statement, confidence, origin, attested_by, reworded_by,
    decided_by, state, revision
    from items where tenant_id = $1 and id = $2";

/// The deal's items in the order of the draft.
pub async fn list(conn: &mut Conn, deal: &DealId) -> Result<Vec<StoredItem>, StoreError> {
    let rows: Vec<ItemRow> = sqlx::query_as(LIST).bind(deal.as_str()).fetch_all(&mut *conn).await?;
    let cited = citations::of_deal(conn, deal).await?;
    with_citations(rows, cited)
}

/// The items of several deals in these fields, deal by deal in the order of each draft.
pub async fn of_deals(conn: &mut Conn, deals: &[&DealId], fields: &[Field]) -> Result<Vec<StoredItem>, StoreError> {
    let rows: Vec<ItemRow> =
        sqlx::query_as(LIST_FIELDS).bind(to_json(&deals)?).bind(to_json(&fields)?).fetch_all(&mut *conn).await?;
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut cited = HashMap::new();
    for some in ids.chunks(CITED_AT_ONCE) {
        cited.extend(citations::of_ids(conn, some).await?);
    }
    with_citations(rows, cited)
}

fn with_citations(rows: Vec<ItemRow>, mut cited: HashMap<String, Cited>) -> Result<Vec<StoredItem>, StoreError> {
    let item = |row: ItemRow| {
        let cited = cited.remove(&row.id).unwrap_or_default();
        row.into_item(cited)
    };
    rows.into_iter().map(item).collect()
}

/// The tenant's item with this id.
pub async fn find(conn: &mut Conn, tenant: &TenantId, id: &ItemId) -> Result<Option<StoredItem>, StoreError> {
    let row: Option<ItemRow> =
        sqlx::query_as(FIND).bind(tenant.as_str()).bind(id.as_str()).fetch_optional(&mut *conn).await?;
    let Some(row) = row else { return Ok(None) };
    let cited = citations::of_item(conn, &row.id).await?;
    row.into_item(cited).map(Some)
}

/// Where a new item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its place in the draft.
    pub position: i64,
    /// The revision it starts with: above the deal's, so that an item drafted again never repeats an older `ETag`.
    pub revision: i64,
}

/// Adds an item with its citations.
pub async fn insert(
    conn: &mut Conn,
    tenant: &TenantId,
    deal: &DealId,
    item: &Item,
    place: Place,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into items (id, tenant_id, deal_id, field, attributes, statement, confidence, origin, attested_by,
         decided_by, state, position, revision, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)",
    )
    .bind(item.id.as_str())
    .bind(tenant.as_str())
    .bind(deal.as_str())
    .bind(item.field().as_str())
    .bind(attributes_json(&item.finding)?)
    .bind(&item.statement)
    .bind(item.confidence)
    .bind(to_word(&item.origin)?)
    .bind(item.attested_by.as_deref())
    .bind(item.decided_by.as_deref())
    .bind(to_word(&item.state)?)
    .bind(place.position)
    .bind(place.revision)
    .bind(millis(now))
    .execute(&mut *conn)
    .await?;
    citations::add(conn, &item.id, &item.citations).await
}

/// Writes what a decision may change about an item (words, attributes, state) and counts the change. Its citations stay as
/// they are, the broken ones too: no decision makes words stand where they do not.
pub async fn update(conn: &mut Conn, item: &Item, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "update items set field = $2, attributes = $3, statement = $4, confidence = $5, reworded_by = $6, decided_by = $7,
         state = $8, revision = revision + 1, updated_at = $9 where id = $1",
    )
    .bind(item.id.as_str())
    .bind(item.field().as_str())
    .bind(attributes_json(&item.finding)?)
    .bind(&item.statement)
    .bind(item.confidence)
    .bind(item.reworded_by.as_deref())
    .bind(item.decided_by.as_deref())
    .bind(to_word(&item.state)?)
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves an item to its place in a newer draft; that changes nothing about it.
pub async fn set_position(conn: &mut Conn, id: &ItemId, position: i64) -> Result<(), StoreError> {
    sqlx::query("update items set position = $2 where id = $1").bind(id.as_str()).bind(position).execute(conn).await?;
    Ok(())
}

/// Removes an item on which no decision stands, with its citations, what was read of its outcome, and the history of decisions that were taken back; the
/// audit log keeps that.
pub async fn delete_undecided(conn: &mut Conn, id: &ItemId) -> Result<(), StoreError> {
    for sql in [
        "delete from citations where item_id = $1",
        "delete from item_edits where item_id = $1",
        "delete from fulfilments where item_id = $1",
        "delete from cleared_outcomes where item_id = $1",
    ] {
        sqlx::query(sql).bind(id.as_str()).execute(&mut *conn).await?;
    }
    sqlx::query("delete from items where id = $1 and decided_by is null").bind(id.as_str()).execute(conn).await?;
    Ok(())
}

/// Adds an entry to an item's history.
pub async fn insert_edit(conn: &mut Conn, item: &ItemId, edit: &Edit) -> Result<(), StoreError> {
    sqlx::query(
        "insert into item_edits (id, item_id, action, actor, created_at, before, after, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(format!("edt_{}", Uuid::now_v7().simple()))
    .bind(item.as_str())
    .bind(to_word(&edit.action)?)
    .bind(&edit.actor)
    .bind(millis(edit.at))
    .bind(edit.before.as_ref().map(serde_json::Value::to_string))
    .bind(edit.after.as_ref().map(serde_json::Value::to_string))
    .bind(edit.reason.as_deref())
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct EditRow {
    action: String,
    actor: String,
    created_at: i64,
    before: Option<String>,
    after: Option<String>,
    reason: Option<String>,
}

/// An item's history, oldest first.
pub async fn edits(conn: &mut Conn, item: &ItemId) -> Result<Vec<Edit>, StoreError> {
    let rows: Vec<EditRow> = sqlx::query_as(
        "select action, actor, created_at, before, after, reason from item_edits where item_id = $1 order by id",
    )
    .bind(item.as_str())
    .fetch_all(conn)
    .await?;
    let edit = |row: EditRow| {
        Ok(Edit {
            action: from_word("item_edits", "action", &row.action)?,
            actor: row.actor,
            at: timestamp("item_edits", "created_at", row.created_at)?,
            before: row.before.map(|json| from_json("item_edits", "before", &json)).transpose()?,
            after: row.after.map(|json| from_json("item_edits", "after", &json)).transpose()?,
            reason: row.reason,
        })
    };
    rows.into_iter().map(edit).collect()
}

/// The attributes of a finding without its field, as JSON.
fn attributes_json(finding: &Finding) -> Result<String, StoreError> {
    let value =
        serde_json::to_value(finding).map_err(|error| StoreError::Database(sqlx::Error::Encode(error.into())))?;
    to_json(&value["attributes"])
}

/// What a deal's items say and where each stands, without the words they rest on.
pub async fn findings(conn: &mut Conn, deal: &DealId) -> Result<Vec<(Finding, ItemState)>, StoreError> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("select field, attributes, state from items where deal_id = $1 order by position, id")
            .bind(deal.as_str())
            .fetch_all(conn)
            .await?;
    let read = |(field, attributes, state): (String, String, String)| {
        Ok((finding(&field, &attributes)?, from_word("items", "state", &state)?))
    };
    rows.into_iter().map(read).collect()
}

/// A stored field with its attributes.
fn finding(field: &str, attributes: &str) -> Result<Finding, StoreError> {
    from_json("items", "attributes", &format!(r#"{{"field":{},"attributes":{attributes}}}"#, to_json(&field)?))
}
