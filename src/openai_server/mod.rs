//! Where the server is, which key opens it, and how patiently it is asked; shared by the engine and the embedder.

pub(crate) mod transport;

mod refusal;

use std::time::Duration;

use anyhow::Context as _;
use async_openai::Client;
use async_openai::config::{OPENAI_API_BASE, OpenAIConfig};

use crate::config::ApiKey;
use transport::{Failure, Transport};

/// Where an OpenAI-compatible server is and how patiently it is asked.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// The address up to and without `/chat/completions`, such as `http://localhost:11434/v1`; OpenAI itself when absent.
    pub base_url: Option<String>,
    /// The key, where the server wants one.
    pub api_key: Option<ApiKey>,
    /// How long one attempt may take, from the first byte sent to the last byte read.
    pub timeout: Duration,
    /// How often a request is sent again after a timeout, a rate limit or a server error.
    pub max_retries: u32,
    /// The wait before the first retry; it doubles with every further one.
    pub first_delay: Duration,
    /// The longest wait before a retry. A server that asks for more is not waited for: the caller is told when to return.
    pub longest_delay: Duration,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            base_url: None,
            api_key: None,
            timeout: Duration::from_mins(2),
            max_retries: 3,
            first_delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(20),
        }
    }
}

impl ServerSettings {
    /// Whether the server answers, in words; it is asked for its list of models, which costs nothing.
    ///
    /// # Errors
    ///
    /// When it does not answer, or refuses the key.
    pub async fn reach(&self) -> anyhow::Result<String> {
        let base_url = self.base_url();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(5)).build()?;
        let mut request = http.get(format!("{base_url}/models"));
        if let Some(key) = &self.api_key {
            request = request.bearer_auth(key.expose());
        }
        let status = request.send().await.with_context(|| format!("{base_url} does not answer"))?.status();
        anyhow::ensure!(
            !matches!(status.as_u16(), 401 | 403),
            "{base_url} refuses the key ({status}); set OPENAI_API_KEY to one it takes"
        );
        Ok(format!("{base_url} answers ({status})"))
    }

    fn base_url(&self) -> &str {
        self.base_url.as_deref().unwrap_or(OPENAI_API_BASE).trim_end_matches('/')
    }

    /// A client that sends through [`Transport`] instead of the library's own executor.
    pub(crate) fn client(&self) -> Result<Client<OpenAIConfig>, Failure> {
        let base_url = self.base_url();
        let key = self.api_key.as_ref().map_or("", ApiKey::expose);
        // Organisation and project are set because the library would otherwise take them from the environment.
        let config = OpenAIConfig::new().with_api_base(base_url).with_api_key(key).with_org_id("").with_project_id("");
        let transport = Transport::new(self)?;
        let service = tower::service_fn(move |request| transport.clone().send(request));
        Ok(Client::with_config(config).with_http_service(service))
    }
}
