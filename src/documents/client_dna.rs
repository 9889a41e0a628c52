//! The profile of a customer as people read it: one page for a usual deal, two at most. The JSON document has all of it.

use serde::Serialize;

use super::lines::{stance, word_of};
use super::templates::{TemplateError, Templates};
use super::words::{basis, clip, day, due_words, names_due, origin, repeats};
use crate::dna::{Basis, ClientDna, DnaDeal, DnaEvent, DnaLine, DnaPhrase, Section};
use crate::domain::finding::{
    Commitment, ContractStatus, Finding, ObjectionStatus, Role, Stakeholder, Strength, TimelineKind,
};
use crate::domain::record::{CitationRecord, ItemRecord};
use crate::domain::transcript::Side;
use crate::domain::vocabulary::Outcome;
use crate::engine::QuoteRole;
use crate::render::view::in_words;

/// More than two printed pages hold.
const MAX_WORDS: usize = 1_000;
/// What a page holds.
const PAGE_WORDS: usize = 800;

/// Lines of each section, and words of a line.
#[derive(Debug, Clone, Copy)]
struct Room {
    lines: usize,
    promises: usize,
    words: usize,
}

/// From the room that most deals need to the room that no deal exceeds.
const ROOMS: [Room; 6] = [
    Room { lines: 6, promises: 10, words: 28 },
    Room { lines: 5, promises: 9, words: 26 },
    Room { lines: 4, promises: 8, words: 24 },
    Room { lines: 3, promises: 6, words: 22 },
    Room { lines: 3, promises: 5, words: 18 },
    Room { lines: 2, promises: 4, words: 14 },
];

/// What is printed of the page.
const ON_PAPER: Room = Room { lines: 5, promises: 8, words: 60 };

/// A profile, ready for a template.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DnaView {
    /// The account's name.
    pub account: String,
    /// The names of the deals it is of.
    pub deals: Vec<String>,
    /// Whether it is of an account: then every line names its deal.
    pub joined: bool,
    /// Lines that a person stands behind, and lines that nobody has decided on.
    pub approved: usize,
    /// See [`DnaView::approved`].
    pub not_reviewed: usize,
    /// Whether nobody has decided on any line: then no line says so for itself.
    pub draft: bool,
    /// Goals to open promises, those that say something.
    pub sections: Vec<DnaSection>,
    /// Their own words.
    pub own_words: Vec<PhraseView>,
    /// The history.
    pub history: Vec<EventView>,
    /// Headings of sections that the record says nothing on.
    pub silent: Vec<&'static str>,
}

/// One section.
#[derive(Debug, Clone, Serialize)]
pub struct DnaSection {
    /// The section's word.
    pub slug: String,
    /// Its heading.
    pub heading: &'static str,
    /// Whether it holds notes about persons.
    pub sensitive: bool,
    /// Its first lines.
    pub lines: Vec<LineView>,
    /// How many lines are not shown.
    pub more: usize,
    /// How many are not printed.
    pub more_on_paper: usize,
}

/// One line.
#[derive(Debug, Clone, Serialize)]
pub struct LineView {
    /// A person's name, where it is about one.
    pub name: Option<String>,
    /// What it says.
    pub text: String,
    /// What is known of it, in a few words each.
    pub tags: Vec<String>,
    /// Who said it and where, or who attests it.
    pub basis: String,
    /// Where the words stand, in the pages.
    pub url: Option<String>,
    /// Whether nobody has decided on it.
    pub not_reviewed: bool,
    /// Whether it is a note about persons.
    pub sensitive: bool,
    /// The deals it is from; empty in the profile of one deal.
    pub deals: Vec<String>,
    /// Whether it is left out where the page is printed.
    pub beyond: bool,
}

/// A phrase.
#[derive(Debug, Clone, Serialize)]
pub struct PhraseView {
    /// The words.
    pub words: String,
    /// How often they say it.
    pub times: u32,
    /// The words around it, verbatim.
    pub quote: String,
    /// Who says it and where.
    pub basis: String,
    /// Where the words stand, in the pages.
    pub url: Option<String>,
    /// The deals it is from; empty in the profile of one deal.
    pub deals: Vec<String>,
}

/// An event.
#[derive(Debug, Clone, Serialize)]
pub struct EventView {
    /// The day, in words; none where the record does not say it.
    pub on: Option<String>,
    /// What happened.
    pub text: String,
    /// What it rests on.
    pub basis: String,
    /// Where that stands, in the pages.
    pub url: Option<String>,
    /// Whether nobody has decided on it.
    pub not_reviewed: bool,
    /// The deal it is of; empty in the profile of one deal.
    pub deals: Vec<String>,
}

/// The profile as Markdown.
///
/// # Errors
///
/// [`TemplateError`] where a template of the team names something that does not exist.
pub fn markdown(templates: &Templates, dna: &ClientDna) -> Result<String, TemplateError> {
    let mut text = String::new();
    let most = if dna.deals.len() > 1 { MAX_WORDS } else { PAGE_WORDS };
    for room in ROOMS {
        text = templates.fill("client_dna.md", &view_in(dna, room))?;
        if text.split_whitespace().count() <= most {
            break;
        }
    }
    Ok(text)
}

