//! Where rows, marks and links stand.

use serde::Serialize;

use super::order::Group;
use super::{Call, MOST_ROWS, Promise, Said, contract_word, said_words, strength_word};
use crate::domain::finding::{ContractStatus, Strength};
use crate::domain::transcript::Side;
use crate::pictures::frame::{Columns, Frame, Heading, Key, LINE, Line, drawn_columns, headings, legend, lines, tenth};
use crate::pictures::text::{BODY, counted, fit, part, wrap};

/// Left of the calls: the statements.
const LEFT: f64 = 240.0;
/// Right of the calls: what the contract says.
const RIGHT: f64 = 130.0;
const GROUP: f64 = 38.0;

/// The timeline, ready for its template.
#[derive(Debug, Serialize)]
pub(super) struct Timeline {
    frame: Frame,
    headings: Vec<Heading>,
    /// Where the calls' lines begin and end.
    top: f64,
    bottom: f64,
    /// Where the contract's column begins.
    contract_x: f64,
    groups: Vec<GroupHead>,
    rows: Vec<Row>,
    links: Vec<Link>,
    keys: Vec<Key>,
    more: Vec<Line>,
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
    /// The whole statement and what was done with it, for the pointer that rests on it.
    full: String,
    statement: Vec<Line>,
    replaced: bool,
    /// The line under the row.
    edge: f64,
    middle: f64,
    /// From the first mark to the last.
    from: f64,
    to: f64,
    strength: &'static str,
    marks: Vec<Mark>,
    /// In place of marks, where no call carries the promise.
    memory: Option<String>,
    sign: &'static str,
    status: &'static str,
}

#[derive(Debug, Serialize)]
struct Mark {
    x: f64,
    said: &'static str,
}

/// From an older word to the newer one.
#[derive(Debug, Serialize)]
struct Link {
    path: String,
    head: String,
}

pub(super) fn timeline(promises: &[Promise], groups: &[Group], calls: &[Call], title: &str, summary: &str) -> Timeline {
    let shown = shown(groups);
    let telling = |column: usize| shown.iter().any(|place| promises[*place].said.iter().any(|(at, _)| *at == column));
    let drawn = drawn_columns(calls.len(), telling);
    let columns = Columns::new(drawn.len(), LEFT, RIGHT);
    let labels: Vec<(String, Vec<String>)> =
        drawn.iter().map(|call| (calls[*call].label.clone(), day(&calls[*call]))).collect();
    let (headings, top) = headings(&columns, &labels);
    let grid = Grid { columns: &columns, drawn: &drawn, calls };
    let (mut heads, mut rows, mut places) = (Vec::new(), Vec::new(), vec![None; promises.len()]);
    let mut y = top + 6.0;
    for group in groups {
        let of_group: Vec<usize> = group.promises.iter().copied().filter(|place| shown.contains(place)).collect();
        if of_group.is_empty() {
            continue;
        }
        heads.push(head(group, of_group.len(), y + 26.0));
        y += GROUP;
        for place in of_group {
            let row = grid.row(&promises[place], &mut y);
            places[place] = Some(rows.len());
            rows.push(row);
        }
    }
    let links = links(promises, &places, &rows);
    let more = more(promises.len() - rows.len(), calls.len() - drawn.len());
    let (keys, end) = legend(keys(promises, &shown), y + 22.0, columns.size.width);
    let height = end + more.len() as f64 * LINE - 2.0;
    let frame = Frame::new("promises", columns.size, height, (title, summary));
    let contract_x = tenth(columns.right(drawn.len()) + 14.0);
    let more = lines(more, 4.0, end + 3.0);
    Timeline { frame, headings, top: tenth(top), bottom: tenth(y), contract_x, groups: heads, rows, links, keys, more }
}

/// The promises drawn: of too many the first of each side, in turn.
fn shown(groups: &[Group]) -> Vec<usize> {
    let longest = groups.iter().map(|group| group.promises.len()).max().unwrap_or(0);
    let in_turn = (0..longest).flat_map(|at| groups.iter().filter_map(move |group| group.promises.get(at)));
    in_turn.take(MOST_ROWS).copied().collect()
}

fn more(promises: usize, calls: usize) -> Vec<String> {
    let promises = (promises > 0)
        .then(|| format!("{} in the table only.", counted(promises, "more promise is", "more promises are")));
    let calls =
        (calls > 0).then(|| format!("{} in the table only.", counted(calls, "more source is", "more sources are")));
    promises.into_iter().chain(calls).collect()
}

fn day(call: &Call) -> Vec<String> {
    call.on.map(|day| day.strftime("%-d %b %Y").to_string()).into_iter().collect()
}

/// The heading of a group of which `shown` are drawn.
fn head(group: &Group, shown: usize, y: f64) -> GroupHead {
    let text = match group.side {
        Side::Vendor => "Owed by the vendor",
        Side::Customer => "Owed by the customer",
        Side::Unknown => "Owed by whom is not told",
    };
    GroupHead { y: tenth(y), side: group.side.as_str(), text, count: part(shown, group.promises.len()) }
}

struct Grid<'a> {
    columns: &'a Columns,
    drawn: &'a [usize],
    calls: &'a [Call],
}

