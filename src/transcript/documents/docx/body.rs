//! The body of a Word file as paragraphs (ECMA-376 part 1, 17.3): what a reader of the final version sees, with
//! everything else in the report.
//!
//! Tracked changes count as accepted: inserted words are in, deleted ones are out. Hidden words, codes of fields and empty
//! fields of forms are no words of the document. A text box stands at the paragraph it hangs on; of two versions of a
//! drawing (`mc:AlternateContent`) the first is read.

use roxmltree::Node;

use super::package::{child, value};
use super::paragraph::{Cell, Paragraph};
use super::parts::Parts;
use super::styles::Role;
use super::symbols::{check_box, symbol};
use super::veils::Veils;
use super::walk::{Step, Walk};
use crate::domain::transcript::Dropped;

/// The paragraphs and what became none of them.
#[derive(Default)]
pub(super) struct Body {
    pub paragraphs: Vec<Paragraph>,
    pub dropped: Vec<Dropped>,
    /// Whether the file has changes that nobody accepted or refused.
    pub has_changes: bool,
}

/// Reads the paragraphs below the node.
pub(super) fn read(root: Node<'_, '_>, parts: Parts) -> Body {
    let mut reader = Reader::new(parts);
    let mut walk = Walk::new(root);
    while let Some(step) = walk.next() {
        match step {
            Step::Enter(node) => {
                if !reader.enter(node) {
                    walk.pass_over(node);
                }
            }
            Step::Leave(node) => reader.leave(node),
        }
    }
    reader.finish()
}

/// A table row that is open.
struct Row {
    cell: Cell,
    is_deleted: bool,
}

struct Reader {
    parts: Parts,
    body: Body,
    /// Paragraphs so far, those of text boxes aside.
    count: u32,
    rows_seen: usize,
    rows: Vec<Row>,
    /// Open paragraphs: more than one inside a text box.
    open: Vec<Paragraph>,
    /// Words whose paragraph's end was deleted.
    carried: Option<Paragraph>,
    veils: Veils,
    /// Open tables of contents.
    contents: usize,
    page: u32,
    knows_pages: bool,
}

impl Reader {
    fn new(parts: Parts) -> Self {
        Self {
            parts,
            body: Body::default(),
            count: 0,
            rows_seen: 0,
            rows: Vec::new(),
            open: Vec::new(),
            carried: None,
            veils: Veils::default(),
            contents: 0,
            page: 1,
            knows_pages: false,
        }
    }

    /// Takes in an element; false where nothing below it is to be read.
    fn enter(&mut self, node: Node<'_, '_>) -> bool {
        match node.tag_name().name() {
            "p" => self.open_paragraph(node),
            "r" => self.veils.open_run(self.is_hidden(node)),
            "tr" => self.open_row(node),
            "tc" => self.open_cell(),
            "del" | "moveFrom" => self.veils.open_deletion(true),
            "ins" | "moveTo" => self.body.has_changes = true,
            "sdt" => {
                self.veils.open_control(node);
                self.contents += usize::from(is_contents(node));
            }
            "Fallback" => return node.prev_sibling_element().is_none(),
            "pPr" | "rPr" | "sectPr" | "tblPr" | "tblGrid" | "trPr" | "tcPr" | "sdtPr" | "instrText" | "rt" => {
                return false;
            }
            _ => self.content(node),
        }
        true
    }

    fn leave(&mut self, node: Node<'_, '_>) {
        match node.tag_name().name() {
            "p" => self.close_paragraph(node),
            "r" => self.veils.close_run(),
            // Its settings stand inside of it, and a ticked box is no code.
            "fldChar" => self.veils.field(node),
            "tr" => {
                let row = self.rows.pop();
                self.veils.close_deletion(row.is_some_and(|row| row.is_deleted));
            }
            "del" | "moveFrom" => {
                self.body.has_changes = true;
                self.veils.close_deletion(true);
            }
            "sdt" => {
                self.veils.close_control(node);
                self.contents -= usize::from(is_contents(node));
            }
            _ => {}
        }
    }

