//! Cues to turns: the last step of every reader. The rules are in the [module doc](super).

use std::collections::{HashMap, HashSet};

use super::decode::Removed;
use super::error::ParseError;
use super::reading::{Cue, Grouping, Reading, one_line, ordinal, places};
use super::{person, phrases};
use crate::domain::transcript::{
    Format, ParseReport, Participant, Precision, SourceKind, TRANSCRIPT_SCHEMA, Transcript, Turn,
};

/// A longer silence ends a turn: what follows is often a new thought.
pub(super) const SILENCE_MS: i64 = 30_000;
/// A turn of this many words ends with its sentence: about 45 seconds of speech, short enough to read as evidence.
const LONG_TURN_WORDS: usize = 120;
/// No cue is added beyond this many words, sentence or not: captions without any punctuation must end somewhere too.
const LONGEST_TURN_WORDS: usize = 180;
/// Nobody takes longer for a word. Where a file does not say when words end, they have ended by then.
const SLOWEST_WORD_MS: i64 = 1_000;
/// Captions of one sentence follow each other at once.
const SENTENCE_GAP_MS: i64 = 2_000;

/// Builds the document; an error if no cue has a word.
pub(super) fn assemble(mut reading: Reading) -> Result<Transcript, ParseError> {
    let read = reading.captions.unwrap_or(reading.cues.len()) + reading.cues_left_out;
    tidy_text(&mut reading);
    let names_people = reading.kind == SourceKind::CrmRecord && !reading.people.is_empty();
    if reading.cues.is_empty() && !names_people {
        return Err(ParseError::NothingUsable { tried: super::detect::tried(reading.format).to_owned() });
    }
    tidy_times(&mut reading);
    let participants = participants(&mut reading);
    let duration_ms = reading.duration_ms.or_else(|| reading.cues.iter().filter_map(|cue| cue.end_ms).max());
    let turns = merge(reading.cues, reading.grouping, reading.precision);
    Ok(Transcript {
        schema: TRANSCRIPT_SCHEMA.to_owned(),
        format: reading.format,
        kind: reading.kind,
        title: reading.title,
        started_at: reading.started_at,
        duration_ms,
        participants,
        report: ParseReport {
            cues: u32::try_from(read).unwrap_or(u32::MAX),
            turns: u32::try_from(turns.len()).unwrap_or(u32::MAX),
            dropped: reading.dropped,
            warnings: reading.warnings,
        },
        turns,
    })
}

/// One space between words; cues without any word are dropped, and in a call what the recognizer invented.
fn tidy_text(reading: &mut Reading) {
    let mut removed = Removed::default();
    tidy_labels(reading, &mut removed);
    let mut cues = std::mem::take(&mut reading.cues);
    // A document that Baton wrote itself has been through this; its turns are longer than what a recognizer invents.
    let is_heard = reading.kind == SourceKind::CallTranscript && reading.grouping != Grouping::Document;
    let mut invented = if is_heard { phrases::not_speech(&cues) } else { Vec::new() }.into_iter();
    cues.retain_mut(|cue| {
        cue.text = tidy(&cue.text, cue.line, &mut removed);
        let reason = match invented.next().flatten() {
            Some(reason) => reason,
            None if cue.text.chars().any(char::is_alphanumeric) => return true,
            None if cue.text.is_empty() => "cue without text".to_owned(),
            None => "cue without words".to_owned(),
        };
        reading.drop(cue.line, reason);
        false
    });
    // Hundreds of thousands of short lines are the most memory that a small file can ask for.
    cues.shrink_to_fit();
    reading.cues = cues;
    reading.dropped.sort_by_key(|dropped| dropped.line);
    reading.warnings.extend(removed.warnings());
}

/// One line of what people see. Captions and notes have been through this as a whole file; mails, Word files and JSON hold
/// text in a code of their own.
fn tidy(text: &str, line: u32, removed: &mut Removed) -> String {
    let whole = one_line(text);
    let length = whole.len();
    let clean = removed.take_out(whole, line);
    if clean.len() == length { clean } else { one_line(&clean) }
}

/// A label is one line of what people see, or none; the people who are listed change with it.
fn tidy_labels(reading: &mut Reading, removed: &mut Removed) {
    for cue in &mut reading.cues {
        let line = cue.line;
        cue.speaker = cue.speaker.take().map(|label| tidy(&label, line, removed)).filter(|label| !label.is_empty());
    }
    // Who is listed has no line of his own, and is named again where he speaks.
    let mut unsaid = Removed::default();
    for one in &mut reading.people {
        one.label = tidy(&one.label, 0, &mut unsaid);
        for text in [&mut one.name, &mut one.email, &mut one.title] {
            *text = text.take().map(|text| tidy(&text, 0, &mut unsaid)).filter(|text| !text.is_empty());
        }
    }
    reading.people.retain(|one| !one.label.is_empty());
    reading.title = reading.title.take().map(|title| tidy(&title, 0, &mut unsaid)).filter(|title| !title.is_empty());
}

