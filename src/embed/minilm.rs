//! The bundled sentence encoder: all-MiniLM-L6-v2 with int8 weights, run in process on the CPU.

use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use rten::NodeId;
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};

use super::{EmbedError, Embedder, unit};
use crate::encoder::{Encoder, Lane, Memory, ModelError};

/// The name an index remembers the encoder by; another export or quantization needs another name.
pub const MODEL: &str = "all-MiniLM-L6-v2-int8";
/// Numbers in a vector.
pub const DIMENSION: usize = 384;

static WEIGHTS: &[u8] = include_bytes!("../../models/all-MiniLM-L6-v2.int8.onnx");

/// Sentence vectors from the encoder that is part of the binary; clones share the model, which encodes no text twice that it
/// remembers.
#[derive(Clone)]
pub struct MiniLm {
    sentences: Arc<SentenceEncoder>,
}

struct SentenceEncoder {
    encoder: Encoder,
    input_ids: NodeId,
    attention_mask: NodeId,
    hidden: NodeId,
    memory: Memory<Vec<f32>>,
}

impl MiniLm {
    /// The process's encoder; the first call loads it: under 0.1 s and about 75 MB.
    ///
    /// # Errors
    ///
    /// [`EmbedError::Model`] where the embedded files do not fit each other: a defect of the build.
    pub fn load() -> Result<Self, EmbedError> {
        static SHARED: LazyLock<Result<Arc<SentenceEncoder>, ModelError>> =
            LazyLock::new(|| SentenceEncoder::load(WEIGHTS).map(Arc::new));
        Ok(Self { sentences: SHARED.clone()? })
    }

    /// Forgets what it has encoded, for who measures how long that takes.
    pub fn forget(&self) {
        self.sentences.memory.forget();
    }

    /// One vector per text, in the order given; blocks for as long as the cores need.
    ///
    /// A text beyond 256 tokens is represented by its first 256. The same text always has the same vector.
    ///
    /// # Errors
    ///
    /// [`EmbedError::Model`] where the model cannot be run.
    pub fn embed_blocking<T: AsRef<str> + Hash + Sync>(&self, texts: &[T]) -> Result<Vec<Vec<f32>>, EmbedError> {
        Ok(self.sentences.encode_all(texts)?)
    }
}

impl fmt::Debug for MiniLm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MiniLm").field("model", &MODEL).finish_non_exhaustive()
    }
}

#[async_trait]
impl Embedder for MiniLm {
    fn model(&self) -> &str {
        MODEL
    }

    fn dimension(&self) -> usize {
        DIMENSION
    }

    async fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let sentences = Arc::clone(&self.sentences);
        let texts: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
        let encoded = tokio::task::spawn_blocking(move || sentences.encode_all(&texts)).await;
        Ok(encoded.map_err(|error| ModelError::new("encoding", error))??)
    }
}

impl SentenceEncoder {
    fn load(weights: &'static [u8]) -> Result<Self, ModelError> {
        let encoder = Encoder::load(weights)?;
        let (input_ids, attention_mask) = (encoder.node("input_ids")?, encoder.node("attention_mask")?);
        let hidden = encoder.node("h")?;
        Ok(Self { encoder, input_ids, attention_mask, hidden, memory: Memory::default() })
    }

    fn encode_all<T: AsRef<str> + Hash + Sync>(&self, texts: &[T]) -> Result<Vec<Vec<f32>>, ModelError> {
        let encode = |new: &[&T]| self.encoder.run_all(new, (), |text, lane| self.encode(text.as_ref(), lane));
        self.memory.answers(texts, encode)
    }

    /// The mean of the last hidden state over the text's tokens, at unit length.
    fn encode(&self, text: &str, lane: &Lane) -> Result<Vec<f32>, ModelError> {
        let ids = self.encoder.tokenizer().encode(text)?;
        let shape = [1, ids.len()];
        let mask = NdTensor::from_data(shape, vec![1_i32; ids.len()]);
        let inputs = vec![(self.input_ids, NdTensor::from_data(shape, ids).into()), (self.attention_mask, mask.into())];
        let hidden: NdTensor<f32, 3> = self.encoder.run(lane, inputs, self.hidden)?;
        let [_, tokens, dimension] = hidden.shape();
        if dimension != DIMENSION || tokens == 0 {
            return Err(ModelError(format!("the output is {tokens} by {dimension} numbers")));
        }
        Ok(unit_mean(&hidden.slice(0)))
    }
}

impl From<ModelError> for EmbedError {
    fn from(error: ModelError) -> Self {
        Self::Model(error.0)
    }
}

/// The mean of the rows, at unit length. The sum points the same way, so it is never divided by their number.
fn unit_mean(rows: &NdTensorView<f32, 2>) -> Vec<f32> {
    let mut sum = vec![0.0_f32; DIMENSION];
    for row in 0..rows.size(0) {
        for (total, &number) in sum.iter_mut().zip(rows.slice(row).iter()) {
            *total += number;
        }
    }
    unit(sum)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::embed::cosine;

    static ENCODER: LazyLock<MiniLm> = LazyLock::new(|| MiniLm::load().unwrap());

    #[test]
    fn vectors_have_the_stated_dimension_and_unit_length_whatever_the_text() {
        let long = "word ".repeat(1000);
        let texts = ["We go live in June.", "", " \n", "na\u{ef}ve \u{4F60}\u{597D} \u{1F642}", "qzxqzx", &long];
        for vector in ENCODER.embed_blocking(&texts).unwrap() {
            assert_eq!(vector.len(), DIMENSION);
            assert!((cosine(&vector, &vector) - 1.0).abs() < 1e-4);
        }
    }

    #[test]
    fn a_text_has_the_same_vector_whatever_stands_beside_it() {
        let texts = ["Short.", "The scheduler will be live by June.", "Who signs the order form on your side?"];
        let together = ENCODER.embed_blocking(&texts).unwrap();
        ENCODER.forget();
        for (text, vector) in texts.iter().zip(&together) {
            assert_eq!(&ENCODER.embed_blocking(&[text]).unwrap()[0], vector, "{text}");
        }
    }

    #[test]
    fn a_paraphrase_is_closer_than_another_subject() {
        let vectors = ENCODER
            .embed_blocking(&[
                "We will connect the product to your payroll system.",
                "Your payroll software gets integrated by our team.",
                "The cafeteria closes early on Fridays.",
            ])
            .unwrap();
        assert!(cosine(&vectors[0], &vectors[1]) > cosine(&vectors[0], &vectors[2]) + 0.3);
    }

    #[test]
    fn words_behind_the_256th_token_do_not_count() {
        let head = "steel ".repeat(400);
        let vectors = ENCODER.embed_blocking(&[format!("{head} apples"), format!("{head} insurance")]).unwrap();
        assert_eq!(vectors[0], vectors[1]);
    }

    #[tokio::test]
    async fn the_embedder_keeps_the_order_and_takes_an_empty_list() {
        assert!(ENCODER.embed(&[]).await.unwrap().is_empty());
        let vectors = ENCODER.embed(&["one", "two two two two", "three"]).await.unwrap();
        assert_eq!(vectors[2], ENCODER.embed_blocking(&["three"]).unwrap()[0]);
        assert_eq!((ENCODER.model(), ENCODER.dimension()), (MODEL, vectors[0].len()));
    }
}
