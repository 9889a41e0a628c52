//! What the tokenizer is spared: errors, which it would keep for every quotation mark out of place, and tags of hundreds of
//! attributes, which `html5gum` 0.9 reads by recursion until the stack is full.

use std::borrow::Cow;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::emitters::{Emitter, ForwardingEmitter};
use html5gum::{Error, Token};

/// Attributes one after the other; no tag of a page has so many.
const MOST_ATTRIBUTES: usize = 100;

/// Gives tokens with their places, and keeps no errors.
#[derive(Debug)]
pub(super) struct Quiet(DefaultEmitter<usize>);

impl Quiet {
    pub(super) fn new() -> Self {
        let mut emitter = DefaultEmitter::new_with_span();
        emitter.naively_switch_states(true);
        Self(emitter)
    }
}

impl ForwardingEmitter for Quiet {
    type Token = Token<usize>;

    fn inner(&mut self) -> &mut impl Emitter<Token = Self::Token> {
        &mut self.0
    }

    fn emit_error(&mut self, _: Error) {}

    fn should_emit_errors(&mut self) -> bool {
        false
    }
}

/// The same page; of every [`MOST_ATTRIBUTES`] in a row one has a `_` where the blank before its name was, which ends the
/// recursion. Nobody sees attributes, and every byte keeps its place.
pub(super) fn in_short_tags(html: &str) -> Cow<'_, str> {
    // Which of the marks opens a value is not known here, so both every second pair are counted.
    let (mut rows, mut cuts, mut before) = ([0_usize; 2], Vec::new(), None);
    for (place, mark) in memchr::memchr_iter(b'"', html.as_bytes()).enumerate() {
        let between = before.and_then(|before| html.as_bytes().get(before..mark)).unwrap_or_default();
        let row = &mut rows[place % 2];
        *row = if leads_to_value(between) { *row + 1 } else { 0 };
        if *row == MOST_ATTRIBUTES {
            cuts.extend(before);
            *row = 0;
        }
        before = Some(mark + 1);
    }
    if cuts.is_empty() {
        return Cow::Borrowed(html);
    }
    let mut bytes = html.as_bytes().to_vec();
    for cut in cuts {
        bytes[cut] = b'_';
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(html), Cow::Owned)
}

/// Whether this may be the end of a value's quotation, a name and `=`.
fn leads_to_value(between: &[u8]) -> bool {
    between.first().is_some_and(u8::is_ascii_whitespace)
        && between.trim_ascii_end().ends_with(b"=")
        && !between.contains(&b'>')
}

#[cfg(test)]
mod tests {
    use html5gum::{Token, Tokenizer};

    use super::*;

    fn texts(page: &str) -> Vec<u8> {
        let page = in_short_tags(page);
        let tokens = Tokenizer::new_with_emitter(&*page, Quiet::new()).flatten();
        tokens
            .filter_map(|token| if let Token::String(text) = token { Some(text.value.0) } else { None })
            .flatten()
            .collect()
    }

    #[test]
    fn a_tag_of_any_length_is_read() {
        let many = |attribute: &str| format!("<p{}>words</p>", attribute.repeat(30_000));
        assert_eq!(texts(&many(" a=\"b\"")), b"words");
        assert_eq!(texts(&many(" a=\">\"")), b"words");
        assert_eq!(texts(&many("\t/a= 'b' a=\"b\"")), b"words");
        for shift in ["\"", "x\"y", "'\"'"] {
            let _ = texts(&format!("<p {shift} {}>words</p>", "class=\" class=\" ".repeat(30_000)));
        }
        assert!(matches!(in_short_tags(r#"<a href="b" class="c">"d" e="f""#), Cow::Borrowed(_)));
    }
}
