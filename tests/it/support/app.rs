//! A whole Baton in a temporary folder, behind a real socket; its worker is stepped by the test.

use std::sync::Arc;

use baton::app::App;
use baton::clock::Clock;
use baton::config::Settings;
use baton::http;
use baton::jobs::Worker;
use clap::{Args as _, Command, FromArgMatches as _};
use jiff::Timestamp;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A clock that always says the same.
#[derive(Debug)]
struct FixedClock(Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// Settings as the command line would give them, on a folder.
pub(crate) fn settings(folder: &TempDir, flags: &[&str]) -> Settings {
    let folder = folder.path().to_str().unwrap();
    let args = ["baton", "--data-dir", folder, "--listen", "127.0.0.1:0"].into_iter().chain(flags.iter().copied());
    let matches = Settings::augment_args(Command::new("baton")).try_get_matches_from(args).unwrap();
    Settings::from_arg_matches(&matches).unwrap()
}

/// A running Baton.
pub(crate) struct TestApp {
    pub(crate) address: String,
    pub(crate) client: Client,
    worker: Worker,
    _folder: Arc<TempDir>,
}

impl TestApp {
    /// With the default settings: local engine, bundled encoder, embedded index.
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With further flags.
    pub(crate) async fn with(flags: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let clock = FixedClock("2026-03-02T10:00:00Z".parse().unwrap());
        let app = Arc::new(App::open(settings(&folder, flags), Arc::new(clock)).await.unwrap());
        let listener = http::bind(&app.settings.server).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let folder = Arc::new(folder);
        let (kept, served) = (Arc::clone(&folder), Arc::clone(&app));
        tokio::spawn(async move {
            // The server is the last to hold the app, and the app writes to its folder once more when it goes.
            let _kept = kept;
            http::serve(served, listener, std::future::pending()).await
        });
        let worker = Worker::new(Arc::clone(&app));
        Self { address, client: Client::new(), worker, _folder: folder }
    }

    /// Runs every job that is due.
    pub(crate) async fn drain(&self) {
        while self.worker.step().await.unwrap() {}
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.address))
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.address)).json(body)
    }

    /// A deal of a new account; its id.
    pub(crate) async fn deal(&self) -> String {
        let account = self.post("/v1/accounts", &json!({"name": "Harbor & Pine"})).answer(StatusCode::CREATED).await;
        let path = format!("/v1/accounts/{}/deals", text(&account["id"]));
        text(&self.post(&path, &json!({"name": "Six sites"})).answer(StatusCode::CREATED).await["id"])
    }

    /// Uploads a text as a source; the receipt's entry.
    pub(crate) async fn upload(&self, deal: &str, name: &str, words: &str) -> Value {
        let body = json!({"sources": [{"name": name, "text": words}]});
        let path = format!("/v1/deals/{deal}/sources");
        self.post(&path, &body).answer(StatusCode::ACCEPTED).await["sources"][0].clone()
    }

    /// The deal's draft.
    pub(crate) async fn draft(&self, deal: &str) -> Value {
        self.get(&format!("/v1/deals/{deal}/draft")).answer(StatusCode::OK).await
    }
}

/// Sends a request and reads its JSON answer.
pub(crate) trait Answer {
    /// The answer's body, after looking at its status.
    async fn answer(self, status: StatusCode) -> Value;
}

impl Answer for RequestBuilder {
    async fn answer(self, status: StatusCode) -> Value {
        let response = self.send().await.unwrap();
        let found = response.status();
        let body = response.text().await.unwrap();
        assert_eq!(found, status, "{body}");
        serde_json::from_str(&body).unwrap_or(Value::Null)
    }
}

/// A JSON string as text.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
