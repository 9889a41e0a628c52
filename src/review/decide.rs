//! One person's decision on one item.

use jiff::Timestamp;

use super::discretion::for_the_log;
use super::standing::Standing;
use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::deal::{Deal, DealState};
use crate::domain::field::Field;
use crate::domain::finding::Finding;
use crate::domain::handoff::MarkedUnknown;
use crate::domain::ids::{DealId, ItemId};
use crate::domain::item::{Edit, EditAction, Item, ItemState, Origin};
use crate::error::Error;
use crate::store::items::{Place, StoredItem};
use crate::store::{Conn, deals, items};

/// Characters of a statement, or of a reason, at most.
const MAX_STATEMENT_CHARS: usize = 2_000;

/// What a person decides on one item.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// It is right as it stands.
    Approve,
    /// It is wrong or does not matter.
    Reject {
        /// Why.
        reason: Option<String>,
    },
    /// It is right with other words or attributes; whoever rewrites an item stands behind it, so it is approved.
    Edit {
        /// The new statement, where it changes.
        statement: Option<String>,
        /// The new field and attributes, where they change.
        finding: Option<Finding>,
    },
    /// The last decision was a slip: everything as it was before it.
    Undo,
}

/// Decides on an item. `read_revision` is the revision the person was looking at.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Stale`] when somebody changed the item
/// meanwhile; [`Error::Invalid`] for an empty statement; [`Error::Conflict`] when there is nothing to undo.
pub async fn decide(
    app: &App,
    caller: &Caller,
    id: &ItemId,
    read_revision: i64,
    decision: Decision,
) -> Result<StoredItem, Error> {
    let mut tx = app.store.write().await?;
    let stored = caller.item(&mut tx, id, Act::Review).await?;
    if stored.revision != read_revision {
        return Err(Error::Stale { sent: read_revision, current: stored.revision });
    }
    decide_in(&mut tx, caller, stored, decision, app.clock.now()).await?;
    let updated = items::find(&mut tx, &caller.tenant, id).await?.ok_or_else(|| Error::not_found("item", id))?;
    tx.commit().await?;
    Ok(updated)
}

pub(super) async fn decide_in(
    conn: &mut Conn,
    caller: &Caller,
    stored: StoredItem,
    decision: Decision,
    now: Timestamp,
) -> Result<(), Error> {
    let mut item = stored.item;
    let mut before = Standing::of(&item);
    let history = if decision == Decision::Undo { items::edits(conn, &item.id).await? } else { Vec::new() };
    let decided = apply(&mut item, decision, &caller.name, &history)?;
    items::update(conn, &item, now).await?;
    if item.state == ItemState::Approved {
        // An answered field is not unknown.
        before.marked_unknown = take_mark(conn, &stored.deal, item.field()).await?;
    }
    if let Some(mark) = &decided.marked_again {
        mark_again(conn, &stored.deal, mark).await?;
    }
    let after = Standing::of(&item);
    let edit = Edit {
        action: decided.action,
        actor: caller.name.clone(),
        at: now,
        before: Some(before.json()?),
        after: Some(after.json()?),
        reason: decided.reason,
    };
    items::insert_edit(conn, &item.id, &edit).await?;
    deals::change(conn, &stored.deal, DealState::InReview).await?;
    let change = Change {
        action: action_word(decided.action),
        subject: item.id.to_string(),
        deal: Some(&stored.deal),
        before: edit.before,
        after: edit.after,
        reason: edit.reason,
    };
    audit::record(conn, caller, for_the_log(change), now).await
}

/// Takes the mark "asked, unknown" off a field, and says what it was.
async fn take_mark(conn: &mut Conn, deal: &DealId, field: Field) -> Result<Option<MarkedUnknown>, Error> {
    let mark = deals::marked_unknown(conn, deal).await?.into_iter().find(|mark| mark.field == field);
    deals::unmark_unknown(conn, deal, field).await?;
    Ok(mark)
}

/// Marks a field unknown as it was before an approval that is undone, unless another item answers it by now.
async fn mark_again(conn: &mut Conn, deal: &DealId, mark: &MarkedUnknown) -> Result<(), Error> {
    let answers = |s: &StoredItem| s.item.field() == mark.field && s.item.state == ItemState::Approved;
    if !items::list(conn, deal).await?.iter().any(answers) {
        deals::mark_unknown(conn, deal, mark.field, &mark.by, mark.at).await?;
    }
    Ok(())
}

const fn action_word(action: EditAction) -> &'static str {
    match action {
        EditAction::Approve => "item.approved",
        EditAction::Edit => "item.edited",
        EditAction::Reject => "item.rejected",
        EditAction::Attest => "item.attested",
        EditAction::Renew => "item.renewed",
        EditAction::Undo => "item.decision_undone",
    }
}

/// What a decision did beside changing the item.
struct Decided {
    action: EditAction,
    reason: Option<String>,
    /// The mark that the decision which is undone took off the field.
    marked_again: Option<MarkedUnknown>,
}

