//! What reading a file costs: `cargo bench --bench import`, or with `-- speed`, `-- hostile` or `-- share` a part of it, or
//! with `-- --fuzz 600` or `-- --fuzz 600 --family mail --seed 7` files that chance makes of the fixtures.
//!
//! Bars, and exit 1 where one is missed: ten megabytes of `WebVTT` are read within a second; reading an hour-long call takes
//! less than 2% of what its upload takes; and no file, whatever somebody has put into it, takes more than a second per
//! megabyte, or more memory than twenty times its size and 50 MB. Memory is what the process has allocated.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

mod built;
mod files;
mod fuzz;
mod hostile;
mod inputs;
mod measure;
mod share;
mod speed;

use std::process::ExitCode;

use clap::{Parser, ValueEnum};

#[derive(Parser)]
struct Flags {
    /// What is measured; everything where nothing is named.
    part: Option<Part>,
    /// Instead: files by chance, for so many seconds a family.
    #[arg(long, value_name = "SECONDS")]
    fuzz: Option<u64>,
    /// Only this family.
    #[arg(long)]
    family: Option<String>,
    /// The first input's seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What `cargo bench` passes.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Speed,
    Hostile,
    Share,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    // `cargo test --all-targets` starts benches too, without this flag; a debug build says nothing about time.
    if !std::env::args().any(|arg| arg == "--bench") {
        return Ok(ExitCode::SUCCESS);
    }
    let flags = Flags::parse();
    let met = match flags.fuzz {
        Some(seconds) => fuzz::run(seconds, flags.family.as_deref(), flags.seed)?,
        None => bars(flags.part).await?,
    };
    Ok(if met { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Measures what was asked for, all of it even where a bar is missed.
async fn bars(part: Option<Part>) -> anyhow::Result<bool> {
    let asked = |one| part.is_none_or(|part| part == one);
    let mut met = true;
    if asked(Part::Speed) {
        met &= speed::measure()?;
    }
    if asked(Part::Share) {
        met &= share::measure().await?;
    }
    if asked(Part::Hostile) {
        met &= hostile::measure()?;
    }
    Ok(met)
}
