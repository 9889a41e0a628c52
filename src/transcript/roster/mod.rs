//! Who belongs to which company, told from all sources of one deal together: the last step before drafting.
//!
//! People are joined across files by mail address and full name (`people`), unless somebody says otherwise. Evidence has four
//! ranks; the highest one that speaks decides, and evidence of one rank for both sides leaves the side unknown:
//!
//! 0. **By hand**: somebody says so.
//! 1. **Proof**: what recorders know of their own users (set by the readers, see `TOOLS`), mail domains: configured, those
//!    of people with proof, and those that bear the name of a party to the contract (`parties`).
//! 2. **Marks**: the `[EXT]` and `(Guest)` marks of a meeting tool. If they contradict proof about anybody, the meeting
//!    was held in the customer's tool, and all marks of that file are set aside.
//! 3. **Words** (`words`): an introduction with the name of a party ("I'm Dana, account executive at Ferrite"), or somebody
//!    whose side is known saying "he's our solution engineer".
//!
//! Without evidence the side stays unknown. A first name alone is joined only if one person of the deal has it.

mod parties;
mod people;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use super::person::{company_domain, is_outsider};
use crate::domain::transcript::{Format, Participant, Side, Transcript};
use parties::Parties;
pub use people::At;
use people::People;
pub(crate) use people::fold;

/// What is known of the people beside the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The vendor's own mail domains, lower-case.
    pub vendor: BTreeSet<String>,
    /// The customer's mail domains, lower-case.
    pub customer: BTreeSet<String>,
    /// Whether two participants are the same person, as somebody says.
    pub ties: Vec<(At, At, bool)>,
    /// The side of a participant, as somebody says, and who that is.
    pub placed: Vec<(At, Side, String)>,
}

/// Why a participant's side was set or taken back; for logs of decisions and for people, never a guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideEvidence {
    /// The participant's label in its file.
    pub label: String,
    /// The side the participant now has.
    pub side: Side,
    /// What it rests on.
    pub reason: String,
}

/// How much evidence weighs; the highest rank that speaks decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Words,
    Mark,
    Proof,
    Hand,
}

/// One piece of evidence about one person.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Evidence {
    side: Side,
    rank: Rank,
    reason: String,
}

/// The evidence about each person.
type Ledger = Vec<Vec<Evidence>>;

/// Tools that know who of a call is their own user; their readers set sides as far as the file proves them.
const TOOLS: &[Format] = &[
    Format::GongJson,
    Format::FirefliesJson,
    Format::FathomJson,
    Format::AvomaJson,
    Format::GrainJson,
    Format::ClariJson,
    Format::ChorusJson,
    Format::IntercomJson,
];

/// Sets the sides of all participants of one deal and says why, for each one that changed.
pub fn resolve_sides(transcripts: &mut [&mut Transcript], known: &Known) -> Vec<SideEvidence> {
    let sources: Vec<&Transcript> = transcripts.iter().map(|transcript| &**transcript).collect();
    let participants: Vec<&[Participant]> = sources.iter().map(|source| source.participants.as_slice()).collect();
    let people = people::join(&participants, &known.ties);
    let parties = parties::find(&sources);
    let (mut ledger, set_aside) = from_files(&sources, &people);
    for ((source, participant), side, by) in &known.placed {
        let reason = format!("{by} says so");
        ledger[people.person(*source, *participant)].push(Evidence { side: *side, rank: Rank::Hand, reason });
    }
    from_domains(&people, known, &parties, &mut ledger);
    // Whoever is placed by words can place others; a second pass is as far as evidence should travel.
    for _ in 0..2 {
        let sides: Vec<Side> = ledger.iter().map(|evidence| decide(evidence).0).collect();
        for (person, evidence) in words::read(&sources, &people, &parties, &sides) {
            if sides[person] == Side::Unknown && !ledger[person].contains(&evidence) {
                ledger[person].push(evidence);
            }
        }
    }
    apply(transcripts, &people, &ledger, &set_aside)
}

/// The people behind the participants of a deal's sources, in order of appearance: for each the participants, with the reason why
/// one is taken for the same person as those before.
#[must_use]
pub fn people(participants: &[&[Participant]], ties: &[(At, At, bool)]) -> Vec<Vec<(At, Option<&'static str>)>> {
    let people = people::join(participants, ties);
    let mut all = vec![Vec::new(); people.len()];
    for (source, own) in participants.iter().enumerate() {
        for at in 0..own.len() {
            all[people.person(source, at)].push(((source, at), people.reason(source, at)));
        }
    }
    all
}

/// The sides the readers set, as evidence, and the files whose marks contradict proof.
fn from_files(sources: &[&Transcript], people: &People) -> (Ledger, Vec<usize>) {
    let mut ledger: Ledger = vec![Vec::new(); people.len()];
    let all = || (0..sources.len()).map(|at| (at, sources[at]));
    for (at, source) in all().filter(|(_, source)| TOOLS.contains(&source.format)) {
        add_file(at, source, Rank::Proof, people, &mut ledger);
    }
    let mut set_aside = Vec::new();
    for (at, source) in all().filter(|(_, source)| !TOOLS.contains(&source.format) && has_marks(source)) {
        if contradicts(at, source, people, &ledger) {
            set_aside.push(at);
        } else {
            add_file(at, source, Rank::Mark, people, &mut ledger);
        }
    }
    (ledger, set_aside)
}

fn has_marks(source: &Transcript) -> bool {
    source.participants.iter().any(|one| is_outsider(&one.label))
}

