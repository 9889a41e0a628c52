//! The markup inside captions: voice tags, styling, escapes.

/// Tags that style words and are removed; `v` is read by [`voices`].
const STYLING: &[&str] = &["b", "c", "font", "i", "lang", "rt", "ruby", "s", "u"];

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
            &tail[1..]
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
    let end = inner.find(['<', '>']).filter(|end| inner[*end..].starts_with('>'))?;
    let (tag, after) = (&inner[..end], &inner[end + 1..]);
    let name = tag.trim_start_matches('/').split([' ', '.', '\t', '\n']).next()?.to_ascii_lowercase();
    let known = name == "v" || STYLING.contains(&name.as_str()) || super::super::clock::clock_ms(tag).is_some();
    known.then_some((tag, after))
}

fn open_voice(parts: &mut Vec<(Option<String>, String)>, tag: &str) {
    if tag.eq_ignore_ascii_case("/v") {
        parts.push((None, String::new()));
    } else if tag.starts_with(['v', 'V']) {
        let label = tag.split_once([' ', '\t', '\n']).map_or("", |(_, label)| label);
        let label = super::super::reading::one_line(&unescape(label));
        parts.push(((!label.is_empty()).then_some(label), String::new()));
    }
}

/// Removes SubRip's own markup: styling tags and `{\an8}` positions.
pub(super) fn without_positions(payload: &str) -> String {
    let mut text = String::with_capacity(payload.len());
    let mut rest = payload;
    while let Some(at) = rest.find("{\\") {
        let (before, tail) = rest.split_at(at);
        text.push_str(before);
        // Stops at the next `{` too, so that many of them are not searched again and again.
        let end = tail[1..].find(['}', '\n', '{']).map(|end| end + 1).filter(|end| tail[*end..].starts_with('}'));
        rest = if let Some(end) = end {
            &tail[end + 1..]
        } else {
            text.push_str("{\\");
            &tail[2..]
        };
    }
    text.push_str(rest);
    text
}

/// Decodes character references once: `&amp;lt;` becomes `&lt;`.
pub(super) fn unescape(text: &str) -> String {
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
        _ => numeric(name.strip_prefix('#')?)?,
    };
    Some(character.to_string())
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
            ("5 < 6 and <b>7</b> <00:00:01.000>8", vec![(None, "5 < 6 and 7 8".to_owned())]),
            ("a <name> b", vec![(None, "a <name> b".to_owned())]),
        ];
        for (payload, expected) in cases {
            let found: Vec<_> = voices(payload).into_iter().filter(|(_, words)| !words.is_empty()).collect();
            assert_eq!(found, expected, "{payload}");
        }
    }

    #[test]
    fn references_are_decoded_once() {
        for (text, expected) in [("&amp;lt;", "&lt;"), ("a&b; &#39;c&#x27;", "a&b; 'c'"), ("&", "&"), ("&é;", "&é;")]
        {
            assert_eq!(unescape(text), expected);
        }
    }
}
