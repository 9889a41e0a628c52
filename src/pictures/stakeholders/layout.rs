//! Where everybody stands on the map: cells of a grid that grow with the people in them, so no two labels meet.

use serde::Serialize;

use super::label::{Label, Placed};
use super::{Person, influence_word, stance_word};
use crate::domain::finding::{Level, Stance};
use crate::pictures::frame::{Frame, Key, LINE, Line, Size, legend, lines, size_for, tenth};
use crate::pictures::text::{counted, percent};

/// The columns, from against to for; what is not known stands apart.
const STANCES: [Option<Stance>; 5] =
    [Some(Stance::Opposed), Some(Stance::Skeptical), Some(Stance::Neutral), Some(Stance::Supportive), None];
const LEVELS: [Option<Level>; 4] = [Some(Level::High), Some(Level::Medium), Some(Level::Low), None];

/// Left of the grid, for the rows' headings.
const GUTTER: f64 = 78.0;
/// Above the grid, for the columns' headings.
const TOP: f64 = 58.0;
/// Between two cells; before what is not known it is wider.
const GAP: f64 = 5.0;
const APART: f64 = 14.0;
/// A column nobody stands in.
const SLIM: f64 = 32.0;
/// The narrowest column with people, and what one person's label is given where there is room.
const NARROW: f64 = 136.0;
const LABEL: f64 = 150.0;
/// A row nobody stands in.
const FLAT: f64 = 44.0;
/// Inside a cell, and between two labels of it.
const PAD: f64 = 9.0;
const BETWEEN: f64 = 16.0;

/// The map, ready for its template.
#[derive(Debug, Serialize)]
pub(super) struct Map {
    frame: Frame,
    /// Where the axis of stances ends: what is not known is not on it.
    axis: f64,
    columns: Vec<Band>,
    rows: Vec<Band>,
    cells: Vec<Cell>,
    people: Vec<Placed>,
    keys: Vec<Key>,
    more: Vec<Line>,
}

/// A row or column of the grid with its heading.
#[derive(Debug, Serialize)]
struct Band {
    word: &'static str,
    /// What it holds is told by the record.
    known: bool,
    at: f64,
    size: f64,
    /// Nobody stands in it.
    slim: bool,
}

impl Band {
    fn end(&self) -> f64 {
        self.at + self.size
    }
}

#[derive(Debug, Serialize)]
struct Cell {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    known: bool,
}

/// Lays out the people drawn; `more` are only counted. `total` are the words of everybody heard.
pub(super) fn map(people: &[&Person], more: usize, total: usize, words: (&str, &str)) -> Map {
    let (picture, columns) = columns(|stance| people.iter().any(|person| person.stance == stance));
    let loudest = people.iter().map(|person| person.words).max().unwrap_or(0);
    let (mut rows, mut placed, mut y) = (Vec::new(), Vec::new(), TOP);
    for level in LEVELS {
        let of_level = || people.iter().copied().filter(move |person| person.influence == level);
        let slim = of_level().next().is_none();
        if slim && level.is_none() {
            continue;
        }
        y += if level.is_none() { APART - GAP } else { 0.0 };
        let of_cell = |stance: Option<Stance>| of_level().filter(move |person| person.stance == stance).collect();
        let cells: Vec<Filled> = columns.iter().map(|(stance, band)| Filled::new(of_cell(*stance), band)).collect();
        for cell in &cells {
            cell.place(y, loudest, total, &mut placed);
        }
        let size = cells.iter().map(Filled::height).fold(FLAT, f64::max);
        rows.push(Band { word: influence_word(level), known: level.is_some(), at: tenth(y), size: tenth(size), slim });
        y += size + GAP;
    }
    let columns: Vec<Band> = columns.into_iter().map(|(_, band)| band).collect();
    let (keys, end) = legend(keys(people, loudest, total), y + 20.0, picture.width);
    let more = (more > 0).then(|| format!("{} in the table only.", counted(more, "more person is", "more people are")));
    let more = lines(more.into_iter().collect(), 4.0, end + 3.0);
    Map {
        frame: Frame::new("stakeholders", picture, end + more.len() as f64 * LINE - 8.0, words),
        axis: tenth(columns.iter().filter(|band| band.known).map(Band::end).fold(0.0, f64::max) - 4.0),
        cells: cells(&columns, &rows),
        columns,
        rows,
        people: placed,
        keys,
        more,
    }
}

