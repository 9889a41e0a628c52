//! Values in text: days, lengths of time, money, shares and counts, spelled or in digits.
//!
//! Spelled numbers are read by `text2num`, which knows what may follow what ("two thousand two hundred", but not
//! "eleven twenty"); days by the dates of the local engine.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use jiff::civil::{Date, date};
use text2num::lang::English;
use text2num::{Token, find_numbers};

use super::terms::Stemmer;
use crate::engine::local::dates::named_days;
use crate::engine::local::words::{Words, phrases};

/// Hours in the units that lengths of time are said in. A month is a twelfth of a Julian year, so that twelve of them
/// are one year; against "thirty days" it differs by less than [`TOLERANCE`].
const UNITS: &[(&str, f64)] = &[
    ("minute", 1.0 / 60.0),
    ("hour", 1.0),
    ("day", 24.0),
    ("night", 24.0),
    ("week", 168.0),
    ("fortnight", 336.0),
    ("month", 730.5),
    ("quarter", 2191.5),
    ("year", 8766.0),
];
/// Two amounts that differ by no larger share are the same: rounding, and months against days.
const TOLERANCE: f64 = 0.02;
/// Five business days are a week, of which each is this much.
const HOURS_PER_BUSINESS_DAY: f64 = 168.0 / 5.0;
/// How many words may stand between a number and the noun it counts: "two live remote sessions".
const NOUN_REACH: usize = 4;

phrases! {
    CURRENCY = "dollar* | euro* | pound* | cent | cents | usd | eur | gbp | inr | brl | chf | francs | rupees | \
        bucks | kronor | dkk | sek | nok | pln | czk | aud | cad | sgd | rm | myr | lakh";
    SHARE = "percent | per cent";
    /// Words between a number and its unit of time that leave it a length of time.
    FILLING = "full | onsite | on site | consecutive | calendar | additional | further | more | training | whole | \
        clear";
    /// What a day is called that weekends do not count for.
    BUSINESS = "business | working | work";
    /// Behind "the next", one business day.
    NEXT_DAY = "next business day | next working day | following business day | following working day";
    /// A single digit behind one of these is a pronoun ("that one") or part of a name ("priority 1").
    NO_NUMBER_BEHIND = "that | this | which | the | no | any | each | every | priority | severity | level | tier | \
        version | type | section | clause | exhibit | annex | phase";
    /// What a number counts is named before one of these: "ten thousand for each full hour" counts no hours.
    NO_NOUN = "for | a | an | per | each | if | and | or | to | in | by | on | at | with | until | from | is | are | \
        will | shall | as";
    /// What follows is no value of the promise: "ten checklists instead of fourteen".
    SET_ASIDE = "instead of | rather than | in place of | not | replacing | compared to";
}

/// What a number measures.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Measure {
    /// A day; the amount counts days from 1 January 1970.
    Day,
    /// A length of time, in hours.
    Span,
    /// A length of time in business days, compared with the clock's only where they are clearly apart.
    BusinessDays,
    /// Money in whole units of a currency; which one is not kept, a deal has one.
    Money,
    /// A share, in percent.
    Share,
    /// So many of something: the content words behind the number.
    Count(BTreeSet<u32>),
}

/// A number of a text with what it measures.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Value {
    /// What is measured.
    pub measure: Measure,
    /// How much, in the measure's unit.
    pub amount: f64,
    /// Where in the text, counted in words.
    pub at: Range<usize>,
}

impl Value {
    /// The day as a value.
    pub(crate) fn day(day: Date) -> Self {
        let days = date(1970, 1, 1).until(day).map_or(0, |span| span.get_days());
        Self { measure: Measure::Day, amount: f64::from(days), at: 0..0 }
    }

    /// Whether both are the same amount, days to the day and everything else within [`TOLERANCE`].
    pub(crate) fn same_amount(&self, other: &Self) -> bool {
        let tolerance = if self.measure == Measure::Day { 0.0 } else { TOLERANCE * self.amount.abs() };
        (self.amount - other.amount).abs() <= tolerance
    }

