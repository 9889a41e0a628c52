//! A whole Baton in a temporary folder, behind a real socket; its worker is stepped by the test.

use std::sync::{Arc, Mutex};

use baton::access::people::{self, NewUser};
use baton::access::tokens::{self, NewToken};
use baton::access::{Caller, Means};
use baton::app::App;
use baton::clock::Clock;
use baton::config::Settings;
use baton::domain::ids::TenantId;
use baton::domain::user::{Role, Scope, User, UserKind};
use baton::http;
use baton::jobs::Worker;
use clap::{Args as _, Command, FromArgMatches as _};
use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// When tests take place.
pub(crate) const NOW: &str = "2026-03-02T10:00:00Z";

/// A clock that always says the same.
#[derive(Debug)]
struct FixedClock(Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// A clock that keeps the app's folder: the app writes to it once more when it goes, and its clock goes after that.
struct KeepingClock {
    clock: Arc<dyn Clock>,
    _folder: Arc<TempDir>,
}

impl Clock for KeepingClock {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

async fn open(settings: Settings, folder: &Arc<TempDir>, clock: Arc<dyn Clock>) -> Arc<App> {
    let clock = Arc::new(KeepingClock { clock, _folder: Arc::clone(folder) });
    Arc::new(App::open(settings, clock).await.unwrap())
}

/// Settings as the command line would give them, on a folder.
pub(crate) fn settings(folder: &TempDir, flags: &[&str]) -> Settings {
    let folder = folder.path().to_str().unwrap();
    let args = ["baton", "--data-dir", folder, "--listen", "127.0.0.1:0"].into_iter().chain(flags.iter().copied());
    let matches = Settings::augment_args(Command::new("baton")).try_get_matches_from(args).unwrap();
    Settings::from_arg_matches(&matches).unwrap()
}

/// A user of the home tenant, with a token for everything.
pub(crate) struct Signed {
    pub(crate) user: User,
    pub(crate) token: String,
}

impl Signed {
    /// Adds a user.
    pub(crate) async fn up(app: &App, name: &str, role: Role) -> Self {
        Self::up_in(app, &app.home, name, role).await
    }

    /// Adds a user to a tenant.
    pub(crate) async fn up_in(app: &App, tenant: &TenantId, name: &str, role: Role) -> Self {
        let console = Caller::console(tenant.clone());
        let email =
            Some(format!("{}@{}.example", name.to_lowercase().replace(' ', "."), tenant.as_str().replace('_', "-")));
        let new = NewUser { kind: UserKind::Person, name: name.to_owned(), email, title: None, role };
        let (user, _) = people::invite(app, &console, new).await.unwrap();
        let caller = Caller::of(user.clone(), Means::Console);
        let new = NewToken { user: user.id.clone(), name: "tests".to_owned(), scopes: Scope::ALL.to_vec(), days: 366 };
        let (_, secret) = tokens::make(app, &caller, new).await.unwrap();
        Self { user, token: secret.expose().to_owned() }
    }

    /// A client that sends as this user.
    pub(crate) fn client(&self) -> Client {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.token)).unwrap();
        value.set_sensitive(true);
        Client::builder().default_headers([(AUTHORIZATION, value)].into_iter().collect()).build().unwrap()
    }
}

/// A running Baton.
pub(crate) struct TestApp {
    pub(crate) address: String,
    /// Sends as an admin called Dana Ruiz.
    pub(crate) client: Client,
    pub(crate) app: Arc<App>,
    worker: Worker,
    running: Mutex<Vec<JoinHandle<()>>>,
    folder: Arc<TempDir>,
}

impl TestApp {
    /// With the default settings: local engine, bundled encoder, embedded index.
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With further flags.
    pub(crate) async fn with(flags: &[&str]) -> Self {
        Self::with_clock(flags, Arc::new(FixedClock(NOW.parse().unwrap()))).await
    }

    /// With further flags and another clock.
    pub(crate) async fn with_clock(flags: &[&str], clock: Arc<dyn Clock>) -> Self {
        let folder = TempDir::new().unwrap();
        let (settings, folder) = (settings(&folder, flags), Arc::new(folder));
        let app = open(settings, &folder, clock).await;
        let admin = Signed::up(&app, "Dana Ruiz", Role::Admin).await;
        Self::serve(app, folder, admin.client()).await
    }

    async fn serve(app: Arc<App>, folder: Arc<TempDir>, client: Client) -> Self {
        let worker = Worker::new(Arc::clone(&app));
        let begun = Self { address: String::new(), client, app, worker, running: Mutex::default(), folder };
        Self { address: begun.door().await, ..begun }
    }

    fn keep_running(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.running.lock().unwrap().push(tokio::spawn(work));
    }

    /// Ends what runs, and waits until it has ended.
    pub(crate) async fn end(&self) {
        self.app.stop();
        let running = std::mem::take(&mut *self.running.lock().unwrap());
        for task in running {
            task.await.unwrap();
        }
    }

    /// Ends, and starts again on the same folder: at another address.
    pub(crate) async fn restarted(self, clock: Arc<dyn Clock>) -> Self {
        self.end().await;
        let Self { client, app, worker, folder, .. } = self;
        app.store.close().await;
        drop((worker, app));
        let app = open(settings(&folder, &[]), &folder, clock).await;
        Self::serve(app, folder, client).await
    }

    /// Lets the worker run by itself from now on.
    pub(crate) fn start_work(&self) {
        let worker = Worker::new(Arc::clone(&self.app));
        self.keep_running(async move { worker.run().await });
    }

    /// Another server over the same records, that has counted nobody's requests yet.
    pub(crate) async fn door(&self) -> String {
        let listener = http::bind(&self.app.settings.server).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (served, stopped) = (Arc::clone(&self.app), Arc::clone(&self.app));
        self.keep_running(async move {
            http::serve(served, listener, async move { stopped.stopped().await }).await.unwrap();
        });
        address
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
