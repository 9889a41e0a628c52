//! `baton eval`: the engine's drafts of labelled deals against their labels.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use comfy_table::{CellAlignment, Table, presets};
use indicatif::ProgressBar;

use super::examples::lines_of;
use super::{Answer, files, note, print, print_json};
use crate::app::{open_asker, open_embedder, open_engine};
use crate::ask::Asker;
use crate::config::EngineSettings;
use crate::domain::field::Field;
use crate::draft::{DealSource, draft_deal};
use crate::embed::Embedder;
use crate::engine::Engine;
use crate::eval::gold::{GOLD_FILE, Gold};
use crate::eval::meetings::{Steps, meetings};
use crate::eval::passage::Passage;
use crate::eval::questions::{questions, questions_of_passages};
use crate::eval::report::{EVAL_SCHEMA, Figures, Mistake, MistakeKind, Report, Share, Tally};
use crate::eval::score::{Scored, parsing};
use crate::eval::{contract, labels};
use crate::reader::Reader;

/// Arguments of `baton eval`.
#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// Folders of labelled deals (each with a gold.json), or folders of such folders
    #[arg(required_unless_present_any = ["meetings", "passages"], value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Score retrieval on labelled meetings instead: a .jsonl file in the form of `QMSum`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["paths", "against", "labels", "errors"])]
    meetings: Option<PathBuf>,
    /// Score the answers to questions about short passages instead: .jsonl files as in `fixtures/bench/asked-dev`
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["paths", "meetings", "against", "labels", "errors"])]
    passages: Vec<PathBuf>,
    /// Print the `baton.eval/1` document
    #[arg(long)]
    json: bool,
    /// Compare with the `baton.eval/1` document of an earlier run
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    against: Option<PathBuf>,
    /// Score the labels in this file of each folder in the place of a draft: how far two readers agree
    #[arg(long, value_name = "NAME")]
    labels: Option<String>,
    /// Ask the questions in this file of each folder in the place of those in gold.json
    #[arg(long, value_name = "NAME", conflicts_with_all = ["meetings", "passages"])]
    questions: Option<String>,
    /// List what was missed, made up or described wrongly
    #[arg(long)]
    errors: bool,
    #[command(flatten)]
    engine: EngineSettings,
}

pub(super) async fn run(args: EvalArgs) -> anyhow::Result<Answer> {
    if let Some(path) = &args.meetings {
        return retrieval(path, &args).await;
    }
    if !args.passages.is_empty() {
        return answers(&args).await;
    }
    let before = args.against.as_deref().map(earlier).transpose()?;
    let folders = deals(&args.paths, args.labels.as_deref().unwrap_or(GOLD_FILE))?;
    let embedder = open_embedder(&args.engine)?;
    let reader = Reader::load()?;
    let asker = open_asker(&args.engine)?;
    let engine = open_engine(&args.engine, &reader, &embedder)?;
    let mut report = Report {
        schema: EVAL_SCHEMA.to_owned(),
        engine: engine.identity(),
        deals: Vec::new(),
        figures: Figures::default(),
        by_deal: BTreeMap::new(),
        errors: Vec::new(),
    };
    let bar = ProgressBar::new(folders.len() as u64);
    for folder in folders {
        let mut name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
        // Deals of two folders may share a name.
        if report.by_deal.contains_key(&name) {
            name = folder.display().to_string();
        }
        let (figures, mut errors) = score(&name, &folder, &args, engine.as_ref(), embedder.as_ref(), &reader, &asker)
            .await
            .with_context(|| format!("`{}`", folder.display()))?;
        report.figures += &figures;
        report.errors.append(&mut errors);
        report.by_deal.insert(name.clone(), figures);
        report.deals.push(name);
        bar.inc(1);
    }
    bar.finish_and_clear();
    if args.json {
        return print_json(&report, true);
    }
    print(&match before {
        Some(before) => comparison(&before, &report),
        None => tables(&report),
    })?;
    if args.errors {
        print(&mistakes(&report.errors))?;
    }
    Ok(Answer::Yes)
}

async fn retrieval(path: &Path, args: &EvalArgs) -> anyhow::Result<Answer> {
    let embedder = open_embedder(&args.engine)?;
    let steps = meetings(path, embedder.as_ref()).await?;
    if args.json {
        return print_json(&steps, true);
    }
    print(&steps_table(&steps))?;
    Ok(Answer::Yes)
}

