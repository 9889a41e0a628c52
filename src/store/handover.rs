//! Receipts, questions, corrections and check-ins.

use jiff::Timestamp;

use super::{Conn, StoreError, from_json, from_word, index, millis, timestamp, to_json, to_word};
use crate::domain::field::Field;
use crate::domain::handover::{CheckIn, Correction, Question, Receipt};
use crate::domain::ids::{DealId, ItemId, QuestionId, SourceId, TenantId, UserId};

/// A stored 1 to 5.
pub(super) fn rating(table: &'static str, column: &'static str, value: i64) -> Result<u8, StoreError> {
    u8::try_from(value).map_err(|error| StoreError::Corrupt { table, column, reason: error.to_string() })
}

#[derive(sqlx::FromRow)]
struct ReceiptRow {
    id: String,
    deal_id: String,
    version_id: String,
    verdict: String,
    rating: i64,
    reasons: String,
    comment: Option<String>,
    by_name: String,
    created_at: i64,
}

impl TryFrom<ReceiptRow> for Receipt {
    type Error = StoreError;

    fn try_from(row: ReceiptRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: from_word("receipts", "id", &row.id)?,
            deal_id: from_word("receipts", "deal_id", &row.deal_id)?,
            version_id: from_word("receipts", "version_id", &row.version_id)?,
            verdict: from_word("receipts", "verdict", &row.verdict)?,
            rating: rating("receipts", "rating", row.rating)?,
            reasons: from_json("receipts", "reasons", &row.reasons)?,
            comment: row.comment,
            by: row.by_name,
            at: timestamp("receipts", "created_at", row.created_at)?,
        })
    }
}

/// Keeps what the receiving side said.
pub async fn insert_receipt(
    conn: &mut Conn,
    tenant: &TenantId,
    receipt: &Receipt,
    user: &UserId,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into receipts (id, tenant_id, deal_id, version_id, verdict, rating, reasons, comment, user_id, by_name,
         created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(receipt.id.as_str())
    .bind(tenant.as_str())
    .bind(receipt.deal_id.as_str())
    .bind(receipt.version_id.as_str())
    .bind(to_word(&receipt.verdict)?)
    .bind(i64::from(receipt.rating))
    .bind(to_json(&receipt.reasons)?)
    .bind(receipt.comment.as_deref())
    .bind(user.as_str())
    .bind(&receipt.by)
    .bind(millis(receipt.at))
    .execute(conn)
    .await?;
    Ok(())
}

/// What the receiving side said of a deal's versions, oldest first.
pub async fn receipts(conn: &mut Conn, deal: &DealId) -> Result<Vec<Receipt>, StoreError> {
    sqlx::query_as::<_, ReceiptRow>(
        "select id, deal_id, version_id, verdict, rating, reasons, comment, by_name, created_at from receipts
         where deal_id = $1 order by id",
    )
    .bind(deal.as_str())
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Receipt::try_from)
    .collect()
}

#[derive(sqlx::FromRow)]
struct QuestionRow {
    id: String,
    deal_id: String,
    field: Option<String>,
    question: String,
    asked_by: String,
    asked_at: i64,
    answer: Option<String>,
    answered_by: Option<String>,
    answered_at: Option<i64>,
    source_id: Option<String>,
}

impl TryFrom<QuestionRow> for Question {
    type Error = StoreError;

    fn try_from(row: QuestionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: from_word("questions", "id", &row.id)?,
            deal_id: from_word("questions", "deal_id", &row.deal_id)?,
            field: row.field.map(|field| from_word("questions", "field", &field)).transpose()?,
            question: row.question,
            asked_by: row.asked_by,
            asked_at: timestamp("questions", "asked_at", row.asked_at)?,
            answer: row.answer,
            answered_by: row.answered_by,
            answered_at: row.answered_at.map(|at| timestamp("questions", "answered_at", at)).transpose()?,
            source_id: row.source_id.map(|id| from_word("questions", "source_id", &id)).transpose()?,
        })
    }
}

/// A query over questions: `tail` is the part after `from questions`.
macro_rules! select_questions {
    ($tail:literal) => {
        sqlx::query_as::<_, QuestionRow>(concat!(
            "select id, deal_id, field, question, asked_by, asked_at, answer, answered_by, answered_at, source_id
             from questions ",
            $tail
        ))
    };
}