    /// The amount in the unit that both kinds of lengths of time share, which is hours; any other as it is.
    pub(crate) fn size(&self) -> f64 {
        if self.measure == Measure::BusinessDays { self.amount * HOURS_PER_BUSINESS_DAY } else { self.amount }
    }

    /// Whether both say the same of the same thing.
    pub(crate) fn same(&self, other: &Self) -> bool {
        let same_thing = match (&self.measure, &other.measure) {
            (Measure::Count(a), Measure::Count(b)) => !a.is_disjoint(b),
            (a, b) => a == b,
        };
        same_thing && self.same_amount(other)
    }
}

/// Every value of `text`, in order; `said_on` completes a date without a year.
pub(crate) fn values_in(text: &str, said_on: Option<Date>, stemmer: &Stemmer) -> Vec<Value> {
    let words = Words::of(text);
    let list: Vec<&str> = words.iter().collect();
    let days = named_days(&words, said_on);
    let mut values: Vec<Value> =
        days.iter().filter_map(|(at, day)| Some(Value { at: at.clone(), ..Value::day((*day)?) })).collect();
    for Number { amount, at } in numbers(&list) {
        if days.iter().all(|(day, _)| at.end <= day.start || day.end <= at.start) {
            values.extend(measured(&list, amount, at, stemmer));
        }
    }
    values.extend((0..list.len()).filter_map(|at| {
        let used = NEXT_DAY.length_at(&list[at..])?;
        Some(Value { measure: Measure::BusinessDays, amount: 1.0, at: at..at + used })
    }));
    values.retain(|value| !is_set_aside(&list, value.at.start));
    values.sort_by_key(|value| value.at.start);
    // "Three per cent (3%)" is one share.
    values.dedup_by(|later, first| first.same(later) && later.at.start <= first.at.end + 2);
    values
}

/// Whether the words right before `at` say that what follows is not what is meant.
fn is_set_aside(words: &[&str], at: usize) -> bool {
    let ends_here = |start: usize| SET_ASIDE.length_at(&words[start..]).is_some_and(|used| start + used == at);
    let negates_more = words.get(at).is_some_and(|word| matches!(*word, "more" | "less" | "later"));
    !negates_more && (at.saturating_sub(3)..at).any(ends_here)
}

struct Number {
    amount: f64,
    at: Range<usize>,
}

/// A word as `text2num` wants it.
struct Spoken<'a>(&'a str);

impl Token for Spoken<'_> {
    fn text(&self) -> Cow<'_, str> {
        self.0.into()
    }

    fn text_lowercase(&self) -> Cow<'_, str> {
        self.0.into()
    }
}

/// Cardinals, spelled or in digits; "forty-two (42)" is one number.
fn numbers(words: &[&str]) -> Vec<Number> {
    let spelled = find_numbers(words.iter().map(|word| Spoken(word)), &English::new(), 0.0);
    let spelled = spelled.into_iter().filter(|number| !number.is_ordinal).filter(|number| {
        // It reads "12" too, but not "1,200".
        words.get(number.start..number.end).is_some_and(|said| said.iter().all(|word| !starts_with_digit(word)))
    });
    let mut found: Vec<Number> =
        spelled.map(|number| Number { amount: number.value, at: number.start..number.end }).collect();
    let digits =
        words.iter().enumerate().filter_map(|(at, word)| Some(Number { amount: digits(word)?, at: at..at + 1 }));
    found.extend(digits);
    found.sort_by_key(|number| number.at.start);
    found.retain(|number| {
        let before = number.at.start.checked_sub(1).and_then(|at| words.get(at));
        number.amount > 9.0 || before.is_none_or(|word| !NO_NUMBER_BEHIND.has(word))
    });
    let mut numbers: Vec<Number> = Vec::new();
    for number in found {
        match numbers.last_mut() {
            Some(last) if last.at.end == number.at.start && same(last.amount, number.amount) => {
                last.at.end = number.at.end;
            }
            _ => numbers.push(number),
        }
    }
    numbers
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < f64::EPSILON * a.abs().max(1.0)
}

