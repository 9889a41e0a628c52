//! What benches over HTTP share: a Baton in a folder, its server on loopback, a client that may do everything, and how times are told.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use baton::access::people::{self, NewUser};
use baton::access::tokens::{self, NewToken};
use baton::access::{Caller, Means};
use baton::app::App;
use baton::clock::SystemClock;
use baton::config::Settings;
use baton::domain::user::{Role, Scope, User, UserKind};
use baton::http;
use clap::Parser;
use reqwest::Client;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A running server, and who asks it.
pub(crate) struct Served {
    pub(crate) address: String,
    pub(crate) client: Client,
    stop: oneshot::Sender<()>,
    server: JoinHandle<anyhow::Result<()>>,
}

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
}

/// A Baton with the local models and no limit worth naming, in a folder of its own.
pub(crate) async fn open(folder: &Path) -> anyhow::Result<Arc<App>> {
    let folder = folder.to_str().context("the path of the temporary folder is not UTF-8")?;
    let flags = ["bench", "--data-dir", folder, "--engine", "local", "--embedder", "minilm"];
    let flags = flags.into_iter().chain(["--listen", "127.0.0.1:0", "--requests-per-second", "100000"]);
    let mut settings = Flags::try_parse_from(flags)?.settings;
    settings.storage.qdrant_url = None;
    Ok(Arc::new(App::open(settings, Arc::new(SystemClock)).await?))
}

/// Somebody who works with it.
pub(crate) async fn person(app: &App, name: &str, role: Role) -> anyhow::Result<User> {
    let email = Some(format!("{}@baton.example", name.to_lowercase().replace(' ', ".")));
    let new = NewUser { kind: UserKind::Person, name: name.to_owned(), email, title: None, role };
    Ok(people::invite(app, &Caller::console(app.home.clone()), new).await?.0)
}

/// A client that may do everything.
async fn admin(app: &App) -> anyhow::Result<Client> {
    let user = person(app, "Bench", Role::Admin).await?;
    let caller = Caller::of(user.clone(), Means::Console);
    let new = NewToken { user: user.id, name: "bench".to_owned(), scopes: Scope::ALL.to_vec(), days: 1 };
    let (_, secret) = tokens::make(app, &caller, new).await?;
    let value = HeaderValue::from_str(&format!("Bearer {}", secret.expose()))?;
    Ok(Client::builder().default_headers([(AUTHORIZATION, value)].into_iter().collect()).build()?)
}

/// Serves on loopback.
pub(crate) async fn serve(app: Arc<App>) -> anyhow::Result<Served> {
    let client = admin(&app).await?;
    let listener = http::bind(&app.settings.server).await?;
    let address = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(http::serve(app, listener, async { drop(stopped.await) }));
    Ok(Served { address, client, stop, server })
}

impl Served {
    /// Ends the server; its folder can go then.
    pub(crate) async fn close(self) -> anyhow::Result<()> {
        drop((self.client, self.stop));
        self.server.await?
    }
}

/// The percentile of times that are sorted, in milliseconds.
pub(crate) fn percentile_ms(sorted: &[Duration], percent: usize) -> f64 {
    ms(sorted[(sorted.len() * percent).div_ceil(100).clamp(1, sorted.len()) - 1])
}

pub(crate) fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
