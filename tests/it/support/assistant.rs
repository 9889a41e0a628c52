//! Assistants at the door: the protocol's own client, over both transports, and single requests as they stand on the wire.

use reqwest::{Client, StatusCode};
use rmcp::model::{CallToolRequestParams, CallToolResult, ContentBlock, ReadResourceRequestParams, ResourceContents};
use rmcp::service::{ClientInitializeError, RunningService};
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::transport::{StreamableHttpClientTransport, TokioChildProcess};
use rmcp::{ClientLifecycleMode, ClientServiceExt as _, RoleClient, ServiceError};
use serde_json::{Value, json};
use tokio::process::Command;

use super::world::Pass;

/// An assistant that has come in.
pub(crate) struct Assistant(pub(crate) RunningService<RoleClient, ()>);

impl Assistant {
    /// Comes in over HTTP.
    pub(crate) async fn over_http(door: &str, token: &str) -> Result<Self, ClientInitializeError> {
        Self::over_http_as(door, token, ClientLifecycleMode::Initialize).await
    }

    pub(crate) async fn over_http_as(
        door: &str,
        token: &str,
        mode: ClientLifecycleMode,
    ) -> Result<Self, ClientInitializeError> {
        let config = StreamableHttpClientTransportConfig::with_uri(format!("{door}/mcp")).auth_header(token);
        let transport = StreamableHttpClientTransport::from_config(config);
        ().serve_with_lifecycle(transport, mode).await.map(Self)
    }

    /// Starts `baton mcp` and talks to it over its stdin and stdout.
    pub(crate) async fn over_stdio(door: &str, token: &str) -> Self {
        Self::over_stdio_as(door, token, ClientLifecycleMode::Initialize).await
    }

    pub(crate) async fn over_stdio_as(door: &str, token: &str, mode: ClientLifecycleMode) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
        command.arg("mcp").env("BATON_SERVER", door).env("BATON_TOKEN", token);
        Self(().serve_with_lifecycle(TokioChildProcess::new(command).unwrap(), mode).await.unwrap())
    }

    /// Calls a tool, whatever comes of it.
    pub(crate) async fn try_call(&self, tool: &str, arguments: Value) -> Result<CallToolResult, ServiceError> {
        let Value::Object(arguments) = arguments else { unreachable!("arguments are an object") };
        self.0.call_tool(CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments)).await
    }

    /// Calls a tool that answers; its data and its text.
    pub(crate) async fn call(&self, tool: &str, arguments: Value) -> (Value, String) {
        let result = self.try_call(tool, arguments).await.unwrap();
        let text = text_of(&result);
        assert_ne!(result.is_error, Some(true), "{tool}: {text}");
        (result.structured_content.unwrap(), text)
    }

    /// Calls a tool that refuses; what it says.
    pub(crate) async fn refused(&self, tool: &str, arguments: Value) -> String {
        let result = self.try_call(tool, arguments).await.unwrap();
        assert_eq!(result.is_error, Some(true), "{tool}: {result:?}");
        text_of(&result)
    }

    /// Reads a resource as text.
    pub(crate) async fn read(&self, uri: &str) -> Result<String, ServiceError> {
        let read = self.0.read_resource(ReadResourceRequestParams::new(uri)).await?;
        match read.contents.into_iter().next() {
            Some(ResourceContents::TextResourceContents { text, .. }) => Ok(text),
            other => unreachable!("no text: {other:?}"),
        }
    }
}

/// All that a result says in text.
pub(crate) fn text_of(result: &CallToolResult) -> String {
    let text = |block: &ContentBlock| block.as_text().unwrap().text.clone();
    result.content.iter().map(text).collect::<Vec<_>>().join("\n")
}

/// One request of the protocol; the HTTP status, and the answer as text.
pub(crate) async fn sent(
    client: &Client,
    door: &str,
    pass: &Pass,
    method: &str,
    params: &Value,
) -> (StatusCode, String) {
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    let answer = pass.on(client.post(format!("{door}/mcp"))).json(&message).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}
