//! The scorecard: five questions a receiving team asks, each answered by a rule over the draft that anybody can read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::field::Field;
use super::finding::{Finding, Role};
use super::handover::Verdict;
use super::item::Item;

/// How clear the record is on a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Clarity {
    /// The record does not answer it.
    Unclear,
    /// The record answers a part.
    Partial,
    /// The record answers it.
    Clear,
}

impl Clarity {
    /// The word people read.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unclear => "unclear",
            Self::Partial => "partial",
            Self::Clear => "clear",
        }
    }

    /// All of the parts: clear; some: partial; none: unclear.
    fn of_parts(parts: &[bool]) -> Self {
        match parts.iter().filter(|part| **part).count() {
            0 => Self::Unclear,
            n if n == parts.len() => Self::Clear,
            _ => Self::Partial,
        }
    }
}

/// The five questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Scorecard {
    /// Do we know why they bought now and what result matters most?
    pub customer_intent: Clarity,
    /// Do we know who pays, who pushes and who doubts?
    pub stakeholder_map: Clarity,
    /// Do we know what was committed, what is in scope and when?
    pub scope_and_expectations: Clarity,
    /// Do we know what could slow it down?
    pub implementation_risk: Clarity,
    /// Was the handover made by people? Nothing in a draft can answer it; what customer success says of the versions does,
    /// see [`transition`].
    pub transition: Clarity,
}

/// The rule behind each answer, shown wherever the scorecard is shown.
pub const RULES: [(&str, &str); 5] = [
    ("customer_intent", "clear: a reason to buy and a success criterion; partial: one of them"),
    ("stakeholder_map", "clear: an economic buyer, a champion and one more person; partial: one or two of these"),
    ("scope_and_expectations", "clear: commitments, scope and dates; partial: one or two of these"),
    ("implementation_risk", "clear: a risk and a technical fact; partial: one of them"),
    (
        "transition",
        "clear: customer success accepted it the first time with 4 or 5 of 5; partial: with less, or after a return; unclear \
         until then",
    ),
];

/// The lowest rating of a handoff that changed hands well.
const GOOD_RATING: u8 = 4;

/// How well a handoff changed hands, from what customer success said of its versions, verdict and rating, oldest first. The
/// last word counts; one that was ever given back is partial at best.
#[must_use]
pub fn transition(said: impl IntoIterator<Item = (Verdict, u8)>) -> Clarity {
    let mut returned = false;
    let mut last = None;
    for (verdict, rating) in said {
        returned |= verdict == Verdict::Returned;
        last = Some((verdict, rating));
    }
    match last {
        Some((Verdict::Accepted, GOOD_RATING..)) if !returned => Clarity::Clear,
        Some((Verdict::Accepted, _)) => Clarity::Partial,
        Some((Verdict::Returned, _)) | None => Clarity::Unclear,
    }
}

impl Scorecard {
    /// Scores what the items say; rejected items say nothing.
    #[must_use]
    pub fn of(items: &[Item]) -> Self {
        let live = items.iter().filter(|item| item.stands());
        Self::of_findings(&live.map(|item| &item.finding).collect::<Vec<_>>())
    }

    /// Scores what these findings say.
    #[must_use]
    pub fn of_findings(findings: &[&Finding]) -> Self {
        let has = |field: Field| findings.iter().any(|finding| finding.field() == field);
        let has_role = |role: Role| {
            findings.iter().any(|finding| match finding {
                Finding::Stakeholder(person) => person.roles.as_ref().is_some_and(|roles| roles.contains(&role)),
                _ => false,
            })
        };
        let people = findings.iter().filter(|finding| finding.field() == Field::Stakeholder).count();
        Self {
            customer_intent: Clarity::of_parts(&[has(Field::WhyBought), has(Field::SuccessCriteria)]),
            stakeholder_map: Clarity::of_parts(&[has_role(Role::EconomicBuyer), has_role(Role::Champion), people > 2]),
            scope_and_expectations: Clarity::of_parts(&[
                has(Field::Commitment),
                has(Field::Scope),
                has(Field::Timeline),
            ]),
            implementation_risk: Clarity::of_parts(&[has(Field::Risk), has(Field::Technical)]),
            transition: Clarity::Unclear,
        }
    }

    /// The answers in the order of [`RULES`].
    #[must_use]
    pub const fn answers(&self) -> [Clarity; 5] {
        [
            self.customer_intent,
            self.stakeholder_map,
            self.scope_and_expectations,
            self.implementation_risk,
            self.transition,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handoff_changed_hands_well_if_it_was_accepted_the_first_time_with_a_good_rating() {
        use Verdict::{Accepted, Returned};
        let cases: [(&[(Verdict, u8)], Clarity); 8] = [
            (&[], Clarity::Unclear),
            (&[(Accepted, 5)], Clarity::Clear),
            (&[(Accepted, 4)], Clarity::Clear),
            (&[(Accepted, 3)], Clarity::Partial),
            (&[(Returned, 2)], Clarity::Unclear),
            (&[(Returned, 2), (Accepted, 5)], Clarity::Partial),
            (&[(Accepted, 3), (Accepted, 5)], Clarity::Clear),
            (&[(Accepted, 5), (Returned, 4)], Clarity::Unclear),
        ];
        for (said, expected) in cases {
            assert_eq!(transition(said.iter().copied()), expected, "{said:?}");
        }
    }
}
