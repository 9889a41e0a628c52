//! Settings, read once from flags and the environment; every one has a default that works on one machine.

mod api_key;
mod import;
pub(crate) mod sign_on;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use http::Uri;

use crate::access::secret::Secret;
use crate::engine::local::Detail;
use crate::openai_server::ServerSettings;

pub use api_key::{ApiKey, InvalidApiKey};
pub use import::ImportSettings;
pub use sign_on::SignOnSettings;

/// Which engine drafts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum EngineChoice {
    /// In process: no key, no network.
    #[default]
    Local,
    /// Any OpenAI-compatible server.
    Openai,
}

/// Which model makes the vectors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum EmbedderChoice {
    /// The bundled `MiniLM`, in process.
    #[default]
    Minilm,
    /// Any OpenAI-compatible server.
    Openai,
}

/// Where the engine and its model are.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Engine")]
pub struct EngineSettings {
    /// Which engine drafts
    #[arg(long, env = "BATON_ENGINE", value_enum, default_value_t)]
    pub engine: EngineChoice,
    /// How much the local engine shows: what is surest, what is likely, or all that may be worth a look
    #[arg(long, env = "BATON_DETAIL", value_enum, default_value_t)]
    pub detail: Detail,
    /// Base URL of an OpenAI-compatible server, for example `http://127.0.0.1:11434/v1`
    #[arg(long, env = "BATON_OPENAI_BASE_URL", value_name = "URL")]
    pub openai_base_url: Option<String>,
    /// Key for that server
    #[arg(long, env = "OPENAI_API_KEY", value_name = "KEY", hide_env_values = true)]
    pub openai_api_key: Option<ApiKey>,
    /// Chat model for the openai engine
    #[arg(long, env = "BATON_OPENAI_MODEL", default_value = "gpt-4.1-mini", value_name = "NAME")]
    pub openai_model: String,
    /// Tokens that model takes at once, prompt and reply together
    #[arg(long, env = "BATON_OPENAI_CONTEXT_TOKENS", default_value_t = 32_000, value_name = "N")]
    pub openai_context_tokens: usize,
    /// Seconds to wait for one reply of that server
    #[arg(long, env = "BATON_OPENAI_TIMEOUT_S", default_value_t = 120, value_name = "SECONDS")]
    pub openai_timeout_s: u64,
    /// Which model makes the vectors
    #[arg(long, env = "BATON_EMBEDDER", value_enum, default_value_t)]
    pub embedder: EmbedderChoice,
    /// Embedding model for the openai embedder
    #[arg(long, env = "BATON_OPENAI_EMBEDDING_MODEL", default_value = "text-embedding-3-small", value_name = "NAME")]
    pub openai_embedding_model: String,
    /// Numbers in that model's vectors
    #[arg(long, env = "BATON_OPENAI_EMBEDDING_DIMENSION", default_value_t = 1536, value_name = "N")]
    pub openai_embedding_dimension: usize,
    /// Mail domains of the selling company, for telling the sides apart
    #[arg(long = "vendor-domain", env = "BATON_VENDOR_DOMAINS", value_delimiter = ',', value_name = "DOMAIN")]
    pub vendor_domains: Vec<String>,
}

impl EngineSettings {
    /// The OpenAI-compatible server, and how patiently it is asked.
    #[must_use]
    pub fn openai_server(&self) -> ServerSettings {
        ServerSettings {
            base_url: self.openai_base_url.clone(),
            api_key: self.openai_api_key.clone(),
            timeout: Duration::from_secs(self.openai_timeout_s),
            ..ServerSettings::default()
        }
    }
}

/// Where the records and the index are.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Storage")]
pub struct StorageSettings {
    /// Folder for the database and the index; made if it is not there
    #[arg(long, env = "BATON_DATA_DIR", default_value = "data", value_name = "DIR")]
    pub data_dir: PathBuf,
    /// Folder with a team's own templates: a file there takes the place of Baton's of the same name, messages in `messages/`
    #[arg(long, env = "BATON_TEMPLATES_DIR", value_name = "DIR")]
    pub templates_dir: Option<PathBuf>,
    /// gRPC URL of a Qdrant server; without it the index is kept in the data folder
    #[arg(long, env = "BATON_QDRANT_URL", value_name = "URL")]
    pub qdrant_url: Option<String>,
    /// Key for that server
    #[arg(long, env = "BATON_QDRANT_API_KEY", value_name = "KEY", hide_env_values = true)]
    pub qdrant_api_key: Option<ApiKey>,
    /// Collection on that server
    #[arg(long, env = "BATON_QDRANT_COLLECTION", default_value = "baton", value_name = "NAME")]
    pub qdrant_collection: String,
}

/// How the server listens.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Server")]
pub struct ListenSettings {
    /// Address to listen on; beyond loopback it takes a --public-url too
    #[arg(long, env = "BATON_LISTEN", default_value = "127.0.0.1:7400", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Where people reach Baton, for example `https://baton.company.example`: for links, cookies and the Host check
    #[arg(long, env = "BATON_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    pub public_url: Option<Uri>,
    /// Requests per second that one sender (a session, a token, else an address) may go on with; six times as many at once
    #[arg(long, env = "BATON_REQUESTS_PER_SECOND", default_value = "100", value_name = "N")]
    pub requests_per_second: NonZeroU32,
    /// Bytes of one uploaded file at most
    #[arg(long, env = "BATON_MAX_UPLOAD_BYTES", default_value_t = 32 * 1024 * 1024, value_name = "BYTES")]
    pub max_upload_bytes: usize,
}

impl ListenSettings {
    /// Whether browsers reach Baton over TLS only.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme_str() == Some("https"))
    }

    /// What links begin with; no slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.to_string().trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }

    /// The address of a one-time sign-in link.
    #[must_use]
    pub fn sign_in_link(&self, secret: &Secret) -> String {
        format!("{}/sign-in/link/{}", self.base_url(), secret.expose())
    }
}

/// An address with scheme and host and nothing after them.
fn public_url(text: &str) -> Result<Uri, String> {
    let url: Uri = text.parse().map_err(|error| format!("{error}"))?;
    let is_root = matches!(url.path(), "" | "/") && url.query().is_none();
    match (url.scheme_str(), url.authority()) {
        (Some("http" | "https"), Some(authority)) if is_root && !authority.as_str().contains('@') => Ok(url),
        _ => Err("it takes scheme and host, such as https://baton.company.example, and no path".to_owned()),
    }
}

/// Everything a running Baton needs to know.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Where the engine and its model are.
    #[command(flatten)]
    pub engine: EngineSettings,
    /// Where the records and the index are.
    #[command(flatten)]
    pub storage: StorageSettings,
    /// How much of a file is taken on.
    #[command(flatten)]
    pub import: ImportSettings,
    /// How the server listens.
    #[command(flatten)]
    pub server: ListenSettings,
    /// The company's own sign-on.
    #[command(flatten)]
    pub sign_on: SignOnSettings,
}
