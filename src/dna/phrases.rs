//! Their own words: phrases that are the customer's, and neither the vendor's nor everybody's.
//!
//! The measure is the log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn, "Fightin' Words",
//! Political Analysis 16(4), 2008), over runs of two to six words. For a phrase that stands `y` times among `n` on one side and
//! `v` times among `m` on the other, with a prior of `a` for the phrase (after ordinary English) and `A` for all:
//!
//! ```text
//! d = ln((y + a) / (n + A - y - a)) - ln((v + a) / (m + A - v - a))      z = d / sqrt(1/(y + a) + 1/(v + a))
//! ```
//!
//! It is computed twice: the customer's turns against the vendor's of the same deal, and against ordinary English
//! ([`English`]). A deal holds few words, so the first can only say to which side a phrase leans; the second has to be
//! significant. What begins or ends with an empty word, holds a name, or is nothing but numbers and dates is nobody's own.

use std::collections::{HashMap, HashSet};

use super::counts::{Count, Said, Speech};
use super::english::English;
use super::ngrams::{Lexicon, runs};
use super::quote::sentence_around;
use crate::domain::transcript::Side;
use crate::draft::DealSource;
use crate::engine::QuoteRole;
use crate::ground::{Citation, SourceText};

/// Phrases that are kept of a deal.
pub(super) const MOST: usize = 16;
/// Words of the longest phrase.
const LONGEST: usize = 6;
/// In how many turns the customer says it at least.
const LEAST_TURNS: usize = 2;
/// Weight of ordinary English as a prior, in phrases; and what is added for phrases that no table holds.
const PRIOR: f64 = 2_000.0;
const UNSEEN: f64 = 0.5;
/// How far the customer's turns lean to it against the vendor's.
const LEANING: f64 = 0.6;
/// Significant against ordinary English: two-sided 5%; 0.1% for what many others say too.
const SIGNIFICANT: f64 = 1.96;
const HIGHLY_SIGNIFICANT: f64 = 3.29;

/// A phrase of the customer's.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnPhrase {
    /// The words, in lower case.
    pub words: String,
    /// How often the customer's side says it in the deal's record.
    pub times: u32,
    /// How often the vendor's side does.
    pub vendor_times: u32,
    /// Both scores as one (Stouffer): the higher, the more it is theirs.
    pub score: f64,
    /// One place where somebody of the customer's side says it.
    pub citation: Citation,
}

/// How often something is said among how many.
#[derive(Debug, Clone, Copy)]
struct Share {
    times: u32,
    of: u32,
}

/// A phrase that passed.
struct Found<'a> {
    score: f64,
    phrase: &'a [u32],
    count: &'a Count,
    vendor_times: u32,
}

/// The phrases of the customer's side, the most characteristic first. A turn whose side is not known counts for nobody.
#[must_use]
pub fn own_phrases(sources: &[DealSource]) -> Vec<OwnPhrase> {
    let mut lexicon = Lexicon::default();
    let customer = Speech::of(Side::Customer, sources, &mut lexicon);
    let vendor = Speech::of(Side::Vendor, sources, &mut lexicon);
    let counts = customer.phrases(English::get());
    let chooser = Chooser { lexicon, english: English::get(), names: names(sources) };
    let (vendor_times, parts, cut) = (vendor.times(&counts, LONGEST), chooser.parts(&counts), cut(&counts));
    let mut found: Vec<Found<'_>> = Vec::new();
    for (&phrase, count) in counts.iter().filter(|(phrase, _)| phrase.len() <= LONGEST) {
        if customer.turns(count) < LEAST_TURNS || !chooser.may_be(phrase, count) || parts.contains(phrase) {
            continue;
        }
        if cut.contains(phrase) && !chooser.ends_with_content(phrase) {
            continue;
        }
        let times = u32::try_from(count.places.len()).unwrap_or(u32::MAX);
        let vendor_times = vendor_times.get(phrase).copied().unwrap_or(0);
        let own = Share { times, of: customer.total(phrase.len()) };
        let theirs = Share { times: vendor_times, of: vendor.total(phrase.len()) };
        let score = chooser.score(phrase, own, theirs);
        found.extend(score.map(|score| Found { score, phrase, count, vendor_times }));
    }
    // Of two that are as good, the longer; of two as long, the earlier.
    found.sort_by(|a, b| {
        let longer = b.phrase.len().cmp(&a.phrase.len());
        b.score.total_cmp(&a.score).then(longer).then_with(|| a.count.places.cmp(&b.count.places))
    });
    chooser.distinct(found, &customer, sources)
}

/// What tells a phrase of their own from any other run of words.
struct Chooser {
    lexicon: Lexicon,
    english: &'static English,
    names: HashSet<String>,
}

impl Chooser {
    fn forms<'a>(&'a self, phrase: &'a [u32]) -> impl DoubleEndedIterator<Item = &'a str> {
        phrase.iter().map(|id| self.lexicon.word(*id))
    }

    fn may_be(&self, phrase: &[u32], count: &Count) -> bool {
        let is_open = |form: Option<&str>| form.is_none_or(|form| self.english.is_empty(form));
        let mut forms = self.forms(phrase);
        let has_name = |form: &str| self.names.contains(form.strip_suffix("'s").unwrap_or(form));
        let has_content = |form: &&str| self.english.has_content(form);
        // A thing with its number, "item nine", is a name, unless they keep coming back to it.
        let is_numbered = phrase.len() == 2 && self.forms(phrase).any(|form| self.english.is_measure(form));
        !is_open(forms.next())
            && !is_open(forms.next_back())
            && self.forms(phrase).any(|form| has_content(&form))
            && !self.forms(phrase).any(has_name)
            && count.as_name * 2 < count.places.len()
            && (!is_numbered || count.places.len() > 2)
    }

