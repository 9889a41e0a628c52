//! What patterns over many deals are computed from. Nothing here names a seller.

use jiff::Timestamp;

use super::{Conn, StoreError, from_json, from_word, index, millis, timestamp};
use crate::domain::field::Field;
use crate::domain::handover::{Reason, Verdict};
use crate::domain::ids::{DealId, TenantId};
use crate::domain::policy::Step;
use crate::domain::scorecard::Scorecard;

/// Which deals a pattern is over: those won in a span of time, of one segment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Won at or after this.
    pub from: Option<Timestamp>,
    /// Won before this.
    pub until: Option<Timestamp>,
    /// Of this segment.
    pub segment: Option<String>,
}

/// A won deal with its last version, where it has one.
#[derive(Debug, Clone, PartialEq)]
pub struct WonDeal {
    /// The deal.
    pub id: DealId,
    /// When it was won.
    pub closed_at: Timestamp,
    /// When its first version was final.
    pub finalized_at: Option<Timestamp>,
    /// The scorecard of its last version.
    pub scorecard: Option<Scorecard>,
    /// Fields that its last version marks unknown.
    pub unknown: Vec<Field>,
    /// Whether its last version passed the gate by override.
    pub overridden: bool,
}

#[derive(sqlx::FromRow)]
struct WonRow {
    id: String,
    closed_at: i64,
    finalized_at: Option<i64>,
    scorecard: Option<String>,
    unknown_fields: Option<String>,
    overridden: Option<i64>,
}

impl TryFrom<WonRow> for WonDeal {
    type Error = StoreError;

    fn try_from(row: WonRow) -> Result<Self, StoreError> {
        let unknown = row.unknown_fields.map(|json| from_json("versions", "unknown_fields", &json)).transpose()?;
        Ok(Self {
            id: from_word("deals", "id", &row.id)?,
            closed_at: timestamp("deals", "closed_at", row.closed_at)?,
            finalized_at: row.finalized_at.map(|at| timestamp("versions", "created_at", at)).transpose()?,
            scorecard: row.scorecard.map(|json| from_json("versions", "scorecard", &json)).transpose()?,
            unknown: unknown.unwrap_or_default(),
            overridden: row.overridden.unwrap_or(0) != 0,
        })
    }
}

/// The condition on deals `d`: $1 tenant, $2 from, $3 until, $4 segment.
macro_rules! of_selection {
    ($select:literal, $tail:literal) => {
        concat!(
            $select,
            " where d.tenant_id = $1 and d.closed_at is not null and ($2 is null or d.closed_at >= $2)
              and ($3 is null or d.closed_at < $3) and ($4 is null or lower(d.segment) = lower($4)) ",
            $tail
        )
    };
}

/// The won deals of a selection.
pub async fn won(conn: &mut Conn, tenant: &TenantId, of: &Selection) -> Result<Vec<WonDeal>, StoreError> {
    let sql = of_selection!(
        "select d.id, d.closed_at, (select min(f.created_at) from versions f where f.deal_id = d.id) as finalized_at,
         v.scorecard, v.unknown_fields, v.overridden from deals d
         left join versions v on v.deal_id = d.id
         and v.number = (select max(l.number) from versions l where l.deal_id = d.id)",
        "order by d.id"
    );
    let rows: Vec<WonRow> = bound(sqlx::query_as(sql), tenant, of).fetch_all(conn).await?;
    rows.into_iter().map(WonDeal::try_from).collect()
}

/// A step of a won deal that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoneStep {
    /// The deal.
    pub deal: DealId,
    /// The step.
    pub step: Step,
    /// When.
    pub done_at: Timestamp,
    /// When it was due.
    pub due_at: Timestamp,
}

/// The steps of a selection's deals that were done.
pub async fn done_steps(conn: &mut Conn, tenant: &TenantId, of: &Selection) -> Result<Vec<DoneStep>, StoreError> {
    let sql = of_selection!(
        "select m.deal_id, m.step, m.done_at, m.due_at from milestones m join deals d on d.id = m.deal_id",
        "and m.done_at is not null"
    );
    let rows: Vec<(String, String, i64, i64)> = bound(sqlx::query_as(sql), tenant, of).fetch_all(conn).await?;
    let step = |(deal, step, done_at, due_at): (String, String, i64, i64)| {
        Ok(DoneStep {
            deal: from_word("milestones", "deal_id", &deal)?,
            step: from_word("milestones", "step", &step)?,
            done_at: timestamp("milestones", "done_at", done_at)?,
            due_at: timestamp("milestones", "due_at", due_at)?,
        })
    };
    rows.into_iter().map(step).collect()
}

