//! Consecutive cues of one speaker as one turn. The rules are in the [module doc](super::super).

use super::super::reading::{Cue, Grouping, ordinal};
use crate::domain::transcript::{Precision, Turn};

/// A longer silence ends a turn: what follows is often a new thought.
pub(in crate::transcript) const SILENCE_MS: i64 = 30_000;
/// A turn of this many words ends with its sentence: about 45 seconds of speech, short enough to read as evidence.
const LONG_TURN_WORDS: usize = 120;
/// No cue is added beyond this many words, sentence or not: captions without any punctuation must end somewhere too.
const LONGEST_TURN_WORDS: usize = 180;
/// Nobody takes longer for a word. Where a file does not say when words end, they have ended by then.
const SLOWEST_WORD_MS: i64 = 1_000;
/// Captions of one sentence follow each other at once.
const SENTENCE_GAP_MS: i64 = 2_000;

/// A turn that still grows.
struct Open {
    turn: Turn,
    words: usize,
    /// When its last cue began.
    last_start_ms: Option<i64>,
    /// When its last words had ended, at the latest.
    until_ms: Option<i64>,
}

pub(super) fn merge(cues: Vec<Cue>, grouping: Grouping, precision: Precision) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::with_capacity(if grouping == Grouping::Document { cues.len() } else { 0 });
    let mut open: Option<Open> = None;
    for cue in cues {
        match open.as_mut() {
            Some(open) if grouping != Grouping::Document && open.takes(&cue, grouping) => open.add(cue),
            _ => {
                turns.extend(open.take().map(|open| open.turn));
                open = Some(Open::start(cue, turns.len(), precision));
            }
        }
    }
    turns.extend(open.map(|open| open.turn));
    turns
}

impl Open {
    fn start(cue: Cue, index: usize, precision: Precision) -> Self {
        let precision = if cue.start_ms.is_some() { precision } else { Precision::None };
        let (words, last_start_ms, until_ms) = (words(&cue.text), cue.start_ms, until(&cue, precision));
        let turn = Turn {
            index: ordinal(index).saturating_sub(1),
            speaker: cue.speaker,
            start_ms: cue.start_ms,
            end_ms: cue.end_ms,
            precision,
            text: cue.text,
            cues: vec![cue.id],
        };
        Self { turn, words, last_start_ms, until_ms }
    }

    fn takes(&self, cue: &Cue, grouping: Grouping) -> bool {
        let whole = ends_sentence(&self.turn.text);
        let silent_from = if grouping == Grouping::Messages { self.last_start_ms } else { self.until_ms };
        let gap = silent_from.zip(cue.start_ms).map_or(0, |(end, start)| start.saturating_sub(end));
        let room = self.words + words(&cue.text) <= LONGEST_TURN_WORDS && !(whole && self.words >= LONG_TURN_WORDS);
        let same = self.turn.speaker == cue.speaker;
        let goes_on = self.turn.speaker.is_some() || (!whole && gap <= SENTENCE_GAP_MS);
        let backwards = grouping == Grouping::Messages && gap < 0;
        same && !backwards && goes_on && room && gap <= SILENCE_MS
    }

    fn add(&mut self, cue: Cue) {
        self.words += words(&cue.text);
        self.last_start_ms = cue.start_ms;
        self.turn.text.push(' ');
        self.turn.text.push_str(&cue.text);
        self.until_ms = self.until_ms.max(until(&cue, self.turn.precision));
        self.turn.end_ms = self.turn.end_ms.max(cue.end_ms);
        self.turn.cues.push(cue.id);
    }
}

/// When the words of a cue have ended. The time of a block says only when the first of many words was said.
fn until(cue: &Cue, precision: Precision) -> Option<i64> {
    let slowly = || {
        let lasts = i64::try_from(words(&cue.text)).unwrap_or(i64::MAX).saturating_mul(SLOWEST_WORD_MS);
        cue.start_ms.filter(|_| precision != Precision::Block).map(|start| start.saturating_add(lasts))
    };
    cue.end_ms.or_else(slowly)
}

fn words(text: &str) -> usize {
    text.split(' ').count()
}

/// Whether the text closes a sentence, quotation marks and brackets aside.
pub(in crate::transcript) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']']).ends_with(['.', '!', '?', '…', '。', '？', '！'])
}
