//! Contracts: order forms, statements of work, agreements. Each clause, list item and table row is a cue, found again by
//! the number of its clause, its heading and its page: `2.1(b)(ii) SERVICE · p. 3`.
//!
//! Text and Markdown are read here; Word files and PDFs bring their own blocks to [`read_blocks`].

mod hint;
mod lines;
mod mark;
mod place;

use super::super::clock::moment;
use super::super::reading::{Cue, Reading, one_line};
use super::blocks::{Block, is_entry};
use super::{markdown, pages};
use crate::domain::transcript::{Format, SourceKind};
use place::Place;

pub(in crate::transcript) use hint::{NameHint, looks_like};

/// A numbered line longer than this is a clause, not a heading.
const MAX_HEADING_CHARS: usize = 70;
const MAX_HEADING_WORDS: usize = 8;
/// What stands before the date of a contract.
const DATES: &[&str] = &["date:", "datum:"];

/// Reads the clauses of a contract, written as Markdown or as plain text.
pub(in crate::transcript) fn read(text: &str) -> Reading {
    let is_markdown = markdown::looks_like(text);
    let format = if is_markdown { Format::Markdown } else { Format::PlainText };
    let mut reading = Reading::document(format, SourceKind::Contract);
    if is_markdown {
        let blocks = markdown::blocks(text, &mut reading);
        return read_blocks(blocks, reading);
    }
    let lines = pages::lines(text, &mut reading);
    read_lines(lines, reading)
}

/// Reads the clauses of lines that have no marks but their numbers.
pub(in crate::transcript::documents) fn read_lines(lines: Vec<pages::Line<'_>>, reading: Reading) -> Reading {
    read_blocks(lines::blocks(lines), reading)
}

/// The blocks of a contract as cues of the reading, whatever kind of file they come from.
///
/// Headings above a block are given where the file marks them as such (`headings`). A short line with the number of a
/// section by itself is a heading too, and the very first short line is the title, if the reading has none.
pub(in crate::transcript) fn read_blocks(blocks: Vec<Block>, mut reading: Reading) -> Reading {
    reading.started_at = reading.started_at.or_else(|| blocks.iter().find_map(|block| signed_on(&block.text)));
    let mut walk = Walk::default();
    for block in blocks {
        walk.block(block, &mut reading);
    }
    walk.release(&mut reading);
    reading
}

/// Where the walk through the blocks is.
#[derive(Default)]
struct Walk {
    /// The headings above the last block, as the file gave them.
    given: Vec<String>,
    /// The name of the section: its heading without the number.
    heading: String,
    place: Place,
    /// A heading that has no words below it yet: if none come, it is a clause itself.
    pending: Option<Block>,
}

impl Walk {
    fn block(&mut self, block: Block, reading: &mut Reading) {
        if block.headings != self.given {
            self.go_below(&block.headings, reading);
        }
        let is_title = reading.title.is_none() && reading.cues.is_empty() && self.pending.is_none();
        if is_section(&block) {
            self.release(reading);
            let marked = mark::read(&block.text);
            self.place.enter(&mark::read(block.number.as_deref().unwrap_or_default()).marks);
            self.place.enter(&marked.marks);
            marked.words.trim_end_matches('.').clone_into(&mut self.heading);
            self.pending = Some(block);
        } else if self.pending.is_some() && self.heading.is_empty() && is_short(&block.text) {
            // `ARTICLE 1`, and its name in a paragraph of its own.
            block.text.clone_into(&mut self.heading);
        } else if is_title && is_short(&block.text) && !is_entry(&block.text) && marks(&block).is_empty() {
            reading.title = Some(block.text);
        } else {
            self.pending = None;
            self.place.enter(&marks(&block));
            let id = self.id(block.page);
            reading.cues.push(Cue { id, line: block.line, text: block.text, ..Cue::default() });
        }
    }

    /// Goes below headings that the file marks as such: the innermost one names the section, the last number counts.
    fn go_below(&mut self, headings: &[String], reading: &mut Reading) {
        self.release(reading);
        let mut numbers =
            headings.iter().map(|heading| mark::read(heading)).filter(|heading| !heading.marks.is_empty());
        self.place = Place::default();
        if let Some(numbered) = numbers.next_back() {
            self.place.enter(&numbered.marks);
        }
        let innermost = headings.last().filter(|heading| Some(*heading) != reading.title.as_ref());
        self.heading = innermost.map_or("", |heading| mark::read(heading).words).to_owned();
        self.given = headings.to_vec();
    }

