//! A contract written as plain text: lines joined to clauses, also across a page break, but not into the next clause.

use super::super::super::turns::ends_sentence;
use super::super::blocks::{Block, is_entry, without_glyph};
use super::super::pages::Line;
use super::is_heading;
use super::mark::{self, Mark};
use super::place::Place;

/// Words at the end of a line after which the next item of a list comes.
const AND: &[&str] = &["and", "or", "und", "oder", "et", "ou", "y", "o", "e", "en", "of"];
/// A line as long as this was probably wrapped.
const WRAPPED_CHARS: usize = 40;

/// The clauses, list items and paragraphs of the lines of a text.
pub(super) fn blocks(lines: Vec<Line<'_>>) -> Vec<Block> {
    let mut walk = Walk::default();
    for line in lines {
        walk.line(line);
    }
    walk.blocks
}

#[derive(Default)]
struct Walk<'t> {
    blocks: Vec<Block>,
    place: Place,
    /// The line before this one that is not blank.
    before: Option<Line<'t>>,
    after_blank: bool,
}

impl<'t> Walk<'t> {
    fn line(&mut self, line: Line<'t>) {
        let text = line.text.trim();
        if text.is_empty() {
            self.after_blank = true;
            return;
        }
        let marks = mark::read(text).marks;
        let goes_on = self.before.is_some_and(|before| self.goes_on(before, line, &marks));
        if let Some(last) = self.blocks.last_mut().filter(|_| goes_on) {
            last.text.push(' ');
            last.text.push_str(text);
        } else {
            self.place.enter(&marks);
            let text = without_glyph(text).to_owned();
            self.blocks.push(Block { line: line.number, page: line.page, text, ..Block::default() });
        }
        (self.before, self.after_blank) = (Some(line), false);
    }

    /// Whether the line goes on with the block before it.
    fn goes_on(&self, before: Line<'_>, line: Line<'_>, marks: &[Mark]) -> bool {
        let (above, text) = (before.text.trim(), line.text.trim());
        let is_item = without_glyph(text).len() < text.len() || is_entry(text);
        if is_item || self.begins_clause(above, text, marks) {
            return false;
        }
        let lower = text.starts_with(char::is_lowercase);
        if before.page != line.page {
            let open = !ends_sentence(above) && !above.ends_with([';', ':']) && !is_entry(above);
            return open && (lower || above.chars().count() >= WRAPPED_CHARS);
        }
        let below_heading = self.blocks.last().is_some_and(|block| is_heading(&block.text));
        !self.after_blank && (lower || !below_heading)
    }

    /// Whether the line begins a clause, and not only happens to begin with a number (`of clause` / `3.2 are listed`).
    fn begins_clause(&self, above: &str, text: &str, marks: &[Mark]) -> bool {
        let Some(first) = marks.first() else { return false };
        let last_word = above.rsplit(' ').next().unwrap_or_default();
        let finished = ends_sentence(above) || above.ends_with([';', ':', ',']) || AND.contains(&last_word);
        let below_heading = self.blocks.last().is_some_and(|block| is_heading(&block.text));
        let apart = self.after_blank || finished || below_heading;
        let next = self.place.leads_to(marks);
        match first {
            Mark::Number(_) => {
                let lower = mark::read(text).words.starts_with(char::is_lowercase);
                !lower && (apart || next) || (self.after_blank && next)
            }
            // Contracts write numbers twice: `forty-five` / `(45) days`.
            Mark::Sub(sub) if sub.starts_with(|c: char| c.is_ascii_digit()) => apart && (next || self.after_blank),
            Mark::Sub(_) => next || self.after_blank,
        }
    }
}
