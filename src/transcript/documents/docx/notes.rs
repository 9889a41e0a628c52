//! What stands beside the text of a Word file: comments, footnotes, endnotes. They are reported where they hang, and never
//! cited: a comment is no part of what was agreed.

use std::collections::HashMap;

use roxmltree::{Document, Node};

use super::package::attribute;
use super::paragraph::shown;

/// The notes of a file: what each is with its id, to its words.
#[derive(Default)]
pub(super) struct Notes {
    by_id: HashMap<(&'static str, String), String>,
}

impl Notes {
    /// Adds the notes of a part; `what` is the name of its elements: `comment`, `footnote`, `endnote`.
    pub(super) fn add(&mut self, tree: &Document<'_>, what: &'static str) {
        for node in tree.root_element().children().filter(|node| node.tag_name().name() == what) {
            let Some(id) = attribute(node, "id") else { continue };
            let by = attribute(node, "author").map_or_else(String::new, |author| format!(" by {}", shown(author)));
            let text = format!("{what}{by}: `{}`", shown(&text_of(node)));
            self.by_id.insert((what, id.to_owned()), text);
        }
    }

    /// What the report says about a reference such as `<w:footnoteReference w:id="2"/>`.
    pub(super) fn reason(&self, reference: Node<'_, '_>) -> String {
        let what = match reference.tag_name().name() {
            "commentReference" => "comment",
            "footnoteReference" => "footnote",
            _ => "endnote",
        };
        let id = attribute(reference, "id").unwrap_or_default();
        self.by_id.get(&(what, id.to_owned())).cloned().unwrap_or_else(|| what.to_owned())
    }
}

/// All words of an element, paragraphs apart.
pub(super) fn text_of(node: Node<'_, '_>) -> String {
    let mut text = String::new();
    for inner in node.descendants() {
        match inner.tag_name().name() {
            "t" => text.push_str(inner.text().unwrap_or_default()),
            "p" | "tab" | "br" => text.push(' '),
            _ => {}
        }
    }
    text
}
