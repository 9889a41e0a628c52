//! Calls whose words stand below a line with who speaks and when.
//!
//! | shape | written by |
//! | --- | --- |
//! | `Dana Ruiz  0:02` | Otter, Teams' page, Notta |
//! | `0:02` | Otter without speakers, the panel of `YouTube` |
//! | `Dana Ruiz (0:02)`, `Dana Ruiz [0:02]` | Riverside, Sonix, Rev |
//! | `Dana Ruiz - 0:02`, `Dana Ruiz \| 0:02` | Fireflies' text |
//! | `0:02 - Dana Ruiz (Acme)`, `0:02 \| Dana` | Fathom, Gong's page |
//! | `Dana Ruiz` above `0:02` | Zoom's page |
//!
//! A file keeps to one shape. The words below a head are one block, so the time's precision is a block.

mod head;
mod marks;

use self::head::{Head, Shape};
use super::lines::time_at_name;
use super::preamble;
use crate::domain::transcript::{Format, Precision};
use crate::transcript::calls::markup;
use crate::transcript::label::{self, Evidence};
use crate::transcript::reading::{Cue, Reading, ordinal};
use std::borrow::Cow;
use std::collections::HashSet;

/// A recording begins soon; the notes of a day do not begin at two minutes past midnight.
const FIRST_WORDS_MS: i64 = 5 * 60_000;
/// So many lines below one head are something else.
const LINES_PER_HEAD: usize = 40;

/// A line that is not blank.
struct Line<'t> {
    number: u32,
    text: Cow<'t, str>,
    after_blank: bool,
}

/// Reads the call; none if the text has no such heads, or too few; `is_notes` (from the file's name) asks for more.
pub(super) fn read(text: &str, is_notes: bool) -> Option<Reading> {
    let lines = lines(text);
    let heads: Vec<Option<Head>> = lines.iter().map(|line| head::read(&line.text)).collect();
    let signed = lines.iter().any(|line| marks::is_footer(&line.text));
    let shape = shape(&lines, &heads)?;
    let places = places(&lines, &heads, shape);
    let named_above = shape == Shape::Time && are_named_above(&lines, &places);
    let call = Call { lines: &lines, heads: &heads, places, named_above };
    (call.is_plausible(shape, is_notes, signed)).then(|| call.read(shape, signed))
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let is_markdown =
        text.lines().any(|line| markup::has_bold_label(line.trim()) || line.trim_start().starts_with("**"));
    let mut lines = Vec::new();
    let mut after_blank = true;
    for (index, raw) in text.lines().enumerate() {
        let raw = raw.trim();
        if !raw.is_empty() {
            let words = markup::heading(raw).filter(|_| is_markdown).map_or(raw, |(_, words)| words);
            let text = if is_markdown { markup::plain(words) } else { Cow::Borrowed(words) };
            lines.push(Line { number: ordinal(index), text, after_blank });
        }
        after_blank = raw.is_empty();
    }
    lines
}

