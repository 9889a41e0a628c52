//! How documents put things: dates for people, texts of a bearable length, who said something and where.

use jiff::civil::Date;
use jiff::{ToSpan as _, Unit};

use crate::domain::record::{CitationRecord, ItemRecord};
use crate::render::view::moment;

/// So many characters a word has on average at most; a "word" of a thousand letters does not fill a page.
const CHARS_PER_WORD: usize = 8;

/// The text with at most so many words; what is cut off shows as `…`.
pub(super) fn clip(text: &str, max_words: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut cut = words.iter().take(max_words).copied().collect::<Vec<_>>().join(" ");
    let max_chars = max_words * CHARS_PER_WORD;
    let too_long = cut.chars().count() > max_chars;
    if too_long {
        cut = cut.chars().take(max_chars).collect();
    }
    if too_long || words.len() > max_words {
        let end = cut.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
        cut.truncate(end);
        cut.push('…');
    }
    cut
}

/// `15 June 2026`.
pub(super) fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// A due date as people read it: days and months written out, an interval with both ends, anything else as it was said.
pub(super) fn due_words(due: &str) -> String {
    let one = |text: &str| -> Option<String> {
        text.parse::<Date>().ok().map(day).or_else(|| month(text).map(|m| m.strftime("%B %Y").to_string()))
    };
    let interval = due.split_once('/').and_then(|(from, to)| Some(format!("{} to {}", one(from)?, one(to)?)));
    interval.or_else(|| one(due)).unwrap_or_else(|| format!("“{}”", clip(due, 8)))
}

/// The day by which something is due, where the record tells one: the first of an interval, the last of a month.
pub(super) fn due_day(due: &str) -> Option<Date> {
    let first = due.split_once('/').map_or(due, |(from, _)| from);
    first.parse::<Date>().ok().or_else(|| month(first).map(Date::last_of_month))
}

/// The first day of `2026-07`.
fn month(text: &str) -> Option<Date> {
    let (year, month) = text.split_once('-')?;
    let is_short = month.len() == 2 && year.len() == 4;
    is_short.then(|| Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()).flatten()
}

/// Whole days from one date to another.
pub(super) fn days_between(from: Date, to: Date) -> i32 {
    let span = from.until((Unit::Day, to));
    span.map_or(0, |span| span.get_days())
}

/// So many days later.
pub(super) fn days_after(date: Date, days: i32) -> Date {
    date.checked_add(days.days()).unwrap_or(Date::MAX)
}

/// Who said it: the name, or that the file gives none.
pub(super) fn who(citation: &CitationRecord) -> String {
    citation.speaker.as_deref().map_or_else(|| "speaker not named".to_owned(), |name| clip(name, 5))
}

/// Where it stands: file and moment, no more exact than the file gives it.
pub(super) fn place(citation: &CitationRecord) -> String {
    let file = citation.source.rsplit('/').next().unwrap_or(&citation.source);
    format!("{}, {}", clip(file, 6), moment(citation.start_ms, citation.precision, citation.turn))
}

/// What an item rests on, in a few words: who said it and where, or who attests it.
pub(super) fn basis(item: &ItemRecord) -> String {
    let mut basis = match (item.support().next(), &item.attested_by) {
        (Some(citation), _) if citation.speaker.is_none() => place(citation),
        (Some(citation), _) => format!("{}, {}", who(citation), place(citation)),
        (None, Some(person)) => format!("attested by {}, from memory", clip(person, 5)),
        (None, None) => String::new(),
    };
    if let Some(person) = &item.reworded_by {
        let joint = if basis.is_empty() { "" } else { "; " };
        basis = format!("{basis}{joint}reworded by {}", clip(person, 5));
    }
    basis
}

/// The words of a text in lower case, without punctuation, one blank between and around them.
pub(super) fn bare_words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |line, word| line + &word.to_lowercase() + " ")
}

/// Whether most of the words of `quote` stand in `text` already.
pub(super) fn repeats(text: &str, quote: &str) -> bool {
    let (text, quote) = (bare_words(text), bare_words(quote));
    let words: Vec<&str> = quote.split_whitespace().collect();
    let said = words.iter().filter(|word| text.contains(&format!(" {word} "))).count();
    said * 10 >= words.len() * 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_after_so_many_words_and_never_run_on() {
        assert_eq!(clip("one two  three", 3), "one two three");
        assert_eq!(clip("one two, three", 2), "one two…");
        assert_eq!(clip(&"x".repeat(1000), 2), format!("{}…", "x".repeat(16)));
    }

    #[test]
    fn due_dates_read_as_people_say_them() {
        let cases = [
            ("2026-06-15", "15 June 2026"),
            ("2026-07", "July 2026"),
            ("2026-11-15/2027-01-02", "15 November 2026 to 2 January 2027"),
            ("go-live", "“go-live”"),
            ("2026-Q4", "“2026-Q4”"),
        ];
        for (due, words) in cases {
            assert_eq!(due_words(due), words);
        }
        assert_eq!(due_day("2026-02"), Some(Date::constant(2026, 2, 28)));
        assert_eq!(due_day("2026-11-15/2027-01-02"), Some(Date::constant(2026, 11, 15)));
        assert_eq!(due_day("the fall"), None);
    }
}
