//! When a service can be reached: from and to what time, and on which days.

use crate::engine::local::numbers::cardinal_at;
use crate::engine::local::words::{Phrases, Words, phrases};

phrases! {
    ALWAYS = "twenty four seven | 24 7 | 24x7 | twenty four by seven | around the clock | round the clock | \
        day or night | day and night | any hour | twenty four hours a day | 24 hours a day";
    ALL_DAYS = "seven days | every day | weekends | sundays | sunday | 7 days";
    SATURDAY = "saturday | saturdays";
    WEEKDAYS = "monday to friday | monday through friday | weekdays | business days | working days | business hours | \
        mondays to fridays | office hours";
    MIDNIGHT = "midnight";
    /// The days behind these are those without the service.
    NOT_ON = "no service on | excluding | except | closed on";
    TO = "to | until | till | and";
    /// Without one of these, "two to four" is no time of day.
    SERVICE = "support | phone | telephone | hotline | service | answers | picks up | desk | hours";
}

/// The hours of a service, as far as a text tells them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Hours {
    /// How many days of the week: 5, 6 or 7.
    days: Option<u8>,
    /// From and to what hour, 0 to 24.
    open: Option<(f64, f64)>,
}

impl Hours {
    pub(super) fn of(text: &str) -> Self {
        let words = Words::of(text);
        let list: Vec<&str> = words.iter().collect();
        if let Some(at) = place_of(&ALWAYS, &list)
            && !list[..at].ends_with(&["not"])
        {
            return Self { days: Some(7), open: Some((0.0, 24.0)) };
        }
        let with_service = &list[..place_of(&NOT_ON, &list).unwrap_or(list.len())];
        let days = match () {
            () if place_of(&ALL_DAYS, with_service).is_some() => Some(7),
            () if place_of(&SATURDAY, with_service).is_some() => Some(6),
            () if place_of(&WEEKDAYS, with_service).is_some() => Some(5),
            () => None,
        };
        let bare_hours = days.is_some() || words.any(&SERVICE);
        let until_midnight = || words.any(&MIDNIGHT).then_some((12.0, 24.0));
        Self { days, open: open(&list, bare_hours).or_else(until_midnight) }
    }

    /// What is told here, else what `other` tells.
    pub(super) fn or(self, other: Self) -> Self {
        Self { days: self.days.or(other.days), open: self.open.or(other.open) }
    }

    /// Whether these hold something that the other hours do not.
    pub(super) fn exceed(&self, other: &Self) -> bool {
        let days = matches!((self.days, other.days), (Some(a), Some(b)) if a > b);
        let open = matches!((self.open, other.open), (Some(a), Some(b)) if a.0 < b.0 || a.1 > b.1);
        days || open
    }

    /// Whether both tell their days, or both their hours.
    pub(super) fn comparable(&self, other: &Self) -> bool {
        self.days.is_some() && other.days.is_some() || self.open.is_some() && other.open.is_some()
    }
}

/// At which word the first of the phrases begins.
fn place_of(phrases: &Phrases, words: &[&str]) -> Option<usize> {
    (0..words.len()).find(|&at| phrases.length_at(&words[at..]).is_some())
}

/// `08:00 to 20:00`, `7:00 a.m. to 7:00 p.m.`; `seven to eighteen` too where `bare_hours` can be meant.
fn open(words: &[&str], bare_hours: bool) -> Option<(f64, f64)> {
    (0..words.len()).find_map(|at| {
        let from = Time::at(&words[at..])?;
        let behind = words.get(at + from.words..)?;
        let until = Time::at(behind.get(TO.length_at(behind)?..)?)?;
        // "Eight to eight" ends in the evening.
        let end = if until.hour <= from.hour && until.hour <= 12.0 { until.hour + 12.0 } else { until.hour };
        let told = bare_hours || from.is_clock || until.is_clock;
        (told && from.hour < end && end <= 24.0).then_some((from.hour, end))
    })
}

/// A time of day.
struct Time {
    /// 0 to 24, minutes as a fraction.
    hour: f64,
    /// How many words it takes.
    words: usize,
    /// Whether it can be nothing but a time of day.
    is_clock: bool,
}

impl Time {
    /// The time that the words begin with.
    fn at(words: &[&str]) -> Option<Self> {
        let first = *words.first()?;
        if first == "midnight" {
            return Some(Self { hour: 24.0, words: 1, is_clock: true });
        }
        let half = first.strip_suffix("am").map(|time| (time, 0.0));
        let (time, half) = half.or_else(|| first.strip_suffix("pm").map(|time| (time, 12.0))).unzip();
        let (hour, used) = match time.unwrap_or(first).split_once([':', '.']) {
            Some((hour, minute)) => (hour.parse::<f64>().ok()? + minute.parse::<f64>().ok()? / 60.0, 1),
            None => time
                .map_or_else(|| cardinal_at(words), |time| Some((time.parse().ok()?, 1)))
                .map(|(hour, used)| (f64::from(hour), used))?,
        };
        let (behind, behind_words) = match words.get(used..).unwrap_or_default() {
            ["p", "m", ..] | ["at", "night", ..] => (Some(12.0), 2),
            ["pm", ..] => (Some(12.0), 1),
            ["a", "m", ..] => (Some(0.0), 2),
            ["am", ..] => (Some(0.0), 1),
            ["in", "the", "morning", ..] => (Some(0.0), 3),
            _ => (None, 0),
        };
        let half = half.or(behind);
        let hour = match half {
            // 12 a.m. is midnight.
            Some(0.0) if (12.0..13.0).contains(&hour) => hour - 12.0,
            Some(half) if hour < 12.0 => hour + half,
            _ => hour,
        };
        let is_clock = half.is_some() || first.contains(':');
        (0.0..=24.0).contains(&hour).then_some(Self { hour, words: used + behind_words, is_clock })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_said_and_as_drafted() {
        for (text, days, open) in [
            ("Monday to Friday, 08:00 to 20:00.", Some(5), Some((8.0, 20.0))),
            ("7:00 a.m. to 7:00 p.m. Central, Monday through Saturday", Some(6), Some((7.0, 19.0))),
            ("Support is available from 7.00am to 7.00pm on Business Days.", Some(5), Some((7.0, 19.0))),
            ("it's eight to eight on working days", Some(5), Some((8.0, 20.0))),
            ("the hotline is there from six to twenty-two", None, Some((6.0, 22.0))),
            ("somebody picks up till midnight, seven days", Some(7), Some((12.0, 24.0))),
            ("12 a.m. to 12 p.m.", None, Some((0.0, 12.0))),
            ("around the clock", Some(7), Some((0.0, 24.0))),
            ("Monday to Friday. No service on Saturdays and Sundays.", Some(5), None),
            ("not around the clock", None, None),
            ("two to four weeks", None, None),
        ] {
            assert_eq!(Hours::of(text), Hours { days, open }, "{text}");
        }
    }

    #[test]
    fn more_is_promised_where_a_day_or_an_hour_is_missing() {
        let written = Hours::of("Monday to Friday, 08:00 to 18:00");
        for (said, exceeds) in [
            ("support from eight to six on weekdays", false),
            ("support from seven to six", true),
            ("weekends included", true),
            ("somebody answers", false),
        ] {
            assert_eq!(Hours::of(said).exceed(&written), exceeds, "{said}");
        }
    }
}
