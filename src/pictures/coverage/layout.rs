//! Where rows, columns and dots stand.

use serde::Serialize;

use super::{CoveredPerson, CoveredSource, MOST_PEOPLE, Reading};
use crate::domain::transcript::{Side, SourceKind};
use crate::pictures::frame::{Columns, Frame, Heading, Key, LINE, Line, drawn_columns, headings, legend, lines, tenth};
use crate::pictures::text::{NAME, clean, counted, fit, part, percent};

/// Left of the sources: the names.
const LEFT: f64 = 205.0;
/// Right of the sources: a bar and the share.
const RIGHT: f64 = 152.0;
const BAR: f64 = 70.0;
const ROW: f64 = 30.0;
const GROUP: f64 = 38.0;
/// Under the headings: how far each source is read.
const STATE: f64 = 30.0;

/// The matrix, ready for its template.
#[derive(Debug, Serialize)]
pub(super) struct Matrix {
    frame: Frame,
    headings: Vec<Heading>,
    states: Vec<State>,
    /// The baseline of the headings.
    top: f64,
    bars_x: f64,
    groups: Vec<GroupHead>,
    rows: Vec<Row>,
    keys: Vec<Key>,
    more: Vec<Line>,
}

/// How far a source is read, and its column where it is not.
#[derive(Debug, Serialize)]
struct State {
    x: f64,
    y: f64,
    sign: &'static str,
    /// None where the column is too narrow: the legend has the word.
    word: Option<&'static str>,
    full: String,
    read: bool,
    left: f64,
    width: f64,
    top: f64,
    height: f64,
}

#[derive(Debug, Serialize)]
struct GroupHead {
    y: f64,
    side: &'static str,
    text: &'static str,
    count: String,
}

#[derive(Debug, Serialize)]
struct Row {
    side: &'static str,
    full: String,
    name: String,
    y: f64,
    edge: f64,
    stakeholder: bool,
    heard: bool,
    dots: Vec<Dot>,
    bar: f64,
    share: String,
}

#[derive(Debug, Serialize)]
struct Dot {
    x: f64,
    radius: f64,
    full: String,
}

pub(super) fn matrix(
    sources: &[CoveredSource],
    people: &[CoveredPerson],
    total: usize,
    title: &str,
    summary: &str,
) -> Matrix {
    let telling = |at: usize| {
        sources[at].reading != Reading::Read || people.iter().any(|person| person.words_in(&sources[at].source) > 0)
    };
    let drawn: Vec<&CoveredSource> = drawn_columns(sources.len(), telling).into_iter().map(|at| &sources[at]).collect();
    let columns = Columns::new(drawn.len(), LEFT, RIGHT);
    let labels: Vec<(String, Vec<String>)> = drawn.iter().map(|source| (source.label.clone(), note(source))).collect();
    let (headings, top) = headings(&columns, &labels);
    let grid = Grid { columns: &columns, drawn: &drawn, total, largest: largest(people) };
    let (groups, shown) = groups(people);
    let (mut heads, mut rows) = (Vec::new(), Vec::new());
    let mut y = top + if drawn.is_empty() { 0.0 } else { STATE };
    for (side, text, all, members) in groups {
        heads.push(GroupHead { y: tenth(y + 26.0), side, text, count: part(members.len(), all) });
        y += GROUP;
        for person in members {
            rows.push(grid.row(person, y));
            y += ROW;
        }
    }
    let states = drawn.iter().enumerate().map(|(at, source)| grid.state(at, source, top, y)).collect();
    let more = more(people.len() - shown, sources.len() - drawn.len());
    let (keys, end) = legend(keys(&columns, &drawn, people), y + 22.0, columns.size.width);
    let height = end + more.len() as f64 * LINE - 2.0;
    let frame = Frame::new("coverage", columns.size, height, (title, summary));
    let bars_x = tenth(columns.right(drawn.len()) + 16.0);
    Matrix {
        frame,
        headings,
        states,
        top: tenth(top - 6.0),
        bars_x,
        groups: heads,
        rows,
        keys,
        more: lines(more, 4.0, end + 3.0),
    }
}

fn largest(people: &[CoveredPerson]) -> usize {
    people.iter().flat_map(|person| &person.by_source).map(|(_, words)| *words).max().unwrap_or(0)
}

/// The class, the heading, how many there are, and those drawn.
type Group<'a> = (&'static str, &'static str, usize, Vec<&'a CoveredPerson>);

