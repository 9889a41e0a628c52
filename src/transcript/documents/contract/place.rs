//! Where in a contract one is: the clause with all levels of its number.

use super::mark::Mark;

/// What a number in brackets is made of: each kind is a level of its own, and `(i)` may be of two kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Digit,
    Letter,
    Roman,
    UpperLetter,
    UpperRoman,
}

/// The number of the clause that one is in.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    number: String,
    subs: Vec<(Kind, String)>,
}

impl Place {
    /// Goes to the clause of these marks.
    pub(super) fn enter(&mut self, marks: &[Mark]) {
        for mark in marks {
            match mark {
                Mark::Number(number) => {
                    number.clone_into(&mut self.number);
                    self.subs.clear();
                }
                Mark::Sub(sub) => {
                    let kind = self.kind(sub);
                    let level = self.subs.iter().position(|(open, _)| *open == kind).unwrap_or(self.subs.len());
                    self.subs.truncate(level);
                    self.subs.push((kind, sub.clone()));
                }
            }
        }
    }

    /// Whether a clause with these marks is the next one here, as opposed to a number that a wrapped line begins with.
    pub(super) fn leads_to(&self, marks: &[Mark]) -> bool {
        match marks.first() {
            Some(Mark::Number(number)) => self.number.is_empty() || is_next_number(&self.number, number),
            Some(Mark::Sub(sub)) => {
                let kind = self.kind(sub);
                match self.subs.iter().find(|(open, _)| *open == kind) {
                    Some((_, open)) => follows(kind, open, sub),
                    None => rank(kind, sub) == Some(1),
                }
            }
            None => false,
        }
    }

    /// `(i)` is the ninth letter after `(h)`, and else a roman one.
    fn kind(&self, sub: &str) -> Kind {
        let upper = sub.bytes().all(|b| b.is_ascii_uppercase());
        let (letter, roman) = if upper { (Kind::UpperLetter, Kind::UpperRoman) } else { (Kind::Letter, Kind::Roman) };
        let goes_on = |kind| self.subs.iter().any(|(open, before)| *open == kind && follows(kind, before, sub));
        if sub.bytes().all(|b| b.is_ascii_digit()) {
            Kind::Digit
        } else if goes_on(letter) || rank(roman, sub).is_none() {
            letter
        } else if goes_on(roman) || rank(roman, sub) == Some(1) || sub.len() > 1 {
            roman
        } else {
            letter
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.number)?;
        self.subs.iter().try_for_each(|(_, sub)| write!(f, "({sub})"))
    }
}

fn follows(kind: Kind, before: &str, after: &str) -> bool {
    rank(kind, before).zip(rank(kind, after)).is_some_and(|(before, after)| before + 1 == after)
}

/// The place of a number in its own order, from 1.
fn rank(kind: Kind, text: &str) -> Option<usize> {
    match kind {
        Kind::Digit => text.parse().ok(),
        Kind::Letter | Kind::UpperLetter => {
            let place = usize::from(text.to_ascii_lowercase().bytes().next()?.checked_sub(b'a')?) + 1;
            // `(aa)` comes after `(z)`.
            Some(place + 26 * (text.len() - 1))
        }
        Kind::Roman | Kind::UpperRoman => roman(text),
    }
}

fn roman(text: &str) -> Option<usize> {
    let value = |digit: u8| match digit.to_ascii_lowercase() {
        b'i' => Some(1),
        b'v' => Some(5),
        b'x' => Some(10),
        b'l' => Some(50),
        _ => None,
    };
    let digits: Vec<usize> = text.bytes().map(value).collect::<Option<_>>()?;
    let after = digits.iter().skip(1).chain(std::iter::once(&0));
    let (plus, minus) =
        digits.iter().zip(after).fold(
            (0, 0),
            |(plus, minus), (digit, next)| {
                if digit < next { (plus, minus + digit) } else { (plus + digit, minus) }
            },
        );
    plus.checked_sub(minus)
}

/// `1.4` is followed by `1.5`, `1.4.1` and `2`, also by `2.1`.
fn is_next_number(before: &str, after: &str) -> bool {
    let parts = |text: &str| text.split('.').map(|part| part.parse().or_else(|_| roman(part).ok_or(()))).collect();
    let (Ok(before), Ok(after)): (Result<Vec<usize>, ()>, Result<Vec<usize>, ()>) = (parts(before), parts(after))
    else {
        return false;
    };
    let same = before.iter().zip(&after).take_while(|(before, after)| before == after).count();
    let rest = after.get(same..).unwrap_or_default();
    let steps = before.get(same).map_or(1, |part| part + 1);
    rest.first() == Some(&steps) && rest.iter().skip(1).all(|part| *part == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::documents::contract::mark;

    #[test]
    fn levels_open_and_close_by_the_kind_of_their_numbers() {
        let cases: &[(&[&str], &str)] = &[
            (&["2.1", "(a)", "(b)", "(i)", "(ii)"], "2.1(b)(ii)"),
            (&["2.1", "(a)", "(i)", "(b)"], "2.1(b)"),
            (&["2.1", "(g)", "(h)", "(i)"], "2.1(i)"),
            (&["2.1", "(i)", "(a)", "(ii)"], "2.1(ii)"),
            (&["§ 1", "(1)", "(2)", "a)", "b)", "(3)"], "1(3)"),
            (&["3.", "(iv)", "(v)", "(A)"], "3(v)(A)"),
            (&["3.", "(u)", "(v)"], "3(v)"),
            (&["1.1", "(z)", "(aa)", "2."], "2"),
        ];
        for (texts, expected) in cases {
            let mut place = Place::default();
            texts.iter().for_each(|text| place.enter(&mark::read(&format!("{text} Words")).marks));
            assert_eq!(place.to_string(), *expected, "{texts:?}");
        }
    }

    #[test]
    fn the_next_number_is_told_from_one_that_is_only_referred_to() {
        let next = |before: &str, after: &str| is_next_number(before, after);
        assert!(
            next("1.4", "1.5") && next("1.4", "1.4.1") && next("1.4", "2") && next("1.4", "2.1") && next("IV", "V")
        );
        assert!(!next("2.2", "3.2") && !next("1.4", "1.3") && !next("1", "13") && !next("1.4", "1.4"));
    }
}
