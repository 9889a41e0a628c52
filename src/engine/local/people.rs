//! Who matters: names, titles and roles, said in introductions and about people who are not there.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::names::{first, full_names, names, places, same, single_names};
use super::sentences::Sentence;
use super::titles::{self, bare, figurative, title};
use super::words::{Phrases, Words, phrases};
use crate::domain::field::Field;
use crate::domain::finding::{Level, Role, Stakeholder, Stance};
use crate::domain::transcript::{Participant, Side, Transcript};
use crate::reader::Judgement;

/// More people than a call names; what a hostile file adds is not read.
const MAX_PEOPLE: usize = 60;
/// How far before a first name a clause may speak of its bearer: "nothing happens without Ana".
const NEARBY_WORDS: usize = 4;
/// From this probability on somebody is said to leave.
const LEAVES: f32 = 0.6;
/// How many of a clause's first words tell whom it is about.
const OPENING_WORDS: usize = 3;
/// Clauses back in which "he" was named.
const NAMED_BEFORE: usize = 4;
/// Quotes of one person.
const MAX_QUOTES: usize = 3;

/// Somebody on the buying side, or on none that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    /// Full name where the source has one.
    pub name: String,
    /// The participant with that name.
    participant: Option<usize>,
}

/// A clause that tells how a person counts.
pub(super) struct Mention {
    /// The places of the clauses in the list, the one that tells most first.
    pub sentences: Vec<usize>,
    /// What it tells.
    pub stakeholder: Stakeholder,
    /// How much it tells, 0 to 1.
    pub score: f32,
}

static ROLES: LazyLock<Vec<(Role, Phrases)>> = LazyLock::new(|| {
    Phrases::table(&[
        (
            Role::EconomicBuyer,
            "\
            signs the | signs off | has to sign | will sign | final say | final decision | approves | holds the budget \
            | her budget | his budget | owns the budget | the owner | happens without | writes the check | writes the \
            cheque | budget holder | economic buyer | signature authority | the money",
        ),
        (
            Role::Champion,
            "\
            champion | pushed for | pushed this | been pushing | brought you in | found you | wanted this | fought for \
            | driving this | biggest fan | this was my idea",
        ),
        (
            Role::ExecutiveSponsor,
            "\
            sponsor | executive sponsor | exec sponsor | backs this | behind this",
        ),
        (
            Role::Technical,
            "\
            it director | it manager | it lead | cto | \
            cio | ciso | architect | security | integration* | sysadmin | network engineer | technical",
        ),
        (
            Role::Evaluator,
            "\
            evaluat* | compared | scored | scorecard | did the comparison | selection committee | reviewed the options",
        ),
        (
            Role::ProjectLead,
            "\
            project lead | project manager | running this project | run this project | leading this | lead the project \
            | run this day to day | lead the rollout | in charge of the rollout | driving the rollout | pmo | will own \
            this",
        ),
        (
            Role::Admin,
            "\
            administrator | admin | system owner | super user | superuser | key user",
        ),
        (
            Role::EndUser,
            "\
            day to day user | uses it every | end user | power user | dispatcher* | planner | operator* | on the floor \
            | front desk | nurse* | technician*",
        ),
        (
            Role::Skeptic,
            "\
            skeptic* | sceptic* | not convinced | thinks paper | thinks it is fine | on the fence | not a fan | is fine the way | does not \
            see the point | hard to convince | not sold | need convincing | needs convincing | doubts",
        ),
        (
            Role::Detractor,
            "\
            against it | against this | opposed | will fight | fought it | hates the idea | detractor | wants to kill \
            | voted against | does not want it",
        ),
        (
            Role::LegalProcurement,
            "\
            legal | lawyer | counsel | attorney | procurement | purchasing | reads every word | contracts | compliance \
            | data protection officer | works council",
        ),
    ])
});
phrases! {
    LEAVING = "retiring | retires | is leaving | last day | leaves in | leaves at | moving on | changing roles | new job \
        | maternity | parental leave | stepping down | handing over | leaving us | leaving the company";
    SELF_INTRODUCTIONS = "i am the | i am a | i am our | i run | i head | i lead | i manage | i am responsible | i am in charge | my \
        role | my job | i oversee | i own the | i look after | i sign | i report to | i am head | i am director | \
        i am vp | i will be running | i will be the";
    /// What is over.
    FORMERLY = "was | were | used to | no longer | anymore";
}

