//! Which side somebody speaks for, where the file does not say: told by the reader from what they say.

use std::collections::{HashMap, HashSet};

use super::sentences::Sentence;
use crate::domain::transcript::{Side, Transcript};
use crate::encoder::ModelError;
use crate::reader::{Answer, Reader, Said};
use crate::transcript::person::company_domain;

/// Clauses of a source that are listened to; a speaker who has not shown a side by then seldom does.
const HEARD: usize = 240;
/// What one clause can weigh, in log-odds: no single sentence decides.
const WEIGHT: f32 = 2.0;
/// The log-odds from which on a side is told: about 9 to 1.
const SURE: f32 = 2.2;

/// Gives the clauses of speakers on no known side the side that their words in all sources of the deal speak for. Where they
/// do not speak for one clearly, the side stays unknown, and no duty is put on anybody.
///
/// # Errors
///
/// The place of the source that could not be read, and why.
pub(crate) async fn tell_sides<'a>(
    reader: &Reader,
    sources: &mut [(&'a Transcript, Vec<Sentence<'a>>)],
) -> Result<(), (usize, ModelError)> {
    let companies = companies(sources);
    let mut odds: HashMap<Voice, f32> = HashMap::new();
    for (place, (transcript, clauses)) in sources.iter().enumerate() {
        if !clauses.iter().any(is_unknown) {
            continue;
        }
        let listened = &clauses[..clauses.len().min(HEARD)];
        // The reader tells sides where none is given; one that is given would be its own proof.
        let unsided = |clause: &Sentence<'a>| Said { turn: clause.turn, text: clause.text, side: Side::Unknown };
        let heard: Vec<Said<'a>> = listened.iter().map(unsided).collect();
        let judgements = reader.judge(transcript.kind, &heard).await.map_err(|error| (place, error))?;
        for (clause, judgement) in listened.iter().zip(&judgements) {
            if let (Some(voice), Some(side)) = (Voice::of(place, clause, &companies), judgement.side) {
                *odds.entry(voice).or_default() += weight(side);
            }
        }
    }
    set_against_each_other(&mut odds);
    for (place, (_, clauses)) in sources.iter_mut().enumerate() {
        for clause in clauses.iter_mut().filter(|clause| is_unknown(clause)) {
            clause.side = match Voice::of(place, clause, &companies).and_then(|voice| odds.get(&voice)) {
                Some(odds) if *odds >= SURE => Side::Vendor,
                Some(odds) if *odds <= -SURE => Side::Customer,
                _ => Side::Unknown,
            };
        }
    }
    Ok(())
}

fn is_unknown(clause: &Sentence<'_>) -> bool {
    clause.side == Side::Unknown && clause.speaker.is_some()
}

/// Where a deal's people write from two companies that lean to different sides, one sells and the other buys: what speaks for the
/// one speaks against the other.
fn set_against_each_other(odds: &mut HashMap<Voice, f32>) {
    let companies: Vec<Voice> = odds.keys().filter(|voice| matches!(voice, Voice::Company(_))).cloned().collect();
    if let [one, other] = companies.as_slice()
        && odds[one] * odds[other] < 0.0
    {
        let difference = odds[one] - odds[other];
        odds.insert(one.clone(), difference);
        odds.insert(other.clone(), -difference);
    }
}

/// The mail domains of people by their names: colleagues speak for one side, in whichever source their address stands. A name that
/// stands at two companies tells neither.
fn companies(sources: &[(&Transcript, Vec<Sentence<'_>>)]) -> HashMap<String, String> {
    let people = sources.iter().flat_map(|(transcript, _)| &transcript.participants);
    let mut known: HashMap<String, HashSet<String>> = HashMap::new();
    for one in people {
        if let (Some(name), Some(domain)) = (&one.name, one.email.as_deref().and_then(company_domain)) {
            known.entry(name.to_lowercase()).or_default().insert(domain);
        }
    }
    let single = known.into_iter().filter(|(_, domains)| domains.len() == 1);
    single.flat_map(|(name, domains)| domains.into_iter().map(move |domain| (name.clone(), domain))).collect()
}

/// By what a speaker is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Voice {
    /// By the company of the mail address, in every source.
    Company(String),
    /// By name, in every source.
    Name(String),
    /// By what a file calls them: "Speaker 2" of two calls may be two people.
    Label(usize, String),
}

impl Voice {
    fn of(source: usize, clause: &Sentence<'_>, companies: &HashMap<String, String>) -> Option<Self> {
        let speaker = clause.speaker?;
        if let Some(domain) = speaker.email.as_deref().and_then(company_domain) {
            return Some(Self::Company(domain));
        }
        let Some(name) = speaker.name.as_ref().map(|name| name.to_lowercase()) else {
            return Some(Self::Label(source, speaker.label.to_lowercase()));
        };
        Some(companies.get(&name).cloned().map_or(Self::Name(name), Self::Company))
    }
}

/// What a clause adds to its speaker's log-odds of being on the vendor's side.
fn weight(side: Answer<Side>) -> f32 {
    let likely = (side.probability / (1.0 - side.probability).max(1e-4)).ln().min(WEIGHT);
    if side.is == Side::Vendor { likely } else { -likely }
}
