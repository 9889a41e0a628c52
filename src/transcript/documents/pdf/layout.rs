//! From letters with places to lines in reading order.
//!
//! The order in the file is that of drawing: headers and footers often come first. Letters of one height are a line; a gap
//! is a space, a wide gap parts cells; columns are read one after the other.

use std::cmp::Ordering;

use hayro_interpret::kurbo::Vec2;

use super::columns;
use super::glyphs::{Letter, Page, TextLine};
use super::letters;
use super::paragraphs::{add_lines, unwrapped};

/// Of the size of a letter: how far two letters of a line may differ in height, which gap is a space and which one parts
/// cells.
const LINE: f64 = 0.45;
const SPACE: f64 = 0.15;
const CELL: f64 = 1.0;
/// The gap of a cell is also this much wider than the spaces of its row, which are wide in a justified line; spaces wider
/// than that are no measure.
const CELL_SPACES: f64 = 2.2;
const WIDEST_SPACE: f64 = 0.6;
/// The spaces of a stretched line are equally wide, several in a row, and not as wide as those between columns.
const EVEN: f64 = 0.05;
const EVEN_GAPS: usize = 3;
const WIDEST_STRETCHED: f64 = 2.5;
/// The same letter again this near is drawn twice, to look bold.
const TWICE: f64 = 0.08;
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
        add_lines(&unwrapped(flow), &mut page.lines);
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

pub(super) fn order(a: f64, b: f64) -> Ordering {
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

/// Words to cells: a gap that is wide for its row parts them, except in a line that is stretched to the width of its column.
fn cells(words: Vec<Cell>) -> Vec<Cell> {
    let size = words.iter().map(|word| word.size).fold(0.0, f64::max);
    let gaps: Vec<f64> = words.windows(2).filter_map(|pair| Some(pair.get(1)?.left - pair.first()?.right)).collect();
    let mut sorted = gaps.clone();
    sorted.sort_by(|a, b| order(*a, *b));
    let space = sorted.get(gaps.len() / 4).copied().unwrap_or(0.0).min(size * WIDEST_SPACE);
    let wide = (size * CELL).max(space * CELL_SPACES);
    let mut is_stretched = std::iter::once(false).chain(stretched(&gaps, size));
    let mut cells: Vec<Cell> = Vec::new();
    for word in words {
        let is_space = is_stretched.next().unwrap_or(false);
        match cells.last_mut().filter(|cell| is_space || word.left - cell.right <= wide) {
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

/// Of each gap, whether it is one of several that are equally wide, as in a line that is stretched.
fn stretched(gaps: &[f64], size: f64) -> impl Iterator<Item = bool> {
    let runs = gaps.chunk_by(move |a, b| (a - b).abs() <= size * EVEN);
    runs.flat_map(move |run| {
        let is_stretched = run.len() >= EVEN_GAPS && run.iter().all(|gap| *gap <= size * WIDEST_STRETCHED);
        std::iter::repeat_n(is_stretched, run.len())
    })
}

impl Row {
    /// Cells side by side, as high and as large as the longest of them.
    pub(super) fn of(cells: Vec<Cell>) -> Option<Self> {
        let longest = cells.iter().max_by_key(|cell| cell.text.len())?;
        Some(Self { y: longest.y, size: longest.size, cells })
    }

    pub(super) fn left(&self) -> f64 {
        self.cells.first().map_or(0.0, |cell| cell.left)
    }

    pub(super) fn right(&self) -> f64 {
        self.cells.last().map_or(0.0, |cell| cell.right)
    }

    /// The cells as words: those of a table parted by `|`, a mark before a clause by a space.
    pub(super) fn text(&self) -> (String, bool) {
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
