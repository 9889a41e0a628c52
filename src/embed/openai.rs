//! Vectors from an OpenAI-compatible server.

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::types::embeddings::{CreateEmbeddingRequest, EmbeddingInput, EncodingFormat};
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::Value;

use super::{EmbedError, Embedder};
use crate::openai_server::ServerSettings;
use crate::openai_server::transport::Failure;

/// Texts in one request; servers limit it, some to 96.
const BATCH: usize = 96;

/// Which model turns texts into vectors.
#[derive(Debug, Clone)]
pub struct OpenAiEmbedderSettings {
    /// The server.
    pub server: ServerSettings,
    /// The model's name at that server.
    pub model: String,
    /// Numbers in a vector of that model.
    pub dimension: usize,
}

/// Asks an OpenAI-compatible server for vectors.
#[derive(Debug)]
pub struct OpenAiEmbedder {
    client: Client<OpenAIConfig>,
    model: String,
    dimension: usize,
}

/// The parts of an answer that are read.
#[derive(Deserialize)]
struct Answer {
    data: Vec<Embedding>,
}

#[derive(Deserialize)]
struct Embedding {
    index: usize,
    embedding: Vec<f32>,
}

impl OpenAiEmbedder {
    /// An embedder for a server and a model; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`EmbedError::Permanent`] where the settings cannot work.
    pub fn new(settings: OpenAiEmbedderSettings) -> Result<Self, EmbedError> {
        let client = settings.server.client()?;
        Ok(Self { client, model: settings.model, dimension: settings.dimension })
    }

    async fn embed_batch(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let request = CreateEmbeddingRequest {
            model: self.model.clone(),
            input: EmbeddingInput::StringArray(texts.iter().map(|&text| text.to_owned()).collect()),
            encoding_format: Some(EncodingFormat::Float),
            user: None,
            dimensions: None,
        };
        let answer: Value = self.client.embeddings().create_byot(request).await.map_err(Failure::from)?;
        let answer: Answer = serde_json::from_value(answer)
            .map_err(|_| EmbedError::Permanent("its answer is no list of embeddings".to_owned()))?;
        in_order(answer.data, texts.len())?.into_iter().map(|vector| self.unit(vector)).collect()
    }

    /// The vector at length one.
    fn unit(&self, vector: Vec<f32>) -> Result<Vec<f32>, EmbedError> {
        if vector.len() != self.dimension {
            let (got, expected) = (vector.len(), self.dimension);
            let reason = format!("`{}` gives vectors of {got} numbers, but {expected} are configured", self.model);
            return Err(EmbedError::Permanent(reason));
        }
        let length = vector.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
        if !(length.is_finite() && length > 0.0) {
            return Err(EmbedError::Permanent(format!("`{}` gave a vector of length {length}", self.model)));
        }
        #[expect(clippy::cast_possible_truncation, reason = "the quotient lies between -1 and 1")]
        Ok(vector.into_iter().map(|x| (f64::from(x) / length) as f32).collect())
    }
}

#[async_trait]
impl Embedder for OpenAiEmbedder {
    fn model(&self) -> &str {
        &self.model
    }

    fn dimension(&self) -> usize {
        self.dimension
    }

    async fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            vectors.extend(self.embed_batch(batch).await?);
        }
        Ok(vectors)
    }
}

/// The vectors by the index of their text; servers may answer in any order.
fn in_order(mut data: Vec<Embedding>, texts: usize) -> Result<Vec<Vec<f32>>, EmbedError> {
    if data.len() != texts {
        let reason = format!("it gave {} vectors for {texts} texts", data.len());
        return Err(EmbedError::Permanent(reason));
    }
    data.sort_by_key(|embedding| embedding.index);
    if data.iter().enumerate().any(|(place, embedding)| embedding.index != place) {
        return Err(EmbedError::Permanent(format!("its indices are not 0 to {} once each", texts.saturating_sub(1))));
    }
    Ok(data.into_iter().map(|embedding| embedding.embedding).collect())
}

impl From<Failure> for EmbedError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable { reason, .. } => Self::Transient(reason),
            Failure::TooLong(reason) | Failure::Unreadable(reason) | Failure::Refused { reason, .. } => {
                Self::Permanent(reason)
            }
        }
    }
}
