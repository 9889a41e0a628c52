//! From the final version to day 30: steps, acceptance, questions, corrections, check-ins.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::aftermath::Repeats;
use crate::domain::field::Field;
use crate::domain::handover::{CheckIn, CheckInKind, Correction, Milestone, Question, Reason, Receipt};
use crate::domain::ids::{DealId, ItemId, QuestionId};
use crate::domain::policy::Step;
use crate::error::Error;
use crate::handover::{self as use_case, NewCheckIn, NewCorrection};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::post_sale;
use crate::store::{handover, milestones};

/// An acceptance.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Acceptance {
    /// How good the handoff is, 1 to 5.
    rating: u8,
    /// In words.
    comment: Option<String>,
}

/// A return.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Return {
    /// How good the handoff is, 1 to 5.
    rating: u8,
    /// Which fields are missing, unclear or wrong.
    reasons: Vec<Reason>,
    /// In words.
    comment: Option<String>,
}

/// A clarifying question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct QuestionIn {
    /// The field it is about.
    field: Option<Field>,
    /// The question.
    question: String,
}

/// An answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct AnswerIn {
    /// The answer.
    answer: String,
}

/// What the customer corrected.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct CorrectionIn {
    /// The item it speaks against, where it is about one.
    item: Option<ItemId>,
    /// Who of the customer's side said it.
    said_by: String,
    /// Their words.
    words: String,
}

/// A pulse or a check-in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct CheckInIn {
    /// Which of the two.
    kind: CheckInKind,
    /// How often the customer had to say again what the record held already.
    #[serde(default)]
    repeats: u32,
    /// The customer's own rating of the change of hands, 1 to 5.
    satisfaction: Option<u8>,
    /// Whether something had to be escalated on the way.
    #[serde(default)]
    escalated: bool,
    /// In words.
    note: Option<String>,
}

