//! A file as blocks: the captions, and what is none.

use std::ops::Range;

use super::super::reading::Reading;
use super::lines::{Line, Lines};
use super::syntax::{Syntax, Times};

/// One caption as it stands in the file.
#[derive(Debug)]
pub(super) struct Block<'t> {
    pub id: Option<&'t str>,
    /// The line with its times.
    pub line: u32,
    pub start_ms: i64,
    pub end_ms: i64,
    /// Where its words are in the text.
    pub payload: Range<usize>,
}

/// What a file consists of.
#[derive(Debug)]
pub(super) struct Scan<'t> {
    pub blocks: Vec<Block<'t>>,
    /// The file styles its captions, which no tool for meetings does.
    pub styled: bool,
}

/// Finds the captions; what belongs to none is reported.
pub(super) fn scan<'t>(text: &'t str, syntax: Syntax, reading: &mut Reading) -> Scan<'t> {
    let mut scanner = Scanner {
        text,
        syntax,
        lines: Lines::of(text),
        pending: None,
        left_out: LeftOut { reading, run: None },
        follows_caption: false,
        scan: Scan { blocks: Vec::new(), styled: false },
    };
    scanner.run();
    scanner.scan
}

/// Lines of which it is not yet known what they belong to; the last may be an id.
#[derive(Debug, Clone, Copy)]
struct Pending<'t> {
    first: Line<'t>,
    before_last: Option<Line<'t>>,
    last: Line<'t>,
}

struct Scanner<'t, 'r> {
    text: &'t str,
    syntax: Syntax,
    lines: Lines<'t>,
    pending: Option<Pending<'t>>,
    left_out: LeftOut<'r>,
    /// Nothing but blank lines stands between here and the caption before.
    follows_caption: bool,
    scan: Scan<'t>,
}

