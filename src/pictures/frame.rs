//! What all pictures share: the frame with title and description, columns, lines of text, and legends that flow.

use serde::Serialize;

use super::text::{BODY, clean, fit, wrap};
use crate::render::render;

/// The narrowest column whose heading is set level; below it, headings stand upright.
const LEVEL_HEADING: f64 = 87.5;
/// Widths a picture can have, each with the class that keeps its words readable.
const SIZES: [Size; 5] = [
    Size { width: 720.0, class: "pic-720" },
    Size { width: 840.0, class: "pic-840" },
    Size { width: 960.0, class: "pic-960" },
    Size { width: 1080.0, class: "pic-1080" },
    WIDEST,
];
const WIDEST: Size = Size { width: 1200.0, class: "pic-1200" };
/// How high upright headings reach.
const UPRIGHT: f64 = 150.0;
/// How many columns are drawn.
const MOST_COLUMNS: usize = 24;
/// From one line of text to the next.
pub(super) const LINE: f64 = 15.5;

/// How wide a picture is, and the class that says so to the stylesheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub width: f64,
    pub class: &'static str,
}

/// A picture's outline and its text alternative.
#[derive(Debug, Serialize)]
pub(super) struct Frame {
    /// In the ids of this kind of picture.
    pub kind: &'static str,
    /// The class of its width.
    pub class: &'static str,
    pub width: f64,
    pub height: f64,
    pub title: String,
    pub summary: String,
}

impl Frame {
    pub(super) fn new(
        kind: &'static str,
        Size { width, class }: Size,
        height: f64,
        (title, summary): (&str, &str),
    ) -> Self {
        let (title, summary) = (title.to_owned(), summary.to_owned());
        Self { kind, class, width, height: tenth(height), title, summary }
    }
}

/// Fills a picture's template.
pub(super) fn draw<T: Serialize>(template: &'static str, view: &T) -> String {
    render(template, view).unwrap_or_else(|error| {
        // A defect of the template: the page still has the table.
        tracing::error!(%error, "picture cannot be drawn");
        String::new()
    })
}

/// To a tenth of a unit: what nobody sees need not be written.
pub(super) fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Words at a place; `y` is the baseline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Line {
    pub x: f64,
    pub y: f64,
    pub text: String,
}

/// Lines under each other, the first with its baseline at `y`.
pub(super) fn lines(texts: Vec<String>, x: f64, y: f64) -> Vec<Line> {
    let placed = texts.into_iter().zip(0_u32..);
    placed.map(|(text, at)| Line { x: tenth(x), y: tenth(y + f64::from(at) * LINE), text }).collect()
}

/// The size of a picture that needs at least `needed` units.
pub(super) fn size_for(needed: f64) -> Size {
    SIZES.into_iter().find(|size| size.width >= needed).unwrap_or(WIDEST)
}

/// Which of `count` columns are drawn: all, or of too many those with something to show, the latest first.
pub(super) fn drawn_columns(count: usize, shows: impl Fn(usize) -> bool) -> Vec<usize> {
    let (telling, silent): (Vec<usize>, Vec<usize>) = (0..count).rev().partition(|column| shows(*column));
    let mut drawn: Vec<usize> = telling.into_iter().chain(silent).take(MOST_COLUMNS).collect();
    drawn.sort_unstable();
    drawn
}

/// Columns of equal width between a left and a right margin.
#[derive(Debug)]
pub(super) struct Columns {
    /// Of the picture.
    pub size: Size,
    /// Where the first column begins.
    pub left: f64,
    /// Width of a column.
    pub step: f64,
    /// Whether headings stand upright.
    pub upright: bool,
}

impl Columns {
    pub(super) fn new(count: usize, left: f64, right: f64) -> Self {
        let count = count.max(1) as f64;
        let size = size_for(left + right + count * LEVEL_HEADING);
        let step = (size.width - left - right) / count;
        Self { size, left, step, upright: step < LEVEL_HEADING }
    }

    /// The middle of a column.
    pub(super) fn x(&self, column: usize) -> f64 {
        tenth(self.left + (column as f64 + 0.5) * self.step)
    }

