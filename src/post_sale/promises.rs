//! Which promise a clause speaks of, and what it makes of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::Fulfilment;
use super::boundary::day_of;
use super::record::{Clause, Record};
use super::telling::{Telling, day_left, days_told, telling};
use crate::domain::finding::{Commitment, Finding, History};
use crate::domain::item::Item;
use crate::domain::vocabulary::Outcome;
use crate::draft::{DealSource, quoted};
use crate::embed::{EmbedError, Embedder, cosine};
use crate::engine::QuoteRole;
use crate::engine::local::dates::named_days;
use crate::engine::local::words::Words;
use crate::reader::{Pair, Quoted, Reader, Relation};
use crate::reconcile::terms::{Stemmer, Term};

/// Promises that a clause is compared with.
const NEAREST: usize = 4;
/// Weight of the shared words, rare ones counting more, against the cosine of the meanings; as in the reconciliation.
const SHARED_WORDS: f32 = 1.5;
/// Weight of the words that a promise shares with what is said right before the clause.
const AROUND: f32 = 0.5;
/// What the likeness of the words counts beside the probability that the reader gives.
const LIKENESS: f32 = 0.6;
/// What it counts that the clause names the very day the promise is due.
const SAME_DAY: f32 = 0.3;
/// From this sum of the reader's probability and the likeness of the words on, a clause speaks of a promise.
const SPEAKS: f32 = 0.75;

/// A promise as it was said.
struct Promise<'a> {
    item: &'a Item,
    commitment: &'a Commitment,
    said: Quoted,
    text: String,
    terms: BTreeSet<Term>,
    due: Option<Date>,
}

/// What was said of the promises among `items` after the sale.
pub(super) async fn fulfilments(
    embedder: &dyn Embedder,
    reader: &Reader,
    stemmer: &Stemmer,
    record: &Record<'_>,
    sale: &[DealSource],
    items: &[Item],
) -> Result<Vec<Fulfilment>, EmbedError> {
    let promises: Vec<Promise<'_>> = items.iter().filter_map(|item| promise(item, sale, stemmer)).collect();
    let told: Vec<(&Clause<'_>, Telling)> =
        record.after.iter().filter_map(|clause| Some((clause, telling(clause.text, &clause.words)?))).collect();
    if promises.is_empty() || told.is_empty() {
        return Ok(Vec::new());
    }
    let chosen = nearest(embedder, record, &promises, &told).await?;
    let pair = |(clause, promise, _): &(usize, usize, f32)| {
        Pair::Later(promises[*promise].said.clone(), told[*clause].0.as_quoted())
    };
    let relations = reader.compare(&chosen.iter().map(pair).collect::<Vec<_>>()).await?;
    let mut best: BTreeMap<usize, (f32, usize)> = BTreeMap::new();
    for ((clause, promise, likeness), relation) in chosen.into_iter().zip(relations) {
        let score = speaks(relation, likeness);
        if score >= SPEAKS && best.get(&clause).is_none_or(|(known, _)| score > *known) {
            best.insert(clause, (score, promise));
        }
    }
    let mut marks: BTreeMap<usize, Mark> = BTreeMap::new();
    for (clause, (score, promise)) in best {
        let (said, telling) = &told[clause];
        let Some(outcome) = outcome(&promises[promise], said, *telling) else { continue };
        let dated = !days_told(&said.words, said.day).is_empty();
        let mark = Mark { said_on: said.day, dated, score, outcome, clause };
        let stands = marks.get(&promise).is_some_and(|known| known.outweighs(&mark));
        if !stands {
            marks.insert(promise, mark);
        }
    }
    let fulfilment = |(promise, mark): (usize, Mark)| {
        let citation = told[mark.clause].0.cite()?;
        Some(Fulfilment { item: promises[promise].item.id.clone(), outcome: mark.outcome, citation })
    };
    Ok(marks.into_iter().filter_map(fulfilment).collect())
}

fn speaks(relation: Relation, likeness: f32) -> f32 {
    relation.same_subject() + LIKENESS * likeness
}

/// What a clause makes of a promise.
struct Mark {
    said_on: Option<Date>,
    /// Whether the clause names a day.
    dated: bool,
    score: f32,
    outcome: Outcome,
    clause: usize,
}

impl Mark {
    /// Whether this stays in the place of `other`: the later word counts, and of one occasion the one that is more clearly about it.
    fn outweighs(&self, other: &Self) -> bool {
        match (self.said_on, other.said_on) {
            (Some(own), Some(other)) if own != other => own > other,
            _ => (self.dated, self.score) >= (other.dated, other.score),
        }
    }
}

fn promise<'a>(item: &'a Item, sale: &[DealSource], stemmer: &Stemmer) -> Option<Promise<'a>> {
    let Finding::Commitment(commitment) = &item.finding else { return None };
    if commitment.history.is_some_and(History::is_past) || !item.stands() {
        return None;
    }
    let support: Vec<_> = item.cited(QuoteRole::Support).collect();
    let telling = support.first()?;
    let said_on = sale.iter().find(|source| source.is_cited_by(telling)).and_then(day_of);
    // Words without a year are completed from any day of the sale.
    let said_on = said_on.or_else(|| sale.iter().filter_map(day_of).max());
    let mut texts = vec![item.statement.as_str()];
    texts.extend(support.iter().map(|one| one.quote()).filter(|quote| *quote != item.statement));
    let text = texts.join(" ");
    Some(Promise {
        item,
        commitment,
        said: quoted(telling, sale)?,
        terms: stemmer.terms(&text),
        due: commitment.due.as_deref().and_then(|due| day(due, said_on)),
        text,
    })
}

