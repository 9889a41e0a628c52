//! `baton audit`: closed deals of a folder, audited afterwards: scorecards, patterns, and the ledger of what was promised.

mod document;
mod ledger;
mod tables;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use self::document::{AuditDocument, DealAudit, NotRead};
use super::demo::title_of;
use super::{Answer, files, note, print, print_json};
use crate::app::{open_embedder, open_engine};
use crate::config::EngineSettings;
use crate::domain::person::Roster;
use crate::draft::draft_deal;
use crate::embed::Embedder;
use crate::engine::Engine;
use crate::post_sale::{self, Close, part};
use crate::reader::Reader;

/// Arguments of `baton audit`.
#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    /// Folders of deals: a folder that holds files is one deal, else each of its subfolders is one. What lies in a subfolder
    /// `post-sale` or `after`, or is dated after the contract, tells what became of the promises
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Print the `baton.audit/1` document
    #[arg(long)]
    json: bool,
    /// Write the ledger as CSV to this file
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    engine: EngineSettings,
}

pub(super) async fn run(args: AuditArgs) -> anyhow::Result<Answer> {
    let folders = deals(&args.folders)?;
    let embedder = open_embedder(&args.engine)?;
    let reader = Reader::load()?;
    let engine = open_engine(&args.engine, &reader, &embedder)?;
    let auditor = Auditor {
        engine: engine.as_ref(),
        embedder: embedder.as_ref(),
        reader: &reader,
        vendor_domains: &args.engine.vendor_domains,
    };
    let bar = ProgressBar::new(folders.len() as u64);
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?);
    let (mut audits, mut not_read) = (Vec::new(), Vec::new());
    for folder in folders {
        let deal = name_of(&folder);
        bar.set_message(deal.clone());
        match auditor.audit(&folder, &deal).await {
            Ok(audit) => audits.push(audit),
            Err(error) => {
                bar.suspend(|| note(&format!("left out the deal `{deal}`: {error:#}")));
                not_read.push(NotRead { deal, reason: format!("{error:#}") });
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    anyhow::ensure!(!audits.is_empty(), "none of the deals can be read; the lines above say why");
    let document = AuditDocument::new(engine.identity(), audits, not_read);
    if let Some(path) = &args.csv {
        fs::write(path, ledger::csv(&document.ledger)?)
            .with_context(|| format!("cannot write the ledger to `{}`", path.display()))?;
    }
    if args.json {
        print_json(&document, true)?;
    } else {
        print(&tables::tables(&document))?;
    }
    Ok(if document.not_read.is_empty() { Answer::Yes } else { Answer::No })
}

/// What a deal is audited with.
struct Auditor<'a> {
    engine: &'a dyn Engine,
    embedder: &'a dyn Embedder,
    reader: &'a Reader,
    vendor_domains: &'a [String],
}

impl Auditor<'_> {
    async fn audit(&self, folder: &Path, deal: &str) -> anyhow::Result<DealAudit> {
        let (sources, left_out) = files::parse_deal(&[folder.to_owned()])?;
        for file in &left_out {
            note(&format!("{deal}: left out `{}`: {}", file.name, file.reason));
        }
        let mut parted = part(sources, &Close::default());
        anyhow::ensure!(!parted.sale.is_empty(), "it holds no file from before the sale's end that can be used");
        parted.resolve_sides(&Roster::of_domains(self.vendor_domains));
        let draft = draft_deal(self.engine, self.embedder, self.reader, "", &parted.sale).await?;
        let aftermath = post_sale::read(self.embedder, self.reader, &parted, &draft.items).await?;
        Ok(DealAudit::new(deal, &parted, left_out, &draft.items, aftermath))
    }
}

/// The folders that are a deal each, in the order of their names.
fn deals(folders: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in folders {
        let (files, below) = entries(folder)?;
        if files {
            if below.len() > 1 {
                note(&format!(
                    "`{}` holds files beside its folders: all of it is audited as one deal",
                    folder.display()
                ));
            }
            found.push(folder.clone());
            continue;
        }
        for one in below {
            // A folder with nothing in it is none.
            if files::collect(std::slice::from_ref(&one)).is_ok() {
                found.push(one);
            }
        }
    }
    found.sort();
    found.dedup();
    anyhow::ensure!(!found.is_empty(), "no deal there: a deal is a folder with its calls, mails, notes and contract");
    Ok(found)
}

/// Whether a folder itself holds files, and the folders right below it; hidden ones are none.
fn entries(folder: &Path) -> anyhow::Result<(bool, Vec<PathBuf>)> {
    let cannot = || format!("cannot read the folder `{}`", folder.display());
    let (mut files, mut below) = (false, Vec::new());
    for entry in fs::read_dir(folder).with_context(cannot)? {
        let entry = entry.with_context(cannot)?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        // Links are not followed: a folder may link to itself.
        let kind = entry.file_type().with_context(cannot)?;
        files |= kind.is_file();
        if kind.is_dir() {
            below.push(entry.path());
        }
    }
    Ok((files, below))
}

/// `harbor-cold-chain` as `Harbor Cold Chain`.
fn name_of(folder: &Path) -> String {
    let canonical = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    title_of(&canonical.file_name().unwrap_or(canonical.as_os_str()).to_string_lossy())
}
