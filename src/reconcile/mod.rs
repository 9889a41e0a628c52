//! Use case: what was promised aloud is set against what was signed.
//!
//! A contract is read as sentences (`clauses`), a commitment as a `promise`; both as `values`, service `hours`, `terms` they may
//! share and a `tone`. Of the clauses most like a promise (`likeness`) the reader hears which one speaks to it, and the values
//! (`pairing`), or without any the reader again, tell what that clause makes of it (`verdict`). That nothing else was agreed
//! ("entire agreement") speaks to no promise and so contradicts none.

mod clauses;
mod hours;
mod likeness;
mod pairing;
mod promise;
pub(crate) mod terms;
mod tone;
pub(crate) mod values;
mod verdict;

use self::clauses::{Clause, clauses};
use self::likeness::nearest;
use self::promise::Promise;
use self::terms::{Rarity, Stemmer};
use self::verdict::status;
use crate::domain::finding::{ContractStatus, Finding};
use crate::domain::item::Item;
use crate::domain::transcript::SourceKind;
use crate::draft::{DealSource, quoted};
use crate::embed::{EmbedError, Embedder};
use crate::ground::Citation;
use crate::reader::{Pair, Reader, Relation};

/// Clauses that are compared with a promise.
const NEAREST: usize = 5;
/// What the likeness of the words counts beside the probability that the reader gives.
const LIKENESS: f32 = 0.6;
/// From this sum of the reader's probability and the likeness of the words on, a clause speaks to a promise.
const SPEAKS: f32 = 0.5;

/// Sets every commitment among `items` against the contracts among `sources`: gives it its status and, where a clause
/// speaks to it, the clause as a citation. A commitment that was superseded or withdrawn is judged by its own value
/// like any other.
///
/// # Errors
///
/// When the words cannot be embedded for comparison.
pub async fn reconcile(
    embedder: &dyn Embedder,
    reader: &Reader,
    sources: &[DealSource],
    items: &mut [Item],
) -> Result<(), EmbedError> {
    if !sources.iter().any(|source| source.transcript.kind == SourceKind::Contract) {
        for item in items {
            settle(item, ContractStatus::NoContract, None);
        }
        return Ok(());
    }
    let contract = Contract::read(embedder, sources).await?;
    let (mut promises, mut pairs) = (Vec::new(), Vec::new());
    for (place, promise, vector) in contract.promises(embedder, sources, items).await? {
        let Some(said) = items[place].citations.first().and_then(|citation| quoted(citation, sources)) else {
            continue;
        };
        let mut nearest = nearest(&promise, &vector, &contract.clauses, &contract.rarity);
        nearest.truncate(NEAREST);
        pairs.extend(nearest.iter().map(|(_, clause)| Pair::Clause(said.clone(), clause.as_quoted())));
        promises.push((place, promise, nearest));
    }
    let mut relations = reader.compare(&pairs).await?.into_iter();
    for (place, promise, nearest) in promises {
        let spoken = speaking(nearest, &mut relations)
            .map(|(clause, relation)| (status(clause, relation, &promise, &contract.clauses), clause))
            .filter(|(status, _)| *status != ContractStatus::Unwritten);
        let (status, clause) =
            spoken.map_or((ContractStatus::Unwritten, None), |(status, clause)| (status, Some(clause)));
        settle(&mut items[place], status, clause);
    }
    Ok(())
}

/// The clause that speaks to the promise, where one does: by what the reader hears and by the words both share, added up. Takes one
/// of the `relations` for each of the `nearest` clauses.
fn speaking<'c>(
    nearest: Vec<(f32, &'c Clause)>,
    relations: &mut impl Iterator<Item = Relation>,
) -> Option<(&'c Clause, Relation)> {
    let scored = nearest.into_iter().zip(relations);
    let scored =
        scored.map(|((likeness, clause), relation)| (relation.same_subject() + LIKENESS * likeness, clause, relation));
    // Of two equals the first one in the contract.
    let (score, clause, relation) = scored.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    (score >= SPEAKS).then_some((clause, relation))
}

/// For every commitment among `items` its place, and the deal's clauses with their headings, the likest first.
///
/// # Errors
///
/// When the words cannot be embedded for comparison.
pub(crate) async fn ranked_clauses(
    embedder: &dyn Embedder,
    sources: &[DealSource],
    items: &[Item],
) -> Result<Vec<(usize, Vec<(String, Citation)>)>, EmbedError> {
    let contract = Contract::read(embedder, sources).await?;
    let ranked = |(place, promise, vector): (usize, Promise, Vec<f32>)| {
        let nearest = nearest(&promise, &vector, &contract.clauses, &contract.rarity).into_iter();
        (place, nearest.map(|(_, clause)| (clause.heading.clone(), clause.citation.clone())).collect())
    };
    Ok(contract.promises(embedder, sources, items).await?.into_iter().map(ranked).collect())
}

/// The deal's contracts, ready to be compared with.
struct Contract {
    stemmer: Stemmer,
    clauses: Vec<Clause>,
    rarity: Rarity,
}

impl Contract {
    async fn read(embedder: &dyn Embedder, sources: &[DealSource]) -> Result<Self, EmbedError> {
        let stemmer = Stemmer::new()?;
        let clauses = clauses(embedder, &stemmer, sources).await?;
        let rarity = Rarity::of(clauses.iter().map(|clause| &clause.terms));
        Ok(Self { stemmer, clauses, rarity })
    }

    /// The commitments among `items`: place, words and meaning.
    async fn promises(
        &self,
        embedder: &dyn Embedder,
        sources: &[DealSource],
        items: &[Item],
    ) -> Result<Vec<(usize, Promise, Vec<f32>)>, EmbedError> {
        let promise = |(place, item): (usize, &Item)| match &item.finding {
            Finding::Commitment(commitment) => Some((place, Promise::of(item, commitment, sources, &self.stemmer))),
            _ => None,
        };
        let promises: Vec<(usize, Promise)> = items.iter().enumerate().filter_map(promise).collect();
        let texts: Vec<&str> = promises.iter().map(|(_, promise)| promise.text.as_str()).collect();
        let vectors = embedder.embed(&texts).await?;
        Ok(promises.into_iter().zip(vectors).map(|((place, promise), vector)| (place, promise, vector)).collect())
    }
}

/// Writes down what the contract says of a commitment; any other finding stays as it is.
fn settle(item: &mut Item, status: ContractStatus, clause: Option<&Clause>) {
    let Finding::Commitment(commitment) = &mut item.finding else { return };
    commitment.contract = Some(status);
    item.citations.extend(clause.map(|clause| clause.citation.clone()));
}
