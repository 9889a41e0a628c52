//! Sources: files come in, are acknowledged once they are on the disk, and can be read as turns.

use std::sync::Arc;

use axum::extract::multipart::Field as Part;
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use utoipa::ToSchema;

use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::deal::Source;
use crate::domain::ids::{DealId, JobId, SourceId};
use crate::domain::transcript::{ParseReport, Participant, Turn};
use crate::error::Error;
use crate::http::extract::{Page, PageQuery, Path, Query, idempotency_key};
use crate::http::problem::Problem;
use crate::intake::{self, Accepted, Upload, UploadAnswer};
use crate::store::{sources, transcripts};

/// Texts as sources.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewSources {
    /// The texts.
    sources: Vec<NewSource>,
}

/// One text as a source.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSource {
    /// Its file name.
    name: String,
    /// Its text.
    text: String,
}

/// Files as parts of a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct UploadForm {
    /// The files; each part needs a file name.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<u8>,
}

/// The files that were taken in.
#[derive(Debug, Serialize, ToSchema)]
struct Receipt {
    /// One entry per file, in the order of the request.
    sources: Vec<ReceivedSource>,
}

/// One file that was taken in.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ReceivedSource {
    /// The source that the file is.
    source: Source,
    /// The job that reads it; none where the same bytes were there already.
    job_id: Option<JobId>,
}

/// A source with what its file turned out to hold.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct SourceDetail {
    /// The source.
    #[serde(flatten)]
    source: Source,
    /// Everybody the file names, with the sides that the deal's record proves.
    participants: Vec<Participant>,
    /// What the parser did; none before the file is parsed.
    report: Option<ParseReport>,
}

