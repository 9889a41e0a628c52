//! Participants of several files as people: joined by mail address and full name.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::super::person::company_domain;
use crate::domain::transcript::Participant;

/// The people of a deal; a person is a number.
#[derive(Debug, Default)]
pub(super) struct People {
    of_participant: Vec<Vec<usize>>,
    /// Why each participant is the same person as one before; in the order of files and participants.
    reasons: Vec<Vec<Option<&'static str>>>,
    addresses: Vec<(usize, String)>,
    /// Every full name, as folded words, with the person who bears it.
    names: BTreeMap<Vec<String>, usize>,
    /// First names that only one person has.
    first_names: BTreeMap<String, usize>,
}

impl People {
    /// How many people there are.
    pub(super) fn len(&self) -> usize {
        self.of_participant.iter().flatten().max().map_or(0, |last| last + 1)
    }

    /// The person behind a participant.
    pub(super) fn person(&self, source: usize, participant: usize) -> usize {
        self.of_participant[source][participant]
    }

    /// Why the participant is taken for the same person as one before; none where nobody is joined with them.
    pub(super) fn reason(&self, source: usize, participant: usize) -> Option<&'static str> {
        self.reasons[source][participant]
    }

    /// Every address with the person it belongs to.
    pub(super) fn addresses(&self) -> impl Iterator<Item = (usize, &str)> {
        self.addresses.iter().map(|(person, address)| (*person, address.as_str()))
    }

    /// The person named by the folded words, which may go on after the name, and how many words the name takes.
    pub(super) fn named(&self, words: &[&str]) -> Option<(usize, usize)> {
        let longest = words.len().min(5);
        let full = (2..=longest).rev().find_map(|length| {
            let name: Vec<String> = words[..length].iter().map(|word| (*word).to_owned()).collect();
            self.names.get(&name).map(|person| (*person, length))
        });
        full.or_else(|| self.first_names.get(*words.first()?).map(|person| (*person, 1)))
    }
}

