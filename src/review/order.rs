//! The order of the review: what would do most harm if it were wrong, and what the engine is least sure of, first.

use crate::domain::finding::{Commitment, ContractStatus, Finding, Level, Strength};
use crate::domain::item::{Item, ItemState};
use crate::engine::QuoteRole;

/// The items in the order they are best looked at: undecided ones first, by consequence × doubt, then the decided ones as the
/// draft has them. Returns indices into `items`.
#[must_use]
pub fn review_order(items: &[Item]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    let weight = |at: &usize| items.get(*at).map_or(0.0, weight);
    order.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    order
}

/// 0 for what is decided; else how much it matters times how doubtful it is.
fn weight(item: &Item) -> f32 {
    if item.state != ItemState::Drafted {
        return 0.0;
    }
    let counter = item.citations.iter().any(|citation| citation.role() == QuoteRole::Counter);
    // An item of full confidence still has to be looked at: doubt goes from 0.2 to 1.
    let doubt = if counter { 1.0 } else { 1.2 - item.confidence.unwrap_or(1.0).clamp(0.2, 1.0) };
    consequence(&item.finding) * doubt
}

/// What a wrong line of this kind costs the receiving side, on a scale of 1 to 4: promises that no contract carries hurt most
/// (the seeds' complaint number two), facts that anybody can look up least.
fn consequence(finding: &Finding) -> f32 {
    match finding {
        Finding::Commitment(promise) => of_promise(promise),
        Finding::Stakeholder(person) if person.roles.is_some() => 3.0,
        Finding::Risk(risk) if risk.severity == Some(Level::High) => 3.0,
        Finding::SuccessCriteria(_) | Finding::WhyBought(_) | Finding::Timeline(_) => 2.5,
        Finding::Scope(_) | Finding::Risk(_) | Finding::Objection(_) | Finding::Stakeholder(_) => 2.0,
        Finding::Politics(_) | Finding::Relationship(_) => 1.5,
        Finding::Technical(_) | Finding::Competitor(_) | Finding::Pricing(_) => 1.0,
    }
}

fn of_promise(promise: &Commitment) -> f32 {
    match (promise.contract, promise.strength) {
        (Some(ContractStatus::Contradicted), _) => 4.0,
        (Some(ContractStatus::Unwritten), Some(Strength::Firm | Strength::Conditional)) => 3.5,
        (_, Some(Strength::Firm | Strength::Conditional)) => 3.0,
        _ => 2.5,
    }
}
