//! Which values of two texts are about the same thing.

use std::collections::BTreeSet;

use super::values::{Measure, Value};

/// Lengths of time further apart than this many times measure different things: "seven days a week", "within thirty minutes".
const SAME_KIND_OF_SPAN: f64 = 100.0;
/// Lengths of time further apart than this many times differ whatever weekends lie between.
const CLEARLY: f64 = 1.5;
/// A bare number below this is not taken for an amount of money.
const LEAST_MONEY: f64 = 100.0;

/// Values with the content words of the text they stand in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    /// The values.
    pub values: &'a [Value],
    /// The stems of the whole text.
    pub stems: &'a BTreeSet<u32>,
}

impl Subject<'_> {
    /// Whether one of these values and one of the other text's measure the same thing. Counts do where they count the
    /// same noun, or where each text speaks of the noun that the other one counts ("forty, of the spares" and "26 spare
    /// units").
    fn comparable(&self, own: &Value, other: &Subject<'_>, others: &Value) -> bool {
        match (&own.measure, &others.measure) {
            (Measure::Count(a), Measure::Count(b)) => {
                let mentioned = !b.is_disjoint(self.stems) && (a.is_empty() || !a.is_disjoint(other.stems));
                // "Six on consignment" of "six (6) spare units": what is counted was said before.
                let unnamed = a.is_empty() && own.same_amount(others);
                !a.is_disjoint(b) || mentioned || unnamed
            }
            (Measure::BusinessDays, Measure::Span) | (Measure::Span, Measure::BusinessDays) => {
                are_apart(own.size(), others.size(), CLEARLY)
                    && !are_apart(own.size(), others.size(), SAME_KIND_OF_SPAN)
            }
            (Measure::Span, Measure::Span) => !are_apart(own.amount, others.amount, SAME_KIND_OF_SPAN),
            // "Ten thousand for each full hour" against "EUR 5,000": people leave the currency out.
            (Measure::Count(noun), Measure::Money) => own.amount >= LEAST_MONEY && noun.is_disjoint(other.stems),
            (a, b) => a == b,
        }
    }
}

/// Whether one of two amounts is more than so many times the other.
fn are_apart(a: f64, b: f64, times: f64) -> bool {
    a > times * b || b > times * a
}

/// How many words both count: "two spare gateways" shares more with "one spare gateway" than with "three gateways".
fn shared_nouns(one: &Value, other: &Value) -> usize {
    match (&one.measure, &other.measure) {
        (Measure::Count(a), Measure::Count(b)) => a.intersection(b).count(),
        _ => 0,
    }
}

/// The values of two texts that are about the same thing, as far as both have one.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Pairing<'a> {
    /// How many agree.
    pub same: usize,
    /// What was said and what is written instead.
    pub different: Vec<(&'a Value, &'a Value)>,
}

/// Pairs what is said with what is written: equal values first, then the others by what they count and in the order in
/// which they stand, so that of two dates the first is set against the first.
pub(super) fn pair_up<'a>(said: Subject<'a>, written: Subject<'a>) -> Pairing<'a> {
    let mut open: Vec<&Value> = written.values.iter().collect();
    let mut pairing = Pairing::default();
    let mut unequal = Vec::new();
    for own in said.values {
        let comparable = |other: &&Value| said.comparable(own, &written, other);
        if let Some(at) = open.iter().position(|other| comparable(other) && own.same_amount(other)) {
            open.remove(at);
            pairing.same += 1;
        } else {
            unequal.push(own);
        }
    }
    for own in unequal {
        let comparable = (0..open.len()).filter(|at| said.comparable(own, &written, open[*at]));
        // Of equals the first.
        if let Some(at) = comparable.rev().max_by_key(|at| shared_nouns(own, open[*at])) {
            pairing.different.push((own, open.remove(at)));
        }
    }
    pairing
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::super::terms::Stemmer;
    use super::super::values::values_in;
    use super::*;

    #[test]
    fn counts_pair_by_what_they_count() {
        let stemmer = Stemmer::new().unwrap();
        let (said, written) = ("two spare gateways", "three (3) gateways and one (1) spare gateway");
        let (a, b) = (values_in(said, None, &stemmer), values_in(written, None, &stemmer));
        let (a_stems, b_stems) = (stemmer.stems(said), stemmer.stems(written));
        let pairing = pair_up(Subject { values: &a, stems: &a_stems }, Subject { values: &b, stems: &b_stems });
        let amounts: Vec<_> = pairing.different.iter().map(|(said, written)| (said.amount, written.amount)).collect();
        assert_eq!(amounts, [(2.0, 1.0)]);
    }

    #[test]
    fn equal_values_pair_first_and_the_others_in_order() {
        let stemmer = Stemmer::new().unwrap();
        for (said, written, same, different) in [
            ("live by June 1", "live no later than 1 July 2026", 0, 1),
            ("June 1 and August 1", "1 August 2026 and 1 July 2026", 1, 1),
            ("three years", "thirty-six (36) months", 1, 0),
            ("fourteen checklists", "up to ten (10) preventive maintenance checklists", 0, 1),
            ("forty wagons", "thirty (30) days' notice", 0, 0),
            ("ten business days", "fourteen (14) days", 0, 0),
            ("the next business day", "fourteen (14) days", 0, 1),
            ("ten thousand for each full hour", "EUR 5,000 per full hour", 0, 1),
            ("inside ten days", "within fifteen (15) working days", 0, 1),
            ("seven days a week", "calls back within thirty minutes", 0, 0),
            ("two spare gateways", "three (3) gateways and two (2) spare gateways", 1, 0),
            ("six on consignment", "six (6) spare units", 1, 0),
            ("everything from 2019 on", "documents dated 2019 or later", 0, 0),
            ("that's the one", "one (1) reader", 0, 0),
        ] {
            let (said_on, text) = (Some(date(2026, 4, 14)), |text: &str| stemmer.stems(text));
            let (a, b) = (values_in(said, said_on, &stemmer), values_in(written, said_on, &stemmer));
            let (a_stems, b_stems) = (text(said), text(written));
            let pairing = pair_up(Subject { values: &a, stems: &a_stems }, Subject { values: &b, stems: &b_stems });
            assert_eq!((pairing.same, pairing.different.len()), (same, different), "{said} / {written}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_text_agrees_with_itself(
            text in "([a-z]{1,8} |[0-9,.]{1,6} |two |hundred |thirty-one |May |days |€|% |per cent |not ){0,12}",
        ) {
            let stemmer = Stemmer::new().unwrap();
            let (values, stems) = (values_in(&text, Some(date(2026, 4, 14)), &stemmer), stemmer.stems(&text));
            prop_assert!(values.windows(2).all(|pair| pair[0].at.start <= pair[1].at.start));
            let subject = Subject { values: &values, stems: &stems };
            prop_assert_eq!(pair_up(subject, subject).different, vec![]);
        }
    }
}
