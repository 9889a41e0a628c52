//! Questions to the record, and their answers.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{FutureExt as _, Stream, StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::Caller;
use crate::app::App;
use crate::ask::kept::{self, KeptAnswer};
use crate::ask::record::{self as use_case, Begun, Gathered, Over};
use crate::domain::ids::{AccountId, AnswerId, DealId};
use crate::error::Error;
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::Problem;

/// A question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Asked {
    /// The question, up to 1,000 characters.
    question: String,
}

/// Which answers.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct AnswersQuery {
    /// About this deal.
    deal: Option<DealId>,
    /// About this account.
    account: Option<AccountId>,
}

/// Ask every deal that you may see. Asked for as `text/event-stream`, it tells what is read (`reading`) while the answer
/// is made, then each `line` and the whole `answer`; or a `problem`.
#[utoipa::path(post, path = "/v1/ask", tag = "ask", request_body = Asked,
    responses((status = 200, content((KeptAnswer = "application/json"), (String = "text/event-stream"))),
        (status = "4XX", body = Problem)))]
pub(in crate::http) async fn ask_all(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Json(asked): Json<Asked>,
) -> Result<Response, Problem> {
    ask(app, caller, Over::All, asked, &headers).await
}

/// Ask the deals of an account. Asked for as `text/event-stream`, it tells what is read (`reading`) while the answer
/// is made, then each `line` and the whole `answer`; or a `problem`.
#[utoipa::path(post, path = "/v1/accounts/{account_id}/ask", tag = "ask", params(("account_id" = AccountId, Path)),
    request_body = Asked, responses((status = 200, content((KeptAnswer = "application/json"), (String = "text/event-stream"))),
        (status = "4XX", body = Problem)))]
pub(in crate::http) async fn ask_account(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<AccountId>,
    headers: HeaderMap,
    Json(asked): Json<Asked>,
) -> Result<Response, Problem> {
    ask(app, caller, Over::Account(id), asked, &headers).await
}

/// Ask one deal. A common question that was answered ahead is given that answer while it stands. Asked for as
/// `text/event-stream`, it tells what is read (`reading`) while the answer is made, then each `line` and the whole `answer`; or a
/// `problem`.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/ask", tag = "ask", params(("deal_id" = DealId, Path)),
    request_body = Asked, responses((status = 200, content((KeptAnswer = "application/json"), (String = "text/event-stream"))),
        (status = "4XX", body = Problem)))]
pub(in crate::http) async fn ask_deal(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
    headers: HeaderMap,
    Json(asked): Json<Asked>,
) -> Result<Response, Problem> {
    ask(app, caller, Over::Deal(id), asked, &headers).await
}

async fn ask(
    app: Arc<App>,
    caller: Caller,
    over: Over,
    asked: Asked,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let begun = use_case::begin(&app, &caller, over, &asked.question).await?;
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let in_events = accepts.contains("text/event-stream");
    Ok(match begun {
        Begun::Ready(kept) if in_events => sse(stream::iter(lines(&kept)).map(Ok)),
        Begun::Gathered(gathered) if in_events => sse(told(app, caller, *gathered)),
        Begun::Ready(kept) => axum::Json(*kept).into_response(),
        Begun::Gathered(gathered) => axum::Json(gathered.ask(&app, &caller).await?).into_response(),
    })
}

fn sse(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}

/// What is read, as soon as that is known; then the answer line by line, and as a whole. What goes wrong in between can be told
/// by an event only: the response has begun.
fn told(app: Arc<App>, caller: Caller, gathered: Gathered) -> impl Stream<Item = Result<Event, Infallible>> {
    let reading = event("reading", &gathered.reading());
    let answer = async move {
        match gathered.ask(&app, &caller).await {
            Ok(kept) => lines(&kept),
            Err(error) => vec![event("problem", &Problem::from(error))],
        }
    };
    stream::iter([reading]).chain(answer.map(stream::iter).flatten_stream()).map(Ok)
}

fn lines(kept: &KeptAnswer) -> Vec<Event> {
    let lines = kept.answer["lines"].as_array().into_iter().flatten();
    lines.map(|line| event("line", line)).chain([event("answer", kept)]).collect()
}

fn event(name: &str, data: &impl Serialize) -> Event {
    Event::default().event(name).json_data(data).unwrap_or_else(|_| Event::default().event(name))
}

/// List the newest answers that you may read: your own, shared ones, and of a deal those answered ahead when its handoff became
/// final.
#[utoipa::path(get, path = "/v1/answers", tag = "ask", params(AnswersQuery),
    responses((status = 200, body = Vec<KeptAnswer>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<AnswersQuery>,
) -> Result<axum::Json<Vec<KeptAnswer>>, Problem> {
    let over = match (query.deal, query.account) {
        (Some(deal), None) => Over::Deal(deal),
        (None, Some(account)) => Over::Account(account),
        (None, None) => Over::All,
        (Some(_), Some(_)) => {
            return Err(Error::Invalid("name a deal or an account, not both".to_owned()).into());
        }
    };
    Ok(axum::Json(kept::list(&app, &caller, &over).await?))
}

/// Read an answer; `stale` says what has changed since in the record it rests on.
#[utoipa::path(get, path = "/v1/answers/{answer_id}", tag = "ask", params(("answer_id" = AnswerId, Path)),
    responses((status = 200, body = KeptAnswer), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<AnswerId>,
) -> Result<axum::Json<KeptAnswer>, Problem> {
    Ok(axum::Json(kept::read(&app, &caller, &id).await?))
}

/// Share your answer with everybody who may see the deals it rests on.
#[utoipa::path(put, path = "/v1/answers/{answer_id}/shared", tag = "ask", params(("answer_id" = AnswerId, Path)),
    responses((status = 200, body = KeptAnswer), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn share(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<AnswerId>,
) -> Result<axum::Json<KeptAnswer>, Problem> {
    Ok(axum::Json(kept::share(&app, &caller, &id, true).await?))
}

/// Keep your answer to yourself again.
#[utoipa::path(delete, path = "/v1/answers/{answer_id}/shared", tag = "ask", params(("answer_id" = AnswerId, Path)),
    responses((status = 200, body = KeptAnswer), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn unshare(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<AnswerId>,
) -> Result<axum::Json<KeptAnswer>, Problem> {
    Ok(axum::Json(kept::share(&app, &caller, &id, false).await?))
}
