//! `baton dna`: files to the customer's profile, `baton.dna/1` or Markdown; nothing is kept, and nothing in it is reviewed.

use std::path::PathBuf;

use clap::Args;

use super::draft::{Drafted, deal_name, draft_files};
use super::{Answer, print, print_json};
use crate::config::EngineSettings;
use crate::dna::{Around, DnaDeal, Heard, own_phrases, profile};
use crate::documents::{Templates, client_dna};
use crate::domain::record::ItemRecord;

/// Arguments of `baton dna`.
#[derive(Debug, Args)]
pub(super) struct DnaArgs {
    /// Files, or a folder of files, of one deal; what came after the sale says what became of promises and is not drafted from
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Print the `baton.dna/1` document
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: EngineSettings,
}

pub(super) async fn run(args: DnaArgs) -> anyhow::Result<Answer> {
    let Drafted { parted, draft, aftermath } = draft_files(&args.paths, &args.engine).await?;
    let items: Vec<ItemRecord> = draft.items.iter().map(ItemRecord::from).collect();
    let outcomes = aftermath.fulfilments.iter().map(|told| (told.item.to_string(), told.outcome)).collect();
    let around = Around {
        outcomes,
        phrases: own_phrases(&parted.sale),
        heard: parted.sale.iter().chain(&parted.after).map(Heard::from).collect(),
        ..Around::default()
    };
    let deal = DnaDeal { id: None, name: "draft".to_owned() };
    let dna = profile(&deal_name(&args.paths), deal, &items, &around);
    if args.json {
        return print_json(&dna, true);
    }
    print(&client_dna::markdown(&Templates::embedded()?, &dna)?)?;
    Ok(Answer::Yes)
}
