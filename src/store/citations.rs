//! Citations: where the words of items stand, and whether they still do.

use std::collections::HashMap;

use super::{Conn, StoreError, from_word, index, to_json, to_word};
use crate::domain::deal::SourceState;
use crate::domain::ids::{DealId, ItemId, SourceId};
use crate::domain::transcript::Turn;
use crate::engine::QuoteRole;
use crate::ground::{Anchor, Citation, CitedTurn};

/// The citations of one item, restored against the turns as they are now.
#[derive(Default)]
pub(super) struct Cited {
    pub(super) whole: Vec<Citation>,
    pub(super) broken: Vec<String>,
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

/// The citations of all items of a deal, by the item's id.
pub(super) async fn of_deal(conn: &mut Conn, deal: &DealId) -> Result<HashMap<String, Cited>, StoreError> {
    restore_all(select_citations!("i.deal_id = $1").bind(deal.as_str()).fetch_all(conn).await?)
}

/// The citations of one item.
pub(super) async fn of_item(conn: &mut Conn, item: &str) -> Result<Cited, StoreError> {
    let rows = select_citations!("i.id = $1").bind(item).fetch_all(conn).await?;
    Ok(restore_all(rows)?.remove(item).unwrap_or_default())
}

/// The citations of these items, by the item's id.
pub(super) async fn of_ids(conn: &mut Conn, ids: &[&str]) -> Result<HashMap<String, Cited>, StoreError> {
    restore_all(
        select_citations!("i.id in (select value from json_each($1))").bind(to_json(&ids)?).fetch_all(conn).await?,
    )
}

/// The citations of some items whose words still stand, in their order.
pub async fn of_items(conn: &mut Conn, ids: &[&ItemId]) -> Result<HashMap<ItemId, Vec<Citation>>, StoreError> {
    let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    let cited = of_ids(conn, &ids).await?.into_iter();
    cited.map(|(id, cited)| Ok((from_word("citations", "item_id", &id)?, cited.whole))).collect()
}

/// Adds citations to an item, after those it has.
pub async fn add(conn: &mut Conn, item: &ItemId, citations: &[Citation]) -> Result<(), StoreError> {
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
pub async fn of_source(conn: &mut Conn, source: &SourceId) -> Result<Vec<KeptCitation>, StoreError> {
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
pub async fn replace(conn: &mut Conn, kept: &KeptCitation, to: &Citation) -> Result<(), StoreError> {
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
