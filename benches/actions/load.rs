//! A Baton with many deals, behind a real socket.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use baton::access::people::{self, NewUser};
use baton::access::tokens::{self, NewToken};
use baton::access::{Caller, Means};
use baton::app::App;
use baton::clock::SystemClock;
use baton::config::Settings;
use baton::domain::deal::DealTerms;
use baton::domain::user::{Role, Scope, UserKind};
use baton::http;
use baton::intake::{self, Upload};
use baton::jobs::Worker;
use baton::store::sources;
use clap::Parser;
use reqwest::Client;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// What was loaded, and who asks for it.
pub(crate) struct Loaded {
    pub(crate) address: String,
    pub(crate) client: Client,
    pub(crate) deals: Vec<String>,
    pub(crate) sources: Vec<String>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<anyhow::Result<()>>,
}

impl Loaded {
    /// Ends the server; its folder can go then.
    pub(crate) async fn close(self) -> anyhow::Result<()> {
        drop((self.client, self.stop));
        self.server.await?
    }
}

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
}

/// Loads `count` deals and serves them.
pub(crate) async fn load(folder: &Path, count: usize) -> anyhow::Result<Loaded> {
    let folder = folder.to_str().context("the path of the temporary folder is not UTF-8")?;
    let flags = [
        "actions",
        "--data-dir",
        folder,
        "--engine",
        "local",
        "--embedder",
        "minilm",
        "--listen",
        "127.0.0.1:0",
        "--requests-per-second",
        "100000",
    ];
    let mut settings = Flags::try_parse_from(flags)?.settings;
    settings.storage.qdrant_url = None;
    let app = Arc::new(App::open(settings, Arc::new(SystemClock)).await?);
    let client = admin(&app).await?;
    let console = Caller::console(app.home.clone());
    let worker = Worker::new(Arc::clone(&app));
    let (mut deals, mut loaded) = (Vec::new(), Vec::new());
    for (at, folder) in deal_folders()?.iter().cycle().take(count).enumerate() {
        let account = intake::open_account(&app, &console, &format!("Account {at}")).await?;
        let terms = DealTerms::default();
        let deal = intake::open_deal(&app, &console, &account.id, "First year", terms).await?;
        intake::upload(&app, &console, &deal.id, files(folder)?, None, |_| String::new()).await?;
        while worker.step().await? {}
        let sources = sources::list(&mut *app.store.read().await?, &deal.id).await?;
        loaded.extend(sources.into_iter().map(|source| source.id.to_string()));
        deals.push(deal.id.to_string());
    }
    let listener = http::bind(&app.settings.server).await?;
    let address = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(http::serve(app, listener, async { drop(stopped.await) }));
    Ok(Loaded { address, client, deals, sources: loaded, stop, server })
}

/// A client that may do everything.
async fn admin(app: &App) -> anyhow::Result<Client> {
    let console = Caller::console(app.home.clone());
    let email = Some("bench@baton.example".to_owned());
    let new = NewUser { kind: UserKind::Person, name: "Bench".to_owned(), email, title: None, role: Role::Admin };
    let (user, _) = people::invite(app, &console, new).await?;
    let caller = Caller::of(user.clone(), Means::Console);
    let new = NewToken { user: user.id, name: "bench".to_owned(), scopes: Scope::ALL.to_vec(), days: 1 };
    let (_, secret) = tokens::make(app, &caller, new).await?;
    let value = HeaderValue::from_str(&format!("Bearer {}", secret.expose()))?;
    Ok(Client::builder().default_headers([(AUTHORIZATION, value)].into_iter().collect()).build()?)
}

/// The folders of the samples and of the corpus.
fn deal_folders() -> anyhow::Result<Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut folders = Vec::new();
    for group in ["deals", "bench/dev", "bench/test", "bench/train"] {
        let mut found: Vec<PathBuf> =
            std::fs::read_dir(root.join(group))?.filter_map(Result::ok).map(|entry| entry.path()).collect();
        found.retain(|path| path.is_dir());
        found.sort();
        folders.extend(found);
    }
    Ok(folders)
}

/// A deal's files, less the labels.
fn files(folder: &Path) -> anyhow::Result<Vec<Upload>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.retain(|path| path.is_file() && path.file_name().is_some_and(|name| name != "gold.json"));
    paths.sort();
    let upload = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        anyhow::Ok(Upload { name, bytes: std::fs::read(path)? })
    };
    paths.iter().map(upload).collect()
}
