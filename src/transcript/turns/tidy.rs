//! Cues as they may be cited: their words and labels in one line of what people see, their times in order.

use super::super::decode::Removed;
use super::super::phrases;
use super::super::reading::{Cue, Grouping, Reading, one_line, places};
use crate::domain::transcript::{Format, SourceKind};

/// One space between words; cues without any word are dropped, and in a call what the recognizer invented.
pub(super) fn text(reading: &mut Reading) {
    let mut removed = Removed::default();
    labels(reading, &mut removed);
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
fn labels(reading: &mut Reading, removed: &mut Removed) {
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
pub(super) fn times(reading: &mut Reading) {
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