fn apply(item: &mut Item, decision: Decision, actor: &str, history: &[Edit]) -> Result<Decided, Error> {
    let mut decided = Decided { action: EditAction::Approve, reason: None, marked_again: None };
    match decision {
        Decision::Approve => item.state = ItemState::Approved,
        Decision::Reject { reason } => {
            item.state = ItemState::Rejected;
            decided = Decided { action: EditAction::Reject, reason: checked_reason(reason)?, ..decided };
        }
        Decision::Edit { statement, finding } => {
            if let Some(statement) = statement {
                item.statement = checked_statement(&statement)?;
            }
            item.finding = finding.unwrap_or_else(|| item.finding.clone());
            item.state = ItemState::Approved;
            (item.confidence, item.reworded_by) = (None, Some(actor.to_owned()));
            decided.action = EditAction::Edit;
        }
        Decision::Undo => {
            let before = last_standing(history)?;
            decided = Decided { action: EditAction::Undo, marked_again: before.marked_unknown.clone(), ..decided };
            before.restore(item);
            return Ok(decided);
        }
    }
    item.decided_by = Some(actor.to_owned());
    Ok(decided)
}

/// How the item stood before the last decision that was not undone yet. What a later draft brought is no decision, and
/// nothing before it is gone back to.
fn last_standing(history: &[Edit]) -> Result<Standing, Error> {
    let mut standings: Vec<&Edit> = Vec::new();
    for edit in history {
        match edit.action {
            EditAction::Approve | EditAction::Edit | EditAction::Reject => standings.push(edit),
            EditAction::Undo => drop(standings.pop()),
            EditAction::Attest | EditAction::Renew => standings.clear(),
        }
    }
    let before = standings.pop().and_then(|edit| edit.before.clone());
    before
        .and_then(|before| serde_json::from_value(before).ok())
        .ok_or_else(|| Error::Conflict("there is no decision on this item to undo".to_owned()))
}

/// Adds what a person knows from memory. It is approved at once, marked as attested, and never looks like a quote.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Invalid`] for an empty statement.
pub async fn attest(
    app: &App,
    caller: &Caller,
    id: &DealId,
    finding: Finding,
    statement: &str,
) -> Result<StoredItem, Error> {
    let mut tx = app.store.write().await?;
    let deal = caller.deal(&mut tx, id, Act::Review).await?;
    let item = attest_in(&mut tx, caller, &deal, finding, statement, app.clock.now()).await?;
    let stored = items::find(&mut tx, &caller.tenant, &item).await?.ok_or_else(|| Error::not_found("item", &item))?;
    tx.commit().await?;
    Ok(stored)
}

async fn attest_in(
    conn: &mut Conn,
    caller: &Caller,
    deal: &Deal,
    finding: Finding,
    statement: &str,
    now: Timestamp,
) -> Result<ItemId, Error> {
    let item = Item {
        id: ItemId::generate(),
        finding,
        statement: checked_statement(statement)?,
        confidence: None,
        origin: Origin::Person,
        attested_by: Some(caller.name.clone()),
        reworded_by: None,
        decided_by: Some(caller.name.clone()),
        state: ItemState::Approved,
        citations: Vec::new(),
    };
    let after = Some(Standing::of(&item).json()?);
    let action = EditAction::Attest;
    let edit = Edit { action, actor: caller.name.clone(), at: now, before: None, after: after.clone(), reason: None };
    let place = Place { position: i64::MAX, revision: deal.revision + 1 };
    items::insert(conn, &caller.tenant, &deal.id, &item, place, now).await?;
    items::insert_edit(conn, &item.id, &edit).await?;
    deals::unmark_unknown(conn, &deal.id, item.field()).await?;
    deals::change(conn, &deal.id, DealState::InReview).await?;
    let (action, subject) = (action_word(action), item.id.to_string());
    let change = Change { action, subject, deal: Some(&deal.id), after, ..Change::default() };
    audit::record(conn, caller, for_the_log(change), now).await?;
    Ok(item.id)
}

/// The reason that somebody gives, where they give one.
pub(super) fn checked_reason(reason: Option<String>) -> Result<Option<String>, Error> {
    let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    match reason.as_ref().map_or(0, |reason| reason.chars().count()) {
        n if n > MAX_STATEMENT_CHARS => {
            Err(Error::Invalid(format!("the reason has {n} characters; at most {MAX_STATEMENT_CHARS} are taken")))
        }
        _ => Ok(reason),
    }
}

fn checked_statement(statement: &str) -> Result<String, Error> {
    let statement = statement.trim();
    match statement.chars().count() {
        0 => Err(Error::Invalid("the statement is empty; say what the item says".to_owned())),
        n if n > MAX_STATEMENT_CHARS => {
            Err(Error::Invalid(format!("the statement has {n} characters; at most {MAX_STATEMENT_CHARS} are taken")))
        }
        _ => Ok(statement.to_owned()),
    }
}
