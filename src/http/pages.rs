//! Pages for people: the deals, one deal's handoff as it stands, and the record behind each citation. No script, nothing
//! loaded from elsewhere.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;

use super::extract::{self, PageQuery, Path, Query};
use super::problem::Problem;
use crate::access::{Act, Caller, Sight};
use crate::app::App;
use crate::domain::deal::{Deal, Source};
use crate::domain::ids::{DealId, SourceId};
use crate::domain::transcript::Transcript;
use crate::error::Error;
use crate::render::view::{HandoffView, missing_line, moment};
use crate::render::{self, RenderError};
use crate::review;
use crate::store::{accounts, deals, sources, transcripts};

const STYLESHEET: &str = include_str!("../../assets/baton.css");

/// What a page may load: its own stylesheet, and nothing else.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(deal_list))
        .route("/deals/{deal_id}", get(deal))
        .route("/sources/{source_id}", get(source))
        .route("/assets/baton.css", get(stylesheet))
}

async fn stylesheet() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=300")], STYLESHEET)
}

/// A page, or a page that says why there is none.
struct Page(Result<String, Problem>);

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = match self.0 {
            Ok(html) => Html(html).into_response(),
            Err(problem) => {
                let view = serde_json::json!({"title": problem.title(), "detail": problem.detail()});
                match render::render("problem.html", &view) {
                    Ok(html) => (problem.status(), Html(html)).into_response(),
                    Err(_) => problem.into_response(),
                }
            }
        };
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
        response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
            .headers_mut()
            .insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("same-origin"));
        response
    }
}

impl From<RenderError> for Problem {
    fn from(error: RenderError) -> Self {
        Error::Internal(error.into()).into()
    }
}

#[derive(Serialize)]
struct DealsPage {
    deals: Vec<DealLine>,
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct DealLine {
    account: String,
    deal: Deal,
    sources: usize,
}

/// Deals on one page.
const DEALS_PER_PAGE: u32 = 50;

async fn deal_list(State(app): State<Arc<App>>, caller: Caller, query: Result<Query<PageQuery>, Problem>) -> Page {
    Page(async { deals_page(&app, &caller, &query?.0).await }.await)
}

async fn deals_page(app: &App, caller: &Caller, query: &PageQuery) -> Result<String, Problem> {
    caller.require_scope(Act::SeeDeal)?;
    let after = query.after()?;
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let found = deals::list(
        &mut conn,
        &caller.tenant,
        &caller.sight(),
        &deals::Filter::default(),
        after.as_ref(),
        DEALS_PER_PAGE + 1,
    )
    .await;
    let (found, next_cursor) =
        extract::Page::of(found.map_err(Error::from)?, DEALS_PER_PAGE, |deal: &Deal| deal.id.to_string()).into_parts();
    let mut lines = Vec::with_capacity(found.len());
    for deal in found {
        let account =
            accounts::find(&mut conn, &caller.tenant, &Sight::All, &deal.account_id).await.map_err(Error::from)?;
        let sources = sources::list(&mut conn, &deal.id).await.map_err(Error::from)?.len();
        lines.push(DealLine { account: account.map(|a| a.name).unwrap_or_default(), deal, sources });
    }
    Ok(render::render("deals.html", &DealsPage { deals: lines, next_cursor })?)
}

#[derive(Serialize)]
struct DealPage {
    handoff: HandoffView,
    deal: Deal,
    sources: Vec<Source>,
    missing: Vec<String>,
}

async fn deal(State(app): State<Arc<App>>, caller: Caller, id: Result<Path<DealId>, Problem>) -> Page {
    Page(async { deal_page(&app, &caller, &id?.0).await }.await)
}

async fn deal_page(app: &App, caller: &Caller, id: &DealId) -> Result<String, Problem> {
    let current = review::current_draft(app, caller, id).await?;
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let account =
        accounts::find(&mut conn, &caller.tenant, &Sight::All, &current.deal.account_id).await.map_err(Error::from)?;
    let sources = sources::list(&mut conn, id).await.map_err(Error::from)?;
    let account = account.map(|account| account.name).unwrap_or_default();
    let handoff = HandoffView::of_draft(&account, &current.deal.name, &current.document);
    let missing = current.missing.iter().map(missing_line).collect();
    Ok(render::render("deal.html", &DealPage { handoff, deal: current.deal, sources, missing })?)
}

#[derive(Serialize)]
struct SourcePage {
    source: Source,
    title: Option<String>,
    turns: Vec<TurnLine>,
    dropped: usize,
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct TurnLine {
    index: u32,
    when: String,
    speaker: Option<String>,
    side: &'static str,
    text: String,
}

async fn source(State(app): State<Arc<App>>, caller: Caller, id: Result<Path<SourceId>, Problem>) -> Page {
    Page(async { source_page(&app, &caller, &id?.0).await }.await)
}

async fn source_page(app: &App, caller: &Caller, id: &SourceId) -> Result<String, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let source = caller.source(&mut conn, id, Act::SeeDeal).await?;
    let transcript = transcripts::find(&mut conn, id).await.map_err(Error::from)?;
    let turns = transcript.as_ref().map(turn_lines).unwrap_or_default();
    let (title, report) = transcript.map(|t| (t.title, t.report)).unwrap_or_default();
    let page = SourcePage { source, title, turns, dropped: report.dropped.len(), warnings: report.warnings };
    Ok(render::render("source.html", &page)?)
}

fn turn_lines(transcript: &Transcript) -> Vec<TurnLine> {
    let line = |turn: &crate::domain::transcript::Turn| TurnLine {
        index: turn.index,
        when: moment(turn.start_ms, turn.precision, turn.index),
        speaker: transcript.speaker_name(turn).map(str::to_owned),
        side: transcript.side(turn).as_str(),
        text: turn.text.clone(),
    };
    transcript.turns.iter().map(line).collect()
}
