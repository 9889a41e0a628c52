//! What a file takes in memory, told before it is read: twenty times its size is honest, a hundred times is an attack.

mod json;
mod text;

pub(super) use json::string_length;

use super::error::ParseError;
use super::limits::Limits;

/// What every file may take besides, in bytes.
const FREE_BYTES: u64 = 50_000_000;

/// Refuses JSON that would take far more memory than an honest file of its size does.
pub(super) fn check_json(json: &str, limits: &Limits) -> Result<(), ParseError> {
    check(json.len(), json::in_memory(json) + text::tags(json), limits)
}

/// The same for lines that may be paragraphs: notes, mails, contracts, calls written down.
pub(super) fn check_text(text: &str, limits: &Limits) -> Result<(), ParseError> {
    check(text.len(), text::in_memory(text), limits)
}

/// What a file of this size may take in memory.
pub(super) fn allowed(size: usize, limits: &Limits) -> u64 {
    (size as u64).saturating_mul(limits.memory_ratio).saturating_add(FREE_BYTES)
}

fn check(size: usize, found: u64, limits: &Limits) -> Result<(), ParseError> {
    ParseError::at_most("bytes once it is in memory", found, allowed(size, limits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list_of(member: &str, bytes: usize) -> String {
        format!("[{}{member}]", format!("{member},").repeat(bytes / member.len()))
    }

    #[test]
    fn hostile_json_is_refused_and_bare_words_pass() {
        let limits = Limits::default();
        for hostile in [r#"{"":0}"#, "0", "[0]", r#"{"a":{}}"#] {
            let refused = check_json(&list_of(hostile, 4_000_000), &limits).unwrap_err();
            assert!(matches!(refused, ParseError::OverLimit { limit, .. } if limit > 130_000_000), "{hostile}");
        }
        let word = r#"{"word":"hello","start":12.34,"end":12.56,"speaker":0}"#;
        let words = list_of(word, 6_000_000);
        assert!(json::in_memory(&words) < 20 * words.len() as u64, "at any size, without the room that is free");
        assert_eq!(check_json(&words, &limits), Ok(()));
        assert_eq!(check_json(&"[".repeat(1_000_000), &limits), Ok(()), "too deep, as the parser says by itself");
    }

    #[test]
    fn hostile_text_is_refused_and_short_lines_pass() {
        let limits = Limits::default();
        for hostile in ["a\n\n", "1\n", "- a\n", "[", "](", "<p>x"] {
            assert!(check_text(&hostile.repeat(2_000_000 / hostile.len()), &limits).is_err(), "{hostile}");
        }
        for honest in ["Dana: yes, we do\n", "| 12 | [plan](https://x.example/plan) |\n", "<td>December 12</td>"] {
            assert_eq!(check_text(&honest.repeat(2_000_000 / honest.len()), &limits), Ok(()), "{honest}");
        }
    }
}
