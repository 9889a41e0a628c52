//! The tags of a page: what is seen goes into blocks, what is not into the report.

use html5gum::{EndTag, StartTag, Token, Tokenizer};

use super::super::reading::one_line;
use super::Mode;
use super::build::{Builder, Kind, Page};
use super::elements::{Role, attribute, is_hidden, is_void, role, skipped};
use super::line_count::LineCount;
use super::mails::{Mark, mark};
use super::stack::Stack;
use super::tokens::{Quiet, in_short_tags};

const MAX_ALT_CHARS: usize = 80;

/// Reads a page.
pub(in crate::transcript) fn walk(html: &str, mode: Mode) -> Page {
    let html = in_short_tags(html);
    let mut walk = Walk::new(&html, mode);
    for token in Tokenizer::new_with_emitter(&*html, Quiet::new()) {
        match token {
            Ok(Token::StartTag(tag)) => walk.start(&tag),
            Ok(Token::EndTag(tag)) => walk.end(&tag),
            Ok(Token::String(text)) => walk.text(&String::from_utf8_lossy(&text.value), text.span.start),
            Ok(Token::Comment(comment)) => walk.comment(&comment.value, comment.span.start),
            Ok(Token::Doctype(_) | Token::Error(_)) | Err(_) => {}
        }
    }
    walk.close_above(0);
    walk.seen_again();
    walk.blocks.finish()
}

/// What nobody sees, or what is not read.
struct Unseen {
    /// How many elements are open around it; none where it ends with the page.
    depth: Option<usize>,
    /// The line it begins on.
    line: u32,
    what: &'static str,
    /// Whether there are words in it.
    words: bool,
}

struct Walk<'t> {
    mode: Mode,
    lines: LineCount<'t>,
    stack: Stack,
    unseen: Option<Unseen>,
    blocks: Builder,
}

impl<'t> Walk<'t> {
    fn new(html: &'t str, mode: Mode) -> Self {
        let blocks = Builder::new(mode);
        Self { mode, lines: LineCount::of(html), stack: Stack::default(), unseen: None, blocks }
    }

    fn start(&mut self, tag: &StartTag<usize>) {
        let name = String::from_utf8_lossy(&tag.name);
        let line = self.lines.at(tag.span.start);
        if let Some(depth) = self.stack.ended_before(&name) {
            self.close_above(depth);
        }
        let role = self.role(&name);
        if self.unseen.is_none() {
            if is_void(&name) {
                return self.void(&name, tag, line);
            }
            self.seen(&name, role, tag, line);
        }
        if !is_void(&name) {
            self.stack.push(&name, role);
        }
        // `<svg/>` has no content; an element of HTML goes on, whatever the slash says.
        if tag.self_closing && name == "svg" {
            self.close_above(self.stack.depth().saturating_sub(1));
        }
    }

    fn end(&mut self, tag: &EndTag<usize>) {
        let name = String::from_utf8_lossy(&tag.name);
        if let Some(depth) = self.stack.ended_by(&name) {
            self.close_above(depth);
        }
    }

    /// What an element is; in a mail a heading is a line of words.
    fn role(&self, name: &str) -> Role {
        let role = role(name);
        if self.mode == Mode::Mail && matches!(role, Role::Heading(_)) { Role::Block } else { role }
    }

    /// An element begins where all around it is seen.
    fn seen(&mut self, name: &str, role: Role, tag: &StartTag<usize>, line: u32) {
        let mark = if self.mode == Mode::Mail { mark(&tag.attributes) } else { None };
        let depth = if mark == Some(Mark::QuotedFromHere) { None } else { Some(self.stack.depth()) };
        let hidden = || is_hidden(name, &tag.attributes).then_some("hidden text");
        let what = match mark {
            Some(Mark::Quoted | Mark::QuotedFromHere) => Some("quoted earlier mail"),
            _ => skipped(name).or_else(hidden),
        };
        if let Some(what) = what {
            return self.hide(role, Unseen { depth, line, what, words: false });
        }
        if mark == Some(Mark::Signature) {
            self.blocks.flush();
            self.blocks.add(Kind::Words, line, "-- ".to_owned());
        }
        self.opened(role, name, line);
    }

    /// An element begins that nobody sees.
    fn hide(&mut self, role: Role, unseen: Unseen) {
        if !matches!(role, Role::Inline | Role::Skipped) {
            self.blocks.flush();
        }
        self.unseen = Some(unseen);
    }

