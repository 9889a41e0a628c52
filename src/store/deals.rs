//! Deals, their state, and the fields marked unknown.

use jiff::Timestamp;

use super::{Conn, StoreError, from_word, millis, timestamp, to_word};
use crate::access::Sight;
use crate::domain::deal::{CrmSystem, Deal, DealState, DealTerms};
use crate::domain::field::Field;
use crate::domain::handoff::MarkedUnknown;
use crate::domain::ids::{AccountId, DealId, TenantId, UserId};

#[derive(sqlx::FromRow)]
struct DealRow {
    id: String,
    tenant_id: String,
    account_id: String,
    name: String,
    state: String,
    revision: i64,
    owner_id: Option<String>,
    csm_id: Option<String>,
    segment: Option<String>,
    territory: Option<String>,
    product: Option<String>,
    amount: Option<String>,
    currency: Option<String>,
    closed_at: Option<i64>,
    created_at: i64,
}

impl TryFrom<DealRow> for Deal {
    type Error = StoreError;

    fn try_from(row: DealRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: from_word("deals", "id", &row.id)?,
            tenant: from_word("deals", "tenant_id", &row.tenant_id)?,
            account_id: from_word("deals", "account_id", &row.account_id)?,
            name: row.name,
            state: from_word("deals", "state", &row.state)?,
            revision: row.revision,
            owner: row.owner_id.map(|id| from_word("deals", "owner_id", &id)).transpose()?,
            csm: row.csm_id.map(|id| from_word("deals", "csm_id", &id)).transpose()?,
            terms: DealTerms {
                segment: row.segment,
                territory: row.territory,
                product: row.product,
                amount: row.amount,
                currency: row.currency,
                closed_at: row.closed_at.map(|at| timestamp("deals", "closed_at", at)).transpose()?,
            },
            created_at: timestamp("deals", "created_at", row.created_at)?,
        })
    }
}

/// A query over deals: `tail` is the part after `from deals d`.
macro_rules! select_deals {
    ($tail:literal) => {
        sqlx::query_as::<_, DealRow>(concat!(
            "select d.id, d.tenant_id, d.account_id, d.name, d.state, d.revision, d.owner_id, d.csm_id, d.segment,
             d.territory, d.product, d.amount, d.currency, d.closed_at, d.created_at from deals d ",
            $tail
        ))
    };
}

