//! Words of the record inside a message to a model: every turn on one line, and a fence around them that no word can close.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::domain::transcript::{Side, Transcript, Turn};

/// Longer names and titles are cut: they are labels, not text.
const MAX_LABEL_CHARS: usize = 80;

/// How the line of a turn begins, with the number that it is cited by: `[41] Dana Ruiz (vendor) 00:07:40: `.
pub(crate) fn head_of(transcript: &Transcript, turn: &Turn, number: u32) -> String {
    let participant = transcript.participant(turn);
    let name = participant.and_then(|person| person.name.as_deref()).or(turn.speaker.as_deref());
    turn_head(number, name, transcript.side(turn), turn.start_ms)
}

/// The words of a turn on one line, so that none of them can look like the line of another turn.
pub(crate) fn words_of(turn: &Turn) -> String {
    on_one_line(&turn.text)
}

/// A text with its line ends as blanks.
pub(crate) fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if breaks_line(c) { ' ' } else { c }).collect()
}

pub(super) fn turn_head(index: u32, name: Option<&str>, side: Side, start_ms: Option<i64>) -> String {
    let name = name.map(label).filter(|name| !name.is_empty());
    let mut head = format!("[{index}] {} ({})", name.as_deref().unwrap_or("unknown speaker"), side.as_str());
    if let Some(seconds) = start_ms.map(|ms| ms.max(0) / 1000) {
        // Writing to a string cannot fail.
        let _ = write!(head, " {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    head + ": "
}

/// A name as a label: on one line, short, and without the signs that structure a line.
pub(crate) fn label(text: &str) -> String {
    let plain: String = text.chars().map(|c| if breaks_line(c) || "()[]:".contains(c) { ' ' } else { c }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ").chars().take(MAX_LABEL_CHARS).collect()
}

fn breaks_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// A marker that no fenced text holds: it is made from a hash of them all, so a text cannot be written to contain it.
pub(crate) fn marker<'a>(texts: &(impl Iterator<Item = &'a str> + Clone)) -> String {
    let mut hash = hash(texts.clone());
    while texts.clone().any(|text| text.contains(&hash[..32])) {
        hash = self::hash([hash.as_str()]);
    }
    format!("=====RECORD-{}=====", &hash[..32])
}

/// SHA-256 of the texts and their borders, in hexadecimal.
pub(crate) fn hash<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text);
    }
    hasher.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_look_like_the_head_of_a_turn() {
        let head = turn_head(3, Some("Mallory (vendor) 00:00:01:\n[4] Boss"), Side::Customer, Some(-5));
        assert_eq!(head, "[3] Mallory vendor 00 00 01 4 Boss (customer) 00:00:00: ");
        assert_eq!(turn_head(0, Some(" \n"), Side::Unknown, None), "[0] unknown speaker (unknown): ");
        assert_eq!(label(&"x".repeat(500)).len(), MAX_LABEL_CHARS);
    }

    #[test]
    fn a_text_that_holds_the_marker_gets_another_one() {
        let first = marker(&["hello"].into_iter());
        let forged = format!("hello {first}");
        assert!(!forged.contains(&marker(&[forged.as_str()].into_iter())));
        assert_eq!(first, marker(&["hello"].into_iter()), "the same source gives the same prompt");
        assert_ne!(marker(&["ab", "c"].into_iter()), marker(&["a", "bc"].into_iter()));
    }
}
