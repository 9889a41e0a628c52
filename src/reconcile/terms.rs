//! What a text is about, in a form in which a promise and a clause can share it: stems of its content words, and
//! concepts that are said in one way and drafted in another.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use qdrant_edge::bm25_embed::{EdgeBm25, EdgeBm25Config};

use crate::embed::EmbedError;
use crate::engine::local::words::{Phrases, Words};

/// Something that a text is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Term {
    /// A content word's stem, hashed to 32 bits.
    Stem(u32),
    /// A concept: its place in [`CONCEPTS`].
    Concept(usize),
}

/// One concept a line: what people say and what contracts write for it. "You're up and running" is "placed into
/// production", "you can walk" is "may terminate"; neither shares a word, and the sentence encoder knows little of
/// drafting.
static CONCEPTS: LazyLock<Vec<Phrases>> = LazyLock::new(|| {
    [
        "live | go live | production | productive | operational | operation | running | launch | rollout | \
            commencement | in use",
        "train* | teach* | session | sessions | workshop* | coaching",
        "support | hotline | phone | telephone | on call | incident* | severity | priority | p1 | outage* | \
            ticket* | critical | answers | respond* | response",
        "price* | fee | fees | charge* | rate | rates | cost | costs | flat | discount* | bill | bills | billed | \
            billing | pay | pays | paid | payment* | invoic*",
        "migrat* | load | loads | loaded | loading | convert* | conversion | import* | ingest* | histor* | legacy | \
            scan* | digiti*",
        "install* | fit | fits | fitted | fitting | set up | setup | wire | wired | cable* | cabling",
        "terminat* | leave | leaving | walk | exit | cancel*",
        "named | individual* | person | herself | himself | staffing | personnel | discretion | engineer | \
            engineers | resident | manager | lead",
        "on site | onsite | premises | in person | come to | comes to | visit* | remote* | travel | attendance",
        "export* | extract* | retrieval | take out | pull out",
        "retain* | retention | keep | keeps | kept | stor* | wiped | erased | delet* | destroy* | purge* | log | logs",
        "hosted | hosting | region* | country | data cent* | stays in | held in | backup*",
        "hardware | tablet* | printer* | device* | equipment | reader | readers | kiosk* | terminal | terminals | \
            spare*",
        "replac* | swap* | exchang* | repair* | defective | dead | broken | fail | fails",
        "integrat* | connect* | interface* | link | links | sync | api | feed",
        "roadmap | planned | future | release | releases | next year | version",
        "refund* | non refundable | returned | credit* | reimburs* | penalt*",
    ]
    .into_iter()
    .map(Phrases::of)
    .collect()
});

/// Tells what texts are about. Stop words and stems are those of retrieval.
pub(crate) struct Stemmer(EdgeBm25);

impl Stemmer {
    pub(crate) fn new() -> Result<Self, EmbedError> {
        EdgeBm25::new(EdgeBm25Config::default()).map(Self).map_err(|error| EmbedError::Model(error.to_string()))
    }

    /// The content words of `text` and the concepts it touches.
    pub(crate) fn terms(&self, text: &str) -> BTreeSet<Term> {
        let words = Words::of(text);
        let touched = CONCEPTS.iter().enumerate().filter(|(_, phrases)| words.any(phrases));
        let concepts = touched.map(|(place, _)| Term::Concept(place));
        self.stems(text).into_iter().map(Term::Stem).chain(concepts).collect()
    }

    /// The content words of `text` alone.
    pub(crate) fn stems(&self, text: &str) -> BTreeSet<u32> {
        self.0.embed_query(text).indices.into_iter().collect()
    }
}

/// How telling each term is in a contract: the fewer sentences have it, the more.
pub(crate) struct Rarity {
    sentences: f32,
    having: BTreeMap<Term, f32>,
}

impl Rarity {
    /// Counts the terms of every sentence.
    pub(crate) fn of<'t>(sentences: impl ExactSizeIterator<Item = &'t BTreeSet<Term>>) -> Self {
        let (count, mut having) = (sentences.len() as f32, BTreeMap::new());
        for term in sentences.flatten() {
            *having.entry(*term).or_insert(0.0) += 1.0;
        }
        Self { sentences: count, having }
    }

    /// The weight of two texts' shared terms over that of all their terms (Dice), 0 to 1.
    pub(crate) fn overlap(&self, a: &BTreeSet<Term>, b: &BTreeSet<Term>) -> f32 {
        let all = self.weight(a) + self.weight(b);
        if all > 0.0 { 2.0 * self.weight(a.intersection(b)) / all } else { 0.0 }
    }

    /// Inverse document frequency, added up; half a sentence more keeps a term that no sentence has finite.
    fn weight<'t>(&self, terms: impl IntoIterator<Item = &'t Term>) -> f32 {
        let one = |term: &Term| (1.0 + self.sentences / (0.5 + self.having.get(term).unwrap_or(&0.0))).ln();
        terms.into_iter().map(one).sum()
    }
}
