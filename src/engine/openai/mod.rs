//! The engine that asks a model behind an OpenAI-compatible server.
//!
//! A source becomes windows of whole turns (`window`), each a fenced message (`prompt`); the model answers after a
//! strict schema (`catalogue`), one claim at a time is parsed (`reply`), and the claims of all windows are merged.
//! Nothing here trusts a quote: [`crate::ground`] looks for it afterwards.

pub(crate) mod chat;
pub(crate) mod fence;
pub(crate) mod window;

mod catalogue;
mod merge;
mod prompt;
mod reply;

use async_trait::async_trait;

use self::catalogue::Catalogue;
use self::chat::{Chat, Content};
use self::fence::{head_of, words_of};
use self::merge::Merged;
use self::prompt::{PromptError, Prompts, SourceHead};
use self::reply::{ParsedReply, parse_reply};
use self::window::{Line, TokenCounter, Window, halves, windows};
use super::{Engine, EngineError, EngineIdentity, Evidence, Reading, Usage};
use crate::openai_server::ServerSettings;
use crate::openai_server::transport::Failure;

/// Version of what this module does with a source and a reply; the prompts have their own.
const VERSION: &str = "1";
/// Room for the reply: a quarter of the context, but no more than models write at once.
const MAX_REPLY_TOKENS: usize = 16_384;
/// What a chat template adds around two messages.
const TEMPLATE_TOKENS: usize = 32;
/// A window smaller than this holds no conversation.
const MIN_WINDOW_TOKENS: usize = 64;

/// How to reach a model and how much it reads.
#[derive(Debug, Clone)]
pub struct OpenAiSettings {
    /// The server.
    pub server: ServerSettings,
    /// The model's name at that server.
    pub model: String,
    /// Tokens the model takes at once, prompt and reply together. For a local server: what it is configured for.
    pub max_context_tokens: usize,
}

/// Reads sources with a model behind an OpenAI-compatible server (OpenAI, Azure, vLLM, Ollama, llama.cpp).
#[derive(Debug)]
pub struct OpenAiEngine {
    chat: Chat,
    catalogue: Catalogue,
    prompts: Prompts,
    prompts_version: String,
    counter: TokenCounter,
    max_context_tokens: usize,
    /// Tokens that every request spends before a word of the source.
    fixed_tokens: usize,
}

/// A source made ready to be asked about.
struct Prepared {
    head: SourceHead,
    lines: Vec<Line>,
    budget: usize,
}

/// What reading one window came to.
enum WindowReading {
    Claims(ParsedReply),
    /// The window or its reply is too long for this model.
    TooLong(EngineError),
}

impl OpenAiEngine {
    /// An engine for a server and a model; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`EngineError::Permanent`] where the settings cannot work.
    pub fn new(settings: OpenAiSettings) -> Result<Self, EngineError> {
        let catalogue = Catalogue::new();
        let prompts = Prompts::new(&catalogue)?;
        let schema = catalogue.reply_schema();
        let counter = TokenCounter::for_model(&settings.model);
        let fixed_tokens = counter.count(prompts.instructions()) + counter.count(&schema.to_string()) + TEMPLATE_TOKENS;
        Ok(Self {
            prompts_version: prompts.version(&schema),
            chat: Chat::new(settings.server.client()?, settings.model, "claims", schema),
            catalogue,
            prompts,
            counter,
            max_context_tokens: settings.max_context_tokens,
            fixed_tokens,
        })
    }

    fn prepare(&self, evidence: Evidence<'_>) -> Result<Prepared, EngineError> {
        let head = SourceHead::new(evidence);
        let budget = self.window_budget(&head)?;
        let transcript = evidence.transcript;
        let turns = transcript.turns.iter().filter(|turn| !turn.text.trim().is_empty());
        let lines = turns
            .flat_map(|turn| {
                Line::of_turn(&head_of(transcript, turn, turn.index), &words_of(turn), budget, self.counter)
            })
            .collect();
        Ok(Prepared { head, lines, budget })
    }

