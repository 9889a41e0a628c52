//! Which side somebody speaks for, where the file does not say: told by the reader from what they say.

use std::collections::HashMap;

use super::reader::{Judgement, Reader};
use super::sentences::Sentence;
use crate::domain::transcript::{Side, SourceKind};
use crate::encoder::ModelError;
use crate::transcript::person::company_domain;

/// Clauses of a source that are listened to; a speaker who has not shown a side by then seldom does.
const HEARD: usize = 240;
/// What one clause can weigh, in log-odds: no single sentence decides.
const WEIGHT: f32 = 2.0;
/// The log-odds from which on a side is told: about 9 to 1.
const SURE: f32 = 2.2;

/// Gives the clauses of speakers on no known side the side that their words in all sources of the deal speak for. Where they
/// do not speak for one clearly, the side stays unknown, and no duty is put on anybody.
pub(super) async fn tell_sides(
    reader: &Reader,
    sources: &mut [(SourceKind, Vec<Sentence<'_>>)],
) -> Result<(), ModelError> {
    let companies = companies(sources);
    let mut odds: HashMap<String, f32> = HashMap::new();
    for (kind, clauses) in sources.iter().filter(|(_, clauses)| clauses.iter().any(is_unknown)) {
        let mut heard: Vec<Sentence<'_>> = clauses.iter().take(HEARD).cloned().collect();
        // The reader tells sides where none is given; one that is given would be its own proof.
        for clause in &mut heard {
            clause.side = Side::Unknown;
        }
        let judgements = reader.judge(*kind, &heard).await?;
        weigh(&heard, &judgements, &companies, &mut odds);
    }
    for clause in sources.iter_mut().flat_map(|(_, clauses)| clauses).filter(|clause| is_unknown(clause)) {
        clause.side = match voice(clause, &companies).and_then(|voice| odds.get(&voice)) {
            Some(odds) if *odds >= SURE => Side::Vendor,
            Some(odds) if *odds <= -SURE => Side::Customer,
            _ => Side::Unknown,
        };
    }
    Ok(())
}

fn is_unknown(clause: &Sentence<'_>) -> bool {
    clause.side == Side::Unknown && clause.speaker.is_some()
}

/// The mail domains of people by their names: colleagues speak for one side, in whichever source their address stands.
fn companies(sources: &[(SourceKind, Vec<Sentence<'_>>)]) -> HashMap<String, String> {
    let speakers = sources.iter().flat_map(|(_, clauses)| clauses).filter_map(|clause| clause.speaker);
    let known = speakers.filter_map(|speaker| {
        Some((speaker.name.as_ref()?.to_lowercase(), company_domain(speaker.email.as_deref()?)?))
    });
    known.collect()
}

/// By what a speaker is known in every source: the company, else the name, else the label.
fn voice(clause: &Sentence<'_>, companies: &HashMap<String, String>) -> Option<String> {
    let name = clause.speaker.map(|speaker| speaker.name.as_ref().unwrap_or(&speaker.label).to_lowercase())?;
    Some(companies.get(&name).cloned().unwrap_or(name))
}

/// Adds to every speaker's log-odds of being on the vendor's side.
fn weigh(
    clauses: &[Sentence<'_>],
    judgements: &[Judgement],
    companies: &HashMap<String, String>,
    odds: &mut HashMap<String, f32>,
) {
    for (clause, judgement) in clauses.iter().zip(judgements) {
        if let (Some(voice), Some(side)) = (voice(clause, companies), judgement.side) {
            let likely = (side.probability / (1.0 - side.probability).max(1e-4)).ln().min(WEIGHT);
            *odds.entry(voice).or_default() += if side.is == Side::Vendor { likely } else { -likely };
        }
    }
}
