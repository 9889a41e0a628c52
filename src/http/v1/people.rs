//! Who is who in a deal.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Caller;
use crate::app::App;
use crate::domain::ids::DealId;
use crate::domain::person::{Person, SourceLabel};
use crate::domain::transcript::Side;
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::review::people;

/// The people of a deal.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct People {
    /// Everybody whom a file that is read names, in order of appearance.
    people: Vec<Person>,
}

/// Labels that are one person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SamePerson {
    /// Two labels or more.
    labels: Vec<SourceLabel>,
}

/// On whose side somebody is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Placed {
    /// What somebody is called.
    label: SourceLabel,
    /// The side; null takes back what was said.
    side: Option<Side>,
}

/// List the people of a deal: each with what the files call them, why those labels are taken for one person, and what the side rests
/// on.
#[utoipa::path(get, path = "/v1/deals/{deal_id}/people", tag = "people", params(("deal_id" = DealId, Path)),
    responses((status = 200, body = People), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(deal): Path<DealId>,
) -> Result<axum::Json<People>, Problem> {
    Ok(axum::Json(People { people: people::of_deal(&app, &caller, &deal).await? }))
}

/// Make labels one person. Sides and the draft are told anew.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/people/join", tag = "people", params(("deal_id" = DealId, Path)),
    request_body = SamePerson, responses((status = 200, body = People), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn join(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(deal): Path<DealId>,
    Json(same): Json<SamePerson>,
) -> Result<axum::Json<People>, Problem> {
    Ok(axum::Json(People { people: people::join(&app, &caller, &deal, &same.labels).await? }))
}

/// Make a label a person of its own, whatever the record seems to say. Sides and the draft are told anew.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/people/split", tag = "people", params(("deal_id" = DealId, Path)),
    request_body = SourceLabel, responses((status = 200, body = People), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn split(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(deal): Path<DealId>,
    Json(label): Json<SourceLabel>,
) -> Result<axum::Json<People>, Problem> {
    Ok(axum::Json(People { people: people::split(&app, &caller, &deal, &label).await? }))
}

/// Say on whose side a person is, or take that back. The draft is told anew.
#[utoipa::path(put, path = "/v1/deals/{deal_id}/people/side", tag = "people", params(("deal_id" = DealId, Path)),
    request_body = Placed, responses((status = 200, body = People), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn place(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(deal): Path<DealId>,
    Json(placed): Json<Placed>,
) -> Result<axum::Json<People>, Problem> {
    Ok(axum::Json(People { people: people::place(&app, &caller, &deal, &placed.label, placed.side).await? }))
}
