//! Questions to the record, and their answers.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt as _, stream};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::access::Caller;
use crate::app::App;
use crate::ask::record::{self as use_case, KeptAnswer, Over};
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

/// Ask every deal that you may see. Asked for as `text/event-stream`, the answer comes as it is made: `line` events, then `answer`.
#[utoipa::path(post, path = "/v1/ask", tag = "ask", request_body = Asked,
    responses((status = 200, body = KeptAnswer), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn ask_all(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Json(asked): Json<Asked>,
) -> Result<Response, Problem> {
    ask(app, caller, Over::All, asked, &headers).await
}

/// Ask the deals of an account. Asked for as `text/event-stream`, the answer comes as it is made: `line` events, then `answer`.
#[utoipa::path(post, path = "/v1/accounts/{account_id}/ask", tag = "ask", params(("account_id" = AccountId, Path)),
    request_body = Asked, responses((status = 200, body = KeptAnswer), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn ask_account(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<AccountId>,
    headers: HeaderMap,
    Json(asked): Json<Asked>,
) -> Result<Response, Problem> {
    ask(app, caller, Over::Account(id), asked, &headers).await
}

/// Ask one deal. Asked for as `text/event-stream`, the answer comes as it is made: `line` events, then `answer`.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/ask", tag = "ask", params(("deal_id" = DealId, Path)),
    request_body = Asked, responses((status = 200, body = KeptAnswer), (status = "4XX", body = Problem)))]
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
    let kept = use_case::ask(&app, &caller, over, &asked.question).await?;
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepts.contains("text/event-stream") {
        return Ok(Sse::new(told(&kept)).keep_alive(KeepAlive::default()).into_response());
    }
    Ok(axum::Json(kept).into_response())
}

/// The answer line by line, then as a whole.
fn told(kept: &KeptAnswer) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    let event = |name: &str, data: &serde_json::Value| {
        Event::default().event(name).json_data(data).unwrap_or_else(|_| Event::default().event(name))
    };
    let lines = kept.answer["lines"].as_array().cloned().unwrap_or_default();
    let whole = serde_json::to_value(kept).unwrap_or_default();
    let mut events: Vec<Event> = lines.iter().map(|line| event("line", line)).collect();
    events.push(event("answer", &whole));
    stream::iter(events).map(Ok)
}

/// List the newest answers that you may read: your own, shared ones, and those answered ahead when a handoff became final.
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
    Ok(axum::Json(use_case::list(&app, &caller, &over).await?))
}

/// Read an answer; `stale` says what has changed since in the record it rests on.
#[utoipa::path(get, path = "/v1/answers/{answer_id}", tag = "ask", params(("answer_id" = AnswerId, Path)),
    responses((status = 200, body = KeptAnswer), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<AnswerId>,
) -> Result<axum::Json<KeptAnswer>, Problem> {
    Ok(axum::Json(use_case::read(&app, &caller, &id).await?))
}

/// Share your answer with everybody who may see the deals it rests on.
#[utoipa::path(put, path = "/v1/answers/{answer_id}/shared", tag = "ask", params(("answer_id" = AnswerId, Path)),
    responses((status = 200, body = KeptAnswer), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn share(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<AnswerId>,
) -> Result<axum::Json<KeptAnswer>, Problem> {
    Ok(axum::Json(use_case::share(&app, &caller, &id, true).await?))
}

/// Keep your answer to yourself again.
#[utoipa::path(delete, path = "/v1/answers/{answer_id}/shared", tag = "ask", params(("answer_id" = AnswerId, Path)),
    responses((status = 200, body = KeptAnswer), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn unshare(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<AnswerId>,
) -> Result<axum::Json<KeptAnswer>, Problem> {
    Ok(axum::Json(use_case::share(&app, &caller, &id, false).await?))
}
