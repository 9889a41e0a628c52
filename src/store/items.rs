//! Items, their citations and their edits.

use std::collections::HashMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::{Conn, StoreError, from_json, from_word, index, millis, timestamp, to_json, to_word};
use crate::domain::deal::SourceState;
use crate::domain::finding::Finding;
use crate::domain::ids::{DealId, ItemId, SourceId, TenantId};
use crate::domain::item::{Edit, Item, ItemState};
use crate::domain::transcript::Turn;
use crate::engine::QuoteRole;
use crate::ground::{Anchor, Citation, CitedTurn};

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

/// The citations of one item, restored against the turns as they are now.
#[derive(Default)]
struct Cited {
    whole: Vec<Citation>,
    broken: Vec<String>,
}

/// A place in a source with the turn that stands there; `item_id` says what it is a citation of.
#[derive(sqlx::FromRow)]
pub(super) struct CitationRow {
    pub(super) item_id: String,
    source_id: String,
    source_name: String,
    source_state: String,
    turn_index: i64,
    char_start: i64,
    char_end: i64,
    quote: String,
    match_status: String,
    role: String,
    speaker: Option<String>,
    start_ms: Option<i64>,
    end_ms: Option<i64>,
    time_precision: Option<String>,
    text: Option<String>,
    side: Option<String>,
}

impl CitationRow {
    /// The citation, or why it is broken.
    pub(super) fn restore(self) -> Result<Result<Citation, String>, StoreError> {
        let source_id: SourceId = from_word("citations", "source_id", &self.source_id)?;
        let start = index("citations", "char_start", self.char_start)?;
        let anchor = Anchor {
            chars: start..index("citations", "char_end", self.char_end)?,
            quote: self.quote,
            matched: from_word("citations", "match_status", &self.match_status)?,
            role: from_word("citations", "role", &self.role)?,
        };
        let turn = Turn {
            index: index("citations", "turn_index", self.turn_index)?,
            speaker: None,
            start_ms: self.start_ms,
            end_ms: self.end_ms,
            precision: from_word("turns", "time_precision", self.time_precision.as_deref().unwrap_or("none"))?,
            // A turn that is gone has no words, so the citation is broken.
            text: self.text.unwrap_or_default(),
            cues: Vec::new(),
        };
        let side = from_word("participants", "side", self.side.as_deref().unwrap_or("unknown"))?;
        let cited = CitedTurn {
            source_id: Some(&source_id),
            source: &self.source_name,
            turn: &turn,
            speaker: self.speaker.as_deref(),
            side,
        };
        if from_word::<SourceState>("sources", "state", &self.source_state)? == SourceState::Replaced {
            return Ok(Err(format!("`{}` was replaced by a version without the cited words", self.source_name)));
        }
        Ok(Citation::restore(&cited, anchor).map_err(|broken| broken.to_string()))
    }
}

/// A query over citations with the turns they point to: `tail` is the condition on items `i` and the order.
macro_rules! select_citations {
    ($condition:literal) => {
        sqlx::query_as::<_, CitationRow>(concat!(
            "select c.item_id, c.source_id, s.name as source_name, s.state as source_state, c.turn_index, c.char_start,
                    c.char_end, c.quote, c.match_status, c.role, coalesce(p.name, t.speaker) as speaker, t.start_ms, t.end_ms, t.time_precision, t.text, p.side
             from citations c
             join items i on i.id = c.item_id
             join sources s on s.id = c.source_id
             left join turns t on t.source_id = c.source_id and t.turn_index = c.turn_index
             left join participants p on p.source_id = t.source_id and p.label = t.speaker
             where ",
            $condition,
            " order by c.item_id, c.position"
        ))
    };
}

fn restore_all(rows: Vec<CitationRow>) -> Result<HashMap<String, Cited>, StoreError> {
    let mut by_item: HashMap<String, Cited> = HashMap::new();
    for row in rows {
        let cited = by_item.entry(row.item_id.clone()).or_default();
        match row.restore()? {
            Ok(citation) => cited.whole.push(citation),
            Err(broken) => cited.broken.push(broken),
        }
    }
    Ok(by_item)
}

const LIST: &str = "select id, deal_id, field, attributes, statement, confidence, origin, attested_by, reworded_by,
    decided_by, state, revision
    from items where deal_id = $1 order by position, id";

const FIND: &str = "select id, deal_id, field, attributes, statement, confidence, origin, attested_by, reworded_by,
    decided_by, state, revision
    from items where tenant_id = $1 and id = $2";