/// Lower-case first names of everybody the source lists, for promises made on somebody's behalf.
pub(super) fn first_names(transcript: &Transcript) -> HashSet<String> {
    let names = transcript.participants.iter().filter_map(|participant| participant.name.as_deref());
    names
        .filter_map(|name| name.split_whitespace().next())
        .map(str::to_lowercase)
        .filter(|name| name.chars().count() > 2)
        .collect()
}

/// For every person what the source tells, where it is at least so `likely` to tell how they matter; in order of appearance.
pub(super) fn stakeholders(
    transcript: &Transcript,
    sentences: &[Sentence<'_>],
    judgements: &[Judgement],
    likely: f32,
) -> Vec<Mention> {
    let people = people(transcript, sentences, judgements, likely);
    let listed = first_names(transcript);
    let mut told: Vec<Vec<Mention>> = people.iter().map(|_| Vec::new()).collect();
    for (place, judgement) in judgements.iter().enumerate() {
        if judgement.field[Field::Stakeholder] >= likely
            && let Some(person) = subject(transcript, &people, &listed, sentences, place)
        {
            told[person].push(mention(transcript, &people[person], place, &sentences[place], judgement));
        }
    }
    let told = told.into_iter().zip(&people).filter_map(|(mentions, person)| Some((joined(mentions)?, person)));
    told.map(|(mention, person)| with_title(mention, &person.name, sentences)).collect()
}

/// The mention with the title that another clause gives the person, where its own give none.
fn with_title(mut mention: Mention, name: &str, sentences: &[Sentence<'_>]) -> Mention {
    let told = |sentence: &Sentence<'_>| title(sentence.text).filter(|title| is_given(sentence.text, name, title));
    let mut named = sentences.iter().enumerate().filter(|(_, sentence)| names(sentence, name));
    if mention.stakeholder.title.is_none()
        && let Some((place, title)) = named.find_map(|(place, sentence)| Some((place, told(sentence)?)))
    {
        mention.stakeholder.title = Some(title);
        mention.sentences.push(place);
    }
    mention
}

/// The place of the person that the clause at `place` is about: whoever it names first, else, where it begins with "he" or "she",
/// whoever was named last, else the speaker who says "I".
fn subject(
    transcript: &Transcript,
    people: &[Person],
    listed: &HashSet<String>,
    sentences: &[Sentence<'_>],
    place: usize,
) -> Option<usize> {
    let sentence = &sentences[place];
    let named = |sentence: &Sentence<'_>| {
        let named = people.iter().enumerate().filter(|(_, person)| names(sentence, &person.name));
        named.min_by_key(|(_, person)| sentence.text.find(first(&person.name))).map(|(at, _)| at)
    };
    let own = || {
        let label = &sentence.speaker?.label;
        let is = |person: &Person| person.participant.and_then(|at| transcript.participants.get(at)).map(|p| &p.label);
        people.iter().position(|person| is(person) == Some(label))
    };
    let opens = |words: &[&str]| sentence.words.iter().take(OPENING_WORDS).any(|word| words.contains(&word));
    if sentence.words.any(&SELF_INTRODUCTIONS) {
        return own();
    }
    // "He" is whoever was named last, also where that is somebody who sells and is not asked about.
    let before = || {
        let earlier = sentences[..place].iter().rev().take(NAMED_BEFORE);
        let anybody = |sentence: &Sentence<'_>| sentence.words.iter().any(|word| listed.contains(word));
        let named = |sentence| named(sentence).map(Some).or_else(|| anybody(sentence).then_some(None));
        earlier.into_iter().find_map(named).flatten()
    };
    named(sentence)
        .or_else(|| if opens(&["he", "she", "his", "her"]) { before() } else { None })
        .or_else(|| if opens(&["i", "my"]) { own() } else { None })
}

/// Whether the title stands right behind the name: "Ana Petrov, our finance director", not "Ana asks the director".
fn is_given(text: &str, name: &str, title: &str) -> bool {
    let behind = text.find(name).map(|at| at + name.len());
    let behind = behind.or_else(|| text.find(first(name)).map(|at| at + first(name).len()));
    let between = behind.and_then(|at| text.get(at..)).and_then(|rest| Some(&rest[..rest.find(title)?]));
    let links = |word: &str| {
        matches!(bare(word).as_str(), "" | "is" | "s" | "our" | "the" | "my" | "a" | "an" | "he's" | "she's")
    };
    between.is_some_and(|between| between.split_whitespace().all(links))
}

/// The mention that tells most, with what the next two add to it.
fn joined(mut mentions: Vec<Mention>) -> Option<Mention> {
    mentions.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut mentions = mentions.into_iter();
    let mut best = mentions.next()?;
    for other in mentions.take(MAX_QUOTES - 1) {
        best.sentences.extend(other.sentences);
        let (own, more) = (&mut best.stakeholder, other.stakeholder);
        let roles = own.roles.get_or_insert_default();
        roles.extend(more.roles.unwrap_or_default());
        roles.sort_unstable();
        roles.dedup();
        own.title = own.title.take().or(more.title);
        own.stance = own.stance.or(more.stance);
        own.influence = own.influence.or(more.influence);
        own.leaving = own.leaving.or(more.leaving);
    }
    best.stakeholder.roles = best.stakeholder.roles.filter(|roles| !roles.is_empty());
    Some(best)
}

/// Participants who do not sell, then the full names that are said, then the single names of whom the reader finds that the
/// clause says how they matter.
fn people(transcript: &Transcript, sentences: &[Sentence<'_>], judgements: &[Judgement], likely: f32) -> Vec<Person> {
    // A side that the words told counts as much as one that the file gives.
    let selling =
        sentences.iter().filter(|sentence| sentence.side == Side::Vendor).filter_map(|sentence| sentence.speaker);
    let selling: HashSet<&str> = selling.map(|speaker| speaker.label.as_str()).collect();
    let sells = |p: &Participant| p.side == Side::Vendor || selling.contains(p.label.as_str());
    let vendors: Vec<&str> =
        transcript.participants.iter().filter(|p| sells(p)).filter_map(|p| p.name.as_deref()).collect();
    let mut people: Vec<Person> = transcript
        .participants
        .iter()
        .enumerate()
        .filter(|(_, participant)| !sells(participant))
        .filter_map(|(place, participant)| Some(Person { name: participant.name.clone()?, participant: Some(place) }))
        .filter(|person| person.name.split_whitespace().count() < 5)
        .take(MAX_PEOPLE)
        .collect();
    let places: HashSet<&str> = sentences.iter().flat_map(|sentence| places(sentence.text)).collect();
    let told = sentences.iter().zip(judgements).filter(|(_, judgement)| judgement.field[Field::Stakeholder] >= likely);
    let single = told.flat_map(|(sentence, _)| single_names(sentence.text));
    for name in sentences.iter().flat_map(|sentence| full_names(sentence.text)).chain(single) {
        let known = people.iter().any(|person| person.name == name || same(first(&person.name), first(name)));
        if people.len() < MAX_PEOPLE
            && !known
            && !places.contains(name)
            && !vendors.iter().any(|vendor| same(first(vendor), first(name)))
        {
            people.push(Person { name: name.to_owned(), participant: None });
        }
    }
    people
}

/// What a clause tells about the person it is about.
fn mention(
    transcript: &Transcript,
    person: &Person,
    place: usize,
    sentence: &Sentence<'_>,
    judgement: &Judgement,
) -> Mention {
    let participant = person.participant.and_then(|place| transcript.participants.get(place));
    let text = if names(sentence, &person.name) { attributed(sentence.text, &person.name) } else { sentence.text };
    let part = Sentence { text, words: Words::of(text), ..sentence.clone() };
    let mut stakeholder = describe(person, participant, &part);
    // What the clause says of somebody else, the reader hears too.
    if text.is_empty() {
        return Mention { sentences: vec![place], stakeholder, score: judgement.field[Field::Stakeholder] };
    }
    // Roles that the words name are surer than those the reader hears.
    if stakeholder.roles.is_none() && !judgement.roles.is_empty() {
        stakeholder.roles = Some(judgement.roles.clone());
    }
    stakeholder.stance = stakeholder.stance.or(judgement.stance.map(|stance| stance.is));
    stakeholder.leaving = stakeholder.leaving.or((judgement.leaving >= LEAVES).then_some(true));
    Mention { sentences: vec![place], stakeholder, score: judgement.field[Field::Stakeholder] }
}

/// The part of a clause that can be about the person: all of it behind a full name, none where only another has one, else
/// from a few words before the first name on.
fn attributed<'t>(text: &'t str, name: &str) -> &'t str {
    if text.contains(name) {
        return text;
    }
    if full_names(text).iter().any(|other| !same(first(other), first(name))) {
        return "";
    }
    let named = text.find(first(name)).unwrap_or_default();
    let before = text.get(..named).unwrap_or_default();
    let from = before.split_whitespace().rev().nth(NEARBY_WORDS - 1);
    from.and_then(|word| text.get(word.as_ptr() as usize - text.as_ptr() as usize..)).unwrap_or(text)
}

/// How much a clause tells about whomever it is about: a title, roles, or that somebody leaves.
pub(super) fn weight(text: &str, words: &Words) -> f32 {
    let title = if title(text).is_some() || words.any(titles::nouns()) && !figurative(words) { 0.35 } else { 0.0 };
    let leaving = if words.any(&LEAVING) { 0.3 } else { 0.0 };
    title + leaving + 0.3 * roles(text, words).len().min(2) as f32
}

/// The roles that a clause has words for; doubts that somebody had are none.
fn roles(text: &str, words: &Words) -> Vec<Role> {
    let department = text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "IT");
    let mut roles: Vec<Role> = ROLES.iter().filter(|(_, cues)| words.any(cues)).map(|(role, _)| *role).collect();
    if department && !roles.contains(&Role::Technical) {
        roles.push(Role::Technical);
    }
    roles
}

