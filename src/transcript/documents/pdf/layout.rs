//! From letters with places to lines in reading order.
//!
//! The order in the file is that of drawing: headers and footers often come first. Letters of one height are a line; a gap
//! is a space, a wide gap parts cells; columns are read one after the other.

use std::cmp::Ordering;

use hayro_interpret::kurbo::Vec2;

use super::columns;
use super::glyphs::{Letter, Page};
use super::letters;

/// Of the size of a letter: how far two letters of a line may differ in height, which gap is a space and which one parts
/// cells.
const LINE: f64 = 0.45;
const SPACE: f64 = 0.15;
const CELL: f64 = 1.8;
/// The same letter again this near is drawn twice, to look bold.
const TWICE: f64 = 0.08;
/// A line this much farther from the one before it than usual begins a paragraph.
const PARAGRAPH_GAP: f64 = 1.3;
/// A line that left this part of its width free although the next word had room ended its paragraph.
const ROOM: f64 = 0.15;
/// `1.1`, `(a)`, `•`: what stands before a clause or an item, with a gap of its own.
const MARK_CHARS: usize = 6;

/// Part of a line without a wide gap.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub left: f64,
    pub right: f64,
    pub text: String,
}

/// Letters of one height.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub y: f64,
    pub size: f64,
    pub cells: Vec<Cell>,
}

/// Lays a page out.
pub(super) fn page(letters: Vec<Letter>) -> Page {
    let mut page = Page::default();
    let visible = visible(letters, &mut page);
    page.letters = visible.len();
    page.unknown = visible.iter().filter(|letter| letter.text.contains('\u{fffd}')).count();
    let upright = upright(visible, &mut page);
    for flow in columns::flows(rows(upright)) {
        add_lines(&flow, &mut page.lines);
        page.lines.push(String::new());
    }
    page
}

/// Hidden letters are the text layer of a scanned page, where there is little else; beside a page's own words they are
/// something that nobody was to see.
fn visible(letters: Vec<Letter>, page: &mut Page) -> Vec<Letter> {
    let letters: Vec<Letter> = letters.into_iter().filter(|letter| !letter.text.trim().is_empty()).collect();
    let hidden = letters.iter().filter(|letter| letter.is_hidden).count();
    if hidden == 0 || hidden * 2 > letters.len() {
        return letters;
    }
    page.left_out.push(format!("hidden text of {hidden} letters"));
    letters.into_iter().filter(|letter| !letter.is_hidden).collect()
}

/// Turns the page so that most of its letters stand upright; what is turned otherwise (a stamp, a mark across the page) is
/// left out.
fn upright(letters: Vec<Letter>, page: &mut Page) -> Vec<Letter> {
    let mut counts = [0_usize; 4];
    for letter in &letters {
        if let Some(count) = quarter(letter.advance).and_then(|quarter| counts.get_mut(quarter)) {
            *count += 1;
        }
    }
    let most = (0..4).rev().max_by_key(|quarter| counts.get(*quarter)).unwrap_or(0);
    let (kept, turned): (Vec<Letter>, Vec<Letter>) =
        letters.into_iter().partition(|letter| quarter(letter.advance) == Some(most));
    if !turned.is_empty() {
        let text: String = turned.iter().map(|letter| letter.text.as_str()).take(80).collect();
        page.left_out.push(format!("turned text: `{text}`"));
    }
    kept.into_iter().map(|letter| turned_back(letter, most)).collect()
}

/// To which of the four sides a letter leads, from right over down; none for a slanted one.
fn quarter(advance: Vec2) -> Option<usize> {
    let (x, y) = (advance.x, advance.y);
    let straight = |long: f64, short: f64| long.abs() > short.abs() * 6.0;
    match () {
        () if x == 0.0 && y == 0.0 => Some(0),
        () if straight(x, y) => Some(if x > 0.0 { 0 } else { 2 }),
        () if straight(y, x) => Some(if y > 0.0 { 1 } else { 3 }),
        () => None,
    }
}

fn turned_back(mut letter: Letter, quarter: usize) -> Letter {
    for _ in 0..quarter {
        letter.at = (letter.at.y, -letter.at.x).into();
        letter.advance = Vec2::new(letter.advance.y, -letter.advance.x);
    }
    letter
}