    /// What stands inside of runs.
    fn content(&mut self, node: Node<'_, '_>) {
        match node.tag_name().name() {
            "t" | "delText" => self.say(&node.text().unwrap_or_default().replace('\n', " ")),
            "tab" | "ptab" => self.say("\t"),
            "br" | "cr" => self.say("\n"),
            "noBreakHyphen" => self.say("-"),
            "sym" => self.say(symbol(node)),
            "checkBox" => self.say(check_box(node)),
            "lastRenderedPageBreak" => {
                self.page = self.page.saturating_add(1);
                self.knows_pages = true;
            }
            "commentReference" | "footnoteReference" | "endnoteReference" => {
                let reason = self.parts.notes.reason(node);
                self.leave_out(reason);
            }
            "altChunk" => {
                self.leave_out("a document inside of this one: not read; upload it as its own source".to_owned());
            }
            _ => {}
        }
    }

    fn say(&mut self, words: &str) {
        let veil = self.veils.over();
        let page = self.page;
        let Some(paragraph) = self.open.last_mut() else { return };
        if veil.is_none() && !words.trim().is_empty() {
            paragraph.page.get_or_insert(page);
        }
        paragraph.say(veil, words);
    }

    fn leave_out(&mut self, reason: String) {
        let line = self.open.first().map_or(self.count.saturating_add(1), |paragraph| paragraph.line);
        self.body.dropped.push(Dropped { line, reason });
    }

    fn is_hidden(&self, run: Node<'_, '_>) -> bool {
        let by_paragraph = || self.open.last().is_some_and(|paragraph| paragraph.is_hidden);
        self.parts.hides(run).unwrap_or_else(by_paragraph)
    }

    fn open_row(&mut self, node: Node<'_, '_>) {
        self.rows_seen += 1;
        let is_deleted = child(node, "trPr").is_some_and(|properties| child(properties, "del").is_some());
        self.veils.open_deletion(is_deleted);
        self.rows.push(Row { cell: Cell { row: self.rows_seen, column: 0 }, is_deleted });
    }

    fn open_cell(&mut self) {
        if let Some(row) = self.rows.last_mut() {
            row.cell.column += 1;
        }
    }

    fn open_paragraph(&mut self, node: Node<'_, '_>) {
        let anchor = self.open.first().map(|anchor| anchor.line);
        self.count = self.count.saturating_add(u32::from(anchor.is_none()));
        let line = anchor.unwrap_or(self.count);
        let style = child(node, "pPr").and_then(|properties| value(properties, "pStyle"));
        let paragraph = Paragraph {
            line,
            role: if self.contents > 0 { Role::Contents } else { self.parts.role(node) },
            is_hidden: style.is_some_and(|style| self.parts.styles.hides(style)),
            cell: self.rows.last().map(|row| row.cell),
            ..Paragraph::default()
        };
        self.open.push(match self.carried.take() {
            Some(before) => paragraph.follow(before),
            None => paragraph,
        });
    }

    fn close_paragraph(&mut self, node: Node<'_, '_>) {
        let Some(mut paragraph) = self.open.pop() else { return };
        let properties = child(node, "pPr");
        if properties.is_some_and(has_deleted_end) && self.open.is_empty() {
            self.body.has_changes = true;
            self.carried = Some(paragraph);
            return;
        }
        if !paragraph.is_gone()
            && let Some(properties) = properties
        {
            self.parts.number(&mut paragraph, properties);
        }
        paragraph.page.get_or_insert(self.page);
        self.keep(paragraph);
    }

    fn keep(&mut self, paragraph: Paragraph) {
        let line = paragraph.line;
        self.body.dropped.extend(paragraph.veils().map(|reason| Dropped { line, reason }));
        self.body.paragraphs.push(paragraph);
    }

    fn finish(mut self) -> Body {
        if let Some(rest) = self.carried.take() {
            self.keep(rest);
        }
        if !self.knows_pages {
            self.body.paragraphs.iter_mut().for_each(|paragraph| paragraph.page = None);
        }
        // A text box is closed before the paragraph it hangs on.
        self.body.paragraphs.sort_by_key(|paragraph| paragraph.line);
        self.body
    }
}

/// Whether the end of the paragraph was deleted, so that it goes on in the next one.
fn has_deleted_end(properties: Node<'_, '_>) -> bool {
    child(properties, "rPr").is_some_and(|run| child(run, "del").is_some() || child(run, "moveFrom").is_some())
}

fn is_contents(control: Node<'_, '_>) -> bool {
    let gallery = child(control, "sdtPr")
        .and_then(|node| child(node, "docPartObj"))
        .and_then(|node| value(node, "docPartGallery"));
    gallery == Some("Table of Contents")
}
