//! A Baton with many deals, behind a real socket.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use baton::access::Caller;
use baton::domain::deal::DealTerms;
use baton::intake::{self, Upload};
use baton::jobs::Worker;
use baton::store::sources;

use crate::support::{self, Served};

/// What was loaded.
pub(crate) struct Loaded {
    pub(crate) served: Served,
    pub(crate) deals: Vec<String>,
    pub(crate) sources: Vec<String>,
}

/// Loads `count` deals and serves them.
pub(crate) async fn load(folder: &Path, count: usize) -> anyhow::Result<Loaded> {
    let app = support::open(folder).await?;
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
    Ok(Loaded { served: support::serve(app).await?, deals, sources: loaded })
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
