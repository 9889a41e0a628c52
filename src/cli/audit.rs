//! `baton audit`: closed deals of a folder, audited afterwards: scorecards, patterns, and the ledger of what was promised.

mod document;
mod ledger;
mod tables;

use std::cmp::Reverse;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use self::document::{AuditDocument, DealAudit, NotRead};
use super::demo::title_of;
use super::files::{self, LeftOut};
use super::{Answer, note, print, print_json};
use crate::app::{open_embedder, open_engine};
use crate::config::EngineSettings;
use crate::domain::person::Roster;
use crate::draft::draft_deal;
use crate::embed::Embedder;
use crate::engine::Engine;
use crate::post_sale::{self, Close, Parted, part};
use crate::reader::Reader;

/// Arguments of `baton audit`.
#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    /// Folders of deals: a folder that holds files is one deal, else each of its subfolders is one. What lies in a subfolder
    /// `post-sale` or `after`, or is dated after the contract, tells what became of the promises
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Audit only the deals that were closed last, this many: by the day of the contract, else of the last call or mail of the sale
    #[arg(long, value_name = "N")]
    last: Option<NonZeroUsize>,
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
    let (mut deals, mut not_read) = parse(&folders(&args.folders)?);
    if let Some(last) = args.last {
        keep_last(&mut deals, last.get());
    }
    let embedder = open_embedder(&args.engine)?;
    let reader = Reader::load()?;
    let engine = open_engine(&args.engine, &reader, &embedder)?;
    let auditor = Auditor {
        engine: engine.as_ref(),
        embedder: embedder.as_ref(),
        reader: &reader,
        vendor_domains: &args.engine.vendor_domains,
    };
    let bar = ProgressBar::new(deals.len() as u64);
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?);
    let mut audits = Vec::with_capacity(deals.len());
    for deal in deals {
        let name = deal.name.clone();
        bar.set_message(name.clone());
        match auditor.audit(deal).await {
            Ok(audit) => audits.push(audit),
            Err(error) => not_read.push(bar.suspend(|| left_out(name, &error))),
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

/// A deal as its folder has it.
struct Deal {
    name: String,
    parted: Parted,
    left_out: Vec<LeftOut>,
}

impl Deal {
    fn parse(name: &str, folder: &Path) -> anyhow::Result<Self> {
        let (sources, left_out) = files::parse_deal(&[folder.to_owned()])?;
        for file in &left_out {
            note(&format!("{name}: left out `{}`: {}", file.name, file.reason));
        }
        let parted = part(sources, &Close::default());
        anyhow::ensure!(!parted.sale.is_empty(), "it holds no file from before the sale's end that can be used");
        Ok(Self { name: name.to_owned(), parted, left_out })
    }
}

/// The deals of these folders, and those that cannot be read.
fn parse(folders: &[PathBuf]) -> (Vec<Deal>, Vec<NotRead>) {
    let (mut deals, mut not_read) = (Vec::new(), Vec::new());
    for folder in folders {
        let name = name_of(folder);
        match Deal::parse(&name, folder) {
            Ok(deal) => deals.push(deal),
            Err(error) => not_read.push(left_out(name, &error)),
        }
    }
    (deals, not_read)
}

fn left_out(deal: String, error: &anyhow::Error) -> NotRead {
    note(&format!("left out the deal `{deal}`: {error:#}"));
    NotRead { deal, reason: format!("{error:#}") }
}

/// Keeps the deals that were closed last, the newest first; of those without any date nobody knows when.
fn keep_last(deals: &mut Vec<Deal>, last: usize) {
    for deal in deals.iter().filter(|deal| deal.parted.ended_on().is_none()) {
        note(&format!("{}: no file says on what day, so it counts as closed before every other deal", deal.name));
    }
    deals.sort_by_key(|deal| Reverse(deal.parted.ended_on()));
    deals.truncate(last);
}

/// What a deal is audited with.
struct Auditor<'a> {
    engine: &'a dyn Engine,
    embedder: &'a dyn Embedder,
    reader: &'a Reader,
    vendor_domains: &'a [String],
}

impl Auditor<'_> {
    async fn audit(&self, Deal { name, mut parted, left_out }: Deal) -> anyhow::Result<DealAudit> {
        parted.resolve_sides(&Roster::of_domains(self.vendor_domains));
        let draft = draft_deal(self.engine, self.embedder, self.reader, "", &parted.sale).await?;
        let aftermath = post_sale::read(self.embedder, self.reader, &parted, &draft.items).await?;
        Ok(DealAudit::new(name, &parted, left_out, &draft.items, aftermath))
    }
}

/// The folders that are a deal each, in the order of their names.
fn folders(given: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in given {
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
