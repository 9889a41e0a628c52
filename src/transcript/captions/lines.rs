//! The lines of a file, one after the other and without a list of them: a file may be nothing but line ends.

use super::super::reading::ordinal;

/// How many lines tell whether a file is double-spaced, and how many of them there must be.
const LINES_TO_TELL: usize = 60;
const FEWEST_LINES: usize = 10;

/// A line without its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    /// From 1.
    pub number: u32,
    /// Where it starts in the text.
    pub start: usize,
    pub text: &'t str,
}

impl Line<'_> {
    /// Where it ends in the text.
    pub(super) const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it has nothing but white space.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// Walks over the lines; a clone looks ahead.
#[derive(Debug, Clone)]
pub(super) struct Lines<'t> {
    text: &'t str,
    at: usize,
    count: usize,
    doubled: bool,
}

impl<'t> Lines<'t> {
    /// Where a tool wrote every line end twice (`\r\r\n` is a way to do so), the second one is no blank line.
    pub(super) fn of(text: &'t str) -> Self {
        let first = || text.lines().take(LINES_TO_TELL);
        let doubled = first().count() >= FEWEST_LINES
            && first().skip(1).step_by(2).all(str::is_empty)
            && first().step_by(2).any(|line| !line.is_empty());
        Self { text, at: 0, count: 0, doubled }
    }

    fn one(&mut self) -> Option<Line<'t>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let text = rest.split_once('\n').map_or(rest, |(line, _)| line);
        let line = Line { number: ordinal(self.count), start: self.at, text };
        self.at = line.end() + 1;
        self.count += 1;
        Some(line)
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = Line<'t>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.one()?;
        if self.doubled {
            let mut ahead = self.clone();
            if ahead.one().is_some_and(|second| second.is_blank()) {
                *self = ahead;
            }
        }
        Some(line)
    }
}
