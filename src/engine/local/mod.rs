//! The engine that needs no network and no key: rules for what can be ruled, sentence vectors for what cannot.
//!
//! Turns → `sentences` → `features` (words, modality, promises, dates, cues, closeness to `prototypes`) → `scorer` → `select`
//! → `claims` (`telling`, `findings`, `metric`, `statement`, `person`, `replies`); `people` reads who matters beside it. What is said is only ever compared
//! with lists and vectors, never followed.

mod claims;
mod cues;
mod dates;
mod features;
mod findings;
mod metric;
mod modality;
mod numbers;
mod people;
mod person;
mod promise;
mod prototypes;
mod replies;
mod scorer;
mod select;
mod sentences;
mod statement;
mod telling;
mod titles;
mod words;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::OnceCell;

use self::claims::Source;
use self::features::Features;
use self::people::stakeholders;
use self::prototypes::Prototypes;
use self::select::select;
use self::sentences::sentences;
use crate::embed::{EmbedError, Embedder};
use crate::engine::{Claim, Engine, EngineError, EngineIdentity, Evidence, Reading, Usage};

/// Version of the rules, the examples and the weights; a change of any is a new version.
pub const VERSION: &str = "2";

/// Claims from rules and sentence vectors, in process.
pub struct LocalEngine {
    embedder: Arc<dyn Embedder>,
    prototypes: OnceCell<Prototypes>,
}

impl LocalEngine {
    /// An engine that reads with the given encoder.
    #[must_use]
    pub fn new(embedder: Arc<dyn Embedder>) -> Self {
        Self { embedder, prototypes: OnceCell::new() }
    }

    async fn prototypes(&self) -> Result<&Prototypes, EmbedError> {
        self.prototypes.get_or_try_init(|| Prototypes::load(self.embedder.as_ref())).await
    }
}

impl fmt::Debug for LocalEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalEngine").field("model", &self.embedder.model()).finish_non_exhaustive()
    }
}

#[async_trait]
impl Engine for LocalEngine {
    fn identity(&self) -> EngineIdentity {
        EngineIdentity {
            name: "local".to_owned(),
            version: VERSION.to_owned(),
            model: self.embedder.model().to_owned(),
            prompts: "none".to_owned(),
        }
    }

    async fn read(&self, evidence: Evidence<'_>) -> Result<Reading, EngineError> {
        let transcript = evidence.transcript;
        let sentences = sentences(transcript);
        let texts: Vec<&str> = sentences.iter().map(|sentence| sentence.text).collect();
        let vectors = self.embedder.embed(&texts).await?;
        let prototypes = self.prototypes().await?;
        let names = people::first_names(transcript);
        let features: Vec<Features> = sentences
            .iter()
            .zip(&vectors)
            .map(|(sentence, vector)| Features {
                similarity: prototypes.similarities(vector),
                ..Features::of(sentence, transcript.kind, evidence.date, &names)
            })
            .collect();
        let scores: Vec<_> = features.iter().map(scorer::score).collect();
        let selected = select(&sentences, &scores, &vectors);
        let mentions = stakeholders(transcript, &sentences);
        let source = Source { evidence, sentences, features, vectors, names };
        let mut claims: Vec<Claim> = selected.iter().map(|selected| source.claim(selected)).collect();
        claims.extend(mentions.into_iter().filter_map(|mention| source.introduction(mention)));
        claims.sort_by_key(|claim| claim.quotes.first().map_or(u32::MAX, |quote| quote.turn));
        Ok(Reading { claims, usage: Usage::default() })
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
