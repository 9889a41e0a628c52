//! Risks that the map of people shows: a backer who leaves, and a buyer with the money who is only spoken about.

use crate::domain::finding::{Finding, Level, Risk, Role, Stakeholder};
use crate::domain::ids::ItemId;
use crate::domain::item::{Item, ItemState, Origin};
use crate::domain::transcript::SourceKind;
use crate::draft::DealSource;
use crate::transcript::roster::fold;

/// The people on whom a project rests.
const BACKERS: [Role; 4] = [Role::Champion, Role::ExecutiveSponsor, Role::EconomicBuyer, Role::ProjectLead];

/// The risks that the stakeholders among `items` mean, resting on the words that tell of the person. Where a risk already
/// rests on these words, nothing is added.
#[must_use]
pub fn people_risks(seed: &str, items: &[Item], sources: &[DealSource]) -> Vec<Item> {
    let people = items.iter().filter_map(|item| match &item.finding {
        Finding::Stakeholder(person) => Some((item, person)),
        _ => None,
    });
    let risks = people.filter_map(|(item, person)| Some(risk(seed, item, &told(person, sources)?)));
    let known = |risk: &Item| {
        let others = items.iter().filter(|item| matches!(item.finding, Finding::Risk(_)));
        others.flat_map(|item| &item.citations).any(|known| risk.citations.iter().any(|own| own.overlaps(known)))
    };
    risks.filter(|risk| !known(risk)).collect()
}

/// What the risk is, where the person means one.
fn told(person: &Stakeholder, sources: &[DealSource]) -> Option<String> {
    let name = person.name.as_deref()?;
    let roles = person.roles.as_deref().unwrap_or_default();
    if person.leaving == Some(true) && roles.iter().any(|role| BACKERS.contains(role)) {
        return Some(format!("{name}, on whom the project rests, is said to be leaving."));
    }
    let buys = roles.contains(&Role::EconomicBuyer);
    (buys && is_absent(name, sources))
        .then(|| format!("{name} decides on the money and is not among those who speak or write in these sources."))
}

/// Whether everybody who speaks or writes is known by name, and nobody has a part of this one. Where a file names its speakers
/// by numbers, nobody is proven absent.
fn is_absent(name: &str, sources: &[DealSource]) -> bool {
    let told = |source: &&DealSource| !matches!(source.transcript.kind, SourceKind::Contract | SourceKind::CrmRecord);
    let own = words(name);
    sources.iter().filter(told).all(|source| {
        let transcript = &source.transcript;
        let spoken = transcript.turns.iter().filter(|turn| turn.speaker.is_some());
        let mut speakers = spoken.map(|turn| transcript.participant(turn).and_then(|person| person.name.as_deref()));
        let listed = transcript.participants.iter().filter_map(|person| person.name.as_deref());
        speakers.all(|speaker| speaker.is_some()) && listed.flat_map(words).all(|word| !own.contains(&word))
    })
}

/// The words of a name, without accents and forms of address.
fn words(name: &str) -> Vec<String> {
    let is_name = |word: &String| word.len() > 1 && !matches!(word.as_str(), "mr" | "mrs" | "ms" | "dr" | "prof");
    fold(name).into_iter().filter(is_name).collect()
}

/// The risk as an item; it is as sure as what is known of the person.
fn risk(seed: &str, person: &Item, statement: &str) -> Item {
    Item {
        id: ItemId::derived(&[seed, "risk", person.id.as_str(), statement]),
        finding: Finding::Risk(Risk { severity: Some(Level::High), mitigation: None }),
        statement: statement.to_owned(),
        confidence: person.confidence,
        origin: Origin::Engine,
        attested_by: None,
        reworded_by: None,
        decided_by: None,
        state: ItemState::Drafted,
        citations: person.citations.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(roles: &[Role], leaving: bool) -> Stakeholder {
        Stakeholder {
            name: Some("Ana Petrov".to_owned()),
            roles: Some(roles.to_vec()),
            leaving: leaving.then_some(true),
            ..Stakeholder::default()
        }
    }

    #[test]
    fn a_backer_who_leaves_and_a_buyer_who_is_only_spoken_about_are_risks() {
        assert!(told(&person(&[Role::Champion], true), &[]).is_some_and(|told| told.contains("leaving")));
        assert!(
            told(&person(&[Role::EconomicBuyer], false), &[])
                .is_some_and(|told| told.contains("not among those who speak"))
        );
        assert_eq!(told(&person(&[Role::Champion], false), &[]), None);
        assert_eq!(told(&person(&[Role::EndUser], true), &[]), None);
    }
}
