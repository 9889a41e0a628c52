//! Selected clauses to claims: the part that tells is quoted, and attributes and statement are read from that part.

use std::collections::HashSet;

use super::dates::SaidOn;
use super::features::Features;
use super::findings;
use super::modality::Modality;
use super::people::{self, Mention};
use super::promise::promise;
use super::replies;
use super::select::{Selected, asked};
use super::sentences::{MIN_WORDS, Sentence};
use super::statement::statement;
use super::telling::telling;
use super::words::Words;
use crate::domain::field::Field;
use crate::domain::finding::{Finding, Objection, ObjectionStatus, Role, Stakeholder};
use crate::engine::{Claim, ClaimedQuote, Evidence, QuoteRole};
use crate::reader::Judgement;

/// A source as read: its clauses with their features and vectors, place by place.
pub(super) struct Source<'a> {
    /// The evidence the clauses come from.
    pub evidence: Evidence<'a>,
    /// What is known of the day on which it was said.
    pub said_on: SaidOn,
    /// The clauses.
    pub sentences: Vec<Sentence<'a>>,
    /// Their features.
    pub features: Vec<Features>,
    /// What the reader says about them.
    pub judgements: Vec<Judgement>,
    /// The vectors of those that are compared; the others' are empty.
    pub vectors: Vec<Vec<f32>>,
    /// First names of the people the source lists, in lower case.
    pub names: HashSet<String>,
}

impl Source<'_> {
    /// The claim of a selected clause and its companions.
    pub(super) fn claim(&self, selected: &Selected) -> Claim {
        let whole = &self.features[selected.lead];
        let lead = self.told(selected.field, &self.sentences[selected.lead]);
        let kind = self.evidence.transcript.kind;
        // A hedge outside the telling part still hedges it.
        let features = Features { modality: whole.modality, ..Features::of(&lead, kind, self.said_on, &self.names) };
        let mut finding = findings::finding(selected.field, &lead, &features, &self.judgements[selected.lead]);
        let mut quotes = vec![quote(&lead, QuoteRole::Support)];
        let others = selected.others.iter().filter_map(|&other| self.sentences.get(other));
        quotes.extend(others.map(|other| quote(&self.told(selected.field, other), QuoteRole::Support)));
        if selected.field == Field::Objection
            && let Some(reply) = replies::reply(&self.sentences, &self.vectors, selected.lead)
        {
            if reply.status == ObjectionStatus::Resolved {
                finding = Finding::Objection(Objection { status: Some(reply.status) });
            }
            quotes.extend(self.sentences.get(reply.sentence).map(|answer| quote(answer, QuoteRole::Reply)));
        }
        let mut statement = statement(lead.text, lead.speaker, lead.recorded_side());
        if lead.words.len() < MIN_WORDS
            && let Some(question) = asked(&self.sentences, selected.lead).and_then(|place| self.sentences.get(place))
        {
            statement = answered(question, &lead);
            quotes.push(quote(question, QuoteRole::Support));
        }
        Claim { finding, statement, confidence: selected.confidence, quotes }
    }

    /// The part of a clause that makes it a finding of `field`: what binds, of a promise; of all else what is no run-up.
    fn told<'s>(&self, field: Field, sentence: &Sentence<'s>) -> Sentence<'s> {
        let bound = |text: &str| {
            let words = Words::of(text);
            let promise = promise(&words, Modality::of(text, &words), self.evidence.transcript.kind, &self.names);
            promise.map_or(0.0, |promise| promise.weight)
        };
        let whole = bound(sentence.text);
        let text = telling(sentence.text, |part| field != Field::Commitment || bound(part) >= whole);
        Sentence { text, words: Words::of(text), ..sentence.clone() }
    }

    /// The claim that somebody matters.
    pub(super) fn introduction(&self, mention: Mention) -> Option<Claim> {
        let told = mention.sentences.iter().filter_map(|&place| self.sentences.get(place));
        let told: Vec<Sentence<'_>> = told.map(|sentence| about(&mention.stakeholder, sentence)).collect();
        let statement = introduced(&mention.stakeholder, told.first()?)?;
        Some(Claim {
            statement,
            confidence: mention.score,
            quotes: told.iter().map(|sentence| quote(sentence, QuoteRole::Support)).collect(),
            finding: Finding::Stakeholder(mention.stakeholder),
        })
    }
}

/// A short answer with the question that gives it its sense.
fn answered(question: &Sentence<'_>, answer: &Sentence<'_>) -> String {
    let name = answer.speaker.map_or("somebody", |speaker| speaker.name.as_ref().unwrap_or(&speaker.label));
    format!("Asked \u{201c}{}\u{201d}, {name} says: {}", question.text.trim(), answer.text.trim())
}

/// The part of a clause that names the person or says as much about them.
fn about<'s>(person: &Stakeholder, sentence: &Sentence<'s>) -> Sentence<'s> {
    let first = person.name.as_deref().and_then(|name| name.split_whitespace().next()).unwrap_or_default();
    let named = sentence.text.contains(first);
    let weight = |text: &str| people::weight(text, &Words::of(text));
    let whole = weight(sentence.text);
    let text = telling(sentence.text, |part| (!named || part.contains(first)) && weight(part) >= whole);
    Sentence { text, words: Words::of(text), ..sentence.clone() }
}

/// Name, title or else roles, and whether the person leaves; where none is known, the clause itself.
fn introduced(person: &Stakeholder, told: &Sentence<'_>) -> Option<String> {
    let name = person.name.as_deref()?;
    let leaving = if person.leaving == Some(true) { "; said to be leaving" } else { "" };
    let roles: Vec<String> = person.roles.iter().flatten().map(|role| plain(*role)).collect();
    let known = person.title.clone().or_else(|| (!roles.is_empty()).then(|| roles.join(", ")));
    Some(match known {
        Some(known) => format!("{name}, {known}{leaving}."),
        None if person.leaving == Some(true) => format!("{name}{leaving}."),
        None => statement(told.text, told.speaker, told.recorded_side()),
    })
}

/// A role in words: `end user`.
fn plain(role: Role) -> String {
    match role {
        Role::Technical => "technical contact".to_owned(),
        Role::LegalProcurement => "legal or procurement".to_owned(),
        role => {
            serde_json::to_value(role).ok().and_then(|word| Some(word.as_str()?.replace('_', " "))).unwrap_or_default()
        }
    }
}

fn quote(sentence: &Sentence<'_>, role: QuoteRole) -> ClaimedQuote {
    ClaimedQuote { turn: sentence.turn, quote: sentence.text.to_owned(), role }
}
