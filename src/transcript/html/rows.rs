//! Rows of tables: a row of data is one block; a row that only lays out the page is not.

use super::super::reading::one_line;
use super::build::Part;

/// A cell with more blocks lays out a page.
const MOST_BLOCKS_OF_A_CELL: usize = 3;

/// A row that is open, with the blocks of its cells.
#[derive(Debug, Default)]
pub(super) struct Row {
    cells: Vec<Vec<Part>>,
}

impl Row {
    /// A cell begins.
    pub(super) fn add_cell(&mut self) {
        self.cells.push(Vec::new());
    }

    /// Adds a block to the last cell.
    pub(super) fn add(&mut self, part: Part) {
        match self.cells.last_mut() {
            Some(cell) => cell.push(part),
            None => self.cells.push(vec![part]),
        }
    }

    /// The row as one block, its cells divided by bars, where it is one of data; else its blocks as they are.
    pub(super) fn parts(self, as_row: bool) -> Vec<Part> {
        let words = |cell: &Vec<Part>| cell.iter().filter(|part| !part.text.is_empty()).count();
        let short = self.cells.iter().all(|cell| words(cell) <= MOST_BLOCKS_OF_A_CELL);
        if !as_row || !short || self.cells.len() < 2 {
            return self.cells.into_iter().flatten().collect();
        }
        let join =
            |cell: &Vec<Part>| one_line(&cell.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(" "));
        let cells: Vec<String> = self.cells.iter().map(join).filter(|cell| !cell.is_empty()).collect();
        let first = self.cells.into_iter().flatten().find(|part| !part.text.is_empty());
        first.map(|part| Part { text: cells.join(" | "), ..part }).into_iter().collect()
    }
}
