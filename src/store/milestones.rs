//! The steps of won deals with their clocks.

use jiff::Timestamp;

use super::{Conn, StoreError, from_word, millis, timestamp, to_word};
use crate::domain::handover::Milestone;
use crate::domain::ids::{DealId, TenantId};
use crate::domain::policy::Step;

#[derive(sqlx::FromRow)]
struct MilestoneRow {
    deal_id: String,
    step: String,
    label: String,
    remind_at: i64,
    due_at: i64,
    done_at: Option<i64>,
    done_by: Option<String>,
}

impl TryFrom<MilestoneRow> for Milestone {
    type Error = StoreError;

    fn try_from(row: MilestoneRow) -> Result<Self, StoreError> {
        Ok(Self {
            step: from_word("milestones", "step", &row.step)?,
            label: row.label,
            remind_at: timestamp("milestones", "remind_at", row.remind_at)?,
            due_at: timestamp("milestones", "due_at", row.due_at)?,
            done_at: row.done_at.map(|at| timestamp("milestones", "done_at", at)).transpose()?,
            done_by: row.done_by,
        })
    }
}

/// A query over milestones: `tail` is the part after `from milestones`.
macro_rules! select_milestones {
    ($tail:literal) => {
        sqlx::query_as::<_, MilestoneRow>(concat!(
            "select deal_id, step, label, remind_at, due_at, done_at, done_by from milestones ",
            $tail
        ))
    };
}

/// Sets a step's clock. A step that is done stays done, and one whose clock stays as it was is not told of anew.
pub async fn plan(conn: &mut Conn, tenant: &TenantId, deal: &DealId, milestone: &Milestone) -> Result<(), StoreError> {
    sqlx::query(
        "insert into milestones (deal_id, tenant_id, step, label, remind_at, due_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (deal_id, step) do update set label = excluded.label, remind_at = excluded.remind_at,
         due_at = excluded.due_at, reminded = case when due_at = excluded.due_at and remind_at = excluded.remind_at
         then reminded end",
    )
    .bind(deal.as_str())
    .bind(tenant.as_str())
    .bind(to_word(&milestone.step)?)
    .bind(&milestone.label)
    .bind(millis(milestone.remind_at))
    .bind(millis(milestone.due_at))
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a step that is not done.
pub async fn remove_open(conn: &mut Conn, deal: &DealId, step: Step) -> Result<(), StoreError> {
    sqlx::query("delete from milestones where deal_id = $1 and step = $2 and done_at is null")
        .bind(deal.as_str())
        .bind(to_word(&step)?)
        .execute(conn)
        .await?;
    Ok(())
}

/// Marks a step as done, unless it is already; says whether that changed anything. Who did it is none for what was done
/// before there was a step.
pub async fn set_done(
    conn: &mut Conn,
    deal: &DealId,
    step: Step,
    at: Timestamp,
    by: Option<&str>,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "update milestones set done_at = $3, done_by = $4 where deal_id = $1 and step = $2 and done_at is null",
    )
    .bind(deal.as_str())
    .bind(to_word(&step)?)
    .bind(millis(at))
    .bind(by)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Marks a step as not done after all; says whether that changed anything.
pub async fn set_open(conn: &mut Conn, deal: &DealId, step: Step) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "update milestones set done_at = null, done_by = null where deal_id = $1 and step = $2 and done_at is not null",
    )
    .bind(deal.as_str())
    .bind(to_word(&step)?)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The steps of a deal, by deadline.
pub async fn list(conn: &mut Conn, deal: &DealId) -> Result<Vec<Milestone>, StoreError> {
    select_milestones!("where deal_id = $1 order by due_at, step")
        .bind(deal.as_str())
        .fetch_all(conn)
        .await?
        .into_iter()
        .map(Milestone::try_from)
        .collect()
}

/// The next open step of each of the tenant's deals, by deadline.
pub async fn next_by_deal(conn: &mut Conn, tenant: &TenantId) -> Result<Vec<(DealId, Milestone)>, StoreError> {
    let rows = select_milestones!(
        "where tenant_id = $1 and done_at is null and not exists (select 1 from milestones earlier
         where earlier.deal_id = milestones.deal_id and earlier.done_at is null and (earlier.due_at < milestones.due_at
         or (earlier.due_at = milestones.due_at and earlier.step < milestones.step))) order by due_at"
    )
    .bind(tenant.as_str())
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| Ok((from_word("milestones", "deal_id", &row.deal_id)?, Milestone::try_from(row)?)))
        .collect()
}

/// A reminder that is due.
#[derive(Debug, Clone)]
pub struct DueReminder {
    /// The deal.
    pub deal: DealId,
    /// The step.
    pub milestone: Milestone,
    /// Whether the deadline is past.
    pub overdue: bool,
}

/// The tenant's reminders that are due at `now` and were not sent yet.
pub async fn due_reminders(conn: &mut Conn, tenant: &TenantId, now: Timestamp) -> Result<Vec<DueReminder>, StoreError> {
    let rows = select_milestones!(
        "where tenant_id = $1 and done_at is null and ((reminded is null and remind_at <= $2)
         or (reminded = 'due_soon' and due_at <= $2)) order by due_at"
    )
    .bind(tenant.as_str())
    .bind(millis(now))
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let deal = from_word("milestones", "deal_id", &row.deal_id)?;
            let milestone = Milestone::try_from(row)?;
            Ok(DueReminder { deal, overdue: milestone.due_at <= now, milestone })
        })
        .collect()
}

/// Notes that a reminder was sent.
pub async fn set_reminded(conn: &mut Conn, reminder: &DueReminder) -> Result<(), StoreError> {
    sqlx::query("update milestones set reminded = $3 where deal_id = $1 and step = $2")
        .bind(reminder.deal.as_str())
        .bind(to_word(&reminder.milestone.step)?)
        .bind(if reminder.overdue { "overdue" } else { "due_soon" })
        .execute(conn)
        .await?;
    Ok(())
}

/// When the tenant's next reminder is due; none when none is open.
pub async fn next_reminder(conn: &mut Conn, tenant: &TenantId) -> Result<Option<Timestamp>, StoreError> {
    let at: Option<i64> = sqlx::query_scalar(
        "select min(case when reminded is null then remind_at else due_at end) from milestones
         where tenant_id = $1 and done_at is null and (reminded is null or reminded = 'due_soon')",
    )
    .bind(tenant.as_str())
    .fetch_one(conn)
    .await?;
    at.map(|at| timestamp("milestones", "remind_at", at)).transpose()
}
