//! The finder: which clauses of a passage answer a question.
//!
//! The reader's encoder, trained further on the labelled questions of the corpus (`train/asked.py`), with one number per clause.

use std::sync::Arc;

use super::asked::{Heard, core, runs, window};
use super::model::WindowModel;
use crate::domain::transcript::SourceKind;
use crate::encoder::ModelError;

static WEIGHTS: &[u8] = include_bytes!("../../models/finder.int8.onnx");

/// Judges clauses by whether they answer a question; clones share the model.
#[derive(Clone)]
pub struct Finder {
    model: Arc<WindowModel>,
}

/// Clauses that follow each other in one source and are read together.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// What the source is.
    pub kind: SourceKind,
    /// The clauses.
    pub clauses: Vec<Heard<'a>>,
}

impl Finder {
    /// Loads the finder: under 0.1 s and about 75 MB.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the embedded files do not fit each other: a defect of the build.
    pub fn load() -> Result<Self, ModelError> {
        Ok(Self { model: Arc::new(WindowModel::load(WEIGHTS, 1)?) })
    }

    /// Cuts clauses that follow each other in one source into runs that are read together.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the vocabulary does not fit: a defect of the build.
    pub fn cut<'a>(&self, kind: SourceKind, clauses: &[Heard<'a>]) -> Result<Vec<Run<'a>>, ModelError> {
        let ranges = runs(self.model.tokenizer(), clauses, core())?;
        Ok(ranges.into_iter().map(|range| Run { kind, clauses: clauses[range].to_vec() }).collect())
    }

    /// How likely each clause of each run answers the question, 0 to 1, in order.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the model cannot be run: a defect of the build.
    pub async fn judge(&self, question: &str, runs: &[Run<'_>]) -> Result<Vec<Vec<f32>>, ModelError> {
        let windows = runs.iter().map(|run| window(self.model.tokenizer(), question, run.kind, &run.clauses));
        let rows = WindowModel::run(&self.model, windows.collect::<Result<_, _>>()?).await?;
        let likely = |(run, rows): (&Run<'_>, Vec<(usize, Vec<f32>)>)| {
            // A clause without a token is judged by nobody and answers nothing.
            let mut likely = vec![0.0; run.clauses.len()];
            for (place, row) in rows {
                likely[place] = row.first().map_or(0.0, |logit| 1.0 / (1.0 + (-logit).exp()));
            }
            likely
        };
        Ok(runs.iter().zip(rows).map(likely).collect())
    }
}
