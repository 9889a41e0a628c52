//! Use cases from the won deal to day 30: who receives it, until when, what they say of it, and what the record gains by it.
//!
//! ```text
//! closed-won notice ─ deal, owner, CSM by rule, clocks by policy
//! final version ─ accept | return with reasons ─ questions, the customer's corrections ─ pulse ─ check-in
//! ```

mod assignment;
mod check_in;
mod closed_won;
mod deadlines;
mod documents;
mod evidence;
mod policies;
mod reading;
mod receive;

pub(crate) use assignment::checked_terms;
pub use assignment::{DealChange, change_deal, close_deal};
pub use check_in::{NewCheckIn, record_check_in};
pub use closed_won::{Outcome, report};
pub use deadlines::{finished, mark_step, remind};
pub use documents::{document, keep_documents, version_changes};
pub use evidence::{NewCorrection, answer, ask, correct};
pub use policies::{add_assignment_rule, remove_assignment_rule, set_sla_policies, set_sla_policy};
pub use reading::{questions, receipts};
pub use receive::{accept, give_back};

use jiff::Timestamp;
use serde_json::Value;

use crate::access::Sight;
use crate::app::App;
use crate::domain::deal::Deal;
use crate::error::Error;
use crate::hooks::event::{Event, EventDeal, EventKind};
use crate::hooks::outbox;
use crate::store::{Conn, accounts};

/// The name of the SLA policies among the settings.
pub const SLA_POLICIES: &str = "sla_policies";
/// The name of the assignment rules among the settings.
pub const ASSIGNMENT_RULES: &str = "assignment_rules";

/// Characters of a question, an answer, a comment or a correction at most.
const MAX_TEXT_CHARS: usize = 4_000;

/// Tells other systems what happened to a deal, in the transaction in which it happens.
///
/// # Errors
///
/// When the records cannot be written.
pub async fn tell(
    app: &App,
    conn: &mut Conn,
    deal: &Deal,
    kind: EventKind,
    data: Value,
    now: Timestamp,
) -> Result<(), Error> {
    let account = accounts::find(conn, &deal.tenant, &Sight::All, &deal.account_id).await?;
    let about = EventDeal {
        id: deal.id.clone(),
        name: deal.name.clone(),
        account: account.map(|account| account.name).unwrap_or_default(),
        url: format!("{}/deals/{}", app.settings.server.base_url(), deal.id),
    };
    outbox::publish(conn, &deal.tenant, &Event::new(kind, now).about(about).with(data), now).await?;
    Ok(())
}

/// What somebody wrote, if it is not empty and not too long.
fn checked_text(what: &str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Error::Invalid(format!("the {what} is empty"))),
        n if n > MAX_TEXT_CHARS => {
            Err(Error::Invalid(format!("the {what} has {n} characters; at most {MAX_TEXT_CHARS} are taken")))
        }
        _ => Ok(text.to_owned()),
    }
}

/// [`checked_text`], where nothing at all is fine too.
fn checked_note(what: &str, text: Option<String>) -> Result<Option<String>, Error> {
    text.filter(|text| !text.trim().is_empty()).map(|text| checked_text(what, &text)).transpose()
}

/// A rating on the scale of 1 to 5.
fn checked_rating(rating: u8) -> Result<u8, Error> {
    match rating {
        1..=5 => Ok(rating),
        other => Err(Error::Invalid(format!("the rating is {other}; 1 to 5 are taken"))),
    }
}