fn contradicts(source: usize, transcript: &Transcript, people: &People, ledger: &Ledger) -> bool {
    transcript.participants.iter().enumerate().any(|(at, participant)| {
        let (side, rank) = decide(&ledger[people.person(source, at)]);
        let both = side != Side::Unknown && participant.side != Side::Unknown;
        both && rank == Rank::Proof && side != participant.side
    })
}

fn add_file(source: usize, transcript: &Transcript, rank: Rank, people: &People, ledger: &mut Ledger) {
    for (at, participant) in transcript.participants.iter().enumerate().filter(|(_, one)| one.side != Side::Unknown) {
        let told = participant.side_reason.clone().filter(|_| rank == Rank::Proof);
        let reason = told.unwrap_or_else(|| format!("the marks of the meeting tool say {}", participant.side.as_str()));
        ledger[people.person(source, at)].push(Evidence { side: participant.side, rank, reason });
    }
}

/// Mail domains: configured, named like a party to the contract, or those of people who already have a side.
fn from_domains(people: &People, known: &Known, parties: &Parties, ledger: &mut Ledger) {
    let addresses = || people.addresses().filter_map(|(person, address)| Some((person, company_domain(address)?)));
    let mut domains: BTreeMap<String, Evidence> = BTreeMap::new();
    for (person, domain) in addresses() {
        let Some(found) = domain_evidence(&domain, known, parties, &ledger[person]) else { continue };
        let kept = domains.entry(domain).or_insert_with(|| found.clone());
        if found.rank > kept.rank {
            *kept = found;
        } else if found.rank == kept.rank && found.side != kept.side {
            kept.side = Side::Unknown;
        }
    }
    for (person, domain) in addresses() {
        let Some(evidence) = domains.get(&domain).filter(|evidence| evidence.side != Side::Unknown) else { continue };
        if !ledger[person].contains(evidence) {
            ledger[person].push(evidence.clone());
        }
    }
}

fn domain_evidence(domain: &str, known: &Known, parties: &Parties, person: &[Evidence]) -> Option<Evidence> {
    let evidence = |side, rank, why| Some(Evidence { side, rank, reason: format!("the mail domain {domain} {why}") });
    match (known.vendor.contains(domain), known.customer.contains(domain)) {
        (true, false) => return evidence(Side::Vendor, Rank::Proof, "is configured as the vendor's"),
        (false, true) => return evidence(Side::Customer, Rank::Proof, "is configured as the customer's"),
        _ => {}
    }
    if let Some(side) = parties.owner_of(domain) {
        return evidence(side, Rank::Proof, "bears the name of a party to the contract");
    }
    let (side, rank) = decide(person);
    if side == Side::Unknown { None } else { evidence(side, rank, "is that of somebody whose side is known") }
}

/// The side that the highest rank of evidence agrees on.
fn decide(evidence: &[Evidence]) -> (Side, Rank) {
    let Some(rank) = evidence.iter().map(|one| one.rank).max() else { return (Side::Unknown, Rank::Words) };
    let mut sides = evidence.iter().filter(|one| one.rank == rank).map(|one| one.side);
    let first = sides.next().unwrap_or_default();
    (if sides.all(|side| side == first) { first } else { Side::Unknown }, rank)
}

fn apply(
    transcripts: &mut [&mut Transcript],
    people: &People,
    ledger: &Ledger,
    set_aside: &[usize],
) -> Vec<SideEvidence> {
    name_nameless(transcripts, people);
    let mut changes = Vec::new();
    for (source, transcript) in transcripts.iter_mut().enumerate() {
        for (at, participant) in transcript.participants.iter_mut().enumerate() {
            let evidence = &ledger[people.person(source, at)];
            let (side, reason) = verdict(evidence);
            if participant.side == side || (evidence.is_empty() && !set_aside.contains(&source)) {
                continue;
            }
            participant.side = side;
            participant.side_reason = (side != Side::Unknown).then(|| reason.clone());
            changes.push(SideEvidence { label: participant.label.clone(), side, reason });
        }
    }
    changes
}

/// Whom one file only has an id for, another one may name.
fn name_nameless(transcripts: &mut [&mut Transcript], people: &People) {
    let mut named: BTreeMap<usize, Participant> = BTreeMap::new();
    for (source, transcript) in transcripts.iter().enumerate() {
        for (at, participant) in transcript.participants.iter().enumerate().filter(|(_, one)| one.name.is_some()) {
            named.entry(people.person(source, at)).or_insert_with(|| participant.clone());
        }
    }
    for (source, transcript) in transcripts.iter_mut().enumerate() {
        for (at, participant) in transcript.participants.iter_mut().enumerate().filter(|(_, one)| one.name.is_none()) {
            if let Some(known) = named.get(&people.person(source, at)) {
                participant.name.clone_from(&known.name);
                participant.email = participant.email.take().or_else(|| known.email.clone());
                participant.title = participant.title.take().or_else(|| known.title.clone());
            }
        }
    }
}

fn verdict(evidence: &[Evidence]) -> (Side, String) {
    let (side, rank) = decide(evidence);
    let reasons: Vec<&str> = evidence.iter().filter(|one| one.rank == rank).map(|one| one.reason.as_str()).collect();
    match (side, reasons.first()) {
        (_, None) => (side, "the marks of this file contradict the other sources".to_owned()),
        (Side::Unknown, _) => (side, format!("the evidence contradicts itself: {}", reasons.join("; "))),
        (_, Some(reason)) => (side, (*reason).to_owned()),
    }
}

#[cfg(test)]
mod tests;
