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
    let folders = folders(&args.folders)?;
    let parsed = folders.iter().map(|folder| Deal::parse(folder));
    // Which deals were closed last is known only once all have been read; else each is read when its turn comes.
    let deals: Box<dyn ExactSizeIterator<Item = _>> = match args.last {
        Some(last) => Box::new(closed_last(parsed, last.get()).into_iter()),
        None => Box::new(parsed),
    };
    let embedder = open_embedder(&args.engine)?;
    let reader = Reader::load()?;
    let engine = open_engine(&args.engine, &reader, &embedder)?;
    let auditor = Auditor {
        engine: engine.as_ref(),
        embedder: embedder.as_ref(),
        reader: &reader,
        vendor_domains: &args.engine.vendor_domains,
    };
    let (audits, not_read) = auditor.audit_all(deals).await?;
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
    fn parse(folder: &Path) -> Result<Self, NotRead> {
        let name = name_of(folder);
        Self::parse_named(&name, folder).map_err(|error| NotRead::because(name, &error))
    }

    fn parse_named(name: &str, folder: &Path) -> anyhow::Result<Self> {
        let (sources, left_out) = files::parse_deal(&[folder.to_owned()])?;
        for file in &left_out {
            note(&format!("{name}: left out `{}`: {}", file.name, file.reason));
        }
        let parted = part(sources, &Close::default());
        anyhow::ensure!(!parted.sale.is_empty(), "it holds no file from before the sale's end that can be used");
        Ok(Self { name: name.to_owned(), parted, left_out })
    }
}

/// The deals that were closed last, the newest first, and those that cannot be read. Of those without any date nobody knows
/// when. No more deals are held than are wanted.
fn closed_last(deals: impl Iterator<Item = Result<Deal, NotRead>>, last: usize) -> Vec<Result<Deal, NotRead>> {
    let (mut newest, mut not_read) = (Vec::new(), Vec::new());
    for deal in deals {
        match deal {
            Ok(deal) => {
                if deal.parted.ended_on().is_none() {
                    note(&format!(
                        "{}: no file says on what day, so it counts as closed before every other deal",
                        deal.name
                    ));
                }
                newest.push(deal);
                newest.sort_by_key(|deal: &Deal| Reverse(deal.parted.ended_on()));
                newest.truncate(last);
            }
            Err(error) => not_read.push(Err(error)),
        }
    }
    newest.into_iter().map(Ok).chain(not_read).collect()
}

/// What a deal is audited with.
struct Auditor<'a> {
    engine: &'a dyn Engine,
    embedder: &'a dyn Embedder,
    reader: &'a Reader,
    vendor_domains: &'a [String],
}

impl Auditor<'_> {
    /// The audits, and the deals that could not be read.
    async fn audit_all(
        &self,
        mut deals: Box<dyn ExactSizeIterator<Item = Result<Deal, NotRead>> + '_>,
    ) -> anyhow::Result<(Vec<DealAudit>, Vec<NotRead>)> {
        let bar = ProgressBar::new(deals.len() as u64);
        bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?);
        let (mut audits, mut not_read) = (Vec::with_capacity(deals.len()), Vec::new());
        while let Some(deal) = bar.suspend(|| deals.next()) {
            let audited = match deal {
                Ok(deal) => {
                    bar.set_message(deal.name.clone());
                    self.audit(deal).await
                }
                Err(not_read) => Err(not_read),
            };
            match audited {
                Ok(audit) => audits.push(audit),
                Err(deal) => {
                    bar.suspend(|| note(&format!("left out the deal `{}`: {}", deal.deal, deal.reason)));
                    not_read.push(deal);
                }
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok((audits, not_read))
    }

    async fn audit(&self, deal: Deal) -> Result<DealAudit, NotRead> {
        let name = deal.name.clone();
        self.read(deal).await.map_err(|error| NotRead::because(name, &error))
    }

    async fn read(&self, Deal { name, mut parted, left_out }: Deal) -> anyhow::Result<DealAudit> {
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
