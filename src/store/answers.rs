//! Answered questions, and how the deals they rest on stood.

use super::{Conn, StoreError, from_json, from_word, millis, timestamp, to_json};
use crate::access::Sight;
use crate::ask::kept::Answered;
use crate::ask::record::Over;
use crate::domain::ids::{AccountId, AnswerId, DealId, TenantId, UserId};

/// A deal that an answer rests on, as it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The deal.
    pub deal: DealId,
    /// Tells its findings from any others: it changes with every change to one of them.
    pub revision: i64,
    /// Its sources that could be read, those among them whose place a corrected version took.
    pub sources: i64,
}

#[derive(sqlx::FromRow)]
struct AnswerRow {
    id: String,
    tenant_id: String,
    account_id: Option<String>,
    deal_id: Option<String>,
    asked_by: Option<String>,
    document: String,
    sensitive: i64,
    shared: i64,
    created_at: i64,
}

impl TryFrom<AnswerRow> for Answered {
    type Error = StoreError;

    fn try_from(row: AnswerRow) -> Result<Self, StoreError> {
        let over = match (row.account_id, row.deal_id) {
            (_, Some(deal)) => Over::Deal(from_word("answers", "deal_id", &deal)?),
            (Some(account), None) => Over::Account(from_word("answers", "account_id", &account)?),
            (None, None) => Over::All,
        };
        Ok(Self {
            id: from_word("answers", "id", &row.id)?,
            tenant: from_word("answers", "tenant_id", &row.tenant_id)?,
            over,
            asked_by: row.asked_by.map(|id| from_word("answers", "asked_by", &id)).transpose()?,
            document: from_json("answers", "document", &row.document)?,
            sensitive: row.sensitive != 0,
            shared: row.shared != 0,
            created_at: timestamp("answers", "created_at", row.created_at)?,
        })
    }
}

/// A query over answers: `tail` is the part after `from answers`.
macro_rules! select_answers {
    ($tail:literal) => {
        sqlx::query_as::<_, AnswerRow>(concat!(
            "select id, tenant_id, account_id, deal_id, asked_by, document, sensitive, shared, created_at from answers ",
            $tail
        ))
    };
}

/// Keeps an answer with the deals it rests on.
pub async fn insert(conn: &mut Conn, answer: &Answered, rests_on: &[Standing]) -> Result<(), StoreError> {
    let (account, deal) = answer.over.ids();
    sqlx::query(
        "insert into answers (id, tenant_id, account_id, deal_id, asked_by, question, document, sensitive, shared, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(answer.id.as_str())
    .bind(answer.tenant.as_str())
    .bind(account.map(AccountId::as_str))
    .bind(deal.map(DealId::as_str))
    .bind(answer.asked_by.as_ref().map(UserId::as_str))
    .bind(answer.document["question"].as_str().unwrap_or_default())
    .bind(to_json(&answer.document)?)
    .bind(i64::from(answer.sensitive))
    .bind(i64::from(answer.shared))
    .bind(millis(answer.created_at))
    .execute(&mut *conn)
    .await?;
    for standing in rests_on {
        sqlx::query("insert into answer_deals (answer_id, deal_id, revision, sources) values ($1, $2, $3, $4)")
            .bind(answer.id.as_str())
            .bind(standing.deal.as_str())
            .bind(standing.revision)
            .bind(standing.sources)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// The tenant's answer with this id.
pub async fn find(conn: &mut Conn, tenant: &TenantId, id: &AnswerId) -> Result<Option<Answered>, StoreError> {
    select_answers!("where tenant_id = $1 and id = $2")
        .bind(tenant.as_str())
        .bind(id.as_str())
        .fetch_optional(conn)
        .await?
        .map(Answered::try_from)
        .transpose()
}

/// What was answered ahead of a deal to this question.
pub async fn prepared(
    conn: &mut Conn,
    tenant: &TenantId,
    deal: &DealId,
    question: &str,
) -> Result<Option<Answered>, StoreError> {
    select_answers!("where tenant_id = $1 and deal_id = $2 and asked_by is null and question = $3")
        .bind(tenant.as_str())
        .bind(deal.as_str())
        .bind(question)
        .fetch_optional(conn)
        .await?
        .map(Answered::try_from)
        .transpose()
}

/// The newest answers that are the user's own, or shared and resting on nothing beyond `sight`: about the deal, the account, or
/// anything; of a deal also those that were answered ahead.
pub async fn list(
    conn: &mut Conn,
    tenant: &TenantId,
    user: Option<&UserId>,
    sight: &Sight,
    over: &Over,
    limit: u32,
) -> Result<Vec<Answered>, StoreError> {
    let (account, deal) = over.ids();
    select_answers!(
        "where tenant_id = $1 and ($3 is null or account_id = $3) and ($4 is null or deal_id = $4)
         and (asked_by = $2 or (shared = 1 or (asked_by is null and $4 is not null)) and not exists
              (select 1 from answer_deals r join deals d on d.id = r.deal_id
               where r.answer_id = answers.id and $5 is not null
                 and not coalesce(d.owner_id = $5 or d.csm_id = $5, false)))
         order by id desc limit $6"
    )
    .bind(tenant.as_str())
    .bind(user.map(UserId::as_str))
    .bind(account.map(AccountId::as_str))
    .bind(deal.map(DealId::as_str))
    .bind(sight.user())
    .bind(limit)
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Answered::try_from)
    .collect()
}

/// Says whether others may read the answer.
pub async fn set_shared(conn: &mut Conn, id: &AnswerId, shared: bool) -> Result<(), StoreError> {
    sqlx::query("update answers set shared = $2 where id = $1")
        .bind(id.as_str())
        .bind(i64::from(shared))
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes what was answered ahead for a deal: newer answers take its place.
pub async fn remove_prepared(conn: &mut Conn, deal: &DealId) -> Result<(), StoreError> {
    for sql in [
        "delete from answer_deals where answer_id in (select id from answers where deal_id = $1 and asked_by is null)",
        "delete from answers where deal_id = $1 and asked_by is null",
    ] {
        sqlx::query(sql).bind(deal.as_str()).execute(&mut *conn).await?;
    }
    Ok(())
}

/// How a deal stands now. Its findings alone are meant: a step that is marked or a verdict on the handoff changes no answer.
pub async fn standing(conn: &mut Conn, deal: &DealId) -> Result<Option<Standing>, StoreError> {
    let row: Option<(i64, i64)> = sqlx::query_as(
        "select (select cast(coalesce(sum(i.revision) * 10000 + count(*), 0) as bigint) from items i where i.deal_id = d.id),
                (select count(*) from sources s where s.deal_id = d.id and s.state in ('ready', 'replaced'))
         from deals d where d.id = $1",
    )
    .bind(deal.as_str())
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(revision, sources)| Standing { deal: deal.clone(), revision, sources }))
}

/// The deals that an answer rests on, as they stood when it was given.
pub async fn rests_on(conn: &mut Conn, id: &AnswerId) -> Result<Vec<Standing>, StoreError> {
    let rows: Vec<(String, i64, i64)> =
        sqlx::query_as("select deal_id, revision, sources from answer_deals where answer_id = $1 order by deal_id")
            .bind(id.as_str())
            .fetch_all(conn)
            .await?;
    let standing = |(deal, revision, sources): (String, i64, i64)| {
        Ok(Standing { deal: from_word("answer_deals", "deal_id", &deal)?, revision, sources })
    };
    rows.into_iter().map(standing).collect()
}
