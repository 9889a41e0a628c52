//! What one label looks like, before the file is asked.

use unicode_normalization::char::is_combining_mark;

use super::super::person;
use super::words::{ENTRIES, NOT_NAMES, PARTICLES, Words};

/// Longer labels are sentences.
const MAX_LABEL_CHARS: usize = 60;

/// Five names, and the small words between them: `Ana María López de la Torre Gómez`.
const MAX_LABEL_WORDS: usize = 8;

/// What a label looks like, before the file is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// An address or a recorder's own label.
    Certain,
    /// Two or more words of a name.
    FullName,
    /// A single capitalized word.
    OneWord,
    /// A single word in small letters, as people and call centres do write it: `edwin`, `agent`.
    SmallWord,
}

/// Splits `Name: words` at the first colon that white space follows (a full-width one needs none); whether `Name` is a name
/// is another question.
pub(in crate::transcript) fn split(text: &str) -> Option<(&str, &str)> {
    let (at, colon) = text.char_indices().take(MAX_LABEL_CHARS + 20).find(|(at, c)| {
        let after = text.get(at + c.len_utf8()..).unwrap_or_default();
        *c == '：' || (*c == ':' && after.chars().next().is_none_or(char::is_whitespace))
    })?;
    let (label, rest) = (text.get(..at)?.trim(), text.get(at + colon.len_utf8()..)?.trim());
    (!label.is_empty() && label.chars().count() <= MAX_LABEL_CHARS).then_some((label, rest))
}

/// Whether the label looks like a person's.
pub(in crate::transcript) fn looks_like_name(label: &str) -> bool {
    shape(label).is_some_and(|shape| shape != Shape::SmallWord)
}

pub(super) fn shape(label: &str) -> Option<Shape> {
    let nobody = person::is_nobody(label) && label.contains(char::is_alphabetic) && label.chars().count() > 1;
    if person::is_address(label) || is_phone(label) || nobody {
        return Some(Shape::Certain);
    }
    let bare = label.split(['(', '[']).next().unwrap_or_default();
    let words: Vec<&str> = bare.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let numbered = person::is_device(bare);
    let is_name =
        words.iter().all(|word| is_name_word(word) || PARTICLES.contains(word) || (numbered && is_model(word)));
    let capitalized = words.iter().filter(|word| is_name_word(word)).count();
    let commas = bare.matches(',').count();
    match (is_name, capitalized, words.len()) {
        (true, 1, 2) if person::is_personal_device(bare) => Some(Shape::FullName),
        (true, 1, 1) if commas == 0 && !is_in(&ENTRIES, bare) => Some(Shape::OneWord),
        (_, 0, 1) if is_small_word(label) => Some(Shape::SmallWord),
        (true, 2..=5, ..=MAX_LABEL_WORDS) if commas <= 1 => Some(Shape::FullName),
        _ => None,
    }
}

/// Whether the label is a phone number, as of those who dial in; a year is none, nor is a date.
fn is_phone(label: &str) -> bool {
    const FEWEST_DIGITS: usize = 7;
    let digits = |text: &str| text.bytes().filter(|b| b.is_ascii_digit() || *b == b'*').count();
    let is_date = label.split('-').count() == 3 && label.split('-').any(|part| digits(part) <= 2);
    digits(label) >= FEWEST_DIGITS && !is_date && label.bytes().all(|b| b.is_ascii_digit() || b" +*()-".contains(&b))
}

fn is_name_word(word: &str) -> bool {
    let mut first = word.chars();
    let upper = |c: char| c.is_alphabetic() && !c.is_lowercase();
    // `Dunmore Maint iPad` joins calls too.
    let starts = first.next().is_some_and(upper) || first.next().is_some_and(upper);
    let spells = word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.') || is_combining_mark(c));
    starts && spells && !is_listed(word)
}

/// The number of a device or a room: `14`, `S22`, `3.02`.
fn is_model(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
}

fn is_small_word(label: &str) -> bool {
    let small = label.chars().all(|c| c.is_lowercase() || c.is_ascii_digit() || c == '_');
    let starts = label.chars().next().is_some_and(char::is_alphabetic);
    small
        && starts
        && label.chars().count() > 1
        && !is_listed(label)
        && !is_in(&ENTRIES, label)
        && !is_in(&PARTICLES, label)
}

/// Whether a label could be a name that no rule foresees: it is no sentence.
pub(in crate::transcript) fn is_short(label: &str) -> bool {
    label.split_whitespace().count() <= MAX_LABEL_WORDS
        && !label.contains([';', '?', '!', '"'])
        && !label.contains(". ")
}

pub(super) fn is_entry(word: &str) -> bool {
    is_listed(word) || is_in(&ENTRIES, word)
}

fn is_listed(word: &str) -> bool {
    is_in(&NOT_NAMES, word.trim_end_matches('.'))
}

fn is_in(list: &Words, word: &str) -> bool {
    list.contains(word.trim().to_lowercase().as_str())
}
