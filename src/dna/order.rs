//! What comes first in a section: what a person approved, then what matters most, then what is surest.

use super::document::{DnaLine, Section};
use crate::documents::rank;
use crate::domain::finding::{Finding, Level, TimelineKind, WhyKind};

/// Puts the lines of a section into the order in which they are read.
pub(super) fn sort(section: Section, lines: &mut [DnaLine]) {
    lines.sort_by_cached_key(|line| (!line.is_reviewed(), weight(section, line), rank::doubt(&line.item)));
    if section == Section::WhatMovedThem {
        one_of_each_kind_first(lines);
    }
}

/// The smaller, the sooner.
fn weight(section: Section, line: &DnaLine) -> (u8, i64) {
    match &line.item.finding {
        Finding::SuccessCriteria(goal) => (u8::from(goal.metric.is_none()), i64::from(goal.due.is_none())),
        Finding::WhyBought(_) if section == Section::Challenges => (0, 0),
        Finding::Objection(_) => (1, 0),
        Finding::Risk(risk) => (if risk.severity == Some(Level::High) { 1 } else { 3 }, 0),
        Finding::Timeline(date) if date.kind == Some(TimelineKind::HardDeadline) => (2, 0),
        Finding::Timeline(_) => (4, 0),
        Finding::Technical(_) => (5, 0),
        Finding::Stakeholder(person) => rank::person_weight(person),
        Finding::Commitment(promise) => rank::promise_weight(&line.item, promise),
        _ => (9, 0),
    }
}

/// A trigger, a driver, an influence and an alternative before a second of any; what is approved stays before what is not.
fn one_of_each_kind_first(lines: &mut [DnaLine]) {
    let kind = |line: &DnaLine| match &line.item.finding {
        Finding::WhyBought(why) => match why.kind {
            Some(WhyKind::Trigger) => 0,
            Some(WhyKind::Driver) => 1,
            Some(WhyKind::Influence) => 2,
            _ => 4,
        },
        _ => 3,
    };
    let mut seen = [0_usize; 5];
    let places: Vec<(bool, usize, usize)> = lines
        .iter()
        .map(|line| {
            let kind: usize = kind(line);
            seen[kind] += 1;
            (!line.is_reviewed(), seen[kind], kind)
        })
        .collect();
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|at| places[*at]);
    let sorted: Vec<DnaLine> = order.into_iter().map(|at| lines[at].clone()).collect();
    lines.clone_from_slice(&sorted);
}
