//! `baton examples`: labelled deals and contrast sets as the windows the local engine's reader is trained on.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use serde::Serialize;

use super::{Answer, files, print_json};
use crate::encoder::Tokenizer;
use crate::engine::local::reader::example::{Example, of_exchange, of_source};
use crate::eval::exchange::Exchange;
use crate::eval::gold::{GOLD_FILE, Gold};

/// Arguments of `baton examples`.
#[derive(Debug, Args)]
pub(super) struct ExamplesArgs {
    /// Folders of labelled deals (each with a gold.json), and .jsonl files of contrast sets
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// One line of the output.
#[derive(Serialize)]
struct Line<'a> {
    /// The deal's folder, or the contrast set's file.
    origin: &'a str,
    /// The file in the deal, or the group in the set.
    part: &'a str,
    #[serde(flatten)]
    example: Example,
}

pub(super) fn run(args: &ExamplesArgs) -> anyhow::Result<Answer> {
    let tokenizer = Tokenizer::bundled()?;
    for path in &args.paths {
        let origin = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        if path.join(GOLD_FILE).is_file() {
            of_deal(&tokenizer, path, &origin)?;
        } else {
            of_set(&tokenizer, path, &origin)?;
        }
    }
    Ok(Answer::Yes)
}

fn of_deal(tokenizer: &Tokenizer, folder: &Path, origin: &str) -> anyhow::Result<()> {
    let gold = Gold::read(&folder.join(GOLD_FILE))?;
    for source in files::read_deal(&[folder.to_owned()], &[])? {
        for example in of_source(tokenizer, &source.name, &source.transcript, &gold)? {
            print_json(&Line { origin, part: &source.name, example }, false)?;
        }
    }
    Ok(())
}

fn of_set(tokenizer: &Tokenizer, path: &Path, origin: &str) -> anyhow::Result<()> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    for (number, line) in text.lines().enumerate() {
        let exchange: Exchange = serde_json::from_str(line)
            .with_context(|| format!("`{}` line {}: no labelled exchange", path.display(), number + 1))?;
        let example = of_exchange(tokenizer, &exchange)?;
        print_json(&Line { origin, part: &exchange.group, example }, false)?;
    }
    Ok(())
}
