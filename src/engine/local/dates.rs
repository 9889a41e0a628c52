//! When something is due: the words, and the day they mean where the date of the call tells it.

use std::ops::Range;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::modality::condition;
use super::numbers::{cardinal_at, day_at};
use super::words::{Words, phrases};

/// A point in time that a clause names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct When {
    /// The words, as said.
    pub said: String,
    /// The day they mean, where it can be told.
    pub day: Option<Date>,
}

impl When {
    /// ISO 8601 where the day can be told, else the words.
    pub(super) fn due(&self) -> String {
        self.day.map_or_else(|| self.said.clone(), |day| day.to_string())
    }
}

/// What is known of the day on which something was said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct SaidOn {
    /// The day itself.
    pub day: Option<Date>,
    /// A day of the same deal, which tells the year where the day itself is not known.
    pub near: Option<Date>,
}

impl SaidOn {
    /// The day, or one near it.
    fn about(self) -> Option<Date> {
        self.day.or(self.near)
    }
}

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const SHORT_MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: &[(&str, Weekday)] = &[
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];
phrases! {
    LOOSE = "labor day | thanksgiving | christmas | new year's | easter | memorial day | fourth of july | go live | kickoff | \
        the holidays | the summer | the fall | the spring | the winter | next quarter | this quarter | this year | next year";
    /// Before a date that does not count any more.
    NOT_THIS = "not | not the | not on | not on the | instead of | instead of the | rather than | rather than the";
    /// Behind a date that does not count any more.
    NO_MORE = "does not hold | will not hold | does not stand | does not work | will not work | will not do | is off | is gone | \
        is not going to | slips | slipped | moves to | moved to | becomes";
}

/// The point in time that a clause names and does not set aside: rather outside its condition, told rather than only named, and a
/// date rather than a weekday or a feast; `words` are those of `text`.
pub(super) fn find_when(text: &str, words: &Words, said_on: SaidOn) -> Option<When> {
    let list: Vec<&str> = words.iter().collect();
    let condition = condition(text).map(str::as_bytes).map_or(0..0, |said| bytes_of(text, said));
    let mut end = 0;
    let moments = (0..list.len()).filter_map(|start| {
        // "The end of May, the ninth of June" names no ninth of May.
        if start < end {
            return None;
        }
        let (before, rest) = list.split_at(start);
        let (day, used) = moment(rest, before, said_on)?;
        end = start + used;
        let weekday = WEEKDAYS.iter().any(|(name, _)| rest.get(..used).and_then(<[_]>::last) == Some(name));
        let vague = weekday || LOOSE.length_at(rest).is_some() || used == 1;
        let first = start - usize::from(counts_from(before));
        let said = words.as_said(text, first..start + used)?;
        let outside = !condition.contains(&bytes_of(text, said.as_bytes()).start);
        let counts = !is_denied(before, rest.get(used..)?);
        counts.then_some(((outside, day.is_some(), !vague), When { said: said.to_owned(), day }))
    });
    moments.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, when)| when)
}

/// Whether the words around a date say that it is another one: "not the first", "from Q1 to", "the 18th doesn't hold".
fn is_denied(before: &[&str], behind: &[&str]) -> bool {
    let ends_here = |words: usize| {
        let tail = before.len().checked_sub(words).map(|start| &before[start..]);
        tail.is_some_and(|tail| NOT_THIS.length_at(tail) == Some(words))
    };
    let left = (before.ends_with(&["from"]) || before.ends_with(&["from", "the"])) && behind.first() == Some(&"to");
    left || (1..=3).any(ends_here) || NO_MORE.length_at(behind).is_some()
}

