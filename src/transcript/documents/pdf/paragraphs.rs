//! Rows to lines: where a paragraph ends a blank line stands, and rows of a table that wrap are one.

use super::glyphs::TextLine;
use super::layout::{Cell, Row, order};

/// A line this much farther from the one before it than usual begins a paragraph.
const PARAGRAPH_GAP: f64 = 1.3;
/// Below this, of the size of its letters, no gap is one between paragraphs: titles have wider gaps than the text.
const LARGE_GAP: f64 = 1.35;
/// A line that left this part of its width free although the next word had room ended its paragraph.
const ROOM: f64 = 0.15;
/// A line whose letters differ this much in size is a heading, or follows one.
const OTHER_SIZE: f64 = 0.2;

/// Fewer cells make no table.
const MIN_CELLS: usize = 3;
/// The next row of a table is this much farther away than the next line of a cell.
const ROW_GAP: f64 = 1.25;

/// Rows of a table whose cells go on in the next line become one: `Onboarding, three` | `USD 2,000`, and `workshops` below.
pub(super) fn unwrapped(rows: Vec<Row>) -> Vec<Row> {
    let gaps: Vec<f64> = rows.windows(2).filter_map(|pair| Some(pair.get(1)?.y - pair.first()?.y)).collect();
    let gap = |at: usize| gaps.get(at).copied();
    let mut whole: Vec<Row> = Vec::new();
    for (at, row) in rows.into_iter().enumerate() {
        let above = at.checked_sub(1).and_then(gap).unwrap_or(f64::INFINITY);
        let other = gap(at).or_else(|| gap(at.checked_sub(2)?)).unwrap_or(0.0);
        let is_near = above <= row.size * LARGE_GAP && other >= above * ROW_GAP;
        match whole.last_mut().filter(|table| is_near && goes_on(table, &row)) {
            Some(table) => row.cells.iter().for_each(|cell| append(table, cell)),
            None => whole.push(row),
        }
    }
    whole
}

/// Whether each cell of the row stands below one of the table, and not all of them do.
fn goes_on(table: &Row, row: &Row) -> bool {
    let is_below = |cell: &Cell| table.cells.iter().any(|above| is_aligned(above, cell));
    table.cells.len() >= MIN_CELLS && row.cells.len() < table.cells.len() && row.cells.iter().all(is_below)
}

fn is_aligned(above: &Cell, below: &Cell) -> bool {
    (above.left - below.left).abs() < below.size / 2.0
}

fn append(table: &mut Row, cell: &Cell) {
    if let Some(above) = table.cells.iter_mut().find(|above| is_aligned(above, cell)) {
        above.text.push(' ');
        above.text.push_str(&cell.text);
        above.right = above.right.max(cell.right);
    }
}

/// Rows to lines, with a blank line where a paragraph ends.
pub(super) fn add_lines(rows: &[Row], lines: &mut Vec<TextLine>) {
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
