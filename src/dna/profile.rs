//! Items and what is known around them to a profile.

use std::collections::HashMap;

use super::document::{ClientDna, DnaDeal, DnaLine, DnaPhrase, Section};
use super::history::{Heard, history};
use super::order;
use super::phrases::OwnPhrase;
use super::sections::section_of;
use crate::audit::HashedEntry;
use crate::domain::finding::Finding;
use crate::domain::item::ItemState;
use crate::domain::record::{CitationRecord, ItemRecord};
use crate::domain::vocabulary::Outcome;

/// Phrases of a deal that are shown.
pub(super) const MOST_PHRASES: usize = 12;

/// What a profile is made from, beside the items.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// What became of promises after the sale, by item.
    pub outcomes: HashMap<String, Outcome>,
    /// The phrases of the customer's side.
    pub phrases: Vec<OwnPhrase>,
    /// The sources.
    pub heard: Vec<Heard>,
    /// Entries of the audit log about the handoff.
    pub log: Vec<HashedEntry>,
}

/// The profile of a deal. Rejected items are no part of it, nor any that neither words nor a person stand behind.
#[must_use]
pub fn profile(account: &str, deal: DnaDeal, items: &[ItemRecord], around: &Around) -> ClientDna {
    let mut dna = ClientDna::new(account, vec![deal]);
    let standing: Vec<ItemRecord> = items.iter().filter(|item| stands(item)).cloned().collect();
    for item in &standing {
        let outcome = around.outcomes.get(&item.id).copied();
        let section = section_of(item, outcome, is_last_word(item, &standing));
        if let Some(lines) = section.and_then(|section| dna.section_mut(section)) {
            lines.push(DnaLine { item: item.clone(), outcome, deals: Vec::new() });
        }
    }
    for section in Section::ALL {
        if let Some(lines) = dna.section_mut(*section) {
            order::sort(*section, lines);
        }
    }
    dna.own_words = phrases(&around.phrases, items);
    dna.history = history(&around.heard, &standing, &around.log);
    dna
}

/// Whether nobody has rejected it, and words of the record or a person stand behind it.
fn stands(item: &ItemRecord) -> bool {
    item.state != ItemState::Rejected && (item.support().next().is_some() || item.attested_by.is_some())
}

/// Whether no newer word took a promise's place. One that was rejected took nobody's.
fn is_last_word(item: &ItemRecord, standing: &[ItemRecord]) -> bool {
    let Finding::Commitment(promise) = &item.finding else { return true };
    !promise.superseded_by.as_ref().is_some_and(|by| standing.iter().any(|newer| newer.id == *by))
}

/// The phrases as they are shown: none that holds a person's name, and those on which a note about persons rests marked so.
fn phrases(found: &[OwnPhrase], items: &[ItemRecord]) -> Vec<DnaPhrase> {
    let names: Vec<String> = items
        .iter()
        .filter_map(|item| match &item.finding {
            Finding::Stakeholder(person) => person.name.as_ref(),
            _ => None,
        })
        .flat_map(|name| name.split_whitespace())
        .map(str::to_lowercase)
        .collect();
    let notes = || items.iter().filter(|item| item.field().is_sensitive()).flat_map(|note| &note.citations);
    let has_name = |words: &str| {
        words.split(' ').any(|word| names.iter().any(|name| name == word.strip_suffix("'s").unwrap_or(word)))
    };
    let shown = |phrase: &OwnPhrase| {
        let citation = CitationRecord::from(&phrase.citation);
        DnaPhrase {
            words: phrase.words.clone(),
            times: phrase.times,
            vendor_times: phrase.vendor_times,
            score: phrase.score,
            sensitive: notes().any(|note| note.shared_chars(&citation) > 0),
            citation,
            deals: Vec::new(),
        }
    };
    found.iter().filter(|phrase| !has_name(&phrase.words)).map(shown).take(MOST_PHRASES).collect()
}
