//! What became of an objection: the answer it got, and whether the one who raised it was satisfied.

use std::ops::Range;

use super::sentences::Sentence;
use super::words::{Phrases, Words, phrases};
use crate::domain::finding::ObjectionStatus;
use crate::domain::transcript::Side;
use crate::embed::cosine;

/// Clauses behind the objection in which an answer may stand.
const REACH: usize = 14;
/// Below this an answer speaks of something else.
const ON_TOPIC: f32 = 0.3;

phrases! {
    ACCEPTED = "that settles | settles that | that works | that helps | good answer | i can live with | fair enough | that \
        is good | that is fine | that would do | that does it | i am satisfied | happy with that | good enough | \
        that is what i needed | that is better | we can live | problem solved | off my list | okay good | that is \
        reassuring | then i am fine | then we are fine | convinced";
    REFUSED = "not solved | still not | still do not | not convinced | not good enough | does not help | is not settled";
}

/// Whether the clause says that a worry is settled: that is the end of one, not one.
pub(super) fn settles(words: &Words) -> bool {
    words.any(&ACCEPTED)
}

/// The clause that answers an objection.
pub(super) struct Reply {
    /// Its place in the list.
    pub sentence: usize,
    /// Whether it was enough.
    pub status: ObjectionStatus,
}

/// The places behind an objection at `at` where an answer may stand.
pub(super) fn window(at: usize, clauses: usize) -> Range<usize> {
    at + 1..clauses.min(at + 1 + REACH)
}

/// The answer of the other side to the clause at `at`, if one follows; `vectors` belong to the clauses, place by place.
pub(super) fn reply(sentences: &[Sentence<'_>], vectors: &[Vec<f32>], at: usize) -> Option<Reply> {
    let raised = sentences.get(at)?;
    let window = window(at, sentences.len());
    let closeness = |place: &usize| {
        cosine(vectors.get(*place).map_or(&[], Vec::as_slice), vectors.get(at).map_or(&[], Vec::as_slice))
    };
    let answers = window.clone().filter(|place| sentences.get(*place).is_some_and(|answer| answers(raised, answer)));
    let answer =
        answers.max_by(|a, b| closeness(a).total_cmp(&closeness(b))).filter(|place| closeness(place) > ON_TOPIC)?;
    let verdict = |cues: &Phrases| {
        window
            .clone()
            .filter_map(|place| sentences.get(place))
            .any(|said| said.side != Side::Vendor && said.words.any(cues))
    };
    let accepted = verdict(&ACCEPTED) && !verdict(&REFUSED);
    let status = if accepted { ObjectionStatus::Resolved } else { ObjectionStatus::Open };
    Some(Reply { sentence: answer, status })
}

fn answers(raised: &Sentence<'_>, answer: &Sentence<'_>) -> bool {
    let other = raised.speaker.map(|p| &p.label) != answer.speaker.map(|p| &p.label);
    other && answer.side == Side::Vendor && answer.words.len() > 4 && !answer.text.trim_end().ends_with('?')
}