/// The day that `due` means: an ISO date, or words that name one.
fn day(due: &str, said_on: Option<Date>) -> Option<Date> {
    // A bare month is a moment only behind a preposition.
    let named = |text: &str| named_days(&Words::of(text), said_on).into_iter().find_map(|(_, day)| day);
    due.parse().ok().or_else(|| named(due)).or_else(|| named(&format!("in {due}")))
}

/// For every clause that tells something the likest promises: places of both, and how like they are.
async fn nearest(
    embedder: &dyn Embedder,
    record: &Record<'_>,
    promises: &[Promise<'_>],
    told: &[(&Clause<'_>, Telling)],
) -> Result<Vec<(usize, usize, f32)>, EmbedError> {
    let texts: Vec<&str> = promises.iter().map(|promise| promise.text.as_str()).collect();
    let meant = embedder.embed(&texts).await?;
    let alone: Vec<&str> = told.iter().map(|(clause, _)| clause.text).collect();
    let alone = embedder.embed(&alone).await?;
    let context: Vec<String> = told.iter().map(|(clause, _)| clause.in_context()).collect();
    let context = embedder.embed(&context.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let mut chosen = Vec::new();
    for (place, (clause, _)) in told.iter().enumerate() {
        let likeness = |(at, promise): (usize, &Promise<'_>)| {
            let meaning = f32::max(cosine(&meant[at], &alone[place]), cosine(&meant[at], &context[place]));
            let shared = record.rarity.overlap(&promise.terms, &clause.terms);
            let around = record.rarity.overlap(&promise.terms, &clause.around);
            let named = days_told(&clause.words, clause.day);
            let same_day = if promise.due.is_some_and(|due| named.contains(&due)) { SAME_DAY } else { 0.0 };
            (place, at, meaning + SHARED_WORDS * shared + AROUND * around + same_day)
        };
        let mut scored: Vec<_> = promises.iter().enumerate().map(likeness).collect();
        scored.sort_by(|a, b| b.2.total_cmp(&a.2));
        chosen.extend(scored.into_iter().take(NEAREST));
    }
    Ok(chosen)
}

/// What the clause makes of the promise, days compared as values.
fn outcome(promise: &Promise<'_>, clause: &Clause<'_>, telling: Telling) -> Option<Outcome> {
    let is_past = || promise.due.zip(clause.day).map(|(due, today)| due < today);
    match telling {
        Telling::Agreed => {
            // What is moved away from another day is another promise.
            let other = promise.due.zip(day_left(&clause.words, clause.day)).is_some_and(|(due, left)| due != left);
            (!other).then_some(Outcome::Renegotiated)
        }
        Telling::NotDone => Some(Outcome::Broken),
        Telling::Open { held } => {
            is_past().unwrap_or(held && promise.commitment.due.is_none()).then_some(Outcome::Broken)
        }
        Telling::Done { late } => {
            let days = days_told(&clause.words, clause.day);
            let after = promise.due.is_some_and(|due| days.iter().any(|day| *day > due));
            Some(if late || after { Outcome::Late } else { Outcome::Kept })
        }
    }
}