/// The profile for the page, which has room.
#[must_use]
pub fn view(dna: &ClientDna) -> DnaView {
    let mut view = view_in(dna, Room { lines: 12, promises: 30, words: 60 });
    for section in &mut view.sections {
        let most = if section.slug == "open_promises" { ON_PAPER.promises } else { ON_PAPER.lines };
        section.lines.iter_mut().skip(most).for_each(|line| line.beyond = true);
        section.more_on_paper = section.more + section.lines.len().saturating_sub(most);
    }
    view
}

fn view_in(dna: &ClientDna, room: Room) -> DnaView {
    let joined = dna.deals.len() > 1;
    let (approved, not_reviewed) = dna.reviewed();
    let mut sections = Vec::new();
    let mut silent = Vec::new();
    for (section, lines) in dna.sections() {
        if lines.is_empty() {
            silent.extend((section != Section::Conversation).then_some(section.heading()));
            continue;
        }
        let most = match section {
            Section::OpenPromises => room.promises,
            Section::People => room.promises.min(8),
            Section::Decisions | Section::Wins | Section::Conversation => room.lines.min(4),
            _ => room.lines,
        };
        sections.push(DnaSection {
            slug: word_of(&section).unwrap_or_default(),
            heading: section.heading(),
            sensitive: section == Section::Conversation,
            more: lines.len().saturating_sub(most),
            more_on_paper: lines.len().saturating_sub(most),
            lines: said_once(lines).into_iter().take(most).map(|line| line_view(line, room.words, joined)).collect(),
        });
    }
    let most_phrases = (room.lines * 2).min(8);
    silent.extend(dna.own_words.is_empty().then_some(Section::OwnWords.heading()));
    silent.extend(dna.history.is_empty().then_some(Section::History.heading()));
    DnaView {
        account: clip(&dna.account, 8),
        deals: dna.deals.iter().map(|deal| clip(&deal.name, 10)).collect(),
        joined,
        approved,
        not_reviewed,
        draft: approved == 0 && not_reviewed > 0,
        sections,
        own_words: dna.own_words.iter().take(most_phrases).map(|phrase| phrase_view(phrase, joined)).collect(),
        history: dna.history.iter().map(|event| event_view(event, room, joined)).collect(),
        silent,
    }
}

/// Those that say what another one says come last: what is repeated on a page takes room from what is not.
fn said_once(lines: &[DnaLine]) -> Vec<&DnaLine> {
    let (mut first, mut again): (Vec<&DnaLine>, Vec<&DnaLine>) = (Vec::new(), Vec::new());
    for line in lines {
        let same = |other: &&DnaLine| {
            other.item.field() == line.item.field() && repeats(&other.item.statement, &line.item.statement)
        };
        if first.iter().any(same) { again.push(line) } else { first.push(line) }
    }
    first.append(&mut again);
    first
}

/// What a line says. Words that the engine left to whoever said them, `Omar Haddad: If it's important text me`, stand as the
/// quote that they are.
fn told(item: &ItemRecord, words: usize) -> String {
    let speaker = item.support().next().and_then(|citation| citation.speaker.as_ref());
    let own = speaker.and_then(|speaker| item.statement.strip_prefix(speaker.as_str())?.strip_prefix(": "));
    own.map_or_else(|| clip(&item.statement, words), |own| format!("“{}”", clip(own, words)))
}

fn line_view(line: &DnaLine, words: usize, joined: bool) -> LineView {
    let item = &line.item;
    let name = match &item.finding {
        Finding::Stakeholder(person) => person.name.as_ref().map(|name| clip(name, 6)),
        _ => None,
    };
    let text = match &item.finding {
        Finding::Stakeholder(person) if name.is_some() => {
            person.title.as_ref().map(|title| clip(title, 8)).unwrap_or_default()
        }
        _ => told(item, words),
    };
    LineView {
        name,
        tags: tags(line, words),
        text,
        basis: basis(item),
        url: item.support().next().and_then(moment_url),
        not_reviewed: !line.is_reviewed(),
        sensitive: item.field().is_sensitive(),
        deals: if joined { names(&line.deals) } else { Vec::new() },
        beyond: false,
    }
}

fn phrase_view(phrase: &DnaPhrase, joined: bool) -> PhraseView {
    PhraseView {
        words: clip(&phrase.words, 6),
        times: phrase.times,
        // Cut short it might lose the phrase itself.
        quote: clip(&phrase.citation.quote, 30),
        basis: origin(&phrase.citation),
        url: moment_url(&phrase.citation),
        deals: if joined { names(&phrase.deals) } else { Vec::new() },
    }
}

