//! A model that reads windows: one row of numbers for every clause.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rten::NodeId;
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use super::window::Window;
use crate::encoder::{Encoder, Lane, Memory, ModelError, Tokenizer};

/// The numbers of a window's clauses, each with the clause's place.
pub(super) type Rows = Vec<(usize, Vec<f32>)>;

/// An encoder that answers with a row of numbers for the mean of each clause's tokens.
pub(super) struct WindowModel {
    encoder: Encoder,
    input_ids: NodeId,
    attention_mask: NodeId,
    pool: NodeId,
    answers: NodeId,
    /// Numbers in a row.
    width: usize,
    memory: Memory<Rows>,
    /// Microseconds, all runs together.
    busy: AtomicU64,
}

impl WindowModel {
    /// Loads the ONNX file in `weights`, which answers with `width` numbers a clause; `memory` is for what it has read.
    pub(super) fn load(weights: &'static [u8], width: usize, memory: Memory<Rows>) -> Result<Self, ModelError> {
        let encoder = Encoder::load(weights)?;
        let (input_ids, attention_mask) = (encoder.node("input_ids")?, encoder.node("attention_mask")?);
        let (pool, answers) = (encoder.node("pool")?, encoder.node("answers")?);
        Ok(Self { encoder, input_ids, attention_mask, pool, answers, width, memory, busy: AtomicU64::new(0) })
    }

    pub(super) const fn tokenizer(&self) -> &Tokenizer {
        self.encoder.tokenizer()
    }

    /// For how long the model has run since it was loaded, as a clock on the wall shows it.
    pub(super) fn busy(&self) -> Duration {
        Duration::from_micros(self.busy.load(Ordering::Relaxed))
    }

    /// Has every window read anew.
    pub(super) fn forget(&self) {
        self.memory.forget();
    }

    /// The numbers of every window, in order; `turn` is given up as soon as a core has nothing more to begin.
    pub(super) async fn run(
        model: &Arc<Self>,
        windows: Vec<Window>,
        turn: impl Send + 'static,
    ) -> Result<Vec<Rows>, ModelError> {
        let model = Arc::clone(model);
        let run = move || {
            let started = Instant::now();
            let judge = |new: &[&Window]| model.encoder.run_all(new, turn, |window, lane| model.judge(window, lane));
            let rows = model.memory.answers(&windows, judge);
            let busy = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
            model.busy.fetch_add(busy, Ordering::Relaxed);
            rows
        };
        tokio::task::spawn_blocking(run).await.map_err(|error| ModelError::new("reading", error))?
    }

    fn judge(&self, window: &Window, lane: &Lane) -> Result<Rows, ModelError> {
        let (tokens, clauses) = (window.ids.len(), window.clauses.len());
        let mut pool = vec![0.0_f32; clauses * tokens];
        for (row, (_, own)) in window.clauses.iter().enumerate() {
            pool[row * tokens..][own.clone()].fill(1.0 / own.len() as f32);
        }
        let ids = NdTensor::from_data([1, tokens], window.ids.clone());
        let mask = NdTensor::from_data([1, tokens], vec![1_i32; tokens]);
        let pool = NdTensor::from_data([1, clauses, tokens], pool);
        let inputs = vec![(self.input_ids, ids.into()), (self.attention_mask, mask.into()), (self.pool, pool.into())];
        let answers: NdTensor<f32, 3> = self.encoder.run(lane, inputs, self.answers)?;
        if answers.shape() != [1, clauses, self.width] {
            return Err(ModelError(format!("the model's output has the shape {:?}", answers.shape())));
        }
        let row = |row| answers.slice((0, row)).iter().copied().collect::<Vec<f32>>();
        Ok(window.clauses.iter().enumerate().map(|(at, (place, _))| (*place, row(at))).collect())
    }
}
