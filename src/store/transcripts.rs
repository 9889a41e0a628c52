//! Parsed sources: participants and turns.

use std::ops::RangeInclusive;

use jiff::Timestamp;

use super::{Conn, StoreError, from_json, from_word, index, timestamp, to_json, to_word};
use crate::access::Sight;
use crate::domain::ids::{AccountId, DealId, SourceId, TenantId};
use crate::domain::transcript::{ParseReport, Participant, TRANSCRIPT_SCHEMA, Transcript, Turn};

#[derive(sqlx::FromRow)]
struct HeadRow {
    format: Option<String>,
    kind: Option<String>,
    title: Option<String>,
    started_at: Option<i64>,
    duration_ms: Option<i64>,
    report: Option<String>,
}

#[derive(sqlx::FromRow)]
struct TurnRow {
    turn_index: i64,
    speaker: Option<String>,
    start_ms: Option<i64>,
    end_ms: Option<i64>,
    time_precision: String,
    text: String,
    cues: String,
}

impl TryFrom<TurnRow> for Turn {
    type Error = StoreError;

    fn try_from(row: TurnRow) -> Result<Self, StoreError> {
        Ok(Self {
            index: index("turns", "turn_index", row.turn_index)?,
            speaker: row.speaker,
            start_ms: row.start_ms,
            end_ms: row.end_ms,
            precision: from_word("turns", "time_precision", &row.time_precision)?,
            text: row.text,
            cues: from_json("turns", "cues", &row.cues)?,
        })
    }
}

#[derive(sqlx::FromRow)]
struct ParticipantRow {
    label: String,
    name: Option<String>,
    email: Option<String>,
    title: Option<String>,
    side: String,
    side_reason: Option<String>,
}

impl TryFrom<ParticipantRow> for Participant {
    type Error = StoreError;

    fn try_from(row: ParticipantRow) -> Result<Self, StoreError> {
        let side = from_word("participants", "side", &row.side)?;
        let ParticipantRow { label, name, email, title, side_reason, .. } = row;
        Ok(Self { label, name, email, title, side, side_reason })
    }
}