fn event_view(event: &DnaEvent, room: Room, joined: bool) -> EventView {
    let (basis, url) = match &event.basis {
        Basis::Source { source_id, source } => {
            (clip(source, 6), source_id.as_ref().map(|source| format!("/sources/{source}")))
        }
        Basis::Citation { citation } => (origin(citation), moment_url(citation)),
        Basis::Log { seq, .. } => (format!("log entry {seq}"), None),
    };
    EventView {
        on: event.on.map(day),
        text: clip(&event.text, room.words.max(22)),
        basis,
        url,
        not_reviewed: event.not_reviewed,
        deals: if joined { names(&event.deals) } else { Vec::new() },
    }
}

fn names(deals: &[DnaDeal]) -> Vec<String> {
    deals.iter().map(|deal| clip(&deal.name, 6)).collect()
}

/// Where words stand, in the pages.
fn moment_url(citation: &CitationRecord) -> Option<String> {
    citation.source_id.as_ref().map(|source| format!("/sources/{source}#t{}", citation.turn))
}

/// What is known of a line beside its words, in a few words each.
fn tags(line: &DnaLine, words: usize) -> Vec<String> {
    let text = &line.item.statement;
    let due = |due: &Option<String>| {
        due.as_ref().filter(|due| !names_due(text, due)).map(|due| format!("by {}", due_words(due)))
    };
    let unsaid = |label: &str, words_of: &Option<String>| {
        words_of.as_ref().filter(|told| !repeats(text, told)).map(|told| format!("{label}{}", clip(told, words)))
    };
    let kind = |word: Option<String>| word.map(|word| in_words(&word).to_lowercase());
    match &line.item.finding {
        Finding::SuccessCriteria(goal) => [unsaid("", &goal.metric), due(&goal.due)].into_iter().flatten().collect(),
        Finding::WhyBought(why) => kind(why.kind.and_then(|kind| word_of(&kind))).into_iter().collect(),
        Finding::Stakeholder(person) => person_tags(person),
        Finding::Commitment(promise) => promise_tags(promise, line.outcome, due(&promise.due)),
        Finding::Timeline(date) => {
            // A time in which nothing may happen is not due.
            let due = due(&date.due).filter(|_| date.kind != Some(TimelineKind::Blackout));
            [kind(date.kind.and_then(|kind| word_of(&kind))), due].into_iter().flatten().collect()
        }
        Finding::Objection(objection) if objection.status == Some(ObjectionStatus::Resolved) => {
            let reply = line.item.citations.iter().find(|citation| citation.role == QuoteRole::Reply);
            let told = reply.map(|reply| format!("a worry, answered: “{}”", clip(&reply.quote, words.min(16))));
            vec![told.unwrap_or_else(|| "a worry, answered".to_owned())]
        }
        Finding::Objection(_) => vec!["open worry".to_owned()],
        Finding::Risk(risk) => {
            let severity = risk.severity.and_then(|level| word_of(&level)).map(|level| format!("risk, {level}"));
            let tag = severity.unwrap_or_else(|| "risk".to_owned());
            [Some(tag), unsaid("against it: ", &risk.mitigation)].into_iter().flatten().collect()
        }
        Finding::Technical(technical) => kind(technical.kind.and_then(|kind| word_of(&kind))).into_iter().collect(),
        Finding::Competitor(other) => {
            let name = other.name.as_ref().filter(|name| !repeats(text, name)).map(|name| clip(name, 6));
            let name = name.map_or_else(|| "alternative".to_owned(), |name| format!("alternative: {name}"));
            [Some(name), unsaid("", &other.reason)].into_iter().flatten().collect()
        }
        Finding::Scope(_) | Finding::Pricing(_) | Finding::Politics(_) | Finding::Relationship(_) => Vec::new(),
    }
}

fn person_tags(person: &Stakeholder) -> Vec<String> {
    let role = |role: &Role| match role {
        Role::EconomicBuyer => Some("signs and pays".to_owned()),
        other => word_of(other).map(|word| word.replace('_', " ")),
    };
    let mut tags: Vec<String> = person.roles.iter().flatten().filter_map(role).take(3).collect();
    tags.extend(person.stance.map(|of| stance(of).to_owned()));
    let influence = person.influence.and_then(|level| word_of(&level));
    tags.extend(influence.map(|level| format!("{level} influence")));
    tags.extend((person.leaving == Some(true)).then(|| "leaving".to_owned()));
    tags
}

fn promise_tags(promise: &Commitment, outcome: Option<Outcome>, due: Option<String>) -> Vec<String> {
    let owner = match promise.owed_by {
        Some(Side::Vendor) => "we owe",
        Some(Side::Customer) => "they owe",
        _ => "owner not told",
    };
    let contract = promise.contract.map(|status| match status {
        ContractStatus::Written => "in the contract",
        ContractStatus::Contradicted => "contract says otherwise",
        ContractStatus::Unwritten => "not in the contract",
        ContractStatus::NoContract => "no contract",
    });
    let strength = promise.strength.filter(|strength| *strength != Strength::Firm).and_then(|of| word_of(&of));
    let outcome = outcome.and_then(|outcome| word_of(&outcome));
    [Some(owner.to_owned()), outcome, due, strength, contract.map(str::to_owned)].into_iter().flatten().collect()
}
