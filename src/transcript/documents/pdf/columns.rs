//! Two columns of text on a page: the left one is read to its end before the right one begins.
//!
//! A table has two columns too, but little text in them; rows that cross the gutter (a title) part what is above them from
//! what is below.

use super::layout::{Cell, Row};

/// Rows that a column has at least.
const MIN_ROWS: usize = 8;
/// Letters that the rows of a column have on average.
const MIN_CHARS: usize = 20;
/// Of a hundred cells, how many may cross the gutter.
const MAX_CROSSING: usize = 20;
/// How many places in the middle of the page are tried for a gutter.
const TRIES: usize = 40;

/// The rows of a page as texts that are read one after the other.
pub(super) fn flows(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let Some(gutter) = gutter(&rows) else { return vec![rows] };
    let mut flows: Vec<Vec<Row>> = Vec::new();
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for row in rows {
        if row.cells.iter().any(|cell| crosses(cell, gutter)) {
            flows.extend([std::mem::take(&mut left), std::mem::take(&mut right), vec![row]]);
            continue;
        }
        let (before, behind): (Vec<Cell>, Vec<Cell>) = row.cells.into_iter().partition(|cell| cell.right <= gutter);
        // The lines of two columns are seldom level: each has a height of its own.
        left.extend(Row::of(before));
        right.extend(Row::of(behind));
    }
    flows.extend([left, right]);
    flows.retain(|flow| !flow.is_empty());
    flows
}

fn crosses(cell: &Cell, gutter: f64) -> bool {
    cell.left < gutter && cell.right > gutter
}

/// Where the gutter is: the place in the middle third that the fewest cells cross.
fn gutter(rows: &[Row]) -> Option<f64> {
    let cells: Vec<&Cell> = rows.iter().flat_map(|row| &row.cells).collect();
    let left = cells.iter().map(|cell| cell.left).fold(f64::INFINITY, f64::min);
    let right = cells.iter().map(|cell| cell.right).fold(f64::NEG_INFINITY, f64::max);
    let place = |step: usize| left + (right - left) * (1.0 + step as f64 / TRIES as f64) / 3.0;
    let crossing = |gutter: f64| cells.iter().filter(|cell| crosses(cell, gutter)).count();
    let best = (0..=TRIES).map(place).min_by_key(|gutter| crossing(*gutter))?;
    let side = |is_side: &dyn Fn(&Cell) -> bool| {
        let texts: Vec<usize> =
            cells.iter().filter(|cell| is_side(cell)).map(|cell| cell.text.chars().count()).collect();
        texts.len() >= MIN_ROWS && texts.iter().sum::<usize>() >= texts.len() * MIN_CHARS
    };
    let is_column = side(&|cell| cell.right <= best) && side(&|cell| cell.left >= best);
    (is_column && crossing(best) * 100 <= cells.len() * MAX_CROSSING).then_some(best)
}
