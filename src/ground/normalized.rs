//! The second way to find a quote: as the same words in the same order, with case, punctuation, white space and disfluencies
//! set aside. No other word is skipped: "we will do it" is never found in "we will not do it".

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Sounds that transcripts keep and people (and models) leave out when they quote.
const DISFLUENCIES: [&str; 13] =
    ["um", "umm", "uh", "uhh", "uhm", "er", "erm", "ah", "hmm", "mm", "mhm", "mmhmm", "äh"];

/// Words that turn the ones after them into their opposite; contractions ("don't") are told by their ending.
const NEGATIONS: [&str; 4] = ["not", "never", "cannot", "without"];

/// The words of a text, each with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words(Vec<Word>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    /// Compatibility-normalized and in lower case.
    normal: String,
    /// Half-open range in Unicode scalar values inside the text.
    chars: Range<u32>,
}

impl Words {
    /// The words of `text`, without disfluencies and without a word's immediate repetition ("we we can").
    pub(super) fn of(text: &str) -> Self {
        let mut words: Vec<Word> = Vec::new();
        let (mut bytes_seen, mut chars_seen) = (0, 0_u32);
        for (at, word) in text.unicode_word_indices() {
            chars_seen = chars_seen.saturating_add(char_count(&text[bytes_seen..at]));
            let chars = chars_seen..chars_seen.saturating_add(char_count(word));
            (bytes_seen, chars_seen) = (at + word.len(), chars.end);
            let normal: String = word.nfkc().flat_map(char::to_lowercase).map(straight_apostrophe).collect();
            if DISFLUENCIES.contains(&normal.as_str()) {
                continue;
            }
            if is_stutter(words.last(), &normal) {
                words.pop();
            }
            words.push(Word { normal, chars });
        }
        Self(words)
    }

    /// Whether there is nothing to look for.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The range from the first to the last of the `wanted` words, where they stand here in this order without a gap.
    pub(super) fn find(&self, wanted: &Self) -> Option<Range<u32>> {
        let same = |window: &[Word]| window.iter().zip(&wanted.0).all(|(a, b)| a.normal == b.normal);
        let found = self.0.windows(wanted.0.len().max(1)).find(|window| same(window))?;
        Some(found.first()?.chars.start..found.last()?.chars.end)
    }

    /// Whether the words stand here somewhere; no words stand nowhere.
    pub(super) fn has(&self, wanted: &Self) -> bool {
        !wanted.is_empty() && self.find(wanted).is_some()
    }

    /// Whether the word right before or right after `chars` of `text` negates what stands there, in the same clause.
    pub(super) fn negate(&self, text: &str, chars: &Range<u32>) -> bool {
        // The quote's own last sign counts: "He signs." ends the clause.
        let same_clause = |from: u32, to: u32| {
            let gap = text.chars().skip(from as usize).take(to.saturating_sub(from) as usize);
            !gap.into_iter().any(|c| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '…' | '—' | '–'))
        };
        let before = self.0.iter().rev().find(|word| word.chars.end <= chars.start);
        let after = self.0.iter().find(|word| word.chars.start >= chars.end);
        let negates = |word: &Word| NEGATIONS.contains(&word.normal.as_str()) || word.normal.ends_with("n't");
        before.is_some_and(|word| negates(word) && same_clause(word.chars.end, chars.start + 1))
            || after.is_some_and(|word| {
                matches!(word.normal.as_str(), "not" | "never")
                    && same_clause(chars.end.saturating_sub(1), word.chars.start)
            })
    }
}

fn char_count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

const fn straight_apostrophe(c: char) -> char {
    if c == '\u{2019}' { '\'' } else { c }
}

/// A repeated word is a stutter; a repeated number ("5 5 5") is a number.
fn is_stutter(last: Option<&Word>, normal: &str) -> bool {
    !normal.contains(char::is_numeric) && last.is_some_and(|word| word.normal == normal)
}
