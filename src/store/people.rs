//! What people say of the labels in a deal's files: who is who, and on whose side.

use jiff::Timestamp;

use super::{Conn, StoreError, from_word, index, millis, to_word};
use crate::domain::ids::{DealId, SourceId, UserId};
use crate::domain::person::{PersonLabel, PlacedByHand, Roster, SourceLabel, Tie};
use crate::domain::transcript::{Participant, Side};

/// Two labels, each by its source, and whether they are one person.
type TieRow = (String, String, String, String, bool);

/// What is known of a deal's people beside its files.
pub async fn roster(conn: &mut Conn, deal: &DealId, vendor_domains: &[String]) -> Result<Roster, StoreError> {
    let ties: Vec<TieRow> = sqlx::query_as(
        "select source_id, label, other_source_id, other_label, same from person_ties where deal_id = $1
         order by set_at, source_id, label",
    )
    .bind(deal.as_str())
    .fetch_all(&mut *conn)
    .await?;
    let placed: Vec<(String, String, String, Option<String>)> = sqlx::query_as(
        "select p.source_id, p.label, p.side, u.name from person_sides p left join users u on u.id = p.set_by
         where p.deal_id = $1 order by p.source_id, p.label",
    )
    .bind(deal.as_str())
    .fetch_all(conn)
    .await?;
    let tie = |(source, label, other, other_label, same): TieRow| {
        Ok(Tie { one: source_label(&source, label)?, other: source_label(&other, other_label)?, same })
    };
    let side = |(source, label, side, by): (String, String, String, Option<String>)| {
        let by = by.unwrap_or_else(|| "the console".to_owned());
        Ok(PlacedByHand { who: source_label(&source, label)?, side: from_word("person_sides", "side", &side)?, by })
    };
    Ok(Roster {
        vendor_domains: vendor_domains.to_vec(),
        ties: ties.into_iter().map(tie).collect::<Result<_, StoreError>>()?,
        placed: placed.into_iter().map(side).collect::<Result<_, StoreError>>()?,
    })
}

fn source_label(source: &str, label: String) -> Result<SourceLabel, StoreError> {
    Ok(SourceLabel { source: from_word("person_ties", "source_id", source)?, label })
}

/// Keeps what somebody says of two labels, in place of what was said of them before.
pub async fn set_tie(
    conn: &mut Conn,
    deal: &DealId,
    tie: &Tie,
    by: Option<&UserId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (one, other) = if tie.one < tie.other { (&tie.one, &tie.other) } else { (&tie.other, &tie.one) };
    sqlx::query(
        "insert into person_ties (deal_id, source_id, label, other_source_id, other_label, same, set_by, set_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (deal_id, source_id, label, other_source_id, other_label)
         do update set same = excluded.same, set_by = excluded.set_by, set_at = excluded.set_at",
    )
    .bind(deal.as_str())
    .bind(one.source.as_str())
    .bind(&one.label)
    .bind(other.source.as_str())
    .bind(&other.label)
    .bind(tie.same)
    .bind(by.map(UserId::as_str))
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(())
}

/// Places somebody on a side, or takes that back.
pub async fn place(
    conn: &mut Conn,
    deal: &DealId,
    who: &SourceLabel,
    side: Option<Side>,
    by: Option<&UserId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("delete from person_sides where deal_id = $1 and source_id = $2 and label = $3")
        .bind(deal.as_str())
        .bind(who.source.as_str())
        .bind(&who.label)
        .execute(&mut *conn)
        .await?;
    let Some(side) = side else { return Ok(()) };
    sqlx::query(
        "insert into person_sides (deal_id, source_id, label, side, set_by, set_at) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(deal.as_str())
    .bind(who.source.as_str())
    .bind(&who.label)
    .bind(to_word(&side)?)
    .bind(by.map(UserId::as_str))
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(())
}

/// What was said of a source's labels holds for those of the source that takes its place.
pub async fn carry_over(conn: &mut Conn, from: &SourceId, to: &SourceId) -> Result<(), StoreError> {
    for sql in [
        "update or ignore person_ties set source_id = $2 where source_id = $1",
        "update or ignore person_ties set other_source_id = $2 where other_source_id = $1",
        "update or ignore person_sides set source_id = $2 where source_id = $1",
    ] {
        sqlx::query(sql).bind(from.as_str()).bind(to.as_str()).execute(&mut *conn).await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct LabelRow {
    source_id: String,
    source_name: String,
    label: String,
    name: Option<String>,
    email: Option<String>,
    title: Option<String>,
    side: String,
    side_reason: Option<String>,
    turns: i64,
}

/// A label of a deal with the participant it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// Where it stands.
    pub label: PersonLabel,
    /// Who it stands for, as far as the file and the deal's record tell.
    pub participant: Participant,
}

/// Every label of the deal's sources that are read, source by source.
pub async fn labels(conn: &mut Conn, deal: &DealId) -> Result<Vec<Labelled>, StoreError> {
    let rows: Vec<LabelRow> = sqlx::query_as(
        "select p.source_id, s.name as source_name, p.label, p.name, p.email, p.title, p.side, p.side_reason,
                (select count(*) from turns t where t.source_id = p.source_id and t.speaker = p.label) as turns
         from participants p join sources s on s.id = p.source_id
         where s.deal_id = $1 and s.state = 'ready' order by p.source_id, p.position",
    )
    .bind(deal.as_str())
    .fetch_all(conn)
    .await?;
    let labelled = |row: LabelRow| {
        Ok(Labelled {
            label: PersonLabel {
                source: from_word("participants", "source_id", &row.source_id)?,
                source_name: row.source_name,
                label: row.label.clone(),
                turns: index("turns", "count", row.turns)?,
                joined: None,
            },
            participant: Participant {
                label: row.label,
                name: row.name,
                email: row.email,
                title: row.title,
                side: from_word("participants", "side", &row.side)?,
                side_reason: row.side_reason,
            },
        })
    };
    rows.into_iter().map(labelled).collect()
}
