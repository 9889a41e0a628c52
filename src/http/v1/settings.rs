//! What a team sets for itself: deadlines, and who receives which deals.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::ids::{RuleId, UserId};
use crate::domain::policy::{AssignmentRule, AssignmentRules, SlaPolicies, SlaPolicy};
use crate::error::Error;
use crate::handover::{self, ASSIGNMENT_RULES, SLA_POLICIES};
use crate::http::extract::{Json, Path};
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

/// An assignment rule to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct RuleIn {
    /// The segment it is for; none for every one.
    segment: Option<String>,
    /// The territory it is for; none for every one.
    territory: Option<String>,
    /// The managers to choose from.
    csm_ids: Vec<UserId>,
}

/// Add an assignment rule after the others, for deals that are won from now on.
#[utoipa::path(post, path = "/v1/settings/assignment-rules", tag = "settings", request_body = RuleIn,
    responses((status = 201, body = AssignmentRules), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn add_assignment_rule(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(RuleIn { segment, territory, csm_ids }): Json<RuleIn>,
) -> Result<(StatusCode, axum::Json<AssignmentRules>), Problem> {
    let rule = AssignmentRule { id: RuleId::generate(), segment, territory, csms: csm_ids };
    Ok((StatusCode::CREATED, axum::Json(handover::add_assignment_rule(&app, &caller, rule).await?)))
}

/// Remove an assignment rule.
#[utoipa::path(delete, path = "/v1/settings/assignment-rules/{rule_id}", tag = "settings",
    params(("rule_id" = RuleId, Path)),
    responses((status = 200, body = AssignmentRules), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn remove_assignment_rule(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<RuleId>,
) -> Result<axum::Json<AssignmentRules>, Problem> {
    Ok(axum::Json(handover::remove_assignment_rule(&app, &caller, &id).await?))
}

/// Set the SLA policy of one segment, or, without a segment, that of every other deal.
#[utoipa::path(post, path = "/v1/settings/sla-policies", tag = "settings", request_body = SlaPolicy,
    responses((status = 200, body = SlaPolicies), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn set_sla_policy(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(policy): Json<SlaPolicy>,
) -> Result<axum::Json<SlaPolicies>, Problem> {
    Ok(axum::Json(handover::set_sla_policy(&app, &caller, policy).await?))
}
