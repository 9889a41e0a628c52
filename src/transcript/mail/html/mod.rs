//! HTML mails as lines of text, with the line of the HTML where each begins.
//!
//! The tokens of `html5ever` (kept: the parser of Servo, after the rules of the web) are read one after the other, without a
//! tree, so depth costs nothing. Block quotes become lines with `>`, as mails in text have them. Text that nobody sees
//! (`display:none`, size 0) is a known way to smuggle words into a record: it is left out and reported.

mod attributes;
mod walk;

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use crate::domain::transcript::Dropped;
use walk::Walk;

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
    tokens.sink.0.into_inner().finish()
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
