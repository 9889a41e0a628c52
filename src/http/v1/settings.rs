//! What a team sets for itself: deadlines, and who receives which deals.

use std::sync::Arc;

use axum::extract::State;

use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::policy::{AssignmentRules, SlaPolicies};
use crate::error::Error;
use crate::handover::{self, ASSIGNMENT_RULES, SLA_POLICIES};
use crate::http::extract::Json;
use crate::http::problem::Problem;
use crate::store::settings;

/// Read the SLA policies.
#[utoipa::path(get, path = "/v1/settings/sla-policies", tag = "settings",
    responses((status = 200, body = SlaPolicies), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn sla_policies(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<axum::Json<SlaPolicies>, Problem> {
    caller.require(Act::ManagePolicies)?;
    let mut conn = app.store.read().await.map_err(Error::from)?;
    Ok(axum::Json(settings::get(&mut conn, &caller.tenant, SLA_POLICIES).await.map_err(Error::from)?))
}

/// Set the SLA policies, for deals that are won from now on.
#[utoipa::path(put, path = "/v1/settings/sla-policies", tag = "settings", request_body = SlaPolicies,
    responses((status = 200, body = SlaPolicies), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn set_sla_policies(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(policies): Json<SlaPolicies>,
) -> Result<axum::Json<SlaPolicies>, Problem> {
    Ok(axum::Json(handover::set_sla_policies(&app, &caller, policies).await?))
}

/// Read the assignment rules.
#[utoipa::path(get, path = "/v1/settings/assignment-rules", tag = "settings",
    responses((status = 200, body = AssignmentRules), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn assignment_rules(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<axum::Json<AssignmentRules>, Problem> {
    caller.require(Act::ManagePolicies)?;
    let mut conn = app.store.read().await.map_err(Error::from)?;
    Ok(axum::Json(settings::get(&mut conn, &caller.tenant, ASSIGNMENT_RULES).await.map_err(Error::from)?))
}

/// Set the assignment rules, for deals that are won from now on.
#[utoipa::path(put, path = "/v1/settings/assignment-rules", tag = "settings", request_body = AssignmentRules,
    responses((status = 200, body = AssignmentRules), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn set_assignment_rules(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(rules): Json<AssignmentRules>,
) -> Result<axum::Json<AssignmentRules>, Problem> {
    Ok(axum::Json(handover::set_assignment_rules(&app, &caller, rules).await?))
}