/// Adds a deal.
pub async fn insert(conn: &mut Conn, deal: &Deal) -> Result<(), StoreError> {
    sqlx::query(
        "insert into deals (id, tenant_id, account_id, name, state, revision, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(deal.id.as_str())
    .bind(deal.tenant.as_str())
    .bind(deal.account_id.as_str())
    .bind(&deal.name)
    .bind(to_word(&deal.state)?)
    .bind(deal.revision)
    .bind(millis(deal.created_at))
    .execute(&mut *conn)
    .await?;
    update(conn, deal).await
}

/// Writes whose deal it is, its name and its terms.
pub async fn update(conn: &mut Conn, deal: &Deal) -> Result<(), StoreError> {
    sqlx::query(
        "update deals set name = $2, owner_id = $3, csm_id = $4, segment = $5, territory = $6, product = $7,
         amount = $8, currency = $9, closed_at = $10 where id = $1",
    )
    .bind(deal.id.as_str())
    .bind(&deal.name)
    .bind(deal.owner.as_ref().map(UserId::as_str))
    .bind(deal.csm.as_ref().map(UserId::as_str))
    .bind(deal.terms.segment.as_deref())
    .bind(deal.terms.territory.as_deref())
    .bind(deal.terms.product.as_deref())
    .bind(deal.terms.amount.as_deref())
    .bind(deal.terms.currency.as_deref())
    .bind(deal.terms.closed_at.map(millis))
    .execute(conn)
    .await?;
    Ok(())
}

/// The tenant's deal with this id.
pub async fn find(conn: &mut Conn, tenant: &TenantId, id: &DealId) -> Result<Option<Deal>, StoreError> {
    select_deals!("where d.tenant_id = $1 and d.id = $2")
        .bind(tenant.as_str())
        .bind(id.as_str())
        .fetch_optional(conn)
        .await?
        .map(Deal::try_from)
        .transpose()
}

/// The tenant's deal that the CRM knows by this id.
pub async fn find_by_crm(
    conn: &mut Conn,
    tenant: &TenantId,
    system: &str,
    crm_id: &str,
) -> Result<Option<Deal>, StoreError> {
    select_deals!("where d.tenant_id = $1 and d.crm_system = $2 and d.crm_id = $3")
        .bind(tenant.as_str())
        .bind(system)
        .bind(crm_id)
        .fetch_optional(conn)
        .await?
        .map(Deal::try_from)
        .transpose()
}

/// The CRM that keeps the deal too, where one does.
pub async fn crm(conn: &mut Conn, id: &DealId) -> Result<Option<CrmSystem>, StoreError> {
    let system: Option<Option<String>> =
        sqlx::query_scalar("select crm_system from deals where id = $1").bind(id.as_str()).fetch_optional(conn).await?;
    system.flatten().map(|system| from_word("deals", "crm_system", &system)).transpose()
}

/// Ties the deal to the CRM's own.
pub async fn set_crm(conn: &mut Conn, id: &DealId, system: &str, crm_id: &str) -> Result<(), StoreError> {
    sqlx::query("update deals set crm_system = $2, crm_id = $3 where id = $1")
        .bind(id.as_str())
        .bind(system)
        .bind(crm_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Which deals a list is to hold.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Those of one account.
    pub account: Option<AccountId>,
    /// Those in one state.
    pub state: Option<DealState>,
    /// Those whose own or whose account's name holds this.
    pub text: Option<String>,
}

/// The deals within `sight` after `cursor`, oldest first.
pub async fn list(
    conn: &mut Conn,
    tenant: &TenantId,
    sight: &Sight,
    filter: &Filter,
    cursor: Option<&DealId>,
    limit: u32,
) -> Result<Vec<Deal>, StoreError> {
    let like = filter.text.as_ref().map(|text| format!("%{}%", escape_like(text)));
    select_deals!(
        "join accounts a on a.id = d.account_id
         where d.tenant_id = $1 and ($2 is null or d.account_id = $2) and ($3 is null or d.state = $3)
         and ($4 is null or lower(a.name) like $4 escape '!' or lower(d.name) like $4 escape '!')
         and ($5 is null or d.owner_id = $5 or d.csm_id = $5) and d.id > $6 order by d.id limit $7"
    )
    .bind(tenant.as_str())
    .bind(filter.account.as_ref().map(AccountId::as_str))
    .bind(filter.state.map(DealState::as_str))
    .bind(like)
    .bind(sight.user())
    .bind(cursor.map_or("", DealId::as_str))
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Deal::try_from)
    .collect()
}

/// A text as a pattern of itself, whatever its case.
fn escape_like(text: &str) -> String {
    escaped(&text.to_lowercase())
}

/// A text as a pattern of itself.
pub(super) fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// How many deals on their way each of the tenant's customer success managers has: those not accepted yet.
pub async fn load_by_csm(conn: &mut Conn, tenant: &TenantId) -> Result<Vec<(UserId, i64)>, StoreError> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "select csm_id, count(*) from deals where tenant_id = $1 and csm_id is not null and state <> 'accepted'
         group by csm_id",
    )
    .bind(tenant.as_str())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|(id, count)| Ok((from_word("deals", "csm_id", &id)?, count))).collect()
}

/// Moves the deal to `state` and counts the change; every change to a draft or its review goes through here.
pub async fn change(conn: &mut Conn, id: &DealId, state: DealState) -> Result<(), StoreError> {
    sqlx::query("update deals set state = $2, revision = revision + 1 where id = $1")
        .bind(id.as_str())
        .bind(to_word(&state)?)
        .execute(conn)
        .await?;
    Ok(())
}

/// Counts a change of the deal's record that leaves its state as it is.
pub async fn touch(conn: &mut Conn, id: &DealId) -> Result<(), StoreError> {
    sqlx::query("update deals set revision = revision + 1 where id = $1").bind(id.as_str()).execute(conn).await?;
    Ok(())
}

