//! What matters most comes first: documents that cannot show everything show these.

use std::cmp::Reverse;

use jiff::civil::Date;

use super::words::{due_day, repeats};
use crate::domain::field::Field;
use crate::domain::finding::{
    Commitment, ContractStatus, Finding, History, Level, Objection, ObjectionStatus, Risk, Role, Stakeholder, Stance,
    Strength, SuccessCriteria, Timeline, WhyKind,
};
use crate::domain::record::{HandoffRecord, ItemRecord};
use crate::domain::transcript::Side;

/// An item with its attributes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'a, A> {
    pub(super) item: &'a ItemRecord,
    pub(super) told: &'a A,
}

pub(super) type Promise<'a> = Told<'a, Commitment>;

impl Promise<'_> {
    /// Whether it still counts: no newer word replaced it and nobody took it back.
    pub(super) fn is_live(&self) -> bool {
        !matches!(self.told.history, Some(History::Superseded | History::Withdrawn))
    }

    /// Whether the words bind: without a hedge, or once a condition is met.
    pub(super) fn binds(&self) -> bool {
        matches!(self.told.strength, Some(Strength::Firm | Strength::Conditional))
    }

    pub(super) fn is_contradicted(&self) -> bool {
        self.told.contract == Some(ContractStatus::Contradicted)
    }

    pub(super) fn is_unwritten(&self) -> bool {
        self.told.contract == Some(ContractStatus::Unwritten)
    }

    pub(super) fn is_owed_by(&self, side: Side) -> bool {
        self.told.owed_by == Some(side)
    }

    pub(super) fn due_day(&self) -> Option<Date> {
        self.told.due.as_deref().and_then(due_day)
    }

    /// Whether we owe it and it is at odds with the contract, or missing there.
    pub(super) fn is_unsettled(&self) -> bool {
        (self.is_contradicted() || self.is_unwritten()) && !self.is_owed_by(Side::Customer)
    }

    fn rank(&self) -> impl Ord + use<> {
        let contract = match self.told.contract {
            _ if !self.is_unsettled() => 2,
            Some(ContractStatus::Contradicted) => 0,
            _ => 1,
        };
        let said_once = !matches!(self.told.history, Some(History::Repeated | History::Changed));
        let firm = self.told.strength == Some(Strength::Firm);
        let due = self.due_day().unwrap_or(Date::MAX);
        if contract == 2 {
            return (contract, false, false, due, !self.is_owed_by(Side::Vendor), doubt(self.item));
        }
        (contract, !firm, said_once, due, !self.is_owed_by(Side::Vendor), doubt(self.item))
    }
}

/// Where a promise comes among others, for whoever sorts by a number: those at odds with the contract, then those missing in
/// it, then the rest that bind, then what binds nobody; the earliest due first.
pub(crate) fn promise_weight(item: &ItemRecord, told: &Commitment) -> (u8, i64) {
    let promise = Told { item, told };
    let contract = match (promise.is_unsettled(), promise.is_contradicted()) {
        _ if !promise.binds() => 3,
        (true, true) => 0,
        (true, false) => 1,
        (false, _) => 2,
    };
    let day = promise.due_day().unwrap_or(Date::MAX);
    (contract, i64::from(day.year()) * 366 + i64::from(day.day_of_year()))
}

/// How unsure an item is, in thousandths; what a person wrote is sure.
#[expect(clippy::cast_possible_truncation, reason = "clamped to 0 to 1000 before the cast")]
pub(crate) fn doubt(item: &ItemRecord) -> i32 {
    item.confidence.map_or(0, |sure| ((1.0 - sure.clamp(0.0, 1.0)) * 1000.0) as i32)
}

/// The items of one field with their attributes, in the order of the record.
macro_rules! told {
    ($name:ident, $variant:ident, $attributes:ty) => {
        pub(super) fn $name(record: &HandoffRecord) -> Vec<Told<'_, $attributes>> {
            record
                .items
                .iter()
                .filter_map(|item| match &item.finding {
                    Finding::$variant(told) => Some(Told { item, told }),
                    _ => None,
                })
                .collect()
        }
    };
}

told!(all_promises, Commitment, Commitment);
told!(all_people, Stakeholder, Stakeholder);
told!(all_goals, SuccessCriteria, SuccessCriteria);
told!(all_dates, Timeline, Timeline);
told!(all_risks, Risk, Risk);
told!(all_objections, Objection, Objection);
told!(all_reasons, WhyBought, crate::domain::finding::WhyBought);
told!(all_scope, Scope, crate::domain::finding::Scope);

/// The live promises, those that will cause friction first.
pub(super) fn promises(record: &HandoffRecord) -> Vec<Promise<'_>> {
    let mut live = all_promises(record);
    live.retain(Promise::is_live);
    live.sort_by_cached_key(Promise::rank);
    live
}

/// The live promises, the earliest due first and those without a day last.
pub(super) fn promises_by_day(record: &HandoffRecord) -> Vec<Promise<'_>> {
    let mut live = promises(record);
    live.sort_by_key(|promise| promise.due_day().unwrap_or(Date::MAX));
    live
}

