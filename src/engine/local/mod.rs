//! The engine that needs no network and no key: rules for what can be ruled, sentence vectors for what cannot.
//!
//! Turns → `sentences` → [`mod@crate::reader`] (what each clause is a finding of, in its context; `sides` where the file does not
//! say who sells) and `features` (words, modality, promises, dates) → `select` → `claims` (`telling`, `findings`, `metric`,
//! `statement`, `person`, `replies`); `people` and `names` read who matters beside it. What is said is only ever compared and
//! judged, never followed.

mod claims;
pub(crate) mod dates;
mod detail;
mod features;
mod findings;
mod metric;
pub(crate) mod modality;
mod names;
pub(crate) mod numbers;
mod people;
mod person;
mod promise;
mod replies;
mod select;
pub(crate) mod sentences;
pub(crate) mod sides;
mod statement;
mod telling;
mod titles;
pub(crate) mod words;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::civil::Date;

pub use self::detail::Detail;

use self::claims::Source;
use self::dates::SaidOn;
use self::features::Features;
use self::people::stakeholders;
use self::select::{candidates, select};
use self::sentences::{Sentence, sentences};
use self::sides::tell_sides;
use crate::domain::field::Field;
use crate::domain::transcript::{SourceKind, Transcript};
use crate::embed::{EmbedError, Embedder, cosine};
use crate::encoder::ModelError;
use crate::engine::{Claim, Engine, EngineError, EngineIdentity, Evidence, Reading, Usage};
use crate::reader::{self, Reader, Said};

/// Version of the rules; a change of any is a new version, and other weights are another model.
pub const VERSION: &str = "5";

/// Claims from a trained reader and rules, in process.
pub struct LocalEngine {
    reader: Reader,
    embedder: Arc<dyn Embedder>,
    detail: Detail,
}

impl LocalEngine {
    /// An engine that reads with `reader`, compares clauses with `embedder` and shows so much.
    #[must_use]
    pub const fn new(reader: Reader, embedder: Arc<dyn Embedder>, detail: Detail) -> Self {
        Self { reader, embedder, detail }
    }
}

impl fmt::Debug for LocalEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalEngine").field("model", &reader::MODEL).finish_non_exhaustive()
    }
}

#[async_trait]
impl Engine for LocalEngine {
    fn identity(&self) -> EngineIdentity {
        EngineIdentity {
            name: "local".to_owned(),
            version: format!("{VERSION}-{}", self.detail),
            model: format!("{}+{}", reader::MODEL, self.embedder.model()),
            prompts: "none".to_owned(),
        }
    }

    async fn read(&self, evidence: Evidence<'_>) -> Result<Reading, EngineError> {
        let readings = self.read_deal(&[evidence]).await.map_err(|(_, error)| error)?;
        Ok(readings.into_iter().next().unwrap_or_default())
    }

    async fn read_deal(&self, sources: &[Evidence<'_>]) -> Result<Vec<Reading>, (usize, EngineError)> {
        let near = a_day_of(sources);
        let mut heard: Vec<_> = sources.iter().map(|source| (source.transcript, told(source.transcript))).collect();
        tell_sides(&self.reader, &mut heard).await.map_err(|(place, error)| (place, error.into()))?;
        let mut readings = Vec::with_capacity(sources.len());
        for (place, (evidence, (_, sentences))) in sources.iter().zip(heard).enumerate() {
            let said_on = SaidOn { day: evidence.date, near };
            readings.push(self.read_source(*evidence, said_on, sentences).await.map_err(|error| (place, error))?);
        }
        Ok(readings)
    }
}

/// The clauses in which findings are looked for. What was signed is no conversation: promises are set against it.
fn told(transcript: &Transcript) -> Vec<Sentence<'_>> {
    if transcript.kind == SourceKind::Contract { Vec::new() } else { sentences(transcript) }
}

/// The clauses as the reader hears them.
fn heard<'a>(sentences: &[Sentence<'a>]) -> Vec<Said<'a>> {
    sentences.iter().map(|sentence| Said { turn: sentence.turn, text: sentence.text, side: sentence.side }).collect()
}

/// A day of the deal: the first that a source has, else the first full date that its contract has. A date that people only
/// speak of may be of any year.
fn a_day_of(sources: &[Evidence<'_>]) -> Option<Date> {
    let signed = |source: &&Evidence<'_>| source.transcript.kind == SourceKind::Contract;
    let written = |source: &Evidence<'_>| {
        let clauses = sentences(source.transcript);
        clauses.iter().find_map(|clause| dates::find_when(clause.text, &clause.words, SaidOn::default())?.day)
    };
    let dated = sources.iter().filter_map(|source| source.date).min();
    dated.or_else(|| sources.iter().filter(signed).find_map(written))
}

impl LocalEngine {
    async fn read_source(
        &self,
        evidence: Evidence<'_>,
        said_on: SaidOn,
        sentences: Vec<Sentence<'_>>,
    ) -> Result<Reading, EngineError> {
        let transcript = evidence.transcript;
        let judgements = self.reader.judge(transcript.kind, &heard(&sentences)).await?;
        let names = people::first_names(transcript);
        let features: Vec<Features> =
            sentences.iter().map(|sentence| Features::of(sentence, transcript.kind, said_on, &names)).collect();
        let likely = self.detail.threshold();
        let candidates = candidates(&sentences, &features, &judgements, likely);
        let mut compared: Vec<usize> = candidates.iter().map(|(place, ..)| *place).collect();
        let raised = candidates.iter().filter(|(_, field, _)| *field == Field::Objection);
        compared.extend(raised.flat_map(|(place, ..)| replies::window(*place, sentences.len())));
        let vectors = self.vectors(&sentences, compared).await?;
        let closeness = |a: usize, b: usize| cosine(&vectors[a], &vectors[b]);
        let selected = select(&sentences, &candidates, closeness);
        let mentions = stakeholders(transcript, &sentences, &judgements, likely);
        let source = Source { evidence, said_on, sentences, features, judgements, vectors, names };
        let mut claims: Vec<Claim> = selected.iter().map(|selected| source.claim(selected)).collect();
        claims.extend(mentions.into_iter().filter_map(|mention| source.introduction(mention)));
        claims.sort_by_key(|claim| claim.quotes.first().map_or(u32::MAX, |quote| quote.turn));
        Ok(Reading { claims, usage: Usage::default() })
    }

    /// The vectors of the clauses at `places`, by place; those of all others are empty, and like nothing.
    async fn vectors(&self, sentences: &[Sentence<'_>], mut places: Vec<usize>) -> Result<Vec<Vec<f32>>, EmbedError> {
        places.sort_unstable();
        places.dedup();
        let texts: Vec<&str> = places.iter().map(|&place| sentences[place].text).collect();
        let mut vectors = vec![Vec::new(); sentences.len()];
        for (place, vector) in places.iter().zip(self.embedder.embed(&texts).await?) {
            vectors[*place] = vector;
        }
        Ok(vectors)
    }
}

impl From<EmbedError> for EngineError {
    fn from(error: EmbedError) -> Self {
        match error {
            EmbedError::Transient(reason) => Self::Transient { reason, retry_after: None },
            EmbedError::Model(reason) | EmbedError::Permanent(reason) => Self::Permanent(reason),
        }
    }
}

impl From<ModelError> for EngineError {
    fn from(error: ModelError) -> Self {
        Self::Permanent(error.to_string())
    }
}
