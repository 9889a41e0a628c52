//! The pulse of day 14 and the check-in of day 30.

use serde_json::json;

use super::deadlines::finished;
use super::{checked_note, checked_rating};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::handover::{CheckIn, CheckInKind};
use crate::domain::ids::{CheckInId, DealId};
use crate::domain::policy::Step;
use crate::error::Error;
use crate::store::{deals, handover};

/// Repetitions at most: beyond that somebody mistyped.
const MAX_REPEATS: u32 = 1_000;

/// A check to be recorded.
#[derive(Debug, Clone)]
pub struct NewCheckIn {
    /// Pulse or check-in.
    pub kind: CheckInKind,
    /// How often the customer had to say again what the record held already.
    pub repeats: u32,
    /// The customer's own rating, 1 to 5.
    pub satisfaction: Option<u8>,
    /// Whether something had to be escalated.
    pub escalated: bool,
    /// In words.
    pub note: Option<String>,
}

/// Records how the customer fares; the step's clock stops.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Invalid`] for numbers out of range.
pub async fn record_check_in(app: &App, caller: &Caller, id: &DealId, new: NewCheckIn) -> Result<CheckIn, Error> {
    let mut tx = app.store.write().await?;
    caller.deal(&mut tx, id, Act::Receive).await?;
    if new.repeats > MAX_REPEATS {
        return Err(Error::Invalid(format!(
            "{} repetitions are more than the {MAX_REPEATS} that are taken",
            new.repeats
        )));
    }
    let check_in = CheckIn {
        id: CheckInId::generate(),
        deal_id: id.clone(),
        kind: new.kind,
        repeats: new.repeats,
        satisfaction: new.satisfaction.map(checked_rating).transpose()?,
        escalated: new.escalated,
        note: checked_note("note", new.note)?,
        recorded_by: caller.name.clone(),
        at: app.clock.now(),
    };
    handover::insert_check_in(&mut tx, &caller.tenant, &check_in).await?;
    let step = match check_in.kind {
        CheckInKind::Pulse => Step::Pulse,
        CheckInKind::CheckIn => Step::CheckIn,
    };
    finished(&mut tx, caller, id, step, check_in.at).await?;
    deals::touch(&mut tx, id).await?;
    let change = Change {
        action: "check_in.recorded",
        subject: check_in.id.to_string(),
        deal: Some(id),
        after: Some(json!({
            "kind": check_in.kind, "repeats": check_in.repeats, "satisfaction": check_in.satisfaction,
            "escalated": check_in.escalated,
        })),
        ..Change::default()
    };
    audit::record(&mut tx, caller, change, check_in.at).await?;
    tx.commit().await?;
    Ok(check_in)
}