/// Every day that the words name by month or as the edge of a period, and where; without a date of the call a day without a
/// year stays open. What is only counted from the day of the call ("within thirty days") is a length of time, not a day.
pub(crate) fn named_days(words: &Words, said_on: Option<Date>) -> Vec<(Range<usize>, Option<Date>)> {
    let said_on = SaidOn { day: said_on, near: said_on };
    let list: Vec<&str> = words.iter().collect();
    let mut days: Vec<(Range<usize>, Option<Date>)> = Vec::new();
    for start in 0..list.len() {
        let rest = &list[start..];
        let named = iso(rest)
            .or_else(|| edge_of_period(rest, said_on))
            .or_else(|| day_and_month(rest, said_on))
            .or_else(|| quarter(rest, said_on))
            .or_else(|| whole_month(rest, start.checked_sub(1).and_then(|at| list.get(at)).copied(), said_on));
        let behind = days.last().is_none_or(|(before, _)| before.end <= start);
        if let (Some((day, used)), true) = (named, behind) {
            days.push((start..start + used, day));
        }
    }
    days
}

/// `in January`, `February 2027`: due at the month's end.
fn whole_month(words: &[&str], before: Option<&str>, said_on: SaidOn) -> Option<(Option<Date>, usize)> {
    let number = month(words.first()?)?;
    let year = words.get(1).and_then(|word| word.parse::<i16>().ok()).filter(|year| (1990..2100).contains(year));
    let is_moment = year.is_some() || matches!(before, Some("in" | "by" | "during" | "until" | "till" | "through"));
    is_moment.then(|| (last_of_month(number, year, said_on.about()), 1 + usize::from(year.is_some())))
}