fn describe(person: &Person, participant: Option<&Participant>, sentence: &Sentence<'_>) -> Stakeholder {
    let words = &sentence.words;
    let former = words.any(&FORMERLY);
    let mut roles = roles(sentence.text, words);
    roles.retain(|role| !(former && matches!(role, Role::Skeptic | Role::Detractor)));
    let stance = match () {
        () if roles.contains(&Role::Detractor) => Some(Stance::Opposed),
        () if roles.contains(&Role::Skeptic) => Some(Stance::Skeptical),
        () if roles.contains(&Role::Champion) => Some(Stance::Supportive),
        () => None,
    };
    let decides = roles.iter().any(|role| matches!(role, Role::EconomicBuyer | Role::ExecutiveSponsor));
    Stakeholder {
        name: Some(person.name.clone()),
        title: participant.and_then(|participant| participant.title.clone()).or_else(|| title(sentence.text)),
        email: participant.and_then(|participant| participant.email.clone()),
        roles: (!roles.is_empty()).then_some(roles),
        stance,
        influence: decides.then_some(Level::High),
        leaving: words.any(&LEAVING).then_some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_near_a_first_name_is_about_its_bearer() {
        for (text, part) in [
            ("Ana Petrov, new, our dock admin after Jo.", ""),
            (
                "The opt-out: legal changed the days in the last turn, I don't think Jo noticed.",
                "turn, I don't think Jo noticed.",
            ),
            ("Jo is our planner.", "Jo is our planner."),
            ("The planner is Jo Brandt.", "The planner is Jo Brandt."),
        ] {
            assert_eq!(attributed(text, "Jo Brandt"), part, "{text}");
        }
    }

    #[test]
    fn full_names_are_found_and_other_capitals_are_not() {
        assert_eq!(
            full_names("Then Ana Petrov\u{2019}s team and Luis Ortega-Diaz, on Labor Day."),
            ["Ana Petrov", "Luis Ortega-Diaz"]
        );
        assert_eq!(places("It broke at Port Sorrel, Ana Petrov said."), ["Port Sorrel"]);
        assert!(same("Ra\u{fa}l", "Raul") && !same("Ra\u{fa}l", "Ramon"));
        assert!(full_names("I think So We do. New York in March").is_empty());
    }
}