/// Without those that say what an earlier one says, for the same day: what is repeated to a customer looks careless.
pub(super) fn said_once(promises: Vec<Promise<'_>>) -> Vec<Promise<'_>> {
    let mut kept: Vec<Promise<'_>> = Vec::new();
    for promise in promises {
        let same = |before: &Promise<'_>| {
            before.due_day() == promise.due_day() && repeats(&before.item.statement, &promise.item.statement)
        };
        if !kept.iter().any(same) {
            kept.push(promise);
        }
    }
    kept
}

/// Success criteria, those with a measure and a date first.
pub(super) fn goals(record: &HandoffRecord) -> Vec<Told<'_, SuccessCriteria>> {
    let mut goals = all_goals(record);
    goals.sort_by_key(|goal| (goal.told.metric.is_none(), goal.told.due.is_none(), doubt(goal.item)));
    goals
}

/// Why they bought: one reason of each kind before a second of any, what is still urgent first.
pub(super) fn reasons(record: &HandoffRecord) -> Vec<&ItemRecord> {
    let mut reasons = all_reasons(record);
    reasons.sort_by_key(|why| (why.told.still_urgent != Some(true), doubt(why.item)));
    let mut seen: Vec<(usize, Option<WhyKind>)> = Vec::new();
    let mut rounds: Vec<(usize, Option<WhyKind>, &ItemRecord)> = Vec::new();
    for why in reasons {
        let round = seen.iter().filter(|(_, kind)| *kind == why.told.kind).count();
        seen.push((round, why.told.kind));
        rounds.push((round, why.told.kind, why.item));
    }
    rounds.sort_by_key(|(round, kind, _)| (*round, kind.is_none(), *kind));
    rounds.into_iter().map(|(_, _, item)| item).collect()
}

/// The people, those who decide, push or stand in the way first.
pub(super) fn people(record: &HandoffRecord) -> Vec<Told<'_, Stakeholder>> {
    let mut people = all_people(record);
    people.sort_by_key(|person| (person_weight(person.told), doubt(person.item)));
    people
}

/// Where a person comes among others: who decides, pushes or stands in the way first.
pub(crate) fn person_weight(person: &Stakeholder) -> (u8, i64) {
    let role = person.roles.iter().flatten().map(|role| weight(*role)).min().unwrap_or(u8::MAX);
    // Who leaves takes something along.
    let role = if person.leaving == Some(true) { role.min(weight(Role::ProjectLead)) } else { role };
    let influence = match person.influence {
        Some(Level::High) => 0,
        Some(Level::Medium) => 1,
        Some(Level::Low) => 2,
        None => 3,
    };
    (role, influence)
}

const fn weight(role: Role) -> u8 {
    match role {
        Role::EconomicBuyer => 0,
        Role::Champion => 1,
        Role::ExecutiveSponsor => 2,
        Role::Detractor => 3,
        Role::Skeptic => 4,
        Role::ProjectLead => 5,
        Role::Technical => 6,
        Role::Admin => 7,
        Role::LegalProcurement => 8,
        Role::Evaluator => 9,
        Role::EndUser => 10,
    }
}

/// Whether the person is against it or doubts it, as far as the record goes.
pub(super) fn doubts(person: &Stakeholder) -> bool {
    match person.stance {
        Some(Stance::Skeptical | Stance::Opposed) => true,
        // A skeptic who was won.
        Some(Stance::Supportive) => false,
        _ => has_doubter_role(person),
    }
}

/// Whether the person is called somebody who is against it or doubts it.
pub(super) fn has_doubter_role(person: &Stakeholder) -> bool {
    person.roles.iter().flatten().any(|role| matches!(role, Role::Skeptic | Role::Detractor))
}

/// Risks, the worst first.
pub(super) fn risks(record: &HandoffRecord) -> Vec<Told<'_, Risk>> {
    let mut risks = all_risks(record);
    risks.sort_by_key(|risk| (Reverse(risk.told.severity.unwrap_or(Level::Low)), doubt(risk.item)));
    risks
}

/// What still worries them.
pub(super) fn open_objections(record: &HandoffRecord) -> Vec<&ItemRecord> {
    let open = |objection: &Told<'_, Objection>| objection.told.status != Some(ObjectionStatus::Resolved);
    all_objections(record).into_iter().filter(open).map(|objection| objection.item).collect()
}

/// Dates, the earliest first and those without a day last.
pub(super) fn dates(record: &HandoffRecord) -> Vec<Told<'_, Timeline>> {
    let mut dates = all_dates(record);
    dates.sort_by_key(|date| date.told.due.as_deref().and_then(due_day).unwrap_or(Date::MAX));
    dates
}

/// Core fields that nobody has answered.
pub(super) fn silent_fields(record: &HandoffRecord) -> Vec<Field> {
    Field::core().filter(|field| record.of(*field).next().is_none()).collect()
}
