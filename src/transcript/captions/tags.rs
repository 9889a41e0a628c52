//! The markup inside captions: voice tags, styling, escapes.

use std::borrow::Cow;

use mail_parser::decoders::html::html_to_text;

use super::super::clock::clock_ms;
use super::super::reading::one_line;

/// Tags that style words and are removed; `v` is read by [`voices`].
const STYLING: &[&str] = &["b", "c", "em", "font", "i", "lang", "rt", "ruby", "s", "span", "strong", "u"];
/// Longer names are none.
const LONGEST_NAME: usize = 200;

/// Splits a caption's payload at its voice tags and removes all other markup; the voice's label comes with its words.
///
/// A voice goes on until its closing tag, the next voice, or the end of the caption: many files never close it.
pub(super) fn voices(payload: &str) -> Vec<(Option<String>, String)> {
    let mut parts = vec![(None, String::new())];
    let mut rest = payload;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at(at);
        push(&mut parts, before);
        rest = if let Some((tag, after)) = read_tag(tail) {
            open_voice(&mut parts, tag);
            after
        } else {
            push(&mut parts, "<");
            tail.get(1..).unwrap_or_default()
        };
    }
    push(&mut parts, rest);
    parts.into_iter().map(|(voice, words)| (voice, unescape(&words))).collect()
}

fn push(parts: &mut [(Option<String>, String)], words: &str) {
    if let Some((_, text)) = parts.last_mut() {
        text.push_str(words);
    }
}

/// A known tag at the start of the text and what follows it; anything else after `<` is speech.
fn read_tag(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('<')?;
    if let Some(voice) = voice_tag(inner) {
        return Some(voice);
    }
    let end = inner.find(['<', '>']).filter(|end| inner[*end..].starts_with('>'))?;
    let (tag, after) = (&inner[..end], &inner[end + 1..]);
    (is_markup(tag) || clock_ms(tag).is_some()).then_some((tag, after))
}

/// Whether a tag is one that styles words or ends a voice; with more in it than such a tag has, it is speech.
fn is_markup(tag: &str) -> bool {
    let (head, rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let name = head.trim_matches('/').split('.').next().unwrap_or_default().to_ascii_lowercase();
    let known = matches!(name.as_str(), "v" | "br") || STYLING.contains(&name.as_str());
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || c == '/');
    let is_language = name == "lang" && !rest.contains(char::is_whitespace);
    known && (rest.is_empty() || (!head.starts_with('/') && (is_language || rest.contains('='))))
}

/// `<v name>`; some tools leave the angle brackets of a name (`Room 4 <Oslo>`) as they are.
fn voice_tag(inner: &str) -> Option<(&str, &str)> {
    let end = inner.bytes().take(LONGEST_NAME).position(|b| matches!(b, b'>' | b'\n'))?;
    let (tag, after) = inner.split_at_checked(end)?;
    let is_voice = tag.starts_with(['v', 'V']) && tag.get(1..)?.starts_with([' ', '\t', '.']);
    let after = after.strip_prefix('>').filter(|_| is_voice)?;
    match tag.matches('<').count() {
        0 => Some((tag, after)),
        1 => after.strip_prefix('>').map(|after| (inner.get(..=end).unwrap_or(tag), after)),
        _ => None,
    }
}

fn open_voice(parts: &mut Vec<(Option<String>, String)>, tag: &str) {
    if tag.eq_ignore_ascii_case("/v") {
        parts.push((None, String::new()));
    } else if tag.starts_with(['v', 'V']) {
        let label = tag.split_once([' ', '\t', '\n']).map_or("", |(_, label)| label);
        let label = one_line(&unescape(label));
        // Rev writes `<v ->` where somebody else begins.
        let label = Some(label).filter(|label| label.contains(char::is_alphanumeric));
        match parts.last_mut().filter(|(voice, _)| *voice == label && label.is_some()) {
            Some((_, words)) => words.push('\n'),
            None => parts.push((label, String::new())),
        }
    } else if tag.get(..2).is_some_and(|name| name.eq_ignore_ascii_case("br")) {
        push(parts, "\n");
    }
}