async fn answers(args: &EvalArgs) -> anyhow::Result<Answer> {
    let mut passages = Vec::new();
    for path in &args.passages {
        passages.extend(lines_of::<Passage>(path)?);
    }
    let figures = questions_of_passages(&passages, &open_asker(&args.engine)?).await?;
    if args.json {
        return print_json(&figures, true);
    }
    let mut table = table(&["questions", "rate", "of"], 1);
    for (name, share) in [("answered with a labelled quote", figures.cited), ("declined", figures.declined)] {
        table.add_row([name.to_owned(), rated(share), share.of.to_string()]);
    }
    print(&format!("{} passages\n\n{table}", passages.len()))?;
    Ok(Answer::Yes)
}

fn steps_table(steps: &Steps) -> String {
    let mut table = table(&["passages", "labelled turns in 1,500 words", "mean reciprocal rank"], 1);
    for (name, found) in [
        ("chunks by vectors", steps.dense),
        ("chunks by vectors and words", steps.fused),
        ("with their neighbours' say", steps.neighbours),
        ("widened to exchanges", steps.passages),
    ] {
        let figures = [found.in_words, found.reciprocal_rank].map(|figure| format!("{figure:.3}"));
        table.add_row([name.to_owned()].into_iter().chain(figures));
    }
    format!("{} meetings, {} questions\n\n{table}", steps.meetings, steps.questions)
}

fn earlier(path: &Path) -> anyhow::Result<Report> {
    let bytes = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let report: Report = serde_json::from_slice(&bytes).with_context(|| {
        format!("`{}` is no {EVAL_SCHEMA} document; `baton eval --json` writes one", path.display())
    })?;
    anyhow::ensure!(
        report.schema == EVAL_SCHEMA,
        "`{}` has the schema `{}`; this version of Baton reads {EVAL_SCHEMA}",
        path.display(),
        report.schema
    );
    Ok(report)
}

/// The folders at or right below `paths` that hold `labels`, in the order of their names.
fn deals(paths: &[PathBuf], labels: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for path in paths {
        if path.join(labels).is_file() {
            folders.push(path.clone());
            continue;
        }
        let entries = fs::read_dir(path).with_context(|| format!("cannot read the folder `{}`", path.display()))?;
        let below = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
        folders.extend(below.into_iter().filter(|folder| folder.join(labels).is_file()));
    }
    folders.sort();
    folders.dedup();
    anyhow::ensure!(!folders.is_empty(), "no labelled deal there: a deal is a folder of sources with a {labels}");
    Ok(folders)
}

async fn score(
    name: &str,
    folder: &Path,
    args: &EvalArgs,
    engine: &dyn Engine,
    embedder: &dyn Embedder,
    reader: &Reader,
    asker: &Asker,
) -> anyhow::Result<(Figures, Vec<Mistake>)> {
    let gold = Gold::read(&folder.join(GOLD_FILE))?;
    let paths = [folder.to_owned()];
    let sources: Vec<DealSource> = files::read_deal(&paths, &args.engine.vendor_domains)?;
    let items = match &args.labels {
        Some(file) => labels::items(&Gold::read(&folder.join(file))?, &sources),
        None => draft_deal(engine, embedder, reader, "", &sources).await?.items,
    };
    let (mut figures, errors) = Scored::new(name, &gold, &sources, &items).figures();
    figures.parsing = parsing(&gold, &sources, files::collect(&paths)?.len());
    figures.contract = contract::status(&gold, &sources, embedder, reader).await?;
    // Labels are no findings of the product, which the answers would rest on.
    let found = if args.labels.is_some() { &[][..] } else { &items[..] };
    let asked_of = args.questions.as_ref().map(|file| Gold::read(&folder.join(file))).transpose()?;
    let labelled = &asked_of.as_ref().unwrap_or(&gold).questions;
    figures.questions = questions(labelled, &sources, found, embedder, asker).await?;
    Ok((figures, errors))
}

fn tables(report: &Report) -> String {
    let figures = &report.figures;
    format!(
        "{} deals, engine {} {} ({})\n\n{}\n\n{}\n\n{}",
        report.deals.len(),
        report.engine.name,
        report.engine.version,
        report.engine.model,
        findings(figures),
        shares(figures),
        by_deal(report),
    )
}

