//! A small OpenAI-compatible server on loopback: it answers after a script, and keeps what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use baton::openai_server::ServerSettings;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// Tokens the fake says it read and wrote, per chat completion.
pub(crate) const TOKENS: (u64, u64) = (1_000, 10);

/// What the server does with one request; the last answer of a script is given again and again.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// A chat completion with these claims.
    Claims(Value),
    /// A chat completion with this text.
    Text(String),
    /// Claims a commitment for every turn of the prompt, quoting the turn's words.
    QuoteEveryTurn,
    /// Like `QuoteEveryTurn`, but what is longer than so many turns is cut off in the middle.
    QuoteAtMost(usize),
    /// The model declines.
    Refusal,
    /// A body with status 200, whatever it is.
    Body(Vec<u8>),
    /// A status other than 200, headers, and a JSON body.
    Status(u16, Vec<(&'static str, &'static str)>, Value),
    /// Nothing, for longer than any client waits.
    Hang,
    /// One vector per text, in reverse order, made from the text's first byte.
    Vectors {
        /// Numbers in a vector.
        dimension: usize,
    },
}

impl Answer {
    /// An error with OpenAI's body.
    pub(crate) fn error(status: u16, message: &str) -> Self {
        Self::Status(
            status,
            vec![],
            json!({ "error": { "message": message, "type": "invalid_request_error", "code": null } }),
        )
    }

    fn give(&self, request: &Value) -> ResponseTemplate {
        match self {
            Self::Claims(claims) => completion(&json!({ "claims": claims }).to_string(), "stop"),
            Self::Text(text) => completion(text, "stop"),
            Self::QuoteEveryTurn => completion(&quote_turns(request).1, "stop"),
            Self::QuoteAtMost(turns) => match quote_turns(request) {
                (shown, reply) if shown <= *turns => completion(&reply, "stop"),
                (_, reply) => completion(&reply[..reply.len() / 2], "length"),
            },
            Self::Refusal => {
                message(&json!({ "role": "assistant", "content": null, "refusal": "I'd rather not." }), "stop")
            }
            Self::Body(bytes) => ResponseTemplate::new(200).set_body_bytes(bytes.clone()),
            Self::Status(status, headers, body) => {
                let template = ResponseTemplate::new(*status).set_body_json(body);
                headers.iter().fold(template, |template, (name, value)| template.insert_header(*name, *value))
            }
            Self::Hang => ResponseTemplate::new(200).set_delay(Duration::from_secs(30)),
            Self::Vectors { dimension } => vectors(request, *dimension),
        }
    }
}

/// The server; it stops when it is dropped.
pub(crate) struct FakeOpenAi {
    server: MockServer,
}

impl FakeOpenAi {
    /// A server that gives these answers, one per request.
    pub(crate) async fn start(script: impl IntoIterator<Item = Answer>) -> Self {
        let script = Arc::new(Mutex::new(script.into_iter().collect::<VecDeque<_>>()));
        let server = MockServer::start().await;
        for route in ["/v1/chat/completions", "/v1/embeddings"] {
            let script = Arc::clone(&script);
            let respond = move |request: &Request| next(&script).give(&request.body_json().unwrap());
            Mock::given(method("POST")).and(path(route)).respond_with(respond).mount(&server).await;
        }
        Self { server }
    }

    /// Settings that reach this server and wait for nothing longer than milliseconds.
    pub(crate) fn settings(&self) -> ServerSettings {
        ServerSettings {
            base_url: Some(format!("{}/v1/", self.server.uri())),
            api_key: None,
            timeout: Duration::from_secs(5),
            max_retries: 2,
            first_delay: Duration::from_millis(1),
            longest_delay: Duration::from_millis(50),
        }
    }

    /// Every request so far, in order.
    pub(crate) async fn requests(&self) -> Vec<Request> {
        self.server.received_requests().await.unwrap()
    }

    /// The body of every request so far, in order.
    pub(crate) async fn bodies(&self) -> Vec<Value> {
        self.requests().await.iter().map(|request| request.body_json().unwrap()).collect()
    }
}

fn next(script: &Mutex<VecDeque<Answer>>) -> Answer {
    let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
    if script.len() > 1 { script.pop_front().unwrap() } else { script.front().expect("a script").clone() }
}

fn completion(text: &str, finish_reason: &str) -> ResponseTemplate {
    message(&json!({ "role": "assistant", "content": text }), finish_reason)
}

fn message(message: &Value, finish_reason: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "fake",
        "choices": [{ "index": 0, "message": message, "finish_reason": finish_reason }],
        "usage": { "prompt_tokens": TOKENS.0, "completion_tokens": TOKENS.1, "total_tokens": TOKENS.0 + TOKENS.1 },
    }))
}

/// The turns between the markers: their number, and a reply that claims a commitment for each.
fn quote_turns(request: &Value) -> (usize, String) {
    let prompt = request["messages"][1]["content"].as_str().unwrap();
    let claims: Vec<Value> = prompt.lines().filter_map(quote_line).collect();
    (claims.len(), json!({ "claims": claims }).to_string())
}

fn quote_line(line: &str) -> Option<Value> {
    let (turn, rest) = line.strip_prefix('[')?.split_once("] ")?;
    let (_, words) = rest.split_once(": ")?;
    let quote = json!({ "turn": turn.parse::<u32>().ok()?, "quote": words, "role": "support" });
    Some(json!({ "field": "commitment", "quotes": [quote], "statement": format!("Turn {turn}."), "confidence": 1 }))
}

fn vectors(request: &Value, dimension: usize) -> ResponseTemplate {
    let texts = request["input"].as_array().unwrap();
    let embedding = |(index, text): (usize, &Value)| {
        let first = text.as_str().unwrap().bytes().next().unwrap_or_default();
        let numbers: Vec<u8> = (0..dimension).map(|at| if at == 0 { first } else { 1 }).collect();
        json!({ "object": "embedding", "index": index, "embedding": numbers })
    };
    let data: Vec<Value> = texts.iter().enumerate().map(embedding).rev().collect();
    ResponseTemplate::new(200).set_body_json(json!({ "object": "list", "data": data, "model": "fake" }))
}
