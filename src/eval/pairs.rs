//! Labelled promises side by side: each with the clauses of its contract, and with what is said later.

use super::gold::{Gold, GoldItem};
use super::labels;
use super::overlap::{overlaps, words};
use crate::domain::field::Field;
use crate::domain::finding::Finding;
use crate::domain::item::Item;
use crate::domain::transcript::{SourceKind, Transcript};
use crate::draft::subject::{Saying, subjects, worth_comparing};
use crate::draft::{DealSource, Occasion, quoted};
use crate::embed::{EmbedError, Embedder};
use crate::engine::local::sentences::{MIN_WORDS, Sentence, sentences};
use crate::ground::Citation;
use crate::reader::{Pair, Quoted, Tie};
use crate::reconcile::ranked_clauses;

/// Clauses that are about something else, for each promise: the likest ones, which it could be taken to be about.
const OTHER_CLAUSES: usize = 3;

/// Clauses that are no promise, for every saying of one.
const NO_PROMISES: usize = 3;

/// The pairs of a labelled deal, with how the second half of each stands to the promise.
///
/// # Errors
///
/// When the words cannot be embedded for comparison.
pub async fn labelled_pairs(
    gold: &Gold,
    sources: &[DealSource],
    embedder: &dyn Embedder,
) -> Result<Vec<(Pair, Tie)>, EmbedError> {
    let items = labels::items(gold, sources);
    let mut pairs = with_clauses(gold, &items, sources, embedder).await?;
    pairs.extend(with_later_words(gold, &items, sources, embedder).await?);
    pairs.extend(with_no_promises(gold, &items, sources));
    Ok(pairs)
}

async fn with_clauses(
    gold: &Gold,
    items: &[Item],
    sources: &[DealSource],
    embedder: &dyn Embedder,
) -> Result<Vec<(Pair, Tie)>, EmbedError> {
    let mut pairs = Vec::new();
    for (place, clauses) in ranked_clauses(embedder, sources, items).await? {
        let label = &gold.items[place];
        let tied = match label.text("contract") {
            Some("written") => Some(Tie::Agrees),
            Some("contradicted") => Some(Tie::Differs),
            Some("unwritten") => None,
            _ => continue,
        };
        let Some(promise) = items[place].citations.first().and_then(|citation| quoted(citation, sources)) else {
            continue;
        };
        let labelled = clauses_of(label, sources);
        let mut others = 0;
        for (heading, clause) in clauses {
            let own = words(clause.quote());
            let tie = match tied {
                Some(tie) if labelled.iter().any(|label| overlaps(label, &own)) => tie,
                // Which sentence of a clause says it is not labelled where the quote runs over several.
                _ if others < OTHER_CLAUSES => {
                    others += 1;
                    Tie::Beside
                }
                _ => continue,
            };
            let clause = Quoted { before: heading, quote: clause.quote().to_owned(), side: clause.side() };
            pairs.push((Pair::Clause(promise.clone(), clause), tie));
        }
    }
    Ok(pairs)
}

/// The words of the clauses that a label cites.
fn clauses_of(label: &GoldItem, sources: &[DealSource]) -> Vec<Vec<String>> {
    let contract = |name: &str| sources.iter().any(|s| s.name == name && s.transcript.kind == SourceKind::Contract);
    label.citations.iter().filter(|quote| contract(&quote.source)).map(|quote| words(&quote.quote)).collect()
}

