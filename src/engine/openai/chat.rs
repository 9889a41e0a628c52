//! One question to the model and its answer, as far as the servers agree on how an answer looks.

use std::sync::atomic::{AtomicBool, Ordering};

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::types::chat::{
    ChatCompletionRequestMessage, ChatCompletionRequestSystemMessage, ChatCompletionRequestUserMessage,
    CreateChatCompletionRequest, ResponseFormat, ResponseFormatJsonSchema,
};
use serde::Deserialize;
use serde_json::Value;

use crate::engine::Usage;
use crate::openai_server::transport::Failure;

/// Asked for so that the same prompt is answered the same way, where a server has a seed at all.
const SEED: i64 = 7;

/// A model behind a server, and the schema its replies follow.
#[derive(Debug)]
pub(crate) struct Chat {
    client: Client<OpenAIConfig>,
    model: String,
    /// What the schema is called.
    name: &'static str,
    schema: Value,
    /// Reasoning models accept neither temperature nor seed; the first refusal is remembered.
    takes_sampling: AtomicBool,
}

/// What the model said, and what that cost.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) content: Content,
    pub(crate) usage: Usage,
}

/// What there is in a reply.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// A text that should be JSON.
    Text(String),
    /// The server stopped the model before it was done.
    CutOff,
    /// No text; why is told without any words of the reply.
    Nothing(&'static str),
}

/// The parts of a chat completion that are read. The library's own type wants more than some servers send.
#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
    usage: Option<TokenUsage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
    refusal: Option<String>,
}

#[derive(Deserialize)]
struct TokenUsage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

impl Chat {
    pub(crate) fn new(client: Client<OpenAIConfig>, model: String, name: &'static str, schema: Value) -> Self {
        Self { client, model, name, schema, takes_sampling: AtomicBool::new(true) }
    }

    pub(crate) fn model(&self) -> &str {
        &self.model
    }

    /// Asks once; a server that objects to the sampling parameters is asked again without them.
    pub(crate) async fn ask(&self, instructions: &str, source: &str) -> Result<Reply, Failure> {
        let sampling = self.takes_sampling.load(Ordering::Relaxed);
        match self.send(self.request(instructions, source, sampling)).await {
            Err(failure) if sampling && objects_to_sampling(&failure) => {
                self.takes_sampling.store(false, Ordering::Relaxed);
                self.send(self.request(instructions, source, false)).await
            }
            answer => answer,
        }
    }

    #[expect(deprecated, reason = "the seed is deprecated by OpenAI alone; local servers honour it")]
    fn request(&self, instructions: &str, source: &str, sampling: bool) -> CreateChatCompletionRequest {
        CreateChatCompletionRequest {
            model: self.model.clone(),
            messages: vec![
                ChatCompletionRequestMessage::System(ChatCompletionRequestSystemMessage::from(instructions)),
                ChatCompletionRequestMessage::User(ChatCompletionRequestUserMessage::from(source)),
            ],
            response_format: Some(ResponseFormat::JsonSchema {
                json_schema: ResponseFormatJsonSchema {
                    name: self.name.to_owned(),
                    description: None,
                    schema: self.schema.clone(),
                    strict: Some(true),
                },
            }),
            temperature: sampling.then_some(0.0),
            seed: sampling.then_some(SEED),
            ..CreateChatCompletionRequest::default()
        }
    }

    async fn send(&self, request: CreateChatCompletionRequest) -> Result<Reply, Failure> {
        let answer: Value = self.client.chat().create_byot(request).await?;
        Ok(read_answer(answer))
    }
}

fn objects_to_sampling(failure: &Failure) -> bool {
    let Failure::Refused { reason, param } = failure else { return false };
    match param.as_deref() {
        Some(param) => matches!(param, "temperature" | "seed"),
        None => reason.contains("temperature"),
    }
}

fn read_answer(answer: Value) -> Reply {
    let Ok(completion) = serde_json::from_value::<Completion>(answer) else {
        return Reply { content: Content::Nothing("it is no chat completion"), usage: Usage::default() };
    };
    let usage = completion.usage.map_or_else(Usage::default, |usage| Usage {
        input_tokens: usage.prompt_tokens,
        output_tokens: usage.completion_tokens,
    });
    let content = completion.choices.into_iter().next().map_or(Content::Nothing("it holds no choice"), read_choice);
    Reply { content, usage }
}

fn read_choice(choice: Choice) -> Content {
    let refused = choice.message.refusal.is_some_and(|text| !text.is_empty());
    match (choice.finish_reason.as_deref(), choice.message.content) {
        (Some("content_filter"), _) => Content::Nothing("the server's filter stopped it"),
        _ if refused => Content::Nothing("the model refused"),
        (Some("length"), _) => Content::CutOff,
        (_, Some(text)) if !text.trim().is_empty() => Content::Text(text),
        _ => Content::Nothing("it is empty"),
    }
}
