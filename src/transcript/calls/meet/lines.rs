//! The lines of a document of Google Meet that hold something, without Markdown's marks.

use std::borrow::Cow;

use super::super::super::reading::ordinal;
use super::super::markup;

/// A line with something in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line<'t> {
    /// From 1.
    pub number: u32,
    /// As it stands in the file.
    pub raw: &'t str,
    /// What a reader sees.
    pub text: Cow<'t, str>,
    /// The level of a Markdown heading.
    pub heading: Option<usize>,
    /// No blank line stands before it.
    pub adjacent: bool,
}

/// The lines of a document.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    pub all: Vec<Line<'t>>,
    pub is_markdown: bool,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let is_markdown =
            text.lines().map(str::trim).any(|line| markup::heading(line).is_some() || markup::has_bold_label(line));
        let mut all: Vec<Line<'t>> = Vec::new();
        let mut adjacent = false;
        for (index, raw) in text.lines().enumerate() {
            let line = line(ordinal(index), raw.trim(), adjacent, is_markdown);
            adjacent = !line.text.is_empty();
            if adjacent {
                all.push(line);
            }
        }
        Self { all, is_markdown }
    }
}

fn line(number: u32, raw: &str, adjacent: bool, is_markdown: bool) -> Line<'_> {
    let heading = markup::heading(raw).filter(|_| is_markdown);
    let words = heading.map_or(raw, |(_, words)| words);
    let text = if is_markdown { without_anchor(markup::plain(words)) } else { Cow::Borrowed(words) };
    Line { number, raw, text, heading: heading.map(|(level, _)| level), adjacent }
}

/// `00:00:34 {#00:00:34}`, as Google's documents export their headings.
fn without_anchor(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.strip_suffix('}').and_then(|rest| rest.rsplit_once(" {#")) {
        Some((words, _)) => Cow::Owned(words.trim_end().to_owned()),
        None => text,
    }
}