/// Upload files. 202 means that they are on the disk and will be read; the same bytes twice are one source.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/sources", tag = "sources",
    params(("deal_id" = DealId, Path), ("Idempotency-Key" = Option<String>, Header, description = "Repeats are answered as the first time")),
    request_body(content((UploadForm = "multipart/form-data"), (NewSources = "application/json"))),
    responses((status = 202, body = Receipt), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn upload(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(deal): Path<DealId>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    // Before a byte of the body is read.
    caller.deal(&mut *app.store.read().await.map_err(Error::from)?, &deal, Act::Collect).await?;
    let key = idempotency_key(&headers)?;
    let files = files_of(&app, request).await?;
    let answer = intake::upload(&app, &caller, &deal, files, key.as_deref(), receipt).await?;
    let (UploadAnswer::Fresh(body) | UploadAnswer::Repeated(body)) = answer;
    Ok((StatusCode::ACCEPTED, [(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// Upload a corrected version of a source. 202 means that it is on the disk; it takes the source's place once it is read. Items keep
/// the citations whose words it has, and show the others as broken. (A file of the same name with mostly the same words is taken for a
/// corrected version by itself.)
#[utoipa::path(put, path = "/v1/sources/{source_id}", tag = "sources", params(("source_id" = SourceId, Path)),
    request_body(content((UploadForm = "multipart/form-data"), (NewSources = "application/json"))),
    responses((status = 202, body = ReceivedSource), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn correct(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<SourceId>,
    request: Request,
) -> Result<(StatusCode, axum::Json<ReceivedSource>), Problem> {
    // Before a byte of the body is read.
    caller.source(&mut *app.store.read().await.map_err(Error::from)?, &id, Act::Collect).await?;
    let [file] = <[Upload; 1]>::try_from(files_of(&app, request).await?).map_err(|files| {
        Error::Invalid(format!("the request holds {} files; send the one corrected version", files.len()))
    })?;
    let Accepted { source, job } = intake::correct(&app, &caller, &id, file).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(ReceivedSource { source, job_id: job })))
}

/// The files of a request, as parts of a form or as texts.
async fn files_of(app: &App, request: Request) -> Result<Vec<Upload>, Problem> {
    let media_type =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if media_type.starts_with("multipart/form-data") {
        from_form(app, request).await
    } else if media_type.starts_with("application/json") {
        from_json(app, request).await
    } else {
        Err(Problem::unsupported_media_type("send files as multipart/form-data, or texts as application/json"))
    }
}

fn receipt(accepted: &[Accepted]) -> String {
    let received = |a: &Accepted| ReceivedSource { source: a.source.clone(), job_id: a.job.clone() };
    serde_json::to_string(&Receipt { sources: accepted.iter().map(received).collect() }).unwrap_or_default()
}

async fn from_json(app: &App, request: Request) -> Result<Vec<Upload>, Problem> {
    // As many bytes as one file may have, and some for the JSON around them.
    let limit_bytes = app.settings.server.max_upload_bytes.saturating_add(1 << 20);
    let body = axum::body::to_bytes(request.into_body(), limit_bytes).await;
    let body = body.map_err(|_| Error::TooLarge { name: "the request".to_owned(), limit_bytes })?;
    let new: NewSources = serde_json::from_slice(&body).map_err(|error| match error.classify() {
        Category::Data => Problem::from(Error::Invalid(error.to_string())),
        _ => Problem::malformed(format!("the body is not JSON: {error}")),
    })?;
    Ok(new.sources.into_iter().map(|new| Upload { name: new.name, bytes: new.text.into_bytes() }).collect())
}

async fn from_form(app: &App, request: Request) -> Result<Vec<Upload>, Problem> {
    let malformed = |error: axum::extract::multipart::MultipartError| Problem::malformed(error.body_text());
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|error| Problem::malformed(error.body_text()))?;
    let mut files = Vec::new();
    let mut too_large = None;
    while let Some(part) = form.next_field().await.map_err(malformed)? {
        let name = part.file_name().map(str::to_owned).ok_or_else(|| {
            let part = part.name().unwrap_or_default();
            Error::Invalid(format!("the part `{part}` has no file name; send each file as a part with one"))
        })?;
        match read_part(part, app.settings.server.max_upload_bytes).await.map_err(malformed)? {
            Some(bytes) => files.push(Upload { name, bytes }),
            None => too_large = too_large.or(Some(name)),
        }
    }
    match too_large {
        Some(name) => Err(Error::TooLarge { name, limit_bytes: app.settings.server.max_upload_bytes }.into()),
        None => Ok(files),
    }
}

/// The bytes of a part, or none when they are over the limit. A part that is too long is read to its end and thrown away:
/// a client that is still sending would otherwise see a broken connection in place of the answer.
async fn read_part(
    mut part: Part<'_>,
    limit: usize,
) -> Result<Option<Vec<u8>>, axum::extract::multipart::MultipartError> {
    let mut bytes = Some(Vec::new());
    while let Some(piece) = part.chunk().await? {
        if let Some(kept) = &mut bytes {
            kept.extend_from_slice(&piece);
            if kept.len() > limit {
                bytes = None;
            }
        }
    }
    Ok(bytes)
}

/// List a deal's sources.
#[utoipa::path(get, path = "/v1/deals/{deal_id}/sources", tag = "sources", params(("deal_id" = DealId, Path)),
    responses((status = 200, body = Vec<Source>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(deal): Path<DealId>,
) -> Result<axum::Json<Vec<Source>>, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    caller.deal(&mut conn, &deal, Act::SeeDeal).await?;
    Ok(axum::Json(sources::list(&mut conn, &deal).await.map_err(Error::from)?))
}

/// Read a source with its participants and parse report.
#[utoipa::path(get, path = "/v1/sources/{source_id}", tag = "sources", params(("source_id" = SourceId, Path)),
    responses((status = 200, body = SourceDetail), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<SourceId>,
) -> Result<axum::Json<SourceDetail>, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let source = caller.source(&mut conn, &id, Act::SeeDeal).await?;
    let participants = transcripts::participants(&mut conn, &id).await.map_err(Error::from)?;
    let report = sources::report(&mut conn, &id).await.map_err(Error::from)?;
    Ok(axum::Json(SourceDetail { source, participants, report }))
}

/// Read a source's turns.
#[utoipa::path(get, path = "/v1/sources/{source_id}/turns", tag = "sources",
    params(("source_id" = SourceId, Path), PageQuery),
    responses((status = 200, body = Page<Turn>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn turns(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<SourceId>,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<Page<Turn>>, Problem> {
    let (limit, after) = (page.limit()?, page.after::<u32>()?);
    let mut conn = app.store.read().await.map_err(Error::from)?;
    caller.source(&mut conn, &id, Act::SeeDeal).await?;
    let from = after.map_or(0, |last| last.saturating_add(1));
    let turns = transcripts::turns(&mut conn, &id, from, limit + 1).await.map_err(Error::from)?;
    Ok(axum::Json(Page::of(turns, limit, |turn| turn.index.to_string())))
}
