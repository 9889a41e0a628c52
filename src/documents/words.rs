//! How documents put things: dates for people, texts of a bearable length, who said something and where.

use jiff::civil::Date;
use jiff::{ToSpan as _, Unit};

use crate::domain::record::{CitationRecord, ItemRecord};
use crate::render::view::moment;

/// So many characters a word has on average at most; a "word" of a thousand letters does not fill a page.
const CHARS_PER_WORD: usize = 8;

/// The text with at most so many words; what is cut off shows as `…`.
pub(crate) fn clip(text: &str, max_words: usize) -> String {
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
pub(crate) fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// A due date as people read it: days and months written out, an interval with both ends, anything else as it was said.
pub(crate) fn due_words(due: &str) -> String {
    let one = |text: &str| -> Option<String> {
        let named = || month(text).map(|month| month.strftime("%B %Y").to_string());
        let quarter =
            || quarter(text).map(|(first, _)| format!("quarter {} of {}", (first.month() + 2) / 3, first.year()));
        text.parse::<Date>().ok().map(day).or_else(named).or_else(quarter)
    };
    let interval = due.split_once('/').and_then(|(from, to)| Some(format!("{} to {}", one(from)?, one(to)?)));
    interval.or_else(|| one(due)).unwrap_or_else(|| format!("“{}”", clip(due, 8)))
}

/// The day by which something is due, where the record tells one: the first of an interval, the last of a month or quarter.
pub(crate) fn due_day(due: &str) -> Option<Date> {
    let first = due.split_once('/').map_or(due, |(from, _)| from);
    let last = || month(first).or_else(|| quarter(first).map(|(_, last)| last)).map(Date::last_of_month);
    first.parse::<Date>().ok().or_else(last)
}

/// Whether a text names the day, month or words of a due date already.
pub(crate) fn names_due(text: &str, due: &str) -> bool {
    let bare = bare_words(text);
    let has = |word: &str| bare.contains(&format!(" {} ", word.to_lowercase()));
    let has_month = |date: Date| has(&date.strftime("%B").to_string()) || has(&date.strftime("%b").to_string());
    let one = |due: &str| match (due.parse::<Date>(), month(due)) {
        (Ok(date), _) => {
            let number = date.day();
            has_month(date) && ["", "st", "nd", "rd", "th"].iter().any(|ending| has(&format!("{number}{ending}")))
        }
        (Err(_), Some(first)) => has_month(first),
        (Err(_), None) => repeats(text, due),
    };
    due.split_once('/').map_or_else(|| one(due), |(from, to)| one(from) && one(to))
}

/// The first and last month of `2026-Q4`.
fn quarter(text: &str) -> Option<(Date, Date)> {
    let (year, quarter) = text.split_once("-Q")?;
    let (year, quarter): (i16, i8) = (year.parse().ok()?, quarter.parse().ok()?);
    let month = |number: i8| Date::new(year, number, 1).ok();
    (1..=4).contains(&quarter).then(|| Some((month(quarter * 3 - 2)?, month(quarter * 3)?)))?
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

/// Who said it, where the file names them.
fn who(citation: &CitationRecord) -> Option<String> {
    // A label such as "6603118274410057790" names nobody.
    let name = citation.speaker.as_deref().filter(|label| label.contains(char::is_alphabetic));
    name.map(|name| clip(name, 5))
}

/// Where it stands: file and moment, no more exact than the file gives it.
fn place(citation: &CitationRecord) -> String {
    let file = citation.source.rsplit('/').next().unwrap_or(&citation.source);
    format!("{}, {}", clip(file, 6), moment(citation.start_ms, citation.precision, citation.turn))
}

/// Who said it and where.
pub(crate) fn origin(citation: &CitationRecord) -> String {
    who(citation).map_or_else(|| place(citation), |who| format!("{who}, {}", place(citation)))
}

/// What an item rests on, in a few words: who said it and where, or who attests it.
pub(crate) fn basis(item: &ItemRecord) -> String {
    let mut basis = match (item.support().next(), &item.attested_by) {
        (Some(citation), _) => origin(citation),
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
pub(crate) fn bare_words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |line, word| line + &word.to_lowercase() + " ")
}

/// Whether most of the words of `quote` stand in `text` already.
pub(crate) fn repeats(text: &str, quote: &str) -> bool {
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
            ("2026-Q4", "quarter 4 of 2026"),
            ("2026-Q5", "“2026-Q5”"),
        ];
        for (due, words) in cases {
            assert_eq!(due_words(due), words);
        }
        assert_eq!(due_day("2026-02"), Some(Date::constant(2026, 2, 28)));
        assert_eq!(due_day("2026-11-15/2027-01-02"), Some(Date::constant(2026, 11, 15)));
        assert_eq!(due_day("2026-Q4"), Some(Date::constant(2026, 12, 31)));
        assert_eq!(due_day("the fall"), None);
    }

    #[test]
    fn a_day_that_a_text_names_needs_no_second_naming() {
        assert!(names_due("Live by June 15, at the latest", "2026-06-15") && names_due("on 1st Oct.", "2026-10-01"));
        assert!(names_due("nothing in July", "2026-07") && names_due("at go-live", "go-live"));
        assert!(!names_due("Live by June 1", "2026-06-15") && !names_due("by the end of the year", "2026-12-31"));
    }
}
