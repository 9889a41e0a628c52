//! Which item tells of what: every item stands in one section at most.

use super::document::Section;
use crate::documents::words::bare_words;
use crate::domain::finding::{Finding, History, ObjectionStatus, TechnicalKind, TimelineKind, WhyKind};
use crate::domain::record::ItemRecord;
use crate::domain::transcript::Side;
use crate::domain::vocabulary::Outcome;

/// Words of trying something out, and words of its having gone well: both together, from the customer, are a win.
const TRIED: [&str; 8] = ["pilot", "trial", "proof of concept", "poc", "test kit", "test run", "went live", "demo"];
const WENT_WELL: [&str; 20] = [
    "worked",
    "works",
    "caught",
    "saved",
    "went well",
    "went fine",
    "passed",
    "flawless",
    "no complaints",
    "impressed",
    "loved",
    "liked",
    "convinced",
    "faster",
    "on time",
    "zero issues",
    "no issues",
    "accurate",
    "proved",
    "paid off",
];

/// Words of deciding: who signs, who has to agree, what it takes.
const DECIDING: [&str; 31] = [
    "sign",
    "signs",
    "signed",
    "signing",
    "signature",
    "sign off",
    "signs off",
    "sign it off",
    "approve",
    "approves",
    "approved",
    "approval",
    "board",
    "committee",
    "council",
    "steering",
    "procurement",
    "purchasing",
    "legal",
    "lawyers",
    "budget",
    "purchase order",
    "tender",
    "vote",
    "decide",
    "decides",
    "decision",
    "final say",
    "go ahead",
    "green light",
    "veto",
];

/// The section in which an item stands; none for what is no part of a profile. `outcome` is what became of a promise after
/// the sale, and `is_open` whether it is the last word on what it promises.
pub(super) fn section_of(item: &ItemRecord, outcome: Option<Outcome>, is_open: bool) -> Option<Section> {
    match &item.finding {
        Finding::WhyBought(_) | Finding::SuccessCriteria(_) if is_win(item) => Some(Section::Wins),
        Finding::SuccessCriteria(_) => Some(Section::Goals),
        Finding::WhyBought(why) if why.kind == Some(WhyKind::Pain) => Some(Section::Challenges),
        Finding::WhyBought(_) | Finding::Competitor(_) => Some(Section::WhatMovedThem),
        Finding::Stakeholder(_) => Some(Section::People),
        Finding::Risk(_) => Some(Section::Challenges),
        Finding::Objection(objection) => Some(match objection.status {
            Some(ObjectionStatus::Resolved) => Section::Wins,
            _ => Section::Challenges,
        }),
        Finding::Technical(technical) => {
            let limits = matches!(technical.kind, Some(TechnicalKind::Constraint | TechnicalKind::Security));
            limits.then_some(Section::Challenges)
        }
        Finding::Timeline(date) => match date.kind {
            Some(TimelineKind::HardDeadline | TimelineKind::Blackout) => Some(Section::Challenges),
            _ => is_deciding(item).then_some(Section::Decisions),
        },
        Finding::Pricing(_) => is_deciding(item).then_some(Section::Decisions),
        Finding::Politics(_) => Some(Section::Decisions),
        Finding::Relationship(_) => Some(Section::Conversation),
        Finding::Commitment(promise) => match outcome {
            Some(Outcome::Kept | Outcome::Late) => Some(Section::Wins),
            Some(Outcome::Renegotiated) => None,
            Some(Outcome::Broken) | None => {
                (is_open && promise.history != Some(History::Withdrawn)).then_some(Section::OpenPromises)
            }
        },
        Finding::Scope(_) => None,
    }
}

/// Whether somebody of the customer's side says that what they tried went well.
fn is_win(item: &ItemRecord) -> bool {
    let mut said = item.support().filter(|citation| citation.side == Side::Customer);
    said.any(|citation| {
        let words = bare_words(&citation.quote);
        holds(&words, &TRIED)
            && holds(&words, &WENT_WELL)
            && !holds(&words, &["not", "if", "didn t", "never", "wasn t"])
    })
}

fn is_deciding(item: &ItemRecord) -> bool {
    holds(&bare_words(&item.statement), &DECIDING)
}

fn holds(words: &str, any: &[&str]) -> bool {
    any.iter().any(|wanted| words.contains(&format!(" {wanted} ")))
}