impl Grid<'_> {
    /// A row from `y` on, which is moved under it.
    fn row(&self, promise: &Promise, y: &mut f64) -> Row {
        // It may reach into the first column, as far as no mark stands.
        let room = LEFT - 24.0 + (self.columns.step / 2.0 - 14.0).clamp(0.0, 26.0);
        let statement = wrap(&promise.statement, room, BODY, 2);
        let tall = 17.0 + statement.len() as f64 * LINE;
        let middle = *y + tall / 2.0;
        let first = middle + 4.5 - (statement.len() as f64 - 1.0) * LINE / 2.0;
        let place = |column: usize| self.drawn.iter().position(|drawn| *drawn == column).map(|at| self.columns.x(at));
        let marks: Vec<Mark> = promise
            .said
            .iter()
            .filter_map(|(column, said)| place(*column).map(|x| Mark { x, said: said_class(*said) }))
            .collect();
        let here = self.columns.left + 12.0;
        let memory = promise
            .said
            .is_empty()
            .then(|| fit(&said_words(promise, self.calls), self.columns.right(self.drawn.len()) - here, BODY));
        *y += tall;
        let (sign, status) = status(promise);
        Row {
            side: promise.owed_by.as_str(),
            full: format!(
                "{} ({}; {})",
                promise.statement,
                strength_word(promise.strength),
                said_words(promise, self.calls)
            ),
            statement: lines(statement, 4.0, first),
            replaced: promise.is_replaced(),
            edge: tenth(*y),
            middle: tenth(middle),
            from: marks.first().map_or(here, |mark| mark.x),
            to: marks.last().map_or(here, |mark| mark.x),
            strength: strength_class(promise.strength),
            marks,
            memory,
            sign,
            status,
        }
    }
}

/// What the last column shows: the sign and the word.
fn status(promise: &Promise) -> (&'static str, &'static str) {
    match promise.contract {
        None if promise.is_replaced() => ("replaced", "replaced"),
        Some(ContractStatus::Written) => ("check", contract_word(promise.contract)),
        Some(ContractStatus::Contradicted) => ("cross", contract_word(promise.contract)),
        Some(ContractStatus::Unwritten) => ("bang", contract_word(promise.contract)),
        Some(ContractStatus::NoContract) => ("dash", contract_word(promise.contract)),
        None => ("dots", contract_word(promise.contract)),
    }
}

fn links(promises: &[Promise], places: &[Option<usize>], rows: &[Row]) -> Vec<Link> {
    let ends = promises.iter().zip(places).filter_map(|(promise, row)| {
        let newer = places[promise.newer?]?;
        Some((&rows[(*row)?], &rows[newer]))
    });
    ends.map(|(old, new)| link((old.to, old.middle), (new.from, new.middle))).collect()
}

/// A curve that leaves the older mark downwards and reaches the newer one from above, or the other way round.
fn link((x, y): (f64, f64), (newer_x, newer_y): (f64, f64)) -> Link {
    let way = if newer_y < y { -1.0 } else { 1.0 };
    let (start, end) = (y + way * 9.0, newer_y - way * 12.0);
    let bend = ((end - start).abs() * 0.7).max(10.0) * way;
    let path = format!(
        "M{:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
        x,
        start,
        x,
        start + bend,
        newer_x,
        end - bend,
        newer_x,
        end - way * 3.0
    );
    let head = format!("M{:.1} {:.1}h9l-4.5 {:.1}z", newer_x - 4.5, end - way * 4.0, way * 6.0);
    Link { path, head }
}

const fn said_class(said: Said) -> &'static str {
    match said {
        Said::Made => "made",
        Said::Repeated => "repeated",
        Said::Changed => "changed",
        Said::TakenBack => "taken_back",
        Said::Against => "against",
    }
}

const fn strength_class(strength: Option<Strength>) -> &'static str {
    match strength {
        None => "untold",
        strength => strength_word(strength),
    }
}

fn keys(promises: &[Promise], shown: &[usize]) -> Vec<(&'static str, String)> {
    let used = |wanted: &dyn Fn(&Promise) -> bool| shown.iter().any(|place| wanted(&promises[*place]));
    let strengths = [
        (Some(Strength::Firm), "firm"),
        (Some(Strength::Conditional), "conditional: something else must happen first"),
        (Some(Strength::Soft), "soft: hedged"),
        (Some(Strength::Implied), "implied, never said outright"),
        (Some(Strength::Roadmap), "roadmap: future plans"),
        (None, "strength not told"),
    ];
    let strengths = strengths
        .into_iter()
        .filter(|(strength, _)| used(&|promise| promise.strength == *strength))
        .map(|(strength, text)| (strength_class(strength), text.to_owned()));
    let kinds = [
        (Said::Repeated, "said again"),
        (Said::Changed, "a newer word"),
        (Said::TakenBack, "taken back"),
        (Said::Against, "spoken against"),
    ];
    let kinds = kinds
        .into_iter()
        .filter(|(said, _)| used(&|promise| promise.said.iter().any(|(_, known)| known == said)))
        .map(|(said, text)| (said_class(said), text.to_owned()));
    let link = used(&|promise| promise.newer.is_some()).then(|| ("link", "replaced by".to_owned()));
    strengths.chain(kinds).chain(link).collect()
}
