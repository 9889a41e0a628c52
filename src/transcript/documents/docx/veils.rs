//! What hides words while one goes through a Word file: deletions, hidden runs, empty fields of forms, codes of fields.

use roxmltree::Node;

use super::package::{attribute, child, is_on};
use super::paragraph::Veil;

/// The elements that are open and hide words.
#[derive(Default)]
pub(super) struct Veils {
    /// Open runs, and whether each is hidden.
    runs: Vec<bool>,
    deletions: usize,
    placeholders: usize,
    /// Open fields, and whether each is still in its code.
    fields: Vec<bool>,
    /// How many of the fields are.
    codes: usize,
}

impl Veils {
    /// What hides the words that stand here; none if they are shown.
    pub(super) fn over(&self) -> Option<Veil> {
        if self.deletions > 0 {
            Some(Veil::Deleted)
        } else if self.runs.last().copied().unwrap_or(false) {
            Some(Veil::Hidden)
        } else if self.placeholders > 0 {
            Some(Veil::Placeholder)
        } else {
            (self.codes > 0).then_some(Veil::FieldCode)
        }
    }

    pub(super) fn open_run(&mut self, is_hidden: bool) {
        self.runs.push(is_hidden);
    }

    pub(super) fn close_run(&mut self) {
        self.runs.pop();
    }

    pub(super) fn open_deletion(&mut self, is_deleted: bool) {
        self.deletions += usize::from(is_deleted);
    }

    pub(super) fn close_deletion(&mut self, was_deleted: bool) {
        self.deletions -= usize::from(was_deleted);
    }

    pub(super) fn open_control(&mut self, control: Node<'_, '_>) {
        self.placeholders += usize::from(is_placeholder(control));
    }

    pub(super) fn close_control(&mut self, control: Node<'_, '_>) {
        self.placeholders -= usize::from(is_placeholder(control));
    }

    /// A field is its code, then, behind the mark `separate`, what it shows.
    pub(super) fn field(&mut self, mark: Node<'_, '_>) {
        let was_code = match attribute(mark, "fldCharType") {
            Some("begin") => {
                self.fields.push(true);
                self.codes += 1;
                return;
            }
            Some("separate") => self.fields.last_mut().map(|in_code| std::mem::replace(in_code, false)),
            Some("end") => self.fields.pop(),
            _ => None,
        };
        self.codes -= usize::from(was_code.unwrap_or(false));
    }
}

/// Whether a content control shows nothing but what one should write into it.
fn is_placeholder(control: Node<'_, '_>) -> bool {
    child(control, "sdtPr").and_then(|properties| is_on(properties, "showingPlcHdr")).unwrap_or(false)
}
