//! The trained reader: which findings a clause makes, read in its context.
//!
//! The bundled MiniLM encoder, fine-tuned end to end on labelled deals and contrast sets (`train/`), with one linear layer per
//! question over the mean of a clause's tokens. One run reads a `window`: several clauses with what is said around them.

pub mod example;
mod sheet;
mod window;

use std::sync::Arc;

use rten::NodeId;
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

pub(super) use self::sheet::Judgement;
use self::sheet::Sheet;
use self::window::{Window, core, windows};
use super::sentences::Sentence;
use crate::domain::transcript::SourceKind;
use crate::encoder::{Encoder, Lane, ModelError};

static WEIGHTS: &[u8] = include_bytes!("../../../../models/reader.int8.onnx");
static SHEET: &str = include_str!("../../../../models/reader.json");

/// The name a draft remembers the model by; other weights need another name.
pub const MODEL: &str = "baton-reader-1-int8";

/// Judges clauses; clones share the model.
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
        Ok(Self { model: Arc::new(ReaderModel { encoder, sheet, input_ids, attention_mask, pool, answers }) })
    }

    /// One judgement per clause, in order.
    pub(super) async fn judge(&self, kind: SourceKind, clauses: &[Sentence<'_>]) -> Result<Vec<Judgement>, ModelError> {
        let windows = windows(self.model.encoder.tokenizer(), kind, clauses, core())?;
        let model = Arc::clone(&self.model);
        let read = move || model.encoder.run_all(&windows, |window, lane| model.read(window, lane));
        let read = tokio::task::spawn_blocking(read).await.map_err(|error| ModelError::new("reading", error))??;
        // A clause without a token is judged by nobody and is no finding.
        let mut judgements = vec![Judgement::default(); clauses.len()];
        for (place, judgement) in read.into_iter().flatten() {
            judgements[place] = judgement;
        }
        Ok(judgements)
    }
}

impl ReaderModel {
    fn read(&self, window: &Window, lane: &Lane) -> Result<Vec<(usize, Judgement)>, ModelError> {
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
        Ok(window.clauses.iter().enumerate().map(|(at, (place, _))| (*place, self.sheet.judgement(&row(at)))).collect())
    }
}
