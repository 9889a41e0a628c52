//! The numbers that Word counts by itself: no clause number is in the text of such a paragraph.
//!
//! Lists (`num`) point to patterns (`abstractNum`) of up to nine levels; lists of one pattern count on together, except
//! where a list says that it starts anew (ECMA-376 part 1, 17.9).

use std::collections::{HashMap, HashSet};

use roxmltree::{Document, Node};

use super::numerals::written;
use super::package::{attribute, child, short_id, value};
use super::styles::ListPlace;

const LEVELS: usize = 9;
/// What stands around the numbers is repeated before every paragraph, so it is kept short.
const MAX_TEXT_CHARS: usize = 60;

/// A level of a pattern.
#[derive(Debug, Clone)]
struct Level {
    start: u32,
    form: String,
    /// `%1.%2`: what stands around the numbers of the levels.
    text: String,
    /// The level whose numbers start this one again; none for never, the next higher one if it is not said.
    restart: Option<usize>,
    /// All numbers in figures, whatever the forms of their levels.
    legal: bool,
    /// The style whose paragraphs are of this level.
    style: Option<String>,
}

#[derive(Default)]
struct Pattern {
    levels: Vec<Level>,
    /// Another pattern, by the name of a style.
    linked: Option<String>,
}

#[derive(Default)]
struct List {
    pattern: String,
    starts: HashMap<usize, u32>,
    levels: HashMap<usize, Level>,
}

/// What Word shows before a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    Bullet,
    /// `1.`, `(a)` or `Article 2`, and the number with those above it: `1`, `2.1(a)`, `2`. It starts with a bracket where
    /// nothing is above it.
    Number {
        label: String,
        whole: String,
    },
}

/// The lists of a document, while it is read from its start to its end.
#[derive(Default)]
pub(super) struct Numbering {
    patterns: HashMap<String, Pattern>,
    by_style: HashMap<String, String>,
    lists: HashMap<String, List>,
    counts: HashMap<String, [Option<u32>; LEVELS]>,
    used: HashSet<(String, usize)>,
}

impl Numbering {
    pub(super) fn read(tree: &Document<'_>) -> Self {
        let mut all = Self::default();
        for node in tree.root_element().children() {
            match node.tag_name().name() {
                "abstractNum" => all.add_pattern(node),
                "num" => all.add_list(node),
                _ => {}
            }
        }
        all
    }

    fn add_pattern(&mut self, node: Node<'_, '_>) {
        let Some(id) = short_id(node, "abstractNumId") else { return };
        let mut levels: Vec<Level> = Vec::new();
        for level in node.children().filter(|child| child.tag_name().name() == "lvl") {
            let at = level_at(level);
            if at == Some(levels.len()) && levels.len() < LEVELS {
                levels.push(Level::read(level));
            }
        }
        if let Some(style) = value(node, "styleLink") {
            self.by_style.insert(style.to_owned(), id.to_owned());
        }
        let linked = value(node, "numStyleLink").map(str::to_owned);
        self.patterns.insert(id.to_owned(), Pattern { levels, linked });
    }

    fn add_list(&mut self, node: Node<'_, '_>) {
        let Some(id) = short_id(node, "numId") else { return };
        let mut list = List {
            pattern: child(node, "abstractNumId").and_then(|node| short_id(node, "val")).unwrap_or_default().to_owned(),
            ..List::default()
        };
        for change in node.children().filter(|child| child.tag_name().name() == "lvlOverride") {
            let Some(at) = level_at(change) else { continue };
            list.starts.extend(value(change, "startOverride").and_then(|start| Some((at, start.parse().ok()?))));
            list.levels.extend(child(change, "lvl").map(|level| (at, Level::read(level))));
        }
        self.lists.insert(id.to_owned(), list);
    }

    /// Counts a paragraph and tells its mark; none if it is in no list.
    pub(super) fn count(&mut self, place: &ListPlace, style: Option<&str>) -> Option<Mark> {
        let id = place.list.as_deref()?;
        let list = self.lists.get(id)?;
        let pattern_id = self.pattern_of(list);
        let pattern = self.patterns.get(&pattern_id)?;
        let of_style =
            || pattern.levels.iter().position(|level| level.style.is_some() && level.style.as_deref() == style);
        let at = place.level.or_else(of_style).unwrap_or(0).min(LEVELS - 1);
        let levels: Vec<Level> = (0..=at).map(|at| list.level(pattern, at)).collect();
        let own = levels.last()?;
        if own.form == "bullet" {
            return Some(Mark::Bullet);
        }
        let anew = if self.used.insert((id.to_owned(), at)) { list.starts.get(&at).copied() } else { None };
        let below: Vec<bool> =
            (at + 1..LEVELS).map(|below| list.level(pattern, below).starts_again_after(at)).collect();
        let counts = self.counts.entry(pattern_id).or_default();
        let next = anew.or_else(|| counts[at].map(|count| count.saturating_add(1))).unwrap_or(own.start);
        counts[at] = Some(next);
        for (count, _) in counts[at + 1..].iter_mut().zip(below).filter(|(_, again)| *again) {
            *count = None;
        }
        mark(&levels, counts)
    }

