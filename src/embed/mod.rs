//! Texts to vectors: the bundled encoder in process by default, or an OpenAI-compatible server.

pub mod minilm;
pub mod openai;

use async_trait::async_trait;

/// Why there is no vector.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// The bundled model could not be loaded or run: a defect of the build.
    #[error("the bundled encoder failed: {0}")]
    Model(String),
    /// The embeddings server cannot answer now.
    #[error("the embeddings server cannot answer now: {0}")]
    Transient(String),
    /// The embeddings server refuses; trying again will not help.
    #[error("the embeddings server refuses: {0}")]
    Permanent(String),
}

/// Turns texts into vectors of unit length, so that their dot product is the cosine of their angle.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// Name of the model; an index remembers it and takes vectors of no other.
    fn model(&self) -> &str;

    /// Numbers in a vector.
    fn dimension(&self) -> usize;

    /// One vector per text, in the order given.
    ///
    /// # Errors
    ///
    /// See [`EmbedError`].
    async fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError>;
}

/// Cosine of two vectors of unit length; 0 where one is missing.
#[must_use]
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
