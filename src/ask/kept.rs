//! Answers as they are kept: read by whoever may see what they rest on, shared, and stale once the record has changed.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize as _, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::document::{AnswerDocument, Basis, Searched};
use super::record::Over;
use super::within;
use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::ids::{AccountId, AnswerId, DealId, TenantId, UserId};
use crate::domain::user::Role;
use crate::error::Error;
use crate::store::answers::{self, Standing};
use crate::store::{Conn, accounts, transcripts};

/// Answers in a list.
const LIST: u32 = 50;

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// Its id.
    pub id: AnswerId,
    /// Whose record was asked.
    pub tenant: TenantId,
    /// What was asked.
    pub over: Over,
    /// Who asked; none for what was answered ahead.
    pub asked_by: Option<UserId>,
    /// The `baton.answer/1` document.
    pub document: Value,
    /// Whether it states a note about a person.
    pub sensitive: bool,
    /// Whether others may read it, as far as they may see its deals.
    pub shared: bool,
    /// When it was answered.
    pub created_at: Timestamp,
}

/// A kept answer as others read it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct KeptAnswer {
    /// Its id.
    pub id: AnswerId,
    /// The deal that was asked, where it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deal: Option<DealId>,
    /// The account that was asked, where it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Who asked; none for what was answered ahead.
    pub asked_by: Option<UserId>,
    /// Whether others may read it, as far as they may see its deals.
    pub shared: bool,
    /// When it was answered.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// What has changed since in the record it rests on; empty while it stands.
    pub stale: Vec<String>,
    /// The answer.
    #[schema(value_type = AnswerDocument)]
    pub answer: Value,
}

impl Answered {
    /// As others read it.
    pub(super) fn told(self, stale: Vec<String>) -> KeptAnswer {
        let (account, deal) = self.over.ids();
        KeptAnswer {
            id: self.id,
            deal: deal.cloned(),
            account: account.cloned(),
            asked_by: self.asked_by,
            shared: self.shared,
            created_at: self.created_at,
            stale,
            answer: self.document,
        }
    }
}

/// What the caller may search now, of an account or of everything.
type Extents = HashMap<Option<AccountId>, Searched>;

/// A kept answer, if the caller may read it: it is theirs, shared or answered ahead, and they may see every deal it rests on.
///
/// # Errors
///
/// [`Error::NotFound`] where they may not.
pub async fn read(app: &App, caller: &Caller, id: &AnswerId) -> Result<KeptAnswer, Error> {
    caller.require_scope(Act::SeeDeal)?;
    let mut conn = app.store.snapshot().await?;
    let found = answers::find(&mut conn, &caller.tenant, id).await?;
    let told = match found {
        Some(answer) => told(&mut conn, caller, answer).await?,
        None => None,
    };
    told.ok_or_else(|| Error::not_found("answer", id))
}

/// The newest answers that the caller may read.
///
/// # Errors
///
/// [`Error::NotFound`] where the caller may not see the deal or the account.
pub async fn list(app: &App, caller: &Caller, over: &Over) -> Result<Vec<KeptAnswer>, Error> {
    let mut conn = app.store.snapshot().await?;
    let (account, deal) = over.ids();
    within::reach(&mut conn, caller, account, deal).await?;
    let mut listed = Vec::new();
    let (user, sight, mut extents) = (caller.user.as_ref(), caller.sight(), Extents::new());
    for answer in answers::list(&mut conn, &caller.tenant, user, &sight, over, LIST).await? {
        listed.extend(told_within(&mut conn, caller, answer, &mut extents).await?);
    }
    Ok(listed)
}

/// The answer with what has changed since, if the caller may read it.
pub(super) async fn told(conn: &mut Conn, caller: &Caller, answer: Answered) -> Result<Option<KeptAnswer>, Error> {
    told_within(conn, caller, answer, &mut Extents::new()).await
}

