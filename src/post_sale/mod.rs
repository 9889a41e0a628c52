//! After the sale: what became of what was promised, and what the customer had to say again.
//!
//! A deal's sources are parted at the end of the sale ([`part`]). Of what was said afterwards, clauses that tell of something
//! done, not done, still open or agreed anew (`telling`) are set beside the promises (`promises`), and questions of the vendor's
//! side beside what the customer had said before the sale (`questions`). Both are shown with the words they rest on; where the
//! record does not say it, nothing is marked.

mod boundary;
mod marks;
mod promises;
mod questions;
mod record;
mod telling;

pub use self::boundary::{Close, Parted, part};
pub use self::marks::{clear_outcome, repeats, set_outcome};

use self::record::Record;
use crate::domain::aftermath::Repeat;
use crate::domain::ids::ItemId;
use crate::domain::item::Item;
use crate::domain::vocabulary::Outcome;
use crate::embed::{EmbedError, Embedder};
use crate::ground::Citation;
use crate::reader::Reader;
use crate::reconcile::terms::Stemmer;

/// What became of a promise, told from the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Fulfilment {
    /// The promise.
    pub item: ItemId,
    /// What became of it.
    pub outcome: Outcome,
    /// The words that say so.
    pub citation: Citation,
}

/// What a deal's record says after the sale.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Aftermath {
    /// The promises of which something is said.
    pub fulfilments: Vec<Fulfilment>,
    /// How many questions the vendor's side asked.
    pub questions: usize,
    /// Those that had an answer already.
    pub repeats: Vec<Repeat>,
}

/// Reads what was said after the sale beside what was promised and told before it.
///
/// # Errors
///
/// When the words cannot be compared.
pub async fn read(
    embedder: &dyn Embedder,
    reader: &Reader,
    parted: &Parted,
    items: &[Item],
) -> Result<Aftermath, EmbedError> {
    if parted.after.is_empty() {
        return Ok(Aftermath::default());
    }
    let stemmer = Stemmer::new()?;
    let record = Record::read(reader, &stemmer, &parted.sale, &parted.after).await?;
    let fulfilments = promises::fulfilments(embedder, reader, &stemmer, &record, &parted.sale, items).await?;
    let (questions, repeats) = questions::repeats(embedder, reader, &stemmer, &record).await?;
    Ok(Aftermath { fulfilments, questions, repeats })
}
