//! The headings above the blocks of a document.
//!
//! Their path is in the id of every block below them. A heading that nothing stands below is in no id, so it is reported.

use std::rc::Rc;

use crate::domain::transcript::Dropped;

/// What is longer is words in large letters.
const MAX_HEADING_CHARS: usize = 120;
/// The path is repeated in every id, so it is kept short.
const MAX_PATH_CHARS: usize = 160;

/// A heading above what comes.
#[derive(Debug)]
pub(in crate::transcript) struct Heading<L> {
    /// Its level; smaller is higher.
    pub level: L,
    pub line: u32,
    pub text: String,
    /// Whether it is found in the transcript: in the id of words below it, or as the title.
    pub used: bool,
}

/// The headings that one is below, outermost first.
#[derive(Debug)]
pub(in crate::transcript) struct Outline<L> {
    open: Vec<Heading<L>>,
    path: Rc<str>,
    dropped: Vec<Dropped>,
}

impl<L> Default for Outline<L> {
    fn default() -> Self {
        Self { open: Vec::new(), path: Rc::from(""), dropped: Vec::new() }
    }
}

/// Whether words in the form of a heading are short enough to be one.
pub(in crate::transcript) fn fits(text: &str) -> bool {
    text.chars().nth(MAX_HEADING_CHARS).is_none()
}

impl<L: PartialOrd> Outline<L> {
    /// Whether one is below no heading.
    pub(in crate::transcript) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Goes below a heading.
    pub(in crate::transcript) fn enter(&mut self, heading: Heading<L>) {
        self.leave(|open| open.level >= heading.level);
        self.open.push(heading);
        let path: Vec<&str> = self.open.iter().map(|heading| heading.text.as_str()).collect();
        self.path = path.join(" / ").chars().take(MAX_PATH_CHARS).collect::<String>().into();
    }

    /// The headings above a block that stands here.
    pub(in crate::transcript) fn above(&mut self) -> Vec<String> {
        self.use_all();
        self.open.iter().map(|heading| heading.text.clone()).collect()
    }

    /// The same as one text, with ` / ` between, shared by all blocks below them.
    pub(in crate::transcript) fn path(&mut self) -> Rc<str> {
        self.use_all();
        Rc::clone(&self.path)
    }

    fn use_all(&mut self) {
        self.open.iter_mut().for_each(|heading| heading.used = true);
    }

    /// The headings that nothing stood below, when the document is at its end.
    pub(in crate::transcript) fn finish(mut self) -> Vec<Dropped> {
        self.leave(|_| true);
        self.dropped
    }

    fn leave(&mut self, is_left: impl Fn(&Heading<L>) -> bool) {
        for heading in self.open.extract_if(.., |heading| is_left(heading)).filter(|heading| !heading.used) {
            let reason = format!("heading without words below it: `{}`", heading.text);
            self.dropped.push(Dropped { line: heading.line, reason });
        }
    }
}