/// The deal's items in the order of the draft.
pub async fn list(conn: &mut Conn, deal: &DealId) -> Result<Vec<StoredItem>, StoreError> {
    let rows: Vec<ItemRow> = sqlx::query_as(LIST).bind(deal.as_str()).fetch_all(&mut *conn).await?;
    let mut citations = restore_all(select_citations!("i.deal_id = $1").bind(deal.as_str()).fetch_all(conn).await?)?;
    rows.into_iter()
        .map(|row| {
            let cited = citations.remove(&row.id).unwrap_or_default();
            row.into_item(cited)
        })
        .collect()
}

/// The tenant's item with this id.
pub async fn find(conn: &mut Conn, tenant: &TenantId, id: &ItemId) -> Result<Option<StoredItem>, StoreError> {
    let row: Option<ItemRow> =
        sqlx::query_as(FIND).bind(tenant.as_str()).bind(id.as_str()).fetch_optional(&mut *conn).await?;
    let Some(row) = row else { return Ok(None) };
    let mut citations = restore_all(select_citations!("i.id = $1").bind(id.as_str()).fetch_all(conn).await?)?;
    let cited = citations.remove(&row.id).unwrap_or_default();
    row.into_item(cited).map(Some)
}

/// The citations of some items whose words still stand, in their order.
pub async fn citations(conn: &mut Conn, ids: &[&ItemId]) -> Result<HashMap<ItemId, Vec<Citation>>, StoreError> {
    let rows =
        select_citations!("i.id in (select value from json_each($1))").bind(to_json(&ids)?).fetch_all(conn).await?;
    let cited = restore_all(rows)?.into_iter();
    cited.map(|(id, cited)| Ok((from_word("citations", "item_id", &id)?, cited.whole))).collect()
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
    add_citations(conn, &item.id, &item.citations).await
}

/// Adds citations to an item, after those it has.
pub async fn add_citations(conn: &mut Conn, item: &ItemId, citations: &[Citation]) -> Result<(), StoreError> {
    let next: i64 = sqlx::query_scalar("select coalesce(max(position) + 1, 0) from citations where item_id = $1")
        .bind(item.as_str())
        .fetch_one(&mut *conn)
        .await?;
    for (position, citation) in (next..).zip(citations) {
        let anchor = citation.anchor();
        sqlx::query(
            "insert into citations (item_id, position, source_id, turn_index, char_start, char_end, quote, match_status, role)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(item.as_str())
        .bind(position)
        .bind(citation.source_id().map(SourceId::as_str))
        .bind(i64::from(citation.turn()))
        .bind(i64::from(anchor.chars.start))
        .bind(i64::from(anchor.chars.end))
        .bind(&anchor.quote)
        .bind(to_word(&anchor.matched)?)
        .bind(to_word(&anchor.role)?)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// A citation of a source as it is kept: what it is of, and its place there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCitation {
    /// The item it is a citation of.
    pub item: ItemId,
    /// Its place among the item's citations.
    pub position: i64,
    /// The turn.
    pub turn: u32,
    /// The words.
    pub quote: String,
    /// What they do for the item.
    pub role: QuoteRole,
}

/// Every citation of a source.
pub async fn citations_of_source(conn: &mut Conn, source: &SourceId) -> Result<Vec<KeptCitation>, StoreError> {
    let rows: Vec<(String, i64, i64, String, String)> = sqlx::query_as(
        "select item_id, position, turn_index, quote, role from citations where source_id = $1 order by item_id, position",
    )
    .bind(source.as_str())
    .fetch_all(conn)
    .await?;
    let kept = |(item, position, turn, quote, role): (String, i64, i64, String, String)| {
        Ok(KeptCitation {
            item: from_word("citations", "item_id", &item)?,
            position,
            turn: index("citations", "turn_index", turn)?,
            quote,
            role: from_word("citations", "role", &role)?,
        })
    };
    rows.into_iter().map(kept).collect()
}

/// Puts a citation in the place of another one of the same item.
pub async fn move_citation(conn: &mut Conn, kept: &KeptCitation, to: &Citation) -> Result<(), StoreError> {
    let anchor = to.anchor();
    sqlx::query(
        "update citations set source_id = $3, turn_index = $4, char_start = $5, char_end = $6, quote = $7, match_status = $8
         where item_id = $1 and position = $2",
    )
    .bind(kept.item.as_str())
    .bind(kept.position)
    .bind(to.source_id().map(SourceId::as_str))
    .bind(i64::from(to.turn()))
    .bind(i64::from(anchor.chars.start))
    .bind(i64::from(anchor.chars.end))
    .bind(&anchor.quote)
    .bind(to_word(&anchor.matched)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the contract's clauses off an item: it is set against the contract anew.
pub async fn remove_clauses(conn: &mut Conn, item: &ItemId) -> Result<(), StoreError> {
    sqlx::query("delete from citations where item_id = $1 and role = $2")
        .bind(item.as_str())
        .bind(to_word(&QuoteRole::Clause)?)
        .execute(conn)
        .await?;
    Ok(())
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
