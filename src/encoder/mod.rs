//! Encoders that run in process: the kind of tokenizer they have, and the lanes they run on.
//!
//! Every text is a run of its own. The weights are quantized dynamically, which means that the scale of the activations
//! is taken from the whole batch: in a batch of 16, a vector turned by up to 20 degrees (cosine 0.94) with its
//! neighbours. Alone, a text has one vector for ever. With prepacked weights that is no slower than a batch, and texts
//! then spread over the cores without sharing anything.

mod memory;
mod wordpiece;

use std::fmt;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, ValueOrView};
use rten_tensor::NdTensor;

pub use memory::Memory;
pub use wordpiece::{MAX_TOKENS, Tokenizer};

/// The embedded files of a model do not fit each other: a defect of the build.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the model cannot be used: {0}")]
pub struct ModelError(pub String);

impl ModelError {
    /// `error`, met while `doing`.
    pub fn new(doing: &str, error: impl fmt::Display) -> Self {
        Self(format!("{doing}: {error}"))
    }
}

/// One core's place to run a model.
pub type Lane = Arc<ThreadPool>;

/// A model with its tokenizer.
pub struct Encoder {
    tokenizer: &'static Tokenizer,
    model: Model,
    /// One pool of one thread per core: a text is encoded by one core, several texts by several.
    lanes: Vec<Lane>,
}

impl Encoder {
    /// Loads a model from the ONNX file in `weights`.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the file cannot be read as a model.
    pub fn load(weights: &'static [u8]) -> Result<Self, ModelError> {
        let model = ModelOptions::with_all_ops()
            .prepack_weights(true)
            .load_static_slice(weights)
            .map_err(|error| ModelError::new("loading the weights", error))?;
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let lanes = (0..cores).map(|_| Arc::new(ThreadPool::with_num_threads(1))).collect();
        Ok(Self { tokenizer: Tokenizer::bundled()?, model, lanes })
    }

    /// What turns texts into token ids.
    #[must_use]
    pub const fn tokenizer(&self) -> &Tokenizer {
        self.tokenizer
    }

    /// The input or output called `name`.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the model has none of that name.
    pub fn node(&self, name: &str) -> Result<NodeId, ModelError> {
        self.model.node_id(name).map_err(|error| ModelError::new(name, error))
    }

    /// One run on one core.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the model cannot be run or has another output than expected.
    pub fn run<const RANK: usize>(
        &self,
        lane: &Lane,
        inputs: Vec<(NodeId, ValueOrView)>,
        output: NodeId,
    ) -> Result<NdTensor<f32, RANK>, ModelError> {
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(lane)));
        let [output] = self
            .model
            .run_n(inputs, [output], Some(options))
            .map_err(|error| ModelError::new("running the model", error))?;
        output.try_into().map_err(|error| ModelError::new("reading the output", error))
    }

    /// `work` on every input, spread over the cores, in the order given. Lanes take the next input from a shared counter,
    /// so that long and short ones even out. `turn` is given up as soon as a lane has nothing more to begin, while others may
    /// still work: who waits for it leaves no core idle.
    ///
    /// # Errors
    ///
    /// The first error of `work`.
    pub fn run_all<T: Sync, R: Send>(
        &self,
        inputs: &[T],
        turn: impl Send,
        work: impl Fn(&T, &Lane) -> Result<R, ModelError> + Sync,
    ) -> Result<Vec<R>, ModelError> {
        let next = AtomicUsize::new(0);
        let turn = Mutex::new(Some(turn));
        let on_lane = |lane: &Lane| {
            let mut done = Vec::new();
            while let Some((place, input)) = take_next(inputs, &next) {
                done.push((place, work(input, lane)?));
            }
            turn.lock().unwrap_or_else(PoisonError::into_inner).take();
            Ok::<_, ModelError>(done)
        };
        let parts: Vec<_> = match self.lanes.as_slice() {
            [lane, ..] if inputs.len() < 2 => vec![on_lane(lane)],
            lanes => thread::scope(|scope| {
                let lanes = lanes.iter().take(inputs.len());
                let workers: Vec<_> = lanes.map(|lane| scope.spawn(|| on_lane(lane))).collect();
                workers.into_iter().map(join).collect()
            }),
        };
        let mut done: Vec<(usize, R)> =
            parts.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        done.sort_by_key(|(place, _)| *place);
        Ok(done.into_iter().map(|(_, result)| result).collect())
    }
}

fn take_next<'a, T>(inputs: &'a [T], next: &AtomicUsize) -> Option<(usize, &'a T)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    inputs.get(place).map(|input| (place, input))
}

fn join<T>(worker: thread::ScopedJoinHandle<'_, Result<T, ModelError>>) -> Result<T, ModelError> {
    worker.join().unwrap_or_else(|_| Err(ModelError("an encoding thread panicked".to_owned())))
}
