//! When two quotes are about the same words.

use unicode_segmentation::UnicodeSegmentation as _;

/// The words of a quote in lower case, without punctuation.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    text.unicode_words().map(str::to_lowercase).collect()
}

/// The longest run of words that both have, in words.
#[must_use]
pub fn longest_run(a: &[String], b: &[String]) -> usize {
    let mut longest = 0;
    let mut row = vec![0; b.len() + 1];
    for left in a {
        // From the right, so that `row[at]` still belongs to the word before.
        for at in (0..b.len()).rev() {
            row[at + 1] = if *left == b[at] { row[at] + 1 } else { 0 };
            longest = longest.max(row[at + 1]);
        }
    }
    longest
}

/// The matching rule: one run of words, at least half as long as the shorter quote.
#[must_use]
pub fn overlaps(a: &[String], b: &[String]) -> bool {
    let shorter = a.len().min(b.len());
    shorter > 0 && 2 * longest_run(a, b) >= shorter
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn half_of_the_shorter_quote_in_one_run_is_the_same_place() {
        let overlap = |a, b| overlaps(&words(a), &words(b));
        assert!(overlap("We'll be live by June.", "so, uh, we'll be live by june, I'd say"));
        assert!(overlap("live by June", "We will be live by"));
        assert!(!overlap("We'll be live by June", "June, by the way, is when we'll meet you live"));
        assert!(!overlap("", ""));
    }

    proptest! {
        #[test]
        fn a_quote_overlaps_itself_and_the_order_does_not_matter(a in "([a-c]{1,2} ?){0,12}", b in "([a-c]{1,2} ?){0,12}") {
            let (a, b) = (words(&a), words(&b));
            prop_assert_eq!(longest_run(&a, &a), a.len());
            prop_assert_eq!(longest_run(&a, &b), longest_run(&b, &a));
            prop_assert_eq!(overlaps(&a, &b), overlaps(&b, &a));
        }
    }
}
