//! Use case: what was promised aloud is set against what was signed.
//!
//! A contract is read as sentences (`clauses`), a commitment as a `promise`; both as `values`, service `hours`, `terms`
//! they may share and a `tone`. The clause most like a promise speaks to it if it is like enough (`likeness`); whether
//! it carries it is told from the values and, without any, from the wording (`verdict`). That nothing else was agreed
//! ("entire agreement") speaks to no promise and so contradicts none.

mod clauses;
mod hours;
mod likeness;
mod promise;
mod terms;
mod tone;
mod values;
mod verdict;

use self::clauses::{Clause, clauses};
use self::likeness::best_clause;
use self::promise::Promise;
use self::terms::{Rarity, Stemmer};
use self::verdict::carries;
use crate::domain::finding::{ContractStatus, Finding};
use crate::domain::item::Item;
use crate::domain::transcript::SourceKind;
use crate::draft::DealSource;
use crate::embed::{EmbedError, Embedder};

/// Sets every commitment among `items` against the contracts among `sources`: gives it its status and, where a clause
/// speaks to it, the clause as a citation. A commitment that was superseded or withdrawn is judged by its own value
/// like any other.
///
/// # Errors
///
/// When the words cannot be embedded for comparison.
pub async fn reconcile(embedder: &dyn Embedder, sources: &[DealSource], items: &mut [Item]) -> Result<(), EmbedError> {
    if !sources.iter().any(|source| source.transcript.kind == SourceKind::Contract) {
        for item in items {
            settle(item, ContractStatus::NoContract, None);
        }
        return Ok(());
    }
    let stemmer = Stemmer::new()?;
    let clauses = clauses(embedder, &stemmer, sources).await?;
    let rarity = Rarity::of(clauses.iter().map(|clause| &clause.terms));
    let promises: Vec<(&mut Item, Promise)> = items
        .iter_mut()
        .filter_map(|item| {
            let Finding::Commitment(commitment) = &item.finding else { return None };
            let promise = Promise::of(item, commitment, sources, &stemmer);
            Some((item, promise))
        })
        .collect();
    let texts: Vec<&str> = promises.iter().map(|(_, promise)| promise.text.as_str()).collect();
    let vectors = embedder.embed(&texts).await?;
    for ((item, promise), vector) in promises.into_iter().zip(&vectors) {
        let clause = best_clause(&promise, vector, &clauses, &rarity);
        let status = match clause {
            Some(clause) if carries(clause, &promise, &clauses) => ContractStatus::Written,
            Some(_) => ContractStatus::Contradicted,
            None => ContractStatus::Unwritten,
        };
        settle(item, status, clause);
    }
    Ok(())
}

/// Writes down what the contract says of a commitment; any other finding stays as it is.
fn settle(item: &mut Item, status: ContractStatus, clause: Option<&Clause>) {
    let Finding::Commitment(commitment) = &mut item.finding else { return };
    commitment.contract = Some(status);
    item.citations.extend(clause.map(|clause| clause.citation.clone()));
}