/// The shape that most heads have.
fn shape(lines: &[Line<'_>], heads: &[Option<Head>]) -> Option<Shape> {
    let count = |shape: Shape| {
        let found = heads.iter().zip(lines).filter(|(head, _)| head.as_ref().is_some_and(|head| head.shape == shape));
        found.map(|(_, line)| 1 + usize::from(line.after_blank)).sum::<usize>()
    };
    Shape::ALL.into_iter().filter(|shape| count(*shape) > 0).max_by_key(|shape| count(*shape))
}

/// The lines that are heads. Where most heads stand behind a blank line, all do, unless they name somebody who has one there:
/// a line of speech can end in a time too.
fn places(lines: &[Line<'_>], heads: &[Option<Head>], shape: Shape) -> Vec<usize> {
    let is_head = |at: &usize| heads.get(*at).is_some_and(|head| head.as_ref().is_some_and(|head| head.shape == shape));
    let all: Vec<usize> = (0..lines.len()).filter(is_head).collect();
    let is_apart = |at: &usize| lines.get(*at).is_some_and(|line| line.after_blank);
    let speaker = |at: &usize| heads.get(*at)?.as_ref()?.speaker.as_deref();
    let apart = all.iter().filter(|at| is_apart(at));
    if apart.clone().count() * 2 < all.len() {
        return all;
    }
    let known: HashSet<&str> = apart.filter_map(speaker).collect();
    all.into_iter().filter(|at| is_apart(at) || speaker(at).is_some_and(|name| known.contains(name))).collect()
}

/// Whether a name stands in the line above most of the times.
fn are_named_above(lines: &[Line<'_>], places: &[usize]) -> bool {
    let above = places.iter().filter_map(|at| lines.get(at.checked_sub(1)?));
    above.filter(|line| could_be_name(line)).count() * 5 >= places.len() * 4
}

fn could_be_name(line: &Line<'_>) -> bool {
    line.after_blank && label::looks_like_name(&line.text)
}

struct Call<'a, 't> {
    lines: &'a [Line<'t>],
    heads: &'a [Option<Head>],
    places: Vec<usize>,
    named_above: bool,
}

impl Call<'_, '_> {
    fn head(&self, at: usize) -> Option<&Head> {
        self.heads.get(at)?.as_ref()
    }

    /// Whether the line is the name above a time.
    fn is_name(&self, at: usize) -> bool {
        let is_name = self.lines.get(at).is_some_and(could_be_name);
        self.named_above && is_name && self.places.binary_search(&(at + 1)).is_ok()
    }

    /// A speaker, where the file names one.
    fn speaker(&self, at: usize) -> Option<&str> {
        match at.checked_sub(1).filter(|above| self.is_name(*above)) {
            Some(above) => self.lines.get(above).map(|line| line.text.as_ref()),
            None => self.head(at)?.speaker.as_deref(),
        }
    }

    /// Heads have words below them and go forward in time; what could be an agenda or a diary has to show more.
    fn is_plausible(&self, shape: Shape, is_notes: bool, signed: bool) -> bool {
        let heads = self.places.len();
        let after = self.lines.len() - self.places.first().copied().unwrap_or_default();
        let with_words = self.places.windows(2).filter(|pair| matches!(pair, [a, b] if b - a > 1)).count() + 1;
        let times: Vec<i64> = self.places.iter().filter_map(|at| Some(self.head(*at)?.start_ms)).collect();
        let forward = times.is_sorted() || times.windows(2).filter(|pair| pair.is_sorted()).count() * 5 >= heads * 4;
        let early = times.first().is_some_and(|first| *first <= FIRST_WORDS_MS);
        let enough = signed || (heads >= 2 && heads * LINES_PER_HEAD >= after);
        let certain = signed
            || match shape {
                Shape::Spaced => !is_notes || (heads >= 4 && self.recur()),
                Shape::Time if !self.named_above => heads >= 3 && early && !is_notes,
                Shape::TimeFirst => self.recur() && early,
                Shape::Bracketed => self.recur() && self.labelled_on_line() < heads,
                _ => self.recur(),
            };
        enough && certain && forward && with_words * 5 >= heads * 4
    }

    /// How many lines are `Dana Ruiz (0:02): words`, which [`named`](super::named) reads.
    fn labelled_on_line(&self) -> usize {
        let labelled = |line: &&Line<'_>| time_at_name(&line.text).is_some_and(|(.., words)| !words.is_empty());
        self.lines.iter().filter(labelled).count()
    }

    /// Whether somebody speaks twice.
    fn recur(&self) -> bool {
        let speakers: Vec<&str> = self.places.iter().filter_map(|at| self.speaker(*at)).collect();
        let different: HashSet<&str> = speakers.iter().copied().collect();
        different.len() < speakers.len()
    }

    fn read(&self, shape: Shape, signed: bool) -> Reading {
        let format = self.format(shape, signed);
        // The rows of a panel are captions.
        let precision = if format == Format::TimedText { Precision::Cue } else { Precision::Block };
        let mut reading = Reading::call(format, precision);
        let mut now: Option<usize> = None;
        let mut fresh = false;
        for (at, line) in self.lines.iter().enumerate() {
            if self.places.binary_search(&at).is_ok() {
                (now, fresh) = (Some(at), true);
            } else if marks::is_footer(&line.text) {
                reading.drop(line.number, "footer of Otter");
            } else if self.is_name(at) {
                // It is read with the time below it.
                (now, fresh) = (None, false);
            } else if let Some(head) = now {
                let rest = marks::without(&line.text);
                if rest.is_some() {
                    reading.drop(line.number, "mark of Fathom, nobody's words");
                }
                let words = rest.as_deref().unwrap_or(&line.text).trim();
                if !words.is_empty() {
                    self.speak(&mut reading, head, line, words, std::mem::take(&mut fresh));
                }
            } else {
                preamble(&mut reading, line.number, &line.text);
            }
        }
        self.report_silent(&mut reading);
        if shape == Shape::Time && !self.named_above && label_words(&mut reading) {
            reading.format = Format::TimedText;
        }
        reading
    }

    /// Otter sets its paragraphs apart.
    fn format(&self, shape: Shape, signed: bool) -> Format {
        let apart = self.places.iter().all(|at| self.lines.get(*at).is_some_and(|line| line.after_blank));
        match shape {
            Shape::Spaced => Format::OtterText,
            Shape::Time if self.named_above => Format::NameTimeText,
            Shape::Time if signed || apart => Format::OtterText,
            Shape::Time => Format::TimedText,
            _ => Format::NameTimeText,
        }
    }

    /// A paragraph is a cue; a wrapped line goes on with the one above.
    fn speak(&self, reading: &mut Reading, head: usize, line: &Line<'_>, words: &str, fresh: bool) {
        match reading.cues.last_mut() {
            Some(last) if !fresh && !line.after_blank => {
                last.text.push(' ');
                last.text.push_str(words);
            }
            _ => {
                let time = self.head(head);
                reading.cues.push(Cue {
                    id: format!("L{}", line.number),
                    line: line.number,
                    speaker: self.speaker(head).map(str::to_owned),
                    start_ms: time.map(|head| head.start_ms),
                    end_ms: time.and_then(|head| head.end_ms),
                    text: words.to_owned(),
                });
            }
        }
    }

    /// Heads without a word below them.
    fn report_silent(&self, reading: &mut Reading) {
        let next = self.places.iter().skip(1).copied().chain([self.lines.len()]);
        for (at, next) in self.places.iter().zip(next) {
            let silent = next - at == 1 || (next - at == 2 && self.is_name(at + 1));
            if let Some(line) = self.lines.get(*at).filter(|_| silent) {
                reading.drop_cue(line.number, "time without words");
            }
        }
    }
}

/// Below a bare time the words may begin with a name; whether any do.
fn label_words(reading: &mut Reading) -> bool {
    let mut evidence = Evidence::default();
    for cue in &reading.cues {
        evidence.place(&cue.text, false);
    }
    let labels = evidence.weigh();
    for cue in &mut reading.cues {
        if let Some((name, words)) = labels.split(&cue.text) {
            (cue.speaker, cue.text) = (Some(name.to_owned()), words.to_owned());
        }
    }
    labels.len() > 0
}