/// Letters to rows, from top to bottom.
fn rows(mut letters: Vec<Letter>) -> Vec<Row> {
    letters.sort_by(|a, b| order(a.at.y, b.at.y));
    let mut rows: Vec<Row> = Vec::new();
    let mut open: Vec<Letter> = Vec::new();
    let (mut top, mut largest) = (f64::NEG_INFINITY, 0.0_f64);
    for letter in letters {
        if letter.at.y - top > largest.max(letter.size) * LINE {
            rows.extend(row(std::mem::take(&mut open)));
            (top, largest) = (letter.at.y, 0.0);
        }
        largest = largest.max(letter.size);
        open.push(letter);
    }
    rows.extend(row(open));
    rows
}

fn order(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or(Ordering::Equal)
}

/// The letters of a row from left to right, as cells.
fn row(mut letters: Vec<Letter>) -> Option<Row> {
    letters.sort_by(|a, b| order(a.at.x, b.at.x));
    let largest = letters.iter().max_by(|a, b| order(a.size, b.size))?;
    let mut row = Row { y: largest.at.y, size: largest.size, cells: Vec::new() };
    let mut before: Option<&Letter> = None;
    for letter in &letters {
        let is_twice = before.is_some_and(|other| {
            other.text == letter.text && letter.at.x - other.at.x < letter.size * TWICE && letter.advance.x > 0.0
        });
        if !is_twice {
            row.add(letter);
            before = Some(letter);
        }
    }
    Some(row)
}

impl Row {
    fn add(&mut self, letter: &Letter) {
        let (left, right) = (letter.at.x, letter.at.x + letter.advance.x);
        match self.cells.last_mut().filter(|cell| left - cell.right <= letter.size * CELL) {
            Some(cell) => {
                if left - cell.right > letter.size * SPACE {
                    cell.text.push(' ');
                }
                letters::push(&mut cell.text, &letter.text);
                cell.right = cell.right.max(right);
            }
            None => {
                let mut text = String::new();
                letters::push(&mut text, &letter.text);
                self.cells.push(Cell { left, right, text });
            }
        }
    }

    fn right(&self) -> f64 {
        self.cells.last().map_or(0.0, |cell| cell.right)
    }

    /// The cells as words: those of a table parted by `|`, a mark before a clause by a space.
    fn text(&self) -> (String, bool) {
        let mut cells = self.cells.iter().map(|cell| cell.text.as_str());
        let mut text = cells.next().unwrap_or_default().to_owned();
        let mut is_table = false;
        for cell in cells {
            let is_mark = !is_table && text.chars().count() <= MARK_CHARS && !text.ends_with(char::is_alphabetic);
            text.push_str(if is_mark { " " } else { " | " });
            text.push_str(cell);
            is_table |= !is_mark;
        }
        (text, is_table)
    }
}

/// Rows to lines, with a blank line where a paragraph ends.
fn add_lines(rows: &[Row], lines: &mut Vec<String>) {
    let usual = usual_gap(rows);
    let width = (
        rows.iter().filter_map(|row| row.cells.first()).map(|cell| cell.left).fold(f64::INFINITY, f64::min),
        rows.iter().map(Row::right).fold(0.0, f64::max),
    );
    let mut before: Option<(&Row, bool)> = None;
    for row in rows {
        let (text, is_table) = row.text();
        let apart = before.is_some_and(|(above, was_table)| {
            is_table || was_table || row.y - above.y > usual * PARAGRAPH_GAP || ended(above, row, &text, width)
        });
        if apart {
            lines.push(String::new());
        }
        lines.push(text);
        before = Some((row, is_table));
    }
}

/// Whether the row above left room that the first word of this one would have fitted in.
fn ended(above: &Row, row: &Row, text: &str, (left, right): (f64, f64)) -> bool {
    if text.starts_with(char::is_lowercase) {
        return false;
    }
    let word = text.split(' ').next().unwrap_or_default().chars().count();
    let letters = row.cells.iter().map(|cell| cell.text.chars().count()).sum::<usize>().max(1);
    let extent: f64 = row.cells.iter().map(|cell| cell.right - cell.left).sum();
    let needed = extent / letters as f64 * (word + 1) as f64;
    (above.size - row.size).abs() > row.size * 0.2 || right - above.right() > needed + (right - left) * ROOM
}

/// The gap between lines of a paragraph: small, but not the smallest, which may be of small print.
fn usual_gap(rows: &[Row]) -> f64 {
    let mut gaps: Vec<f64> = rows.windows(2).filter_map(|pair| Some(pair.get(1)?.y - pair.first()?.y)).collect();
    gaps.sort_by(|a, b| order(*a, *b));
    gaps.get(gaps.len() / 5).copied().unwrap_or(f64::INFINITY)
}