fn findings(figures: &Figures) -> Table {
    let mut table = table(&["field", "found", "missed", "extra", "precision", "recall", "F1"], 1);
    let mut row = |name: &str, tally: Tally| {
        let counts = [tally.found, tally.missed, tally.extra].map(|count| count.to_string());
        let rates = [tally.precision(), tally.recall(), tally.f1()].map(|rate| format!("{rate:.2}"));
        table.add_row([name.to_owned()].into_iter().chain(counts).chain(rates));
    };
    for field in Field::ALL {
        row(field.as_str(), figures.fields.get(&field).copied().unwrap_or_default());
    }
    row("core fields", figures.core());
    table
}

fn shares(figures: &Figures) -> Table {
    let mut table = table(&["measure", "share", "of"], 1);
    let mut row = |name: &str, share: Share| {
        table.add_row([name.to_owned(), rated(share), share.of.to_string()]);
    };
    row("traps taken for findings", figures.traps);
    row("silent fields kept silent", figures.silence);
    for (name, share) in &figures.attributes {
        row(name, *share);
    }
    row("superseded pairs recognized", figures.superseded);
    row("contract status of all labelled commitments", figures.contract);
    row("citations verbatim", figures.citations);
    row("files read", figures.parsing.sources);
    row("quotes inside one turn", figures.parsing.quotes);
    row("speakers right", figures.parsing.speakers);
    row("sides right", figures.parsing.sides);
    let questions = &figures.questions;
    row("questions: quote in the first three passages", questions.in_first);
    row("questions: answered with a labelled quote", questions.cited);
    row("questions: answered with a quote of either labeller", questions.cited_either);
    row("questions: declined where unanswerable", questions.declined);
    let ranks = format!("{:.2}", questions.mean_reciprocal_rank());
    table.add_row(["questions: mean reciprocal rank".to_owned(), ranks, questions.in_first.of.to_string()]);
    table
}

fn rated(share: Share) -> String {
    share.rate().map_or_else(|| "-".to_owned(), |rate| format!("{:.1} %", 100.0 * rate))
}

fn by_deal(report: &Report) -> Table {
    let mut table = table(&["deal", "items", "F1", "commitments", "traps"], 1);
    for (name, figures) in &report.by_deal {
        let promises = figures.fields.get(&Field::Commitment).copied().unwrap_or_default();
        table.add_row([
            name.clone(),
            figures.items.to_string(),
            format!("{:.2}", figures.core().f1()),
            format!("{:.2}", promises.f1()),
            format!("{}/{}", figures.traps.hit, figures.traps.of),
        ]);
    }
    table
}

/// Both runs side by side, measure by measure.
fn comparison(before: &Report, after: &Report) -> String {
    if before.deals != after.deals {
        note("the two runs are not over the same deals; their figures are not comparable as they stand");
    }
    let mut table = table(&["measure", "before", "after", "change"], 1);
    let old: BTreeMap<String, Option<f64>> = before.figures.rates().into_iter().collect();
    for (name, now) in after.figures.rates() {
        let then = old.get(&name).copied().flatten();
        let shown = |rate: Option<f64>| rate.map_or_else(|| "-".to_owned(), |rate| format!("{rate:.3}"));
        let change = then.zip(now).map_or_else(String::new, |(then, now)| format!("{:+.3}", now - then));
        table.add_row([name, shown(then), shown(now), change]);
    }
    table.to_string()
}

fn mistakes(errors: &[Mistake]) -> String {
    let line = |mistake: &Mistake| {
        let kind = match mistake.kind {
            MistakeKind::Missed => "missed",
            MistakeKind::Extra => "extra",
            MistakeKind::Trap => "trap",
            MistakeKind::Attribute => "attribute",
        };
        let detail = if mistake.detail.is_empty() { String::new() } else { format!(" [{}]", mistake.detail) };
        format!(
            "{} | {kind} {} | {}{detail}\n    \"{}\"",
            mistake.deal, mistake.field, mistake.statement, mistake.quote
        )
    };
    errors.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A table whose columns from `numbers` on are set to the right.
fn table(header: &[&str], numbers: usize) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(header.to_vec());
    for column in table.column_iter_mut().skip(numbers) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
