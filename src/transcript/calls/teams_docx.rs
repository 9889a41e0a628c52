//! Transcripts of Microsoft Teams as Word files.
//!
//! | layout | what an entry is |
//! | --- | --- |
//! | old (until 2023) | `0:0:0.0 --> 0:0:4.120`, the name, the words |
//! | new | `Dana Ruiz   0:03` (spaces or a tab), the words |
//!
//! Each is a paragraph of its own or a line of one paragraph. Before the first entry stand title, date, length and
//! `Dana Ruiz started transcription`, in the language of the program.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::super::clock::clock_ms;
use super::super::documents::lines::Line;
use super::super::label;
use super::super::reading::{Cue, Reading, one_line};
use super::super::turns::ends_sentence;
use crate::domain::transcript::{Format, Precision};

/// A name is shorter.
const MAX_NAME_CHARS: usize = 80;
/// `Dana Ruiz started transcription` has no more words, in any language.
const NOTICE_WORDS: usize = 9;
/// What all words for transcription have in common, by language.
const NOTICE_STEMS: &[&str] =
    &["transcri", "transkri", "trascri", "transkry", "транскри", "文字起こし", "トランスクリ", "转录", "轉錄", "기록"];

/// Reads the lines of a Word file; none if it is no transcript of Teams.
pub(in crate::transcript) fn read(lines: &[Line<'_>]) -> Option<Reading> {
    let entries = old_entries(lines).or_else(|| new_entries(lines))?;
    let mut reading = Reading::call(Format::TeamsDocx, Precision::Cue);
    preamble(lines.get(..entries.first()?.at).unwrap_or_default(), &mut reading);
    for (index, entry) in entries.iter().enumerate() {
        let end = entries.get(index + 1).map_or(lines.len(), |next| next.at);
        let said = lines.get(entry.words_at..end).unwrap_or_default();
        add(&mut reading, entry, said, lines.get(entry.at)?);
    }
    Some(reading)
}

/// Where somebody begins to speak.
struct Entry<'t> {
    /// The line with the time.
    at: usize,
    /// The line its words begin on.
    words_at: usize,
    speaker: Option<&'t str>,
    start_ms: i64,
    end_ms: Option<i64>,
}

/// `start --> end` by itself on a line; the name behind it is missing where nobody was recognized.
fn old_entries<'t>(lines: &[Line<'t>]) -> Option<Vec<Entry<'t>>> {
    let times = lines.iter().enumerate().filter_map(|(at, line)| Some((at, span(line.text)?)));
    let times: Vec<(usize, (i64, i64))> = times.collect();
    let first = lines.iter().position(|line| !line.text.trim().is_empty());
    if times.is_empty() || (times.len() == 1 && times.first().map(|(at, _)| *at) != first) {
        return None;
    }
    let ends = times.iter().skip(1).map(|(at, _)| *at).chain([lines.len()]);
    let entry = |(&(at, (start_ms, end)), until): (&(usize, (i64, i64)), usize)| {
        let mut said = (at + 1..until).filter(|line| lines.get(*line).is_some_and(|line| !line.text.trim().is_empty()));
        let name_at = said.next().filter(|_| said.next().is_some());
        let name = name_at.and_then(|line| Some((line, lines.get(line)?.text.trim())));
        let name = name.filter(|(_, name)| could_be_name(name));
        let words_at = name.map_or(at + 1, |(line, _)| line + 1);
        Entry { at, words_at, speaker: name.map(|(_, name)| name), start_ms, end_ms: Some(end) }
    };
    Some(times.iter().zip(ends).map(entry).collect())
}

fn span(line: &str) -> Option<(i64, i64)> {
    let (start, end) = line.split_once("-->")?;
    Some((clock_ms(start)?, clock_ms(end)?))
}

fn could_be_name(text: &str) -> bool {
    text.chars().count() <= MAX_NAME_CHARS
        && (!ends_sentence(text) || text.ends_with([')', ']']) || label::looks_like_name(text))
}

