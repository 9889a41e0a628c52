//! Paragraphs of a Word file to blocks: a paragraph or list item is one, and so is a table row; headings stand above them.

use super::super::super::reading::{Cue, Reading, one_line};
use super::super::blocks::Block;
use super::super::outline::{Heading, Outline, fits};
use super::body::Body;
use super::numbering::Mark;
use super::paragraph::Paragraph;
use super::styles::Role;

/// Law firms number whole clauses with the styles of headings: a sentence of some length is a clause.
const SENTENCE_WORDS: usize = 8;

/// The text as a reader sees it, numbers included: what tells a contract from notes.
pub(super) fn as_text(body: &Body) -> String {
    let mut text = String::new();
    for paragraph in &body.paragraphs {
        if let Some(Mark::Number { label, .. }) = &paragraph.mark {
            text.push_str(label);
            text.push(' ');
        }
        text.push_str(&one_line(&paragraph.text));
        text.push('\n');
    }
    text
}

/// The clauses; the title goes into the reading.
pub(super) fn of_contract(body: &Body, reading: &mut Reading) -> Vec<Block> {
    let mut walk = Walk { is_contract: true, ..Walk::default() };
    walk.read(body, reading);
    reading.dropped.extend(walk.outline.finish());
    walk.blocks
}

/// Notes: each block a cue, found again by its headings and its paragraph.
pub(super) fn add_notes(body: &Body, reading: &mut Reading) {
    let mut walk = Walk::default();
    walk.read(body, reading);
    reading.dropped.extend(walk.outline.finish());
    reading.cues.extend(walk.blocks.into_iter().map(|block| {
        let place = format!("¶{}", block.line);
        let page = block.page.map(|page| format!("p. {page}"));
        let path = Some(block.headings.join(" / ")).filter(|path| !path.is_empty());
        let id = path.into_iter().chain([place]).chain(page).collect::<Vec<_>>().join(" · ");
        Cue { id, line: block.line, text: block.text, ..Cue::default() }
    }));
}

/// The walk over the paragraphs.
#[derive(Default)]
struct Walk {
    is_contract: bool,
    blocks: Vec<Block>,
    outline: Outline<usize>,
    /// The list that counts the heading above.
    heading_list: Option<String>,
    /// The row and column of the last block.
    cell: Option<(usize, usize)>,
}

impl Walk {
    fn read(&mut self, body: &Body, reading: &mut Reading) {
        let single = single_cell_rows(body);
        for paragraph in &body.paragraphs {
            let cell = paragraph.cell.filter(|cell| !single.contains(&cell.row)).map(|cell| (cell.row, cell.column));
            let text = one_line(&paragraph.text);
            match (paragraph.role, cell) {
                _ if text.is_empty() => {}
                (Role::Contents, _) => reading.drop(paragraph.line, "entry of the table of contents"),
                (_, Some((row, column))) => self.in_row(paragraph, text, row, column),
                (Role::Title, None) if reading.title.is_none() && fits(&text) => self.title(paragraph, text, reading),
                (Role::Heading(level), None) if fits(&text) && !self.is_clause(&text) => {
                    self.heading(level, paragraph, text, reading);
                }
                _ => self.block(paragraph, text),
            }
        }
    }

    fn title(&mut self, paragraph: &Paragraph, text: String, reading: &mut Reading) {
        if !self.is_contract {
            self.outline.enter(Heading { level: 0, line: paragraph.line, text: text.clone(), used: true });
        }
        reading.title = Some(text);
    }

    fn is_clause(&self, text: &str) -> bool {
        let is_sentence = text.ends_with(['.', ';', ':']) && text.split(' ').count() > SENTENCE_WORDS;
        self.is_contract && is_sentence
    }

    fn heading(&mut self, level: usize, paragraph: &Paragraph, text: String, reading: &mut Reading) {
        self.cell = None;
        let is_first = self.blocks.is_empty() && self.outline.is_empty() && paragraph.mark.is_none();
        let is_title = is_first && reading.title.is_none();
        if is_title {
            reading.title = Some(text.clone());
        }
        self.heading_list.clone_from(&paragraph.list);
        let text = numbered(paragraph, text);
        self.outline.enter(Heading { level, line: paragraph.line, text, used: is_title });
    }

    fn block(&mut self, paragraph: &Paragraph, text: String) {
        self.cell = None;
        let number = self.is_contract.then(|| self.number(paragraph)).flatten();
        let headings = self.outline.above();
        self.blocks.push(Block { line: paragraph.line, headings, text, number, page: paragraph.page });
    }

    /// The number of a clause. A list of its own, `1.` to `3.` inside of clause 2.1, makes no clauses 1 to 3.
    fn number(&self, paragraph: &Paragraph) -> Option<String> {
        let Some(Mark::Number { whole, .. }) = &paragraph.mark else { return None };
        let is_flat = whole.chars().all(char::is_alphanumeric);
        let is_inner = is_flat && !self.outline.is_empty() && paragraph.list != self.heading_list;
        Some(if is_inner { format!("({whole})") } else { written(whole) })
    }

    /// Adds to the row of a table: cells are parted by `|`, as in Markdown; an empty cell keeps its place.
    fn in_row(&mut self, paragraph: &Paragraph, text: String, row: usize, column: usize) {
        let before = self.cell.filter(|(open, _)| *open == row);
        match (before, self.blocks.last_mut()) {
            (Some((_, last)), Some(block)) => {
                let parting = if column > last { " | ".repeat(column - last) } else { " ".to_owned() };
                block.text.push_str(&parting);
                block.text.push_str(&text);
            }
            _ => self.block(paragraph, text),
        }
        self.cell = Some((row, column));
    }
}

/// A heading with the number that Word counts for it.
fn numbered(paragraph: &Paragraph, words: String) -> String {
    match &paragraph.mark {
        Some(Mark::Number { whole, .. }) => format!("{} {words}", written(whole)),
        _ => words,
    }
}

/// The number as contracts write it, so that it is not taken for an amount: `3.`, `Section IV`; `2.1(a)` is plain enough.
fn written(whole: &str) -> String {
    if whole.bytes().all(|b| b.is_ascii_digit()) {
        format!("{whole}.")
    } else if whole.bytes().all(|b| b.is_ascii_uppercase()) {
        format!("Section {whole}")
    } else {
        whole.to_owned()
    }
}

/// The rows with words in one cell only: tables that are there for the looks, whose paragraphs are read as such.
fn single_cell_rows(body: &Body) -> std::collections::HashSet<usize> {
    let mut columns: std::collections::HashMap<usize, (usize, bool)> = std::collections::HashMap::new();
    let cells = body.paragraphs.iter().filter(|paragraph| !paragraph.text.trim().is_empty());
    for cell in cells.filter_map(|paragraph| paragraph.cell) {
        let (first, is_single) = columns.entry(cell.row).or_insert((cell.column, true));
        *is_single &= *first == cell.column;
    }
    columns.into_iter().filter(|(_, (_, is_single))| *is_single).map(|(row, _)| row).collect()
}
