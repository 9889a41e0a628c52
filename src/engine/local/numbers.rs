//! Numbers as people say them: digits, words, ordinals.

use super::words::Words;

const UNITS: &[&str] = &[
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: &[&str] = &["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ORDINALS: &[&str] = &[
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
];
const SCALES: &[&str] = &["hundred", "thousand", "million", "dozen", "half", "third", "quarter"];

/// A small cardinal: `14`, `six`, `a couple of` is not one.
pub(super) fn cardinal(word: &str) -> Option<i32> {
    if let Ok(number) = word.parse::<i32>() {
        return (0..10_000).contains(&number).then_some(number);
    }
    position(UNITS, word).or_else(|| position(TENS, word).map(|tens| (tens + 2) * 10))
}

/// A cardinal of one or two words, with the number of words it took.
pub(crate) fn cardinal_at(words: &[&str]) -> Option<(i32, usize)> {
    let first = cardinal(words.first()?)?;
    match words.get(1).and_then(|word| position(UNITS, word)) {
        Some(unit) if (1..10).contains(&unit) && first >= 20 && first % 10 == 0 => Some((first + unit, 2)),
        _ => Some((first, 1)),
    }
}

/// A day of the month: `15`, `15th`, `fifteenth`, `twenty sixth`; with the number of words it took.
pub(crate) fn day_at(words: &[&str]) -> Option<(i8, usize)> {
    let first = *words.first()?;
    let day = match first {
        "twenty" | "thirty" => {
            let tens = if first == "twenty" { 20 } else { 30 };
            let unit = words.get(1).and_then(|word| position(ORDINALS, word)).filter(|unit| (1..10).contains(unit))?;
            return in_month(tens + unit).map(|day| (day, 2));
        }
        "thirtieth" => Some(30),
        _ => position(ORDINALS, first).or_else(|| digits(first)),
    };
    day.and_then(in_month).map(|day| (day, 1))
}

fn in_month(number: i32) -> Option<i8> {
    i8::try_from(number).ok().filter(|day| (1..=31).contains(day))
}

fn digits(word: &str) -> Option<i32> {
    let stem = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    (stem.len() <= 2).then(|| stem.parse().ok()).flatten()
}

fn position(list: &[&str], word: &str) -> Option<i32> {
    list.iter().position(|&entry| entry == word).and_then(|place| i32::try_from(place).ok())
}

/// Whether the clause names any number.
pub(super) fn has_number(words: &Words) -> bool {
    words.iter().any(|word| {
        word.starts_with(|c: char| c.is_ascii_digit())
            || UNITS.get(2..).is_some_and(|units| units.contains(&word))
            || TENS.contains(&word)
            || SCALES.contains(&word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_said() {
        assert_eq!(cardinal("six"), Some(6));
        assert_eq!(cardinal_at(&["thirty", "six", "months"]), Some((36, 2)));
        assert_eq!(cardinal_at(&["forty", "people"]), Some((40, 1)));
        assert_eq!(day_at(&["twenty", "sixth"]), Some((26, 2)));
        assert_eq!(day_at(&["31st"]), Some((31, 1)));
        assert_eq!(day_at(&["45"]), None);
        assert_eq!(day_at(&["2026"]), None);
    }
}