    /// An element begins that is seen.
    fn opened(&mut self, role: Role, name: &str, line: u32) {
        if role == Role::Inline || (matches!(role, Role::Cite | Role::Time) && !self.stands_alone()) {
            return;
        }
        // Where a heading was never closed, what cannot stand in one ends it.
        if !matches!(role, Role::Line | Role::Block) || matches!(name, "p" | "ul" | "ol" | "dl" | "li") {
            self.blocks.close_heading();
        }
        self.blocks.flush();
        self.space(role, line);
        match role {
            Role::Quote => self.blocks.quotes += 1,
            Role::Heading(level) => self.blocks.open_heading(level),
            Role::Table => self.blocks.end_row(false),
            Role::Row => self.blocks.start_row(),
            Role::Cell => self.blocks.start_cell(),
            Role::Preformatted => self.blocks.preformatted += 1,
            _ if name == "p" => self.blocks.empty = Some(line),
            _ => {}
        }
    }

    /// Closes the elements that are deeper.
    fn close_above(&mut self, depth: usize) {
        while let Some(role) = self.stack.pop_above(depth) {
            if self.unseen.is_none() {
                self.closed(role);
                self.space(role, self.lines.last());
            } else if self.unseen.as_ref().is_some_and(|unseen| unseen.depth >= Some(self.stack.depth())) {
                self.seen_again();
            }
        }
    }

    /// What was not seen ends; it is in the report if it has words.
    fn seen_again(&mut self) {
        if let Some(unseen) = self.unseen.take().filter(|unseen| unseen.words) {
            self.blocks.leave_out(unseen.line, unseen.what);
        }
    }

    /// An element ends that was seen.
    fn closed(&mut self, role: Role) {
        match role {
            Role::Inline | Role::Skipped => {}
            Role::Cite | Role::Time if !self.stands_alone() => {}
            Role::Cite => self.blocks.flush_as(Kind::Cite),
            Role::Time => self.blocks.flush_as(Kind::Time),
            Role::Heading(_) => self.blocks.close_heading(),
            Role::Title => self.blocks.flush_as_title(),
            Role::Row | Role::Table => {
                self.blocks.flush();
                self.blocks.end_row(true);
            }
            Role::Quote => {
                self.blocks.flush();
                self.blocks.quotes = self.blocks.quotes.saturating_sub(1);
            }
            Role::Preformatted => {
                self.blocks.flush();
                self.blocks.preformatted = self.blocks.preformatted.saturating_sub(1);
            }
            Role::Line | Role::Block | Role::Cell => {
                self.blocks.flush();
                if let Some(line) = self.blocks.empty.take().filter(|_| self.mode == Mode::Podcast) {
                    self.blocks.add(Kind::Words, line, String::new());
                }
            }
        }
    }

    /// In a mail, paragraphs, items and rows have space around them.
    fn space(&mut self, role: Role, line: u32) {
        if matches!(role, Role::Block | Role::Quote | Role::Preformatted | Role::Row | Role::Table) {
            self.blocks.space(line);
        }
    }

    /// Whether `cite` and `time` are a podcast's, not words of a sentence.
    fn stands_alone(&self) -> bool {
        self.mode == Mode::Podcast && !self.stack.is_open("p")
    }

    /// An element without content.
    fn void(&mut self, name: &str, tag: &StartTag<usize>, line: u32) {
        match name {
            "br" => self.blocks.new_line(line),
            "hr" => {
                self.blocks.flush();
                self.blocks.space(line);
            }
            "img" => {
                let alt = attribute(&tag.attributes, "alt").map(|alt| one_line(&alt)).filter(|alt| !alt.is_empty());
                if let Some(alt) = alt {
                    let alt: String = alt.chars().take(MAX_ALT_CHARS).collect();
                    self.blocks.leave_out(line, format!("image `{alt}`: not read"));
                }
            }
            "input" if attribute(&tag.attributes, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox")) => {
                let done = attribute(&tag.attributes, "checked").is_some();
                self.blocks.push(line, if done { "[x] " } else { "[ ] " });
            }
            _ => {}
        }
    }

    fn comment(&mut self, comment: &[u8], at: usize) {
        let line = self.lines.at(at);
        // `<![if !supportLists]>` and `<![endif]>` are tags that only Word knows.
        let is_tag = comment.starts_with(b"[") && comment.ends_with(b"]") && !comment.contains(&b'<');
        if self.unseen.is_none() && !is_tag && comment.iter().any(u8::is_ascii_alphanumeric) {
            self.blocks.leave_out(line, "HTML comment");
        }
    }

    fn text(&mut self, text: &str, at: usize) {
        let line = self.lines.at(at);
        match &mut self.unseen {
            Some(unseen) => unseen.words |= text.chars().any(char::is_alphanumeric),
            None => self.blocks.text(line, text),
        }
    }
}
