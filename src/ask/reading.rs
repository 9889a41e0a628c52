//! What is read for a question: runs of clauses of the best passages, in the order in which they are worth reading.

use super::Excerpt;
use super::lexical::likeness;
use super::runs::{self, vector_at};
use crate::embed::cosine;
use crate::embed::minilm::MiniLm;
use crate::encoder::ModelError;
use crate::index::bm25::Bm25;
use crate::reader::{Finder, Run};

/// Passages whose clauses are looked at.
const EXCERPTS: usize = 8;
/// What it is worth to share the question's words as no other run does.
const WORDS: f32 = 1.0;
/// What it is worth to be about what the question is about, as a whole; runs differ by some tenths.
const ABOUT: f32 = 16.0;
/// What it is worth that a passage is the best; the tenth is worth a tenth of it.
const PLACE: f32 = 0.6;

/// The models that read.
pub(crate) struct Reading {
    /// Tells which clauses answer.
    pub(crate) finder: Finder,
    /// Tells which words count.
    pub(crate) bm25: Bm25,
    /// Tells what a run is about.
    pub(crate) ranker: MiniLm,
}

/// A run of clauses with the excerpt it stands in.
pub(crate) struct Candidate<'a> {
    /// The place of the excerpt.
    pub(crate) excerpt: usize,
    /// The clauses.
    pub(crate) run: Run<'a>,
}

impl Reading {
    /// Loads the models.
    pub(crate) fn load() -> Result<Self, super::AskError> {
        Ok(Self { finder: Finder::load()?, bm25: Bm25::new()?, ranker: MiniLm::ranker()? })
    }

    /// The runs of the best excerpts, those most worth reading first.
    pub(crate) async fn in_order<'a>(
        &self,
        question: &str,
        excerpts: &'a [Excerpt],
    ) -> Result<Vec<Candidate<'a>>, ModelError> {
        let mut all = Vec::new();
        for (place, excerpt) in excerpts.iter().enumerate().take(EXCERPTS) {
            let runs = runs::cut(&excerpt.transcript, &excerpt.runs)?;
            all.extend(runs.into_iter().map(|run| Candidate { excerpt: place, run }));
        }
        let texts: Vec<String> = all.iter().map(|candidate| candidate.run.text()).collect();
        let likeness = likeness(&self.bm25, question, &texts);
        let about = self.about(question, excerpts, &all, &texts).await?;
        let most = likeness.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        let worth = |(at, candidate): (usize, Candidate<'a>)| {
            let place = PLACE / (candidate.excerpt as f32 + 1.0);
            (WORDS * likeness[at] / most + ABOUT * about[at] + place, candidate)
        };
        let mut ordered: Vec<(f32, Candidate<'a>)> = all.into_iter().enumerate().map(worth).collect();
        ordered.sort_by(|a, b| b.0.total_cmp(&a.0));
        Ok(ordered.into_iter().map(|(_, candidate)| candidate).collect())
    }

    /// How near what each run is about comes to what is asked; what nobody has told yet is told now.
    async fn about(
        &self,
        question: &str,
        excerpts: &[Excerpt],
        candidates: &[Candidate<'_>],
        texts: &[String],
    ) -> Result<Vec<f32>, ModelError> {
        let kept = |candidate: &Candidate<'_>| vector_at(&excerpts[candidate.excerpt].runs, candidate.run.start);
        let kept: Vec<Option<&[f32]>> = candidates.iter().map(kept).collect();
        let new = kept.iter().zip(texts).filter(|(kept, _)| kept.is_none()).map(|(_, text)| text.clone());
        let mut told =
            self.ranker.vectors(std::iter::once(question.to_owned()).chain(new).collect()).await?.into_iter();
        let asked = told.next().unwrap_or_default();
        Ok(kept
            .into_iter()
            .map(|kept| match kept {
                Some(vector) => cosine(&asked, vector),
                None => cosine(&asked, &told.next().unwrap_or_default()),
            })
            .collect())
    }
}
