//! The profile of an account: those of its deals as one. What is the same is said once, with every deal it is from.

use super::document::{ClientDna, DnaDeal, DnaEvent, DnaLine, DnaPhrase, Section};
use super::history::MOST as MOST_EVENTS;
use super::order;
use super::profile::MOST_PHRASES;
use crate::documents::words::bare_words;
use crate::domain::finding::Finding;
use crate::domain::item::ItemState;
use crate::domain::record::ItemRecord;

/// Joins the profiles of an account's deals, each with nothing but what the reader may see of that deal.
#[must_use]
pub fn join(account: &str, profiles: Vec<ClientDna>) -> ClientDna {
    let deals = profiles.iter().flat_map(|profile| profile.deals.iter().cloned()).collect();
    let mut joined = ClientDna::new(account, deals);
    for mut profile in profiles {
        let Some(deal) = profile.deals.first().cloned() else { continue };
        for section in Section::ALL {
            let lines = profile.section_mut(*section).map(std::mem::take).unwrap_or_default();
            if let Some(kept) = joined.section_mut(*section) {
                for line in lines {
                    add_line(kept, line, &deal);
                }
            }
        }
        profile.own_words.into_iter().for_each(|phrase| add_phrase(&mut joined.own_words, phrase, &deal));
        profile.history.into_iter().for_each(|event| add_event(&mut joined.history, event, &deal));
    }
    for section in Section::ALL {
        if let Some(lines) = joined.section_mut(*section) {
            order::sort(*section, lines);
        }
    }
    joined.own_words.sort_by(|a, b| b.score.total_cmp(&a.score));
    joined.own_words.truncate(MOST_PHRASES);
    // An event without a day stays where it is: after the one before it.
    let mut last = jiff::civil::Date::MIN;
    let days = joined.history.iter().map(|event| {
        last = event.on.unwrap_or(last);
        last
    });
    let mut dated: Vec<_> = days.collect::<Vec<_>>().into_iter().zip(joined.history).collect();
    dated.sort_by_key(|(day, _)| *day);
    // Ten lines as of one deal, the newest: the profile of each deal has its own.
    let older = dated.len().saturating_sub(MOST_EVENTS);
    joined.history = dated.into_iter().skip(older).map(|(_, event)| event).collect();
    joined
}

fn add_line(kept: &mut Vec<DnaLine>, mut line: DnaLine, deal: &DnaDeal) {
    let Some(same) = kept.iter_mut().find(|other| is_same(&other.item, &line.item)) else {
        line.deals.push(deal.clone());
        return kept.push(line);
    };
    // What a person stands behind, and of two such the newer: that of the later deal.
    let is_better = line.is_reviewed() || same.item.state != ItemState::Approved;
    if is_better {
        std::mem::swap(same, &mut line);
        same.deals = std::mem::take(&mut line.deals);
    }
    for citation in std::mem::take(&mut line.item.citations) {
        if !same.item.citations.contains(&citation) {
            same.item.citations.push(citation);
        }
    }
    same.deals.push(deal.clone());
}

/// Whether two lines say the same: of a person by name, else by the words.
fn is_same(one: &ItemRecord, other: &ItemRecord) -> bool {
    match (&one.finding, &other.finding) {
        (Finding::Stakeholder(a), Finding::Stakeholder(b)) => match (&a.name, &b.name) {
            (Some(a), Some(b)) => bare_words(a) == bare_words(b),
            _ => one.statement == other.statement,
        },
        // A promise made in two deals is two promises.
        (Finding::Commitment(_), _) => false,
        _ => one.field() == other.field() && bare_words(&one.statement) == bare_words(&other.statement),
    }
}

fn add_phrase(kept: &mut Vec<DnaPhrase>, mut phrase: DnaPhrase, deal: &DnaDeal) {
    if let Some(same) = kept.iter_mut().find(|other| other.words == phrase.words) {
        same.times += phrase.times;
        same.vendor_times += phrase.vendor_times;
        same.score = same.score.max(phrase.score);
        same.deals.push(deal.clone());
    } else {
        phrase.deals.push(deal.clone());
        kept.push(phrase);
    }
}

fn add_event(kept: &mut Vec<DnaEvent>, mut event: DnaEvent, deal: &DnaDeal) {
    event.deals.push(deal.clone());
    kept.push(event);
}
