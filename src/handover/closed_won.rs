//! A CRM tells that a deal was won: the handoff begins, with its owner, its receiver and its clocks.

use serde::Serialize;
use utoipa::ToSchema;

use super::assignment::{can_be, checked_terms, keep};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::deal::{Account, Deal, DealState, DealTerms};
use crate::domain::ids::{AccountId, DealId, TenantId, UserId};
use crate::domain::user::Role;
use crate::error::Error;
use crate::hooks::closed_won::{ClosedWon, Notice};
use crate::intake::{add_account, add_deal, checked_name};
use crate::store::{Conn, accounts, deals, users};

/// What became of one record of a CRM's call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// A handoff was begun.
    Created {
        /// The CRM's id.
        external_id: String,
        /// The deal.
        deal: DealId,
    },
    /// The deal was there already; what the CRM says now was taken over.
    Updated {
        /// The CRM's id.
        external_id: String,
        /// The deal.
        deal: DealId,
    },
    /// Nothing was to be done.
    Ignored {
        /// The CRM's id, where the call names it.
        external_id: Option<String>,
        /// Why.
        why: String,
    },
}

/// Takes in what a CRM tells. All of a call is kept or none of it; the same call twice makes no second deal.
///
/// # Errors
///
/// [`Error::Forbidden`] after the caller's rights; [`Error::Invalid`] for values that cannot be kept.
pub async fn report(app: &App, caller: &Caller, notices: Vec<Notice>) -> Result<Vec<Outcome>, Error> {
    caller.require(Act::ReportCrm)?;
    let mut tx = app.store.write().await?;
    let mut outcomes = Vec::with_capacity(notices.len());
    for notice in notices {
        outcomes.push(match notice {
            Notice::Ignored { external_id, why } => Outcome::Ignored { external_id, why },
            Notice::ClosedWon(won) => take_over(app, caller, &mut tx, *won).await?,
        });
    }
    tx.commit().await?;
    app.wake_worker();
    Ok(outcomes)
}

async fn take_over(app: &App, caller: &Caller, conn: &mut Conn, won: ClosedWon) -> Result<Outcome, Error> {
    let external_id = won.external_id.clone();
    let known = deals::find_by_crm(conn, &caller.tenant, won.system.as_str(), &external_id).await?;
    let is_new = known.is_none();
    let before = match known {
        Some(known) => known,
        None => begin(app, caller, conn, &won).await?,
    };
    let after = updated(app, conn, before.clone(), &won).await?;
    let deal = keep(app, conn, caller, &before, after).await?.id;
    Ok(if is_new { Outcome::Created { external_id, deal } } else { Outcome::Updated { external_id, deal } })
}

/// A new deal of the account that the CRM names, which is opened too if it is new.
async fn begin(app: &App, caller: &Caller, conn: &mut Conn, won: &ClosedWon) -> Result<Deal, Error> {
    let account = account(app, caller, conn, won).await?;
    let name = won.deal_name.clone().unwrap_or_else(|| format!("{} {}", won.system.as_str(), won.external_id));
    let deal = Deal {
        id: DealId::generate(),
        tenant: caller.tenant.clone(),
        account_id: account.id,
        name: checked_name("deal", &name)?,
        state: DealState::Collecting,
        owner: None,
        csm: None,
        terms: DealTerms::default(),
        revision: 0,
        created_at: app.clock.now(),
    };
    add_deal(conn, caller, &deal).await?;
    deals::set_crm(conn, &deal.id, won.system.as_str(), &won.external_id).await?;
    Ok(deal)
}

async fn account(app: &App, caller: &Caller, conn: &mut Conn, won: &ClosedWon) -> Result<Account, Error> {
    let external = won.account_external_id.as_deref();
    // A call without the account's name is about a deal only: its account is named after it, for a person to rename.
    let name = won.account_name.clone().or_else(|| won.deal_name.clone());
    let name = name.unwrap_or_else(|| format!("{} {}", won.system.as_str(), won.external_id));
    let account = if let Some(known) = accounts::find_by_crm(conn, &caller.tenant, external, &name).await? {
        known
    } else {
        let account = Account {
            id: AccountId::generate(),
            tenant: caller.tenant.clone(),
            name: checked_name("account", &name)?,
            created_at: app.clock.now(),
        };
        add_account(conn, caller, &account).await?;
        account
    };
    if let Some(external) = external {
        accounts::set_external_id(conn, &account.id, external).await?;
    }
    Ok(account)
}

/// The deal with what the CRM says; what it leaves out stays as it is, and so do people whom somebody chose here.
async fn updated(app: &App, conn: &mut Conn, mut deal: Deal, won: &ClosedWon) -> Result<Deal, Error> {
    if let Some(name) = &won.deal_name {
        deal.name = checked_name("deal", name)?;
    }
    let old = deal.terms;
    deal.terms = checked_terms(DealTerms {
        segment: won.segment.clone().or(old.segment),
        territory: won.territory.clone().or(old.territory),
        product: old.product,
        amount: won.amount.clone().or(old.amount),
        currency: won.currency.clone().or(old.currency),
        closed_at: won.closed_at.or(old.closed_at).or_else(|| Some(app.clock.now())),
    })?;
    if deal.owner.is_none() {
        deal.owner = person(conn, &deal.tenant, won.owner_email.as_deref(), Role::Ae).await?;
    }
    if deal.csm.is_none() {
        deal.csm = person(conn, &deal.tenant, won.csm_email.as_deref(), Role::Csm).await?;
    }
    Ok(deal)
}

/// The tenant's person with this mail address, if they can hold this place: a deal whose manager may not accept it would be
/// stuck, where one without a manager is seen to.
async fn person(conn: &mut Conn, tenant: &TenantId, email: Option<&str>, role: Role) -> Result<Option<UserId>, Error> {
    let Some(email) = email else { return Ok(None) };
    let known = users::find_by_email(conn, email).await?.map(|known| known.user);
    Ok(known.filter(|user| user.tenant == *tenant && can_be(user, role)).map(|user| user.id))
}
