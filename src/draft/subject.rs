//! What promises are about, and which of a later occasion may be about the same thing as an earlier one.

use std::collections::{BTreeMap, BTreeSet};

use unicode_segmentation::UnicodeSegmentation as _;

use super::Occasion;
use crate::domain::transcript::Side;
use crate::embed::cosine;

/// Earlier promises that a later one is compared with.
const NEAREST: usize = 6;

/// What a quote is about: its vector, and its words with what each of them tells.
#[derive(Debug)]
pub struct Subject {
    vector: Vec<f32>,
    words: BTreeMap<String, f32>,
}

/// The subjects of quotes. A word that few of them have tells more: it weighs ln((n + 1) / (n of them + 1/2)).
#[must_use]
pub fn subjects(quotes: &[&str], vectors: Vec<Vec<f32>>) -> Vec<Subject> {
    let content = |quote: &&str| -> BTreeSet<String> {
        let words = quote.unicode_words().map(str::to_lowercase);
        words.filter(|word| word.chars().count() > 3 || word.starts_with(|c: char| c.is_ascii_digit())).collect()
    };
    let words: Vec<BTreeSet<String>> = quotes.iter().map(content).collect();
    let mut said: BTreeMap<&str, f32> = BTreeMap::new();
    for word in words.iter().flatten() {
        *said.entry(word).or_default() += 1.0;
    }
    let all = quotes.len() as f32 + 1.0;
    let weigh =
        |word: &String| (word.clone(), (all / (said.get(word.as_str()).copied().unwrap_or_default() + 0.5)).ln());
    words.iter().zip(vectors).map(|(own, vector)| Subject { vector, words: own.iter().map(weigh).collect() }).collect()
}

impl Subject {
    /// Cosine of the meanings.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> f32 {
        cosine(&self.vector, &other.vector)
    }

    /// The weight of the words that both have, as a share of the lighter quote's.
    fn shared(&self, other: &Self) -> f32 {
        let both: f32 = self.words.iter().filter(|(word, _)| other.words.contains_key(*word)).map(|(_, w)| w).sum();
        let lighter = f32::min(self.words.values().sum(), other.words.values().sum());
        if lighter > 0.0 { both / lighter } else { 0.0 }
    }
}

/// A promise as it was said.
#[derive(Debug, Clone, Copy)]
pub struct Saying<'a> {
    /// When and where.
    pub occasion: &'a Occasion,
    /// Whose duty, where known.
    pub owed_by: Option<Side>,
    /// What it is about.
    pub subject: &'a Subject,
}

/// Whether two promises are known to be duties of different sides.
pub(super) fn is_other_side(one: Option<Side>, other: Option<Side>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one != other)
}

/// Pairs of sayings that are worth comparing: for every one the likeliest few of earlier occasions, earlier ones first.
#[must_use]
pub fn worth_comparing(sayings: &[Saying<'_>]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (later, own) in sayings.iter().enumerate() {
        let earlier = sayings
            .iter()
            .enumerate()
            .filter(|(_, old)| old.occasion.is_before(own.occasion) && !is_other_side(old.owed_by, own.owed_by));
        let mut nearest: Vec<(usize, f32)> = earlier
            .map(|(at, old)| (at, old.subject.likeness(own.subject) + old.subject.shared(own.subject)))
            .collect();
        nearest.sort_by(|a, b| b.1.total_cmp(&a.1));
        pairs.extend(nearest.into_iter().take(NEAREST).map(|(old, _)| (old, later)));
    }
    pairs
}