/// The columns, those with people in equal parts, and the picture's width.
fn columns(peopled: impl Fn(Option<Stance>) -> bool) -> (Size, Vec<(Option<Stance>, Band)>) {
    let shown: Vec<Option<Stance>> = STANCES.into_iter().filter(|s| s.is_some() || peopled(*s)).collect();
    let full = shown.iter().filter(|stance| peopled(**stance)).count().max(1) as f64;
    let slim = shown.len() as f64 - full;
    let gaps = (shown.len() - 1) as f64 * GAP + if peopled(None) { APART - GAP } else { 0.0 };
    // At the right edge a unit or two for the outline of the last cell.
    let fixed = GUTTER + gaps + slim * SLIM + 2.0;
    let picture = size_for(fixed + full * NARROW);
    let part = (picture.width - fixed) / full;
    let mut x = GUTTER;
    let place = |stance: Option<Stance>| {
        let (known, slim) = (stance.is_some(), !peopled(stance));
        let size = if slim { SLIM } else { part };
        x += if known { 0.0 } else { APART - GAP };
        let band = Band { word: stance_word(stance), known, at: tenth(x), size: tenth(size), slim };
        x += size + GAP;
        (stance, band)
    };
    (picture, shown.into_iter().map(place).collect())
}

/// The grid; a column nobody stands in is one cell over all that is known.
fn cells(columns: &[Band], rows: &[Band]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for column in columns {
        let cell = |from: &Band, to: &Band| Cell {
            x: column.at,
            y: from.at,
            width: column.size,
            height: tenth(to.end() - from.at),
            known: column.known && from.known,
        };
        let (known, untold): (Vec<&Band>, Vec<&Band>) = rows.iter().partition(|row| row.known);
        match (column.slim, known.first(), known.last()) {
            (true, Some(first), Some(last)) => cells.push(cell(first, last)),
            _ => cells.extend(known.iter().map(|row| cell(row, row))),
        }
        cells.extend(untold.into_iter().map(|row| cell(row, row)));
    }
    cells
}

/// A cell's labels, so many side by side as its column allows.
struct Filled<'a> {
    left: f64,
    step: f64,
    abreast: usize,
    labels: Vec<Label<'a>>,
}

impl<'a> Filled<'a> {
    fn new(people: Vec<&'a Person>, column: &Band) -> Self {
        let abreast = match column.size {
            size if size < 2.0 * LABEL => 1,
            size if size < 3.0 * LABEL => 2,
            _ => 3,
        };
        let step = column.size / abreast as f64;
        let labels = people.into_iter().map(|person| Label::new(person, step - 2.0 * PAD)).collect();
        Self { left: column.at, step, abreast, labels }
    }

    fn height(&self) -> f64 {
        let rows = self.labels.chunks(self.abreast).map(tallest);
        rows.fold(2.0 * PAD - BETWEEN, |height, row| height + row + BETWEEN) + 4.0
    }

    fn place(&self, top: f64, loudest: usize, total: usize, placed: &mut Vec<Placed>) {
        let mut y = top + PAD;
        for row in self.labels.chunks(self.abreast) {
            let corners = (0_u32..).map(|at| (self.left + f64::from(at) * self.step + PAD, y));
            placed.extend(row.iter().zip(corners).map(|(label, corner)| label.place(corner, loudest, total)));
            y += tallest(row) + BETWEEN;
        }
    }
}

fn tallest(row: &[Label]) -> f64 {
    row.iter().map(|label| label.height).fold(0.0, f64::max)
}

fn keys(people: &[&Person], loudest: usize, total: usize) -> Vec<(&'static str, String)> {
    let any = |wanted: fn(&&&Person) -> bool| people.iter().any(|person| wanted(&person));
    let sizes = (loudest > 0).then(|| format!("share of the words heard (largest {})", percent(loudest, total)));
    let hollow = any(|person| person.words == 0).then(|| "never heard themselves".to_owned());
    let leaving = any(|person| person.leaving).then(|| "said to be leaving".to_owned());
    let keys = [("sizes", sizes), ("hollow", hollow), ("leaving", leaving)];
    keys.into_iter().filter_map(|(sign, text)| Some((sign, text?))).collect()
}
