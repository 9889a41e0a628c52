//! `get_document`, and what it has in common with reading a document as a resource.

use rmcp::schemars::{self, JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::more;
use crate::access::{Act, Caller};
use crate::app::App;
use crate::documents::{Document, DocumentKind};
use crate::domain::ids::DealId;
use crate::error::Error;
use crate::handover;
use crate::mcp::page::{MAX_CHARS, begin, cursor, part};
use crate::mcp::quote::{NOTICE, Named};
use crate::mcp::tool::Told;
use crate::store::versions::{self, Version};

pub(super) const NAME: &str = "get_document";
pub(super) const TITLE: &str = "Read a document";
pub(super) const ABOUT: &str = "A document of a deal's final handoff: brief (one to two pages for whoever takes over), full (everything \
     approved, with citations), agenda (of the internal meeting), introduction (mail to the customer), read_back (for the \
     customer to correct), kickoff (preparation), success_plan (draft), crm (payload), json (the handoff itself).";

/// Arguments of `get_document`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The deal's id.
    #[schemars(with = "String", example = &"deal_01981f2e7c3b7d4e8a5f6b1c2d3e4f50")]
    deal: DealId,
    /// Which document.
    #[schemars(schema_with = "kinds", example = &"brief")]
    document: DocumentKind,
    /// The number of the final version; the newest unless given.
    #[schemars(example = 1)]
    version: Option<i64>,
    /// The `next_cursor` of the answer before.
    cursor: Option<String>,
}

fn kinds(_: &mut SchemaGenerator) -> Schema {
    let kinds: Vec<&str> = DocumentKind::ALL.iter().map(|kind| kind.as_str()).collect();
    schemars::json_schema!({"type": "string", "enum": kinds})
}

/// What `get_document` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Output {
    /// The deal's id.
    deal_id: String,
    /// The number of the final version.
    version: i64,
    /// Which document.
    document: &'static str,
    /// What its text is.
    media_type: String,
    /// Whether the customer reads it, too: internal or customer.
    audience: String,
    /// The text, or the part of it that fits into one answer.
    text: String,
    /// Give it as `cursor` to read on; absent at the end.
    next_cursor: Option<String>,
    /// How to take the words of the record.
    notice: &'static str,
}

pub(super) async fn run(app: &App, caller: &Caller, input: Input) -> Result<Told<Output>, Error> {
    let version = version_of(app, caller, &input.deal, input.version).await?;
    let at = begin(input.cursor.as_deref(), version.number)?;
    let document = handover::document(app, caller, &version.id, input.document).await?;
    let (part, next) = part(&document.text, at, MAX_CHARS);
    let part = part.to_owned();
    let next_cursor = next.map(|at| cursor(version.number, at));
    let text = format!(
        "{} of {}, version {}. The document follows. {NOTICE}\n{}",
        input.document.title(),
        input.deal,
        version.number,
        more(next_cursor.as_deref())
    );
    let output = Output {
        deal_id: input.deal.to_string(),
        version: version.number,
        document: input.document.as_str(),
        media_type: document.media_type.to_string(),
        audience: super::word(&input.document.audience()),
        text: part.clone(),
        next_cursor,
        notice: NOTICE,
    };
    Ok(Told { data: output, text, document: Some(part) })
}

/// A deal's final version of this number, or its newest.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Conflict`] where nothing is final yet.
pub(super) async fn version_of(
    app: &App,
    caller: &Caller,
    deal: &DealId,
    number: Option<i64>,
) -> Result<Version, Error> {
    let mut conn = app.store.read().await?;
    let deal = caller.deal(&mut conn, deal, Act::SeeDeal).await?;
    let mut all = versions::list(&mut conn, &deal.id).await?;
    match number {
        Some(number) => {
            let found = all.into_iter().find(|version| version.number == number);
            found.ok_or_else(|| Error::not_found("version", number))
        }
        None => all.pop().ok_or_else(|| {
            Error::Conflict(format!(
                "no version of {} is final yet; get_handoff reads the draft, and get_deal says what is missing",
                Named(&deal.name)
            ))
        }),
    }
}

/// A whole document.
///
/// # Errors
///
/// As [`version_of`].
pub(in crate::mcp) async fn text_of(
    app: &App,
    caller: &Caller,
    deal: &DealId,
    number: i64,
    kind: DocumentKind,
) -> Result<Document, Error> {
    let version = version_of(app, caller, deal, Some(number)).await?;
    handover::document(app, caller, &version.id, kind).await
}
