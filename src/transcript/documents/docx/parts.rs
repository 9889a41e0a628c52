//! What the paragraphs of a Word file refer to: styles, lists, notes.

use roxmltree::Node;

use super::super::super::error::ParseError;
use super::notes::Notes;
use super::numbering::{Mark, Numbering};
use super::package::{Package, child, is_on, value};
use super::paragraph::Paragraph;
use super::styles::{Role, Styles, list_place};

/// The parts beside the document, while it is read from its start to its end.
#[derive(Default)]
pub(super) struct Parts {
    pub styles: Styles,
    pub numbering: Numbering,
    pub notes: Notes,
}

impl Parts {
    pub(super) fn read(package: &Package) -> Result<Self, ParseError> {
        let mut parts = Self::default();
        if let Some(part) = &package.styles {
            parts.styles = Styles::read(&part.tree()?);
        }
        if let Some(part) = &package.numbering {
            parts.numbering = Numbering::read(&part.tree()?);
        }
        let notes = [(&package.comments, "comment"), (&package.footnotes, "footnote"), (&package.endnotes, "endnote")];
        for (part, what) in notes {
            if let Some(part) = part {
                parts.notes.add(&part.tree()?, what);
            }
        }
        Ok(parts)
    }

    /// What a paragraph is, by itself or by its style.
    pub(super) fn role(&self, paragraph: Node<'_, '_>) -> Role {
        let Some(properties) = child(paragraph, "pPr") else { return Role::Body };
        let by_style = || value(properties, "pStyle").map_or(Role::Body, |style| self.styles.role(style));
        match value(properties, "outlineLvl").and_then(|level| level.parse::<usize>().ok()) {
            Some(level @ 0..=8) => Role::Heading(level + 1),
            _ => by_style(),
        }
    }

    /// Whether a run says by itself, or by its style, that its words are hidden or shown.
    pub(super) fn hides(&self, run: Node<'_, '_>) -> Option<bool> {
        let properties = child(run, "rPr")?;
        let by_style = || value(properties, "rStyle").is_some_and(|style| self.styles.hides(style)).then_some(true);
        is_on(properties, "vanish").or_else(by_style)
    }

    /// Counts the paragraph in its list.
    pub(super) fn number(&mut self, paragraph: &mut Paragraph, properties: Node<'_, '_>) {
        let style = value(properties, "pStyle");
        let mut place = list_place(properties);
        if let Some(by_style) = style.map(|style| self.styles.place(style)) {
            place.list = place.list.or(by_style.list);
            place.level = place.level.or(by_style.level);
        }
        paragraph.mark = self.numbering.count(&place, style);
        paragraph.list = place.list.filter(|_| matches!(paragraph.mark, Some(Mark::Number { .. })));
    }
}
