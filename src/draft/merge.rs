//! Merge across calls: the same finding said twice is one item with two citations; a newer word supersedes the older one, and
//! both stay in sight.

use std::collections::BTreeSet;

use crate::domain::finding::{Commitment, Finding, History, Stakeholder};
use crate::domain::ids::ItemId;
use crate::domain::item::{Item, ItemState, Origin};
use crate::embed::{EmbedError, Embedder};
use crate::ground::{Citation, GroundedClaim};

/// Cosine of two quotes of one field from which on they say the same thing, so that one item can stand for both.
const SAME_THING: f32 = 0.80;

/// Cosine of two promises from which on they are about the same matter, so that another date, another number or a taking-back
/// in the later one is a change of the earlier one. Measured with the bundled encoder on the sample deals: the four changed
/// promises that the engine finds lie at 0.72 to 0.88, the closest pair of different promises from two calls at 0.67.
const SAME_MATTER: f32 = 0.70;

/// Merges grounded claims, given in the order in which they were said, into items.
///
/// # Errors
///
/// When the quotes cannot be embedded for comparison.
pub async fn merge(embedder: &dyn Embedder, seed: &str, claims: Vec<GroundedClaim>) -> Result<Vec<Item>, EmbedError> {
    // The words themselves are compared: statements begin with the same names, which makes strangers look alike.
    let quotes: Vec<&str> = claims.iter().map(telling_quote).collect();
    let vectors = embedder.embed(&quotes).await?;
    let mut threads: Vec<Thread> = Vec::new();
    for (claim, vector) in claims.into_iter().zip(vectors) {
        let newcomer = Thread::new(seed, claim, vector);
        let relation =
            threads.iter().enumerate().rev().find_map(|(at, thread)| Some((at, thread.relation(&newcomer)?)));
        match relation {
            Some((at, Relation::Same)) => threads[at].absorb(newcomer),
            Some((at, Relation::NewerWord)) => {
                let mut newcomer = newcomer;
                threads[at].supersede_by(&mut newcomer);
                threads.push(newcomer);
            }
            None => threads.push(newcomer),
        }
    }
    Ok(threads.into_iter().map(|thread| thread.item).collect())
}

/// The words a claim rests on first of all.
fn telling_quote(grounded: &GroundedClaim) -> &str {
    grounded.citations.first().map_or(grounded.claim.statement.as_str(), Citation::quote)
}

/// An item in the making, with the vector of its telling quote.
struct Thread {
    item: Item,
    vector: Vec<f32>,
}

/// How a newcomer stands to what was said before.
enum Relation {
    /// It says the same.
    Same,
    /// It is about the same thing and says something else.
    NewerWord,
}

impl Thread {
    fn new(seed: &str, GroundedClaim { claim, citations, .. }: GroundedClaim, vector: Vec<f32>) -> Self {
        let place = citations.first().map_or_else(String::new, |citation| {
            format!("{}\u{1f}{}\u{1f}{:?}", citation.source(), citation.turn(), citation.chars())
        });
        let item = Item {
            id: ItemId::derived(&[seed, claim.finding.field().as_str(), &place, &claim.statement]),
            finding: claim.finding,
            statement: claim.statement,
            confidence: Some(claim.confidence),
            origin: Origin::Engine,
            attested_by: None,
            state: ItemState::Drafted,
            citations,
        };
        Self { item, vector }
    }

    fn relation(&self, newcomer: &Self) -> Option<Relation> {
        match (&self.item.finding, &newcomer.item.finding) {
            (Finding::Stakeholder(old), Finding::Stakeholder(new)) => same_person(old, new).then_some(Relation::Same),
            (Finding::Competitor(old), Finding::Competitor(new)) if old.name.is_some() || new.name.is_some() => {
                let name = |n: &Option<String>| n.as_deref().map(str::to_lowercase);
                (name(&old.name) == name(&new.name)).then_some(Relation::Same)
            }
            (Finding::Commitment(old), Finding::Commitment(new)) => self.promise_relation(old, newcomer, new),
            _ if self.item.field() == newcomer.item.field() && self.likeness(newcomer) >= SAME_THING => {
                Some(Relation::Same)
            }
            _ => None,
        }
    }

    fn promise_relation(&self, old: &Commitment, newcomer: &Self, new: &Commitment) -> Option<Relation> {
        let other_side = matches!((old.owed_by, new.owed_by), (Some(a), Some(b)) if a != b);
        if other_side || old.history == Some(History::Superseded) {
            return None;
        }
        let likeness = self.likeness(newcomer);
        let other_due = matches!((&old.due, &new.due), (Some(a), Some(b)) if a != b);
        let numbers = (numbers(&self.item.statement), numbers(&newcomer.item.statement));
        let other_numbers = !numbers.0.is_empty() && !numbers.1.is_empty() && numbers.0 != numbers.1;
        if new.history == Some(History::Withdrawn) || other_due || other_numbers {
            // Two numbers in one breath are two parts of a promise, not a change of mind.
            return (likeness >= SAME_MATTER && self.said_before(newcomer)).then_some(Relation::NewerWord);
        }
        (likeness >= SAME_THING).then_some(Relation::Same)
    }