    /// Tokens of turns that fit into one request.
    fn window_budget(&self, head: &SourceHead) -> Result<usize, EngineError> {
        let spent = self.fixed_tokens + self.counter.count(&self.prompts.source(head, &[], 2, None)?);
        let context = self.max_context_tokens;
        let reply = (context / 4).min(MAX_REPLY_TOKENS);
        // The model's own tokenizer may count a tenth more than ours.
        let budget = context.saturating_sub(spent + reply) / 10 * 9;
        if budget < MIN_WINDOW_TOKENS {
            let reason = format!("the instructions take {spent} and the reply {reply} of its {context} tokens");
            return Err(EngineError::ContextTooLong(format!("{reason}; use a model or a server setting with more")));
        }
        Ok(budget)
    }

    /// Asks about one window, once more if the reply cannot be used.
    async fn read_window(
        &self,
        source: &Prepared,
        window: &Window,
        usage: &mut Usage,
    ) -> Result<WindowReading, EngineError> {
        let lines: Vec<&str> = source.lines[window.clone()].iter().map(|line| line.text.as_str()).collect();
        let parts = if window.len() == source.lines.len() { 1 } else { 2 };
        let mut problem: Option<String> = None;
        loop {
            let message = self.prompts.source(&source.head, &lines, parts, problem.as_deref())?;
            let reply = match self.chat.ask(self.prompts.instructions(), &message).await {
                Err(Failure::TooLong(reason)) => {
                    return Ok(WindowReading::TooLong(EngineError::ContextTooLong(reason)));
                }
                answer => answer?,
            };
            *usage += reply.usage;
            self.watch_for_truncation(&message, reply.usage);
            let unusable = match self.understand(reply.content) {
                Ok(reading) => return Ok(reading),
                Err(unusable) => unusable,
            };
            if problem.is_some() {
                return Err(EngineError::BadReply(format!("{unusable}, also after asking again")));
            }
            problem = Some(unusable);
        }
    }

    /// What a reply says, or why it cannot be used.
    fn understand(&self, content: Content) -> Result<WindowReading, String> {
        match content {
            Content::Text(text) => parse_reply(&text, &self.catalogue).map(WindowReading::Claims),
            Content::CutOff => Ok(WindowReading::TooLong(cut_off())),
            Content::Nothing(why) => Err(why.to_owned()),
        }
    }

    /// Some servers drop what does not fit without a word; the tokens they report give it away.
    fn watch_for_truncation(&self, message: &str, usage: Usage) {
        let sent = (self.counter.count(self.prompts.instructions()) + self.counter.count(message)) as u64;
        if usage.input_tokens > 0 && usage.input_tokens < sent / 2 {
            tracing::warn!(
                sent_tokens = sent,
                read_tokens = usage.input_tokens,
                "the model server read less than half of the prompt: its context may be smaller than `max_context_tokens`"
            );
        }
    }
}

#[async_trait]
impl Engine for OpenAiEngine {
    fn identity(&self) -> EngineIdentity {
        EngineIdentity {
            name: "openai".to_owned(),
            version: VERSION.to_owned(),
            model: self.chat.model().to_owned(),
            prompts: self.prompts_version.clone(),
        }
    }

    async fn read(&self, evidence: Evidence<'_>) -> Result<Reading, EngineError> {
        let source = self.prepare(evidence)?;
        let mut pending = windows(&source.lines, source.budget);
        let mut usage = Usage::default();
        let mut merged = Merged::default();
        while let Some(window) = pending.pop_front() {
            match self.read_window(&source, &window, &mut usage).await? {
                WindowReading::Claims(reply) => merged.add(reply),
                WindowReading::TooLong(error) => {
                    let [left, right] = halves(&window).ok_or(error)?;
                    pending.push_front(right);
                    pending.push_front(left);
                }
            }
        }
        Ok(Reading { claims: merged.finish(), usage })
    }
}

fn cut_off() -> EngineError {
    EngineError::BadReply("the server cut it off, even for the smallest piece of the source".to_owned())
}

impl From<Failure> for EngineError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable { reason, retry_after } => Self::Transient { reason, retry_after },
            Failure::TooLong(reason) => Self::ContextTooLong(reason),
            Failure::Refused { reason, .. } => Self::Permanent(reason),
            Failure::Unreadable(reason) => Self::BadReply(reason),
        }
    }
}

impl From<PromptError> for EngineError {
    fn from(error: PromptError) -> Self {
        Self::Permanent(error.to_string())
    }
}