    /// The right edge of the last column.
    pub(super) fn right(&self, count: usize) -> f64 {
        self.left + count as f64 * self.step
    }
}

/// What stands above a column: its label, and under it day and kind. Upright, both begin at their places and go up.
#[derive(Debug, Serialize)]
pub(super) struct Heading {
    pub x: f64,
    /// All of it, for the pointer that rests on it.
    pub full: String,
    pub label: Vec<Line>,
    pub note: Vec<Line>,
    pub upright: bool,
}

/// Headings of labels with the notes under them, which end at one height, and that height.
pub(super) fn headings(columns: &Columns, labels: &[(String, Vec<String>)]) -> (Vec<Heading>, f64) {
    let labels = labels.iter().map(|(label, notes)| (clean(label), notes));
    let full = |label: &String, notes: &Vec<String>| [std::slice::from_ref(label), notes].concat().join(", ");
    if columns.upright {
        let set = labels
            .enumerate()
            .map(|(column, (label, notes))| upright(columns.x(column), &label, notes, full(&label, notes)));
        return (set.collect(), UPRIGHT);
    }
    let room = columns.step - 2.0;
    let set = labels.map(|(label, notes)| {
        let note: Vec<String> = notes.iter().map(|note| fit(note, room, BODY)).collect();
        (full(&label, notes), wrap(&label, room, BODY, 2), note)
    });
    let set: Vec<_> = set.collect();
    let tallest = set.iter().map(|(_, label, note)| label.len() + note.len()).max().unwrap_or(0);
    let bottom = tallest as f64 * LINE + 8.0;
    let place = |(column, (full, label, note)): (usize, (String, Vec<String>, Vec<String>))| {
        let x = columns.x(column);
        let first = bottom - 6.0 - (label.len() as f64 + note.len() as f64 - 1.0) * LINE;
        let below = first + label.len() as f64 * LINE;
        Heading { x, full, label: lines(label, x, first), note: lines(note, x, below), upright: false }
    };
    (set.into_iter().enumerate().map(place).collect(), bottom)
}

/// The label and the last note, the day, side by side.
fn upright(x: f64, label: &str, notes: &[String], full: String) -> Heading {
    let (y, room) = (UPRIGHT - 6.0, UPRIGHT - 10.0);
    let note: Vec<String> = notes.last().map(|note| fit(note, room, BODY)).into_iter().collect();
    let left = if note.is_empty() { 4.5 } else { -3.0 };
    let label = vec![fit(label, room, BODY)];
    Heading { x, full, label: lines(label, x + left, y), note: lines(note, x + 12.0, y), upright: true }
}

/// Places of boxes that follow each other from `x`, and go on under it where the line is full; and where they end.
pub(super) fn flow(widths: &[f64], (x, y): (f64, f64), right: f64, gap: (f64, f64)) -> (Vec<(f64, f64)>, f64) {
    let (mut at, mut row) = (x, y);
    let mut places = Vec::with_capacity(widths.len());
    for width in widths {
        if at > x && at + width > right {
            (at, row) = (x, row + gap.1);
        }
        places.push((tenth(at), tenth(row)));
        at += width + gap.0;
    }
    (places, row + gap.1)
}

/// One line of a legend: a sign and what it means.
#[derive(Debug, Serialize)]
pub(super) struct Key {
    pub x: f64,
    pub y: f64,
    /// The sign's name in the template.
    pub sign: &'static str,
    pub text: String,
}

/// Where the words of a key begin, right of its sign.
pub(super) const KEY_SIGN: f64 = 26.0;

/// A legend from `y` on, as wide as the picture, and where it ends.
pub(super) fn legend(keys: Vec<(&'static str, String)>, y: f64, picture: f64) -> (Vec<Key>, f64) {
    let widths: Vec<f64> = keys.iter().map(|(_, text)| KEY_SIGN + super::text::width(text, BODY)).collect();
    let (places, end) = flow(&widths, (4.0, y), picture - 4.0, (16.0, 21.0));
    let set = |((sign, text), (x, y)): ((&'static str, String), (f64, f64))| Key { x, y, sign, text };
    (keys.into_iter().zip(places).map(set).collect(), end)
}
