//! What tells `WebVTT`, `SubRip` and `SubViewer` apart: their time lines, their ids, and whether they know comments.
//!
//! | syntax | time line | before it |
//! | --- | --- | --- |
//! | `WebVTT` | `00:01.000 --> 00:04.000 align:start` | an id of any kind, or nothing |
//! | `SubRip` | `00:00:01,000 --> 00:00:04,000` | a number |
//! | `SubViewer` | `0:00:01.000,0:00:04.000` | nothing |

use super::super::clock::clock_ms;

/// How far into a file without header the first time line may be.
const LINES_TO_FIRST_CUE: usize = 40;
/// No time line of `SubViewer` is longer.
const LONGEST_SBV_TIMES: usize = 40;
/// The strokes of an arrow; editors make one long stroke of two short ones.
const STROKES: [char; 3] = ['-', '–', '—'];

/// The way a file writes its captions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// `WebVTT`; without its header nothing says that lines without a time are to be ignored.
    WebVtt {
        header: bool,
    },
    SubRip,
    Sbv,
}

/// A time line taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Times {
    pub start_ms: i64,
    pub end_ms: i64,
    /// Where words begin in the line, if some stand behind the times; settings are none.
    pub words: Option<usize>,
}

impl Syntax {
    /// The syntax of a text: a `WebVTT` header, or a time line near the top.
    pub(super) fn of(text: &str) -> Option<Self> {
        if has_header(text) {
            return Some(Self::WebVtt { header: true });
        }
        let mut found = text.lines().take(LINES_TO_FIRST_CUE).filter_map(Self::of_times);
        let first = found.next()?;
        // Who edits SubRip by hand writes a point now and then; no tool writes a comma into `WebVTT`.
        let is_sub_rip = first == Self::WebVtt { header: false } && found.any(|other| other == Self::SubRip);
        Some(if is_sub_rip { Self::SubRip } else { first })
    }

    /// The syntax that a line is a time line of.
    fn of_times(line: &str) -> Option<Self> {
        if sbv_times(line).is_some() {
            return Some(Self::Sbv);
        }
        let (start, _) = line.split_once("-->").filter(|(start, _)| is_exact(start))?;
        arrow_times(line)?;
        Some(if start.contains(',') { Self::SubRip } else { Self::WebVtt { header: false } })
    }

    /// Reads a time line.
    pub(super) fn times(self, line: &str) -> Option<Times> {
        if self == Self::Sbv { sbv_times(line) } else { arrow_times(line) }
    }

    /// Whether a line is a time line that cannot be read; `apart` says that a blank line stands before it.
    pub(super) fn is_broken(self, line: &str, apart: bool) -> bool {
        let Some((start, _)) = line.split_once("-->").filter(|_| self != Self::Sbv) else { return false };
        let start = start.trim();
        let like_a_clock =
            start.contains(':') && start.contains(|c: char| c.is_ascii_digit()) && !start.contains(char::is_whitespace);
        like_a_clock || (apart && self.ignores_text())
    }

    /// Whether a line that stands right behind other words can be an id.
    pub(super) fn is_plain_id(self, line: &str) -> bool {
        let line = line.trim();
        let digit = line.bytes().any(|b| b.is_ascii_digit());
        digit
            && match self {
                // Numbers, and the GUID with two numbers that Teams writes.
                Self::WebVtt { .. } => line.bytes().all(|b| b.is_ascii_hexdigit() || b"-/".contains(&b)),
                Self::SubRip => line.bytes().all(|b| b.is_ascii_digit()),
                Self::Sbv => false,
            }
    }

    /// Whether a line between a blank line and a time line is an id; if not, it is words.
    pub(super) fn is_id(self, line: &str) -> bool {
        matches!(self, Self::WebVtt { .. }) || (self == Self::SubRip && !line.contains(char::is_alphabetic))
    }

    /// Whether text without a time is no caption; elsewhere it is the rest of a caption with a blank line in it.
    pub(super) fn ignores_text(self) -> bool {
        self == Self::WebVtt { header: true }
    }

    /// Whether there are notes, styles and regions.
    pub(super) fn has_comments(self) -> bool {
        matches!(self, Self::WebVtt { .. })
    }
}

pub(super) fn has_header(text: &str) -> bool {
    text.trim_start().strip_prefix("WEBVTT").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n']))
}

/// `start --> end`, with or without settings behind.
fn arrow_times(line: &str) -> Option<Times> {
    let (before, behind) = line.split_once('>')?;
    let before = before.trim_end();
    let start = before.trim_end_matches(STROKES);
    let end = behind.split_whitespace().next()?;
    // `9:30 -> 10:00` may be the line of an agenda.
    let is_arrow = before.ends_with("--") || (start.len() < before.len() && is_exact(start) && is_exact(end));
    let times = is_arrow.then(|| clock_ms(start).zip(clock_ms(end)))?;
    let (start_ms, end_ms) = times?;
    let settings = behind.trim_start().get(end.len()..)?;
    let words = !settings.split_whitespace().all(|setting| setting.contains([':', '%']));
    Some(Times { start_ms, end_ms, words: words.then_some(line.len() - settings.len()) })
}

/// Whether a clock reading has hours or a fraction: times of day in notes hardly ever do.
fn is_exact(clock: &str) -> bool {
    clock.contains(['.', ',']) || clock.matches(':').count() == 2
}

/// `0:00:01.000,0:00:04.000` and nothing else.
fn sbv_times(line: &str) -> Option<Times> {
    let line = line.trim();
    if line.len() > LONGEST_SBV_TIMES {
        return None;
    }
    line.match_indices(',').find_map(|(at, _)| {
        let (start, end) = (line.get(..at)?, line.get(at + 1..)?);
        let with_hours = [start, end].iter().all(|clock| clock.matches(':').count() == 2);
        let (start_ms, end_ms) = clock_ms(start).zip(clock_ms(end)).filter(|_| with_hours)?;
        Some(Times { start_ms, end_ms, words: None })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_lines_are_told_from_words() {
        let times = |start_ms, end_ms, words| Some(Times { start_ms, end_ms, words });
        let cases = [
            ("00:01.000 --> 00:02.500 align:start line:90%", times(1000, 2500, None)),
            ("00:00:01,000-->00:00:02,500  X1:040 X2:600", times(1000, 2500, None)),
            ("00:00:01,000 -> 00:00:02,500", times(1000, 2500, None)),
            ("00:00:01,000 –> 00:00:02,500", times(1000, 2500, None)),
            ("-0:0:1.5 --> 0:0:-0.5", times(-1500, -500, None)),
            ("00:01.000 --> 00:02.500 Good morning.", times(1000, 2500, Some(23))),
            ("9:30 -> 10:00", None),
            ("Who signs --> you", None),
            ("00:01.000 -->", None),
        ];
        for (line, expected) in cases {
            assert_eq!(arrow_times(line), expected, "{line}");
        }
        assert_eq!(sbv_times("0:00:01.000,0:00:02.500"), times(1000, 2500, None));
        assert_eq!(sbv_times("0:00:01,000,0:00:02,500"), times(1000, 2500, None));
        assert_eq!(sbv_times("9:30,10:00"), None);
    }

    #[test]
    fn an_agenda_is_no_captions() {
        assert_eq!(Syntax::of("9:30 --> 10:00 Standup\n10:00 --> 11:00 Demo\n"), None);
        assert_eq!(Syntax::of("00:00:01 --> 00:00:03\nHello\n"), Some(Syntax::WebVtt { header: false }));
    }
}