/// Writes the participants and turns of a source, in place of those it had.
pub async fn replace(conn: &mut Conn, source: &SourceId, transcript: &Transcript) -> Result<(), StoreError> {
    sqlx::query("delete from turns where source_id = $1").bind(source.as_str()).execute(&mut *conn).await?;
    for turn in &transcript.turns {
        sqlx::query(
            "insert into turns (source_id, turn_index, speaker, start_ms, end_ms, time_precision, text, cues)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(source.as_str())
        .bind(i64::from(turn.index))
        .bind(turn.speaker.as_deref())
        .bind(turn.start_ms)
        .bind(turn.end_ms)
        .bind(to_word(&turn.precision)?)
        .bind(&turn.text)
        .bind(to_json(&turn.cues)?)
        .execute(&mut *conn)
        .await?;
    }
    sqlx::query("delete from participants where source_id = $1").bind(source.as_str()).execute(&mut *conn).await?;
    for (position, participant) in (0_i64..).zip(&transcript.participants) {
        sqlx::query(
            "insert into participants (source_id, position, label, name, email, title, filed_side, side, filed_reason,
                                       side_reason)
             values ($1, $2, $3, $4, $5, $6, $7, $7, $8, $8)",
        )
        .bind(source.as_str())
        .bind(position)
        .bind(&participant.label)
        .bind(participant.name.as_deref())
        .bind(participant.email.as_deref())
        .bind(participant.title.as_deref())
        .bind(to_word(&participant.side)?)
        .bind(participant.side_reason.as_deref())
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Writes the sides that the deal's whole record proves beside what the file says, and the names that another file gives to those
/// whom this one has none for.
pub async fn set_people(conn: &mut Conn, source: &SourceId, participants: &[Participant]) -> Result<(), StoreError> {
    for (position, participant) in (0_i64..).zip(participants) {
        sqlx::query(
            "update participants set side = $3, side_reason = $4, name = coalesce(name, $5), email = coalesce(email, $6),
             title = coalesce(title, $7) where source_id = $1 and position = $2",
        )
            .bind(source.as_str())
            .bind(position)
            .bind(to_word(&participant.side)?)
            .bind(participant.side_reason.as_deref())
            .bind(participant.name.as_deref())
            .bind(participant.email.as_deref())
            .bind(participant.title.as_deref())
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// The whole transcript of a source, with the sides that the deal's record proves; none before it is parsed.
pub async fn find(conn: &mut Conn, source: &SourceId) -> Result<Option<Transcript>, StoreError> {
    part(conn, source, &(0..=u32::MAX)).await
}

/// As [`find`], but only with these turns, or those of them that there are.
pub async fn part(
    conn: &mut Conn,
    source: &SourceId,
    turns: &RangeInclusive<u32>,
) -> Result<Option<Transcript>, StoreError> {
    let participants = participants(conn, source).await?;
    read(conn, source, participants, turns).await
}

/// The transcript as it was parsed: only with the sides that the file itself says. Sides are told anew from these each time,
/// so that what was concluded once is never taken for evidence.
pub async fn find_as_filed(conn: &mut Conn, source: &SourceId) -> Result<Option<Transcript>, StoreError> {
    let participants = participants_as_filed(conn, source).await?;
    read(conn, source, participants, &(0..=u32::MAX)).await
}

async fn read(
    conn: &mut Conn,
    source: &SourceId,
    participants: Vec<Participant>,
    wanted: &RangeInclusive<u32>,
) -> Result<Option<Transcript>, StoreError> {
    let head: Option<HeadRow> =
        sqlx::query_as("select format, kind, title, started_at, duration_ms, report from sources where id = $1")
            .bind(source.as_str())
            .fetch_optional(&mut *conn)
            .await?;
    let Some(HeadRow { format: Some(format), kind: Some(kind), title, started_at, duration_ms, report }) = head else {
        return Ok(None);
    };
    let started_at: Option<Timestamp> = started_at.map(|at| timestamp("sources", "started_at", at)).transpose()?;
    let report: Option<ParseReport> = report.map(|json| from_json("sources", "report", &json)).transpose()?;
    Ok(Some(Transcript {
        schema: TRANSCRIPT_SCHEMA.to_owned(),
        format: from_word("sources", "format", &format)?,
        kind: from_word("sources", "kind", &kind)?,
        title,
        started_at,
        duration_ms,
        participants,
        turns: turns(conn, source, *wanted.start(), (wanted.end() - wanted.start()).saturating_add(1)).await?,
        report: report.unwrap_or_default(),
    }))
}

/// The participants of a source, with the sides that the deal's record proves.
pub async fn participants(conn: &mut Conn, source: &SourceId) -> Result<Vec<Participant>, StoreError> {
    let sql =
        "select label, name, email, title, side, side_reason from participants where source_id = $1 order by position";
    list_participants(conn, source, sql).await
}

async fn participants_as_filed(conn: &mut Conn, source: &SourceId) -> Result<Vec<Participant>, StoreError> {
    let sql = "select label, name, email, title, filed_side as side, filed_reason as side_reason from participants
         where source_id = $1 order by position";
    list_participants(conn, source, sql).await
}

async fn list_participants(
    conn: &mut Conn,
    source: &SourceId,
    sql: &'static str,
) -> Result<Vec<Participant>, StoreError> {
    let rows: Vec<ParticipantRow> = sqlx::query_as(sql).bind(source.as_str()).fetch_all(conn).await?;
    rows.into_iter().map(Participant::try_from).collect()
}

/// The names of everybody whose own words are in the record of a deal: contracts and CRM records are nobody's words.
pub async fn speakers(conn: &mut Conn, deal: &DealId) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar(
        "select distinct coalesce(p.name, t.speaker) from (select distinct t.source_id, t.speaker from sources s
         join turns t on t.source_id = s.id where s.deal_id = $1 and s.state = 'ready' and t.speaker is not null
         and s.kind not in ('contract', 'crm_record')) t
         left join participants p on p.source_id = t.source_id and p.label = t.speaker order by 1",
    )
    .bind(deal.as_str())
    .fetch_all(conn)
    .await?)
}

/// At most `limit` turns of a source, from the turn with index `from` on.
pub async fn turns(conn: &mut Conn, source: &SourceId, from: u32, limit: u32) -> Result<Vec<Turn>, StoreError> {
    sqlx::query_as::<_, TurnRow>(
        "select turn_index, speaker, start_ms, end_ms, time_precision, text, cues from turns
         where source_id = $1 and turn_index >= $2 order by turn_index limit $3",
    )
    .bind(source.as_str())
    .bind(i64::from(from))
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Turn::try_from)
    .collect()
}

/// How many sources within reach can be read, and how many turns they have: of one deal, of one account, or of the tenant.
pub async fn extent(
    conn: &mut Conn,
    tenant: &TenantId,
    sight: &Sight,
    account: Option<&AccountId>,
    deal: Option<&DealId>,
) -> Result<(u64, u64), StoreError> {
    let (sources, turns): (i64, i64) = sqlx::query_as(
        "select count(*), coalesce(sum(s.turns), 0)
         from sources s join deals d on d.id = s.deal_id
         where s.state = 'ready' and s.tenant_id = $1 and ($2 is null or d.owner_id = $2 or d.csm_id = $2)
         and ($3 is null or d.account_id = $3) and ($4 is null or d.id = $4)",
    )
    .bind(tenant.as_str())
    .bind(sight.user())
    .bind(account.map(AccountId::as_str))
    .bind(deal.map(DealId::as_str))
    .fetch_one(conn)
    .await?;
    Ok((sources.unsigned_abs(), turns.unsigned_abs()))
}
