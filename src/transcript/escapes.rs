//! Escapes in JSON that stand for no honest character: halves of a surrogate pair, on which strict parsers give up the whole
//! file, and control and bidirectional characters, which hide words or show them in another order than they have.

use std::borrow::Cow;

use super::reading::{Reading, places};

/// The length of `\uXXXX`.
const ESCAPE: usize = 6;
/// What stands for a character that is lost.
const LOST: char = '\u{fffd}';

/// The JSON with every lone half of a surrogate pair as U+FFFD, and how many there were.
pub(super) fn repair(json: &str) -> (Cow<'_, str>, usize) {
    let (mut repaired, mut copied, mut halves, mut at) = (String::new(), 0, 0, 0);
    while let Some(found) = json.get(at..).and_then(|rest| rest.find('\\')) {
        let escape = at + found;
        let low = || matches!(unit(json, escape + ESCAPE), Some(0xdc00..=0xdfff));
        at = match unit(json, escape) {
            None => escape + 2,
            Some(0xd800..=0xdbff) if low() => escape + 2 * ESCAPE,
            Some(0xd800..=0xdfff) => {
                repaired.push_str(json.get(copied..escape).unwrap_or_default());
                repaired.push_str("\\ufffd");
                copied = escape + ESCAPE;
                halves += 1;
                copied
            }
            Some(_) => escape + ESCAPE,
        };
    }
    if halves == 0 {
        return (Cow::Borrowed(json), 0);
    }
    repaired.push_str(json.get(copied..).unwrap_or_default());
    (Cow::Owned(repaired), halves)
}

/// The UTF-16 unit of the `\uXXXX` at this place.
fn unit(json: &str, at: usize) -> Option<u16> {
    let digits = json.get(at..at + ESCAPE)?.strip_prefix("\\u")?;
    // `from_str_radix` alone would take `+123`.
    if digits.bytes().all(|b| b.is_ascii_hexdigit()) { u16::from_str_radix(digits, 16).ok() } else { None }
}

/// Takes hidden characters out of words and labels; the report says where, and where halves of characters were repaired.
pub(super) fn clean(reading: &mut Reading, halves: usize) {
    let (mut hidden, mut broken) = (Vec::new(), Vec::new());
    for cue in &mut reading.cues {
        if halves > 0 && cue.text.contains(LOST) {
            broken.push(cue.line);
        }
        let label = cue.speaker.as_mut().is_some_and(remove_hidden);
        if remove_hidden(&mut cue.text) || label {
            hidden.push(cue.line);
        }
    }
    for person in &mut reading.people {
        remove_hidden(&mut person.label);
        person.name.as_mut().map(remove_hidden);
    }
    reading.title.as_mut().map(remove_hidden);
    if halves > 0 {
        let at = places(broken);
        reading.warnings.push(format!("halves of a character (lone surrogates), shown as {LOST}: {halves}{at}"));
    }
    if !hidden.is_empty() {
        let found = hidden.len();
        let at = places(hidden);
        reading.warnings.push(format!("cues with control or bidirectional characters, removed: {found}{at}"));
    }
}

fn remove_hidden(text: &mut String) -> bool {
    let before = text.len();
    text.retain(|c| !is_hidden(c));
    text.len() < before
}

fn is_hidden(c: char) -> bool {
    let reorders = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    reorders || (c.is_control() && !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_halves_are_repaired_and_nothing_else() {
        let cases = [
            (r#""a \ud83d b""#, r#""a \ufffd b""#, 1),
            (r#""a \udc4d\ud83d""#, r#""a \ufffd\ufffd""#, 2),
            (r#""\ud83d\ud83d\udc4d""#, r#""\ufffd\ud83d\udc4d""#, 1),
            (r#""\\ud83d \n \u00e9""#, r#""\\ud83d \n \u00e9""#, 0),
            (r#""\ud83"#, r#""\ud83"#, 0),
            ("\"\\é\\", "\"\\é\\", 0),
        ];
        for (json, expected, halves) in cases {
            assert_eq!(repair(json), (Cow::Borrowed(expected), halves), "{json}");
        }
    }
}
