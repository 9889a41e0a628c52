//! The finder: which clauses of a passage answer a question.
//!
//! The reader's encoder, trained further on the labelled questions of the corpus (`train/asked.py`), with one number per clause.

use std::sync::{Arc, LazyLock};

use tokio::sync::Mutex;

use super::asked::{Run, window};
use super::model::WindowModel;
use crate::encoder::{Memory, ModelError, Tokenizer};

static WEIGHTS: &[u8] = include_bytes!("../../models/finder.int8.onnx");

/// Judges clauses by whether they answer a question; clones share the model.
#[derive(Clone)]
pub struct Finder {
    model: Arc<WindowModel>,
    /// Questions are read one after the other, each on all cores: nobody waits longer for that, and fewer wait long. The next one
    /// begins on the first core that is free.
    turn: Arc<Mutex<()>>,
}

impl Finder {
    /// The process's finder; the first call loads it: under 0.1 s and less than 75 MB.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the embedded files do not fit each other: a defect of the build.
    pub fn load() -> Result<Self, ModelError> {
        static SHARED: LazyLock<Result<Finder, ModelError>> = LazyLock::new(|| {
            Ok(Finder { model: Arc::new(WindowModel::load(WEIGHTS, 1, Memory::default())?), turn: Arc::default() })
        });
        SHARED.clone()
    }

    /// Forgets what it has read, for who measures how long an answer takes.
    pub fn forget(&self) {
        self.model.forget();
    }

    /// The words that the finder knows.
    pub(crate) fn tokenizer(&self) -> &Tokenizer {
        self.model.tokenizer()
    }

    /// How likely each clause of each run answers the question, 0 to 1, in order.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the model cannot be run: a defect of the build.
    pub(crate) async fn judge(&self, question: &[i32], runs: &[&Run<'_>]) -> Result<Vec<Vec<f32>>, ModelError> {
        let windows = runs.iter().map(|run| window(self.tokenizer(), question, run));
        let windows = windows.collect::<Result<_, _>>()?;
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let rows = WindowModel::run(&self.model, windows, turn).await?;
        let likely = |(run, rows): (&&Run<'_>, Vec<(usize, Vec<f32>)>)| {
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