/// Where a slice of `text` stands in it.
fn bytes_of(text: &str, slice: &[u8]) -> Range<usize> {
    let start = (slice.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    start..start + slice.len()
}

/// Whether a length of time is a moment because of the word before it: `within thirty days`.
fn counts_from(before: &[&str]) -> bool {
    matches!(before.last(), Some(&("within" | "after")))
}

/// The moment that begins with the first of `words`, and how many of them it takes.
fn moment(words: &[&str], before: &[&str], said_on: SaidOn) -> Option<(Option<Date>, usize)> {
    iso(words)
        .or_else(|| edge_of_period(words, said_on))
        .or_else(|| day_and_month(words, said_on))
        .or_else(|| weekday(words, said_on))
        .or_else(|| offset(words, before, said_on))
        .or_else(|| near(words, said_on))
        .or_else(|| quarter(words, said_on))
        .or_else(|| LOOSE.length_at(words).map(|used| (None, used)))
        .or_else(|| {
            month(words.first()?)
                .filter(|_| words.first() != Some(&"may") || before.last() == Some(&"in"))
                .map(|_| (None, 1))
        })
}

/// `2026-06-14` reaches us as three numbers.
fn iso(words: &[&str]) -> Option<(Option<Date>, usize)> {
    let [year, month, day, ..] = words else { return None };
    let year = year.parse::<i16>().ok().filter(|year| (1990..2100).contains(year))?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    Date::new(year, month, day).ok().map(|day| (Some(day), 3))
}

/// `end of june`, `the end of the year`, `end of the week`, `end of first quarter`.
fn edge_of_period(words: &[&str], said_on: SaidOn) -> Option<(Option<Date>, usize)> {
    let at = words.strip_prefix(["end", "of"].as_slice())?;
    let (rest, skipped) = match at {
        ["the" | "this", rest @ ..] => (rest, 3),
        rest => (rest, 2),
    };
    let first = *rest.first()?;
    if let ["next", "week", ..] = rest {
        return Some((of_next_week(Weekday::Friday, said_on.day), skipped + 2));
    }
    if let Some(number) = month(first) {
        let year = rest.get(1).and_then(|word| word.parse::<i16>().ok()).filter(|year| (1990..2100).contains(year));
        return Some((last_of_month(number, year, said_on.about()), skipped + 1 + usize::from(year.is_some())));
    }
    let day = said_on.day.and_then(|today| match first {
        "month" => Some(today.last_of_month()),
        "year" => Some(today.last_of_year()),
        "week" => today.nth_weekday(1, Weekday::Friday).ok(),
        _ => None,
    });
    match first {
        "month" | "year" | "week" => Some((day, skipped + 1)),
        _ => quarter(rest, said_on).map(|(day, used)| (day, skipped + used)),
    }
}

fn last_of_month(month: i8, year: Option<i16>, about: Option<Date>) -> Option<Date> {
    let year = year.or_else(|| Some(about?.year()))?;
    let last = Date::new(year, month, 1).ok()?.last_of_month();
    Some(if about.is_some_and(|today| last < today) {
        Date::new(year + 1, month, 1).ok()?.last_of_month()
    } else {
        last
    })
}

/// `june 14`, `june the fifteenth 2027`, `the 14th of june`, `14 june`.
fn day_and_month(words: &[&str], said_on: SaidOn) -> Option<(Option<Date>, usize)> {
    let first = *words.first()?;
    let (month, day, used) = if let Some(number) = month(first) {
        let skip = 1 + usize::from(words.get(1) == Some(&"the"));
        let (day, used) = day_at(words.get(skip..)?)?;
        (number, day, skip + used)
    } else {
        let (day, used) = day_at(words)?;
        let skip = used + usize::from(words.get(used) == Some(&"of"));
        (month(words.get(skip)?)?, day, skip + 1)
    };
    let year = words.get(used).and_then(|word| word.parse::<i16>().ok()).filter(|year| (1990..2100).contains(year));
    let told = year.or_else(|| said_on.about().map(Date::year)).and_then(|year| Date::new(year, month, day).ok());
    let told = match (year, said_on.about(), told) {
        (None, Some(today), Some(day)) => Some(next_occurrence(day, today)),
        (_, _, told) => told,
    };
    Some((told, used + usize::from(year.is_some())))
}

/// A day without a year is the next one; a day of the last weeks stays in the past.
fn next_occurrence(day: Date, today: Date) -> Date {
    let weeks_ago = today.checked_sub(60.days()).unwrap_or(today);
    if day < weeks_ago { day.checked_add(1.year()).unwrap_or(day) } else { day }
}

/// `friday`, `next friday`, `this friday`: the first such day behind the day of the call; `friday of next week`.
fn weekday(words: &[&str], said_on: SaidOn) -> Option<(Option<Date>, usize)> {
    let (named, used) = match words {
        ["next" | "this" | "coming", day, ..] => (day, 2),
        [day, ..] => (day, 1),
        [] => return None,
    };
    let (_, weekday) = WEEKDAYS.iter().find(|(name, _)| name == named)?;
    if matches!(words.get(used..), Some(["of", "next", "week", ..])) {
        return Some((of_next_week(*weekday, said_on.day), used + 3));
    }
    Some((said_on.day.and_then(|today| today.nth_weekday(1, *weekday).ok()), used))
}

fn of_next_week(weekday: Weekday, said_on: Option<Date>) -> Option<Date> {
    let monday = said_on?.nth_weekday(1, Weekday::Monday).ok()?;
    monday.checked_add(i64::from(weekday.since(Weekday::Monday)).days()).ok()
}

/// `in six weeks`, `within thirty days`: counted from the day of the call; `six weeks` alone is a length, not a moment.
fn offset(words: &[&str], before: &[&str], said_on: SaidOn) -> Option<(Option<Date>, usize)> {
    let (number, used) = cardinal_at(words)?;
    let span = unit(words.get(used)?, number)?;
    if !matches!(before.last(), Some(&("in" | "within" | "after"))) {
        return None;
    }
    let counted = !matches!(words.get(used + 1), Some(&("of" | "after" | "before"))) && before.last() != Some(&"after");
    let day = said_on.day.filter(|_| counted).and_then(|today| today.checked_add(span).ok());
    Some((day, used + 1))
}

fn unit(word: &str, number: i32) -> Option<Span> {
    match word {
        "day" | "days" => Span::new().try_days(number).ok(),
        "week" | "weeks" => Span::new().try_weeks(number).ok(),
        "month" | "months" => Span::new().try_months(number).ok(),
        "year" | "years" => Span::new().try_years(number).ok(),
        _ => None,
    }
}

/// `tomorrow`, `next week`, `next month`.
fn near(words: &[&str], said_on: SaidOn) -> Option<(Option<Date>, usize)> {
    match words {
        ["tomorrow", ..] => Some((said_on.day.and_then(|today| today.tomorrow().ok()), 1)),
        ["today" | "tonight", ..] => Some((said_on.day, 1)),
        ["next", "week" | "month", ..] => Some((None, 2)),
        _ => None,
    }
}

/// `q3`, `the third quarter`: due at its end.
fn quarter(words: &[&str], said_on: SaidOn) -> Option<(Option<Date>, usize)> {
    let (number, used) = match words {
        ["q1", ..] => (1, 1),
        ["q2", ..] => (2, 1),
        ["q3", ..] => (3, 1),
        ["q4", ..] => (4, 1),
        ["first", "quarter", ..] => (1, 2),
        ["second", "quarter", ..] => (2, 2),
        ["third", "quarter", ..] => (3, 2),
        ["fourth", "quarter", ..] => (4, 2),
        _ => return None,
    };
    Some((last_of_month(number * 3, None, said_on.about()), used))
}

fn month(word: &str) -> Option<i8> {
    let place =
        MONTHS.iter().position(|&name| name == word).or_else(|| SHORT_MONTHS.iter().position(|&name| name == word));
    place.and_then(|place| i8::try_from(place + 1).ok())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn due(text: &str) -> String {
        find_when(text, &Words::of(text), SaidOn { day: Some(date(2026, 4, 14)), near: None })
            .map(|when| when.due())
            .unwrap_or_default()
    }

    #[test]
    fn days_are_told_from_the_day_of_the_call() {
        for (text, expected) in [
            ("live by end of June", "2026-06-30"),
            ("by the end of the year", "2026-12-31"),
            ("end of March next year", "2027-03-31"),
            ("in six weeks", "2026-05-26"),
            ("within thirty days", "2026-05-14"),
            ("next Friday", "2026-04-17"),
            ("by Friday of next week", "2026-04-24"),
            ("by the end of next week", "2026-04-24"),
            ("March 15th", "2026-03-15"),
            ("January 18", "2027-01-18"),
            ("the fifteenth of July", "2026-07-15"),
            ("on the 14th of June 2027", "2027-06-14"),
            ("by June twenty-sixth", "2026-06-26"),
            ("If you sign in April, it is live by the first of June.", "2026-06-01"),
            ("This year they go live on November fourth", "2026-11-04"),
            ("sometime in Q3", "2026-09-30"),
            ("2026-08-17", "2026-08-17"),
            ("tomorrow", "2026-04-15"),
            ("two days at each site", ""),
            ("Monday, August 17", "2026-08-17"),
            ("within thirty days of signing", "within thirty days"),
            ("in June", "June"),
            ("before Labor Day", "Labor Day"),
            ("you may call", ""),
            ("February 31", "February 31"),
            ("the 18th of May doesn't hold; we'll have it live by June 8", "2026-06-08"),
            ("it moves from the first of June to the tenth of July", "2026-07-10"),
            ("not the end of May, the ninth of June", "2026-06-09"),
            ("live by June 8, not May 18", "2026-06-08"),
            ("we'll have it live, but not on May 18", ""),
        ] {
            assert_eq!(due(text), expected, "{text}");
        }
    }

    #[test]
    fn without_a_date_of_the_call_the_words_stay() {
        for (text, expected) in [
            ("by June 14", "June 14"),
            ("live by July thirty-first.", "July thirty-first"),
            ("from Go-live on", "Go-live"),
            ("by the End of June", "End of June"),
            ("June 14, 2027", "2027-06-14"),
        ] {
            assert_eq!(find_when(text, &Words::of(text), SaidOn::default()).unwrap().due(), expected);
        }
    }

    #[test]
    fn another_day_of_the_deal_tells_the_year_and_nothing_else() {
        let near = SaidOn { day: None, near: Some(date(2026, 4, 14)) };
        for (text, expected) in [
            ("by June 14", "2026-06-14"),
            ("on the first of February", "2027-02-01"),
            ("the tenth of March", "2026-03-10"),
            ("by the end of May", "2026-05-31"),
            ("next Friday", "next Friday"),
            ("in six weeks", "six weeks"),
        ] {
            assert_eq!(find_when(text, &Words::of(text), near).unwrap().due(), expected);
        }
    }
}
