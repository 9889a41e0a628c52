//! Merge across calls: the same finding said twice is one item with two citations; a newer word supersedes the older one, and
//! both stay in sight.

use std::collections::BTreeSet;

use jiff::civil::Date;
use text2num::{Language, replace_numbers_in_text};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::subject::{Subject, is_other_side, subjects};
use super::ties::Ties;
use super::{DealSource, Occasion};
use crate::domain::finding::{Commitment, Finding, History, Stakeholder};
use crate::domain::ids::ItemId;
use crate::domain::item::{Item, ItemState, Origin};
use crate::embed::{EmbedError, Embedder};
use crate::ground::{Citation, GroundedClaim};
use crate::reader::Reader;

/// Cosine of two quotes of one field from which on they say the same thing.
const SAME_THING: f32 = 0.80;

/// From this likelihood on that it is about the same thing, a later promise is the newer word on an earlier one, or repeats it:
/// of the pairs of the dev deals, F1 is highest from 0.2 to 0.3.
const ONE_SUBJECT: f32 = 0.2;

/// Merges grounded claims, given in the order in which they were said, into items.
///
/// # Errors
///
/// When the quotes cannot be compared.
pub async fn merge(
    embedder: &dyn Embedder,
    reader: &Reader,
    seed: &str,
    sources: &[DealSource],
    claims: Vec<(Occasion, GroundedClaim)>,
) -> Result<Vec<Item>, EmbedError> {
    // The words themselves are compared: statements begin with the same names, which makes strangers look alike.
    let quotes: Vec<&str> = claims.iter().map(|(_, grounded)| telling_quote(grounded)).collect();
    let vectors = embedder.embed(&quotes).await?;
    let subjects = subjects(&quotes, vectors);
    let ties = Ties::of(reader, sources, &claims, &subjects).await?;
    let mut threads: Vec<Thread> = Vec::new();
    for (place, ((occasion, claim), subject)) in claims.into_iter().zip(subjects).enumerate() {
        let mut newcomer = Thread::new(seed, place, occasion, claim, subject);
        match relation(&threads, &newcomer, &ties) {
            Some((at, Relation::Same | Relation::FirstName)) => threads[at].absorb(newcomer),
            Some((at, Relation::TakenBack)) => threads[at].withdraw(newcomer),
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

/// The thread that the newcomer belongs to: the likeliest, and of equals the one heard last. A first name alone belongs to the
/// only person of that name, and to nobody where there are two.
fn relation(threads: &[Thread], newcomer: &Thread, ties: &Ties) -> Option<(usize, Relation)> {
    let related: Vec<(usize, Relation, f32)> = threads
        .iter()
        .enumerate()
        .filter_map(|(at, thread)| thread.relation(newcomer, ties).map(|(relation, likeness)| (at, relation, likeness)))
        .collect();
    let certain = related.iter().filter(|(_, relation, _)| *relation != Relation::FirstName);
    let likeliest = certain.max_by(|a, b| a.2.total_cmp(&b.2));
    likeliest.or((related.len() == 1).then(|| &related[0])).map(|(at, relation, _)| (*at, *relation))
}

/// The words a claim rests on first of all.
fn telling_quote(grounded: &GroundedClaim) -> &str {
    grounded.citations.first().map_or(grounded.claim.statement.as_str(), Citation::quote)
}

/// An item in the making, with the occasion it was last said on and what its telling quote is about.
struct Thread {
    item: Item,
    /// The places of its claims among all.
    claims: Vec<usize>,
    occasion: Occasion,
    subject: Subject,
}

/// How a newcomer stands to what was said before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// It says the same.
    Same,
    /// It is about the same thing and says something else.
    NewerWord,
    /// It takes it back and puts nothing in its place.
    TakenBack,
    /// It may be the same person: one name is the other's first name.
    FirstName,
}

impl Thread {
    fn new(
        seed: &str,
        place: usize,
        occasion: Occasion,
        GroundedClaim { claim, citations, .. }: GroundedClaim,
        subject: Subject,
    ) -> Self {
        let stands = citations.first().map_or_else(String::new, |citation| {
            format!("{}\u{1f}{}\u{1f}{:?}", citation.source(), citation.turn(), citation.chars())
        });
        let attributes = serde_json::to_string(&claim.finding).unwrap_or_default();
        let item = Item {
            id: ItemId::derived(&[seed, &attributes, &stands, &claim.statement]),
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
        Self { item, claims: vec![place], occasion, subject }
    }

    /// How the newcomer stands to this, and how surely.
    fn relation(&self, newcomer: &Self, ties: &Ties) -> Option<(Relation, f32)> {
        match (&self.item.finding, &newcomer.item.finding) {
            (Finding::Stakeholder(old), Finding::Stakeholder(new)) => {
                person_relation(old, new).map(|relation| (relation, 1.0))
            }
            (Finding::Competitor(old), Finding::Competitor(new)) if old.name.is_some() || new.name.is_some() => {
                let name = |n: &Option<String>| n.as_deref().map(str::to_lowercase);
                (name(&old.name) == name(&new.name)).then_some((Relation::Same, 1.0))
            }
            (Finding::Commitment(old), Finding::Commitment(new)) => self.promise_relation(old, newcomer, new, ties),
            _ if self.item.field() == newcomer.item.field() => {
                let likeness = self.likeness(newcomer);
                (likeness >= SAME_THING).then_some((Relation::Same, likeness))
            }
            _ => None,
        }
    }

    fn promise_relation(
        &self,
        old: &Commitment,
        newcomer: &Self,
        new: &Commitment,
        ties: &Ties,
    ) -> Option<(Relation, f32)> {
        let withdrawn = |promise: &Commitment| promise.history == Some(History::Withdrawn);
        // What was taken back may be promised anew: that is another promise.
        if is_other_side(old.owed_by, new.owed_by)
            || old.history == Some(History::Superseded)
            || withdrawn(old) && !withdrawn(new)
        {
            return None;
        }
        let likeness = self.likeness(newcomer);
        let differs = differs(old, &self.item.statement, new, &newcomer.item.statement);
        let changes = matches!(new.history, Some(History::Changed | History::Withdrawn));
        // Two numbers in one breath are two parts of a promise, not a change of mind.
        if likeness >= SAME_THING && !differs && !changes {
            return Some((Relation::Same, likeness));
        }
        let relations = self.claims.iter().flat_map(|old| newcomer.claims.iter().map(|new| ties.between(*old, *new)));
        let tie = relations.max_by(|a, b| a.same_subject().total_cmp(&b.same_subject()))?;
        // What changes or takes back something hardly says the same.
        let alike = tie.same_subject() >= ONE_SUBJECT || changes && likeness >= SAME_THING;
        if !alike || !self.occasion.is_before(&newcomer.occasion) {
            return None;
        }
        let relation = match new.history {
            Some(History::Withdrawn) => Relation::TakenBack,
            Some(History::Changed) => Relation::NewerWord,
            _ if differs || tie.differs > tie.agrees => Relation::NewerWord,
            _ => Relation::Same,
        };
        Some((relation, tie.same_subject().max(likeness)))
    }

    /// How alike the telling quotes are; the same words are entirely alike.
    fn likeness(&self, other: &Self) -> f32 {
        let same_words = self.item.citations.iter().any(|a| other.item.citations.iter().any(|b| a.overlaps(b)));
        if same_words { 1.0 } else { self.subject.likeness(&other.subject) }
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
        self.claims.extend(newcomer.claims);
        for citation in newcomer.item.citations {
            if !self.item.citations.iter().any(|known| known.overlaps(&citation)) {
                self.item.citations.push(citation);
            }
        }
    }

    /// Takes the words that take this back, and marks it so.
    fn withdraw(&mut self, newcomer: Self) {
        self.absorb(newcomer);
        if let Finding::Commitment(promise) = &mut self.item.finding {
            promise.history = Some(History::Withdrawn);
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

/// Whether two words on one thing have different dates, or numbers where both have some of their own.
fn differs(old: &Commitment, old_words: &str, new: &Commitment, new_words: &str) -> bool {
    let day = |promise: &Commitment| promise.due.as_deref().and_then(|due| due.parse::<Date>().ok());
    let other_day = matches!((day(old), day(new)), (Some(a), Some(b)) if a != b);
    let (old_numbers, new_numbers) = (numbers(old_words), numbers(new_words));
    // Who repeats a promise may leave out a number or add one.
    other_day || !old_numbers.is_subset(&new_numbers) && !new_numbers.is_subset(&old_numbers)
}

/// The numbers in a statement, spelled or in digits: "by 14 June for six sites" has 14 and 6.
fn numbers(statement: &str) -> BTreeSet<String> {
    let digits = replace_numbers_in_text(statement, &Language::english(), 0.0);
    let runs = digits.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    runs.map(str::to_owned).collect()
}
