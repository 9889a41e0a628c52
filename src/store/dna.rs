//! What a customer's profile is made from beside the items, and the profiles that were kept.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::audit::StoredEntry;
use super::{Conn, StoreError, from_json, from_word, index, millis, timestamp, to_json, to_word};
use crate::dna::{ClientDna, Heard, Occasion, OwnPhrase};
use crate::domain::ids::{DealId, SnapshotId, SourceId, TenantId};
use crate::domain::transcript::{Side, Turn};
use crate::domain::vocabulary::Outcome;
use crate::engine::QuoteRole;
use crate::ground::{Anchor, Citation, CitedTurn};

/// Writes the customer's phrases of a deal, in place of those it had.
pub async fn replace_phrases(
    conn: &mut Conn,
    tenant: &TenantId,
    deal: &DealId,
    phrases: &[OwnPhrase],
) -> Result<(), StoreError> {
    sqlx::query("delete from own_phrases where deal_id = $1").bind(deal.as_str()).execute(&mut *conn).await?;
    for (position, phrase) in (0_i64..).zip(phrases) {
        let anchor = phrase.citation.anchor();
        sqlx::query(
            "insert into own_phrases (deal_id, tenant_id, position, words, times, vendor_times, score, source_id,
             turn_index, char_start, char_end, quote, match_status)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        )
        .bind(deal.as_str())
        .bind(tenant.as_str())
        .bind(position)
        .bind(&phrase.words)
        .bind(i64::from(phrase.times))
        .bind(i64::from(phrase.vendor_times))
        .bind(phrase.score)
        .bind(phrase.citation.source_id().map(SourceId::as_str))
        .bind(i64::from(phrase.citation.turn()))
        .bind(i64::from(anchor.chars.start))
        .bind(i64::from(anchor.chars.end))
        .bind(&anchor.quote)
        .bind(to_word(&anchor.matched)?)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct PhraseRow {
    words: String,
    times: i64,
    vendor_times: i64,
    score: f64,
    source_id: String,
    source_name: String,
    turn_index: i64,
    char_start: i64,
    char_end: i64,
    quote: String,
    match_status: String,
    speaker: Option<String>,
    start_ms: Option<i64>,
    end_ms: Option<i64>,
    time_precision: String,
    text: String,
    side: String,
}

impl PhraseRow {
    /// The phrase; none where its words no longer stand there.
    fn restore(self) -> Result<Option<OwnPhrase>, StoreError> {
        let source_id: SourceId = from_word("own_phrases", "source_id", &self.source_id)?;
        let start = index("own_phrases", "char_start", self.char_start)?;
        let anchor = Anchor {
            chars: start..index("own_phrases", "char_end", self.char_end)?,
            quote: self.quote,
            matched: from_word("own_phrases", "match_status", &self.match_status)?,
            role: QuoteRole::Support,
        };
        let turn = Turn {
            index: index("own_phrases", "turn_index", self.turn_index)?,
            speaker: None,
            start_ms: self.start_ms,
            end_ms: self.end_ms,
            precision: from_word("turns", "time_precision", &self.time_precision)?,
            text: self.text,
            cues: Vec::new(),
        };
        let cited = CitedTurn {
            source_id: Some(&source_id),
            source: &self.source_name,
            turn: &turn,
            speaker: self.speaker.as_deref(),
            side: from_word("participants", "side", &self.side)?,
        };
        let Ok(citation) = Citation::restore(&cited, anchor) else { return Ok(None) };
        Ok(Some(OwnPhrase {
            words: self.words,
            times: index("own_phrases", "times", self.times)?,
            vendor_times: index("own_phrases", "vendor_times", self.vendor_times)?,
            score: self.score,
            citation,
        }))
    }
}

/// The customer's phrases of a deal, the most characteristic first: those whose words still stand where they stood, said by
/// somebody of the customer's side.
pub async fn phrases(conn: &mut Conn, deal: &DealId) -> Result<Vec<OwnPhrase>, StoreError> {
    let rows: Vec<PhraseRow> = sqlx::query_as(
        "select o.words, o.times, o.vendor_times, o.score, o.source_id, s.name as source_name, o.turn_index,
                o.char_start, o.char_end, o.quote, o.match_status, coalesce(p.name, t.speaker) as speaker, t.start_ms,
                t.end_ms, t.time_precision, t.text, p.side
         from own_phrases o
         join sources s on s.id = o.source_id
         join turns t on t.source_id = o.source_id and t.turn_index = o.turn_index
         join participants p on p.source_id = t.source_id and p.label = t.speaker
         where o.deal_id = $1 and p.side = $2 order by o.position",
    )
    .bind(deal.as_str())
    .bind(Side::Customer.as_str())
    .fetch_all(conn)
    .await?;
    rows.into_iter().filter_map(|row| row.restore().transpose()).collect()
}

/// What became of a deal's promises after the sale, by item.
pub async fn outcomes(conn: &mut Conn, deal: &DealId) -> Result<HashMap<String, Outcome>, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select i.id, f.outcome from items i left join fulfilments f on f.item_id = i.id
         where i.deal_id = $1 and f.outcome is not null",
    )
    .bind(deal.as_str())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|(item, outcome)| Ok((item, from_word("fulfilments", "outcome", &outcome)?))).collect()
}

