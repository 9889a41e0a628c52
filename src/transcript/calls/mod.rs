//! Calls written as text: `[00:12:31] Name: words`, `Name (12:31): words`, `Name: words`, with or without bold names.

pub(super) mod teams_docx;

use std::borrow::Cow;

use super::clock::clock_ms;
use super::label::{self, Evidence, Labels};
use super::reading::{Cue, Reading, ordinal};
use super::turns::ends_sentence;
use crate::domain::transcript::{Format, Precision};

/// A line this long without closing punctuation was probably wrapped by an editor.
const WRAPPED_CHARS: usize = 60;

/// A line taken apart, before it is known whether it has a speaker.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    number: u32,
    place: Place,
    start_ms: Option<i64>,
    /// The label, where the line itself proves it: a time stands behind it.
    proven: Option<String>,
    text: String,
    /// The line before goes on in this one, as far as one can see.
    continues: bool,
    /// No blank line stands before it.
    adjacent: bool,
}

/// Where a line has its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Front,
    AfterName,
    Nowhere,
}

/// Reads the text as a call, if enough of its lines look like one; `is_notes` (from the file's name) asks for more.
pub(super) fn read(text: &str, is_notes: bool) -> Option<Reading> {
    let lines = lines(text);
    let count = |place| lines.iter().filter(|line| line.place == place).count();
    let (front, after_name) = (count(Place::Front), count(Place::AfterName));
    // Wrapped lines have no time of their own: an eighth of all lines is enough.
    let enough = |timed: usize| timed >= 2 && timed * 8 >= lines.len();
    let format = match (enough(front), enough(after_name)) {
        (true, _) if front >= after_name => Format::TimedText,
        (_, true) => Format::NameTimeText,
        _ => Format::NameText,
    };
    let labels = labels(&lines, format);
    if format == Format::NameText && !is_conversation(&lines, &labels, is_notes) {
        return None;
    }
    Some(cues(&lines, &labels, format))
}

fn lines(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let (mut open, mut adjacent) = (false, false);
    for (index, raw) in text.lines().enumerate() {
        let raw = raw.trim();
        if raw.is_empty() {
            (open, adjacent) = (false, false);
            continue;
        }
        lines.push(Line { number: ordinal(index), continues: open, adjacent, ..take_apart(raw) });
        open = raw.chars().count() >= WRAPPED_CHARS && !ends_sentence(raw);
        adjacent = true;
    }
    lines
}

fn take_apart(raw: &str) -> Line {
    let plain = without_bold(raw);
    let (place, start_ms, rest) = match time_in_front(&plain) {
        Some((start, rest)) => (Place::Front, Some(start), rest),
        None => (Place::Nowhere, None, plain.as_ref()),
    };
    let line =
        Line { number: 0, place, start_ms, proven: None, text: rest.to_owned(), continues: false, adjacent: false };
    match label::split(rest).and_then(|(label, words)| Some((time_behind(label)?, words))) {
        Some(((name, start), words)) if place == Place::Nowhere && label::looks_like_name(name) => Line {
            place: Place::AfterName,
            start_ms: Some(start),
            proven: Some(name.to_owned()),
            text: words.to_owned(),
            ..line
        },
        _ => line,
    }
}

/// `**Name:** words` and `**Name** (0:05): words` without the stars: such a line is Markdown, all of it.
fn without_bold(raw: &str) -> Cow<'_, str> {
    let opens = raw.find("**").filter(|at| *at == 0 || raw.starts_with(['[', '(']));
    let closes = opens.is_some_and(|at| raw[at + 2..].contains("**"));
    if closes { Cow::Owned(raw.replace("**", "")) } else { Cow::Borrowed(raw) }
}

/// `[1:02:03] rest`, `(02:03) rest`, `[0:01 --> 0:04] rest`, and without brackets only the full `1:02:03 rest`.
fn time_in_front(text: &str) -> Option<(i64, &str)> {
    let close = match text.chars().next()? {
        '[' => ']',
        '(' => ')',
        '0'..='9' => return bare_time_in_front(text),
        _ => return None,
    };
    let (inner, rest) = text[1..].split_once(close)?;
    let start = inner.split_once("-->").or_else(|| inner.split_once(" - ")).map_or(inner, |(start, _)| start);
    Some((clock_ms(start)?, rest.trim_start_matches([' ', '\t', '-', ':'])))
}