/// Marks a field as asked and unknown; says whether that changed anything.
pub async fn mark_unknown(
    conn: &mut Conn,
    id: &DealId,
    field: Field,
    actor: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "insert into unknown_fields (deal_id, field, actor, created_at) values ($1, $2, $3, $4)
         on conflict (deal_id, field) do nothing",
    )
    .bind(id.as_str())
    .bind(field.as_str())
    .bind(actor)
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes a field's mark back; says whether there was one.
pub async fn unmark_unknown(conn: &mut Conn, id: &DealId, field: Field) -> Result<bool, StoreError> {
    let done = sqlx::query("delete from unknown_fields where deal_id = $1 and field = $2")
        .bind(id.as_str())
        .bind(field.as_str())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// The fields of the deal that are marked unknown.
pub async fn marked_unknown(conn: &mut Conn, id: &DealId) -> Result<Vec<MarkedUnknown>, StoreError> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "select field, actor, created_at from unknown_fields where deal_id = $1 order by created_at, field",
    )
    .bind(id.as_str())
    .fetch_all(conn)
    .await?;
    let mark = |(field, by, at): (String, String, i64)| {
        Ok(MarkedUnknown {
            field: from_word("unknown_fields", "field", &field)?,
            by,
            at: timestamp("unknown_fields", "created_at", at)?,
        })
    };
    rows.into_iter().map(mark).collect()
}

/// A deal in a list, with the names and the clock that stand beside it.
#[derive(Debug, Clone)]
pub struct ListedDeal {
    /// The deal.
    pub deal: Deal,
    /// The account's name.
    pub account: String,
    /// The account executive's name.
    pub owner: Option<String>,
    /// The customer success manager's name.
    pub csm: Option<String>,
}

/// The deals within `sight`, the nearest open deadline first, then the newest: `limit` of them from `offset` on.
pub async fn by_deadline(
    conn: &mut Conn,
    tenant: &TenantId,
    sight: &Sight,
    filter: &Filter,
    offset: u32,
    limit: u32,
) -> Result<Vec<ListedDeal>, StoreError> {
    #[derive(sqlx::FromRow)]
    struct Listed {
        #[sqlx(flatten)]
        deal: DealRow,
        account: String,
        owner: Option<String>,
        csm: Option<String>,
    }
    let like = filter.text.as_ref().map(|text| format!("%{}%", escape_like(text)));
    let rows = sqlx::query_as::<_, Listed>(
        "select d.id, d.tenant_id, d.account_id, d.name, d.state, d.revision, d.owner_id, d.csm_id, d.segment,
         d.territory, d.product, d.amount, d.currency, d.closed_at, d.created_at, a.name as account, o.name as owner, c.name as csm
         from deals d join accounts a on a.id = d.account_id
         left join users o on o.id = d.owner_id left join users c on c.id = d.csm_id
         left join (select deal_id, min(due_at) as due_at from milestones where done_at is null group by deal_id) m
         on m.deal_id = d.id
         where d.tenant_id = $1 and ($2 is null or d.account_id = $2) and ($3 is null or d.state = $3)
         and ($4 is null or lower(a.name) like $4 escape '!' or lower(d.name) like $4 escape '!')
         and ($5 is null or d.owner_id = $5 or d.csm_id = $5)
         order by case when m.due_at is null then 1 else 0 end, m.due_at, d.id desc limit $6 offset $7",
    )
    .bind(tenant.as_str())
    .bind(filter.account.as_ref().map(AccountId::as_str))
    .bind(filter.state.map(DealState::as_str))
    .bind(like)
    .bind(sight.user())
    .bind(i64::from(limit))
    .bind(i64::from(offset))
    .fetch_all(conn)
    .await?;
    let listed = |row: Listed| {
        Ok(ListedDeal { deal: Deal::try_from(row.deal)?, account: row.account, owner: row.owner, csm: row.csm })
    };
    rows.into_iter().map(listed).collect()
}

/// How many deals within `sight` are in each state.
pub async fn count_by_state(
    conn: &mut Conn,
    tenant: &TenantId,
    sight: &Sight,
) -> Result<Vec<(DealState, i64)>, StoreError> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "select state, count(*) from deals where tenant_id = $1 and ($2 is null or owner_id = $2 or csm_id = $2)
         group by state",
    )
    .bind(tenant.as_str())
    .bind(sight.user())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|(state, count)| Ok((from_word("deals", "state", &state)?, count))).collect()
}

/// The segments that the tenant's deals name.
pub async fn segments(conn: &mut Conn, tenant: &TenantId) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar("select distinct segment from deals where tenant_id = $1 and segment is not null")
        .bind(tenant.as_str())
        .fetch_all(conn)
        .await?)
}