/// The groups with people, and how many are drawn in all: of too many the first of those heard and of those never heard.
fn groups(people: &[CoveredPerson]) -> (Vec<Group<'_>>, usize) {
    let (heard, silent): (Vec<&CoveredPerson>, Vec<&CoveredPerson>) =
        people.iter().partition(|person| person.words() > 0);
    // A third of the room is kept for those never heard: they are what the picture is for.
    let kept = heard.len().min(MOST_PEOPLE - silent.len().min(MOST_PEOPLE / 3));
    let of_side = |class, text, side: Side| {
        let all = heard.iter().filter(|person| person.side == side).count();
        (class, text, all, heard[..kept].iter().copied().filter(|person| person.side == side).collect())
    };
    let drawn_silent: Vec<&CoveredPerson> = silent.iter().copied().take(MOST_PEOPLE - kept).collect();
    let groups = [
        of_side("customer", "The customer's people", Side::Customer),
        of_side("vendor", "The vendor's people", Side::Vendor),
        of_side("unknown", "Side not told", Side::Unknown),
        ("silent", "Named, but never heard themselves", silent.len(), drawn_silent),
    ];
    let groups: Vec<Group> = groups.into_iter().filter(|(.., members)| !members.is_empty()).collect();
    let shown = groups.iter().map(|(.., members)| members.len()).sum();
    (groups, shown)
}

fn more(people: usize, sources: usize) -> Vec<String> {
    let people =
        (people > 0).then(|| format!("{} in the table only.", counted(people, "more person is", "more people are")));
    let sources =
        (sources > 0).then(|| format!("{} in the table only.", counted(sources, "more source is", "more sources are")));
    people.into_iter().chain(sources).collect()
}

/// Kind and day.
fn note(source: &CoveredSource) -> Vec<String> {
    let kind = source.kind.map(|kind| match kind {
        SourceKind::CallTranscript => "call",
        SourceKind::Notes => "notes",
        SourceKind::Mail => "mail",
        SourceKind::Chat => "chat",
        SourceKind::Contract => "contract",
        SourceKind::CrmRecord => "CRM",
    });
    let day = source.on.map(|day| day.strftime("%-d %b %Y").to_string());
    kind.map(str::to_owned).into_iter().chain(day).collect()
}

struct Grid<'a> {
    columns: &'a Columns,
    drawn: &'a [&'a CoveredSource],
    total: usize,
    /// Most words of one person in one source.
    largest: usize,
}

impl Grid<'_> {
    fn row(&self, person: &CoveredPerson, y: f64) -> Row {
        let name = clean(&person.name);
        let words = person.words();
        let dots = self.drawn.iter().enumerate().filter_map(|(at, source)| {
            let words = person.words_in(&source.source);
            (words > 0).then(|| Dot {
                x: self.columns.x(at),
                radius: tenth(2.5 + 9.5 * (words as f64 / self.largest as f64).sqrt()),
                full: format!("{name}, {}: {}", clean(&source.label), counted(words, "word", "words")),
            })
        });
        let share = if words == 0 { "never heard".to_owned() } else { percent(words, self.total) };
        Row {
            side: person.side.as_str(),
            full: format!("{name}: {}", if words == 0 { share.clone() } else { counted(words, "word", "words") }),
            y: tenth(y + ROW / 2.0),
            edge: tenth(y + ROW),
            stakeholder: person.stakeholder,
            heard: words > 0,
            dots: dots.collect(),
            bar: if words == 0 { 0.0 } else { tenth((words as f64 / self.total as f64 * BAR).max(2.0)) },
            share,
            name: fit(&name, LEFT - 30.0, NAME),
        }
    }

    fn state(&self, at: usize, source: &CoveredSource, top: f64, bottom: f64) -> State {
        let (x, word) = (self.columns.x(at), source.reading.word());
        let why = match &source.reading {
            Reading::Failed(why) => format!(": {}", clean(why)),
            _ => String::new(),
        };
        // With its word beside it, the sign stands left of the middle.
        let shift = if self.columns.upright { 0.0 } else { 24.0 };
        State {
            x: tenth(x - shift),
            y: tenth(top + STATE / 2.0),
            sign: sign(&source.reading),
            word: (!self.columns.upright).then_some(word),
            full: format!("{}: {word}{why}", clean(&source.label)),
            read: source.reading == Reading::Read,
            left: tenth(x - self.columns.step / 2.0 + 3.0),
            width: tenth(self.columns.step - 6.0),
            top: tenth(top + STATE + 2.0),
            height: tenth((bottom - top - STATE - 4.0).max(0.0)),
        }
    }
}

const fn sign(reading: &Reading) -> &'static str {
    match reading {
        Reading::Read => "check",
        Reading::Failed(_) => "cross",
        Reading::Waiting => "dots",
        Reading::NotUploaded => "query",
    }
}

fn keys(columns: &Columns, drawn: &[&CoveredSource], people: &[CoveredPerson]) -> Vec<(&'static str, String)> {
    let mut keys = Vec::new();
    if people.iter().any(|person| person.words() > 0) {
        keys.push(("sizes", format!("words in one source (largest {})", largest(people))));
    }
    if people.iter().any(|person| person.stakeholder) {
        keys.push(("stakeholder", "named as a stakeholder".to_owned()));
    }
    let readings = [Reading::Read, Reading::Failed(String::new()), Reading::Waiting, Reading::NotUploaded];
    for reading in readings.iter().filter(|_| columns.upright) {
        if drawn.iter().any(|source| source.reading.word() == reading.word()) {
            keys.push((sign(reading), reading.word().to_owned()));
        }
    }
    keys
}
