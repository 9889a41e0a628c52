//! Who is told of events, and what was sent.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use serde::{Deserialize, Serialize};

use crate::access::Act;
use crate::app::App;
use crate::domain::ids::{DeliveryId, WebhookId};
use crate::error::Error;
use crate::hooks::delivery::{Attempt, Delivery, DeliveryState};
use crate::hooks::endpoint::{Endpoint, EndpointFormat};
use crate::hooks::event::EventKind;
use crate::http::extract::Query;
use crate::http::pages::shell::{Failed, Visitor};
use crate::http::pages::source::word;
use crate::http::pages::words::{Choice, day, moment_of};
use crate::store::{deliveries, webhooks};

/// Deliveries on one page.
const PER_PAGE: u32 = 25;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// Deliveries before this one.
    before: Option<DeliveryId>,
}

#[derive(Serialize)]
struct WebhooksPage {
    formats: Vec<Choice>,
    events: Vec<Choice>,
    endpoints: Vec<EndpointLine>,
    deliveries: Vec<DeliveryLine>,
    next_url: Option<String>,
}

#[derive(Serialize)]
struct EndpointLine {
    id: String,
    url: String,
    format_label: &'static str,
    events: String,
    enabled: bool,
    state: &'static str,
    state_label: String,
}

#[derive(Serialize)]
struct DeliveryLine {
    id: String,
    event: String,
    url: String,
    when: String,
    state: &'static str,
    state_label: &'static str,
    detail: String,
    can_repeat: bool,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Failed> {
    let tenant = &visitor.caller.tenant;
    visitor.caller.require(Act::ManagePolicies)?;
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let endpoints = webhooks::list(&mut conn, tenant).await.map_err(Error::from)?;
    let by_id: HashMap<&WebhookId, &Endpoint> = endpoints.iter().map(|endpoint| (&endpoint.id, endpoint)).collect();
    let found = deliveries::newest(&mut conn, tenant, asked.before.as_ref(), PER_PAGE + 1).await;
    let mut found = found.map_err(Error::from)?;
    let more = found.len() > PER_PAGE as usize;
    found.truncate(PER_PAGE as usize);
    let next_url = found.last().filter(|_| more).map(|last| format!("/settings/webhooks?before={}", last.id));
    let mut lines = Vec::with_capacity(found.len());
    for delivery in found {
        let attempts = deliveries::attempts(&mut conn, &delivery.id).await.map_err(Error::from)?;
        let endpoint = by_id.get(&delivery.webhook_id).copied();
        lines.push(delivery_line(&delivery, endpoint, &attempts));
    }
    let page = WebhooksPage {
        formats: [EndpointFormat::Standard, EndpointFormat::Slack, EndpointFormat::Teams]
            .map(|format| Choice { value: word(&format), label: format_label(format).to_owned() })
            .into(),
        events: EventKind::ALL.iter().map(|kind| Choice { value: word(kind), label: event_label(*kind) }).collect(),
        endpoints: endpoints.iter().map(endpoint_line).collect(),
        deliveries: lines,
        next_url,
    };
    Ok(super::page(&visitor, "pages/settings-webhooks.html", "/settings/webhooks", page)?)
}

const fn format_label(format: EndpointFormat) -> &'static str {
    match format {
        EndpointFormat::Standard => "Standard Webhooks",
        EndpointFormat::Slack => "Slack",
        EndpointFormat::Teams => "Microsoft Teams",
    }
}

/// `sla.due_soon` as `sla: due soon`.
fn event_label(kind: EventKind) -> String {
    kind.as_str().replacen('.', ": ", 1).replace('_', " ")
}

fn endpoint_line(endpoint: &Endpoint) -> EndpointLine {
    let (state, state_label) = match (endpoint.enabled, endpoint.failing_since) {
        (false, _) => ("collecting", "off".to_owned()),
        (true, Some(since)) => ("failed", format!("failing since {}", day(since))),
        (true, None) => ("ready", "active".to_owned()),
    };
    EndpointLine {
        id: endpoint.id.to_string(),
        url: endpoint.shown_url(),
        format_label: format_label(endpoint.format),
        events: match &endpoint.events {
            None => "every event".to_owned(),
            Some(kinds) if kinds.len() == EventKind::ALL.len() => "every event".to_owned(),
            Some(kinds) => kinds.iter().map(|kind| event_label(*kind)).collect::<Vec<_>>().join(", "),
        },
        enabled: endpoint.enabled,
        state,
        state_label,
    }
}

fn delivery_line(delivery: &Delivery, endpoint: Option<&Endpoint>, attempts: &[Attempt]) -> DeliveryLine {
    let (state, state_label) = match delivery.state {
        DeliveryState::Queued => ("collecting", "waiting"),
        DeliveryState::Delivered => ("ready", "delivered"),
        DeliveryState::Failed => ("failed", "given up"),
    };
    DeliveryLine {
        id: delivery.id.to_string(),
        event: event_label(delivery.kind),
        url: endpoint.map(Endpoint::shown_url).unwrap_or_default(),
        when: moment_of(delivery.created_at),
        state,
        state_label,
        detail: attempts.last().map(|last| detail(last, attempts.len())).unwrap_or_default(),
        can_repeat: endpoint.is_some_and(|endpoint| endpoint.enabled),
    }
}

/// `answered 503 in 84 ms, attempt 3`.
fn detail(last: &Attempt, attempts: usize) -> String {
    let said = match (last.status, &last.error) {
        (Some(status), _) => format!("answered {status} in {} ms", last.duration_ms),
        (None, Some(error)) => error.clone(),
        (None, None) => "no answer".to_owned(),
    };
    format!("{said}, attempt {attempts}")
}
