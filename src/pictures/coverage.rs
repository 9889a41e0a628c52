//! Who was heard in which source, what could not be read, and who is only spoken about.

mod layout;

use jiff::civil::Date;

use super::Picture;
use super::frame::draw;
use super::heard::Heard;
use super::stakeholders::{called, live, voices};
use super::text::{clean, counted, listed, percent};
use crate::domain::item::Item;
use crate::domain::transcript::{Side, SourceKind};

/// How many people are drawn; the others are counted, and in the table.
const MOST_PEOPLE: usize = 40;
/// How many names a sentence bears.
const MOST_NAMED: usize = 5;

/// How far a source is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Its words are in the record.
    Read,
    /// It could not be read, and why.
    Failed(String),
    /// It is still to be read.
    Waiting,
    /// It is spoken of, and nobody uploaded it.
    NotUploaded,
}

impl Reading {
    const fn word(&self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Failed(_) => "failed",
            Self::Waiting => "waiting",
            Self::NotUploaded => "missing",
        }
    }
}

/// A source that the record has or should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoveredSource {
    /// Its name, as [`Heard::by_source`] has it; names must differ.
    pub source: String,
    /// What people call it.
    pub label: String,
    /// What it is, where known.
    pub kind: Option<SourceKind>,
    /// The day, where known.
    pub on: Option<Date>,
    /// How far it is read.
    pub reading: Reading,
}

/// Somebody who was heard, or should have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoveredPerson {
    /// The name.
    pub name: String,
    /// The company.
    pub side: Side,
    /// Whether the draft names them as a stakeholder.
    pub stakeholder: bool,
    /// Words by source; empty for who was never heard.
    pub by_source: Vec<(String, usize)>,
}

impl CoveredPerson {
    fn words(&self) -> usize {
        self.by_source.iter().map(|(_, words)| words).sum()
    }

    fn words_in(&self, source: &str) -> usize {
        self.by_source.iter().filter(|(known, _)| known == source).map(|(_, words)| words).sum()
    }
}

/// Everybody who is heard, and behind them the stakeholders who never are.
#[must_use]
pub fn covered_people(items: &[Item], heard: &[Heard]) -> Vec<CoveredPerson> {
    let stakeholders = live(items);
    let voices = voices(&stakeholders, heard);
    let of_heard = heard.iter().map(|voice| CoveredPerson {
        name: clean(&voice.name),
        side: voice.side,
        stakeholder: voices.contains(&Some(voice)),
        by_source: voice.by_source.clone(),
    });
    let silent = stakeholders.iter().zip(&voices).filter(|(_, voice)| voice.is_none());
    let silent = silent.map(|(person, _)| CoveredPerson {
        name: called(person),
        side: Side::Unknown,
        stakeholder: true,
        by_source: Vec::new(),
    });
    of_heard.chain(silent).collect()
}

/// People by sources, each with how much was heard; nothing without sources and people.
#[must_use]
pub fn coverage(sources: &[CoveredSource], people: &[CoveredPerson]) -> Option<Picture> {
    if sources.is_empty() && people.is_empty() {
        return None;
    }
    let total = people.iter().map(CoveredPerson::words).sum();
    let title = "Who was heard where".to_owned();
    let summary = summary(sources, people, total);
    let view = layout::matrix(sources, people, total, &title, &summary);
    let label = |source: &CoveredSource| match &source.reading {
        Reading::Read => clean(&source.label),
        other => format!("{} ({})", clean(&source.label), other.word()),
    };
    let header = ["Person".to_owned(), "Side".to_owned(), "Stakeholder".to_owned()];
    Some(Picture {
        title,
        svg: draw("pictures/coverage.svg", &view),
        summary,
        header: header.into_iter().chain(sources.iter().map(label)).chain(["All words".to_owned()]).collect(),
        rows: people.iter().map(|person| row(person, sources, total)).collect(),
    })
}

fn row(person: &CoveredPerson, sources: &[CoveredSource], total: usize) -> Vec<String> {
    let in_source = |source: &CoveredSource| match (person.words_in(&source.source), &source.reading) {
        (0, Reading::Read) => "0".to_owned(),
        (0, other) => other.word().to_owned(),
        (words, _) => words.to_string(),
    };
    let all = match person.words() {
        0 => "never heard".to_owned(),
        words => format!("{words} ({})", percent(words, total)),
    };
    let stakeholder = if person.stakeholder { "yes" } else { "no" };
    let first = [clean(&person.name), side_word(person.side).to_owned(), stakeholder.to_owned()];
    first.into_iter().chain(sources.iter().map(in_source)).chain([all]).collect()
}

fn summary(sources: &[CoveredSource], people: &[CoveredPerson], total: usize) -> String {
    let in_state = |word: &str| sources.iter().filter(|source| source.reading.word() == word).count();
    let unread = [("failed", "could not be read"), ("waiting", "still waiting"), ("missing", "not uploaded")];
    let unread = unread.iter().filter(|(word, _)| in_state(word) > 0);
    let read = format!("{} of {} read", in_state("read"), counted(sources.len(), "source is", "sources are"));
    let states = unread.map(|(word, meaning)| format!("{} {meaning}", in_state(word)));
    let read = [read].into_iter().chain(states).collect::<Vec<_>>().join(", ") + ".";

    let (heard, silent): (Vec<&CoveredPerson>, Vec<&CoveredPerson>) =
        people.iter().partition(|person| person.words() > 0);
    let loudest = heard.iter().max_by_key(|person| person.words()).map(|loudest| {
        let (name, share) = (clean(&loudest.name), percent(loudest.words(), total));
        let heard = counted(heard.len(), "person is", "people are");
        format!("{heard} heard, most of all {name} with {share} of the words.")
    });
    let silent: Vec<String> = silent.iter().map(|person| clean(&person.name)).collect();
    let names: Vec<&str> = silent.iter().map(String::as_str).collect();
    let never = (!names.is_empty()).then(|| format!("Never heard themselves: {}.", listed(&names, MOST_NAMED)));
    [Some(read), loudest, never].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

const fn side_word(side: Side) -> &'static str {
    match side {
        Side::Vendor => "vendor",
        Side::Customer => "customer",
        Side::Unknown => "not told",
    }
}
