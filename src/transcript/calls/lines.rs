//! The lines of a call, taken apart into time, label and words.

use std::borrow::Cow;

use super::markup;
use crate::transcript::clock::{clock_ms, whole_ms};
use crate::transcript::label;
use crate::transcript::person;
use crate::transcript::reading::ordinal;
use crate::transcript::turns::ends_sentence;

/// A line this long without closing punctuation was probably wrapped by an editor.
const WRAPPED_CHARS: usize = 60;
/// A recording begins soon; an agenda begins at nine.
const FIRST_WORDS_MS: i64 = 5 * 60_000;

/// A line taken apart, before it is known whether it has a speaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub number: u32,
    pub place: Place,
    pub start_ms: Option<i64>,
    pub end_ms: Option<i64>,
    /// The label, where the line itself proves it: a time stands behind it.
    pub proven: Option<String>,
    pub text: String,
    /// The line before goes on in this one, as far as one can see.
    pub continues: bool,
    /// No blank line stands before it.
    pub adjacent: bool,
}

/// Where a line has its time, or that it is no line of speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Front,
    AfterName,
    Nowhere,
    Heading,
    Rule,
}

/// The lines that are not blank.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let style = Style::of(text);
    let mut lines: Vec<Line> = Vec::new();
    let (mut open, mut adjacent) = (false, false);
    for (index, raw) in text.lines().enumerate() {
        let raw = raw.trim();
        if raw.is_empty() {
            (open, adjacent) = (false, false);
            continue;
        }
        let line = Line { number: ordinal(index), continues: open, adjacent, ..style.take_apart(raw, adjacent) };
        let ends = matches!(line.place, Place::Heading | Place::Rule);
        open = !ends && raw.chars().count() >= WRAPPED_CHARS && !ends_sentence(raw);
        adjacent = !ends;
        lines.push(line);
    }
    lines
}

/// What the file as a whole is like.
struct Style {
    /// It has bold labels, so every line of it is Markdown.
    is_markdown: bool,
    /// `0:12 words`: its lines begin with a time of two parts and no bracket.
    bare_times: bool,
}

impl Style {
    fn of(text: &str) -> Self {
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
        let times: Vec<i64> = lines().filter_map(|line| Some(bare_time(line)?.0)).collect();
        let early = times.first().is_some_and(|first| *first <= FIRST_WORDS_MS);
        let bare_times = times.len() >= 3 && early && times.is_sorted() && times.len() * 2 >= lines().count();
        Self { is_markdown: lines().any(|line| markup::has_bold_label(without_time(line))), bare_times }
    }

    fn take_apart(&self, raw: &str, adjacent: bool) -> Line {
        let line = |place, text: &str| Line {
            number: 0,
            place,
            start_ms: None,
            end_ms: None,
            proven: None,
            text: text.to_owned(),
            continues: false,
            adjacent: false,
        };
        if let Some((_, words)) = markup::heading(raw).filter(|_| self.is_markdown || !adjacent) {
            return line(Place::Heading, &markup::plain(words));
        }
        if markup::is_rule(raw) {
            return line(Place::Rule, raw);
        }
        let plain = if self.is_markdown { markup::plain(raw) } else { Cow::Borrowed(raw) };
        if let Some((start, end, rest)) = self.time_in_front(&plain) {
            return Line { start_ms: Some(start), end_ms: end, ..line(Place::Front, &without_brackets(rest)) };
        }
        match time_at_name(&plain) {
            Some((name, start, words)) => {
                Line { start_ms: Some(start), proven: Some(name.to_owned()), ..line(Place::AfterName, words) }
            }
            None => line(Place::Nowhere, &without_brackets(&plain)),
        }
    }

    /// `[1:02:03] rest`, `(02:03) rest`, `[0:01 --> 0:04] rest`, and without brackets the full `1:02:03 rest`.
    fn time_in_front<'t>(&self, text: &'t str) -> Option<(i64, Option<i64>, &'t str)> {
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            let (start, rest) = bare_time(text)?;
            let full = text.split([' ', '\t']).next()?.matches(':').count() == 2;
            return (full || self.bare_times).then_some((start, None, rest));
        }
        bracketed_time(text)
    }
}

/// The line behind its time, where it has one.
fn without_time(line: &str) -> &str {
    bracketed_time(line).map_or(line, |(.., rest)| rest)
}

fn bracketed_time(text: &str) -> Option<(i64, Option<i64>, &str)> {
    let close = match text.chars().next()? {
        '[' => ']',
        '(' => ')',
        _ => return None,
    };
    let (inner, rest) = text.get(1..)?.split_once(close)?;
    let range = ["-->", "->", " - ", " – ", "–"].iter().find_map(|dash| inner.split_once(dash));
    let time = |time: &str| clock_ms(time).or_else(|| seconds_ms(time));
    let (start, end) = range.map_or((inner, None), |(start, end)| (start, time(end)));
    Some((time(start)?, end, rest.trim_start_matches([' ', '\t', '-', ':'])))
}

/// `4.20s`, as faster-whisper prints its times.
fn seconds_ms(text: &str) -> Option<i64> {
    let seconds =
        text.trim().strip_suffix('s').filter(|number| number.bytes().all(|b| b.is_ascii_digit() || b == b'.'))?;
    whole_ms(seconds.parse::<f64>().ok()? * 1000.0)
}

/// `[SPEAKER_00]: words`, `(speaker 1) words` as `SPEAKER_00: words`: recognizers put their labels in brackets.
fn without_brackets(text: &str) -> Cow<'_, str> {
    let inner = [('[', ']'), ('(', ')')].iter().find_map(|(open, close)| text.strip_prefix(*open)?.split_once(*close));
    let is_voice = |label: &str| person::is_nobody(label) && label.contains(|c: char| c.is_ascii_digit());
    match inner.map(|(label, words)| (label, words.strip_prefix(':'), words)) {
        Some((label, Some(words), _)) if label::looks_like_name(label) => Cow::Owned(format!("{label}: {words}")),
        Some((label, None, words)) if label::looks_like_name(label) && is_voice(label) => {
            Cow::Owned(format!("{label}: {words}"))
        }
        _ => Cow::Borrowed(text),
    }
}

fn bare_time(text: &str) -> Option<(i64, &str)> {
    let (time, rest) = text.split_once([' ', '\t'])?;
    let starts = time.starts_with(|c: char| c.is_ascii_digit());
    Some((clock_ms(time).filter(|_| starts)?, rest.trim_start_matches([' ', '\t', '-'])))
}

/// `Name (12:31): words`, `Name [12:31]: words`, `Name: (12:31) words`.
pub(super) fn time_at_name(text: &str) -> Option<(&str, i64, &str)> {
    let (label, words) = label::split(text)?;
    let before_colon = time_behind(label).map(|(name, start)| (name, start, words));
    let behind_colon = || bracketed_time(words).map(|(start, _, words)| (label, start, words));
    let (name, start, words) = before_colon.or_else(behind_colon)?;
    label::looks_like_name(name).then_some((name, start, words))
}

/// `Name (12:31` and `Name [12:31`, with the bracket closed.
fn time_behind(label: &str) -> Option<(&str, i64)> {
    let inner = label.strip_suffix([')', ']'])?;
    let (name, time) = inner.rsplit_once(['(', '['])?;
    let name = name.trim();
    Some((name, clock_ms(time)?)).filter(|_| !name.is_empty())
}
