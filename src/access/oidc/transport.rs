//! Requests to the provider: over TLS or to this machine, to where they are addressed and no further, bounded in time and size.

use std::time::Duration;

use futures::future::BoxFuture;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

use crate::config::sign_on::is_shielded;
use crate::outgoing::{USER_AGENT, bounded};

/// The largest answer that is read; a discovery document has a few kilobytes.
const MAX_BYTES: usize = 1 << 20;
/// How long one answer may take, to its last byte.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{0} is neither https nor this machine")]
    Exposed(String),
    #[error("the answer is longer than {MAX_BYTES} bytes")]
    TooLong,
    #[error("no answer")]
    Network(#[from] reqwest::Error),
}

/// What sends them.
pub(super) struct Transport(reqwest::Client);

impl Transport {
    pub(super) fn new() -> reqwest::Result<Self> {
        let http = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            // A redirect would hand the code and Baton's secret to a host that nobody configured.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIMEOUT);
        http.build().map(Self)
    }

    /// The answer to one request, whatever its status.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Failure> {
        let request = reqwest::Request::try_from(request)?;
        if !is_shielded(request.url()) {
            return Err(Failure::Exposed(request.url().to_string()));
        }
        let response = self.0.execute(request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = bounded(response, MAX_BYTES).await?.ok_or(Failure::TooLong)?;
        let mut answer = HttpResponse::new(body);
        *answer.status_mut() = status;
        *answer.headers_mut() = headers;
        Ok(answer)
    }
}

impl<'c> AsyncHttpClient<'c> for Transport {
    type Error = Failure;
    type Future = BoxFuture<'c, Result<HttpResponse, Failure>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