    /// A heading without anything below it is words like any other.
    fn release(&mut self, reading: &mut Reading) {
        if let Some(block) = self.pending.take() {
            let id = self.id(block.page);
            reading.cues.push(Cue { id, line: block.line, text: block.text, ..Cue::default() });
        }
    }

    fn id(&self, page: Option<u32>) -> String {
        let clause = one_line(&format!("{} {}", self.place, self.heading));
        let title = self.given.last().map_or("preamble", String::as_str);
        let clause = if clause.is_empty() { title.to_owned() } else { clause };
        page.map_or(clause.clone(), |page| format!("{clause} · p. {page}"))
    }
}

/// The block's number: the one Word made, then those typed before its words.
fn marks(block: &Block) -> Vec<mark::Mark> {
    let made = mark::read(block.number.as_deref().unwrap_or_default()).marks;
    made.into_iter().chain(mark::read(&block.text).marks).collect()
}

/// Whether the block is the heading of a section, by its number and its words.
fn is_section(block: &Block) -> bool {
    match &block.number {
        Some(number) => mark::read(number).is_section() && is_name(&block.text),
        None => is_heading(&block.text),
    }
}

/// `3. FEES`, `§ 2 Vergütung`: short, without a sentence's end, and without figures, which clauses have.
fn is_heading(text: &str) -> bool {
    let marked = mark::read(text);
    marked.is_section() && is_name(marked.words)
}

/// The name of a section has few words, no figures, and no end of a sentence but that of a headline.
fn is_name(text: &str) -> bool {
    let few = || text.split_whitespace().count() <= MAX_HEADING_WORDS && !text.contains(|c: char| c.is_ascii_digit());
    (is_short(text) || is_headline(text)) && few()
}

/// `FEES AND PAYMENT.`, `Definitions.`: every word of some length has a capital; a sentence has a verb.
fn is_headline(text: &str) -> bool {
    const SMALL: usize = 3;
    let Some(words) = text.strip_suffix('.').filter(|words| is_short(words)) else { return false };
    let mut long = words.split_whitespace().filter(|word| word.chars().count() > SMALL).peekable();
    long.peek().is_some() && long.all(|word| word.starts_with(char::is_uppercase))
}

fn is_short(text: &str) -> bool {
    text.chars().nth(MAX_HEADING_CHARS).is_none() && !text.ends_with(['.', ';', ',', ':'])
}

/// The date in a line such as `Order Form Effective Date: April 24, 2026.`
fn signed_on(text: &str) -> Option<jiff::Timestamp> {
    let lower = text.to_ascii_lowercase();
    let at = DATES.iter().filter_map(|word| Some(lower.find(word)? + word.len())).min()?;
    moment(text.get(at..)?.split(". ").next()?)
}

#[cfg(test)]
mod tests {
    use crate::transcript::parse;

    #[test]
    fn a_heading_without_words_below_it_and_a_number_in_a_wrapped_line_stay_words() {
        let text = "ORDER FORM\n\n1. Configuration\n2. Training\n\n3. FEES\n3.1 The fee is due within forty-five\n(45) days, \
                    see clause\n3.2 of the agreement.\n3.2 Travel is included.\n\nARTICLE 4\n\nTERM\n\nTwo years.\n";
        let read = parse("order-form.txt", text.as_bytes()).unwrap();
        let turns: Vec<(&str, &str)> =
            read.turns.iter().map(|turn| (turn.cues[0].as_str(), turn.text.as_str())).collect();
        assert_eq!(
            turns,
            [
                ("1 Configuration", "1. Configuration"),
                ("2 Training", "2. Training"),
                ("3.1 FEES", "3.1 The fee is due within forty-five (45) days, see clause 3.2 of the agreement."),
                ("3.2 FEES", "3.2 Travel is included."),
                ("4 TERM", "Two years."),
            ]
        );
    }
}
