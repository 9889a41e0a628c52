//! What the record says after the sale: outcomes of promises, and questions that were asked again.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::citations::CitationRow;
use super::{Conn, StoreError, from_word, index, millis, timestamp, to_json, to_word};
use crate::domain::aftermath::{OutcomeMark, Repeat, Repeats};
use crate::domain::ids::{DealId, ItemId, SourceId, TenantId, UserId};
use crate::domain::vocabulary::Outcome;
use crate::ground::Citation;

/// The columns of a place in a source, and the joins that a query over `place` and its sources `s` takes.
macro_rules! select_places {
    ($item:literal, $from:literal, $tail:literal) => {
        concat!(
            "select ",
            $item,
            " as item_id, place.source_id, s.name as source_name, s.state as source_state, place.turn_index, place.char_start, place.char_end,
             place.quote, 'exact' as match_status, 'support' as role, coalesce(p.name, t.speaker) as speaker, t.start_ms,
             t.end_ms, t.time_precision, t.text, p.side
             from ",
            $from,
            " place join sources s on s.id = place.source_id
             left join turns t on t.source_id = place.source_id and t.turn_index = place.turn_index
             left join participants p on p.source_id = t.source_id and p.label = t.speaker ",
            $tail
        )
    };
}

/// What became of a promise; none where nothing is known. Words that no longer stand where they stood show nothing.
pub async fn outcome(conn: &mut Conn, item: &ItemId) -> Result<Option<OutcomeMark>, StoreError> {
    let row: Option<(String, Option<String>, i64)> = sqlx::query_as(
        "select f.outcome, u.name, f.set_at from fulfilments f left join users u on u.id = f.set_by where f.item_id = $1",
    )
    .bind(item.as_str())
    .fetch_optional(&mut *conn)
    .await?;
    let Some((outcome, set_by, at)) = row else { return Ok(None) };
    let sql = select_places!("place.item_id", "fulfilments", "where place.item_id = $1");
    let place: Option<CitationRow> = sqlx::query_as(sql).bind(item.as_str()).fetch_optional(conn).await?;
    let citation = place.map(CitationRow::restore).transpose()?.and_then(Result::ok);
    let shown = set_by.is_some() || citation.is_some();
    let mark = OutcomeMark {
        outcome: from_word("fulfilments", "outcome", &outcome)?,
        citation,
        set_by,
        at: timestamp("fulfilments", "set_at", at)?,
    };
    Ok(shown.then_some(mark))
}

/// The words that say what became of these promises, as far as they still stand.
pub async fn outcome_words(conn: &mut Conn, items: &[&ItemId]) -> Result<HashMap<ItemId, Citation>, StoreError> {
    let sql =
        select_places!("place.item_id", "fulfilments", "where place.item_id in (select value from json_each($1))");
    let places: Vec<CitationRow> = sqlx::query_as(sql).bind(to_json(&items)?).fetch_all(conn).await?;
    let mut words = HashMap::with_capacity(places.len());
    for place in places {
        let item = from_word("fulfilments", "item_id", &place.item_id)?;
        words.extend(place.restore()?.ok().map(|citation| (item, citation)));
    }
    Ok(words)
}

/// Takes off the outcomes that were read from a deal's record, and gives them: what they were by their promises.
pub async fn take_read(conn: &mut Conn, deal: &DealId) -> Result<HashMap<ItemId, Outcome>, StoreError> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("select item_id, outcome from fulfilments where deal_id = $1 and set_by is null")
            .bind(deal.as_str())
            .fetch_all(&mut *conn)
            .await?;
    sqlx::query("delete from fulfilments where deal_id = $1 and set_by is null")
        .bind(deal.as_str())
        .execute(conn)
        .await?;
    let read = |(item, outcome): (String, String)| {
        Ok((from_word("fulfilments", "item_id", &item)?, from_word("fulfilments", "outcome", &outcome)?))
    };
    rows.into_iter().map(read).collect()
}

