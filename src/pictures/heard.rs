//! How much of the record is whose words.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::text::clean;
use crate::domain::transcript::{Participant, Side, SourceKind, Transcript};
use crate::transcript::roster::fold;

/// Somebody whose own words are in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The name, as the record has it first; an address or a recorder's label where it has none.
    pub name: String,
    /// The company; unknown where no source tells or two disagree.
    pub side: Side,
    /// Words spoken or written, over all sources.
    pub words: usize,
    /// The same by source, in the order of the sources; only those with words.
    pub by_source: Vec<(String, usize)>,
}

/// Who speaks or writes, most words first. A person is one over all sources by full name, whatever its case and accents, or by
/// mail address; a bare first name is the only person who has it. Contracts and CRM records are nobody's words.
///
/// Sources are told apart by name, so names must differ.
#[must_use]
pub fn heard(transcripts: &[(String, &Transcript)]) -> Vec<Heard> {
    let of_people = |(_, transcript): &&(String, &Transcript)| {
        !matches!(transcript.kind, SourceKind::Contract | SourceKind::CrmRecord)
    };
    let sources = || transcripts.iter().filter(of_people);
    let names = Names::of(sources().flat_map(|(_, transcript)| &transcript.participants));
    let mut voices: BTreeMap<Who, Voice> = BTreeMap::new();
    for (source, transcript) in sources() {
        for turn in &transcript.turns {
            let words = turn.text.split_whitespace().count();
            let Some(shown) = transcript.speaker_name(turn).filter(|_| words > 0) else { continue };
            let who = names.who(source, shown, transcript.participant(turn));
            let place = voices.len();
            let voice = voices.entry(who).or_insert_with(|| Voice::new(place, shown));
            voice.hear(source, transcript.side(turn), words);
        }
    }
    let mut voices: Vec<Voice> = voices.into_values().collect();
    voices.sort_by_key(|voice| (Reverse(voice.words()), voice.place));
    voices.into_iter().map(Voice::into_heard).collect()
}

/// Who is who across the sources.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Named(Vec<String>),
    Address(String),
    /// A voice without a name: `Speaker 1` of one call need not be `Speaker 1` of the next.
    Unnamed {
        source: String,
        label: String,
    },
}

/// A person in the making.
struct Voice {
    /// Counts the people in the order in which they are first heard.
    place: usize,
    name: String,
    vendor: bool,
    customer: bool,
    by_source: Vec<(String, usize)>,
}

impl Voice {
    fn new(place: usize, shown: &str) -> Self {
        Self { place, name: clean(shown), vendor: false, customer: false, by_source: Vec::new() }
    }

    fn hear(&mut self, source: &str, side: Side, words: usize) {
        self.vendor |= side == Side::Vendor;
        self.customer |= side == Side::Customer;
        match self.by_source.iter_mut().find(|(known, _)| known == source) {
            Some((_, known)) => *known += words,
            None => self.by_source.push((source.to_owned(), words)),
        }
    }

    fn words(&self) -> usize {
        self.by_source.iter().map(|(_, words)| words).sum()
    }

    fn into_heard(self) -> Heard {
        let side = match (self.vendor, self.customer) {
            (true, false) => Side::Vendor,
            (false, true) => Side::Customer,
            _ => Side::Unknown,
        };
        Heard { side, words: self.words(), name: self.name, by_source: self.by_source }
    }
}

/// What the participants of all sources tell about each other.
struct Names {
    by_address: BTreeMap<String, Vec<String>>,
    /// Full names by their first word.
    by_first: BTreeMap<String, BTreeSet<Vec<String>>>,
}

impl Names {
    fn of<'a>(participants: impl Iterator<Item = &'a Participant>) -> Self {
        let mut names = Self { by_address: BTreeMap::new(), by_first: BTreeMap::new() };
        for person in participants {
            let name = fold(person.name.as_deref().unwrap_or_default());
            let Some(first) = name.first().filter(|_| name.len() > 1) else { continue };
            names.by_first.entry(first.clone()).or_default().insert(name.clone());
            if let Some(address) = &person.email {
                names.by_address.entry(address.to_lowercase()).or_insert(name);
            }
        }
        names
    }

    fn who(&self, source: &str, shown: &str, participant: Option<&Participant>) -> Who {
        let name = fold(participant.and_then(|person| person.name.as_deref()).unwrap_or_default());
        let address = participant.and_then(|person| person.email.as_deref()).map(str::to_lowercase);
        let by_address = address.as_ref().and_then(|address| self.by_address.get(address));
        match (name.as_slice(), by_address, address) {
            ([] | [_], Some(full), _) => Who::Named(full.clone()),
            ([], None, Some(address)) => Who::Address(address),
            ([], None, None) => Who::Unnamed { source: source.to_owned(), label: shown.to_owned() },
            ([first], None, _) => Who::Named(self.only_bearer(first).unwrap_or(name)),
            _ => Who::Named(name),
        }
    }

    fn only_bearer(&self, first: &str) -> Option<Vec<String>> {
        let bearers = self.by_first.get(first)?;
        bearers.first().filter(|_| bearers.len() == 1).cloned()
    }
}

/// Whose words are those of each person, named and addressed as given: by address or full name, or by a first name that only
/// one person has. Nobody's where that cannot be told.
pub(super) fn voices_of<'a>(people: &[(Option<&str>, Option<&str>)], heard: &'a [Heard]) -> Vec<Option<&'a Heard>> {
    let names: Vec<Vec<String>> = people.iter().map(|(name, _)| fold(name.unwrap_or_default())).collect();
    let voices: Vec<(Vec<String>, &Heard)> = heard.iter().map(|voice| (fold(&voice.name), voice)).collect();
    let find = |(name, (_, address)): (&Vec<String>, &(Option<&str>, Option<&str>))| {
        let same = |voice: &&(Vec<String>, &Heard)| {
            (!name.is_empty() && voice.0 == *name) || address.is_some_and(|a| a.eq_ignore_ascii_case(&voice.1.name))
        };
        let known = voices.iter().find(same).map(|(_, voice)| *voice);
        known.or_else(|| by_first_name(name, &names, &voices))
    };
    names.iter().zip(people).map(find).collect()
}

/// The only voice that has this person's first name, where one of the two is that name alone and the vendor's people are aside.
fn by_first_name<'a>(name: &[String], names: &[Vec<String>], voices: &[(Vec<String>, &'a Heard)]) -> Option<&'a Heard> {
    let first = name.first()?;
    let bears = |other: &[String]| other.first() == Some(first);
    let mut bearers = voices.iter().filter(|(other, voice)| bears(other) && voice.side != Side::Vendor);
    let (other, voice) = bearers.next()?;
    let only = bearers.next().is_none() && names.iter().filter(|other| bears(other)).count() == 1;
    (only && (name.len() == 1 || other.len() == 1)).then_some(*voice)
}
