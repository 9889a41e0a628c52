//! Who is told of events.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::address::{EndpointUrl, InvalidUrl};
use super::event::EventKind;
use super::secret::SigningSecret;
use crate::domain::ids::{TenantId, WebhookId};
use crate::error::Error;
use crate::store::{Conn, webhooks};

/// Endpoints of one tenant at most: every one of them is called for every event.
const MAX_ENDPOINTS: usize = 50;

/// How an endpoint wants to be told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndpointFormat {
    /// A signed message after Standard Webhooks.
    #[default]
    Standard,
    /// A message for a Slack channel's incoming webhook.
    Slack,
    /// A card for a Microsoft Teams channel's workflow.
    Teams,
}

/// An address that is told of events. Its signing secret is not part of it: the store gives that out for sending only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The endpoint's id.
    pub id: WebhookId,
    /// The tenant whose events it is told of.
    pub tenant: TenantId,
    /// Where it is.
    pub url: EndpointUrl,
    /// How it wants to be told.
    pub format: EndpointFormat,
    /// The kinds of events it is told of; none means every kind.
    pub events: Option<Vec<EventKind>>,
    /// Whether it is told at all.
    pub enabled: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// Since when nothing has arrived there; none while it does.
    pub failing_since: Option<Timestamp>,
}

impl Endpoint {
    /// Whether it is to be told of events of this kind.
    #[must_use]
    pub fn wants(&self, kind: EventKind) -> bool {
        self.enabled && self.events.as_ref().is_none_or(|wanted| wanted.contains(&kind))
    }

    /// The URL as it may be shown. Whoever knows a Slack or Teams address can write into the channel, and a query often holds
    /// a key: neither is shown again.
    #[must_use]
    pub fn shown_url(&self) -> String {
        let (url, query) = self.url.as_str().split_once('?').map_or((self.url.as_str(), ""), |(url, _)| (url, "?…"));
        match self.format {
            EndpointFormat::Standard => format!("{url}{query}"),
            EndpointFormat::Slack | EndpointFormat::Teams => format!("{}/…", self.url.origin()),
        }
    }
}

/// An endpoint as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EndpointView {
    /// The endpoint's id.
    pub id: WebhookId,
    /// Where it is, without what is secret in it.
    pub url: String,
    /// How it wants to be told.
    pub format: EndpointFormat,
    /// The kinds of events it is told of; none means every kind.
    pub events: Option<Vec<EventKind>>,
    /// Whether it is told at all.
    pub enabled: bool,
    /// When it was created.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Since when nothing has arrived there; none while it does.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub failing_since: Option<Timestamp>,
}

impl From<&Endpoint> for EndpointView {
    fn from(endpoint: &Endpoint) -> Self {
        Self {
            id: endpoint.id.clone(),
            url: endpoint.shown_url(),
            format: endpoint.format,
            events: endpoint.events.clone(),
            enabled: endpoint.enabled,
            created_at: endpoint.created_at,
            failing_since: endpoint.failing_since,
        }
    }
}

/// An endpoint as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEndpoint {
    /// Where it is: https, or http on this machine.
    pub url: String,
    /// How it wants to be told.
    #[serde(default)]
    pub format: EndpointFormat,
    /// The kinds of events it is told of; leave it out for every kind.
    #[serde(default)]
    pub events: Option<Vec<EventKind>>,
}

/// Adds an endpoint. Its secret is in the answer and can be read nowhere else afterwards.
///
/// # Errors
///
/// [`Error::Invalid`] when nothing can be sent to the URL or the list of kinds is empty; [`Error::Conflict`] when the tenant
/// has as many endpoints as it may have.
pub async fn register(
    conn: &mut Conn,
    tenant: &TenantId,
    new: NewEndpoint,
    now: Timestamp,
) -> Result<(Endpoint, SigningSecret), Error> {
    let url = new.url.parse().map_err(|error: InvalidUrl| Error::Invalid(error.to_string()))?;
    let events = new.events.map(|mut kinds| {
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    });
    if events.as_ref().is_some_and(Vec::is_empty) {
        let hint =
            "the list of kinds is empty, so nothing would ever be sent; name some, or leave it out for all of them";
        return Err(Error::Invalid(hint.to_owned()));
    }
    if webhooks::list(conn, tenant).await?.len() >= MAX_ENDPOINTS {
        return Err(Error::Conflict(format!("there are {MAX_ENDPOINTS} webhooks already; delete one first")));
    }
    let endpoint = Endpoint {
        id: WebhookId::generate(),
        tenant: tenant.clone(),
        url,
        format: new.format,
        events,
        enabled: true,
        created_at: now,
        failing_since: None,
    };
    let secret = SigningSecret::generate()?;
    webhooks::insert(conn, &endpoint, &secret).await?;
    Ok((endpoint, secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(url: &str, format: EndpointFormat, events: Option<Vec<EventKind>>) -> Endpoint {
        Endpoint {
            id: WebhookId::generate(),
            tenant: TenantId::derived(&["local"]),
            url: url.parse().unwrap(),
            format,
            events,
            enabled: true,
            created_at: Timestamp::UNIX_EPOCH,
            failing_since: None,
        }
    }

    #[test]
    fn what_is_secret_in_an_address_is_not_shown() {
        let shown = |url: &str, format| endpoint(url, format, None).shown_url();
        assert_eq!(shown("https://a.example/hooks/1", EndpointFormat::Standard), "https://a.example/hooks/1");
        assert_eq!(shown("https://a.example/hooks?key=1", EndpointFormat::Standard), "https://a.example/hooks?…");
        let slack = "https://hooks.slack.com/services/T0/B0/abc";
        assert_eq!(shown(slack, EndpointFormat::Slack), "https://hooks.slack.com/…");
        let teams = "https://prod-1.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=abc";
        assert_eq!(shown(teams, EndpointFormat::Teams), "https://prod-1.logic.azure.com/…");
        assert!(!format!("{:?}", endpoint(slack, EndpointFormat::Slack, None)).contains("abc"));
    }

    #[test]
    fn an_endpoint_is_told_of_what_it_asked_for() {
        let url = "https://a.example/";
        assert!(endpoint(url, EndpointFormat::Standard, None).wants(EventKind::SlaOverdue));
        let some = endpoint(url, EndpointFormat::Standard, Some(vec![EventKind::DraftReady]));
        assert!(some.wants(EventKind::DraftReady) && !some.wants(EventKind::SlaOverdue));
        assert!(!Endpoint { enabled: false, ..some }.wants(EventKind::DraftReady));
    }
}
