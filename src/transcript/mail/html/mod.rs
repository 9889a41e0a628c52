//! HTML mails as lines of text, with the line of the HTML where each begins.
//!
//! The tokens of `html5ever` (kept: the parser of Servo, after the rules of the web) are read one after the other, without a
//! tree, so depth costs nothing. Block quotes become lines with `>`, as mails in text have them. Text that nobody sees
//! (`display:none`, size 0) is a known way to smuggle words into a record: it is left out and reported.

mod attributes;

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use crate::domain::transcript::Dropped;
use attributes::{is_hidden, is_named};

/// A line break stands before and after these, around the second also a blank line.
const LINES: &[&str] =
    &["div", "li", "tr", "dt", "dd", "section", "article", "header", "footer", "address", "center", "hr"];
const PARAGRAPHS: &[&str] = &["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre"];
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

/// A mail's HTML as text.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// Lines with the line of the HTML they begin on.
    pub lines: Vec<(u32, String)>,
    /// What was left out.
    pub dropped: Vec<Dropped>,
}

/// Reads the HTML as somebody sees it.
pub(super) fn shown(html: &str) -> Shown {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    let tokens = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    // The tokenizer stops at every script; those are only skipped here.
    while !input.is_empty() {
        let _ = tokens.feed(&input);
    }
    tokens.end();
    let mut walk = tokens.sink.0.into_inner();
    walk.end_line();
    if let Some(left) = walk.left_out.take() {
        walk.report(&left);
    }
    walk.shown
}

#[derive(Default)]
struct Sink(RefCell<Walk>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut walk = self.0.borrow_mut();
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        match token {
            Token::CharacterTokens(text) => walk.text(&text, line),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                walk.start(&tag, line);
                return match &*tag.name {
                    "script" => TokenSinkResult::RawData(ScriptData),
                    "style" => TokenSinkResult::RawData(Rawtext),
                    "title" | "textarea" => TokenSinkResult::RawData(Rcdata),
                    _ => TokenSinkResult::Continue,
                };
            }
            Token::TagToken(tag) => walk.end(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

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

#[derive(Default)]
struct Walk {
    shown: Shown,
    open: String,
    open_at: u32,
    space: bool,
    quotes: usize,
    preformatted: usize,
    left_out: Option<LeftOut>,
}

impl Walk {
    fn text(&mut self, text: &str, line: u32) {
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

    fn start(&mut self, tag: &Tag, line: u32) {
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
            "td" | "th" if !self.open.is_empty() => self.open.push_str(" | "),
            name => {
                self.preformatted += usize::from(name == "pre");
                self.break_around(name, line);
                if name == "li" {
                    (self.open, self.open_at, self.space) = ("-".to_owned(), line, true);
                }
            }
        }
    }

    fn end(&mut self, name: &str) {
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

    fn break_around(&mut self, name: &str, line: u32) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> Vec<String> {
        shown(html).lines.into_iter().map(|(_, line)| line).filter(|line| !line.is_empty()).collect()
    }

    #[test]
    fn what_is_seen_becomes_lines_and_what_is_not_is_reported() {
        let cases: &[(&str, &[&str])] = &[
            ("<p>a<p>b", &["a", "b"]),
            ("<div>a<div>b</div>c</div>", &["a", "b", "c"]),
            ("a <b>b</b>\n c&amp;d<br>e", &["a b c&d", "e"]),
            ("<ul><li>a<li>b</ul>", &["- a", "- b"]),
            ("<table><tr><td>a</td><td>b</td></tr></table>", &["a | b"]),
            ("a<blockquote>q<blockquote>r</blockquote></blockquote>b", &["a", "> q", "> r", "b"]),
            ("<script>x('</b>')</script><style>y</style>a", &["a"]),
            ("<p style='display: none'>x<p>a", &["a"]),
            ("<div style='font-size:0px'>x<div>y</div>z</div>a", &["a"]),
            ("<span style='font-size:0.9em'>a</span>", &["a"]),
            ("a<div id=appendonsend></div>x", &["a"]),
            ("<pre>a\nb</pre>", &["a", "b"]),
        ];
        for (html, expected) in cases {
            assert_eq!(text(html), *expected, "{html}");
        }
        let hidden = shown("a\n<i hidden>x</i>").dropped;
        assert_eq!((hidden[0].line, hidden.len()), (2, 1));
    }
}
