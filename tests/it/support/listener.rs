//! Another system that is told of events.

use reqwest::StatusCode;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::app::Answer as _;
use super::desk::Desk;

/// A receiver that takes everything.
pub(crate) struct Listener(MockServer);

impl Listener {
    /// Registered by revenue operations, for every kind of event.
    pub(crate) async fn at(desk: &Desk) -> Self {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&server).await;
        let body = json!({"url": server.uri()});
        desk.rev_ops.post("/v1/webhooks", &body).answer(StatusCode::CREATED).await;
        Self(server)
    }

    /// What it was told, in the order of its arrival.
    pub(crate) async fn told(&self) -> Vec<Value> {
        let requests = self.0.received_requests().await.unwrap();
        requests.iter().map(|request| request.body_json().unwrap()).collect()
    }

    /// The data of the events of one kind.
    pub(crate) async fn of_kind(&self, kind: &str) -> Vec<Value> {
        let told = self.told().await.into_iter().filter(|event| event["type"] == kind);
        told.map(|mut event| event["data"].take()).collect()
    }
}
