//! Documents and transcripts as resources: what a person attaches to a conversation by hand.
//!
//! ```text
//! baton://deals/{deal}/versions/{number}/{document}
//! baton://sources/{source}/transcript
//! ```

use rmcp::model::{ListResourcesResult, ReadResourceResult, Resource, ResourceContents, ResourceTemplate};

use super::page::after;
use super::tools::{document_text, transcript_text};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::documents::DocumentKind;
use crate::domain::deal::SourceState;
use crate::domain::ids::{DealId, SourceId};
use crate::error::Error;
use crate::store::deals::{self, Filter, ListedDeal};
use crate::store::{Conn, sources, versions};

/// Deals whose resources are listed at once.
const DEALS: u32 = 10;
/// Bytes of a transcript at most; `get_transcript` reads on.
const MAX_BYTES: usize = 200_000;
const MARKDOWN: &str = "text/markdown";
const TEXT: &str = "text/plain";

/// Where resources are, for clients that can fill an address in.
pub(super) fn templates() -> Vec<ResourceTemplate> {
    vec![
        ResourceTemplate::new("baton://deals/{deal}/versions/{number}/{document}", "document")
            .with_title("Document of a final handoff")
            .with_description(
                "document is brief, full, agenda, introduction, read_back, kickoff, success_plan, crm or json",
            ),
        ResourceTemplate::new("baton://sources/{source}/transcript", "transcript")
            .with_title("Transcript of a source")
            .with_mime_type(TEXT),
    ]
}

/// The resources of some of the caller's deals, those with the nearest deadlines first: the documents of the newest final
/// version, and the sources.
///
/// # Errors
///
/// [`Error::Forbidden`] for a token without the scope; [`Error::Invalid`] for a cursor that is none.
pub(super) async fn list(app: &App, caller: &Caller, cursor: Option<&str>) -> Result<ListResourcesResult, Error> {
    caller.require_scope(Act::SeeDeal)?;
    let offset = after::<u32>(cursor)?.unwrap_or(0);
    let mut conn = app.store.snapshot().await?;
    let filter = Filter::default();
    let mut found = deals::by_deadline(&mut conn, &caller.tenant, &caller.sight(), &filter, offset, DEALS + 1).await?;
    let more = found.len() > usize::try_from(DEALS).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let mut resources = Vec::new();
    for listed in &found {
        resources.extend(of_deal(&mut conn, listed).await?);
    }
    let mut result = ListResourcesResult::with_all_items(resources);
    result.next_cursor = more.then(|| offset.saturating_add(DEALS).to_string());
    Ok(result)
}

async fn of_deal(conn: &mut Conn, listed: &ListedDeal) -> Result<Vec<Resource>, Error> {
    let deal = &listed.deal;
    let mut resources = Vec::new();
    if let Some(version) = versions::list(conn, &deal.id).await?.pop() {
        resources.extend(DocumentKind::ALL.into_iter().map(|kind| {
            let uri = format!("baton://deals/{}/versions/{}/{kind}", deal.id, version.number);
            Resource::new(uri, format!("{}: {}", listed.account, kind.title()))
                .with_description(format!("{}, version {}", deal.name, version.number))
                .with_mime_type(mime_type(kind))
        }));
    }
    let read = sources::list(conn, &deal.id).await?.into_iter().filter(|source| source.state == SourceState::Ready);
    resources.extend(read.map(|source| {
        let uri = format!("baton://sources/{}/transcript", source.id);
        Resource::new(uri, format!("{}: {}", listed.account, source.name))
            .with_description(deal.name.clone())
            .with_mime_type(TEXT)
    }));
    Ok(resources)
}

fn mime_type(kind: DocumentKind) -> &'static str {
    if kind.media_type().starts_with("application/json") { "application/json" } else { MARKDOWN }
}

/// Reads one.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Invalid`] for an address that is none.
pub(super) async fn read(app: &App, caller: &Caller, uri: &str) -> Result<ReadResourceResult, Error> {
    let path = uri.strip_prefix("baton://").unwrap_or_default();
    let (text, mime_type) = match path.split('/').collect::<Vec<_>>().as_slice() {
        ["deals", deal, "versions", number, document] => {
            let kind: DocumentKind = document.parse().map_err(|error| Error::Invalid(format!("{error}")))?;
            let number = number.parse().map_err(|_| unknown())?;
            let document = document_text(app, caller, &deal.parse::<DealId>()?, number, kind).await?;
            (document.text, mime_type(kind))
        }
        ["sources", source, "transcript"] => {
            (transcript_text(app, caller, &source.parse::<SourceId>()?, MAX_BYTES).await?, TEXT)
        }
        _ => return Err(unknown()),
    };
    Ok(ReadResourceResult::new(vec![ResourceContents::text(text, uri).with_mime_type(mime_type)]))
}

fn unknown() -> Error {
    Error::Invalid(
        "no resource has this address; there are baton://deals/{deal}/versions/{number}/{document} and \
         baton://sources/{source}/transcript"
            .to_owned(),
    )
}
