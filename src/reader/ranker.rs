//! The ranker: what a clause is about, told when its source comes in, so that a question has only to be compared with it.
//!
//! The bundled MiniLM encoder, trained further to put a question near the clauses that answer it (`train/ranker.py`). A clause's vector
//! is the mean over its tokens of what the encoder makes of the whole run ("Late Chunking", Günther and others, 2024): what it is
//! about in what is said around it. A question's is the mean over all of its tokens.

use std::sync::{Arc, LazyLock};

use super::asked::{self, Run};
use super::model::WindowModel;
use super::window::Window;
use crate::embed::unit;
use crate::encoder::{Memory, ModelError};

static WEIGHTS: &[u8] = include_bytes!("../../models/ranker.int8.onnx");

/// The name that its vectors are kept under: it holds the beginning of the SHA-256 of the weights.
pub const RANKER: &str = "ranker-f86c4923";
/// Numbers in a vector.
pub const NUMBERS: usize = 256;
/// Runs whose vectors are remembered, about, some 8 MB: they are kept in the store, and only what was not told in time is asked for again.
const REMEMBERED: usize = 1_024;

/// Tells what clauses and questions are about; clones share the model.
#[derive(Clone)]
pub struct Ranker {
    model: Arc<WindowModel>,
}

impl Ranker {
    /// The process's ranker; the first call loads it: under 0.1 s and about 75 MB.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the embedded files do not fit each other: a defect of the build.
    pub fn load() -> Result<Self, ModelError> {
        static SHARED: LazyLock<Result<Ranker, ModelError>> = LazyLock::new(|| {
            let model = WindowModel::load(WEIGHTS, NUMBERS, Memory::of(REMEMBERED))?;
            Ok(Ranker { model: Arc::new(model) })
        });
        SHARED.clone()
    }

    /// Has everything read anew, for who measures how long that takes.
    pub fn forget(&self) {
        self.model.forget();
    }

    /// What each clause of each run is about: vectors of [`NUMBERS`] numbers and of length 1, in order; all zeros where a clause has
    /// no token.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the model cannot be run: a defect of the build.
    pub(crate) async fn clauses(&self, runs: &[&Run<'_>]) -> Result<Vec<Vec<Vec<f32>>>, ModelError> {
        let windows = runs.iter().map(|run| self.window(run)).collect();
        let rows = WindowModel::run(&self.model, windows, ()).await?;
        let vectors = |(run, rows): (&&Run<'_>, Vec<(usize, Vec<f32>)>)| {
            let mut vectors = vec![vec![0.0; NUMBERS]; run.clauses.len()];
            for (place, row) in rows {
                vectors[place] = unit(row);
            }
            vectors
        };
        Ok(runs.iter().zip(rows).map(vectors).collect())
    }

    /// What a question is about.
    ///
    /// # Errors
    ///
    /// As [`Ranker::clauses`].
    pub(crate) async fn question(&self, words: &str) -> Result<Vec<f32>, ModelError> {
        let tokenizer = self.model.tokenizer();
        let ids = tokenizer.framed(&asked::question(tokenizer, words)?);
        let window = Window { clauses: vec![(0, 0..ids.len())], ids, sides: Vec::new() };
        let rows = WindowModel::run(&self.model, vec![window], ()).await?;
        Ok(rows.into_iter().flatten().map(|(_, row)| unit(row)).next().unwrap_or_default())
    }

    /// The words of a run, without who says them.
    fn window(&self, run: &Run<'_>) -> Window {
        let (mut body, mut clauses) = (Vec::new(), Vec::new());
        for (place, pieces) in run.pieces.iter().enumerate() {
            // One is for the start token, which the frame puts before everything.
            let start = body.len() + 1;
            body.extend(pieces);
            if !pieces.is_empty() {
                clauses.push((place, start..start + pieces.len()));
            }
        }
        Window { ids: self.model.tokenizer().framed(&body), clauses, sides: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hash::content_hash;

    #[test]
    fn vectors_of_other_weights_are_kept_under_another_name() {
        assert_eq!(RANKER, format!("ranker-{}", &content_hash(WEIGHTS)[..8]));
    }
}
