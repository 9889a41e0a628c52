//! `baton draft`: files to `baton.draft/1` or a Markdown handoff; nothing is kept.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use indicatif::ProgressBar;

use super::{Answer, files, print, print_json};
use crate::app::{open_embedder, open_engine};
use crate::config::EngineSettings;
use crate::draft::document::DraftDocument;
use crate::draft::{DealSource, Draft, draft_deal};
use crate::reader::Reader;
use crate::render::{self, view::HandoffView};

/// Arguments of `baton draft`.
#[derive(Debug, Args)]
pub(super) struct DraftArgs {
    /// Files, or a folder of files, of one deal
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Print the `baton.draft/1` document
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: EngineSettings,
}

pub(super) async fn run(args: DraftArgs) -> anyhow::Result<Answer> {
    let (_, draft) = draft_files(&args.paths, &args.engine).await?;
    let document = DraftDocument::from(draft);
    if args.json {
        return print_json(&document, true);
    }
    print(&render::markdown(&HandoffView::of_draft(&deal_name(&args.paths), "draft", &document))?)?;
    Ok(Answer::Yes)
}

/// Reads files as the sources of one deal, and drafts it.
pub(super) async fn draft_files(
    paths: &[PathBuf],
    settings: &EngineSettings,
) -> anyhow::Result<(Vec<DealSource>, Draft)> {
    // Not a terminal: the spinner shows nothing.
    let spinner = ProgressBar::new_spinner().with_message("reading");
    spinner.enable_steady_tick(Duration::from_millis(120));
    let sources = files::read_deal(paths, &settings.vendor_domains)?;
    let embedder = open_embedder(settings)?;
    let reader = Reader::load()?;
    let engine = open_engine(settings, &reader, &embedder)?;
    spinner.set_message(format!("drafting from {} sources", sources.len()));
    let draft = draft_deal(engine.as_ref(), embedder.as_ref(), &reader, "", &sources).await?;
    spinner.finish_and_clear();
    Ok((sources, draft))
}

/// What the deal is called where nobody named it: the folder, or the first file.
pub(super) fn deal_name(paths: &[PathBuf]) -> String {
    let first = paths.first().map_or(Path::new("deal"), PathBuf::as_path);
    let canonical = first.canonicalize().unwrap_or_else(|_| first.to_owned());
    super::demo::title_of(&canonical.file_stem().unwrap_or_default().to_string_lossy())
}
