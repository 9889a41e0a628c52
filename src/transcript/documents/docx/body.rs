//! The body of a Word file as paragraphs (ECMA-376 part 1, 17.3): what a reader of the final version sees, with
//! everything else in the report.
//!
//! Tracked changes count as accepted: inserted words are in, deleted ones are out. Hidden words, codes of fields and empty
//! fields of forms are no words of the document. A text box stands at the paragraph it hangs on; of two versions of a
//! drawing (`mc:AlternateContent`) the first is read.

use roxmltree::Node;

use super::notes::Notes;
use super::numbering::{Mark, Numbering};
use super::package::{attribute, child, is_on, value};
use super::paragraph::{Cell, Paragraph, Veil};
use super::styles::{Role, Styles, list_place};
use super::walk::{Step, Walk};
use crate::domain::transcript::Dropped;

/// What the body's paragraphs refer to.
pub(super) struct Parts {
    pub styles: Styles,
    pub numbering: Numbering,
    pub notes: Notes,
}

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
    /// Open runs, and whether each is hidden.
    runs: Vec<bool>,
    deletions: usize,
    placeholders: usize,
    contents: usize,
    /// Open fields, and whether each is still in its code.
    fields: Vec<bool>,
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
            runs: Vec::new(),
            deletions: 0,
            placeholders: 0,
            contents: 0,
            fields: Vec::new(),
            page: 1,
            knows_pages: false,
        }
    }

    /// Takes in an element; false where nothing below it is to be read.
    fn enter(&mut self, node: Node<'_, '_>) -> bool {
        match node.tag_name().name() {
            "p" => self.open_paragraph(node),
            "r" => self.runs.push(self.is_hidden(node)),
            "tr" => self.open_row(node),
            "tc" => self.open_cell(),
            "del" | "moveFrom" => self.deletions += 1,
            "ins" | "moveTo" => self.body.has_changes = true,
            "sdt" => self.open_control(node),
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
            "r" => drop(self.runs.pop()),
            // Its settings stand inside of it, and a ticked box is no code.
            "fldChar" => self.field(node),
            "tr" => {
                let row = self.rows.pop();
                self.deletions -= usize::from(row.is_some_and(|row| row.is_deleted));
            }
            "del" | "moveFrom" => {
                self.body.has_changes = true;
                self.deletions -= 1;
            }
            "sdt" => {
                self.placeholders -= usize::from(is_placeholder(node));
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
            "checkBox" => self.say(if is_checked(node) { "[x] " } else { "[ ] " }),
            "lastRenderedPageBreak" => {
                self.page = self.page.saturating_add(1);
                self.knows_pages = true;
            }
            "commentReference" | "footnoteReference" | "endnoteReference" => {
                let reason = self.parts.notes.reason(node);
                self.leave_out(reason);
            }
            "altChunk" => {
                self.leave_out("a document inside of this one: not read; upload it as its own source".to_owned())
            }
            _ => {}
        }
    }

    fn say(&mut self, words: &str) {
        let veil = self.veil();
        let page = self.page;
        let Some(paragraph) = self.open.last_mut() else { return };
        if veil.is_none() && !words.trim().is_empty() {
            paragraph.page.get_or_insert(page);
        }
        paragraph.say(veil, words);
    }

    fn veil(&self) -> Option<Veil> {
        if self.deletions > 0 {
            Some(Veil::Deleted)
        } else if self.runs.last().copied().unwrap_or(false) {
            Some(Veil::Hidden)
        } else if self.placeholders > 0 {
            Some(Veil::Placeholder)
        } else {
            self.fields.contains(&true).then_some(Veil::FieldCode)
        }
    }

    fn leave_out(&mut self, reason: String) {
        let line = self.open.first().map_or(self.count.saturating_add(1), |paragraph| paragraph.line);
        self.body.dropped.push(Dropped { line, reason });
    }

    /// A field is its code, then, behind the mark `separate`, what it shows.
    fn field(&mut self, node: Node<'_, '_>) {
        match attribute(node, "fldCharType") {
            Some("begin") => self.fields.push(true),
            Some("separate") => {
                if let Some(in_code) = self.fields.last_mut() {
                    *in_code = false;
                }
            }
            Some("end") => drop(self.fields.pop()),
            _ => {}
        }
    }

    fn is_hidden(&self, run: Node<'_, '_>) -> bool {
        let properties = child(run, "rPr");
        let style = properties.and_then(|properties| value(properties, "rStyle"));
        let by_style = || style.is_some_and(|style| self.parts.styles.hides(style));
        let by_paragraph = || self.open.last().is_some_and(|paragraph| paragraph.is_hidden);
        properties.and_then(|node| is_on(node, "vanish")).unwrap_or_else(|| by_style() || by_paragraph())
    }

    fn open_row(&mut self, node: Node<'_, '_>) {
        self.rows_seen += 1;
        let is_deleted = child(node, "trPr").is_some_and(|properties| child(properties, "del").is_some());
        self.deletions += usize::from(is_deleted);
        self.rows.push(Row { cell: Cell { row: self.rows_seen, column: 0 }, is_deleted });
    }

    fn open_cell(&mut self) {
        if let Some(row) = self.rows.last_mut() {
            row.cell.column += 1;
        }
    }

    fn open_control(&mut self, node: Node<'_, '_>) {
        self.placeholders += usize::from(is_placeholder(node));
        self.contents += usize::from(is_contents(node));
    }

    fn open_paragraph(&mut self, node: Node<'_, '_>) {
        let anchor = self.open.first().map(|anchor| anchor.line);
        self.count = self.count.saturating_add(u32::from(anchor.is_none()));
        let line = anchor.unwrap_or(self.count);
        let style = child(node, "pPr").and_then(|properties| value(properties, "pStyle"));
        let mut paragraph = Paragraph {
            line,
            role: self.role(node),
            is_hidden: style.is_some_and(|style| self.parts.styles.hides(style)),
            cell: self.rows.last().map(|row| row.cell),
            ..Paragraph::default()
        };
        if let Some(before) = self.carried.take() {
            paragraph.join(before);
        }
        self.open.push(paragraph);
    }

    fn role(&self, node: Node<'_, '_>) -> Role {
        if self.contents > 0 {
            return Role::Contents;
        }
        let Some(properties) = child(node, "pPr") else { return Role::Body };
        let by_style = || value(properties, "pStyle").map_or(Role::Body, |style| self.parts.styles.role(style));
        match value(properties, "outlineLvl").and_then(|level| level.parse::<usize>().ok()) {
            Some(level @ 0..=8) => Role::Heading(level + 1),
            _ => by_style(),
        }
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
            self.number(&mut paragraph, properties);
        }
        paragraph.page.get_or_insert(self.page);
        self.keep(paragraph);
    }

    fn number(&mut self, paragraph: &mut Paragraph, properties: Node<'_, '_>) {
        let style = value(properties, "pStyle");
        let mut place = list_place(properties);
        if let Some(by_style) = style.map(|style| self.parts.styles.place(style)) {
            place.list = place.list.or(by_style.list);
            place.level = place.level.or(by_style.level);
        }
        paragraph.mark = self.parts.numbering.count(&place, style);
        paragraph.list = place.list.filter(|_| matches!(paragraph.mark, Some(Mark::Number { .. })));
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

/// Whether a content control shows nothing but what one should write into it.
fn is_placeholder(control: Node<'_, '_>) -> bool {
    child(control, "sdtPr").and_then(|properties| is_on(properties, "showingPlcHdr")).unwrap_or(false)
}

fn is_contents(control: Node<'_, '_>) -> bool {
    let gallery = child(control, "sdtPr")
        .and_then(|node| child(node, "docPartObj"))
        .and_then(|node| value(node, "docPartGallery"));
    gallery == Some("Table of Contents")
}

fn is_checked(node: Node<'_, '_>) -> bool {
    is_on(node, "checked").or_else(|| is_on(node, "default")).unwrap_or(false)
}

/// The boxes that forms are ticked with; other signs of symbol fonts are ornaments.
fn symbol(node: Node<'_, '_>) -> &'static str {
    match attribute(node, "char") {
        Some("F0FE" | "F0FD" | "F052" | "F053") => "[x] ",
        Some("F0A8" | "F06F" | "F0A3") => "[ ] ",
        _ => " ",
    }
}
