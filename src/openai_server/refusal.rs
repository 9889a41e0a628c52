//! What a server's error answer means: try later, make it shorter, or change the configuration.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use super::transport::{Failure, may_pass};
use crate::config::ApiKey;

/// Longer messages of a server are cut: they may repeat the request.
const MAX_MESSAGE_CHARS: usize = 200;

/// How servers say that a request does not fit the model's context; in lower case.
const TOO_LONG: [&str; 8] = [
    "context_length_exceeded",
    "exceed_context_size_error",
    "context length",
    "context window",
    "context size",
    "maximum context",
    "prompt is too long",
    "too many tokens",
];

/// An error body, as far as the servers agree on one.
#[derive(Debug, Default)]
pub(super) struct Refusal {
    message: Option<String>,
    code: Option<String>,
    param: Option<String>,
}

impl Refusal {
    /// Reads `{"error": {…}}` (OpenAI, llama.cpp), `{"error": "…"}` (Ollama), and `{"message": …}` (vLLM).
    pub(super) fn read(body: &[u8], key: Option<&ApiKey>) -> Self {
        let Ok(body) = serde_json::from_slice::<Value>(body) else { return Self::default() };
        let error = body.get("error").unwrap_or(&body);
        let text = |name: &str| error.get(name).and_then(Value::as_str).map(str::to_owned);
        let message = error.as_str().map(str::to_owned).or_else(|| text("message"));
        // OpenAI puts the word into `code`, llama.cpp into `type` beside a numeric `code`.
        let code = text("code").or_else(|| text("type"));
        Self { message: message.map(|message| presentable(&message, key)), code, param: text("param") }
    }

    /// What to do about it.
    pub(super) fn into_failure(self, status: StatusCode, retry_after: Option<Duration>) -> Failure {
        let reason = self.reason(status);
        if status == StatusCode::PAYLOAD_TOO_LARGE || self.says_too_long() {
            Failure::TooLong(reason)
        } else if may_pass(status) && self.code.as_deref() != Some("insufficient_quota") {
            Failure::Unavailable { reason, retry_after }
        } else {
            Failure::Refused { reason, param: self.param }
        }
    }

    fn says_too_long(&self) -> bool {
        let mut said = [&self.code, &self.message].into_iter().flatten().map(|text| text.to_lowercase());
        said.any(|text| TOO_LONG.iter().any(|words| text.contains(words)))
    }

    fn reason(&self, status: StatusCode) -> String {
        let said = self.message.as_ref().map_or_else(String::new, |message| format!(": {message}"));
        let hint = match status.as_u16() {
            300..=399 => " (redirects are not followed: set the base URL to where it points)",
            401 | 403 => " (check the API key and what it may use)",
            404 => " (check the base URL and the model's name)",
            _ => "",
        };
        format!("the server answered {status}{said}{hint}")
    }
}

/// A server's message on one line, short, and without the key that some servers repeat.
fn presentable(message: &str, key: Option<&ApiKey>) -> String {
    let message = match key {
        Some(key) => message.replace(key.expose(), "…"),
        None => message.to_owned(),
    };
    let words: Vec<&str> = message.split_whitespace().collect();
    words.join(" ").chars().filter(|c| !c.is_control()).take(MAX_MESSAGE_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, body: &str) -> Failure {
        let key: ApiKey = "sk-secret".parse().unwrap();
        Refusal::read(body.as_bytes(), Some(&key)).into_failure(StatusCode::from_u16(status).unwrap(), None)
    }

    #[test]
    fn every_dialect_of_too_long_is_understood() {
        for (status, body) in [
            (
                400,
                r#"{"error":{"message":"too long","type":"invalid_request_error","code":"context_length_exceeded"}}"#,
            ),
            (
                400,
                r#"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}"#,
            ),
            (400, r#"{"object":"error","message":"This model's maximum context length is 4096 tokens.","code":400}"#),
            (500, r#"{"error":"input exceeds the context window"}"#),
            (413, "<html>"),
        ] {
            assert!(matches!(failure(status, body), Failure::TooLong(_)), "{status} {body}");
        }
    }

    #[test]
    fn an_empty_account_is_not_waited_for() {
        let body = r#"{"error":{"message":"You exceeded your quota","type":"insufficient_quota","code":"insufficient_quota"}}"#;
        assert!(matches!(failure(429, body), Failure::Refused { .. }));
        assert!(matches!(failure(429, "{}"), Failure::Unavailable { .. }));
    }

    #[test]
    fn a_key_repeated_by_the_server_is_hidden() {
        let Failure::Refused { reason, .. } = failure(401, r#"{"error":{"message":"bad key sk-secret"}}"#) else {
            panic!("401 is final");
        };
        assert!(reason.contains("bad key …") && !reason.contains("secret"), "{reason}");
    }
}
