//! `baton examples`: labelled deals and contrast sets as the windows the local engine's reader is trained on.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Answer, files, print_json};
use crate::embed::Embedder;
use crate::embed::minilm::MiniLm;
use crate::encoder::Tokenizer;
use crate::eval::asked;
use crate::eval::example::{of_exchange, of_pair, of_source};
use crate::eval::exchange::Contrast;
use crate::eval::gold::{GOLD_FILE, Gold};
use crate::eval::pairs::labelled_pairs;
use crate::eval::passage::Passage;

/// Arguments of `baton examples`.
#[derive(Debug, Args)]
pub(super) struct ExamplesArgs {
    /// Folders of labelled deals (each with a gold.json), and .jsonl files of contrast sets
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// For the finder: the labelled questions of the deals, and .jsonl files of passages with questions
    #[arg(long)]
    asked: bool,
    /// With `--asked`, the file of each folder that holds the questions
    #[arg(long, value_name = "NAME", default_value = GOLD_FILE, requires = "asked")]
    questions: String,
}

/// A round of training sees one part of so many of a deal's pairs, of which most are beside each other.
const DEAL_CUTS: usize = 4;
/// The same for pairs of the contrast sets.
const SET_CUTS: usize = 2;

/// One line of the output.
#[derive(Serialize)]
struct Line<'a, E> {
    /// The deal's folder, or the contrast set's file.
    origin: &'a str,
    /// The file in the deal, or the group in the set.
    part: &'a str,
    #[serde(flatten)]
    example: E,
}

pub(super) async fn run(args: &ExamplesArgs) -> anyhow::Result<Answer> {
    let tokenizer = Tokenizer::bundled()?;
    let embedder = MiniLm::load()?;
    for path in &args.paths {
        let origin = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        if args.asked && path.is_file() {
            of_passages(path, &origin).await?;
        } else if args.asked {
            of_questions(&embedder, path, &args.questions, &origin).await?;
        } else if path.join(GOLD_FILE).is_file() {
            of_deal(tokenizer, &embedder, path, &origin).await?;
        } else {
            of_set(tokenizer, path, &origin)?;
        }
    }
    Ok(Answer::Yes)
}

async fn of_deal(tokenizer: &Tokenizer, embedder: &dyn Embedder, folder: &Path, origin: &str) -> anyhow::Result<()> {
    let gold = Gold::read(&folder.join(GOLD_FILE))?;
    let sources = files::read_deal(&[folder.to_owned()], &[])?;
    for source in &sources {
        for example in of_source(tokenizer, &source.name, &source.transcript, &gold)? {
            print_json(&Line { origin, part: &source.name, example }, false)?;
        }
    }
    for (place, (pair, tie)) in labelled_pairs(&gold, &sources, embedder).await?.iter().enumerate() {
        let example = of_pair(tokenizer, place % DEAL_CUTS, pair, *tie)?;
        print_json(&Line { origin, part: "pairs", example }, false)?;
    }
    Ok(())
}

async fn of_questions(embedder: &dyn Embedder, folder: &Path, file: &str, origin: &str) -> anyhow::Result<()> {
    let questions = Gold::read(&folder.join(file))?.questions;
    let sources = files::read_deal(&[folder.to_owned()], &[])?;
    for example in asked::of_questions(embedder, &questions, &sources).await? {
        print_json(&Line { origin, part: "questions", example }, false)?;
    }
    Ok(())
}

async fn of_passages(path: &Path, origin: &str) -> anyhow::Result<()> {
    for (number, passage) in lines_of::<Passage>(path)?.iter().enumerate() {
        for example in asked::of_passage(passage).await? {
            print_json(&Line { origin, part: &format!("{}", number + 1), example }, false)?;
        }
    }
    Ok(())
}

/// The lines of a labelled set.
pub(super) fn lines_of<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let line = |(number, line): (usize, &str)| {
        serde_json::from_str(line)
            .with_context(|| format!("`{}` line {}: no labelled example", path.display(), number + 1))
    };
    text.lines().enumerate().map(line).collect()
}

fn of_set(tokenizer: &Tokenizer, path: &Path, origin: &str) -> anyhow::Result<()> {
    for contrast in lines_of::<Contrast>(path)? {
        match contrast {
            Contrast::Exchange(exchange) => {
                let example = of_exchange(tokenizer, &exchange)?;
                print_json(&Line { origin, part: &exchange.group, example }, false)?;
            }
            Contrast::Comparison(comparison) => {
                for (place, (pair, tie)) in comparison.pairs().iter().enumerate() {
                    let example = of_pair(tokenizer, place % SET_CUTS, pair, *tie)?;
                    print_json(&Line { origin, part: &comparison.topic, example }, false)?;
                }
            }
        }
    }
    Ok(())
}
