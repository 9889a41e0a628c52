//! A person's label: the dot and the first marks, the name, the title, and the other marks.

use serde::Serialize;

use super::{Person, role_word, share_word, stance_word};
use crate::domain::finding::Role;
use crate::pictures::frame::{LINE, Line, flow, lines, tenth};
use crate::pictures::text::{BODY, NAME, STRONG, width, wrap};

/// The line of the dot and the first marks, above the name.
const DOT_LINE: f64 = 25.0;
const DOT_ROOM: f64 = 28.0;
const PILL: f64 = 18.0;
/// Between two marks.
const APART: f64 = 4.0;

/// A label, set but not placed.
pub(super) struct Label<'a> {
    person: &'a Person,
    name: Vec<String>,
    title: Vec<String>,
    /// Marks with their class and place, from the label's corner.
    marks: Vec<(Mark, (f64, f64))>,
    /// From the label's corner to its end.
    pub(super) height: f64,
}

/// A mark's words and class.
type Mark = (&'static str, &'static str);

/// A person at a place.
#[derive(Debug, Serialize)]
pub(super) struct Placed {
    stance: &'static str,
    /// Everything about the person, for the pointer that rests on it.
    full: String,
    x: f64,
    y: f64,
    radius: f64,
    heard: bool,
    leaving: bool,
    name: Vec<Line>,
    title: Vec<Line>,
    marks: Vec<Pill>,
}

/// A role, or that the person is leaving.
#[derive(Debug, Serialize)]
struct Pill {
    x: f64,
    y: f64,
    width: f64,
    text: &'static str,
    class: &'static str,
}

impl<'a> Label<'a> {
    /// Sets the label in a column of `room` units.
    pub(super) fn new(person: &'a Person, room: f64) -> Self {
        let name = wrap(&person.name, room, NAME, 3);
        let title = person.title.as_deref().map(|title| wrap(title, room, BODY, 2)).unwrap_or_default();
        let leaving = person.leaving.then_some(("Leaving", "pic-alarm"));
        let marks: Vec<Mark> = leaving.into_iter().chain(person.roles.iter().map(|role| mark(*role))).collect();
        let widths: Vec<f64> = marks.iter().map(|(text, _)| pill_width(text)).collect();
        let beside = beside(&widths, room - DOT_ROOM);
        let words_end = DOT_LINE + (name.len() + title.len()) as f64 * LINE;
        let (mut places, _) = flow(&widths[..beside], (DOT_ROOM, 2.0), f64::INFINITY, (APART, 0.0));
        let (under, marks_end) = flow(&widths[beside..], (0.0, words_end + 4.0), room, (APART, PILL + 3.0));
        let height = if under.is_empty() { words_end } else { marks_end };
        places.extend(under);
        Self { person, name, title, marks: marks.into_iter().zip(places).collect(), height }
    }

    /// Puts the label's corner at a place; `loudest` and `total` are the words that its dot and its share are measured by.
    pub(super) fn place(&self, (x, y): (f64, f64), loudest: usize, total: usize) -> Placed {
        let person = self.person;
        let first = y + DOT_LINE + 12.0;
        let pill = |((text, class), (dx, dy)): &(Mark, (f64, f64))| Pill {
            x: tenth(x + dx),
            y: tenth(y + dy),
            width: pill_width(text),
            text,
            class,
        };
        Placed {
            stance: stance_word(person.stance),
            full: full(person, total),
            x: tenth(x + 12.0),
            y: tenth(y + 11.0),
            radius: tenth(radius(person, loudest)),
            heard: person.words > 0,
            leaving: person.leaving,
            name: lines(self.name.clone(), x, first),
            title: lines(self.title.clone(), x, first + self.name.len() as f64 * LINE),
            marks: self.marks.iter().map(pill).collect(),
        }
    }
}

/// How many of the marks have room beside the dot.
fn beside(widths: &[f64], room: f64) -> usize {
    let ends = widths.iter().scan(-APART, |end, width| {
        *end += APART + width;
        Some(*end)
    });
    ends.take_while(|end| *end <= room).count()
}

fn pill_width(text: &str) -> f64 {
    tenth(width(text, STRONG) + 13.0)
}

/// The area is the share; nobody is too small to be seen.
fn radius(person: &Person, loudest: usize) -> f64 {
    if person.words == 0 { 6.0 } else { 4.0 + 8.0 * (person.words as f64 / loudest as f64).sqrt() }
}

/// Everything about a person in one line.
fn full(person: &Person, total: usize) -> String {
    let roles = person.roles.iter().map(|role| role_word(*role).to_owned());
    let leaving = person.leaving.then(|| "leaving".to_owned());
    let share = share_word(person, total);
    let heard = if person.words > 0 { format!("{share} of the words heard") } else { share };
    let parts: Vec<String> = person.title.clone().into_iter().chain(roles).chain(leaving).chain([heard]).collect();
    format!("{}: {}", person.name, parts.join(", "))
}

/// A role as short as it is still plain, with its class.
const fn mark(role: Role) -> Mark {
    match role {
        Role::EconomicBuyer => ("Econ. buyer", "pic-key"),
        Role::Champion => ("Champion", "pic-key"),
        Role::ExecutiveSponsor => ("Sponsor", "pic-key"),
        Role::Technical => ("Technical", "pic-plain"),
        Role::Evaluator => ("Evaluator", "pic-plain"),
        Role::ProjectLead => ("Project lead", "pic-plain"),
        Role::Admin => ("Admin", "pic-plain"),
        Role::EndUser => ("End user", "pic-plain"),
        Role::Skeptic => ("Skeptic", "pic-doubt"),
        Role::Detractor => ("Detractor", "pic-against"),
        Role::LegalProcurement => ("Legal", "pic-plain"),
    }
}
