//! What the clause that speaks to a promise makes of it.
//!
//! Values decide first, since two numbers can be compared and two wordings can only be doubted; where there are none to compare,
//! the reader decides by the wording.

use super::clauses::Clause;
use super::likeness::is_other_side;
use super::pairing::pair_up;
use super::promise::Promise;
use super::tone::Withheld;
use super::values::{Measure, Value};
use crate::domain::finding::ContractStatus;
use crate::domain::transcript::Side;
use crate::engine::local::words::{Words, phrases};
use crate::reader::Relation;

phrases! {
    /// Of these the shorter time is the better one.
    SOON = "within | respon* | answer* | alert* | replac* | exchang* | notif* | notice | wiped | erased | delet* | destroy* | \
        settle* | call* back";
    /// Money that comes to the customer.
    GAIN = "credit* | refund* | back | discount | rebate* | reimburs* | pays | penalt*";
    /// A share that is a burden.
    BURDEN = "rise* | increase* | go up | goes up | cpi | indexation | uplift | reduce* | cut";
    /// A day that starts a payment: the later, the better.
    PAYMENT_STARTS = "billing starts | billing would start | billing begins | pay from | falls due | fall due | \
        nothing falls due | invoiced from";
    AT_MOST = "no more than | at most | fewer";
}

/// From this probability on the reader holds that a clause and a promise are about the same thing.
const SAME_SUBJECT: f32 = 0.2;

/// What `clause`, one of the contract's `clauses`, makes of the promise: as the rules compare their values, and where no two are
/// about the same thing, as the reader hears the wording.
pub(super) fn status(clause: &Clause, relation: Relation, promise: &Promise, clauses: &[Clause]) -> ContractStatus {
    let pairing = pair_up(promise.subject(), clause.subject());
    let falls_short = pairing.different.iter().any(|(said, written)| !is_better(said, written, promise, clause));
    if falls_short || promise.hours.exceed(&clause.hours) {
        return ContractStatus::Contradicted;
    }
    let withheld = || {
        let sold = promise.said.free && clause.drafted.withholds == Some(Withheld::Charged);
        sold || denies(clause, promise) || clauses.iter().any(|other| takes_back(other, clause, promise))
    };
    let written = match pairing.same {
        // Another value that seems better may be one of another thing: the reader hears whether it is.
        0 if relation.same_subject() < SAME_SUBJECT => return ContractStatus::Unwritten,
        0 => relation.agrees >= relation.differs,
        _ => !withheld(),
    };
    match written {
        // What the other side has to do writes nothing.
        true if is_other_side(promise, clause) => ContractStatus::Unwritten,
        true => ContractStatus::Written,
        false => ContractStatus::Contradicted,
    }
}

/// Whether `other`, a sentence of the same clause, withholds a part of the promise that `clause` is silent on:
/// "Extended archive is available at additional charge" behind "Logs are retained for ninety days".
fn takes_back(other: &Clause, clause: &Clause, promise: &Promise) -> bool {
    let (own, others) = (&clause.citation, &other.citation);
    let same_clause = others.source() == own.source() && others.turn() == own.turn();
    let apart = others.chars() != own.chars();
    let part = || other.stems.difference(&clause.stems).any(|stem| promise.stems.contains(stem));
    same_clause && apart && other.drafted.withholds.is_some() && part()
}

/// Whether the clause has what was promised not to be: a minimum, where "no minimum" was said.
fn denies(clause: &Clause, promise: &Promise) -> bool {
    clause.drafted.denied.is_empty() && !promise.said.denied.is_disjoint(&clause.stems)
}

/// Whether the clause gives a time to be fast in, not one to have: "within thirty days", "thirty days' notice".
fn is_deadline(words: &Words, written: &Value) -> bool {
    let list: Vec<&str> = words.iter().collect();
    let before = list.iter().take(written.at.start).rev().take(2);
    let mut behind = list.iter().skip(written.at.end).take(4);
    before.copied().any(|word| matches!(word, "within" | "inside" | "exceed" | "exceeding" | "than"))
        || behind.any(|word| *word == "notice")
}

/// Whether the written value is better for the side that the promise is owed to.
fn is_better(said: &Value, written: &Value, promise: &Promise, clause: &Clause) -> bool {
    let (promise_words, clause_words) = (Words::of(&promise.text), Words::of(clause.citation.quote()));
    let either = |phrases: &_| promise_words.any(phrases) || clause_words.any(phrases);
    let by_customer = promise.owed_by == Some(Side::Customer);
    let more_is_better = match said.measure {
        Measure::Day => promise_words.any(&PAYMENT_STARTS) && !by_customer,
        Measure::Span | Measure::BusinessDays => !(is_deadline(&clause_words, written) || either(&SOON)),
        Measure::Money => promise_words.any(&GAIN) || by_customer,
        Measure::Share => !either(&BURDEN),
        Measure::Count(_) => !(by_customer && either(&AT_MOST)),
    };
    if more_is_better { written.size() > said.size() } else { written.size() < said.size() }
}