    fn ends_with_content(&self, phrase: &[u32]) -> bool {
        phrase.last().is_some_and(|last| self.english.has_content(self.lexicon.word(*last)))
    }

    /// Phrases that are never said but as part of a longer one that may be shown.
    fn parts<'a>(&self, counts: &HashMap<&'a [u32], Count>) -> HashSet<&'a [u32]> {
        let mut parts = HashSet::new();
        for (&longer, count) in counts.iter().filter(|(longer, _)| (3..=LONGEST).contains(&longer.len())) {
            if self.may_be(longer, count) {
                let within = (2..longer.len()).flat_map(|length| longer.windows(length));
                let as_often = |part: &&[u32]| counts.get(part).is_some_and(|p| p.places.len() == count.places.len());
                parts.extend(within.filter(as_often));
            }
        }
        parts
    }

    /// Both scores as one, if the phrase passes both bars.
    fn score(&self, phrase: &[u32], own: Share, vendor: Share) -> Option<f64> {
        let words = self.forms(phrase).collect::<Vec<_>>().join(" ");
        let (times, of) = self.english.count(&words, phrase.len());
        let prior = UNSEEN + PRIOR * f64::from(times) / f64::from(of);
        let leaning = log_odds(own, vendor, prior);
        let rarity = log_odds(own, Share { times, of }, prior);
        let bar = if times > 0 { HIGHLY_SIGNIFICANT } else { SIGNIFICANT };
        (leaning >= LEANING && rarity >= bar).then_some((leaning + rarity) / std::f64::consts::SQRT_2)
    }

    /// The best of those that say the same, each with a place where it is said.
    fn distinct(&self, found: Vec<Found<'_>>, customer: &Speech<'_>, sources: &[DealSource]) -> Vec<OwnPhrase> {
        let mut kept: Vec<((&[u32], &Count), OwnPhrase)> = Vec::new();
        for Found { score, phrase, count, vendor_times } in found {
            if kept.len() == MOST || kept.iter().any(|(other, _)| overlap((phrase, count), *other)) {
                continue;
            }
            let said = |&(run, at): &(usize, usize)| cite(sources, customer.said.get(run)?, at, phrase.len());
            let Some(citation) = count.places.iter().find_map(said) else { continue };
            let words = self.forms(phrase).collect::<Vec<_>>().join(" ");
            let times = u32::try_from(count.places.len()).unwrap_or(u32::MAX);
            // Two digits: more would be noise, and differ from machine to machine.
            let score = (score * 100.0).round() / 100.0;
            kept.push(((phrase, count), OwnPhrase { words, times, vendor_times, score, citation }));
        }
        kept.into_iter().map(|(_, phrase)| phrase).collect()
    }
}

/// Whether two phrases are said in one breath somewhere: they stand on some of the same words.
fn overlap(one: (&[u32], &Count), other: (&[u32], &Count)) -> bool {
    one.1.places.iter().any(|(run, at)| {
        other.1.places.iter().any(|(other_run, other_at)| {
            run == other_run && *at < other_at + other.0.len() && *other_at < at + one.0.len()
        })
    })
}

fn log_odds(one: Share, other: Share, prior: f64) -> f64 {
    let odds = |share: Share| {
        let with = f64::from(share.times) + prior;
        (with / (f64::from(share.of) + PRIOR - with).max(1.0)).ln()
    };
    let variance = 1.0 / (f64::from(one.times) + prior) + 1.0 / (f64::from(other.times) + prior);
    (odds(one) - odds(other)) / variance.sqrt()
}

/// Phrases after which always the same word comes.
fn cut<'a>(counts: &HashMap<&'a [u32], Count>) -> HashSet<&'a [u32]> {
    let longer = counts.iter().filter(|(longer, _)| longer.len() > 2);
    let begin = longer.map(|(longer, count)| (&longer[..longer.len() - 1], count.places.len()));
    begin.filter(|(begin, times)| counts.get(begin).is_some_and(|c| c.places.len() == *times)).map(|(b, _)| b).collect()
}

/// The words of everybody who speaks or is listed.
fn names(sources: &[DealSource]) -> HashSet<String> {
    let people = sources.iter().flat_map(|source| &source.transcript.participants);
    let told = people.flat_map(|person| [Some(&person.label), person.name.as_ref()]).flatten();
    told.flat_map(|name| runs(name)).flatten().map(|word| word.form).collect()
}

/// The sentence in which a phrase stands, as somebody of the customer's side says it.
fn cite(sources: &[DealSource], said: &Said<'_>, at: usize, length: usize) -> Option<Citation> {
    let source = sources.get(said.source)?;
    let (first, last) = (said.words.get(at)?, said.words.get(at + length - 1)?);
    let quote = sentence_around(&said.turn.text, first.at.start..last.at.end);
    let text = SourceText::new(source.id.as_ref(), &source.name, &source.transcript);
    let bare = || text.cite(said.turn.index, &said.turn.text[first.at.start..last.at.end], QuoteRole::Support);
    let found = text.cite(said.turn.index, quote, QuoteRole::Support).or_else(|_| bare()).ok()?;
    (found.turn() == said.turn.index && found.side() == Side::Customer).then_some(found)
}
