//! The bundled encoder: all-MiniLM-L6-v2 with int8 weights, run in process on the CPU.
//!
//! Every text is a run of its own. The weights are quantized dynamically, which means that the scale of the activations
//! is taken from the whole batch: in a batch of 16, a vector turned by up to 20 degrees (cosine 0.94) with its
//! neighbours. Alone, a text has one vector for ever. With prepacked weights that is no slower than a batch, and texts
//! then spread over the cores without sharing anything.

mod wordpiece;

use std::fmt;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use async_trait::async_trait;
use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, ValueOrView};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};

use self::wordpiece::Tokenizer;
use super::{EmbedError, Embedder};

/// The name an index remembers the encoder by; another export or quantization needs another name.
pub const MODEL: &str = "all-MiniLM-L6-v2-int8";
/// Numbers in a vector.
pub const DIMENSION: usize = 384;

static WEIGHTS: &[u8] = include_bytes!("../../models/all-MiniLM-L6-v2.int8.onnx");
static TOKENIZER: &str = include_str!("../../models/tokenizer.json");

/// Sentence vectors from the encoder that is part of the binary; clones share the model.
#[derive(Clone)]
pub struct MiniLm {
    encoder: Arc<Encoder>,
}

struct Encoder {
    tokenizer: Tokenizer,
    model: Model,
    input_ids: NodeId,
    attention_mask: NodeId,
    hidden: NodeId,
    /// One pool of one thread per core: a text is encoded by one core, several texts by several.
    lanes: Vec<Arc<ThreadPool>>,
}

impl MiniLm {
    /// Loads the encoder: under 0.1 s and about 75 MB.
    ///
    /// # Errors
    ///
    /// [`EmbedError::Model`] where the embedded files do not fit each other: a defect of the build.
    pub fn load() -> Result<Self, EmbedError> {
        Ok(Self { encoder: Arc::new(Encoder::load()?) })
    }

    /// One vector per text, in the order given; blocks for as long as the cores need.
    ///
    /// A text beyond 256 tokens is represented by its first 256. The same text always has the same vector.
    ///
    /// # Errors
    ///
    /// [`EmbedError::Model`] where the model cannot be run.
    pub fn embed_blocking<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Result<Vec<Vec<f32>>, EmbedError> {
        self.encoder.encode_all(texts)
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
        let texts: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
        let encoder = Arc::clone(&self.encoder);
        tokio::task::spawn_blocking(move || encoder.encode_all(&texts))
            .await
            .map_err(|error| model_error("encoding", error))?
    }
}

impl Encoder {
    fn load() -> Result<Self, EmbedError> {
        let model = ModelOptions::with_all_ops()
            .prepack_weights(true)
            .load_static_slice(WEIGHTS)
            .map_err(|error| model_error("loading the weights", error))?;
        let node = |name: &str| model.node_id(name).map_err(|error| model_error(name, error));
        let (input_ids, attention_mask, hidden) = (node("input_ids")?, node("attention_mask")?, node("h")?);
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let lanes = (0..cores).map(|_| Arc::new(ThreadPool::with_num_threads(1))).collect();
        Ok(Self { tokenizer: Tokenizer::from_json(TOKENIZER)?, model, input_ids, attention_mask, hidden, lanes })
    }

    /// Lanes take the next text from a shared counter, so that long and short texts even out.
    fn encode_all<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let next = AtomicUsize::new(0);
        let work = |lane: &Arc<ThreadPool>| {
            let mut done = Vec::new();
            while let Some((place, text)) = take_next(texts, &next) {
                done.push((place, self.encode(text.as_ref(), lane)?));
            }
            Ok::<_, EmbedError>(done)
        };
        let parts: Vec<_> = match self.lanes.as_slice() {
            [lane, ..] if texts.len() < 2 => vec![work(lane)],
            lanes => thread::scope(|scope| {
                let workers: Vec<_> = lanes.iter().take(texts.len()).map(|lane| scope.spawn(|| work(lane))).collect();
                workers.into_iter().map(join).collect()
            }),
        };
        let mut vectors = vec![Vec::new(); texts.len()];
        for part in parts {
            for (place, vector) in part? {
                vectors[place] = vector;
            }
        }
        Ok(vectors)
    }

    /// The mean of the last hidden state over the text's tokens, at unit length.
    fn encode(&self, text: &str, lane: &Arc<ThreadPool>) -> Result<Vec<f32>, EmbedError> {
        let ids = self.tokenizer.encode(text)?;
        let shape = [1, ids.len()];
        let mask = NdTensor::from_data(shape, vec![1_i32; ids.len()]);
        let inputs: Vec<(NodeId, ValueOrView)> =
            vec![(self.input_ids, NdTensor::from_data(shape, ids).into()), (self.attention_mask, mask.into())];
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(lane)));
        let [hidden] = self
            .model
            .run_n(inputs, [self.hidden], Some(options))
            .map_err(|error| model_error("running the model", error))?;
        let hidden: NdTensor<f32, 3> = hidden.try_into().map_err(|error| model_error("reading the output", error))?;
        let [_, tokens, dimension] = hidden.shape();
        if dimension != DIMENSION || tokens == 0 {
            return Err(EmbedError::Model(format!("the output is {tokens} by {dimension} numbers")));
        }
        Ok(unit_mean(&hidden.slice(0)))
    }
}

fn take_next<'a, T>(texts: &'a [T], next: &AtomicUsize) -> Option<(usize, &'a T)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    texts.get(place).map(|text| (place, text))
}

fn join<T>(worker: thread::ScopedJoinHandle<'_, Result<T, EmbedError>>) -> Result<T, EmbedError> {
    worker.join().unwrap_or_else(|_| Err(EmbedError::Model("an encoding thread panicked".to_owned())))
}

fn model_error(doing: &str, error: impl fmt::Display) -> EmbedError {
    EmbedError::Model(format!("{doing}: {error}"))
}

/// The mean of the rows, at unit length. The sum points the same way, so it is never divided by their number.
fn unit_mean(rows: &NdTensorView<f32, 2>) -> Vec<f32> {
    let mut sum = vec![0.0_f32; DIMENSION];
    for row in 0..rows.size(0) {
        for (total, &number) in sum.iter_mut().zip(rows.slice(row).iter()) {
            *total += number;
        }
    }
    let norm = sum.iter().map(|number| number * number).sum::<f32>().sqrt();
    if norm > 0.0 {
        for number in &mut sum {
            *number /= norm;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    static ENCODER: LazyLock<MiniLm> = LazyLock::new(|| MiniLm::load().unwrap());

    fn cosine(left: &[f32], right: &[f32]) -> f32 {
        left.iter().zip(right).map(|(a, b)| a * b).sum()
    }

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