fn starts_with_digit(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// `1,200`, `11.20`; a time of day (`08:00`) is no amount.
fn digits(word: &str) -> Option<f64> {
    if !starts_with_digit(word) {
        return None;
    }
    word.replace(',', "").parse().ok()
}

/// The number as a value, told from the words around it.
fn measured(words: &[&str], amount: f64, at: Range<usize>, stemmer: &Stemmer) -> Option<Value> {
    let (before, behind) = (words.get(..at.start)?, words.get(at.end..)?);
    let value = |measure, amount| Some(Value { measure, amount, at: at.clone() });
    if SHARE.length_at(behind).is_some() {
        return value(Measure::Share, amount);
    }
    if let Some((measure, unit)) = unit_of_time(behind) {
        return value(measure, amount * unit);
    }
    let currency_before = before.last().is_some_and(|word| CURRENCY.has(word));
    if currency_before || CURRENCY.length_at(behind).is_some() {
        let cents = behind.first().is_some_and(|word| matches!(*word, "cent" | "cents"));
        return value(Measure::Money, if cents { amount / 100.0 } else { amount });
    }
    let noun = behind.get(..NOUN_REACH.min(behind.len()))?;
    let noun = noun
        .iter()
        .take_while(|word| !starts_with_digit(word) && !NO_NOUN.has(word))
        .copied()
        .collect::<Vec<_>>()
        .join(" ");
    let noun = stemmer.stems(&noun);
    let is_pronoun = noun.is_empty() && same(amount, 1.0);
    let is_year = is_year_number(words.get(at.start)?);
    (!is_pronoun && !is_year).then_some(Value { measure: Measure::Count(noun), amount, at })
}

/// Whether a number in digits is a year: "from 2019 on", "the 2027 vintage".
fn is_year_number(word: &str) -> bool {
    word.len() == 4 && word.parse().is_ok_and(|year: u16| (1980..2060).contains(&year) && year != 2000)
}

/// The unit of time that the words begin with: hours in it, or business days.
fn unit_of_time(words: &[&str]) -> Option<(Measure, f64)> {
    let mut rest = words;
    while let Some(filling) = FILLING.length_at(rest) {
        rest = rest.get(filling..)?;
    }
    if BUSINESS.has(rest.first()?) {
        return rest.get(1).filter(|word| word.starts_with("day")).map(|_| (Measure::BusinessDays, 1.0));
    }
    let word = rest.first()?.trim_end_matches('\'');
    let (_, hours) =
        UNITS.iter().find(|(unit, _)| word.strip_prefix(unit).is_some_and(|end| matches!(end, "" | "s")))?;
    Some((Measure::Span, *hours))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values as text: kind and amount, in order.
    fn read(text: &str) -> String {
        let stemmer = Stemmer::new().unwrap();
        let shown = |value: Value| match value.measure {
            Measure::Day => {
                let since = jiff::SignedDuration::from_secs_f64(value.amount * 86_400.0);
                date(1970, 1, 1).checked_add(since).unwrap().to_string()
            }
            Measure::Span => format!("{}h", value.amount),
            Measure::BusinessDays => format!("{}bd", value.amount),
            Measure::Money => format!("{}$", value.amount),
            Measure::Share => format!("{}%", value.amount),
            Measure::Count(_) => value.amount.to_string(),
        };
        values_in(text, Some(date(2026, 4, 14)), &stemmer).into_iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn values_are_read_as_said_and_as_drafted() {
        for (text, expected) in [
            ("by the end of May", "2026-05-31"),
            ("on or before September 8, 2026", "2026-09-08"),
            ("Installation in the cellar: February 2027", "2027-02-28"),
            ("within forty-two (42) days", "1008h"),
            ("within thirty days of signing", "720h"),
            ("thirty-six (36) months", "26298h"),
            ("for three years", "26298h"),
            ("two onsite days", "48h"),
            ("ten (10) business days", "10bd"),
            ("you'd have it the next working day", "1bd"),
            ("EUR 6,500 and $8.00", "6500$ 8$"),
            ("forty-two cents per subscriber", "0.42$"),
            ("three per cent (3%) in any year", "3%"),
            ("two thousand two hundred (2,200) wagons", "2200"),
            ("ten checklists instead of fourteen", "10"),
            ("that one is solid, priority 1", ""),
            ("08:00 to 20:00", ""),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
