//! The deadlines after a deal is won, by segment.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use crate::access::Act;
use crate::app::App;
use crate::domain::policy::{SlaPolicies, SlaPolicy, SlaStep, Step};
use crate::error::Error;
use crate::handover::SLA_POLICIES;
use crate::http::pages::shell::{Failed, Visitor};
use crate::http::pages::words::hours_in_words;
use crate::store::settings;

#[derive(Serialize)]
struct DeadlinesPage {
    policies: Vec<PolicyView>,
    usual: Vec<StepView>,
}

#[derive(Serialize)]
struct PolicyView {
    segment: Option<String>,
    label: String,
    steps: Vec<StepView>,
}

/// A step with its hours as they stand in the form; no hours where the policy has no such clock.
#[derive(Serialize)]
struct StepView {
    step: Step,
    label: &'static str,
    hours: String,
    remind: String,
    in_words: String,
}

pub(super) async fn page(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Html<String>, Failed> {
    let caller = &visitor.caller;
    caller.require(Act::ManagePolicies)?;
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let found: SlaPolicies = settings::get(&mut conn, &caller.tenant, SLA_POLICIES).await.map_err(Error::from)?;
    let usual = found.of_segment(None).map_or_else(|| step_views(&[]), steps);
    let policies = found.policies.into_iter().map(|policy| PolicyView {
        steps: steps(&policy),
        segment: policy.segment,
        label: policy.name,
    });
    let page = DeadlinesPage { policies: policies.collect(), usual };
    Ok(super::page(&visitor, "pages/settings-sla.html", "/settings/deadlines", page)?)
}

fn steps(policy: &SlaPolicy) -> Vec<StepView> {
    step_views(&policy.steps)
}

/// Every step there is: one that a policy leaves out can be given a clock.
fn step_views(own: &[SlaStep]) -> Vec<StepView> {
    let view = |step: &Step| {
        let own = own.iter().find(|clock| clock.step == *step);
        StepView {
            step: *step,
            label: step.label(),
            hours: own.map(|clock| clock.due_after_hours.to_string()).unwrap_or_default(),
            remind: own.map_or(0, |clock| clock.remind_hours_before).to_string(),
            in_words: own.map_or_else(|| "no clock".to_owned(), |clock| hours_in_words(clock.due_after_hours)),
        }
    };
    Step::ALL.iter().map(view).collect()
}
