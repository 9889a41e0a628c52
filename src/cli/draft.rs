//! `baton draft`: files to `baton.draft/1` or a Markdown handoff; nothing is kept.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use indicatif::ProgressBar;

use super::{Answer, files, note, print, print_json};
use crate::app::{open_embedder, open_engine};
use crate::config::EngineSettings;
use crate::draft::document::DraftDocument;
use crate::draft::{Draft, draft_deal};
use crate::post_sale::{self, Aftermath, Parted};
use crate::reader::Reader;
use crate::render::{self, view::HandoffView};

/// Arguments of `baton draft`.
#[derive(Debug, Args)]
pub(super) struct DraftArgs {
    /// Files, or a folder of files, of one deal; what came after the sale says what became of promises and is not drafted from
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Print the `baton.draft/1` document
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: EngineSettings,
}

pub(super) async fn run(args: DraftArgs) -> anyhow::Result<Answer> {
    let drafted = draft_files(&args.paths, &args.engine).await?;
    let document = DraftDocument::from(drafted.draft);
    if args.json {
        return print_json(&document, true);
    }
    print(&render::markdown(&HandoffView::of_draft(&deal_name(&args.paths), "draft", &document))?)?;
    Ok(Answer::Yes)
}

/// Files as the sources of one deal, and the draft of its sale.
pub(super) struct Drafted {
    /// The sources.
    pub(super) parted: Parted,
    /// What is found in those from before the sale's end.
    pub(super) draft: Draft,
    /// What those from afterwards say of it.
    pub(super) aftermath: Aftermath,
}

/// Reads files as the sources of one deal, and drafts it.
pub(super) async fn draft_files(paths: &[PathBuf], settings: &EngineSettings) -> anyhow::Result<Drafted> {
    // Not a terminal: the spinner shows nothing.
    let spinner = ProgressBar::new_spinner().with_message("reading");
    spinner.enable_steady_tick(Duration::from_millis(120));
    let parted = files::read_sale(paths, &settings.vendor_domains)?;
    let embedder = open_embedder(settings)?;
    let reader = Reader::load()?;
    let engine = open_engine(settings, &reader, &embedder)?;
    spinner.set_message(format!("drafting from {} sources", parted.sale.len()));
    let draft = draft_deal(engine.as_ref(), embedder.as_ref(), &reader, "", &parted.sale).await?;
    let aftermath = post_sale::read(embedder.as_ref(), &reader, &parted, &draft.items).await?;
    spinner.finish_and_clear();
    for source in &parted.after {
        note(&format!(
            "`{}` is from after the sale: it says what became of promises, and is not drafted from",
            source.name
        ));
    }
    Ok(Drafted { parted, draft, aftermath })
}

/// What the deal is called where nobody named it: the folder, or the first file.
pub(super) fn deal_name(paths: &[PathBuf]) -> String {
    let first = paths.first().map_or(Path::new("deal"), PathBuf::as_path);
    let canonical = first.canonicalize().unwrap_or_else(|_| first.to_owned());
    super::demo::title_of(&canonical.file_stem().unwrap_or_default().to_string_lossy())
}
