//! `baton ask`: questions about files, answered from their words; nothing is kept.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::{Answer, files, note, print, print_json};
use crate::app::{open_asker, open_embedder, open_engine};
use crate::ask::document::AnswerDocument;
use crate::ask::memory::MemoryRecord;
use crate::ask::{fields_asked, in_words};
use crate::config::{EngineChoice, EngineSettings};
use crate::domain::item::Item;
use crate::domain::transcript::SourceKind;
use crate::draft::{DealSource, draft_deal};
use crate::embed::Embedder;
use crate::reader::Reader;

/// Arguments of `baton ask`.
#[derive(Debug, Args)]
pub(super) struct AskArgs {
    /// Files, or a folder of files, of one deal
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The question; may be given several times
    #[arg(short, long = "question", required = true, value_name = "QUESTION")]
    questions: Vec<String>,
    /// Print a `baton.answer/1` document per question, each on a line of its own
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: EngineSettings,
}

/// Exit 1 says that a question was not answered: it is not in the record.
pub(super) async fn run(args: AskArgs) -> anyhow::Result<Answer> {
    let sources = files::read_deal(&args.paths, &args.engine.vendor_domains)?;
    let embedder = open_embedder(&args.engine)?;
    let asker = open_asker(&args.engine)?;
    let record = MemoryRecord::index(&sources, embedder.as_ref()).await?;
    let items = findings(&args, &sources, &embedder).await?;
    let mut outcome = Answer::Yes;
    for question in &args.questions {
        let mut material = record.material(embedder.as_ref(), question).await?;
        material.items.clone_from(&items);
        let answer = asker.answer(question, &material).await?;
        if !answer.answered {
            outcome = Answer::No;
        }
        if args.json {
            print_json(&answer, false)?;
        } else {
            print_text(&answer, args.questions.len() > 1)?;
        }
    }
    Ok(outcome)
}

/// What the engine finds in the files, where a question is about that or promises can be set against a contract. The latter
/// is not worth what a model's reading costs.
async fn findings(args: &AskArgs, sources: &[DealSource], embedder: &Arc<dyn Embedder>) -> anyhow::Result<Vec<Item>> {
    let is_asked = args.questions.iter().any(|question| !fields_asked(question).is_empty());
    let has_contract = sources.iter().any(|source| source.transcript.kind == SourceKind::Contract);
    let is_worth_it = has_contract && args.engine.engine == EngineChoice::Local;
    if !is_asked && !is_worth_it {
        return Ok(Vec::new());
    }
    let reader = Reader::load()?;
    let engine = open_engine(&args.engine, &reader, embedder)?;
    Ok(draft_deal(engine.as_ref(), embedder.as_ref(), &reader, "", sources).await?.items)
}

fn print_text(answer: &AnswerDocument, several: bool) -> anyhow::Result<()> {
    if several {
        print(&format!("{}\n", answer.question))?;
    }
    print(&answer.answer)?;
    for (at, citation) in answer.citations.iter().enumerate() {
        let words = in_words(citation);
        // A line that quotes says itself what its number stands for.
        if !answer.lines.iter().any(|line| line.text.contains(&words)) {
            print(&format!("  [{}] {words}", at + 1))?;
        }
    }
    for gap in answer.missing.iter().filter(|_| !answer.answered) {
        note(gap);
    }
    if let Some(searched) = answer.searched.filter(|_| !answer.answered) {
        let sources = if searched.sources == 1 { "source" } else { "sources" };
        note(&format!("searched {} turns of {} {sources}", searched.turns, searched.sources));
    }
    if let Some(wording) = &answer.wording {
        if wording.removed > 0 {
            let reasons = wording.reasons.join("; ");
            note(&format!("{} sentences of the model were removed: {reasons}", wording.removed));
        }
        wording.note.iter().for_each(|why| note(why));
    }
    if several { print("\n") } else { Ok(()) }
}