/// The same for one of several.
async fn told_within(
    conn: &mut Conn,
    caller: &Caller,
    answer: Answered,
    extents: &mut Extents,
) -> Result<Option<KeptAnswer>, Error> {
    let own = caller.user.is_some() && caller.user == answer.asked_by;
    if !own && !answer.shared && answer.asked_by.is_some() {
        return Ok(None);
    }
    let mut stale = Vec::new();
    for then in answers::rests_on(conn, &answer.id).await? {
        let Ok(deal) = caller.deal(conn, &then.deal, Act::SeeDeal).await else { return Ok(None) };
        if answer.sensitive && !caller.may_with(Act::SeeSensitive, &deal) {
            return Ok(None);
        }
        let Some(now) = answers::standing(conn, &then.deal).await? else { continue };
        stale.extend(changed(&then, &now).map(|what| format!("{}: {what}", deal.name)));
    }
    if let Over::Account(account) = &answer.over
        && accounts::find(conn, &caller.tenant, &caller.sight(), account).await?.is_none()
    {
        return Ok(None);
    }
    if own && stale.is_empty() {
        stale.extend(grown(conn, caller, &answer, extents).await?);
    }
    let several = !matches!(answer.over, Over::Deal(_));
    let mut told = answer.told(stale);
    if !own
        && several
        && let Some(document) = told.answer.as_object_mut()
    {
        // How much there is within the asker's reach, and which deals of it have gaps, is theirs to know.
        document.remove("searched");
        document.remove("missing");
    }
    Ok(Some(told))
}

/// What has changed in a deal that an answer rests on.
const fn changed(then: &Standing, now: &Standing) -> Option<&'static str> {
    if now.sources > then.sources {
        Some("a source came in or was corrected")
    } else if now.sources < then.sources {
        Some("a source was removed")
    } else if now.revision != then.revision {
        Some("its draft or its review has changed")
    } else {
        None
    }
}

/// That there is more or less to search than there was, for an answer that speaks of all of it: of an account, or of everything
/// where it counts, or says that something is not there. It does not rest on each deal by itself.
async fn grown(
    conn: &mut Conn,
    caller: &Caller,
    answer: &Answered,
    extents: &mut Extents,
) -> Result<Option<String>, Error> {
    let (account, deal) = answer.over.ids();
    let basis = Basis::deserialize(&answer.document["basis"]).ok();
    if deal.is_some() || (account.is_none() && basis == Some(Basis::Record)) {
        return Ok(None);
    }
    let Ok(then) = Searched::deserialize(&answer.document["searched"]) else { return Ok(None) };
    let now = if let Some(known) = extents.get(&account.cloned()) {
        *known
    } else {
        let (sources, turns) = transcripts::extent(conn, &caller.tenant, &caller.sight(), account, None).await?;
        let now = Searched { sources, turns };
        extents.insert(account.cloned(), now);
        now
    };
    if then == now {
        return Ok(None);
    }
    let told = |sources: u64| if sources == 1 { "1 source".to_owned() } else { format!("{sources} sources") };
    Ok(Some(if then.sources == now.sources {
        "a source was corrected since".to_owned()
    } else {
        format!("{} could be searched then, {} now", told(then.sources), told(now.sources))
    }))
}

/// Shares the caller's own answer with the tenant, or takes that back.
///
/// # Errors
///
/// [`Error::NotFound`] where it is not theirs to read, [`Error::Forbidden`] where it is another's, or for a token.
pub async fn share(app: &App, caller: &Caller, id: &AnswerId, shared: bool) -> Result<KeptAnswer, Error> {
    caller.require_session()?;
    let answer = read(app, caller, id).await?;
    if answer.asked_by != caller.user && caller.role != Role::Admin {
        return Err(Error::Forbidden("an answer is shared by whoever asked, or by an admin".to_owned()));
    }
    let mut tx = app.store.write().await?;
    answers::set_shared(&mut tx, id, shared).await?;
    tx.commit().await?;
    Ok(KeptAnswer { shared, ..answer })
}
