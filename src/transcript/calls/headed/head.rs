//! A line with a time, mostly with a name, and nothing else.

use crate::transcript::clock::clock_ms;
use crate::transcript::label;

/// Longer names are sentences.
const MAX_NAME_CHARS: usize = 60;
const MAX_NAME_WORDS: usize = 8;
/// What stands between name and time.
const DASHES: [char; 6] = ['-', '–', '—', '|', '·', '•'];

/// How a head is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `Dana Ruiz  0:02`.
    Spaced,
    /// `Dana Ruiz (0:02)`.
    Bracketed,
    /// `Dana Ruiz - 0:02`.
    Dashed,
    /// `0:02 - Dana Ruiz`.
    TimeFirst,
    /// `0:02`.
    Time,
}

impl Shape {
    pub(super) const ALL: [Self; 5] = [Self::Time, Self::TimeFirst, Self::Dashed, Self::Bracketed, Self::Spaced];
}

/// Who speaks from when on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub shape: Shape,
    pub speaker: Option<String>,
    pub start_ms: i64,
    pub end_ms: Option<i64>,
}

/// Reads a line as a head; none if it holds anything else.
pub(super) fn read(line: &str) -> Option<Head> {
    if line.len() > 4 * (MAX_NAME_CHARS + 30) {
        return None;
    }
    if let Some((start_ms, end_ms)) = span(line) {
        return Some(Head { shape: Shape::Time, speaker: None, start_ms, end_ms });
    }
    name_first(line).or_else(|| time_first(line))
}

fn name_first(line: &str) -> Option<Head> {
    // Rev puts a colon behind the time.
    let line = line.strip_suffix(':').filter(|line| line.ends_with([')', ']'])).unwrap_or(line);
    if line.ends_with([')', ']']) {
        let (name, time) = line.rsplit_once(['(', '['])?;
        let (start_ms, end_ms) = span(time.get(..time.len() - 1)?)?;
        return named(Shape::Bracketed, name, start_ms, end_ms);
    }
    let (rest, time) = line.rsplit_once(char::is_whitespace)?;
    let (start_ms, _) = span(time)?;
    if let Some(name) = rest.trim_end().strip_suffix(DASHES) {
        return match name
            .trim_end()
            .rsplit_once(char::is_whitespace)
            .and_then(|(name, start)| Some((name, span(start)?)))
        {
            Some((name, (earlier, _))) => named(Shape::Spaced, name, earlier, Some(start_ms)),
            None => named(Shape::Dashed, name, start_ms, None),
        };
    }
    let apart = rest.ends_with(char::is_whitespace) || line.contains('\t');
    (apart || label::looks_like_name(rest)).then(|| named(Shape::Spaced, rest, start_ms, None))?
}

fn time_first(line: &str) -> Option<Head> {
    let (time, rest) = line.split_once(char::is_whitespace)?;
    let (start_ms, _) = span(time)?;
    let rest = rest.trim_start();
    match rest.strip_prefix(DASHES) {
        Some(name) => named(Shape::TimeFirst, name, start_ms, None),
        None => label::looks_like_name(rest).then(|| named(Shape::TimeFirst, rest, start_ms, None))?,
    }
}

fn named(shape: Shape, name: &str, start_ms: i64, end_ms: Option<i64>) -> Option<Head> {
    let name = name.trim().trim_end_matches(':');
    let is_name = name.contains(char::is_alphanumeric)
        && name.chars().count() <= MAX_NAME_CHARS
        && name.split_whitespace().count() <= MAX_NAME_WORDS
        && !name.ends_with(['.', '?', '!', ',', ';'])
        && !name.contains(": ")
        && name.split_whitespace().all(|word| span(word).is_none());
    is_name.then(|| Head { shape, speaker: Some(name.to_owned()), start_ms, end_ms })
}

/// `0:02`, `[0:02]`, `@0:02`, `0:02 - 0:09`, `0:02 --> 0:09`.
fn span(text: &str) -> Option<(i64, Option<i64>)> {
    let text = text.trim().trim_start_matches('@');
    let inner =
        [('[', ']'), ('(', ')')].iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    let text = inner.unwrap_or(text);
    let time = |time: &str| clock_ms(time).filter(|_| time.trim_start().starts_with(|c: char| c.is_ascii_digit()));
    let range = [" --> ", " - ", " – ", "-", "–"].iter().find_map(|dash| text.split_once(dash));
    match range {
        Some((start, end)) => Some((time(start)?, Some(time(end)?))),
        None => Some((time(text)?, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_writes_its_head_in_its_own_way() {
        let cases = [
            ("Dana Ruiz  0:02", Some((Shape::Spaced, "Dana Ruiz", 2))),
            ("edwin\t00:00:05", Some((Shape::Spaced, "edwin", 5))),
            ("Dana Ruiz 1:00:04", Some((Shape::Spaced, "Dana Ruiz", 3604))),
            ("Speaker 1  00:05 - 00:09", Some((Shape::Spaced, "Speaker 1", 5))),
            ("Dana Ruiz (0:02):", Some((Shape::Bracketed, "Dana Ruiz", 2))),
            ("Dana Ruiz (Acme) (0:02)", Some((Shape::Bracketed, "Dana Ruiz (Acme)", 2))),
            ("Dana Ruiz - 0:02", Some((Shape::Dashed, "Dana Ruiz", 2))),
            (
                "0:00 - Sandra Rudloff (Pivot Interiors)",
                Some((Shape::TimeFirst, "Sandra Rudloff (Pivot Interiors)", 0)),
            ),
            ("@1:05 - Dana", Some((Shape::TimeFirst, "Dana", 65))),
            ("0:15", Some((Shape::Time, "", 15))),
            ("[0:15 - 0:20]", Some((Shape::Time, "", 15))),
            ("instead of 8:00", None),
            ("The conveyor takes until Thursday 17:00", None),
            ("Two remarks: the gate opens at 9:30", None),
            ("9:30 - we meet, then.", None),
        ];
        for (line, expected) in cases {
            let head = read(line);
            let found = head
                .as_ref()
                .map(|head| (head.shape, head.speaker.as_deref().unwrap_or_default(), head.start_ms / 1000));
            assert_eq!(found, expected, "{line}");
        }
    }
}
