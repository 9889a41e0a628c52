//! The styles of a Word file: which paragraphs are headings, and what a style says of numbering and hiding.
//!
//! A style is told by its name, which Word keeps in English; its id is translated (`berschrift1`).

use std::collections::HashMap;

use roxmltree::{Document, Node};

use super::package::{attribute, child, is_on, short_id, value};

/// Styles rest on styles; more steps than this are a circle.
const MAX_STEPS: usize = 16;

/// What a paragraph is in the document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    /// A heading, from 1.
    Heading(usize),
    /// An entry of a table of contents.
    Contents,
    #[default]
    Body,
}

/// The list a paragraph belongs to, as far as a paragraph or style says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ListPlace {
    pub list: Option<String>,
    pub level: Option<usize>,
}

#[derive(Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<usize>,
    place: ListPlace,
    hidden: Option<bool>,
}

/// All styles, by id.
#[derive(Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
}

impl Styles {
    pub(super) fn read(tree: &Document<'_>) -> Self {
        let styles = tree.root_element().children().filter(|node| node.tag_name().name() == "style");
        let by_id = styles.filter_map(|node| Some((attribute(node, "styleId")?.to_owned(), Style::read(node))));
        Self { by_id: by_id.collect() }
    }

    /// What a paragraph of this style is. Without a list of styles the id has to do as the name.
    pub(super) fn role(&self, id: &str) -> Role {
        if !self.by_id.contains_key(id) {
            return role_of_name(id).unwrap_or(Role::Body);
        }
        let found = self.chain(id).find_map(|style| {
            let outlined = style.outline.map(|level| if level < 9 { Role::Heading(level + 1) } else { Role::Body });
            role_of_name(&style.name).or(outlined)
        });
        found.unwrap_or(Role::Body)
    }

    /// The list that the style puts its paragraphs in.
    pub(super) fn place(&self, id: &str) -> ListPlace {
        let list = self.chain(id).find_map(|style| style.place.list.clone());
        let level = self.chain(id).find_map(|style| style.place.level);
        ListPlace { list, level }
    }

    /// Whether the style hides its words.
    pub(super) fn hides(&self, id: &str) -> bool {
        self.chain(id).find_map(|style| style.hidden).unwrap_or(false)
    }

    /// The style and those it rests on, from the innermost.
    fn chain<'s>(&'s self, id: &str) -> impl Iterator<Item = &'s Style> {
        let first = self.by_id.get(id);
        std::iter::successors(first, |style| self.by_id.get(style.based_on.as_deref()?)).take(MAX_STEPS)
    }
}

impl Style {
    fn read(node: Node<'_, '_>) -> Self {
        let paragraph = child(node, "pPr");
        Self {
            name: child(node, "name").and_then(|node| short_id(node, "val")).unwrap_or_default().to_owned(),
            based_on: value(node, "basedOn").map(str::to_owned),
            outline: paragraph.and_then(|node| value(node, "outlineLvl")?.parse().ok()),
            place: paragraph.map(list_place).unwrap_or_default(),
            hidden: child(node, "rPr").and_then(|node| is_on(node, "vanish")),
        }
    }
}

/// The `numPr` of paragraph properties.
pub(super) fn list_place(properties: Node<'_, '_>) -> ListPlace {
    let Some(node) = child(properties, "numPr") else { return ListPlace::default() };
    ListPlace {
        list: child(node, "numId").and_then(|node| short_id(node, "val")).map(str::to_owned),
        level: value(node, "ilvl").and_then(|level| level.parse().ok()),
    }
}

/// `heading 2`, `Heading2`, `Title`, `toc 1`; none for the names that say nothing.
fn role_of_name(name: &str) -> Option<Role> {
    let name: String = name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    if let Some(level) = name.strip_prefix("heading").and_then(|level| level.parse().ok()) {
        return (1..=9).contains(&level).then_some(Role::Heading(level));
    }
    match name.as_str() {
        "title" => Some(Role::Title),
        "tocheading" => Some(Role::Contents),
        _ => {
            let level = name.strip_prefix("toc")?;
            (level.len() == 1 && level.bytes().all(|b| b.is_ascii_digit())).then_some(Role::Contents)
        }
    }
}