    /// How alike the telling quotes are; the same words are entirely alike.
    fn likeness(&self, other: &Self) -> f32 {
        let same_words = self.item.citations.iter().any(|a| other.item.citations.iter().any(|b| a.overlaps(b)));
        if same_words { 1.0 } else { cosine(&self.vector, &other.vector) }
    }

    /// Whether this was last said in another source than the newcomer.
    fn said_before(&self, newcomer: &Self) -> bool {
        let last = self.item.citations.last().map(Citation::source);
        last != newcomer.item.citations.first().map(Citation::source)
    }

    /// Takes the newcomer's citations, and the attributes that were not known yet.
    fn absorb(&mut self, newcomer: Self) {
        let again = self.said_before(&newcomer);
        complete(&mut self.item.finding, newcomer.item.finding);
        if let (Finding::Commitment(promise), true) = (&mut self.item.finding, again)
            && promise.history.is_none_or(|history| history == History::Made)
        {
            promise.history = Some(History::Repeated);
        }
        self.item.confidence = self.item.confidence.into_iter().chain(newcomer.item.confidence).reduce(f32::max);
        for citation in newcomer.item.citations {
            if !self.item.citations.iter().any(|known| known.overlaps(&citation)) {
                self.item.citations.push(citation);
            }
        }
    }

    fn supersede_by(&mut self, newcomer: &mut Self) {
        if let (Finding::Commitment(old), Finding::Commitment(new)) =
            (&mut self.item.finding, &mut newcomer.item.finding)
        {
            old.history = Some(History::Superseded);
            old.superseded_by = Some(newcomer.item.id.to_string());
            new.history.get_or_insert(History::Changed);
            if new.history == Some(History::Made) {
                new.history = Some(History::Changed);
            }
        }
    }
}

/// Full names or mail addresses decide; a first name alone joins only a full name that begins with it.
fn same_person(old: &Stakeholder, new: &Stakeholder) -> bool {
    let lower = |text: &Option<String>| text.as_deref().map(str::to_lowercase);
    if let (Some(a), Some(b)) = (lower(&old.email), lower(&new.email)) {
        return a == b;
    }
    match (lower(&old.name), lower(&new.name)) {
        (Some(a), Some(b)) => {
            a == b || a.split_whitespace().next() == Some(&b) || b.split_whitespace().next() == Some(&a)
        }
        _ => false,
    }
}

/// Fills what `known` lacks from `more`; what both say stays as it was said first, except that roles add up.
fn complete(known: &mut Finding, more: Finding) {
    match (known, more) {
        (Finding::Stakeholder(known), Finding::Stakeholder(more)) => {
            let longer = more.name.filter(|name| known.name.as_ref().is_none_or(|known| known.len() < name.len()));
            known.name = longer.or(known.name.take());
            known.title = known.title.take().or(more.title);
            known.email = known.email.take().or(more.email);
            known.stance = more.stance.or(known.stance);
            known.influence = known.influence.max(more.influence);
            known.leaving = known.leaving.max(more.leaving);
            let roles: BTreeSet<_> = known.roles.take().into_iter().chain(more.roles).flatten().collect();
            known.roles = (!roles.is_empty()).then(|| roles.into_iter().collect());
        }
        (Finding::Commitment(known), Finding::Commitment(more)) => {
            known.due = known.due.take().or(more.due);
            known.condition = known.condition.take().or(more.condition);
            known.category = known.category.or(more.category);
            known.owed_by = known.owed_by.or(more.owed_by);
            known.owed_to = known.owed_to.or(more.owed_to);
            // The last word counts: a promise that grew firmer or softer has the strength it was last said with.
            known.strength = more.strength.or(known.strength);
        }
        (Finding::Competitor(known), Finding::Competitor(more)) => known.reason = known.reason.take().or(more.reason),
        (Finding::Objection(known), Finding::Objection(more)) => known.status = more.status.or(known.status),
        (Finding::SuccessCriteria(known), Finding::SuccessCriteria(more)) => {
            known.metric = known.metric.take().or(more.metric);
            known.due = known.due.take().or(more.due);
        }
        (Finding::Timeline(known), Finding::Timeline(more)) => known.due = known.due.take().or(more.due),
        _ => {}
    }
}

/// The numbers written in digits in a statement: "by 14 June for 6 sites" has 14 and 6.
fn numbers(statement: &str) -> BTreeSet<&str> {
    statement.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).collect()
}

/// Cosine of two vectors of unit length.
fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
