//! The trained reader: which findings a clause makes, read in its context, and how clauses of a contract or later words stand
//! to a promise.
//!
//! The bundled MiniLM encoder, fine-tuned end to end on labelled deals and contrast sets (`train/`), with one linear layer per
//! question over the mean of a clause's tokens. One run reads a `window`: several clauses with what is said around them, or a
//! `pair`.

pub(crate) mod asked;
mod finder;
mod model;
mod pair;
mod per_field;
mod ranker;
mod sheet;
pub(crate) mod window;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

pub use self::asked::{ClausePlace, Heard, Run};
pub use self::finder::Finder;
use self::model::WindowModel;
pub use self::pair::{Pair, Quoted};
pub use self::per_field::PerField;
pub use self::ranker::{NUMBERS, RANKER, Ranker};
use self::sheet::Sheet;
pub use self::sheet::{Answer, Judgement, Relation, Tie};
use self::window::{core, windows};
use crate::domain::transcript::{Side, SourceKind};
use crate::encoder::{Memory, ModelError};

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

/// Judges clauses and compares promises; clones share the model, which reads nothing twice that it remembers.
#[derive(Clone)]
pub struct Reader {
    model: Arc<WindowModel>,
    sheet: Arc<Sheet>,
}

impl Reader {
    /// The process's reader; the first call loads it: under 0.1 s and about 75 MB.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the embedded files do not fit each other: a defect of the build.
    pub fn load() -> Result<Self, ModelError> {
        static SHARED: LazyLock<Result<Reader, ModelError>> = LazyLock::new(Reader::unpack);
        SHARED.clone()
    }

    fn unpack() -> Result<Self, ModelError> {
        let sheet = Sheet::from_json(SHEET)?;
        let model = WindowModel::load(WEIGHTS, sheet.width(), Memory::default())?;
        Ok(Self { model: Arc::new(model), sheet: Arc::new(sheet) })
    }

    /// For how long the model has run since it was loaded, as a clock on the wall shows it.
    #[must_use]
    pub fn busy(&self) -> Duration {
        self.model.busy()
    }

    /// Forgets what it has read, for who measures how long reading takes.
    pub fn forget(&self) {
        self.model.forget();
    }

    /// One judgement per clause, in order.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the model cannot be run: a defect of the build.
    pub async fn judge(&self, kind: SourceKind, clauses: &[Said<'_>]) -> Result<Vec<Judgement>, ModelError> {
        let windows = windows(self.model.tokenizer(), kind, clauses, core())?;
        // A clause without a token is judged by nobody and is no finding.
        let mut judgements = vec![Judgement::default(); clauses.len()];
        for (place, row) in WindowModel::run(&self.model, windows, ()).await?.into_iter().flatten() {
            judgements[place] = self.sheet.judgement(&row);
        }
        Ok(judgements)
    }

    /// How the second of each pair stands to the promise that is its first, in order.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the model cannot be run: a defect of the build.
    pub async fn compare(&self, pairs: &[Pair]) -> Result<Vec<Relation>, ModelError> {
        let windows = pairs.iter().map(|pair| pair.window(self.model.tokenizer())).collect::<Result<_, _>>()?;
        let rows = WindowModel::run(&self.model, windows, ()).await?;
        let relation = |(pair, rows): (&Pair, Vec<(usize, Vec<f32>)>)| {
            rows.first().map_or_else(Relation::default, |(_, row)| self.sheet.relation(pair, row))
        };
        Ok(pairs.iter().zip(rows).map(relation).collect())
    }
}
