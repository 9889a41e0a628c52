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

/// The same direction at unit length; nothing points nowhere.
pub(crate) fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    if length > 0.0 {
        for number in &mut vector {
            *number /= length;
        }
    }
    vector
}

/// Cosine of two vectors of unit length; 0 where one is missing.
#[must_use]
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    // Eight sums side by side: one alone would have the processor wait for each addition.
    let (eights_of_a, eights_of_b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest = eights_of_a.remainder().iter().zip(eights_of_b.remainder());
    let rest: f32 = rest.map(|(a, b)| a * b).sum();
    let mut sums = [0.0_f32; 8];
    for (a, b) in eights_of_a.zip(eights_of_b) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f32>() + rest
}
