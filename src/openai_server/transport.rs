//! One request to an OpenAI-compatible server: bounded in time, in size and in retries.
//!
//! It stands in for the library's own executor, which waits as long as a `Retry-After` says, keeps that header to itself,
//! reads bodies of any size, and writes what it cannot decode (here: words of a call) to the log.

use std::time::Duration;

use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use reqwest::header::AUTHORIZATION;
use reqwest::{Response, StatusCode};
use serde_json::Value;

use super::ServerSettings;
use super::refusal::Refusal;
use crate::config::ApiKey;
use crate::outgoing::{USER_AGENT, bounded, chain, retry_after};

/// The largest reply that is read.
const MAX_REPLY_BYTES: usize = 4 << 20;
/// The largest error body that is read.
const MAX_ERROR_BYTES: usize = 64 << 10;

/// Why there is no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// It may work later.
    #[error("{reason}")]
    Unavailable { reason: String, retry_after: Option<Duration> },
    /// The request holds more than the model reads.
    #[error("{0}")]
    TooLong(String),
    /// It will not work without a change; `param` is the parameter the server objects to, where it says.
    #[error("{reason}")]
    Refused { reason: String, param: Option<String> },
    /// What came back is not what this protocol speaks.
    #[error("{0}")]
    Unreadable(String),
}

impl From<Failure> for OpenAIError {
    fn from(failure: Failure) -> Self {
        Self::Boxed(Box::new(failure))
    }
}

impl From<OpenAIError> for Failure {
    /// Gets the failure back that travelled through the library.
    fn from(error: OpenAIError) -> Self {
        match error {
            OpenAIError::Boxed(boxed) => match boxed.downcast::<Self>() {
                Ok(failure) => *failure,
                Err(other) => Self::Refused { reason: other.to_string(), param: None },
            },
            OpenAIError::Reqwest(error) => network(error),
            // The content of an undecodable reply is part of its message: it stays out.
            OpenAIError::JSONDeserialize(..) => Self::Unreadable("the server's answer has another shape".to_owned()),
            other => Self::Refused { reason: other.to_string(), param: None },
        }
    }
}

/// Sends requests, again where that may help.
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    http: reqwest::Client,
    api_key: Option<ApiKey>,
    timeout: Duration,
    max_retries: u32,
    first_delay: Duration,
    longest_delay: Duration,
}

impl Transport {
    pub(crate) fn new(settings: &ServerSettings) -> Result<Self, Failure> {
        let http = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            // A redirect would hand the record to a host that nobody configured.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| Failure::Refused { reason: chain(&error), param: None })?;
        Ok(Self {
            http,
            api_key: settings.api_key.clone(),
            timeout: settings.timeout,
            max_retries: settings.max_retries,
            first_delay: settings.first_delay,
            longest_delay: settings.longest_delay,
        })
    }

    /// The reply to a request, its body read and known to be JSON.
    pub(crate) async fn send(self, request: HttpRequestFactory) -> Result<Response, Failure> {
        let mut retries = 0;
        loop {
            let failure = match tokio::time::timeout(self.timeout, self.attempt(&request)).await {
                Ok(Ok(response)) => return Ok(response),
                Ok(Err(failure)) => failure,
                Err(_) => self.timed_out(),
            };
            let Some(delay) = self.delay(retries, &failure) else { return Err(failure) };
            tracing::debug!(retries, delay_ms = delay.as_millis(), %failure, "asking the model server again");
            tokio::time::sleep(delay).await;
            retries += 1;
        }
    }

    async fn attempt(&self, request: &HttpRequestFactory) -> Result<Response, Failure> {
        let mut request = request.build().await?;
        if self.api_key.is_none() {
            // The library sends an empty bearer token, which some servers take for a wrong key.
            request.headers_mut().remove(AUTHORIZATION);
        }
        let response = self.http.execute(request).await.map_err(network)?;
        if response.status().is_success() { accepted(response).await } else { Err(self.refused(response).await) }
    }

    async fn refused(&self, response: Response) -> Failure {
        let status = response.status();
        let retry_after = retry_after(response.headers());
        let body = match bounded(response, MAX_ERROR_BYTES).await {
            Ok(body) => body.unwrap_or_default(),
            Err(error) => return network(error),
        };
        Refusal::read(&body, self.api_key.as_ref()).into_failure(status, retry_after)
    }

    /// How long to wait before the next attempt; none when there should not be one.
    fn delay(&self, retries: u32, failure: &Failure) -> Option<Duration> {
        let Failure::Unavailable { retry_after, .. } = failure else { return None };
        let backoff = self.first_delay.saturating_mul(2_u32.saturating_pow(retries)).min(self.longest_delay);
        let delay = retry_after.unwrap_or(backoff);
        (retries < self.max_retries && delay <= self.longest_delay).then_some(delay)
    }

    fn timed_out(&self) -> Failure {
        let reason = format!("no answer within {} ms", self.timeout.as_millis());
        Failure::Unavailable { reason, retry_after: None }
    }
}

/// Reads a reply's body; what is no JSON stops here, before the library would log it.
async fn accepted(response: Response) -> Result<Response, Failure> {
    let status = response.status();
    let Some(body) = bounded(response, MAX_REPLY_BYTES).await.map_err(network)? else {
        return Err(Failure::Unreadable(format!("the server's answer is larger than {MAX_REPLY_BYTES} bytes")));
    };
    if serde_json::from_slice::<Value>(&body).is_err() {
        let reason = "the server's answer is no JSON: is the base URL that of an OpenAI-compatible API?";
        return Err(Failure::Unreadable(reason.to_owned()));
    }
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    Ok(response.into())
}

/// A failure below HTTP; the address is left out because it may carry credentials.
fn network(error: reqwest::Error) -> Failure {
    let error = error.without_url();
    if error.is_builder() {
        return Failure::Refused { reason: format!("the base URL cannot be used: {}", chain(&error)), param: None };
    }
    Failure::Unavailable { reason: format!("no connection: {}", chain(&error)), retry_after: None }
}

/// Whether a status says that trying again may help.
pub(super) fn may_pass(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS)
}
