//! Words to BM25 terms, for both indexes and for documents and questions alike, so that the two sides always match.
//!
//! Term frequency and length are weighed here, how rare a term is (IDF) is Qdrant's part: it knows the whole collection.

use qdrant_edge::SparseVector;
use qdrant_edge::bm25_embed::{EdgeBm25, EdgeBm25Config};
use serde_json::json;

use super::IndexError;

/// Terms of a chunk on average, stop words left out; measured on meetings (70) and sales calls (66) with the default budget.
const CHUNK_TERMS: f64 = 70.0;

/// Makes sparse vectors from texts: lower case, English stop words and stems, tokens hashed to 32 bits.
#[derive(Debug)]
pub(crate) struct Bm25(EdgeBm25);

impl Bm25 {
    /// The model with Qdrant's own parameters, but for the length of a chunk.
    pub(crate) fn new() -> Result<Self, IndexError> {
        let cannot = |error: String| IndexError::Failed(format!("BM25 cannot be set up: {error}"));
        let config: EdgeBm25Config =
            serde_json::from_value(json!({"avg_len": CHUNK_TERMS})).map_err(|error| cannot(error.to_string()))?;
        EdgeBm25::new(config).map(Self).map_err(|error| cannot(error.to_string()))
    }

    /// The weighed terms of a chunk; none where it holds nothing but stop words.
    pub(crate) fn document(&self, text: &str) -> Option<SparseVector> {
        with_terms(self.0.embed_document(text))
    }

    /// The terms of a question; none where it holds nothing but stop words.
    pub(crate) fn question(&self, text: &str) -> Option<SparseVector> {
        with_terms(self.0.embed_query(text))
    }
}

fn with_terms(vector: SparseVector) -> Option<SparseVector> {
    (!vector.indices.is_empty()).then_some(vector)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn inflections_share_a_term_and_stop_words_make_none() {
        let bm25 = Bm25::new().unwrap();
        let question = bm25.question("migrations").unwrap();
        let chunk = bm25.document("the migration is planned").unwrap();
        assert!(question.indices.iter().all(|term| chunk.indices.contains(term)));
        assert_eq!(bm25.question("is it the"), None);
        assert_eq!(bm25.document(" \t…"), None);
    }

    proptest! {
        #[test]
        fn any_text_gives_distinct_terms_with_finite_weights(text in "\\PC{0,200}") {
            if let Some(vector) = Bm25::new().unwrap().document(&text) {
                let mut terms = vector.indices.clone();
                terms.sort_unstable();
                terms.dedup();
                prop_assert_eq!(terms.len(), vector.values.len());
                prop_assert!(vector.values.iter().all(|weight| weight.is_finite() && *weight > 0.0));
            }
        }
    }
}
