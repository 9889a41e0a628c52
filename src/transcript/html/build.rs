//! Blocks of text out of lines: paragraphs, rows and the headings above them.

use std::rc::Rc;

use super::super::documents::blocks::{is_entry, paragraphs};
use super::super::documents::outline::{Heading, Outline, fits};
use super::super::reading::{one_line, ordinal};
use super::Mode;
use super::rows::Row;
use crate::domain::transcript::Dropped;

/// What a piece of a podcast's transcript is; everywhere else all pieces are words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::transcript) enum Kind {
    Words,
    Cite,
    Time,
}

/// A block of text under its headings.
#[derive(Debug)]
pub(in crate::transcript) struct Part {
    pub kind: Kind,
    /// The line it starts on, from 1.
    pub line: u32,
    /// The headings above it, outermost first, with ` / ` between; shared by all blocks below them.
    pub path: Rc<str>,
    /// Whether it stands in a block quote.
    pub quoted: bool,
    pub text: String,
}

/// What a page holds.
#[derive(Debug, Default)]
pub(in crate::transcript) struct Page {
    pub title: Option<String>,
    pub parts: Vec<Part>,
    pub dropped: Vec<Dropped>,
}

/// Gathers text until a block ends.
#[derive(Debug)]
pub(super) struct Builder {
    mode: Mode,
    page: Page,
    outline: Outline<u8>,
    /// The level of the heading that is open.
    open_heading: Option<u8>,
    /// The lines of the open block, each with its line in the file.
    lines: Vec<(u32, String)>,
    row: Option<Row>,
    /// How many elements are open in which line ends count.
    pub preformatted: usize,
    /// How many block quotes are open.
    pub quotes: usize,
    /// Where a paragraph began that has no words yet.
    pub empty: Option<u32>,
}

impl Builder {
    pub(super) fn new(mode: Mode) -> Self {
        Self {
            mode,
            page: Page::default(),
            outline: Outline::default(),
            open_heading: None,
            lines: Vec::new(),
            row: None,
            preformatted: usize::from(mode == Mode::Plain),
            quotes: 0,
            empty: None,
        }
    }

    /// The page, when everything was added.
    pub(super) fn finish(mut self) -> Page {
        self.close_heading();
        self.end_row(false);
        self.page.dropped.extend(self.outline.finish());
        self.page
    }

    /// Adds words to the open block; without preformatting a line end in them is a blank.
    pub(super) fn text(&mut self, line: u32, text: &str) {
        if self.preformatted == 0 {
            let blank = text.len() - text.trim_start().len();
            let before = text.get(..blank).map_or(0, |blank| blank.matches('\n').count());
            return self.push(line.saturating_add(ordinal(before) - 1), text);
        }
        for (index, piece) in text.split('\n').enumerate() {
            let line = line.saturating_add(ordinal(index) - 1);
            if index > 0 {
                self.new_line(line);
            }
            self.push(line, piece);
        }
    }

    pub(super) fn push(&mut self, line: u32, text: &str) {
        match self.lines.last_mut() {
            Some((_, open)) => open.push_str(text),
            None if text.trim().is_empty() => {}
            None => self.lines.push((line, text.to_owned())),
        }
    }

    pub(super) fn new_line(&mut self, line: u32) {
        if self.lines.is_empty() {
            self.space(line);
        } else {
            self.lines.push((line, String::new()));
        }
    }

    /// In a mail, what comes is another paragraph.
    pub(super) fn space(&mut self, line: u32) {
        if self.mode == Mode::Mail {
            self.add(Kind::Words, line, String::new());
        }
    }

    /// Ends the open block; a block inside a heading is a part of it.
    pub(super) fn flush(&mut self) {
        if self.open_heading.is_some() {
            return self.new_line(0);
        }
        let lines = std::mem::take(&mut self.lines).into_iter();
        let mut lines: Vec<(u32, String)> = lines.map(|(line, text)| (line, one_line(&text))).collect();
        if self.mode == Mode::Mail {
            // The break at the end of a block is not seen.
            lines.pop_if(|(_, text)| text.is_empty());
            return lines.into_iter().for_each(|(line, text)| self.add(Kind::Words, line, text));
        }
        let numbered = lines.iter().map(|(line, text)| (*line, text.as_str()));
        for block in paragraphs(numbered, is_entry).into_iter().filter(|block| !block.text.is_empty()) {
            self.add(Kind::Words, block.line, block.text);
            self.empty = None;
        }
    }

    /// Ends the open block as a podcast's name or time.
    pub(super) fn flush_as(&mut self, kind: Kind) {
        if let Some((line, text)) = self.take() {
            self.add(kind, line, text);
        }
    }

    /// Ends the open block as the title of the page.
    pub(super) fn flush_as_title(&mut self) {
        let title = self.take().map(|(_, title)| title);
        self.page.title = self.page.title.take().or(title);
    }

    /// The open block as one line.
    fn take(&mut self) -> Option<(u32, String)> {
        let lines = std::mem::take(&mut self.lines);
        let text = one_line(&lines.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" "));
        (!text.is_empty()).then_some((lines.first()?.0, text))
    }

    pub(super) fn open_heading(&mut self, level: u8) {
        self.end_row(false);
        self.open_heading = Some(level);
    }

    pub(super) fn close_heading(&mut self) {
        let Some(level) = self.open_heading.take() else { return self.flush() };
        let Some((line, text)) = self.take() else { return };
        if !fits(&text) {
            return self.add(Kind::Words, line, text);
        }
        let is_title = self.page.title.is_none() && self.page.parts.is_empty() && self.outline.is_empty();
        if is_title {
            self.page.title = Some(text.clone());
        }
        self.outline.enter(Heading { level, line, text, used: is_title });
    }

    pub(super) fn add(&mut self, kind: Kind, line: u32, text: String) {
        let part = Part { kind, line, path: self.outline.path(), quoted: self.quotes > 0, text };
        match &mut self.row {
            Some(row) if kind == Kind::Words => row.add(part),
            _ => self.page.parts.push(part),
        }
    }

    pub(super) fn start_row(&mut self) {
        self.end_row(false);
        self.row = Some(Row::default());
    }

    pub(super) fn start_cell(&mut self) {
        self.row.iter_mut().for_each(Row::add_cell);
    }

    /// Ends the open row, as one block where it is one of data.
    pub(super) fn end_row(&mut self, as_row: bool) {
        let Some(row) = self.row.take() else { return };
        self.page.parts.extend(row.parts(as_row));
    }

    pub(super) fn leave_out(&mut self, line: u32, reason: impl Into<String>) {
        self.page.dropped.push(Dropped { line, reason: reason.into() });
    }
}
