//! One call to an endpoint: bounded in time and size, to allowed addresses only, and never on to where it is redirected.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP};

use super::address::may_be_called;
use super::delivery::{Due, Outcome};
use super::endpoint::EndpointFormat;
use super::message::Messages;
use crate::outgoing::{USER_AGENT, chain, retry_after};

/// The time for a whole call, the answer included.
const TIMEOUT: Duration = Duration::from_secs(15);
/// The time to get a connection within it: a host that is down says so by silence.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The largest message.
const MAX_BODY_BYTES: usize = 256 << 10;
/// What is kept of an answer.
const MAX_ANSWER_CHARS: usize = 500;

/// Calls endpoints.
#[derive(Debug)]
pub struct Courier {
    http: Client,
    messages: Arc<Messages>,
}

/// No HTTP client can be made, for example because the machine trusts no certificate.
#[derive(Debug, thiserror::Error)]
#[error("webhooks cannot be sent: {0}")]
pub struct CourierError(String);

impl Courier {
    /// A courier with these messages.
    ///
    /// # Errors
    ///
    /// [`CourierError`] when the machine's certificates cannot be loaded.
    pub fn new(messages: Arc<Messages>) -> Result<Self, CourierError> {
        let http = Client::builder()
            .user_agent(USER_AGENT)
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            // The endpoint was allowed, not what it points to; and a proxy would resolve names out of sight.
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .dns_resolver(Arc::new(AllowedOnly))
            .build()
            .map_err(|error| CourierError(chain(&error)))?;
        Ok(Self { http, messages })
    }

    /// Makes the call that a delivery is about, `at` this moment.
    pub async fn deliver(&self, due: &Due, at: Timestamp) -> Outcome {
        let body = match self.messages.body(due.endpoint.format, &due.event) {
            Ok(body) if body.len() <= MAX_BODY_BYTES => body,
            Ok(body) => {
                let (size, limit) = (body.len(), MAX_BODY_BYTES);
                return Outcome::refused(format!("the message has {size} bytes, at most {limit} are sent"));
            }
            // A template can be mended while the retries last.
            Err(error) => return Outcome::NotSent { reason: error.to_string(), for_good: false },
        };
        let headers = match headers(due, at, &body) {
            Ok(headers) => headers,
            Err(error) => return Outcome::refused(error.to_string()),
        };
        match self.http.post(due.endpoint.url.url()).headers(headers).body(body).send().await {
            Ok(response) => {
                let (status, retry_after) = (response.status().as_u16(), retry_after(response.headers()));
                Outcome::Answered { status, answer: beginning_of(response).await, retry_after }
            }
            // The address may hold a secret: it stays out of the log.
            Err(error) => Outcome::Unanswered(reason(&error.without_url())),
        }
    }
}

fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        let (what, limit) = if error.is_connect() { ("connection", CONNECT_TIMEOUT) } else { ("answer", TIMEOUT) };
        return format!("no {what} within {} s", limit.as_secs());
    }
    chain(error)
}

/// The headers of a message; only Standard Webhooks knows signatures.
fn headers(due: &Due, at: Timestamp, body: &str) -> Result<HeaderMap, Box<dyn std::error::Error + Send + Sync>> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if due.endpoint.format == EndpointFormat::Standard {
        let (id, seconds) = (due.event.id.as_str(), at.as_second());
        headers.insert(HEADER_WEBHOOK_ID, id.parse()?);
        headers.insert(HEADER_WEBHOOK_TIMESTAMP, seconds.into());
        headers.insert(HEADER_WEBHOOK_SIGNATURE, due.secret.sign(id, seconds, body)?.parse()?);
    }
    Ok(headers)
}

/// The first characters of an answer, on one line; what comes after them is not waited for.
async fn beginning_of(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() >= 4 * MAX_ANSWER_CHARS {
            break;
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    line.take(MAX_ANSWER_CHARS).collect::<String>().trim().to_owned()
}

/// Resolves names to those of their addresses that may be called.
struct AllowedOnly;

impl Resolve for AllowedOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| may_be_called(&host, address.ip())).collect();
            if allowed.is_empty() {
                return Err(format!("`{host}` leads to an address that no webhook is sent to").into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
