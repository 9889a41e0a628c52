//! `baton doctor`: what is configured, what can be reached, what to do about the rest.

use std::net::TcpListener;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use super::{Answer, print, print_json};
use crate::app::{App, DataFolder, open_embedder, open_engine};
use crate::clock::SystemClock;
use crate::config::{EngineChoice, Settings};
use crate::index::Reach;
use crate::reader::Reader;

/// Arguments of `baton doctor`.
#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    /// What.
    check: &'static str,
    /// Whether it is as it should be.
    ok: bool,
    /// What was found, or what is wrong and what to do.
    detail: String,
}

impl Finding {
    fn new(check: &'static str, outcome: anyhow::Result<String>) -> Self {
        match outcome {
            Ok(detail) => Self { check, ok: true, detail },
            Err(error) => Self { check, ok: false, detail: format!("{error:#}") },
        }
    }
}

pub(super) async fn run(args: DoctorArgs) -> anyhow::Result<Answer> {
    let settings = args.settings;
    let running = DataFolder::is_in_use(&settings.storage.data_dir);
    let mut findings = vec![
        Finding::new("encoder", encoder(&settings).await),
        Finding::new("engine", engine(&settings).await),
        Finding::new("address", address(&settings, running)),
    ];
    findings.push(Finding::new("records and index", records(settings, running).await));
    let healthy = findings.iter().all(|finding| finding.ok);
    if args.json {
        print_json(&findings, true)?;
    } else {
        for finding in &findings {
            print(&format!("{:<5} {}: {}", if finding.ok { "ok" } else { "FAIL" }, finding.check, finding.detail))?;
        }
    }
    Ok(if healthy { Answer::Yes } else { Answer::No })
}

async fn encoder(settings: &Settings) -> anyhow::Result<String> {
    let embedder = open_embedder(&settings.engine)?;
    let vectors = embedder.embed(&["does the encoder answer?"]).await?;
    Ok(format!("{}, {} numbers a vector", embedder.model(), vectors.first().map_or(0, Vec::len)))
}

async fn engine(settings: &Settings) -> anyhow::Result<String> {
    let engine = open_engine(&settings.engine, &Reader::load()?, &open_embedder(&settings.engine)?)?.identity();
    let place = match settings.engine.engine {
        EngineChoice::Local => "in process, no key and no network needed".to_owned(),
        EngineChoice::Openai => settings.engine.openai_server().reach().await?,
    };
    Ok(format!("{} {} with {}: {place}", engine.name, engine.version, engine.model))
}

fn address(settings: &Settings, running: bool) -> anyhow::Result<String> {
    let listen = settings.server.listen;
    anyhow::ensure!(listen.ip().is_loopback(), "{listen} is not a loopback address, and serving elsewhere is refused");
    match TcpListener::bind(listen) {
        Ok(_) => Ok(format!("{listen} is free")),
        Err(_) if running => Ok(format!("{listen} is taken, and a Baton is running on the data folder")),
        Err(error) => anyhow::bail!("{listen} cannot be listened on ({error}); is Baton running already?"),
    }
}

async fn records(settings: Settings, running: bool) -> anyhow::Result<String> {
    let place = settings.storage.qdrant_url.clone().unwrap_or_else(|| "Qdrant Edge in the data folder".to_owned());
    let folder = settings.storage.data_dir.display().to_string();
    if running {
        return Ok(format!("`{folder}` is in use by a running Baton"));
    }
    if !settings.storage.data_dir.join("baton.db").exists() {
        return Ok(format!("`{folder}` holds no records yet; `baton serve` and `baton demo` make them"));
    }
    let app = App::open(settings, Arc::new(SystemClock)).await?;
    let reach = Reach { tenant: app.home.clone(), account: None, deals: None };
    let chunks = app.index.count(&reach).await?;
    Ok(format!("SQLite in `{folder}`, {chunks} chunks in {place}"))
}
