//! Times as files write them: clock readings, numbers that are text, moments and dates.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

/// Reads `[-][h:]m:s[.fraction]`, with comma or point, padded or not, as milliseconds; also `h:m:s:mmm`, as some editors write.
pub(super) fn clock_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    let (whole, fraction) = text.split_once(['.', ',']).or_else(|| millis_apart(text)).unwrap_or((text, "0"));
    let parts: Vec<&str> = whole.split(':').collect();
    if !(2..=3).contains(&parts.len()) || fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // Teams writes a negative time as `-0:0:1.5` or as `0:0:-1.5`.
    let negative = parts.iter().any(|part| part.starts_with('-'));
    let seconds = parts.iter().try_fold(0_i64, |sum, part| Some(sum * 60 + component(part)?))?;
    let millis = fraction.bytes().chain(*b"00").take(3).fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    let total = seconds * 1000 + millis;
    Some(if negative { -total } else { total })
}

/// `h:m:s` and the three digits behind a third colon; two digits there are the frames of a film.
fn millis_apart(text: &str) -> Option<(&str, &str)> {
    text.rsplit_once(':').filter(|(clock, millis)| millis.len() == 3 && clock.matches(':').count() == 2)
}

/// One to six digits: enough for every recording, too few to overflow.
fn component(part: &str) -> Option<i64> {
    let digits = part.strip_prefix('-').unwrap_or(part);
    let plain = (1..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

/// A number, also where it was written as text.
pub(super) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// An ISO 8601 duration such as `PT1H0M12.5S`, in milliseconds.
pub(super) fn iso_duration_ms(text: &str) -> Option<i64> {
    let duration: jiff::SignedDuration = text.trim().parse().ok()?;
    i64::try_from(duration.as_millis()).ok()
}

/// Rounds to whole milliseconds; none where no recording could be that long (about 30,000 years).
pub(super) fn whole_ms(value: f64) -> Option<i64> {
    const LIMIT: f64 = 1e15;
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    (value.abs() < LIMIT).then(|| value.round() as i64)
}

/// A moment with offset, a date and time (read as UTC), or a date (midnight UTC).
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim().trim_matches(['"', '\'']);
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    let local = match text.parse::<DateTime>() {
        Ok(local) => local,
        Err(_) => written_date(text)?.to_datetime(jiff::civil::Time::midnight()),
    };
    local.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// A date as contracts write it: `April 24, 2026`, `24 April 2026` or ISO.
fn written_date(text: &str) -> Option<Date> {
    let text = text.trim_end_matches('.');
    ["%Y-%m-%d", "%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%d %b %Y", "%d.%m.%Y"]
        .iter()
        .find_map(|format| Date::strptime(format, text).ok())
}

/// A moment as JSON tools write it: milliseconds or seconds since 1970 (also as text), or ISO text.
pub(super) fn json_moment(value: &Value) -> Option<Timestamp> {
    // As seconds the year 5138, as milliseconds March 1973: no call is so late, and none so early.
    const SECONDS_BELOW: f64 = 1e11;
    match number(value) {
        Some(seconds) if seconds.abs() < SECONDS_BELOW => Timestamp::from_millisecond(whole_ms(seconds * 1000.0)?).ok(),
        Some(millis) => Timestamp::from_millisecond(whole_ms(millis)?).ok(),
        None => moment(value.as_str()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_time_is_read() {
        let cases = [
            ("00:00:02.170", Some(2170)),
            ("0:0:4.120", Some(4120)),
            ("00:01,5", Some(1500)),
            ("12:31", Some(751_000)),
            ("1:02:03", Some(3_723_000)),
            ("-0:0:1.5", Some(-1500)),
            ("0:0:-1.5", Some(-1500)),
            ("00:00:01.123456", Some(1123)),
            ("99:99", Some(6_039_000)),
            ("9", None),
            ("a:b", None),
            ("1:2:3:4", None),
            ("00:00:05:800", Some(5800)),
            ("00:00:", None),
            ("99999999999999999999:00", None),
        ];
        for (text, expected) in cases {
            assert_eq!(clock_ms(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_are_read_as_midnight_utc() {
        let expected: Timestamp = "2026-04-24T00:00:00Z".parse().unwrap();
        for text in ["2026-04-24", "April 24, 2026.", "24 April 2026", "2026-04-24T00:00:00", "\"2026-04-24\""] {
            assert_eq!(moment(text), Some(expected), "{text}");
        }
        assert_eq!(moment("next Tuesday"), None);
    }
}
