//! Merge across calls: the same finding said twice is one item with two citations; a newer word supersedes the older one, and
//! both stay in sight.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use text2num::{Language, replace_numbers_in_text};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::domain::finding::{Commitment, Finding, History, Stakeholder};
use crate::domain::ids::ItemId;
use crate::domain::item::{Item, ItemState, Origin};
use crate::embed::{EmbedError, Embedder};
use crate::ground::{Citation, GroundedClaim};

/// Cosine of two quotes of one field from which on they say the same thing.
const SAME_THING: f32 = 0.80;

/// The odds from which on a later promise is taken for the newer word on an earlier one; see [`Thread::odds_of_one_subject`].
const NEWER_WORD: f32 = -0.75;

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
    let subjects = subjects(&quotes, vectors);
    let mut threads: Vec<Thread> = Vec::new();
    for ((occasion, claim), subject) in claims.into_iter().zip(subjects) {
        let mut newcomer = Thread::new(seed, occasion, claim, subject);
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

/// The thread that the newcomer belongs to: the likeliest, and of equals the one heard last. A first name alone belongs to the
/// only person of that name, and to nobody where there are two.
fn relation(threads: &[Thread], newcomer: &Thread) -> Option<(usize, Relation)> {
    let related: Vec<(usize, Relation, f32)> = threads
        .iter()
        .enumerate()
        .filter_map(|(at, thread)| thread.relation(newcomer).map(|(relation, likeness)| (at, relation, likeness)))
        .collect();
    let certain = related.iter().filter(|(_, relation, _)| *relation != Relation::FirstName);
    let likeliest = certain.max_by(|a, b| a.2.total_cmp(&b.2));
    likeliest.or((related.len() == 1).then(|| &related[0])).map(|(at, relation, _)| (*at, *relation))
}

/// The words a claim rests on first of all.
fn telling_quote(grounded: &GroundedClaim) -> &str {
    grounded.citations.first().map_or(grounded.claim.statement.as_str(), Citation::quote)
}

/// What a quote is about: its vector, and its words with what each of them tells.
struct Subject {
    vector: Vec<f32>,
    words: BTreeMap<String, f32>,
}

/// The subjects of quotes. A word that few of them have tells more: it weighs ln((n + 1) / (n of them + 1/2)).
fn subjects(quotes: &[&str], vectors: Vec<Vec<f32>>) -> Vec<Subject> {
    let content = |quote: &&str| -> BTreeSet<String> {
        let words = quote.unicode_words().map(str::to_lowercase);
        words.filter(|word| word.chars().count() > 3 || word.starts_with(|c: char| c.is_ascii_digit())).collect()
    };
    let words: Vec<BTreeSet<String>> = quotes.iter().map(content).collect();
    let mut said: BTreeMap<&str, f32> = BTreeMap::new();
    for word in words.iter().flatten() {
        *said.entry(word).or_default() += 1.0;
    }
    let all = quotes.len() as f32 + 1.0;
    let weigh =
        |word: &String| (word.clone(), (all / (said.get(word.as_str()).copied().unwrap_or_default() + 0.5)).ln());
    words.iter().zip(vectors).map(|(own, vector)| Subject { vector, words: own.iter().map(weigh).collect() }).collect()
}

impl Subject {
    /// The weight of the words that both have, as a share of the lighter quote's.
    fn shared(&self, other: &Self) -> f32 {
        let both: f32 = self.words.iter().filter(|(word, _)| other.words.contains_key(*word)).map(|(_, w)| w).sum();
        let lighter = f32::min(self.words.values().sum(), other.words.values().sum());
        if lighter > 0.0 { both / lighter } else { 0.0 }
    }
}

/// An item in the making, with the occasion it was last said on and what its telling quote is about.
struct Thread {
    item: Item,
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
    /// It may be the same person: one name is the other's first name.
    FirstName,
}

impl Thread {
    fn new(
        seed: &str,
        occasion: Occasion,
        GroundedClaim { claim, citations, .. }: GroundedClaim,
        subject: Subject,
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
        Self { item, occasion, subject }
    }

    /// How the newcomer stands to this, and how surely.
    fn relation(&self, newcomer: &Self) -> Option<(Relation, f32)> {
        match (&self.item.finding, &newcomer.item.finding) {
            (Finding::Stakeholder(old), Finding::Stakeholder(new)) => {
                person_relation(old, new).map(|relation| (relation, 1.0))
            }
            (Finding::Competitor(old), Finding::Competitor(new)) if old.name.is_some() || new.name.is_some() => {
                let name = |n: &Option<String>| n.as_deref().map(str::to_lowercase);
                (name(&old.name) == name(&new.name)).then_some((Relation::Same, 1.0))
            }
            (Finding::Commitment(old), Finding::Commitment(new)) => self.promise_relation(old, newcomer, new),
            _ if self.item.field() == newcomer.item.field() => {
                let likeness = self.likeness(newcomer);
                (likeness >= SAME_THING).then_some((Relation::Same, likeness))
            }
            _ => None,
        }
    }

    fn promise_relation(&self, old: &Commitment, newcomer: &Self, new: &Commitment) -> Option<(Relation, f32)> {
        let other_side = matches!((old.owed_by, new.owed_by), (Some(a), Some(b)) if a != b);
        if other_side || old.history == Some(History::Superseded) {
            return None;
        }
        let likeness = self.likeness(newcomer);
        let changes = matches!(new.history, Some(History::Changed | History::Withdrawn));
        let other_due = matches!((&old.due, &new.due), (Some(a), Some(b)) if a != b);
        let numbers = (numbers(&self.item.statement), numbers(&newcomer.item.statement));
        let other_numbers = !numbers.0.is_empty() && !numbers.1.is_empty() && numbers.0 != numbers.1;
        let differs = changes || other_due || other_numbers || old.strength != new.strength;
        if !differs {
            return (likeness >= SAME_THING).then_some((Relation::Same, likeness));
        }
        // Two numbers in one breath are two parts of a promise, not a change of mind.
        let odds = self.odds_of_one_subject(old, newcomer, new);
        (odds >= NEWER_WORD && self.said_before(newcomer)).then_some((Relation::NewerWord, odds))
    }

    /// The log-odds that two promises of one side, made on two occasions, are about one thing.
    ///
    /// The weights of likeness and shared words are those of a logistic fit over the superseded pairs and the other pairs of
    /// promises in the training deals of `fixtures/bench`. There the category weighs more (3.6) and a change less (0.7), because
    /// the fit saw labelled categories and guessed changes; of what an engine tells it is the other way about.
    fn odds_of_one_subject(&self, old: &Commitment, newcomer: &Self, new: &Commitment) -> f32 {
        let category = match (old.category, new.category) {
            (Some(a), Some(b)) => f32::from(u8::from(a == b)),
            _ => 0.5,
        };
        let changes = f32::from(u8::from(matches!(new.history, Some(History::Changed | History::Withdrawn))));
        let (likeness, shared) = (self.likeness(newcomer), self.subject.shared(&newcomer.subject));
        4.5 * likeness + 4.0 * shared + 2.0 * category + 2.5 * changes - 6.0
    }

    /// How alike the telling quotes are; the same words are entirely alike.
    fn likeness(&self, other: &Self) -> f32 {
        let same_words = self.item.citations.iter().any(|a| other.item.citations.iter().any(|b| a.overlaps(b)));
        if same_words { 1.0 } else { cosine(&self.subject.vector, &other.subject.vector) }
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

/// The numbers in a statement, spelled or in digits: "by 14 June for six sites" has 14 and 6.
fn numbers(statement: &str) -> BTreeSet<String> {
    let digits = replace_numbers_in_text(statement, &Language::english(), 0.0);
    let runs = digits.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    runs.map(str::to_owned).collect()
}

/// Cosine of two vectors of unit length.
fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
