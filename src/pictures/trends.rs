//! How promises stand to the contract, month by month and by what they are about: a row for each status, a bar for each column,
//! all on one scale. Never by seller.

use serde::Serialize;

use super::Picture;
use super::frame::{Columns, Frame, Heading, LINE, Line, draw, drawn_columns, headings, lines, tenth};
use super::text::counted;
use crate::ledger::totals::{ContractCounts, Trends};
use crate::ledger::word;
use crate::render::view::in_words;

/// Left of the bars: the status and how many there are.
const LEFT: f64 = 150.0;
/// Right of the bars.
const RIGHT: f64 = 12.0;
/// How high a row is, with the number above its highest bar.
const ROW: f64 = 76.0;
/// How high the highest bar is.
const TALLEST: f64 = 46.0;
/// How wide a column is at most.
const WIDEST_COLUMN: f64 = 100.0;
/// How wide a bar is at most.
const WIDEST_BAR: f64 = 44.0;

/// The statuses in the order of the rows: the sign, the words, and the count.
type Status = (&'static str, &'static str, fn(&ContractCounts) -> i64);

const STATUSES: [Status; 5] = [
    ("check", "Written", |counts| counts.written),
    ("cross", "Contradicted", |counts| counts.contradicted),
    ("bang", "Unwritten", |counts| counts.unwritten),
    ("dash", "No contract", |counts| counts.no_contract),
    ("dots", "Not compared", |counts| counts.untold),
];

/// A column: what it is about, and its counts.
struct Column {
    label: String,
    counts: ContractCounts,
}

#[derive(Serialize)]
struct View {
    frame: Frame,
    headings: Vec<Heading>,
    rows: Vec<Row>,
    more: Vec<Line>,
}

#[derive(Serialize)]
struct Row {
    sign: &'static str,
    label: &'static str,
    all: i64,
    base: f64,
    middle: f64,
    bars: Vec<Bar>,
}

#[derive(Serialize)]
struct Bar {
    x: f64,
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    count: i64,
    full: String,
}

/// Promises by the month in which their deal was won; nothing where none was.
#[must_use]
pub fn trend_by_month(trends: &Trends) -> Option<Picture> {
    let label = |month: &str| {
        let day = format!("{month}-01").parse::<jiff::civil::Date>();
        day.map_or_else(|_| month.to_owned(), |day| day.strftime("%b %Y").to_string())
    };
    let columns = trends.months.iter().map(|month| Column { label: label(&month.month), counts: month.counts });
    picture("trend-months", "Promises and the contract, by month of closing", "Month", &columns.collect::<Vec<_>>())
}

/// Promises by what they are about; nothing where there are none.
#[must_use]
pub fn trend_by_category(trends: &Trends) -> Option<Picture> {
    let label = |of: &crate::ledger::totals::CategoryCount| {
        of.category.as_ref().map_or_else(|| "Not told".to_owned(), |category| in_words(&word(category)))
    };
    let columns = trends.categories.iter().map(|of| Column { label: label(of), counts: of.counts });
    picture("trend-categories", "Promises and the contract, by subject", "About", &columns.collect::<Vec<_>>())
}

fn picture(kind: &'static str, title: &str, first: &str, columns: &[Column]) -> Option<Picture> {
    let statuses: Vec<Status> = STATUSES
        .into_iter()
        .filter(|(sign, _, count)| *sign != "dots" || columns.iter().any(|column| count(&column.counts) > 0))
        .collect();
    if columns.is_empty() {
        return None;
    }
    let summary = summary(columns, &statuses);
    let view = layout(kind, columns, &statuses, title, &summary);
    let head = [first.to_owned()].into_iter().chain(statuses.iter().map(|(_, label, _)| (*label).to_owned()));
    let row = |column: &Column| {
        let counts = statuses.iter().map(|(.., count)| count(&column.counts).to_string());
        let all = column.counts.all().to_string();
        [column.label.clone()].into_iter().chain(counts).chain([all]).collect()
    };
    Some(Picture {
        title: title.to_owned(),
        svg: draw("pictures/trends.svg", &view),
        summary,
        header: head.chain(["All".to_owned()]).collect(),
        rows: columns.iter().map(row).collect(),
    })
}

fn layout(kind: &'static str, columns: &[Column], statuses: &[Status], title: &str, summary: &str) -> View {
    let drawn = drawn_columns(columns.len(), |_| true);
    let mut grid = Columns::new(drawn.len(), LEFT, RIGHT);
    // Few columns stand together at the left, where a phone shows them.
    grid.step = grid.step.min(WIDEST_COLUMN);
    let labels: Vec<(String, Vec<String>)> = drawn.iter().map(|at| (columns[*at].label.clone(), Vec::new())).collect();
    let (headings, top) = headings(&grid, &labels);
    let highest = drawn.iter().flat_map(|at| statuses.iter().map(|(.., count)| count(&columns[*at].counts))).max();
    let unit = TALLEST / highest.unwrap_or(0).max(1) as f64;
    let width = (grid.step * 0.56).min(WIDEST_BAR);
    let row = |(at, (sign, label, count)): (usize, &Status)| {
        let base = tenth(top + (at as f64 + 1.0) * ROW);
        let bar = |(place, column): (usize, &usize)| {
            let Column { label: of, counts } = &columns[*column];
            let (count, x) = (count(counts), grid.x(place));
            let height = tenth(count as f64 * unit);
            let full = format!("{of}: {} {}", counted_promises(count), label.to_lowercase());
            Bar { x, left: tenth(x - width / 2.0), top: tenth(base - height), width: tenth(width), height, count, full }
        };
        Row {
            sign,
            label,
            all: columns.iter().map(|column| count(&column.counts)).sum(),
            base,
            middle: tenth(base - 22.0),
            bars: drawn.iter().enumerate().map(bar).collect(),
        }
    };
    let rows: Vec<Row> = statuses.iter().enumerate().map(row).collect();
    let left_out = columns.len() - drawn.len();
    let more = (left_out > 0)
        .then(|| format!("{} in the table only.", counted(left_out, "earlier column is", "earlier columns are")));
    let bottom = top + statuses.len() as f64 * ROW;
    let height = bottom + 8.0 + if more.is_some() { LINE + 6.0 } else { 0.0 };
    View {
        frame: Frame::new(kind, grid.size, height, (title, summary)),
        headings,
        rows,
        more: lines(more.into_iter().collect(), 4.0, bottom + 18.0),
    }
}

fn counted_promises(count: i64) -> String {
    counted(usize::try_from(count).unwrap_or(0), "promise", "promises")
}

fn summary(columns: &[Column], statuses: &[Status]) -> String {
    let sum = |count: fn(&ContractCounts) -> i64| columns.iter().map(|column| count(&column.counts)).sum::<i64>();
    let parts: Vec<String> =
        statuses.iter().map(|(_, label, count)| format!("{} {}", sum(*count), label.to_lowercase())).collect();
    let all = format!("{}: {}.", counted_promises(sum(ContractCounts::all)), parts.join(", "));
    let most = columns.iter().rev().max_by_key(|column| column.counts.unwritten);
    let most = most.filter(|column| columns.len() > 1 && column.counts.unwritten > 0);
    let most = most.map(|column| format!("Most unwritten: {} ({}).", column.label, column.counts.unwritten));
    [Some(all), most].into_iter().flatten().collect::<Vec<_>>().join(" ")
}
