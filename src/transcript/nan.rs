//! Numbers that Python writes and JSON has not: `NaN`, `Infinity`, `-Infinity`, as in Whisper's probabilities. Strict parsers
//! give up the whole file on them.

use std::borrow::Cow;

use super::weight::string_length;

const WORDS: &[&str] = &["NaN", "Infinity", "-Infinity"];

/// The JSON with null in their place, and how many there were; in strings they are words and stay.
pub(super) fn repair(json: &str) -> (Cow<'_, str>, usize) {
    let (mut repaired, mut copied, mut found, mut at) = (String::new(), 0, 0, 0);
    if WORDS.iter().all(|word| memchr::memmem::find(json.as_bytes(), word.as_bytes()).is_none()) {
        return (Cow::Borrowed(json), 0);
    }
    while let Some(rest) = json.as_bytes().get(at..).filter(|rest| !rest.is_empty()) {
        let word = WORDS.iter().find(|word| rest.starts_with(word.as_bytes()));
        if let Some(word) = word {
            repaired.push_str(json.get(copied..at).unwrap_or_default());
            repaired.push_str("null");
            copied = at + word.len();
            found += 1;
        }
        at += match rest {
            [b'"', string @ ..] => string_length(string) + 2,
            _ => word.map_or(1, |word| word.len()),
        };
    }
    if found == 0 {
        return (Cow::Borrowed(json), 0);
    }
    repaired.push_str(json.get(copied..).unwrap_or_default());
    (Cow::Owned(repaired), found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_null_and_words_stay() {
        let cases = [
            (
                r#"{"p": NaN, "é": -Infinity, "text": "NaN \" Infinity"}"#,
                r#"{"p": null, "é": null, "text": "NaN \" Infinity"}"#,
                2,
            ),
            ("[Infinity,NaN]", "[null,null]", 2),
            (r#"["NaN"#, r#"["NaN"#, 0),
            (r#"["-Infinity"]"#, r#"["-Infinity"]"#, 0),
        ];
        for (json, expected, found) in cases {
            assert_eq!(repair(json), (Cow::Borrowed(expected), found), "{json}");
        }
    }
}
