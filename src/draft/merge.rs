//! Merge across calls: the same finding said twice is one item with two citations; a newer word supersedes the older one, and
//! both stay in sight.

use std::collections::BTreeSet;

use jiff::civil::Date;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::domain::finding::{Commitment, Finding, History, Stakeholder};
use crate::domain::ids::ItemId;
use crate::domain::item::{Item, ItemState, Origin};
use crate::embed::{EmbedError, Embedder};
use crate::ground::{Citation, GroundedClaim};

/// Cosine of two quotes of one field from which on they are about the same thing: said again, or, with another date or number,
/// changed. Measured with the bundled encoder on the sample deals: the changed promises lie at 0.85 and 0.88, the closest
/// different promises of two calls ("live on August seventeenth", "a call every Wednesday until it is live") just over 0.70.
const SAME_THING: f32 = 0.80;

/// The same for a promise that is taken back: the words say so themselves, and repeat less of it (0.72 and 0.73).
const TAKEN_BACK: f32 = 0.70;

/// When and where something was said, as far as the record tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    /// The source's place among the deal's sources.
    pub source: usize,
    /// The day, where the file says it.
    pub date: Option<Date>,
    /// The number that the file's name begins with: `02-demo.vtt`.
    pub number: Option<u32>,
}

impl Occasion {
    /// Whether this is proven to be earlier: by the dates of both, or by the numbers of both where a date is missing.
    #[must_use]
    pub fn is_before(&self, other: &Self) -> bool {
        match (self.date, other.date, self.number, other.number) {
            (Some(a), Some(b), ..) => a < b,
            (_, _, Some(a), Some(b)) => a < b,
            _ => false,
        }
    }
}

/// Merges grounded claims, given in the order in which they were said, into items.
///
/// # Errors
///
/// When the quotes cannot be embedded for comparison.
pub async fn merge(
    embedder: &dyn Embedder,
    seed: &str,
    claims: Vec<(Occasion, GroundedClaim)>,
) -> Result<Vec<Item>, EmbedError> {
    // The words themselves are compared: statements begin with the same names, which makes strangers look alike.
    let quotes: Vec<&str> = claims.iter().map(|(_, grounded)| telling_quote(grounded)).collect();
    let vectors = embedder.embed(&quotes).await?;
    let mut threads: Vec<Thread> = Vec::new();
    for ((occasion, claim), vector) in claims.into_iter().zip(vectors) {
        let mut newcomer = Thread::new(seed, occasion, claim, vector);
        match relation(&threads, &newcomer) {
            Some((at, Relation::Same | Relation::FirstName)) => threads[at].absorb(newcomer),
            Some((at, Relation::NewerWord)) => {
                threads[at].supersede_by(&mut newcomer);
                threads.push(newcomer);
            }
            None => threads.push(newcomer),
        }
    }
    let mut items: Vec<Item> = threads.into_iter().map(|thread| thread.item).collect();
    // One id, one item: what is the same to the letter is said once.
    let mut known = BTreeSet::new();
    items.retain(|item| known.insert(item.id.clone()));
    Ok(items)
}

/// The thread that the newcomer belongs to, the one heard last first. A first name alone belongs to the only person of that
/// name, and to nobody where there are two.
fn relation(threads: &[Thread], newcomer: &Thread) -> Option<(usize, Relation)> {
    let related: Vec<(usize, Relation)> =
        threads.iter().enumerate().rev().filter_map(|(at, thread)| Some((at, thread.relation(newcomer)?))).collect();
    let certain = related.iter().find(|(_, relation)| *relation != Relation::FirstName);
    certain.or((related.len() == 1).then(|| &related[0])).copied()
}

/// The words a claim rests on first of all.
fn telling_quote(grounded: &GroundedClaim) -> &str {
    grounded.citations.first().map_or(grounded.claim.statement.as_str(), Citation::quote)
}

/// An item in the making, with the occasion it was last said on and the vector of its telling quote.
struct Thread {
    item: Item,
    occasion: Occasion,
    vector: Vec<f32>,
}

/// How a newcomer stands to what was said before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// It says the same.
    Same,
    /// It is about the same thing and says something else.
    NewerWord,
    /// It may be the same person: one name is the other's first name.
    FirstName,
}

impl Thread {
    fn new(
        seed: &str,
        occasion: Occasion,
        GroundedClaim { claim, citations, .. }: GroundedClaim,
        vector: Vec<f32>,
    ) -> Self {
        let place = citations.first().map_or_else(String::new, |citation| {
            format!("{}\u{1f}{}\u{1f}{:?}", citation.source(), citation.turn(), citation.chars())
        });
        let attributes = serde_json::to_string(&claim.finding).unwrap_or_default();
        let item = Item {
            id: ItemId::derived(&[seed, &attributes, &place, &claim.statement]),
            finding: claim.finding,
            statement: claim.statement,
            confidence: Some(claim.confidence),
            origin: Origin::Engine,
            attested_by: None,
            reworded_by: None,
            decided_by: None,
            state: ItemState::Drafted,
            citations,
        };
        Self { item, occasion, vector }
    }

    fn relation(&self, newcomer: &Self) -> Option<Relation> {
        match (&self.item.finding, &newcomer.item.finding) {
            (Finding::Stakeholder(old), Finding::Stakeholder(new)) => person_relation(old, new),
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
        if new.history == Some(History::Withdrawn) {
            return (likeness >= TAKEN_BACK && self.said_before(newcomer)).then_some(Relation::NewerWord);
        }
        if likeness < SAME_THING {
            return None;
        }
        if other_due || other_numbers {
            // Two numbers in one breath are two parts of a promise, not a change of mind.
            return self.said_before(newcomer).then_some(Relation::NewerWord);
        }
        Some(Relation::Same)
    }

    /// How alike the telling quotes are; the same words are entirely alike.
    fn likeness(&self, other: &Self) -> f32 {
        let same_words = self.item.citations.iter().any(|a| other.item.citations.iter().any(|b| a.overlaps(b)));
        if same_words { 1.0 } else { cosine(&self.vector, &other.vector) }
    }

    /// Whether this was last said on an earlier occasion than the newcomer, as far as the record proves it.
    fn said_before(&self, newcomer: &Self) -> bool {
        self.occasion.is_before(&newcomer.occasion)
    }

    /// Takes the newcomer's citations, and the attributes that were not known yet.
    fn absorb(&mut self, newcomer: Self) {
        let again = self.occasion.source != newcomer.occasion.source;
        self.occasion = newcomer.occasion;
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

/// Mail addresses decide, then full names.
fn person_relation(old: &Stakeholder, new: &Stakeholder) -> Option<Relation> {
    // "Raúl" and "raul" are one name: not every recognizer writes accents.
    let fold = |text: &str| text.nfkd().filter(|c| !is_combining_mark(*c)).collect::<String>().to_lowercase();
    let lower = |text: &Option<String>| text.as_deref().map(fold);
    if let (Some(a), Some(b)) = (lower(&old.email), lower(&new.email)) {
        return (a == b).then_some(Relation::Same);
    }
    let (a, b) = (lower(&old.name)?, lower(&new.name)?);
    if a == b {
        return Some(Relation::Same);
    }
    let is_first_name = |short: &str, long: &str| long.split_whitespace().next() == Some(short);
    (is_first_name(&a, &b) || is_first_name(&b, &a)).then_some(Relation::FirstName)
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
