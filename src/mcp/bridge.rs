//! `baton mcp`: the tools of a Baton that is running somewhere, for assistants that can only start a program and talk to it
//! over stdin and stdout.
//!
//! It holds no data and opens no data folder. A data folder has one owner, and an assistant that started first would keep
//! `baton serve` from starting; two assistants would keep each other out. So there is always one Baton that serves, and any
//! number of these in front of it, on this machine or others, each with its own token.

use std::time::Duration;

use anyhow::Context as _;
use openidconnect::url::Url;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, StatusCode, redirect};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse,
    ReadResourceResult, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, ServiceExt as _};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{config, resources, tools};
use crate::config::ApiKey;
use crate::outgoing::{USER_AGENT, bounded, chain};

/// How long one answer may take, to its last byte.
const TIMEOUT: Duration = Duration::from_mins(1);
/// The largest answer that is read; tools stay far below it.
const MAX_BYTES: usize = 8 << 20;

/// Passes what an assistant asks on to a running Baton.
pub struct Bridge {
    http: Client,
    server: String,
    authorization: HeaderValue,
}

/// Why there is no answer.
enum Failure {
    /// The server answered with an error of the protocol.
    Refused(ErrorData),
    /// It did not answer, or not as Baton does; in words for the person at the assistant.
    Unanswered(String),
}

/// What comes back: one of the two.
#[derive(Deserialize)]
struct Reply {
    result: Option<Value>,
    error: Option<ErrorData>,
}

impl Bridge {
    /// To the Baton at `server`, with the rights of `token`.
    ///
    /// # Errors
    ///
    /// When the token cannot be sent in a header, or the platform has no TLS to offer.
    pub fn new(server: &Url, token: &ApiKey) -> anyhow::Result<Self> {
        // A redirect would hand the token to a host that nobody named.
        let http = Client::builder().user_agent(USER_AGENT).redirect(redirect::Policy::none()).timeout(TIMEOUT);
        let mut authorization = HeaderValue::from_str(&format!("Bearer {}", token.expose()))?;
        authorization.set_sensitive(true);
        let server = server.as_str().trim_end_matches('/').to_owned();
        Ok(Self { http: http.build()?, server, authorization })
    }

    /// Serves over stdin and stdout until the assistant hangs up.
    ///
    /// # Errors
    ///
    /// When what comes in is not the protocol.
    pub async fn over_stdio(self) -> anyhow::Result<()> {
        let running =
            self.serve(rmcp::transport::stdio()).await.context("the assistant did not begin as the protocol has it")?;
        running.waiting().await?;
        Ok(())
    }

    async fn ask<T: DeserializeOwned>(&self, method: &str, params: impl Serialize) -> Result<T, Failure> {
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let request = self
            .http
            .post(format!("{}/mcp", self.server))
            .header(AUTHORIZATION, self.authorization.clone())
            .header(ACCEPT, "application/json, text/event-stream")
            .header(CONTENT_TYPE, "application/json")
            .body(message.to_string());
        let unreachable = |error: reqwest::Error| {
            Failure::Unanswered(format!(
                "no Baton answers at {} ({}); start `baton serve` there, or say where it is with BATON_SERVER",
                self.server,
                chain(&error)
            ))
        };
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let body = bounded(response, MAX_BYTES).await.map_err(unreachable)?.unwrap_or_default();
        if !status.is_success() {
            return Err(Failure::Unanswered(self.in_words(status, &body)));
        }
        let foreign =
            || Failure::Unanswered(format!("what answers at {} is no Baton, or one of another age", self.server));
        let reply: Reply = serde_json::from_slice(&body).map_err(|_| foreign())?;
        match reply {
            Reply { error: Some(error), .. } => Err(Failure::Refused(error)),
            Reply { result: Some(result), .. } => serde_json::from_value(result).map_err(|_| foreign()),
            Reply { .. } => Err(foreign()),
        }
    }

    /// A problem document for the person at the assistant.
    fn in_words(&self, status: StatusCode, body: &[u8]) -> String {
        let problem: Value = serde_json::from_slice(body).unwrap_or_default();
        let detail = problem["detail"].as_str().unwrap_or("it gave no reason");
        let advice = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                "; a token with the scope read is made on the profile page and goes into BATON_TOKEN"
            }
            StatusCode::NOT_FOUND => "; BATON_SERVER may name another server, or an older Baton",
            _ => "",
        };
        format!("{} answered {status}: {detail}{advice}", self.server)
    }
}

impl From<Failure> for ErrorData {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(error) => error,
            Failure::Unanswered(why) => Self::internal_error(why, None),
        }
    }
}

impl ServerHandler for Bridge {
    fn get_info(&self) -> ServerConfig {
        config()
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        match self.ask("tools/list", json!({})).await {
            // Assistants ask once, when they start: the tools are there then, and say by themselves what is the matter.
            Err(Failure::Unanswered(_)) => Ok(ListToolsResult::with_all_items(tools::list())),
            other => Ok(other?),
        }
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let params = json!({"name": request.name, "arguments": request.arguments.unwrap_or_default()});
        match self.ask::<CallToolResult>("tools/call", params).await {
            Err(Failure::Unanswered(why)) => Ok(CallToolResult::error(vec![ContentBlock::text(why)]).into()),
            other => Ok(other?.into()),
        }
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let cursor = request.and_then(|request| request.cursor);
        Ok(self.ask("resources/list", cursor.map_or_else(|| json!({}), |cursor| json!({"cursor": cursor}))).await?)
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let read: ReadResourceResult = self.ask("resources/read", json!({"uri": request.uri})).await?;
        Ok(read.into())
    }
}