async fn with_later_words(
    gold: &Gold,
    items: &[Item],
    sources: &[DealSource],
    embedder: &dyn Embedder,
) -> Result<Vec<(Pair, Tie)>, EmbedError> {
    let occasions: Vec<Occasion> =
        sources.iter().enumerate().map(|(place, source)| Occasion::of(place, source)).collect();
    let said: Vec<(usize, &Citation)> = items
        .iter()
        .enumerate()
        .filter(|(_, item)| matches!(item.finding, Finding::Commitment(_)))
        .flat_map(|(place, item)| item.citations.iter().map(move |citation| (place, citation)))
        .collect();
    let quotes: Vec<&str> = said.iter().map(|(_, citation)| citation.quote()).collect();
    let subjects = subjects(&quotes, embedder.embed(&quotes).await?);
    let saying = |(at, (place, citation)): (usize, &(usize, &Citation))| {
        let source = sources.iter().position(|source| source.is_cited_by(citation))?;
        let Finding::Commitment(commitment) = &items[*place].finding else { return None };
        Some(Saying { occasion: &occasions[source], owed_by: commitment.owed_by, subject: &subjects[at] })
    };
    let Some(sayings) = said.iter().enumerate().map(saying).collect::<Option<Vec<_>>>() else { return Ok(Vec::new()) };
    let tie = |old: usize, new: usize| match (&gold.items[old], &gold.items[new]) {
        (a, b) if a.id == b.id => Tie::Agrees,
        (a, b) if successors(gold, a).any(|next| next.id == b.id) => Tie::Differs,
        _ => Tie::Beside,
    };
    let mut chosen = worth_comparing(&sayings);
    for (old, (old_item, _)) in said.iter().enumerate() {
        for (new, (new_item, _)) in said.iter().enumerate() {
            let before = sayings[old].occasion.is_before(sayings[new].occasion);
            if before && tie(*old_item, *new_item) != Tie::Beside && !chosen.contains(&(old, new)) {
                chosen.push((old, new));
            }
        }
    }
    let pair = |(old, new): (usize, usize)| {
        let (earlier, later) = (quoted(said[old].1, sources)?, quoted(said[new].1, sources)?);
        Some((Pair::Later(earlier, later), tie(said[old].0, said[new].0)))
    };
    Ok(chosen.into_iter().filter_map(pair).collect())
}

/// Promises with clauses of other occasions that are none: most of what is said elsewhere is about something else. Which clauses
/// is as good as chance, and the same in every run.
fn with_no_promises(gold: &Gold, items: &[Item], sources: &[DealSource]) -> Vec<(Pair, Tie)> {
    let labelled: Vec<Vec<String>> = gold
        .items
        .iter()
        .filter(|item| item.field == Field::Commitment)
        .flat_map(|item| &item.citations)
        .chain(gold.neutral.iter().map(|neutral| &neutral.quote))
        .map(|quote| words(&quote.quote))
        .collect();
    let mut clauses = Vec::new();
    for (place, source) in sources.iter().enumerate().filter(|(_, s)| s.transcript.kind != SourceKind::Contract) {
        for clause in sentences(&source.transcript).into_iter().filter(|clause| clause.words.len() >= MIN_WORDS) {
            let own = words(clause.text);
            if !labelled.iter().any(|label| overlaps(label, &own)) {
                clauses.push((Occasion::of(place, source), quoted_clause(&source.transcript, &clause)));
            }
        }
    }
    let mut pairs = Vec::new();
    let said = items.iter().filter(|item| matches!(item.finding, Finding::Commitment(_)));
    for (number, citation) in said.flat_map(|item| &item.citations).enumerate() {
        let source = sources.iter().position(|source| source.is_cited_by(citation));
        let (Some(source), Some(promise)) = (source, quoted(citation, sources)) else { continue };
        let occasion = Occasion::of(source, &sources[source]);
        for draw in 0..NO_PROMISES {
            let Some((other, clause)) = clauses.get((number * 7_919 + draw * 104_729) % clauses.len().max(1)) else {
                continue;
            };
            if occasion.is_before(other) {
                pairs.push((Pair::Later(promise.clone(), clause.clone()), Tie::Beside));
            } else if other.is_before(&occasion) {
                pairs.push((Pair::Later(clause.clone(), promise.clone()), Tie::Beside));
            }
        }
    }
    pairs
}

fn quoted_clause(transcript: &Transcript, clause: &Sentence<'_>) -> Quoted {
    let turn = transcript.turns.iter().find(|turn| turn.index == clause.turn);
    let start =
        turn.and_then(|turn| Some(turn.text[..turn.text.find(clause.text)?].chars().count())).unwrap_or_default();
    Quoted::of(transcript, clause.turn, u32::try_from(start).unwrap_or(u32::MAX), clause.text, clause.side)
}

/// What took the place of a promise, and of that, to the last word.
fn successors<'g>(gold: &'g Gold, item: &'g GoldItem) -> impl Iterator<Item = &'g GoldItem> {
    let next = |item: &&'g GoldItem| gold.item(item.text("superseded_by")?);
    std::iter::successors(next(&item), next).take(gold.items.len())
}
