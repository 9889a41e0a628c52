//! From letters with places to lines in reading order.
//!
//! The order in the file is that of drawing: headers and footers often come first. Letters of one height are a line; a gap
//! is a space, a wide gap parts cells; columns are read one after the other.

use std::cmp::Ordering;

use hayro_interpret::kurbo::Vec2;

use super::columns;
use super::glyphs::{Letter, Page, TextLine};
use super::letters;

/// Of the size of a letter: how far two letters of a line may differ in height, which gap is a space and which one parts
/// cells.
const LINE: f64 = 0.45;
const SPACE: f64 = 0.15;
const CELL: f64 = 1.0;
/// The gap of a cell is also this much wider than the spaces of its row, which are wide in a justified line; spaces wider
/// than that are no measure.
const CELL_SPACES: f64 = 2.2;
const WIDEST_SPACE: f64 = 0.6;
/// The same letter again this near is drawn twice, to look bold.
const TWICE: f64 = 0.08;
/// A line this much farther from the one before it than usual begins a paragraph.
const PARAGRAPH_GAP: f64 = 1.3;
/// Below this, of the size of its letters, no gap is one between paragraphs: titles have wider gaps than the text.
const LARGE_GAP: f64 = 1.35;
/// A line that left this part of its width free although the next word had room ended its paragraph.
const ROOM: f64 = 0.15;
/// A line whose letters differ this much in size is a heading, or follows one.
const OTHER_SIZE: f64 = 0.2;
/// `1.1`, `(a)`, `•`: what stands before a clause or an item, with a gap of its own.
const MARK_CHARS: usize = 6;

/// Part of a line without a wide gap.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub left: f64,
    pub right: f64,
    pub y: f64,
    pub size: f64,
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
        let from = page.lines.len();
        add_lines(&flow, &mut page.lines);
        // A sentence goes on from one column to the next.
        if page.lines.get(from).is_some_and(|line| !line.text.starts_with(char::is_lowercase)) {
            page.lines.insert(from, TextLine::default());
        }
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
    Row::of(cells(words(&letters)))
}

/// Letters to words: a gap is a space.
fn words(letters: &[Letter]) -> Vec<Cell> {
    let mut words: Vec<Cell> = Vec::new();
    let mut before: Option<&Letter> = None;
    for letter in letters {
        let is_twice = |other: &Letter| other.text == letter.text && letter.at.x - other.at.x < letter.size * TWICE;
        if letter.advance.x > 0.0 && before.is_some_and(is_twice) {
            continue;
        }
        let (left, right) = (letter.at.x, letter.at.x + letter.advance.x);
        let word = words.pop_if(|word| left - word.right <= letter.size * SPACE);
        let mut word =
            word.unwrap_or_else(|| Cell { left, right, y: letter.at.y, size: letter.size, text: String::new() });
        letters::push(&mut word.text, &letter.text);
        word.right = word.right.max(right);
        words.push(word);
        before = Some(letter);
    }
    words
}

/// Words to cells: a gap that is wide for its row parts them.
fn cells(words: Vec<Cell>) -> Vec<Cell> {
    let size = words.iter().map(|word| word.size).fold(0.0, f64::max);
    let mut gaps: Vec<f64> =
        words.windows(2).filter_map(|pair| Some(pair.get(1)?.left - pair.first()?.right)).collect();
    gaps.sort_by(|a, b| order(*a, *b));
    let space = gaps.get(gaps.len() / 4).copied().unwrap_or(0.0).min(size * WIDEST_SPACE);
    let wide = (size * CELL).max(space * CELL_SPACES);
    let mut cells: Vec<Cell> = Vec::new();
    for word in words {
        match cells.last_mut().filter(|cell| word.left - cell.right <= wide) {
            Some(cell) => {
                // A bullet and the number of a footnote have sizes of their own.
                if word.text.len() > cell.text.len() {
                    (cell.y, cell.size) = (word.y, word.size);
                }
                cell.text.push(' ');
                cell.text.push_str(&word.text);
                cell.right = cell.right.max(word.right);
            }
            None => cells.push(word),
        }
    }
    cells
}

impl Row {
    /// Cells side by side, as high and as large as the longest of them.
    pub(super) fn of(cells: Vec<Cell>) -> Option<Self> {
        let longest = cells.iter().max_by_key(|cell| cell.text.len())?;
        Some(Self { y: longest.y, size: longest.size, cells })
    }

    fn left(&self) -> f64 {
        self.cells.first().map_or(0.0, |cell| cell.left)
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
fn add_lines(rows: &[Row], lines: &mut Vec<TextLine>) {
    let usual = usual_gap(rows);
    let width =
        (rows.iter().map(Row::left).fold(f64::INFINITY, f64::min), rows.iter().map(Row::right).fold(0.0, f64::max));
    let mut before: Option<(&Row, bool)> = None;
    for row in rows {
        let (text, is_table) = row.text();
        let apart = before.is_some_and(|(above, was_table)| {
            is_table
                || was_table
                || row.y - above.y > (usual * PARAGRAPH_GAP).max(row.size * LARGE_GAP)
                || ended(above, row, &text, width)
        });
        if apart {
            lines.push(TextLine::default());
        }
        lines.push(TextLine { text, size: row.size });
        before = Some((row, is_table));
    }
}

/// Whether the row above left room that the first word of this one would have fitted in.
fn ended(above: &Row, row: &Row, text: &str, (left, right): (f64, f64)) -> bool {
    let word = text.split(' ').next().unwrap_or_default().chars().count();
    let letters = row.cells.iter().map(|cell| cell.text.chars().count()).sum::<usize>().max(1);
    let extent: f64 = row.cells.iter().map(|cell| cell.right - cell.left).sum();
    let needed = extent / letters as f64 * (word + 1) as f64;
    let is_other_size = (above.size - row.size).abs() > row.size * OTHER_SIZE;
    let centre = |row: &Row| f64::midpoint(row.left(), row.right());
    let is_centred = row.left() - left > row.size && (centre(above) - centre(row)).abs() < row.size / 2.0;
    let goes_on = is_centred || text.starts_with(char::is_lowercase);
    is_other_size || (!goes_on && right - above.right() > needed + (right - left) * ROOM)
}

/// The gap between lines of a paragraph: small, but not the smallest, which may be of small print.
fn usual_gap(rows: &[Row]) -> f64 {
    let mut gaps: Vec<f64> = rows.windows(2).filter_map(|pair| Some(pair.get(1)?.y - pair.first()?.y)).collect();
    gaps.sort_by(|a, b| order(*a, *b));
    gaps.get(gaps.len() / 5).copied().unwrap_or(f64::INFINITY)
}
