//! `get_handoff`.

use rmcp::schemars::{self, JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::document::version_of;
use super::{more, one_of};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::documents::DocumentKind;
use crate::domain::ids::DealId;
use crate::error::Error;
use crate::handover;
use crate::mcp::page::{MAX_CHARS, begin, cursor, fitting, part};
use crate::mcp::quote::NOTICE;
use crate::mcp::tool::Told;
use crate::render::{self, view::HandoffView};
use crate::review;

pub(super) const NAME: &str = "get_handoff";
pub(super) const TITLE: &str = "Read a handoff";
pub(super) const ABOUT: &str = "A deal's whole handoff: why they bought, success criteria, people, commitments, scope, timeline, technical, \
     objections, competitors, risks, every line with its citations. The newest final version, or the draft where nothing is \
     final or which says draft. As Markdown to read, or as JSON with every attribute.";

/// Which state of the handoff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Which {
    /// The newest version that people stand behind.
    Final,
    /// What an engine found and people have decided so far.
    Draft,
}

/// How it is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Format {
    /// Text to read.
    #[default]
    Markdown,
    /// Data with every attribute.
    Json,
}

/// Arguments of `get_handoff`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The deal's id.
    #[schemars(with = "String", example = &"deal_01981f2e7c3b7d4e8a5f6b1c2d3e4f50")]
    deal: DealId,
    /// `final` for the newest final version, `draft` for the draft; the first of these that there is unless given.
    #[serde(default)]
    #[schemars(schema_with = "whichs", example = &"final")]
    which: Option<Which>,
    /// `markdown` unless given.
    #[serde(default)]
    #[schemars(schema_with = "formats", example = &"markdown")]
    format: Option<Format>,
    /// The `next_cursor` of the answer before.
    cursor: Option<String>,
}

fn whichs(_: &mut SchemaGenerator) -> Schema {
    one_of(&[Which::Final, Which::Draft])
}

fn formats(_: &mut SchemaGenerator) -> Schema {
    one_of(&[Format::Markdown, Format::Json])
}

/// What `get_handoff` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Output {
    /// The deal's id.
    deal_id: String,
    /// How far the handoff is.
    state: &'static str,
    /// The number of the final version; absent for the draft.
    version: Option<i64>,
    /// The handoff as Markdown, or the part that fits into one answer.
    markdown: Option<String>,
    /// The handoff as JSON (baton.handoff/1, or baton.draft/1), with those of its items that fit into one answer.
    json: Option<Map<String, Value>>,
    /// Give it as `cursor` to read on; absent at the end.
    next_cursor: Option<String>,
    /// How to take the words of the record.
    notice: &'static str,
}

/// A handoff in one state.
struct Found {
    state: &'static str,
    version: Option<i64>,
    /// What it was read at: parts of two states would not fit together.
    stamp: i64,
    text: String,
}

pub(super) async fn run(app: &App, caller: &Caller, input: Input) -> Result<Told<Output>, Error> {
    let format = input.format.unwrap_or_default();
    let found = match input.which {
        Some(Which::Final) => finished(app, caller, &input.deal, format).await?,
        Some(Which::Draft) => draft(app, caller, &input.deal, format).await?,
        None => match finished(app, caller, &input.deal, format).await {
            Err(Error::Conflict(_)) => draft(app, caller, &input.deal, format).await?,
            other => other?,
        },
    };
    let at = begin(input.cursor.as_deref(), found.stamp)?;
    let (markdown, json, next) = match format {
        Format::Markdown => {
            let (piece, next) = part(&found.text, at, MAX_CHARS);
            (Some(piece.to_owned()), None, next)
        }
        Format::Json => {
            let (piece, next) = some_items(&found.text, at)?;
            (None, Some(piece), next)
        }
    };
    let document = markdown.clone().or_else(|| json.clone().map(|json| Value::Object(json).to_string()));
    let next_cursor = next.map(|at| cursor(found.stamp, at));
    let what = found.version.map_or_else(|| "The draft".to_owned(), |number| format!("Final version {number}"));
    let more = more(next_cursor.as_deref());
    let text = format!("{what} of {}, which is {}. It follows. {NOTICE}\n{more}", input.deal, found.state);
    let output = Output {
        deal_id: input.deal.to_string(),
        state: found.state,
        version: found.version,
        markdown,
        json,
        next_cursor,
        notice: NOTICE,
    };
    Ok(Told { data: output, text, document })
}

async fn finished(app: &App, caller: &Caller, id: &DealId, format: Format) -> Result<Found, Error> {
    let version = version_of(app, caller, id, None).await?;
    let kind = match format {
        Format::Markdown => DocumentKind::Full,
        Format::Json => DocumentKind::Json,
    };
    let text = handover::document(app, caller, &version.id, kind).await?.text;
    let deal = caller.deal(&mut *app.store.read().await?, id, Act::SeeDeal).await?;
    Ok(Found { state: deal.state.as_str(), version: Some(version.number), stamp: version.number, text })
}

async fn draft(app: &App, caller: &Caller, id: &DealId, format: Format) -> Result<Found, Error> {
    let current = review::current_draft(app, caller, id).await?;
    let text = match format {
        Format::Json => serde_json::to_string(&current.document).map_err(|error| Error::Internal(error.into()))?,
        Format::Markdown => {
            let mut conn = app.store.read().await?;
            let account = caller.account(&mut conn, &current.deal.account_id, Act::SeeDeal).await?;
            let view = HandoffView::of_draft(&account.name, &current.deal.name, &current.document);
            render::markdown(&view).map_err(|error| Error::Internal(error.into()))?
        }
    };
    Ok(Found { state: current.deal.state.as_str(), version: None, stamp: current.deal.revision, text })
}

/// A document with those of its items from `at` on that fit into one answer, and where the next ones begin. What stands beside
/// the items is told with the first of them; claims without words in the record are no part of a handoff, and only counted.
fn some_items(document: &str, at: usize) -> Result<(Map<String, Value>, Option<usize>), Error> {
    let mut document: Map<String, Value> =
        serde_json::from_str(document).map_err(|error| Error::Internal(error.into()))?;
    let Some(Value::Array(mut items)) = document.remove("items") else { return Ok((document, None)) };
    if let Some(Value::Array(rejected)) = document.remove("rejected") {
        document.insert("rejected_claims".to_owned(), rejected.len().into());
    }
    let (range, next) = fitting(&items, at, |item| item.to_string().chars().count());
    if at > 0 {
        document.retain(|name, _| name == "schema");
    }
    document.insert("items".to_owned(), items.drain(range).collect());
    Ok((document, next))
}
