//! The measure that a clause names: the words from its comparison or number to the next pause.

use std::ops::Range;

use super::numbers::cardinal_at;
use super::words::{Words, phrases};

/// A measure of more words is no phrase any more.
const MAX_WORDS: usize = 10;

phrases! {
    COMPARISONS = "under | below | less than | fewer than | more than | at least | at most | no more than | over | above | inside | \
        inside of | within | up to | down to | half of";
    UNITS = "percent | minute* | hour* | day | days | week* | month | months | year | years | dollar* | euro* | pound* | point | \
        points | times | half";
    /// Words that begin another thought.
    STOPS = "and | but | so | that | which | who | i | we | you | he | she | it | they | if | because | when | is | are | was | were | \
        not | or | then | to | than | there | this | whatever";
    CUTS = "cut | cutting | reduce | reduced | bring | halve";
}

/// The measuring phrase of `text` in its own words; none where no number is compared or counted in a unit.
pub(super) fn metric(text: &str, words: &Words) -> Option<String> {
    let list: Vec<&str> = words.iter().collect();
    let found = (0..list.len()).find_map(|at| compared(&list, at).or_else(|| halved(&list, at)));
    let range = found.or_else(|| (0..list.len()).find_map(|at| counted(&list, at)))?;
    let end = phrase_end(text, words, &list, &range);
    words.as_said(text, range.start..end).map(|said| said.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// `under ten`, `at least 90 percent`.
fn compared(words: &[&str], at: usize) -> Option<Range<usize>> {
    let used = COMPARISONS.length_at(words.get(at..)?)?;
    let counted = amount(words.get(at + used..)?)?;
    Some(at..at + used + counted)
}

/// `cut the bill in half`.
fn halved(words: &[&str], at: usize) -> Option<Range<usize>> {
    let rest = words.get(at..)?;
    CUTS.length_at(rest)?;
    let half = rest.windows(2).take(MAX_WORDS).position(|pair| matches!(pair, ["in" | "by", "half"]))?;
    let stopped = rest.get(1..half)?.iter().any(|word| STOPS.has(word));
    (!stopped).then_some(at..at + half + 2)
}

/// `fifty-five percent`, `half a day`, `four minutes`.
fn counted(words: &[&str], at: usize) -> Option<Range<usize>> {
    let rest = words.get(at..)?;
    if let ["half", "a" | "an", unit, ..] = rest
        && UNITS.has(unit)
    {
        return Some(at..at + 3);
    }
    let number = amount(rest)?;
    let unit = rest.get(number)?;
    let money = matches!(rest.first(), Some(&("dollar" | "euro" | "pound")));
    (UNITS.has(unit) || money).then_some(at..at + number + usize::from(UNITS.has(unit)))
}

/// How many words a number takes up, a sign before it and its scales included.
fn amount(words: &[&str]) -> Option<usize> {
    match words {
        ["half", "a" | "an", _, ..] => return Some(3),
        ["half", ..] => return Some(1),
        _ => {}
    }
    let sign = usize::from(matches!(words.first(), Some(&("dollar" | "euro" | "pound" | "a"))));
    let figures = words.get(sign..)?;
    let first = figures.first()?;
    let scale = |word: &str| matches!(word, "hundred" | "thousand" | "million");
    let digits = || (first.starts_with(|c: char| c.is_ascii_digit()) || scale(first)).then_some(1);
    let used = cardinal_at(figures).map(|(_, used)| used).or_else(digits)?;
    Some(sign + used + figures.get(used..)?.iter().take_while(|word| scale(word)).count())
}

/// The end of the phrase: words go on until a pause or another thought.
fn phrase_end(text: &str, words: &Words, list: &[&str], found: &Range<usize>) -> usize {
    let mut end = found.end;
    while end < list.len().min(found.start + MAX_WORDS) && !words.pause_behind(text, end - 1) && !STOPS.has(list[end]) {
        end += 1;
    }
    let dangling =
        |word: &str| matches!(word, "a" | "an" | "the" | "in" | "by" | "of" | "on" | "for" | "at" | "per" | "with");
    while end > found.end && dangling(list[end - 1]) {
        end -= 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measure_is_cut_out_of_the_clause() {
        for (text, measure) in [
            ("Get me under ten by the end of first quarter and I'm happy.", "under ten by the end of first quarter"),
            ("I think it's like fifty-five percent get done on time.", "fifty-five percent get done on time"),
            ("I want somebody to know inside of 10 minutes, always.", "inside of 10 minutes"),
            ("Audit prep in half a day. Not three days.", "half a day"),
            ("If you cut the detention bill in half, it's paid.", "cut the detention bill in half"),
            ("We spend $1,200 a month on it.", "$1,200 a month"),
            ("Two hundred hours a month.", "Two hundred hours a month"),
        ] {
            assert_eq!(metric(text, &Words::of(text)).as_deref(), Some(measure), "{text}");
        }
    }

    #[test]
    fn a_number_that_measures_nothing_is_no_metric() {
        for text in ["Fourth is the cap.", "We have three plants.", "One of them left.", ""] {
            assert_eq!(metric(text, &Words::of(text)), None, "{text}");
        }
    }
}
