//! What a server's error answer means: try later, make it shorter, or change the configuration.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
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

/// How long the server asks to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(ms) = text("retry-after-ms").and_then(|ms| ms.parse().ok()) {
        return Some(Duration::from_millis(ms));
    }
    let after = text(RETRY_AFTER.as_str())?;
    if let Ok(seconds) = after.parse() {
        return Some(Duration::from_secs(seconds));
    }
    // The date is set against the server's own clock: ours may be off, and is not read here.
    let dates = DateTimeParser::new();
    let now = dates.parse_timestamp(text(DATE.as_str())?).ok()?;
    let until = dates.parse_timestamp(after).ok()?;
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
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

    #[test]
    fn the_wait_is_read_in_milliseconds_seconds_and_dates() {
        for (headers, expected) in [
            (vec![("retry-after-ms", "250"), ("retry-after", "9")], Some(Duration::from_millis(250))),
            (vec![("retry-after", "7")], Some(Duration::from_secs(7))),
            (
                vec![("date", "Wed, 21 Oct 2015 07:28:00 GMT"), ("retry-after", "Wed, 21 Oct 2015 07:28:30 GMT")],
                Some(Duration::from_secs(30)),
            ),
            (
                vec![("date", "Wed, 21 Oct 2015 07:28:00 GMT"), ("retry-after", "Wed, 21 Oct 2015 07:00:00 GMT")],
                Some(Duration::ZERO),
            ),
            (vec![("retry-after", "Wed, 21 Oct 2015 07:28:30 GMT")], None),
            (vec![("retry-after", "-1")], None),
            (vec![("retry-after", "soon")], None),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in &headers {
                map.insert(*name, value.parse().unwrap());
            }
            assert_eq!(retry_after(&map), expected, "{headers:?}");
        }
    }
}
