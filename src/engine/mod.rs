//! Engines read a source and *claim*: a statement, its attributes, and the quote it rests on.
//!
//! The cut is evidence in, claims out. Whether a claim's quote exists is not the engine's to say: [`crate::ground`] stands
//! behind every engine, outside this trait, so that none can skip it.

pub mod local;
pub mod openai;

use std::time::Duration;

use async_trait::async_trait;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::finding::Finding;
use crate::domain::transcript::Transcript;

/// One source as an engine sees it.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The source's name: its file name in the deal.
    pub source: &'a str,
    /// The day of the call or document, where the record says it; relative dates are told from it.
    pub date: Option<Date>,
    /// Turns, participants and kind.
    pub transcript: &'a Transcript,
}

/// What an engine says about a source. It is nothing but a claim until its quotes are found.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Field and attributes.
    pub finding: Finding,
    /// What the claim says, short and in the third person.
    pub statement: String,
    /// How sure the engine is, 0 to 1.
    pub confidence: f32,
    /// The words it rests on, the telling one first; a claim without any is rejected.
    pub quotes: Vec<ClaimedQuote>,
}

/// Words that an engine says are in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedQuote {
    /// The index of the turn they are said to be in.
    pub turn: u32,
    /// The words.
    pub quote: String,
    /// What the quote does for the claim.
    pub role: QuoteRole,
}

/// What a quote does for the item it belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuoteRole {
    /// The item rests on it.
    #[default]
    Support,
    /// It speaks against the item.
    Counter,
    /// It answers the item: the reply to an objection.
    Reply,
    /// It is the contract clause the item was set against.
    Clause,
}

/// Which engine made a draft; recorded with every draft so that it can be repeated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EngineIdentity {
    /// `local` or `openai`.
    pub name: String,
    /// Version of the engine's own rules.
    pub version: String,
    /// The model behind it.
    pub model: String,
    /// Version of the prompts (a hash of their text), or `none`.
    pub prompts: String,
}

/// Tokens an engine paid for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Usage {
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
    }
}

/// What an engine gives back for one source.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// The claims, in the order of the turns they rest on.
    pub claims: Vec<Claim>,
    /// What it cost.
    pub usage: Usage,
}

/// Why an engine gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// It may work later: a timeout, a rate limit, a server that is down.
    #[error("the engine cannot answer now: {reason}")]
    Transient {
        /// What happened.
        reason: String,
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
    },
    /// It will not work without a change: a wrong key, an unknown model.
    #[error("the engine refuses: {0}")]
    Permanent(String),
    /// The source is longer than the model reads at once.
    #[error("the source is too long for the model: {0}")]
    ContextTooLong(String),
    /// The reply is not what was asked for, also after asking again.
    #[error("the engine's reply cannot be read: {0}")]
    BadReply(String),
}

/// Reads a source and claims what it says.
#[async_trait]
pub trait Engine: Send + Sync {
    /// Which engine this is; the same identity and the same evidence give the same reading.
    fn identity(&self) -> EngineIdentity;

    /// Claims for every field of the catalogue from one source.
    ///
    /// # Errors
    ///
    /// See [`EngineError`]: whether to try again is the caller's decision.
    async fn read(&self, evidence: Evidence<'_>) -> Result<Reading, EngineError>;

    /// Claims from every source of a deal, in order. What one source does not say (who somebody is, which year it is), another
    /// may: an engine that can use that reads them together.
    ///
    /// # Errors
    ///
    /// The place of the source that could not be read, and why.
    async fn read_deal(&self, sources: &[Evidence<'_>]) -> Result<Vec<Reading>, (usize, EngineError)> {
        let mut readings = Vec::with_capacity(sources.len());
        for (place, evidence) in sources.iter().enumerate() {
            readings.push(self.read(*evidence).await.map_err(|error| (place, error))?);
        }
        Ok(readings)
    }
}