/// Lower-case words without diacritics and punctuation: `Raúl` and `Raul` are one name.
pub(crate) fn fold(text: &str) -> Vec<String> {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A participant, by the place of the source and its own place in it.
pub type At = (usize, usize);

/// Joins the participants of all sources: as people say first, then by evidence, which never joins whom people keep apart.
pub(super) fn join(sources: &[&[Participant]], ties: &[(At, At, bool)]) -> People {
    let all: Vec<&Participant> = sources.iter().flat_map(|source| *source).collect();
    let names: Vec<Vec<String>> = all.iter().map(|one| fold(one.name.as_deref().unwrap_or_default())).collect();
    let ambiguous = ambiguous_names(&all, &names);
    let place = |(source, participant): At| sources[..source].iter().map(|own| own.len()).sum::<usize>() + participant;
    let (same, apart): (Vec<_>, Vec<_>) = ties.iter().copied().partition(|(.., same)| *same);
    let mut groups =
        Groups::new(all.len(), apart.into_iter().map(|(one, other, _)| (place(one), place(other))).collect());
    for (one, other, _) in same {
        groups.join(place(one), place(other), "joined by hand");
    }
    let voices = all.iter().map(|one| is_voice_id(&one.label).then(|| one.label.clone()));
    groups.join_same(voices, "the same id of a voice");
    groups.join_same(all.iter().map(|one| one.email.clone()), "the same mail address");
    let full = names.iter().map(|name| (name.len() > 1 && !ambiguous.contains(name)).then(|| name.clone()));
    groups.join_same(full, "the same full name");
    join_first_names(&names, &ambiguous, &mut groups);
    let reasons = groups.reasons.clone();
    let numbers = groups.numbers();
    collect(sources, &all, &names, &ambiguous, (&numbers, &reasons))
}

/// Whether a label is the id that a recorder has for a voice in all of its files, as Gong's 19 digits.
fn is_voice_id(label: &str) -> bool {
    const TELLING_DIGITS: usize = 12;
    label.len() >= TELLING_DIGITS && label.bytes().all(|byte| byte.is_ascii_digit())
}

/// Names borne by people of different companies: two people, or one who moved; either way no evidence.
fn ambiguous_names(all: &[&Participant], names: &[Vec<String>]) -> BTreeSet<Vec<String>> {
    let mut domains: BTreeMap<&Vec<String>, BTreeSet<String>> = BTreeMap::new();
    for (one, name) in all.iter().zip(names) {
        domains.entry(name).or_default().extend(one.email.as_deref().and_then(company_domain));
    }
    domains.into_iter().filter(|(_, domains)| domains.len() > 1).map(|(name, _)| name.clone()).collect()
}

/// A bare first name is the one person of the deal who has it, if there is only one.
fn join_first_names(names: &[Vec<String>], ambiguous: &BTreeSet<Vec<String>>, groups: &mut Groups) {
    let mut bearers: BTreeMap<&str, BTreeSet<&Vec<String>>> = BTreeMap::new();
    let mut first: BTreeMap<&Vec<String>, usize> = BTreeMap::new();
    for (at, name) in names.iter().enumerate().filter(|(_, name)| name.len() > 1) {
        bearers.entry(&name[0]).or_default().insert(name);
        first.entry(name).or_insert(at);
    }
    for (at, name) in names.iter().enumerate().filter(|(_, name)| name.len() == 1) {
        let bearer = bearers.get(name[0].as_str()).filter(|bearers| bearers.len() == 1).and_then(|one| one.first());
        if let Some(bearer) = bearer.filter(|name| !ambiguous.contains(**name)) {
            groups.join(at, first[*bearer], "the only one of that first name");
        }
    }
}

fn collect(
    sources: &[&[Participant]],
    all: &[&Participant],
    names: &[Vec<String>],
    ambiguous: &BTreeSet<Vec<String>>,
    (numbers, reasons): (&[usize], &[Option<&'static str>]),
) -> People {
    let mut people = People::default();
    let mut from = 0;
    for source in sources {
        let own = from..from + source.len();
        people.of_participant.push(numbers[own.clone()].to_vec());
        people.reasons.push(reasons[own.clone()].to_vec());
        from = own.end;
    }
    people.addresses =
        all.iter().zip(numbers).filter_map(|(one, person)| Some((*person, one.email.clone()?))).collect();
    let mut first_names: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    let mut full_names: BTreeMap<Vec<String>, BTreeSet<usize>> = BTreeMap::new();
    for (name, person) in names.iter().zip(numbers).filter(|(name, _)| !name.is_empty()) {
        first_names.entry(name[0].clone()).or_default().insert(*person);
        if name.len() > 1 && !ambiguous.contains(name) {
            full_names.entry(name.clone()).or_default().insert(*person);
        }
    }
    people.names = borne_by_one(full_names);
    people.first_names = borne_by_one(first_names);
    people
}

/// The names that only one person bears.
fn borne_by_one<K: Ord>(names: BTreeMap<K, BTreeSet<usize>>) -> BTreeMap<K, usize> {
    let only_one = names.into_iter().filter(|(_, people)| people.len() == 1);
    only_one.filter_map(|(name, people)| Some((name, people.into_iter().next()?))).collect()
}

/// Union-find, joined smaller number first; whom people keep apart is never joined.
struct Groups {
    parents: Vec<usize>,
    apart: Vec<(usize, usize)>,
    /// Why each one was joined with one before it.
    reasons: Vec<Option<&'static str>>,
}

impl Groups {
    fn new(count: usize, apart: Vec<(usize, usize)>) -> Self {
        Self { parents: (0..count).collect(), apart, reasons: vec![None; count] }
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize, reason: &'static str) {
        let (first, second) = (self.root(one.min(other)), self.root(one.max(other)));
        if first == second || self.are_apart(first, second) {
            return;
        }
        self.parents[first.max(second)] = first.min(second);
        self.reasons[one.max(other)].get_or_insert(reason);
    }

    fn are_apart(&mut self, one: usize, other: usize) -> bool {
        (0..self.apart.len()).any(|at| {
            let (a, b) = self.apart[at];
            let roots = (self.root(a), self.root(b));
            roots == (one, other) || roots == (other, one)
        })
    }

    fn join_same<K: Ord>(&mut self, keys: impl Iterator<Item = Option<K>>, reason: &'static str) {
        let mut first: BTreeMap<K, usize> = BTreeMap::new();
        for (at, key) in keys.enumerate() {
            if let Some(key) = key {
                let with = *first.entry(key).or_insert(at);
                self.join(at, with, reason);
            }
        }
    }

    /// A person's number for every participant, counted from 0 without gaps.
    fn numbers(mut self) -> Vec<usize> {
        let mut known: BTreeMap<usize, usize> = BTreeMap::new();
        (0..self.parents.len())
            .map(|at| {
                let (root, next) = (self.root(at), known.len());
                *known.entry(root).or_insert(next)
            })
            .collect()
    }
}
