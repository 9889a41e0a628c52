//! Which clauses may speak to the same thing as a promise.

use super::clauses::Clause;
use super::promise::Promise;
use super::terms::Rarity;
use crate::domain::transcript::Side;
use crate::embed::cosine;

/// Weight of the shared words, rare ones counting more, against the cosine of the meanings.
///
/// This and the weights of the other side and of hours below are the coefficients of a logistic regression on every pair of a
/// labelled commitment and a sentence of its contract (39 labelled deals, 595 commitments, some 10,000 pairs), divided by that of
/// the cosine and rounded: 1.60, -0.18 and 0.29. Names of sites, products and systems decide most, and the encoder knows none of them.
const SHARED_WORDS: f32 = 1.5;
/// Weight of the words that a clause shares with what is said right before the promise: "it's on my list" names nothing itself.
const AROUND: f32 = 0.3;
/// For a duty of the other side: "Customer shall deliver the export" carries nothing that the vendor promised.
const OTHER_SIDE: f32 = -0.2;
/// For hours of service on both sides: clauses such as "Monday to Friday, 08:00 to 20:00" say nothing else.
const BOTH_HOURS: f32 = 0.3;

/// The clauses with how like they are to the promise, whose meaning is `vector`, the likest first; of equals the first in the
/// contract.
pub(super) fn nearest<'c>(
    promise: &Promise,
    vector: &[f32],
    clauses: &'c [Clause],
    rarity: &Rarity,
) -> Vec<(f32, &'c Clause)> {
    let mut scored: Vec<_> = clauses.iter().map(|clause| (likeness(promise, vector, clause, rarity), clause)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored
}

/// Whether the clause is a duty of the side that the promise is made to.
pub(super) fn is_other_side(promise: &Promise, clause: &Clause) -> bool {
    matches!(
        (promise.owed_by, clause.owed_by),
        (Some(Side::Vendor), Some(Side::Customer)) | (Some(Side::Customer), Some(Side::Vendor))
    )
}

fn likeness(promise: &Promise, vector: &[f32], clause: &Clause, rarity: &Rarity) -> f32 {
    let both_hours = promise.hours.comparable(&clause.hours);
    cosine(vector, &clause.vector)
        + SHARED_WORDS * rarity.overlap(&promise.terms, &clause.terms)
        + AROUND * rarity.overlap(&promise.around, &clause.terms)
        + if is_other_side(promise, clause) { OTHER_SIDE } else { 0.0 }
        + if both_hours { BOTH_HOURS } else { 0.0 }
}