/// List the steps of a won deal with their deadlines.
#[utoipa::path(get, path = "/v1/deals/{deal_id}/steps", tag = "handover", params(("deal_id" = DealId, Path)),
    responses((status = 200, body = Vec<Milestone>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn steps(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
) -> Result<axum::Json<Vec<Milestone>>, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    caller.deal(&mut conn, &id, Act::SeeDeal).await?;
    Ok(axum::Json(milestones::list(&mut conn, &id).await.map_err(Error::from)?))
}

/// Say that a step was taken.
#[utoipa::path(put, path = "/v1/deals/{deal_id}/steps/{step}", tag = "handover",
    params(("deal_id" = DealId, Path), ("step" = Step, Path)),
    responses((status = 200, body = Vec<Milestone>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn mark_step(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, step)): Path<(DealId, Step)>,
) -> Result<axum::Json<Vec<Milestone>>, Problem> {
    Ok(axum::Json(use_case::mark_step(&app, &caller, &id, step, true).await?))
}

/// Take back that a step was taken.
#[utoipa::path(delete, path = "/v1/deals/{deal_id}/steps/{step}", tag = "handover",
    params(("deal_id" = DealId, Path), ("step" = Step, Path)),
    responses((status = 200, body = Vec<Milestone>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn unmark_step(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, step)): Path<(DealId, Step)>,
) -> Result<axum::Json<Vec<Milestone>>, Problem> {
    Ok(axum::Json(use_case::mark_step(&app, &caller, &id, step, false).await?))
}

/// Accept the last version.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/accept", tag = "handover", params(("deal_id" = DealId, Path)),
    request_body = Acceptance, responses((status = 201, body = Receipt), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn accept(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
    Json(Acceptance { rating, comment }): Json<Acceptance>,
) -> Result<(StatusCode, axum::Json<Receipt>), Problem> {
    let receipt = use_case::accept(&app, &caller, &id, rating, comment).await?;
    Ok((StatusCode::CREATED, axum::Json(receipt)))
}

/// Give the last version back, with reasons by field.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/return", tag = "handover", params(("deal_id" = DealId, Path)),
    request_body = Return, responses((status = 201, body = Receipt), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn give_back(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
    Json(Return { rating, reasons, comment }): Json<Return>,
) -> Result<(StatusCode, axum::Json<Receipt>), Problem> {
    let receipt = use_case::give_back(&app, &caller, &id, rating, reasons, comment).await?;
    Ok((StatusCode::CREATED, axum::Json(receipt)))
}

/// List what customer success said of the versions, oldest first.
#[utoipa::path(get, path = "/v1/deals/{deal_id}/receipts", tag = "handover", params(("deal_id" = DealId, Path)),
    responses((status = 200, body = Vec<Receipt>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn receipts(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
) -> Result<axum::Json<Vec<Receipt>>, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    Ok(axum::Json(use_case::receipts(&mut conn, &caller, &id).await?))
}

/// List the clarifying questions, oldest first.
#[utoipa::path(get, path = "/v1/deals/{deal_id}/questions", tag = "handover", params(("deal_id" = DealId, Path)),
    responses((status = 200, body = Vec<Question>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn questions(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
) -> Result<axum::Json<Vec<Question>>, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    Ok(axum::Json(use_case::questions(&mut conn, &caller, &id).await?))
}

/// Ask the account executive what the record does not answer.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/questions", tag = "handover", params(("deal_id" = DealId, Path)),
    request_body = QuestionIn, responses((status = 201, body = Question), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn ask(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
    Json(QuestionIn { field, question }): Json<QuestionIn>,
) -> Result<(StatusCode, axum::Json<Question>), Problem> {
    let question = use_case::ask(&app, &caller, &id, field, &question).await?;
    Ok((StatusCode::CREATED, axum::Json(question)))
}

/// Answer a question; both become a source of the record.
#[utoipa::path(post, path = "/v1/questions/{question_id}/answer", tag = "handover",
    params(("question_id" = QuestionId, Path)), request_body = AnswerIn,
    responses((status = 200, body = Question), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn answer(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<QuestionId>,
    Json(AnswerIn { answer }): Json<AnswerIn>,
) -> Result<axum::Json<Question>, Problem> {
    Ok(axum::Json(use_case::answer(&app, &caller, &id, &answer).await?))
}

/// List what the customer corrected, oldest first.
#[utoipa::path(get, path = "/v1/deals/{deal_id}/corrections", tag = "handover", params(("deal_id" = DealId, Path)),
    responses((status = 200, body = Vec<Correction>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn corrections(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
) -> Result<axum::Json<Vec<Correction>>, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    caller.deal(&mut conn, &id, Act::SeeDeal).await?;
    Ok(axum::Json(handover::corrections(&mut conn, &id).await.map_err(Error::from)?))
}

/// Record what the customer corrected on the read-back sheet: it becomes a source, and speaks against the item it is about.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/corrections", tag = "handover", params(("deal_id" = DealId, Path)),
    request_body = CorrectionIn, responses((status = 201, body = Correction), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn correct(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
    Json(CorrectionIn { item, said_by, words }): Json<CorrectionIn>,
) -> Result<(StatusCode, axum::Json<Correction>), Problem> {
    let correction = use_case::correct(&app, &caller, &id, NewCorrection { item, said_by, words }).await?;
    Ok((StatusCode::CREATED, axum::Json(correction)))
}

/// List the pulses and check-ins, oldest first.
#[utoipa::path(get, path = "/v1/deals/{deal_id}/check-ins", tag = "handover", params(("deal_id" = DealId, Path)),
    responses((status = 200, body = Vec<CheckIn>), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn check_ins(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
) -> Result<axum::Json<Vec<CheckIn>>, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    caller.deal(&mut conn, &id, Act::SeeDeal).await?;
    Ok(axum::Json(handover::check_ins(&mut conn, &id).await.map_err(Error::from)?))
}

/// Record how the customer fares, about day 14 or day 30.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/check-ins", tag = "handover", params(("deal_id" = DealId, Path)),
    request_body = CheckInIn, responses((status = 201, body = CheckIn), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn record_check_in(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
    Json(CheckInIn { kind, repeats, satisfaction, escalated, note }): Json<CheckInIn>,
) -> Result<(StatusCode, axum::Json<CheckIn>), Problem> {
    let new = NewCheckIn { kind, repeats, satisfaction, escalated, note };
    Ok((StatusCode::CREATED, axum::Json(use_case::record_check_in(&app, &caller, &id, new).await?)))
}

/// Read which questions the customer had to answer again after the sale, each with the earlier answer.
#[utoipa::path(get, path = "/v1/deals/{deal_id}/repeats", tag = "handover", params(("deal_id" = DealId, Path)),
    responses((status = 200, body = Repeats), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn repeats(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
) -> Result<axum::Json<Repeats>, Problem> {
    Ok(axum::Json(post_sale::repeats(&app, &caller, &id).await?))
}