/// Removes the markup in braces that players of `SubRip` know: `{\an8}` positions, and `{b}` for `<b>`.
pub(super) fn without_braces(payload: &str) -> Cow<'_, str> {
    if !payload.contains('{') {
        return Cow::Borrowed(payload);
    }
    let mut text = String::with_capacity(payload.len());
    let mut rest = payload;
    while let Some((before, tail)) = rest.split_once('{') {
        text.push_str(before);
        // Stops at the next `{` too, so that many of them are not searched again and again.
        let inner = tail.split(['}', '\n', '{']).next().unwrap_or_default();
        let after = tail.get(inner.len()..).and_then(|after| after.strip_prefix('}'));
        let style = inner.trim_start_matches('/');
        let is_markup = inner.starts_with('\\') || matches!(style, "b" | "i" | "s" | "u" | "B" | "I" | "S" | "U");
        rest = after.filter(|_| is_markup).unwrap_or_else(|| {
            text.push('{');
            tail
        });
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// Decodes character references once: `&amp;lt;` becomes `&lt;`.
pub(super) fn unescape(text: &str) -> String {
    // `&thetasym;` and few others are as long.
    const LONGEST: usize = 10;
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, tail) = rest.split_at(at);
        decoded.push_str(before);
        let end = tail.bytes().take(LONGEST).position(|b| b == b';');
        let character = end.and_then(|end| tail.get(1..end)).and_then(reference);
        decoded.push_str(character.as_deref().unwrap_or("&"));
        rest = match (character, end) {
            (Some(_), Some(end)) => &tail[end + 1..],
            _ => &tail[1..],
        };
    }
    decoded.push_str(rest);
    decoded
}

fn reference(name: &str) -> Option<String> {
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        // Direction marks are no words.
        "lrm" | "rlm" => return Some(String::new()),
        _ => match name.strip_prefix('#') {
            Some(code) => numeric(code)?,
            None => return named(name),
        },
    };
    Some(character.to_string())
}

/// One of the many names of HTML, `eacute` for one.
fn named(name: &str) -> Option<String> {
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let reference = format!("&{name};");
    let decoded = html_to_text(&reference);
    (decoded != reference && !decoded.is_empty()).then_some(decoded)
}

fn numeric(code: &str) -> Option<char> {
    let code = match code.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => code.parse(),
    };
    code.ok().and_then(char::from_u32).filter(|c| *c != '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voices_are_read_with_and_without_closing_tags() {
        let named = |name: &str, words: &str| (Some(name.to_owned()), words.to_owned());
        let cases = [
            ("<v Dana Ruiz>Hello</v>", vec![named("Dana Ruiz", "Hello")]),
            ("<v Dana Ruiz>Hello", vec![named("Dana Ruiz", "Hello")]),
            ("<v.loud Dana Ruiz>Hi <c.red>there</c></v>", vec![named("Dana Ruiz", "Hi there")]),
            ("<v R&amp;D Team>a &lt; b</v>", vec![named("R&D Team", "a < b")]),
            ("<v A B>One</v><v C D>Two", vec![named("A B", "One"), named("C D", "Two")]),
            ("<v >Who</v>", vec![(None, "Who".to_owned())]),
            ("<v ->Who</v>", vec![(None, "Who".to_owned())]),
            ("<v Room 4 <Oslo>>Hi</v>", vec![named("Room 4 <Oslo>", "Hi")]),
            ("5 < 6 and <b>7</b> <00:00:01.000>8", vec![(None, "5 < 6 and 7 8".to_owned())]),
            ("a <name> b", vec![(None, "a <name> b".to_owned())]),
            ("<font color=\"red\">a</font> </i b>", vec![(None, "a </i b>".to_owned())]),
        ];
        for (payload, expected) in cases {
            let found: Vec<_> = voices(payload).into_iter().filter(|(_, words)| !words.is_empty()).collect();
            assert_eq!(found, expected, "{payload}");
        }
    }

    #[test]
    fn references_are_decoded_once() {
        for (text, expected) in [
            ("&amp;lt;", "&lt;"),
            ("a&b; &#39;c&#x27;", "a&b; 'c'"),
            ("caf&eacute; &hellip;", "café …"),
            ("&", "&"),
            ("&é;", "&é;"),
        ] {
            assert_eq!(unescape(text), expected);
        }
    }
}
