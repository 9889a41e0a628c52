//! One person's decision on one item, on a whole field, or on a field that stays unknown.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::discretion::for_the_log;
use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::deal::{Deal, DealState};
use crate::domain::field::Field;
use crate::domain::finding::Finding;
use crate::domain::ids::{DealId, ItemId};
use crate::domain::item::{Edit, EditAction, Item, ItemState, Origin};
use crate::engine::QuoteRole;
use crate::error::Error;
use crate::store::items::{Place, StoredItem};
use crate::store::{Conn, deals, items};

/// Characters of a statement at most.
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

/// How an item stood before a decision: what [`Decision::Undo`] goes back to.
#[derive(Debug, Serialize, Deserialize)]
struct Standing {
    statement: String,
    finding: Finding,
    state: ItemState,
    confidence: Option<f32>,
    decided_by: Option<String>,
    reworded_by: Option<String>,
}

impl Standing {
    fn of(item: &Item) -> Self {
        Self {
            statement: item.statement.clone(),
            finding: item.finding.clone(),
            state: item.state,
            confidence: item.confidence,
            decided_by: item.decided_by.clone(),
            reworded_by: item.reworded_by.clone(),
        }
    }

    fn restore(self, item: &mut Item) {
        item.statement = self.statement;
        item.finding = self.finding;
        item.state = self.state;
        item.confidence = self.confidence;
        item.decided_by = self.decided_by;
        item.reworded_by = self.reworded_by;
    }

    fn json(&self) -> Result<serde_json::Value, Error> {
        serde_json::to_value(self).map_err(|error| Error::Internal(error.into()))
    }
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

async fn decide_in(
    conn: &mut Conn,
    caller: &Caller,
    stored: StoredItem,
    decision: Decision,
    now: Timestamp,
) -> Result<(), Error> {
    let mut item = stored.item;
    let history = if decision == Decision::Undo { items::edits(conn, &item.id).await? } else { Vec::new() };
    let edit = apply(&mut item, decision, &caller.name, &history, now)?;
    items::update(conn, &item, now).await?;
    items::insert_edit(conn, &item.id, &edit).await?;
    if item.state == ItemState::Approved {
        // An answered field is not unknown.
        deals::unmark_unknown(conn, &stored.deal, item.field()).await?;
    }
    deals::change(conn, &stored.deal, DealState::InReview).await?;
    let change = Change {
        action: action_word(edit.action),
        subject: item.id.to_string(),
        deal: Some(&stored.deal),
        before: edit.before,
        after: edit.after,
        reason: edit.reason,
    };
    audit::record(conn, caller, for_the_log(change), now).await
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

fn apply(item: &mut Item, decision: Decision, actor: &str, history: &[Edit], at: Timestamp) -> Result<Edit, Error> {
    let before = Standing::of(item).json()?;
    let mut reason = None;
    let action = match decision {
        Decision::Approve => {
            item.state = ItemState::Approved;
            EditAction::Approve
        }
        Decision::Reject { reason: given } => {
            item.state = ItemState::Rejected;
            reason = given;
            EditAction::Reject
        }
        Decision::Edit { statement, finding } => {
            if let Some(statement) = statement {
                item.statement = checked_statement(&statement)?;
            }
            item.finding = finding.unwrap_or_else(|| item.finding.clone());
            item.state = ItemState::Approved;
            (item.confidence, item.reworded_by) = (None, Some(actor.to_owned()));
            EditAction::Edit
        }
        Decision::Undo => EditAction::Undo,
    };
    if action == EditAction::Undo {
        last_standing(history)?.restore(item);
    } else {
        item.decided_by = Some(actor.to_owned());
    }
    let after = Some(Standing::of(item).json()?);
    Ok(Edit { action, actor: actor.to_owned(), at, before: Some(before), after, reason })
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

/// What became of a whole field's approval.
#[derive(Debug, Default)]
pub struct Approved {
    /// The items that were approved.
    pub approved: Vec<StoredItem>,
    /// Those that want a look of their own.
    pub skipped: Vec<Skipped>,
}

/// An item that is not approved in passing.
#[derive(Debug)]
pub struct Skipped {
    /// The item.
    pub id: ItemId,
    /// Why.
    pub why: &'static str,
}

/// Approves what nobody has decided on yet in a field. What has words against it, a contract that says otherwise, or
/// citations that broke is left for a look of its own.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights.
pub async fn approve_field(app: &App, caller: &Caller, id: &DealId, field: Field) -> Result<Approved, Error> {
    let mut tx = app.store.write().await?;
    caller.deal(&mut tx, id, Act::Review).await?;
    let mut outcome = Approved::default();
    let open = |stored: &StoredItem| stored.item.field() == field && stored.item.state == ItemState::Drafted;
    for stored in items::list(&mut tx, id).await?.into_iter().filter(open) {
        let item_id = stored.item.id.clone();
        if let Some(why) = wants_a_look(&stored) {
            outcome.skipped.push(Skipped { id: item_id, why });
            continue;
        }
        decide_in(&mut tx, caller, stored, Decision::Approve, app.clock.now()).await?;
        outcome.approved.extend(items::find(&mut tx, &caller.tenant, &item_id).await?);
    }
    tx.commit().await?;
    Ok(outcome)
}

/// Why an item is not to be approved in passing.
#[must_use]
fn wants_a_look(stored: &StoredItem) -> Option<&'static str> {
    let contradicted = matches!(&stored.item.finding, Finding::Commitment(promise)
        if promise.contract == Some(crate::domain::finding::ContractStatus::Contradicted));
    if !stored.broken.is_empty() {
        Some("the cited words have moved")
    } else if stored.item.citations.iter().any(|citation| citation.role() == QuoteRole::Counter) {
        Some("the record also says something against it")
    } else if contradicted {
        Some("the contract says otherwise")
    } else {
        None
    }
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

/// Marks a field as asked and unknown, or takes the mark back.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Conflict`] when the field has an approved
/// item.
pub async fn mark_unknown(app: &App, caller: &Caller, id: &DealId, field: Field, unknown: bool) -> Result<(), Error> {
    let mut tx = app.store.write().await?;
    caller.deal(&mut tx, id, Act::Review).await?;
    let now = app.clock.now();
    let changed = if unknown {
        let is_answer = |s: &StoredItem| s.item.field() == field && s.item.state == ItemState::Approved;
        if items::list(&mut tx, id).await?.iter().any(is_answer) {
            return Err(Error::Conflict(format!(
                "`{field}` has an approved item, so it is not unknown; reject that first"
            )));
        }
        deals::mark_unknown(&mut tx, id, field, &caller.name, now).await?
    } else {
        deals::unmark_unknown(&mut tx, id, field).await?
    };
    if changed {
        deals::change(&mut tx, id, DealState::InReview).await?;
        let change = Change {
            action: "field.marked",
            subject: field.as_str().to_owned(),
            deal: Some(id),
            before: Some(json!({"unknown": !unknown})),
            after: Some(json!({"unknown": unknown})),
            reason: None,
        };
        audit::record(&mut tx, caller, change, now).await?;
    }
    tx.commit().await?;
    Ok(())
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
