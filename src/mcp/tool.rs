//! A tool: what an assistant is told of it, and what it does.

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use rmcp::ErrorData;
use rmcp::handler::server::tool::{schema_for_input, schema_for_output};
use rmcp::model::{CallToolResult, ContentBlock, JsonObject, Tool, ToolAnnotations};
use rmcp::schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::access::Caller;
use crate::app::App;
use crate::error::Error;

/// A tool's answer, twice: as data, and as a text for whoever reads nothing else.
pub(super) struct Told<T> {
    /// The data; its schema is told with the tool.
    pub(super) data: T,
    /// In words, with words of the record quoted.
    pub(super) text: String,
    /// A document, apart from the words about it.
    pub(super) document: Option<String>,
}

impl<T> Told<T> {
    /// An answer without a document.
    pub(super) const fn new(data: T, text: String) -> Self {
        Self { data, text, document: None }
    }
}

/// What a tool does.
pub(super) type Run<I, O> = for<'a> fn(&'a App, &'a Caller, I) -> BoxFuture<'a, Result<Told<O>, Error>>;

type Call = dyn for<'a> Fn(&'a App, &'a Caller, JsonObject) -> BoxFuture<'a, CallToolResult> + Send + Sync;

/// A tool with what it does.
pub(super) struct Entry {
    /// What an assistant is told of it.
    pub(super) tool: Tool,
    call: Box<Call>,
}

impl Entry {
    /// A tool that takes `I` and answers `O`, and changes nothing.
    pub(super) fn new<I, O>(name: &'static str, title: &'static str, description: &'static str, run: Run<I, O>) -> Self
    where
        I: DeserializeOwned + JsonSchema + Send + 'static,
        O: Serialize + JsonSchema + Send + 'static,
    {
        let takes: Arc<JsonObject> = schema_for_input::<I>().unwrap_or_default();
        let reads =
            ToolAnnotations::with_title(title).read_only(true).destructive(false).idempotent(true).open_world(false);
        let tool = Tool::new(name, description, takes)
            .with_title(title)
            .with_raw_output_schema(schema_for_output::<O>())
            .with_annotations(reads);
        let call: Box<Call> =
            Box::new(move |app, caller, arguments| match serde_json::from_value(Value::Object(arguments)) {
                Ok(input) => run(app, caller, input).map(answer).boxed(),
                Err(error) => {
                    let why =
                        format!("the arguments cannot be read: {error}; the tool's input schema says what it takes");
                    futures::future::ready(CallToolResult::error(vec![ContentBlock::text(why)])).boxed()
                }
            });
        Self { tool, call }
    }

    /// The same for a tool that keeps what it answers: asked again, it keeps another one.
    pub(super) fn keeping(mut self) -> Self {
        let hints = self.tool.annotations.take().unwrap_or_default();
        self.tool.annotations = Some(hints.read_only(false).idempotent(false));
        self
    }

    /// Does it.
    pub(super) async fn call(&self, app: &App, caller: &Caller, arguments: JsonObject) -> CallToolResult {
        (self.call)(app, caller, arguments).await
    }
}

fn answer<T: Serialize>(told: Result<Told<T>, Error>) -> CallToolResult {
    let told = told.and_then(|told| {
        let data = serde_json::to_value(&told.data).map_err(|error| Error::Internal(error.into()))?;
        Ok((data, told.text, told.document))
    });
    match told {
        Ok((data, text, document)) => {
            let mut result = CallToolResult::structured(data);
            result.content = [Some(text), document].into_iter().flatten().map(ContentBlock::text).collect();
            result
        }
        Err(error) => CallToolResult::error(vec![ContentBlock::text(in_words(error))]),
    }
}

/// What went wrong, and what to do.
fn in_words(error: Error) -> String {
    match error {
        Error::NotFound { .. } => {
            format!("{error}, or not for you; list_accounts, list_deals and get_deal name the ids that you may use")
        }
        Error::Internal(cause) => {
            let request_id = format!("req_{}", Uuid::now_v7().simple());
            tracing::error!(request.id = request_id, error = ?cause, "tool failed");
            format!("something went wrong inside Baton; the server's log has the details under {request_id}")
        }
        error => error.to_string(),
    }
}

/// The same where the protocol has no room for an answer that is an error.
pub(super) fn refusal(error: Error) -> ErrorData {
    match error {
        Error::NotFound { .. } => ErrorData::resource_not_found(in_words(error), None),
        Error::Internal(_) | Error::Unavailable(_) => ErrorData::internal_error(in_words(error), None),
        error => ErrorData::invalid_params(in_words(error), None),
    }
}
