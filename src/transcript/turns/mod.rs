//! Cues to turns: the last step of every reader. The rules are in the [module doc](super).

mod merge;
mod tidy;

use std::collections::{HashMap, HashSet};

pub(super) use merge::{SILENCE_MS, ends_sentence};

use super::error::ParseError;
use super::person;
use super::reading::Reading;
use crate::domain::transcript::{ParseReport, Participant, SourceKind, TRANSCRIPT_SCHEMA, Transcript};

/// Builds the document; an error if no cue has a word.
pub(super) fn assemble(mut reading: Reading) -> Result<Transcript, ParseError> {
    let read = reading.captions.unwrap_or(reading.cues.len()) + reading.cues_left_out;
    tidy::text(&mut reading);
    let names_people = reading.kind == SourceKind::CrmRecord && !reading.people.is_empty();
    if reading.cues.is_empty() && !names_people {
        return Err(ParseError::NothingUsable { tried: super::detect::tried(reading.format).to_owned() });
    }
    tidy::times(&mut reading);
    let participants = participants(&mut reading);
    let duration_ms = reading.duration_ms.or_else(|| reading.cues.iter().filter_map(|cue| cue.end_ms).max());
    let turns = merge::merge(reading.cues, reading.grouping, reading.precision);
    Ok(Transcript {
        schema: TRANSCRIPT_SCHEMA.to_owned(),
        format: reading.format,
        kind: reading.kind,
        title: reading.title,
        started_at: reading.started_at,
        duration_ms,
        participants,
        report: ParseReport {
            cues: u32::try_from(read).unwrap_or(u32::MAX),
            turns: u32::try_from(turns.len()).unwrap_or(u32::MAX),
            dropped: reading.dropped,
            warnings: reading.warnings,
        },
        turns,
    })
}

/// Speakers in order of their first words, then the people who are only listed.
fn participants(reading: &mut Reading) -> Vec<Participant> {
    let listed = std::mem::take(&mut reading.people);
    let by_label: HashMap<&str, &Participant> = listed.iter().rev().map(|one| (one.label.as_str(), one)).collect();
    let mut seen = HashSet::new();
    let speakers = reading.cues.iter().filter_map(|cue| cue.speaker.as_deref());
    let mut all: Vec<Participant> = Vec::new();
    for label in speakers.chain(listed.iter().map(|one| one.label.as_str())).filter(|label| seen.insert(*label)) {
        all.push(by_label.get(label).map_or_else(|| person::from_label(label), |known| (*known).clone()));
    }
    person::sides_from_marks(&mut all);
    all
}
