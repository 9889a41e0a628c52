//! Pages of a text: form feeds part them, and what is repeated at their top and bottom is no part of the words.

use std::collections::HashMap;

use super::super::reading::{Reading, one_line, ordinal};

/// Headers and footers have at most this many lines.
const MAX_LINES: usize = 3;

/// A line of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'t> {
    /// From 1.
    pub number: u32,
    /// The page, from 1, where the text has pages.
    pub page: Option<u32>,
    pub text: &'t str,
}

/// The lines of a text without the headers and footers of its pages, which are reported.
pub(super) fn lines<'t>(text: &'t str, reading: &mut Reading) -> Vec<Line<'t>> {
    let mut lines = numbered(text);
    let furniture = furniture(&lines);
    for (at, what) in &furniture {
        if let Some(line) = lines.get(*at) {
            reading.drop(line.number, *what);
        }
    }
    let left_out: std::collections::HashSet<usize> = furniture.into_iter().map(|(at, _)| at).collect();
    let mut at = 0;
    lines.retain(|_| {
        at += 1;
        !left_out.contains(&(at - 1))
    });
    lines
}

/// A form feed ends the page, wherever in a line it stands.
fn numbered(text: &str) -> Vec<Line<'_>> {
    let has_pages = text.trim_end().contains('\u{c}');
    let mut page = 1;
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for (part, text) in line.split('\u{c}').enumerate() {
            page += u32::from(part > 0);
            lines.push(Line { number: ordinal(index), page: has_pages.then_some(page), text });
        }
    }
    lines
}

/// The places of lines that come again at the top or at the bottom of pages, numbers aside.
fn furniture(lines: &[Line<'_>]) -> Vec<(usize, &'static str)> {
    let mut pages: Vec<Vec<usize>> = Vec::new();
    let mut open = None;
    for (at, line) in lines.iter().enumerate() {
        if open != Some(line.page) {
            open = Some(line.page);
            pages.push(Vec::new());
        }
        if let Some(page) = pages.last_mut().filter(|_| !line.text.trim().is_empty()) {
            page.push(at);
        }
    }
    let bottoms: Vec<Vec<usize>> = pages.iter().map(|page| page.iter().rev().copied().collect()).collect();
    let mut found = repeated(lines, &pages, "page header");
    found.extend(repeated(lines, &bottoms, "page footer"));
    found.extend(pages.iter().flat_map(|page| printed(lines, page)));
    found.sort_by_key(|(at, _)| *at);
    found.dedup_by_key(|(at, _)| *at);
    found
}

/// What browsers print around a page: the date and the title above it, the address and `1/2` below.
fn printed(lines: &[Line<'_>], page: &[usize]) -> Vec<(usize, &'static str)> {
    let text = |at: Option<&usize>| at.and_then(|at| lines.get(*at)).map_or("", |line| line.text.trim());
    let (first, last) = (page.first(), page.last().filter(|_| page.len() > 1));
    let is_address = ["https://", "http://", "file:///", "about:"].iter().any(|start| text(last).starts_with(start));
    let count = text(last).rsplit(' ').next().and_then(|count| count.split_once('/'));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_address || !count.is_some_and(|(page, of)| is_number(page) && is_number(of)) {
        return Vec::new();
    }
    let mut words = text(first).split([' ', ',']);
    let is_date =
        words.next().is_some_and(|word| word.split(['/', '.', '-']).filter(|part| is_number(part)).count() == 3);
    let footer = last.map(|at| (*at, "page footer that a browser printed"));
    footer.into_iter().chain(first.filter(|_| is_date).map(|at| (*at, "page header that a browser printed"))).collect()
}

/// Walks into every page as long as its lines are those of other pages too: of a third of all pages at least, because left
/// and right pages may differ, and a cover has none.
fn repeated(lines: &[Line<'_>], pages: &[Vec<usize>], what: &'static str) -> Vec<(usize, &'static str)> {
    let shape_at =
        |page: &Vec<usize>, depth: usize| page.get(depth).and_then(|at| lines.get(*at)).map(|line| shape(line.text));
    let mut found = Vec::new();
    let mut open: Vec<&Vec<usize>> = pages.iter().collect();
    for depth in 0..MAX_LINES {
        let mut times: HashMap<String, usize> = HashMap::new();
        for page in &open {
            *times.entry(shape_at(page, depth).unwrap_or_default()).or_default() += 1;
        }
        open.retain(|page| {
            let times = shape_at(page, depth).and_then(|shape| times.get(&shape)).copied().unwrap_or_default();
            times >= 2 && times * 3 >= pages.len()
        });
        found.extend(open.iter().filter_map(|page| Some((*page.get(depth)?, what))));
    }
    found
}

/// A line with every number as `#`: page numbers differ from page to page.
fn shape(line: &str) -> String {
    let mut shape = String::with_capacity(line.len());
    for c in one_line(line).chars() {
        match c {
            '0'..='9' if shape.ends_with('#') => {}
            '0'..='9' => shape.push('#'),
            c => shape.push(c),
        }
    }
    shape
}