impl<'t> Scanner<'t, '_> {
    fn run(&mut self) {
        while let Some(line) = self.lines.next() {
            let words = line.text.trim();
            if words.is_empty() {
                self.flush();
            } else if let Some(times) = self.syntax.times(words) {
                self.caption(line, times);
            } else if let Some(reason) = self.no_caption(words) {
                self.leave_out(line, reason);
            } else {
                let before = self.pending;
                let (first, before_last) = (before.map_or(line, |one| one.first), before.map(|one| one.last));
                self.pending = Some(Pending { first, before_last, last: line });
            }
        }
        self.flush();
        self.left_out.end();
    }

    /// Blocks that hold no speech, and why.
    fn no_caption(&self, line: &str) -> Option<&'static str> {
        let first = line.split_whitespace().next()?;
        let apart = self.pending.is_none();
        let starts_block = apart && self.syntax.has_comments();
        match first {
            "WEBVTT" if starts_block && self.scan.blocks.is_empty() => Some("file header"),
            "NOTE" if starts_block => Some("note block"),
            "STYLE" if starts_block && line == first => Some("style block"),
            "REGION" if starts_block && line == first => Some("region block"),
            _ if self.syntax.is_broken(line, true) => Some("caption with an unreadable time"),
            _ => None,
        }
    }

    fn leave_out(&mut self, line: Line<'t>, reason: &'static str) {
        self.take_id();
        self.flush();
        let body = self.payload(line.end() + 1, true);
        self.scan.styled |= matches!(reason, "style block" | "region block");
        // The bare header says nothing; with a title or `Kind: captions` it does.
        if line.text.trim() != "WEBVTT" || !body.is_empty() {
            self.left_out.add(line.number, None, reason);
        }
        self.follows_caption = false;
    }

    fn caption(&mut self, line: Line<'t>, times: Times) {
        let id = self.take_id();
        self.flush();
        self.left_out.end();
        let indent = line.text.len() - line.text.trim_start().len();
        let words_in_line = times.words.map(|at| line.start + indent + at);
        let payload = match words_in_line {
            Some(from) => from..self.payload(line.end() + 1, id.is_some()).end.max(line.end()),
            None => self.payload(line.end() + 1, id.is_some()),
        };
        let (start_ms, end_ms) = (times.start_ms, times.end_ms);
        self.scan.blocks.push(Block { id, line: line.number, start_ms, end_ms, payload });
        self.follows_caption = true;
    }

    /// The id before a time line; other lines that wait there stay.
    fn take_id(&mut self) -> Option<&'t str> {
        let Pending { first, before_last, last } = self.pending?;
        let id = last.text.trim();
        if !self.syntax.is_id(id) {
            return None;
        }
        self.pending = before_last.map(|last| Pending { first, before_last: None, last });
        Some(id)
    }

    /// Takes the lines of a payload.
    fn payload(&mut self, from: usize, has_id: bool) -> Range<usize> {
        let (mut end, mut has_words) = (from, false);
        let mut ahead = self.lines.clone();
        while let Some(line) = ahead.next() {
            if self.ends_payload(line, &ahead, has_id, has_words) {
                break;
            }
            has_words |= !line.is_blank();
            end = line.end();
            self.lines = ahead.clone();
        }
        from..end
    }

    /// A payload ends at a blank line, or where the next caption begins without one.
    ///
    /// White space alone is no blank line to `WebVTT`, and `YouTube` writes it above the words; others write it between
    /// captions. So it is one where a caption or nothing follows.
    fn ends_payload(&self, line: Line<'_>, behind: &Lines<'_>, has_id: bool, has_words: bool) -> bool {
        let is_time = |line: Line<'_>| self.syntax.times(line.text.trim()).is_some();
        let mut behind = behind.clone();
        let mut next = || behind.next();
        if line.is_blank() {
            let is_note = |line: Line<'_>| line.text.split_whitespace().next() == Some("NOTE");
            let ends = |next: Line<'_>| next.is_blank() || is_time(next) || is_note(next);
            return line.text.is_empty() || next().is_none_or(ends) || (has_words && next().is_some_and(is_time));
        }
        is_time(line)
            || self.syntax.is_broken(line.text, false)
            || (has_id && self.syntax.is_plain_id(line.text) && next().is_some_and(is_time))
    }

    /// Lines without a time: the rest of a caption with a blank line in it, or nothing that has a place.
    fn flush(&mut self) {
        let Some(pending) = self.pending.take() else { return };
        let goes_on = self.follows_caption && self.caption_goes_on();
        match self.scan.blocks.last_mut().filter(|_| goes_on) {
            Some(block) => block.payload.end = pending.last.end(),
            None => self.left_out.add(pending.first.number, Some(pending.last.number), "text without a time"),
        }
    }

    /// Whether a blank line does not end the caption before it: only `WebVTT` says it does. Google Meet puts one, and a dash,
    /// between two people in a caption; and a caption that has no words yet waits for some.
    fn caption_goes_on(&self) -> bool {
        let words = self.scan.blocks.last().and_then(|block| self.text.get(block.payload.clone()));
        let is_open = words.is_some_and(|words| {
            let words = words.trim_end();
            words.is_empty() || words == "-" || words.ends_with("\n-")
        });
        is_open || !self.syntax.ignores_text()
    }
}

/// Reports what became no caption; one after the other for the same reason are one entry.
struct LeftOut<'r> {
    reading: &'r mut Reading,
    run: Option<Run>,
}

struct Run {
    reason: &'static str,
    first: u32,
    last: Option<u32>,
}

impl LeftOut<'_> {
    /// `last` is the last of the lines, where they are no block of their own.
    fn add(&mut self, first: u32, last: Option<u32>, reason: &'static str) {
        if let Some(run) = self.run.as_mut().filter(|run| run.reason == reason) {
            run.last = Some(last.unwrap_or(first));
        } else {
            self.end();
            self.run = Some(Run { reason, first, last });
        }
    }

    fn end(&mut self) {
        let Some(Run { reason, first, last }) = self.run.take() else { return };
        match last.filter(|last| *last > first) {
            Some(last) => self.reading.drop(first, format!("{reason}, down to line {last}")),
            None => self.reading.drop(first, reason),
        }
    }
}
