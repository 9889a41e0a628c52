//! How much of a turn is quoted around a few words.

use std::ops::Range;

/// Characters of a quote at most.
const LONGEST: usize = 120;

/// The sentence around some bytes of a text; of a long one, as many whole words on both sides as there is room for.
pub(super) fn sentence_around(text: &str, wanted: Range<usize>) -> &str {
    let ends = |c: char| matches!(c, '.' | '!' | '?' | '…' | '\n');
    let from =
        text[..wanted.start].rfind(ends).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let to = text[wanted.end..].find(ends).map_or(text.len(), |at| wanted.end + at);
    let room = LONGEST.saturating_sub(wanted.len()) / 2;
    let from = if wanted.start - from > room { word_start(text, wanted.start - room, wanted.start) } else { from };
    let to = if to - wanted.end > room { word_end(text, wanted.end, wanted.end + room) } else { to };
    text[from..to].trim().trim_matches(|c: char| matches!(c, ',' | ';' | ':' | '-' | '–' | '—')).trim()
}

/// The first place after `from` at which a word begins; `until` itself, which is one, where there is none before it.
fn word_start(text: &str, from: usize, until: usize) -> usize {
    let blank = (from..until).find(|at| text.is_char_boundary(*at) && text[*at..].starts_with(char::is_whitespace));
    blank.unwrap_or(until)
}

/// The last place before `until` at which a word ends; `from` itself where there is none after it.
fn word_end(text: &str, from: usize, until: usize) -> usize {
    let blank =
        (from..=until).rev().find(|at| text.is_char_boundary(*at) && text[*at..].starts_with(char::is_whitespace));
    blank.unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sentence_is_quoted_whole_and_a_long_one_in_part() {
        let text = "Right. It has to be minus ten, always! Or not.";
        let at = text.find("minus").unwrap();
        assert_eq!(sentence_around(text, at..at + 9), "It has to be minus ten, always");
        let long = format!("{} minus ten {}", "word ".repeat(60), "word ".repeat(60));
        let at = long.find("minus").unwrap();
        let quote = sentence_around(&long, at..at + 9);
        assert!(quote.len() <= LONGEST && quote.contains(" minus ten ") && quote.starts_with("word "), "{quote}");
    }

    proptest! {
        #[test]
        fn what_is_quoted_holds_what_is_wanted(text in "\\PC{0,300}", from in 0..300_usize, length in 1..40_usize) {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let wanted = places[from.min(places.len() - 1)]..places[(from + length).min(places.len() - 1)];
            let words = text[wanted.clone()].trim();
            let bare = words.trim_matches(|c: char| !c.is_alphanumeric());
            prop_assert!(sentence_around(&text, wanted).contains(bare));
        }
    }
}
