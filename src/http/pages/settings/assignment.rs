//! Who receives which deals.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use crate::access::Act;
use crate::app::App;
use crate::domain::policy::{AssignmentRule, AssignmentRules};
use crate::domain::user::{Role, User};
use crate::error::Error;
use crate::handover::ASSIGNMENT_RULES;
use crate::http::pages::deals::known_segments;
use crate::http::pages::shell::{Failed, Visitor};
use crate::http::pages::words::{Choice, name_of, people};
use crate::store::{settings, users};

#[derive(Serialize)]
struct AssignmentPage {
    rules: Vec<RuleView>,
    segments: Vec<Choice>,
    territories: Vec<String>,
    csms: Vec<Choice>,
}

#[derive(Serialize)]
struct RuleView {
    id: String,
    when: String,
    people: String,
}

pub(super) async fn page(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Html<String>, Failed> {
    let caller = &visitor.caller;
    caller.require(Act::ManagePolicies)?;
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let found: AssignmentRules =
        settings::get(&mut conn, &caller.tenant, ASSIGNMENT_RULES).await.map_err(Error::from)?;
    let known = users::list(&mut conn, &caller.tenant).await.map_err(Error::from)?;
    let mut territories: Vec<String> = found.rules.iter().filter_map(|rule| rule.territory.clone()).collect();
    territories.sort();
    territories.dedup();
    let page = AssignmentPage {
        rules: found.rules.iter().map(|rule| view(rule, &known)).collect(),
        segments: known_segments(&mut conn, &visitor).await?,
        territories,
        csms: people(&known, &[Role::Csm, Role::Admin]),
    };
    Ok(super::page(&visitor, "pages/settings-assignment.html", "/settings/assignment", page)?)
}

fn view(rule: &AssignmentRule, known: &[User]) -> RuleView {
    let when = match (&rule.segment, &rule.territory) {
        (Some(segment), Some(territory)) => format!("{segment} in {territory}"),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => "Every deal".to_owned(),
    };
    let names: Vec<String> = rule.csms.iter().filter_map(|id| name_of(known, Some(id))).collect();
    RuleView { id: rule.id.to_string(), when, people: names.join(", ") }
}