/// Keeps an outcome that was read from the record, unless the promise is gone or a person has said something of it; says whether
/// it is kept.
pub async fn keep_read(
    conn: &mut Conn,
    item: &ItemId,
    outcome: Outcome,
    citation: &Citation,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let anchor = citation.anchor();
    let done = sqlx::query(
        "insert into fulfilments (item_id, tenant_id, deal_id, outcome, source_id, turn_index, char_start, char_end, quote, set_at)
         select i.id, i.tenant_id, i.deal_id, $2, $3, $4, $5, $6, $7, $8 from items i where i.id = $1
         and not exists (select 1 from fulfilments f where f.item_id = i.id)
         and not exists (select 1 from cleared_outcomes c where c.item_id = i.id)",
    )
    .bind(item.as_str())
    .bind(to_word(&outcome)?)
    .bind(citation.source_id().map(SourceId::as_str))
    .bind(i64::from(citation.turn()))
    .bind(i64::from(anchor.chars.start))
    .bind(i64::from(anchor.chars.end))
    .bind(&anchor.quote)
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What a person said of a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The promise.
    pub item: ItemId,
    /// What became of it; none where the person took the mark off.
    pub outcome: Option<Outcome>,
    /// Who says so.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// What people said of a deal's promises.
pub async fn words(conn: &mut Conn, deal: &DealId) -> Result<Vec<Word>, StoreError> {
    let rows: Vec<(String, Option<String>, String, i64)> = sqlx::query_as(
        "select item_id, outcome, set_by, set_at from fulfilments where deal_id = $1 and set_by is not null
         union all select item_id, null, cleared_by, cleared_at from cleared_outcomes where deal_id = $1",
    )
    .bind(deal.as_str())
    .fetch_all(conn)
    .await?;
    let word = |(item, outcome, by, at): (String, Option<String>, String, i64)| {
        Ok(Word {
            item: from_word("fulfilments", "item_id", &item)?,
            outcome: outcome.map(|outcome| from_word("fulfilments", "outcome", &outcome)).transpose()?,
            by: from_word("fulfilments", "set_by", &by)?,
            at: timestamp("fulfilments", "set_at", at)?,
        })
    };
    rows.into_iter().map(word).collect()
}

/// Keeps what a person says of a promise, in the place of whatever was known; nothing where the promise is gone.
pub async fn set(conn: &mut Conn, word: &Word) -> Result<(), StoreError> {
    for sql in ["delete from fulfilments where item_id = $1", "delete from cleared_outcomes where item_id = $1"] {
        sqlx::query(sql).bind(word.item.as_str()).execute(&mut *conn).await?;
    }
    let (sql, outcome) = match &word.outcome {
        Some(outcome) => (
            "insert into fulfilments (item_id, tenant_id, deal_id, set_by, set_at, outcome)
             select i.id, i.tenant_id, i.deal_id, $2, $3, $4 from items i where i.id = $1",
            Some(to_word(outcome)?),
        ),
        None => (
            "insert into cleared_outcomes (item_id, tenant_id, deal_id, cleared_by, cleared_at)
             select i.id, i.tenant_id, i.deal_id, $2, $3 from items i where i.id = $1 and $4 is null",
            None,
        ),
    };
    sqlx::query(sql)
        .bind(word.item.as_str())
        .bind(word.by.as_str())
        .bind(millis(word.at))
        .bind(outcome)
        .execute(conn)
        .await?;
    Ok(())
}

/// Puts what was read of a deal after its sale in the place of what was read before; nothing where there is no such source.
pub async fn replace_repeats(
    conn: &mut Conn,
    tenant: &TenantId,
    deal: &DealId,
    read: &Repeats,
    now: Timestamp,
) -> Result<(), StoreError> {
    for sql in ["delete from repeats where deal_id = $1", "delete from post_sale_readings where deal_id = $1"] {
        sqlx::query(sql).bind(deal.as_str()).execute(&mut *conn).await?;
    }
    if read.sources == 0 {
        return Ok(());
    }
    sqlx::query(
        "insert into post_sale_readings (deal_id, tenant_id, sources, questions, repeated, read_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(deal.as_str())
    .bind(tenant.as_str())
    .bind(i64::from(read.sources))
    .bind(i64::from(read.questions))
    .bind(i64::try_from(read.repeats.len()).unwrap_or(i64::MAX))
    .bind(millis(now))
    .execute(&mut *conn)
    .await?;
    for (position, repeat) in (0_i64..).zip(&read.repeats) {
        for (part, citation) in [("question", &repeat.question), ("answer", &repeat.answer)] {
            insert_part(conn, (tenant, deal), position, part, citation).await?;
        }
    }
    Ok(())
}

async fn insert_part(
    conn: &mut Conn,
    (tenant, deal): (&TenantId, &DealId),
    position: i64,
    part: &str,
    citation: &Citation,
) -> Result<(), StoreError> {
    let anchor = citation.anchor();
    sqlx::query(
        "insert into repeats (deal_id, tenant_id, position, part, source_id, turn_index, char_start, char_end, quote)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(deal.as_str())
    .bind(tenant.as_str())
    .bind(position)
    .bind(part)
    .bind(citation.source_id().map(SourceId::as_str))
    .bind(i64::from(citation.turn()))
    .bind(i64::from(anchor.chars.start))
    .bind(i64::from(anchor.chars.end))
    .bind(&anchor.quote)
    .execute(conn)
    .await?;
    Ok(())
}

/// What a deal's customer had to say again. A pair whose words no longer stand where they stood is left out.
pub async fn repeats(conn: &mut Conn, deal: &DealId) -> Result<Repeats, StoreError> {
    let head: Option<(i64, i64)> =
        sqlx::query_as("select sources, questions from post_sale_readings where deal_id = $1")
            .bind(deal.as_str())
            .fetch_optional(&mut *conn)
            .await?;
    let Some((sources, questions)) = head else { return Ok(Repeats::default()) };
    let sql =
        select_places!("place.part", "repeats", "where place.deal_id = $1 order by place.position, place.part desc");
    let rows: Vec<CitationRow> = sqlx::query_as(sql).bind(deal.as_str()).fetch_all(conn).await?;
    let cited = rows.into_iter().map(CitationRow::restore).collect::<Result<Vec<_>, _>>()?;
    // Two rows make one pair: the question, then the answer.
    let pair = |pair: &[Result<Citation, String>]| match pair {
        [Ok(question), Ok(answer)] => Some(Repeat { question: question.clone(), answer: answer.clone() }),
        _ => None,
    };
    Ok(Repeats {
        sources: index("post_sale_readings", "sources", sources)?,
        questions: index("post_sale_readings", "questions", questions)?,
        repeats: cited.chunks(2).filter_map(pair).collect(),
    })
}

/// The sources that answers to questions and the customer's corrections became: they belong to the handoff whenever they came.
pub async fn sources_of_handoff(conn: &mut Conn, deal: &DealId) -> Result<HashSet<SourceId>, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar(
        "select source_id from questions where deal_id = $1 and source_id is not null
         union select source_id from corrections where deal_id = $1",
    )
    .bind(deal.as_str())
    .fetch_all(conn)
    .await?;
    ids.iter().map(|id| from_word("questions", "source_id", id)).collect()
}