/// No negative times, no end before its start, cues in the order of their starts; each repair with its line.
fn tidy_times(reading: &mut Reading) {
    let cues = &mut reading.cues;
    let (negative, at) = repaired(cues, not_negative);
    if negative > 0 {
        reading.warnings.push(format!("negative times, set to 0: {negative}{at}"));
    }
    let (backwards, at) = repaired(cues, end_not_before_start);
    if backwards > 0 {
        reading.warnings.push(format!("cues that ended before they began, end set to start: {backwards}{at}"));
    }
    // In Slack an answer stands below what it answers, not where its time would put it.
    if matches!(reading.format, Format::SlackExport | Format::SlackJson) {
        return;
    }
    let (late, at) = in_order(cues);
    if late > 0 {
        reading.warnings.push(format!("cues out of time order, sorted by start: {late}{at}"));
    }
    let mut above = i64::MIN;
    let (early, at) = repaired(cues, |cue| {
        above = cue.start_ms.unwrap_or(above);
        usize::from(cue.end_ms.take_if(|end| *end < above).is_some())
    });
    if early > 0 {
        reading.warnings.push(format!("cues that ended before those above them began, end left out: {early}{at}"));
    }
}

/// How many repairs were made, and where.
fn repaired(cues: &mut [Cue], mut repair: impl FnMut(&mut Cue) -> usize) -> (usize, String) {
    let mut repairs = 0;
    let mut lines = Vec::new();
    for cue in cues {
        let here = repair(cue);
        repairs += here;
        lines.extend((here > 0).then_some(cue.line));
    }
    (repairs, places(lines))
}

fn not_negative(cue: &mut Cue) -> usize {
    let times = [&mut cue.start_ms, &mut cue.end_ms].into_iter().flatten();
    times.filter(|time| **time < 0).map(|time| *time = 0).count()
}

fn end_not_before_start(cue: &mut Cue) -> usize {
    let Some((start, end)) = cue.start_ms.zip(cue.end_ms.as_mut()) else { return 0 };
    let backwards = *end < start;
    *end = start.max(*end);
    usize::from(backwards)
}

/// Sorts the cues by their starts, stably; a cue without a start stays behind the cue before it.
fn in_order(cues: &mut Vec<Cue>) -> (usize, String) {
    let (mut before, mut late) = (i64::MIN, Vec::new());
    for cue in cues.iter() {
        let start = cue.start_ms.unwrap_or(before);
        late.extend((start < before).then_some(cue.line));
        before = start;
    }
    if late.is_empty() {
        return (0, String::new());
    }
    before = i64::MIN;
    let with_start = std::mem::take(cues).into_iter().map(|cue| {
        before = cue.start_ms.unwrap_or(before);
        (before, cue)
    });
    let mut sorted: Vec<(i64, Cue)> = with_start.collect();
    sorted.sort_by_key(|(start, _)| *start);
    cues.extend(sorted.into_iter().map(|(_, cue)| cue));
    (late.len(), places(late))
}

/// Speakers in order of their first words, then the people who are only listed.
fn participants(reading: &mut Reading) -> Vec<Participant> {
    let listed = std::mem::take(&mut reading.people);
    let by_label: HashMap<&str, &Participant> = listed.iter().rev().map(|one| (one.label.as_str(), one)).collect();
    let mut seen = HashSet::new();
    let speakers = reading.cues.iter().filter_map(|cue| cue.speaker.as_deref());
    let mut all: Vec<Participant> = Vec::new();
    for label in speakers.chain(listed.iter().map(|one| one.label.as_str())).filter(|label| seen.insert(*label)) {
        all.push(by_label.get(label).map_or_else(|| person::from_label(label), |known| (*known).clone()));
    }
    person::sides_from_marks(&mut all);
    all
}

/// A turn that still grows.
struct Open {
    turn: Turn,
    words: usize,
    /// When its last cue began.
    last_start_ms: Option<i64>,
    /// When its last words had ended, at the latest.
    until_ms: Option<i64>,
}

fn merge(cues: Vec<Cue>, grouping: Grouping, precision: Precision) -> Vec<Turn> {
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
pub(super) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']']).ends_with(['.', '!', '?', '…', '。', '？', '！'])
}