/// What the receiving side said of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The deal.
    pub deal: DealId,
    /// Accepted or returned.
    pub verdict: Verdict,
    /// 1 to 5.
    pub rating: u8,
    /// Why it was returned.
    pub reasons: Vec<Reason>,
}

/// The receipts of a selection's deals, oldest first.
pub async fn receipts(conn: &mut Conn, tenant: &TenantId, of: &Selection) -> Result<Vec<Said>, StoreError> {
    let sql = of_selection!(
        "select r.deal_id, r.verdict, r.rating, r.reasons from receipts r join deals d on d.id = r.deal_id",
        "order by r.id"
    );
    let rows: Vec<(String, String, i64, String)> = bound(sqlx::query_as(sql), tenant, of).fetch_all(conn).await?;
    let said = |(deal, verdict, rating, reasons): (String, String, i64, String)| {
        Ok(Said {
            deal: from_word("receipts", "deal_id", &deal)?,
            verdict: from_word("receipts", "verdict", &verdict)?,
            rating: super::handover::rating("receipts", "rating", rating)?,
            reasons: from_json("receipts", "reasons", &reasons)?,
        })
    };
    rows.into_iter().map(said).collect()
}

/// What a check after the handover found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The deal.
    pub deal: DealId,
    /// How often the customer had to say something again.
    pub repeats: u32,
    /// The customer's own rating, 1 to 5.
    pub satisfaction: Option<u32>,
    /// Whether something had to be escalated.
    pub escalated: bool,
}

/// The check-ins of a selection's deals.
pub async fn check_ins(conn: &mut Conn, tenant: &TenantId, of: &Selection) -> Result<Vec<Checked>, StoreError> {
    let sql = of_selection!(
        "select c.deal_id, c.repeats, c.satisfaction, c.escalated from check_ins c join deals d on d.id = c.deal_id",
        "order by c.id"
    );
    let rows: Vec<(String, i64, Option<i64>, i64)> = bound(sqlx::query_as(sql), tenant, of).fetch_all(conn).await?;
    let checked = |(deal, repeats, satisfaction, escalated): (String, i64, Option<i64>, i64)| {
        Ok(Checked {
            deal: from_word("check_ins", "deal_id", &deal)?,
            repeats: index("check_ins", "repeats", repeats)?,
            satisfaction: satisfaction.map(|value| index("check_ins", "satisfaction", value)).transpose()?,
            escalated: escalated != 0,
        })
    };
    rows.into_iter().map(checked).collect()
}

/// What was read of a deal after its sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedAgain {
    /// Questions that the vendor's side asked.
    pub questions: u32,
    /// Those that the customer had answered before the sale.
    pub repeated: u32,
}

/// What was read after their sale of a selection's deals, as far as they have sources from then.
pub async fn asked_again(conn: &mut Conn, tenant: &TenantId, of: &Selection) -> Result<Vec<AskedAgain>, StoreError> {
    let sql = of_selection!(
        "select r.questions, r.repeated from post_sale_readings r join deals d on d.id = r.deal_id",
        "order by d.id"
    );
    let rows: Vec<(i64, i64)> = bound(sqlx::query_as(sql), tenant, of).fetch_all(conn).await?;
    let asked = |(questions, repeated): (i64, i64)| {
        Ok(AskedAgain {
            questions: index("post_sale_readings", "questions", questions)?,
            repeated: index("post_sale_readings", "repeated", repeated)?,
        })
    };
    rows.into_iter().map(asked).collect()
}

type Bound<'q, T> = sqlx::query::QueryAs<'q, sqlx::Sqlite, T, sqlx::sqlite::SqliteArguments>;

fn bound<'q, T>(query: Bound<'q, T>, tenant: &'q TenantId, of: &'q Selection) -> Bound<'q, T> {
    query.bind(tenant.as_str()).bind(of.from.map(millis)).bind(of.until.map(millis)).bind(of.segment.as_deref())
}