/// Keeps a question.
pub async fn insert_question(conn: &mut Conn, tenant: &TenantId, question: &Question) -> Result<(), StoreError> {
    sqlx::query(
        "insert into questions (id, tenant_id, deal_id, field, question, asked_by, asked_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(question.id.as_str())
    .bind(tenant.as_str())
    .bind(question.deal_id.as_str())
    .bind(question.field.map(Field::as_str))
    .bind(&question.question)
    .bind(&question.asked_by)
    .bind(millis(question.asked_at))
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps the answer to a question, and the source that both are, where they are one.
pub async fn set_answer(
    conn: &mut Conn,
    id: &QuestionId,
    answer: &str,
    by: &str,
    at: Timestamp,
    source: Option<&SourceId>,
) -> Result<(), StoreError> {
    sqlx::query("update questions set answer = $2, answered_by = $3, answered_at = $4, source_id = $5 where id = $1")
        .bind(id.as_str())
        .bind(answer)
        .bind(by)
        .bind(millis(at))
        .bind(source.map(SourceId::as_str))
        .execute(conn)
        .await?;
    Ok(())
}

/// The tenant's question with this id.
pub async fn find_question(
    conn: &mut Conn,
    tenant: &TenantId,
    id: &QuestionId,
) -> Result<Option<Question>, StoreError> {
    select_questions!("where tenant_id = $1 and id = $2")
        .bind(tenant.as_str())
        .bind(id.as_str())
        .fetch_optional(conn)
        .await?
        .map(Question::try_from)
        .transpose()
}

/// A deal's questions, oldest first.
pub async fn questions(conn: &mut Conn, deal: &DealId) -> Result<Vec<Question>, StoreError> {
    select_questions!("where deal_id = $1 order by id")
        .bind(deal.as_str())
        .fetch_all(conn)
        .await?
        .into_iter()
        .map(Question::try_from)
        .collect()
}

#[derive(sqlx::FromRow)]
struct CorrectionRow {
    id: String,
    deal_id: String,
    item_id: Option<String>,
    said_by: String,
    words: String,
    recorded_by: String,
    created_at: i64,
    source_id: String,
}

impl TryFrom<CorrectionRow> for Correction {
    type Error = StoreError;

    fn try_from(row: CorrectionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: from_word("corrections", "id", &row.id)?,
            deal_id: from_word("corrections", "deal_id", &row.deal_id)?,
            item_id: row.item_id.map(|id| from_word("corrections", "item_id", &id)).transpose()?,
            said_by: row.said_by,
            words: row.words,
            recorded_by: row.recorded_by,
            at: timestamp("corrections", "created_at", row.created_at)?,
            source_id: from_word("corrections", "source_id", &row.source_id)?,
        })
    }
}

/// Keeps a correction.
pub async fn insert_correction(conn: &mut Conn, tenant: &TenantId, correction: &Correction) -> Result<(), StoreError> {
    sqlx::query(
        "insert into corrections (id, tenant_id, deal_id, item_id, said_by, words, recorded_by, created_at, source_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(correction.id.as_str())
    .bind(tenant.as_str())
    .bind(correction.deal_id.as_str())
    .bind(correction.item_id.as_ref().map(ItemId::as_str))
    .bind(&correction.said_by)
    .bind(&correction.words)
    .bind(&correction.recorded_by)
    .bind(millis(correction.at))
    .bind(correction.source_id.as_str())
    .execute(conn)
    .await?;
    Ok(())
}

/// A deal's corrections, oldest first.
pub async fn corrections(conn: &mut Conn, deal: &DealId) -> Result<Vec<Correction>, StoreError> {
    sqlx::query_as::<_, CorrectionRow>(
        "select id, deal_id, item_id, said_by, words, recorded_by, created_at, source_id from corrections
         where deal_id = $1 order by id",
    )
    .bind(deal.as_str())
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Correction::try_from)
    .collect()
}

#[derive(sqlx::FromRow)]
struct CheckInRow {
    id: String,
    deal_id: String,
    kind: String,
    repeats: i64,
    satisfaction: Option<i64>,
    escalated: i64,
    note: Option<String>,
    recorded_by: String,
    created_at: i64,
}

impl TryFrom<CheckInRow> for CheckIn {
    type Error = StoreError;

    fn try_from(row: CheckInRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: from_word("check_ins", "id", &row.id)?,
            deal_id: from_word("check_ins", "deal_id", &row.deal_id)?,
            kind: from_word("check_ins", "kind", &row.kind)?,
            repeats: index("check_ins", "repeats", row.repeats)?,
            satisfaction: row.satisfaction.map(|value| rating("check_ins", "satisfaction", value)).transpose()?,
            escalated: row.escalated != 0,
            note: row.note,
            recorded_by: row.recorded_by,
            at: timestamp("check_ins", "created_at", row.created_at)?,
        })
    }
}

/// Keeps a check-in.
pub async fn insert_check_in(conn: &mut Conn, tenant: &TenantId, check_in: &CheckIn) -> Result<(), StoreError> {
    sqlx::query(
        "insert into check_ins (id, tenant_id, deal_id, kind, repeats, satisfaction, escalated, note, recorded_by,
         created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(check_in.id.as_str())
    .bind(tenant.as_str())
    .bind(check_in.deal_id.as_str())
    .bind(to_word(&check_in.kind)?)
    .bind(i64::from(check_in.repeats))
    .bind(check_in.satisfaction.map(i64::from))
    .bind(i64::from(check_in.escalated))
    .bind(check_in.note.as_deref())
    .bind(&check_in.recorded_by)
    .bind(millis(check_in.at))
    .execute(conn)
    .await?;
    Ok(())
}

/// A deal's check-ins, oldest first.
pub async fn check_ins(conn: &mut Conn, deal: &DealId) -> Result<Vec<CheckIn>, StoreError> {
    sqlx::query_as::<_, CheckInRow>(
        "select id, deal_id, kind, repeats, satisfaction, escalated, note, recorded_by, created_at from check_ins
         where deal_id = $1 order by id",
    )
    .bind(deal.as_str())
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(CheckIn::try_from)
    .collect()
}
