//! Single values as CRMs send them: cleaned, or not taken.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::intake::is_bidi_control;

/// Digits of an amount at most, on either side of the point.
const MAX_DIGITS: usize = 18;
/// Characters of a mail address at most (RFC 5321).
const MAX_EMAIL_CHARS: usize = 254;

/// One line of at most `limit` characters, without control or bidirectional marks; none when nothing is left.
pub(super) fn line(text: &str, limit: usize) -> Option<String> {
    let visible: String = text
        .chars()
        .filter(|c| !is_bidi_control(*c))
        .map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c })
        .collect();
    let words = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = words.chars().take(limit).collect();
    let cut = cut.trim_end();
    (!cut.is_empty()).then(|| cut.to_owned())
}

/// A decimal in one way of writing: `45000.0`, `45000` and Java's `4.5E4` are all `45000`.
pub(super) fn decimal(text: &str) -> Option<String> {
    let (mantissa, exponent) = match text.trim().split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i8>().ok()?),
        None => (text.trim(), 0),
    };
    let (sign, unsigned) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_number = !whole.is_empty() && whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    if !is_number || whole.len() + fraction.len() > 2 * MAX_DIGITS {
        return None;
    }
    // Padded on both sides, the point can be moved without counting.
    let padding = "0".repeat(usize::from(exponent.unsigned_abs()));
    let digits = format!("{padding}{whole}{fraction}{padding}");
    let point = (padding.len() + whole.len()).checked_add_signed(isize::from(exponent))?;
    let (whole, fraction) = digits.split_at_checked(point)?;
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if whole.len() > MAX_DIGITS || fraction.len() > MAX_DIGITS {
        return None;
    }
    Some(match (whole, fraction) {
        ("", "") => "0".to_owned(),
        (whole, "") => format!("{sign}{whole}"),
        ("", fraction) => format!("{sign}0.{fraction}"),
        (whole, fraction) => format!("{sign}{whole}.{fraction}"),
    })
}

/// An ISO 4217 code in capitals.
pub(super) fn currency(text: &str) -> Option<String> {
    let code = text.trim();
    (code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic())).then(|| code.to_ascii_uppercase())
}

/// A mail address in lower case.
pub(super) fn email(text: &str) -> Option<String> {
    let address = line(text, MAX_EMAIL_CHARS + 1)?.to_lowercase();
    let (name, domain) = address.split_once('@')?;
    let is_one =
        !name.is_empty() && domain.contains('.') && !domain.contains('@') && !address.contains([' ', '<', '>']);
    (is_one && address.chars().count() <= MAX_EMAIL_CHARS).then_some(address)
}

/// A moment: milliseconds since 1970, or ISO 8601; without an offset it is UTC, a date is its midnight. What lies outside of
/// this century is a mistake of the sender's.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let at = match text.parse::<i64>() {
        Ok(millis) => Timestamp::from_millisecond(millis).ok()?,
        Err(_) => text.parse::<Timestamp>().ok().or_else(|| as_utc(text))?,
    };
    (2000..2100).contains(&Zoned::new(at, TimeZone::UTC).year()).then_some(at)
}

fn as_utc(text: &str) -> Option<Timestamp> {
    text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// `true` or `false`, however it is capitalised.
pub(super) fn truth(text: &str) -> Option<bool> {
    match text.trim() {
        word if word.eq_ignore_ascii_case("true") => Some(true),
        word if word.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// Whether a stage's name says that the deal is won: `closedwon`, `Closed Won`, `Closed/Won`.
pub(super) fn is_closed_won(stage: &str) -> bool {
    let letters: String = stage.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    letters.starts_with("closedwon")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_amount_has_one_way_of_writing() {
        let cases = [
            ("45000.0", Some("45000")),
            ("45000", Some("45000")),
            ("1.2345678E7", Some("12345678")),
            ("4.5e+4", Some("45000")),
            ("1E-2", Some("0.01")),
            ("0048000.50", Some("48000.5")),
            ("-12.5", Some("-12.5")),
            ("-0.0", Some("0")),
            ("1e99", None),
            ("1e999", None),
            ("", None),
            (".5", None),
            ("48,000", None),
            ("NaN", None),
            ("12 k", None),
        ];
        for (text, expected) in cases {
            assert_eq!(decimal(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_moment_is_told_from_milliseconds_and_from_iso_dates() {
        let cases = [
            ("1772186400000", Some("2026-02-27T10:00:00Z")),
            ("2026-02-27T10:00:00.000Z", Some("2026-02-27T10:00:00Z")),
            ("2026-02-27T11:00:00.000+0100", Some("2026-02-27T10:00:00Z")),
            ("2026-02-27T10:00:00", Some("2026-02-27T10:00:00Z")),
            ("2026-02-27", Some("2026-02-27T00:00:00Z")),
            ("0", None),
            ("99999999999999999", None),
            ("27.02.2026", None),
            ("1999-12-31", None),
        ];
        for (text, expected) in cases {
            assert_eq!(moment(text).map(|at| at.to_string()).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn an_address_is_taken_only_whole() {
        assert_eq!(email(" Dana.Ruiz@Vendor.example ").as_deref(), Some("dana.ruiz@vendor.example"));
        for text in ["dana", "dana@", "@vendor.example", "a@b@c.example", "Dana <dana@vendor.example>", "a b@c.example"]
        {
            assert_eq!(email(text), None, "{text:?}");
        }
    }

    #[test]
    fn stages_that_say_won() {
        for stage in ["closedwon", "Closed Won", "Closed/Won", "CLOSED_WON", "closedwon_emea"] {
            assert!(is_closed_won(stage), "{stage}");
        }
        for stage in ["closedlost", "Closed Lost", "won't close", "qualifiedtobuy", "955864719", ""] {
            assert!(!is_closed_won(stage), "{stage}");
        }
    }

    proptest! {
        #[test]
        fn a_line_is_short_and_holds_no_mark_that_is_not_seen(text in any::<String>(), limit in 1_usize..50) {
            if let Some(line) = line(&text, limit) {
                prop_assert!(line.chars().count() <= limit);
                prop_assert!(!line.chars().any(|c| c.is_control() || is_bidi_control(c)));
                prop_assert_eq!(line.trim(), &line);
            }
        }

        #[test]
        fn an_amount_means_what_it_meant(text in "-?[0-9]{1,9}(\\.[0-9]{0,4})?([eE]-?[0-4])?") {
            let read = decimal(&text).unwrap();
            let (was, is): (f64, f64) = (text.trim_end_matches('.').parse().unwrap(), read.parse().unwrap());
            prop_assert!((was - is).abs() <= was.abs() * 1e-12, "{} became {}", text, read);
            prop_assert_eq!(decimal(&read), Some(read));
        }
    }
}
