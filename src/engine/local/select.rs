//! Judgements to findings: what is likely enough, neighbours joined, a sharp number of each field kept.

use std::cmp::Reverse;

use super::features::Features;
use super::sentences::{MIN_WORDS, Sentence};
use super::{promise, replies};
use crate::domain::field::Field;
use crate::reader::Judgement;

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

/// Fields of which one clause can be a finding.
const MAX_FIELDS: usize = 2;
/// From this cosine on two clauses of one source say the same.
const SAME: f32 = 0.8;
/// Quotes of one finding, beside the lead.
const MAX_OTHERS: usize = 2;
/// The number of words to which the limits below belong: a call of about half an hour.
const WORDS_PER_LIMIT: usize = 4_000;

/// Findings of a field in a source of [`WORDS_PER_LIMIT`] words: a handoff is sharp, not long.
const fn limit(field: Field) -> usize {
    match field {
        Field::Commitment => 18,
        Field::Stakeholder => 0,
        Field::Pricing | Field::Politics | Field::Relationship => 3,
        _ => 6,
    }
}

/// The places of the clauses that may become findings, in order: what is at least as likely as `threshold`.
pub(super) fn candidates(
    sentences: &[Sentence<'_>],
    features: &[Features],
    judgements: &[Judgement],
    threshold: f32,
) -> Vec<(usize, Field, f32)> {
    let mut found = Vec::new();
    for (place, sentence) in sentences.iter().enumerate() {
        // An instruction to a machine is data, whatever it sounds like.
        let short = sentence.words.len() < MIN_WORDS && asked(sentences, place).is_none();
        if features[place].modality.is_void() || short {
            continue;
        }
        let mut likely: Vec<(Field, f32)> = Field::ALL
            .into_iter()
            .filter(|field| may_be(*field, sentence))
            .map(|field| (field, judgements[place].field[field]))
            .filter(|(_, probability)| *probability >= threshold)
            .collect();
        likely.sort_by(|a, b| b.1.total_cmp(&a.1));
        found.extend(likely.into_iter().take(MAX_FIELDS).map(|(field, probability)| (place, field, probability)));
    }
    found
}

/// The place of the question that the clause at `place` answers: the last words of whoever spoke before, where they ask.
pub(super) fn asked(sentences: &[Sentence<'_>], place: usize) -> Option<usize> {
    let before = place.checked_sub(1)?;
    let (question, answer) = (sentences.get(before)?, sentences.get(place)?);
    let other = question.turn != answer.turn && question.speaker.map(|p| &p.label) != answer.speaker.map(|p| &p.label);
    (other && question.text.trim_end().ends_with('?')).then_some(before)
}

/// What the words rule out in so many words, whatever the reader hears; people are read elsewhere.
fn may_be(field: Field, sentence: &Sentence<'_>) -> bool {
    match field {
        Field::Stakeholder => false,
        Field::Commitment => !promise::refuses(&sentence.words),
        Field::Objection => !replies::settles(&sentence.words),
        _ => true,
    }
}

/// The findings among `candidates`, by turn; `closeness` compares two clauses.
pub(super) fn select(
    sentences: &[Sentence<'_>],
    candidates: &[(usize, Field, f32)],
    closeness: impl Fn(usize, usize) -> f32,
) -> Vec<Selected> {
    let words: usize = sentences.iter().map(|sentence| sentence.words.len()).sum();
    let mut selected: Vec<Selected> = Vec::new();
    for field in Field::ALL {
        let mut own: Vec<_> = candidates.iter().filter(|candidate| candidate.1 == field).collect();
        own.sort_by_key(|(place, _, probability)| (Reverse(millis(*probability)), *place));
        // A short mail may hold several promises too.
        let room = (limit(field) * words).div_ceil(WORDS_PER_LIMIT).clamp(limit(field).div_ceil(3), limit(field) * 2);
        let mut kept: Vec<Selected> = Vec::new();
        for &&(place, _, confidence) in &own {
            let host = kept.iter().position(|chosen| belongs(field, chosen.lead, place, sentences, &closeness));
            match host {
                Some(host) if kept[host].others.len() < MAX_OTHERS => kept[host].others.push(place),
                None if kept.len() < room => kept.push(Selected { field, lead: place, others: Vec::new(), confidence }),
                _ => {}
            }
        }
        selected.extend(kept);
    }
    selected.sort_by_key(|chosen| (chosen.lead, chosen.field));
    selected
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "confidence is between 0 and 1")]
fn millis(confidence: f32) -> u32 {
    (confidence * 1_000.0) as u32
}

/// Whether the clause at `place` says the same as the lead or, for what is told in several sentences, goes on with it.
fn belongs(
    field: Field,
    lead: usize,
    place: usize,
    sentences: &[Sentence<'_>],
    closeness: impl Fn(usize, usize) -> f32,
) -> bool {
    let goes_on = lead.abs_diff(place) == 1 && sentences[lead].turn == sentences[place].turn;
    goes_on && field != Field::Commitment || closeness(lead, place) >= SAME
}
