//! The trained reader: which findings a clause makes, read in its context, and how clauses of a contract or later words stand
//! to a promise.
//!
//! The bundled MiniLM encoder, fine-tuned end to end on labelled deals and contrast sets (`train/`), with one linear layer per
//! question over the mean of a clause's tokens. One run reads a `window`: several clauses with what is said around them, or a
//! `pair`.

mod pair;
mod per_field;
mod sheet;
pub(crate) mod window;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rten::NodeId;
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

pub use self::pair::{Pair, Quoted};
pub use self::per_field::PerField;
use self::sheet::Sheet;
pub use self::sheet::{Answer, Judgement, Relation, Tie};
use self::window::{Window, core, windows};
use crate::domain::transcript::{Side, SourceKind};
use crate::encoder::{Encoder, Lane, ModelError};

static WEIGHTS: &[u8] = include_bytes!("../../models/reader.int8.onnx");
static SHEET: &str = include_str!("../../models/reader.json");

/// The name a draft remembers the model by; other weights need another name.
pub const MODEL: &str = "baton-reader-3-int8";

/// A clause as the reader hears it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said<'a> {
    /// The turn's own index: clauses of one turn are one person's words.
    pub turn: u32,
    /// The words.
    pub text: &'a str,
    /// Whose words they are.
    pub side: Side,
}

/// Judges clauses and compares promises; clones share the model.
#[derive(Clone)]
pub struct Reader {
    model: Arc<ReaderModel>,
}

struct ReaderModel {
    encoder: Encoder,
    sheet: Sheet,
    input_ids: NodeId,
    attention_mask: NodeId,
    pool: NodeId,
    answers: NodeId,
    /// Microseconds, all runs together.
    busy: AtomicU64,
}

impl Reader {
    /// Loads the reader: under 0.1 s and about 75 MB.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the embedded files do not fit each other: a defect of the build.
    pub fn load() -> Result<Self, ModelError> {
        let encoder = Encoder::load(WEIGHTS)?;
        let (input_ids, attention_mask) = (encoder.node("input_ids")?, encoder.node("attention_mask")?);
        let (pool, answers) = (encoder.node("pool")?, encoder.node("answers")?);
        let sheet = Sheet::from_json(SHEET)?;
        Ok(Self {
            model: Arc::new(ReaderModel {
                encoder,
                sheet,
                input_ids,
                attention_mask,
                pool,
                answers,
                busy: AtomicU64::new(0),
            }),
        })
    }

    /// For how long the model has run since it was loaded, as a clock on the wall shows it.
    #[must_use]
    pub fn busy(&self) -> Duration {
        Duration::from_micros(self.model.busy.load(Ordering::Relaxed))
    }

    /// One judgement per clause, in order.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the model cannot be run: a defect of the build.
    pub async fn judge(&self, kind: SourceKind, clauses: &[Said<'_>]) -> Result<Vec<Judgement>, ModelError> {
        let windows = windows(self.model.encoder.tokenizer(), kind, clauses, core())?;
        // A clause without a token is judged by nobody and is no finding.
        let mut judgements = vec![Judgement::default(); clauses.len()];
        for (place, row) in self.run(windows).await?.into_iter().flatten() {
            judgements[place] = self.model.sheet.judgement(&row);
        }
        Ok(judgements)
    }

    /// How the second of each pair stands to the promise that is its first, in order.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the model cannot be run: a defect of the build.
    pub async fn compare(&self, pairs: &[Pair]) -> Result<Vec<Relation>, ModelError> {
        let windows = pairs.iter().map(|pair| pair.window(self.model.encoder.tokenizer())).collect::<Result<_, _>>()?;
        let rows = self.run(windows).await?;
        let relation = |(pair, rows): (&Pair, Vec<(usize, Vec<f32>)>)| {
            rows.first().map_or_else(Relation::default, |(_, row)| self.model.sheet.relation(pair, row))
        };
        Ok(pairs.iter().zip(rows).map(relation).collect())
    }

    /// The numbers of every clause of every window, by the clause's place.
    async fn run(&self, windows: Vec<Window>) -> Result<Vec<Vec<(usize, Vec<f32>)>>, ModelError> {
        let model = Arc::clone(&self.model);
        let run = move || {
            let started = Instant::now();
            let rows = model.encoder.run_all(&windows, |window, lane| model.run(window, lane));
            let busy = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
            model.busy.fetch_add(busy, Ordering::Relaxed);
            rows
        };
        tokio::task::spawn_blocking(run).await.map_err(|error| ModelError::new("reading", error))?
    }
}

impl ReaderModel {
    fn run(&self, window: &Window, lane: &Lane) -> Result<Vec<(usize, Vec<f32>)>, ModelError> {
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
        if answers.shape() != [1, clauses, self.sheet.width()] {
            return Err(ModelError(format!("the reader's output has the shape {:?}", answers.shape())));
        }
        let row = |row| answers.slice((0, row)).iter().copied().collect::<Vec<f32>>();
        Ok(window.clauses.iter().enumerate().map(|(at, (place, _))| (*place, row(at))).collect())
    }
}
