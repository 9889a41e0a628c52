//! Scores to findings: the best field of each clause, neighbours joined, a sharp number of each field kept.

use std::cmp::Reverse;

use super::prototypes::cosine;
use super::scorer::PerField;
use super::sentences::Sentence;
use crate::domain::field::Field;

/// A clause chosen for a field, with those that say the same or go on with it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Selected {
    /// The field.
    pub field: Field,
    /// The telling clause: its place in the list.
    pub lead: usize,
    /// Other clauses of the same finding.
    pub others: Vec<usize>,
    /// The lead's confidence.
    pub confidence: f32,
}

/// Below this a clause is no finding.
const THRESHOLD: f32 = 0.5;
/// From this cosine on two clauses of one source say the same.
const SAME: f32 = 0.8;
/// From this cosine on a clause a few turns away goes on with a finding.
const GOES_ON: f32 = 0.45;
/// How many turns away.
const NEARBY: u32 = 3;
/// Quotes of one finding, beside the lead.
const MAX_OTHERS: usize = 2;
/// The number of words to which the limits below belong: a call of about half an hour.
const WORDS_PER_LIMIT: usize = 4_000;

/// Findings of a field in a source of [`WORDS_PER_LIMIT`] words: a handoff is sharp, not long.
const fn limit(field: Field) -> usize {
    match field {
        Field::Commitment => 15,
        Field::WhyBought
        | Field::SuccessCriteria
        | Field::Technical
        | Field::Timeline
        | Field::Objection
        | Field::Risk => 2,
        Field::Scope | Field::Competitor | Field::Pricing | Field::Politics | Field::Relationship => 1,
        Field::Stakeholder => 0,
    }
}

/// The findings of a source, by turn; `scores` and `vectors` belong to the clauses, place by place.
pub(super) fn select(sentences: &[Sentence<'_>], scores: &[PerField<f32>], vectors: &[Vec<f32>]) -> Vec<Selected> {
    let words: usize = sentences.iter().map(|sentence| sentence.words.len()).sum();
    let mut selected: Vec<Selected> = Vec::new();
    for field in Field::ALL {
        // A short mail may hold several promises too.
        let room = (limit(field) * words).div_ceil(WORDS_PER_LIMIT).clamp(limit(field).div_ceil(3), limit(field) * 2);
        selected.extend(of_field(field, room, sentences, scores, vectors));
    }
    selected.sort_by_key(|chosen| (chosen.lead, chosen.field));
    selected
}

fn of_field(
    field: Field,
    room: usize,
    sentences: &[Sentence<'_>],
    scores: &[PerField<f32>],
    vectors: &[Vec<f32>],
) -> Vec<Selected> {
    let mut kept: Vec<Selected> = Vec::new();
    for place in ranked(field, scores) {
        let host = kept.iter().position(|chosen| belongs(field, chosen.lead, place, sentences, vectors));
        match host {
            Some(host) if kept[host].others.len() < MAX_OTHERS => kept[host].others.push(place),
            None if kept.len() < room => {
                kept.push(Selected { field, lead: place, others: Vec::new(), confidence: scores[place][field] });
            }
            _ => {}
        }
    }
    kept
}

/// Clauses whose best field is `field`, the surest first; equal ones in order.
fn ranked(field: Field, scores: &[PerField<f32>]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..scores.len()).filter(|&place| best(&scores[place]) == Some(field)).collect();
    places.sort_by_key(|&place| (Reverse(millis(scores[place][field])), place));
    places
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "confidence is between 0 and 1")]
fn millis(confidence: f32) -> u32 {
    (confidence * 1_000.0) as u32
}

fn best(scores: &PerField<f32>) -> Option<Field> {
    Field::ALL.into_iter().filter(|field| scores[*field] >= THRESHOLD).max_by(|a, b| scores[*a].total_cmp(&scores[*b]))
}

/// Whether the clause at `place` says the same as the lead or, for what is told in several sentences, goes on with it.
fn belongs(field: Field, lead: usize, place: usize, sentences: &[Sentence<'_>], vectors: &[Vec<f32>]) -> bool {
    let closeness = match (vectors.get(lead), vectors.get(place)) {
        (Some(a), Some(b)) => cosine(a, b),
        _ => 0.0,
    };
    let near = match (sentences.get(lead), sentences.get(place)) {
        (Some(a), Some(b)) => a.turn.abs_diff(b.turn) <= NEARBY,
        _ => false,
    };
    closeness >= SAME || near && field != Field::Commitment && closeness >= GOES_ON
}