fn bare_time_in_front(text: &str) -> Option<(i64, &str)> {
    let (time, rest) = text.split_once([' ', '\t'])?;
    let full = time.matches(':').count() == 2;
    Some((clock_ms(time).filter(|_| full)?, rest.trim_start_matches([' ', '\t', '-'])))
}

/// `Name (12:31)` or `Name [12:31]`.
fn time_behind(label: &str) -> Option<(&str, i64)> {
    let inner = label.strip_suffix([')', ']'])?;
    let (name, time) = inner.rsplit_once(['(', '['])?;
    let name = name.trim();
    Some((name, clock_ms(time)?)).filter(|_| !name.is_empty())
}

fn labels(lines: &[Line], format: Format) -> Labels {
    // A label after an open line counts less, but only in a file that does wrap lines, and never behind a time.
    let wraps = lines.iter().any(|line| {
        line.continues && !label::split(&line.text).is_some_and(|(label, _)| label::looks_like_name(label))
    });
    let mut evidence = Evidence::default();
    for line in lines {
        let can_start = match format {
            Format::TimedText => line.place == Place::Front,
            Format::NameTimeText => false,
            _ => true,
        };
        if can_start {
            evidence.place(&line.text, wraps && line.continues && line.place == Place::Nowhere);
        } else {
            evidence.words(&line.text);
        }
    }
    evidence.weigh()
}

/// Without times, only labels tell a call from notes: two people at least, one of them twice, and enough labelled lines.
fn is_conversation(lines: &[Line], labels: &Labels, is_notes: bool) -> bool {
    let paragraphs = lines.iter().filter(|line| !line.adjacent).count();
    let structure = lines.iter().filter(|line| is_structure(&line.text)).count();
    let labelled = labels.total();
    let dense = labelled * 3 >= lines.len() || (paragraphs > 3 && labelled * 2 >= paragraphs);
    let certain = labelled * 10 >= lines.len() * 9;
    labels.len() >= 2 && labels.recur() && labelled > structure && if is_notes { certain } else { dense }
}

/// Headings, bullets and table rows: what notes are made of.
fn is_structure(text: &str) -> bool {
    text.starts_with(['#', '|', '•']) || text.starts_with("- ") || text.starts_with("* ")
}

fn cues(lines: &[Line], labels: &Labels, format: Format) -> Reading {
    let timed = format != Format::NameText;
    let mut reading = Reading::call(format, if timed { Precision::Cue } else { Precision::None });
    for line in lines {
        add(&mut reading, line, labels, format);
    }
    reading
}

fn add(reading: &mut Reading, line: &Line, labels: &Labels, format: Format) {
    let (speaker, words) = match (&line.proven, labels.split(&line.text)) {
        (Some(name), _) => (Some(name.as_str()), line.text.as_str()),
        (None, Some((label, words))) if format != Format::TimedText || line.place == Place::Front => {
            (Some(label), words)
        }
        _ => (None, line.text.as_str()),
    };
    let starts = speaker.is_some() || line.place == Place::Front;
    match reading.cues.last_mut() {
        Some(last) if !starts && line.adjacent => {
            last.text.push(' ');
            last.text.push_str(words);
        }
        None if !starts => preamble(reading, line),
        _ => reading.cues.push(Cue {
            id: format!("L{}", line.number),
            line: line.number,
            speaker: speaker.map(str::to_owned),
            start_ms: line.start_ms,
            end_ms: None,
            text: words.to_owned(),
        }),
    }
}

/// What stands before the first words: the first line is the title, a date is the day of the call.
fn preamble(reading: &mut Reading, line: &Line) {
    let text = line.text.trim_start_matches('#').trim();
    let date = text.rsplit_once(": ").map_or(text, |(_, date)| date);
    reading.started_at = reading.started_at.or_else(|| super::clock::moment(date));
    let reason = match &reading.title {
        None => {
            reading.title = Some(text.to_owned());
            "read as the title"
        }
        Some(_) => "before the first speaker",
    };
    reading.drop(line.number, reason);
}