    /// The pattern of a list, which may be named by a style.
    fn pattern_of(&self, list: &List) -> String {
        let linked = self.patterns.get(&list.pattern).filter(|pattern| pattern.levels.is_empty());
        let linked = linked.and_then(|pattern| self.by_style.get(pattern.linked.as_deref()?));
        linked.unwrap_or(&list.pattern).clone()
    }
}

impl List {
    fn level(&self, pattern: &Pattern, at: usize) -> Level {
        self.levels.get(&at).or_else(|| pattern.levels.get(at)).cloned().unwrap_or_else(Level::missing)
    }
}

impl Level {
    fn read(node: Node<'_, '_>) -> Self {
        let at = level_at(node).unwrap_or(0);
        let text = value(node, "lvlText")
            .map_or_else(|| format!("%{}.", at + 1), |text| text.chars().take(MAX_TEXT_CHARS).collect());
        let restart = value(node, "lvlRestart").and_then(|level| level.parse::<usize>().ok());
        Self {
            start: value(node, "start").and_then(|start| start.parse().ok()).unwrap_or(1),
            form: value(node, "numFmt").unwrap_or("decimal").to_owned(),
            text,
            // `0` is never; `2` is after the second level, which is the one at 1.
            restart: restart.map_or_else(|| at.checked_sub(1), |level| level.checked_sub(1)),
            legal: super::package::is_on(node, "isLgl").unwrap_or(false),
            style: value(node, "pStyle").map(str::to_owned),
        }
    }

    /// A level that the pattern does not have shows nothing.
    fn missing() -> Self {
        Self { start: 1, form: "none".to_owned(), text: String::new(), restart: None, legal: false, style: None }
    }

    /// Whether a paragraph of the higher level starts this one again.
    fn starts_again_after(&self, higher: usize) -> bool {
        self.restart.is_some_and(|restart| higher <= restart)
    }
}

fn level_at(node: Node<'_, '_>) -> Option<usize> {
    attribute(node, "ilvl")?.parse().ok().filter(|at| *at < LEVELS)
}

/// The label of the last of the levels, and the number with those above it.
fn mark(levels: &[Level], counts: &[Option<u32>; LEVELS]) -> Option<Mark> {
    let own = levels.last()?;
    let label = filled(own, levels, counts);
    if label.trim().is_empty() {
        return None;
    }
    let at = levels.len() - 1;
    let bare = own.text.trim_matches(|c: char| c != '%' && !c.is_ascii_digit());
    let number = filled(&Level { text: bare.to_owned(), ..own.clone() }, levels, counts);
    let is_alone = at > 0 && bare == format!("%{}", at + 1);
    let is_item = number.starts_with(char::is_lowercase) || label.trim_start().starts_with('(');
    let whole = match (is_alone, is_item) {
        (false, false) => number,
        (false, true) => format!("({number})"),
        (true, _) => format!("{}({number})", above(&levels[..at], counts)),
    };
    Some(Mark::Number { label, whole })
}

/// The whole number of the levels above; empty where they have none.
fn above(levels: &[Level], counts: &[Option<u32>; LEVELS]) -> String {
    let used = levels.len().checked_sub(1).is_some_and(|at| counts[at].is_some());
    match mark(levels, counts) {
        Some(Mark::Number { whole, .. }) if used => whole,
        _ => String::new(),
    }
}

/// The text of a level with the numbers in it.
fn filled(own: &Level, levels: &[Level], counts: &[Option<u32>; LEVELS]) -> String {
    let mut pieces = own.text.split('%');
    let mut label = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let at = piece.chars().next().and_then(|c| c.to_digit(10)).and_then(|digit| usize::try_from(digit).ok());
        match at.and_then(|at| at.checked_sub(1)).and_then(|at| Some((levels.get(at)?, counts.get(at)?))) {
            Some((level, count)) => {
                let form = if own.legal && level.form != "none" { "decimal" } else { &level.form };
                label.push_str(&written(count.unwrap_or(level.start), form));
                label.push_str(&piece[1..]);
            }
            None => label.push_str(piece),
        }
    }
    label
}