/// Lines that end in a time, with a gap before it. The line after such a line is always speech, whatever it looks like.
fn new_entries<'t>(lines: &[Line<'t>]) -> Option<Vec<Entry<'t>>> {
    // Otter writes the same lines, and its name at the end.
    let last = lines.iter().rev().find(|line| !line.text.trim().is_empty())?;
    if last.text.contains("otter.ai") {
        return None;
    }
    let mut entries: Vec<Entry<'t>> = Vec::new();
    let mut is_speech = false;
    let mut silent = 0_usize;
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.text.trim().is_empty()) {
        let found = name_and_time(line.text);
        silent += usize::from(is_speech && found.is_some());
        match found.filter(|_| !is_speech) {
            Some((speaker, start_ms)) => {
                entries.push(Entry { at, words_at: at + 1, speaker, start_ms, end_ms: None });
                is_speech = true;
            }
            None => is_speech = false,
        }
    }
    // An agenda, `Welcome<tab>9:00`, has lines of this kind too, but no speech between them.
    let has_notice = lines.iter().any(|line| is_notice(line.text) || length_ms(line.text).is_some());
    let names = entries.iter().filter(|entry| entry.speaker.is_some_and(could_be_name)).count();
    let is_call = !entries.is_empty() && (has_notice || (entries.len() >= 2 && names * 2 > entries.len()));
    (is_call && silent * 4 <= entries.len()).then_some(entries)
}

/// `Dana Ruiz   0:03`: two spaces, a tab or a no-break space tell it from `We start at 9:30`.
fn name_and_time(line: &str) -> Option<(Option<&str>, i64)> {
    let line = line.trim_end();
    let gap = line.rfind(char::is_whitespace)?;
    let (name, time) = (line.get(..gap)?.trim_end(), line.get(gap..)?.trim_start());
    let gap = line.get(name.len()..line.len() - time.len())?;
    let is_wide = gap.chars().count() > 1 || !gap.starts_with(' ');
    let start = clock_ms(time).filter(|_| is_wide && !time.contains(['.', ',', '-']))?;
    let name = name.trim_start();
    (name.chars().count() <= MAX_NAME_CHARS).then(|| (Some(name).filter(|name| !name.is_empty()), start))
}

/// Title, date, length, and who started the transcription.
fn preamble(lines: &[Line<'_>], reading: &mut Reading) {
    for line in lines {
        let text = one_line(line.text);
        let reason = if text.is_empty() {
            continue;
        } else if let Some(length) = length_ms(&text) {
            reading.duration_ms = Some(length);
            "length of the call"
        } else if is_notice(&text) {
            "transcription started"
        } else if reading.title.is_none() {
            reading.title = Some(text);
            "read as the title"
        } else if let Some(start) = date_and_time(&text) {
            reading.started_at = Some(start);
            reading.warnings.push("the file gives its date without a time zone; it was read as UTC".to_owned());
            "date of the call"
        } else {
            "before the first speaker"
        };
        reading.drop(line.place, reason);
    }
}

/// `March 11, 2026, 2:02PM`; in other languages the date stays unknown.
fn date_and_time(text: &str) -> Option<jiff::Timestamp> {
    let text = text.replace(['\u{a0}', '\u{202f}'], " ");
    let forms = ["%B %d, %Y, %I:%M%p", "%B %d, %Y, %I:%M %p", "%d %B %Y, %I:%M%p", "%d %B %Y, %H:%M", "%Y-%m-%d %H:%M"];
    let local = forms.iter().find_map(|form| DateTime::strptime(form, &text).ok())?;
    local.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// `1h 2m 20s`, `45m 12s`, `50s`, with or without spaces.
fn length_ms(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    let mut total = 0_i64;
    let mut seen = 0;
    for (unit, seconds) in [('h', 3_600), ('m', 60), ('s', 1)] {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, behind) = rest.split_at(digits);
        if let Some(behind) = behind.strip_prefix(unit)
            && let Ok(number) = number.parse::<i64>()
            && digits <= 5
        {
            total += number * seconds;
            seen += 1;
            rest = behind.trim_start();
        }
    }
    (seen > 0 && rest.is_empty()).then_some(total * 1000)
}

/// `Dana Ruiz started transcription`, `Dana Ruiz hat die Transkription beendet`.
fn is_notice(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let lower = text.to_lowercase();
    (2..=NOTICE_WORDS).contains(&words) && !ends_sentence(text) && NOTICE_STEMS.iter().any(|stem| lower.contains(stem))
}

/// Adds what somebody said, without the notices of the program, which are paragraphs of their own.
fn add(reading: &mut Reading, entry: &Entry<'_>, said: &[Line<'_>], head: &Line<'_>) {
    let mut text = String::new();
    for line in said {
        let is_own = line.within == 0 && line.place != head.place && !text.trim().is_empty();
        if is_own && is_notice(line.text) {
            reading.drop(line.place, "transcription started or stopped");
            continue;
        }
        text.push(' ');
        text.push_str(line.text);
    }
    let speaker = entry.speaker.map(one_line);
    let (start_ms, end_ms) = (Some(entry.start_ms), entry.end_ms);
    reading.cues.push(Cue { id: head.id("¶"), line: head.place, speaker, start_ms, end_ms, text });
}
