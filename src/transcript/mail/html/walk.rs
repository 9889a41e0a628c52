//! The tags and texts of a mail's HTML, one after the other, to lines.

use html5ever::tokenizer::Tag;

use super::Shown;
use super::attributes::{is_hidden, is_named};
use crate::domain::transcript::Dropped;

/// A line break stands before and after these, around the second also a blank line.
const LINES: &[&str] = &["div", "li", "dt", "dd", "section", "article", "header", "footer", "address", "center", "hr"];
const PARAGRAPHS: &[&str] = &["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "tr", "pre"];
/// What no mail program shows.
const UNSHOWN: &[&str] = &["script", "style", "title", "template", "object", "svg", "select", "textarea"];
/// Elements that have no end tag.
const VOID: &[&str] = &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"];
/// Elements that end where the next of their kind begins.
const SELF_ENDING: &[&str] = &["p", "li", "td", "th", "tr", "option", "dt", "dd"];
/// Classes and ids of the element that holds the earlier mail.
const QUOTES: &[&str] = &[
    "yahoo_quoted",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "moz-forward-container",
    "mail-editor-reference-message-container",
    "ms-outlook-mobile-reference-message",
    "outlookmessageheader",
];
/// Ids of the element behind which the earlier mail stands.
const QUOTE_STARTS: &[&str] = &["appendonsend", "divrplyfwdmsg", "replysplit"];
/// Classes and ids of signatures.
const SIGNATURES: &[&str] =
    &["gmail_signature", "moz-signature", "signature", "applemailsignature", "ms-outlook-mobile-signature"];
const QUOTED: &str = "quoted earlier mail (in the HTML)";

/// An element that is left out, with all that is in it.
struct LeftOut {
    /// Its name; none where all that follows is left out.
    name: Option<String>,
    /// Elements of the same name that are open in it, itself among them.
    depth: usize,
    /// Why, if somebody should know.
    reason: Option<&'static str>,
    line: u32,
    has_words: bool,
}

/// A walk from tag to tag, with the line that is open.
#[derive(Default)]
pub(super) struct Walk {
    shown: Shown,
    open: String,
    open_at: u32,
    space: bool,
    quotes: usize,
    preformatted: usize,
    left_out: Option<LeftOut>,
    cell: Cell,
}

/// Where the walk is in a table. A row is a line although its cells are made of paragraphs; only if a cell goes on behind
/// one does the line end there.
#[derive(Clone, Copy, Default)]
enum Cell {
    /// In no cell.
    #[default]
    None,
    /// In a cell that has no words yet.
    Fresh,
    /// In a cell that has words.
    Begun,
    /// A line of the cell has ended, or a paragraph.
    Paused { paragraph: bool },
}

impl Walk {
    /// What was shown, the line that is still open and what is left out to the end among it.
    pub(super) fn finish(mut self) -> Shown {
        self.end_line();
        if let Some(left) = self.left_out.take() {
            self.report(&left);
        }
        self.shown
    }

    pub(super) fn text(&mut self, text: &str, line: u32) {
        if let Some(left) = self.left_out.as_mut() {
            left.has_words |= text.contains(char::is_alphanumeric);
            return;
        }
        for c in text.chars() {
            if c == '\n' && self.preformatted > 0 {
                self.new_line(line);
            } else if c.is_ascii_whitespace() {
                self.space = true;
            } else {
                self.go_on(line);
                if self.open.is_empty() {
                    self.open_at = line;
                } else if self.space {
                    self.open.push(' ');
                }
                self.space = false;
                self.open.push(c);
            }
        }
    }

    pub(super) fn start(&mut self, tag: &Tag, line: u32) {
        let name = &*tag.name;
        if let Some(left) = self.left_out.as_mut() {
            if left.name.as_deref() != Some(name) || VOID.contains(&name) {
                return;
            }
            if !SELF_ENDING.contains(&name) {
                left.depth += 1;
                return;
            }
            self.end(name);
        }
        if UNSHOWN.contains(&name) {
            self.leave_out(Some(name), None, line);
        } else if is_named(tag, QUOTES) {
            self.leave_out(Some(name), Some(QUOTED), line);
        } else if is_hidden(tag) {
            self.leave_out(Some(name), Some("hidden text (in the HTML)"), line);
        } else if is_named(tag, QUOTE_STARTS) {
            self.leave_out(None, Some(QUOTED), line);
        } else {
            self.open_element(tag, line);
        }
    }

    fn open_element(&mut self, tag: &Tag, line: u32) {
        if is_named(tag, SIGNATURES) {
            self.new_line(line);
            self.shown.lines.push((line, "-- ".to_owned()));
        }
        match &*tag.name {
            "br" => self.new_line(line),
            "blockquote" => {
                self.end_line();
                self.quotes += 1;
            }
            "td" | "th" => {
                self.cell = Cell::Fresh;
                if !self.open.is_empty() {
                    self.open.push_str(" | ");
                }
            }
            name => {
                self.preformatted += usize::from(name == "pre");
                self.break_around(name, line);
                if name == "li" {
                    (self.open, self.open_at, self.space) = ("-".to_owned(), line, true);
                }
            }
        }
    }

    pub(super) fn end(&mut self, name: &str) {
        if let Some(left) = self.left_out.as_mut() {
            if left.name.as_deref() == Some(name) {
                left.depth -= 1;
                if let Some(left) = self.left_out.take_if(|left| left.depth == 0) {
                    self.report(&left);
                }
            }
            return;
        }
        match name {
            "blockquote" => {
                self.end_line();
                self.quotes = self.quotes.saturating_sub(1);
            }
            "pre" => self.preformatted = self.preformatted.saturating_sub(1),
            _ => {}
        }
        let line = self.open_at;
        self.break_around(name, line);
    }

    /// Words follow: in a cell the end of a paragraph before them counts.
    fn go_on(&mut self, line: u32) {
        match self.cell {
            Cell::Fresh => self.cell = Cell::Begun,
            Cell::Paused { paragraph } => {
                self.end_line();
                if paragraph {
                    self.new_line(line);
                }
                self.cell = Cell::Begun;
            }
            Cell::None | Cell::Begun => {}
        }
    }

    fn break_around(&mut self, name: &str, line: u32) {
        let paragraph = name == "p";
        self.cell = match self.cell {
            _ if matches!(name, "tr" | "table") => Cell::None,
            Cell::Begun if paragraph || name == "div" => return self.cell = Cell::Paused { paragraph },
            Cell::Paused { paragraph: ended } if paragraph || name == "div" => {
                return self.cell = Cell::Paused { paragraph: ended || paragraph };
            }
            Cell::Fresh if paragraph || name == "div" => return,
            Cell::Paused { .. } => Cell::Begun,
            other => other,
        };
        if LINES.contains(&name) {
            self.end_line();
        } else if PARAGRAPHS.contains(&name) {
            self.end_line();
            if self.shown.lines.last().is_some_and(|(_, text)| !text.is_empty()) {
                self.new_line(line);
            }
        }
    }

    fn leave_out(&mut self, name: Option<&str>, reason: Option<&'static str>, line: u32) {
        if name.is_some_and(|name| VOID.contains(&name)) {
            return;
        }
        let name = name.map(str::to_owned);
        self.left_out = Some(LeftOut { name, depth: 1, reason, line, has_words: false });
    }

    fn report(&mut self, left: &LeftOut) {
        if let Some(reason) = left.reason.filter(|_| left.has_words) {
            self.shown.dropped.push(Dropped { line: left.line, reason: reason.to_owned() });
        }
    }

    /// Ends the line that is open, if it has words.
    fn end_line(&mut self) {
        if !self.open.is_empty() {
            self.new_line(self.open_at);
        }
    }

    /// Ends the line, also an empty one.
    fn new_line(&mut self, line: u32) {
        let line = if self.open.is_empty() { line } else { self.open_at };
        let text = format!("{}{}", "> ".repeat(self.quotes.min(1)), self.open);
        self.shown.lines.push((line, text));
        self.open.clear();
        self.space = false;
    }
}
