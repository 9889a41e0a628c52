//! The engine that needs no network and no key: rules for what can be ruled, sentence vectors for what cannot.
//!
//! Turns → `sentences` → `features` (words, modality, promises, dates, cues, closeness to `prototypes`) → `scorer` → `select`
//! → claims (`findings`, `statement`, `replies`); `people` reads who matters beside it. What is said is only ever compared
//! with lists and vectors, never followed.

mod cues;
mod dates;
mod features;
mod findings;
mod modality;
mod numbers;
mod people;
mod promise;
mod prototypes;
mod replies;
mod scorer;
mod select;
mod sentences;
mod statement;
mod words;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::OnceCell;

use self::features::Features;
use self::people::{Mention, stakeholders};
use self::prototypes::Prototypes;
use self::select::{Selected, select};
use self::sentences::{Sentence, sentences};
use crate::domain::field::Field;
use crate::domain::finding::{Finding, Objection};
use crate::embed::{EmbedError, Embedder};
use crate::engine::{Claim, ClaimedQuote, Engine, EngineError, EngineIdentity, Evidence, QuoteRole, Reading, Usage};

/// Version of the rules, the examples and the weights; a change of any is a new version.
pub const VERSION: &str = "1";

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
        let mut claims: Vec<Claim> = select(&sentences, &scores, &vectors)
            .iter()
            .map(|selected| claim(selected, &sentences, &features, &vectors))
            .collect();
        claims.extend(
            stakeholders(transcript, &sentences).into_iter().filter_map(|mention| introduction(mention, &sentences)),
        );
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

/// The claim of a selected clause and its companions.
fn claim(selected: &Selected, sentences: &[Sentence<'_>], features: &[Features], vectors: &[Vec<f32>]) -> Claim {
    let lead = &sentences[selected.lead];
    let mut finding = findings::finding(selected.field, lead, &features[selected.lead]);
    let mut quotes = vec![quote(lead, QuoteRole::Support)];
    quotes.extend(
        selected.others.iter().filter_map(|&other| sentences.get(other)).map(|other| quote(other, QuoteRole::Support)),
    );
    if selected.field == Field::Objection
        && let Some(reply) = replies::reply(sentences, vectors, selected.lead)
    {
        finding = Finding::Objection(Objection { status: Some(reply.status) });
        quotes.extend(sentences.get(reply.sentence).map(|answer| quote(answer, QuoteRole::Reply)));
    }
    let statement = statement::statement(lead.text, lead.speaker, lead.side);
    Claim { finding, statement, confidence: selected.confidence, quotes }
}

/// The claim that somebody matters.
fn introduction(mention: Mention, sentences: &[Sentence<'_>]) -> Option<Claim> {
    let told = mention.sentences.iter().filter_map(|&place| sentences.get(place));
    let person = &mention.stakeholder;
    let name = person.name.as_deref()?;
    let title = person.title.as_deref().map_or(String::new(), |title| format!(", {title}"));
    let leaving = if person.leaving == Some(true) { "; said to be leaving" } else { "" };
    Some(Claim {
        statement: format!("{name}{title}{leaving}."),
        confidence: f32::midpoint(0.4, mention.score.max(0.4)) + 0.2,
        quotes: told.map(|sentence| quote(sentence, QuoteRole::Support)).collect(),
        finding: Finding::Stakeholder(mention.stakeholder),
    })
}

fn quote(sentence: &Sentence<'_>, role: QuoteRole) -> ClaimedQuote {
    ClaimedQuote { turn: sentence.turn, quote: sentence.text.to_owned(), role }
}
