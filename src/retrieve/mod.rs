//! A question to the passages of the record that may answer it: [`search`] asks the index, [`ranked`] lets chunks speak for
//! their neighbours, [`Passages`] widens the best to whole exchanges.
//!
//! Talk about one thing goes on over several chunks, and the chunk that says it in the question's words is often not the one
//! that settles it. So a chunk's score is its own and half of that of the chunks beside it, and a passage is a chunk with
//! about as much before and behind it. What each step adds is measured by `baton eval --meetings` (README, "Figures").

mod passages;
mod rank;

pub use passages::{Passage, Passages, Wanted};
pub use rank::ranked;

use crate::embed::Embedder;
use crate::error::Error;
use crate::index::{Hit, Query, Reach, VectorIndex};

/// Chunks that are looked at: enough that a long call brings the neighbours of its best chunks along.
pub const CANDIDATES: usize = 100;

/// The best chunks within reach, best first, each with what its neighbours say for it.
///
/// # Errors
///
/// Where the embedder or the index cannot answer.
pub async fn search(
    embedder: &dyn Embedder,
    index: &dyn VectorIndex,
    reach: Reach,
    question: &str,
) -> Result<Vec<Hit>, Error> {
    let vector = embedder.embed(&[question]).await?.pop().unwrap_or_default();
    let query = Query { reach, text: question.to_owned(), vector, limit: CANDIDATES };
    Ok(ranked(index.search(query).await?))
}