#[derive(sqlx::FromRow)]
struct HeardRow {
    id: String,
    name: String,
    kind: String,
    title: Option<String>,
    started_at: Option<i64>,
    duration_ms: Option<i64>,
}

/// The sources of a deal that are read, with those of the customer's side who speak in them.
pub async fn heard(conn: &mut Conn, deal: &DealId) -> Result<Vec<Heard>, StoreError> {
    let rows: Vec<HeardRow> = sqlx::query_as(
        "select id, name, kind, title, started_at, duration_ms from sources
         where deal_id = $1 and state = 'ready' and kind is not null order by id",
    )
    .bind(deal.as_str())
    .fetch_all(&mut *conn)
    .await?;
    let speakers: Vec<(String, String)> = sqlx::query_as(
        "select p.source_id, coalesce(p.name, p.label) from participants p join sources s on s.id = p.source_id
         where s.deal_id = $1 and p.side = $2
         and exists (select 1 from turns t where t.source_id = p.source_id and t.speaker = p.label)
         order by p.source_id, p.position",
    )
    .bind(deal.as_str())
    .bind(Side::Customer.as_str())
    .fetch_all(conn)
    .await?;
    let heard = |row: HeardRow| {
        let started_at = row.started_at.map(|at| timestamp("sources", "started_at", at)).transpose()?;
        let of_it = speakers.iter().filter(|(source, _)| *source == row.id);
        Ok(Heard {
            customers: of_it.map(|(_, name)| name.clone()).collect(),
            id: Some(from_word("sources", "id", &row.id)?),
            name: row.name,
            kind: from_word("sources", "kind", &row.kind)?,
            title: row.title,
            on: started_at.map(|at| at.to_zoned(TimeZone::UTC).date()),
            duration_ms: row.duration_ms,
        })
    };
    rows.into_iter().map(heard).collect()
}

/// The entries of the log that tell what became of a deal's handoff, oldest first.
pub async fn log(conn: &mut Conn, tenant: &TenantId, deal: &DealId) -> Result<Vec<StoredEntry>, StoreError> {
    Ok(sqlx::query_as(
        "select seq, entry, hash from audit_entries where tenant_id = $1 and deal_id = $2
         and action in ('deal.changed', 'handoff.finalized', 'handoff.finalized_past_the_gate', 'handoff.accepted',
         'handoff.returned', 'correction.recorded', 'check_in.recorded') order by seq",
    )
    .bind(tenant.as_str())
    .bind(deal.as_str())
    .fetch_all(conn)
    .await?)
}

/// A profile that was kept, without the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its id.
    pub id: SnapshotId,
    /// On which occasion it was kept.
    pub occasion: Occasion,
    /// SHA-256 of the document.
    pub content_hash: String,
    /// When.
    pub at: Timestamp,
}

/// Keeps a profile.
pub async fn insert_snapshot(
    conn: &mut Conn,
    tenant: &TenantId,
    deal: &DealId,
    snapshot: &Snapshot,
    document: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into dna_snapshots (id, tenant_id, deal_id, occasion, document, content_hash, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(snapshot.id.as_str())
    .bind(tenant.as_str())
    .bind(deal.as_str())
    .bind(to_word(&snapshot.occasion)?)
    .bind(document)
    .bind(&snapshot.content_hash)
    .bind(millis(snapshot.at))
    .execute(conn)
    .await?;
    Ok(())
}

/// The profiles of a deal that were kept, the newest first.
pub async fn snapshots(conn: &mut Conn, deal: &DealId) -> Result<Vec<Snapshot>, StoreError> {
    let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
        "select id, occasion, content_hash, created_at from dna_snapshots where deal_id = $1
         order by created_at desc, id desc",
    )
    .bind(deal.as_str())
    .fetch_all(conn)
    .await?;
    let snapshot = |(id, occasion, content_hash, at): (String, String, String, i64)| {
        Ok(Snapshot {
            id: from_word("dna_snapshots", "id", &id)?,
            occasion: from_word("dna_snapshots", "occasion", &occasion)?,
            content_hash,
            at: timestamp("dna_snapshots", "created_at", at)?,
        })
    };
    rows.into_iter().map(snapshot).collect()
}

/// A profile of a deal as it was kept.
pub async fn snapshot(conn: &mut Conn, deal: &DealId, id: &SnapshotId) -> Result<Option<ClientDna>, StoreError> {
    let document: Option<String> =
        sqlx::query_scalar("select document from dna_snapshots where deal_id = $1 and id = $2")
            .bind(deal.as_str())
            .bind(id.as_str())
            .fetch_optional(conn)
            .await?;
    document.map(|json| from_json("dna_snapshots", "document", &json)).transpose()
}

/// A profile as the document that is kept.
pub fn document(dna: &ClientDna) -> Result<String, StoreError> {
    to_json(dna)
}
