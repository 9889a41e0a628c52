//! `--fuzz SECONDS [--family NAME] [--seed N]`: files by chance, as fast as they are read, until the time is over.
//!
//! Every input is told by its seed alone. What breaks a rule is cut down to what still breaks it and kept in a folder.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use super::inputs::{Corpus, FAMILIES, Family, Input, trial};
use super::measure::{Cost, MB, MS_PER_MB, cost};

/// Any file may take this, whatever its size.
const FLOOR_MS: f64 = 50.0;
/// A slow input is measured again, to be sure; what counts is time on the processor.
const AGAIN: usize = 3;
/// Cuts that are tried on an input that broke a rule.
const CUTS: usize = 4_000;
/// A family with more findings than this needs mending first.
const ENOUGH: usize = 20;
/// Rates are told of inputs that are large enough to have one.
const RATED: usize = 64 << 10;

/// What a family's inputs came to.
#[derive(Default)]
struct Sum {
    runs: u64,
    /// Milliseconds of the slowest input, less the floor, per megabyte.
    ms_per_mb: f64,
    /// The largest share of the memory that is allowed.
    memory: f64,
    /// The most times its own size that a large input took.
    times: f64,
    slowest_ms: f64,
    findings: usize,
}

/// Tries the families one after the other; true if nothing was found.
pub(crate) fn run(seconds: u64, only: Option<&str>, seed: u64) -> anyhow::Result<bool> {
    let folder = std::env::temp_dir().join("baton-fuzz-findings");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let corpus = Corpus::of_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/transcripts"))?;
    let families: Vec<&Family> = FAMILIES.iter().filter(|family| only.is_none_or(|only| family.name == only)).collect();
    ensure!(
        !families.is_empty(),
        "no such family; there are {:?}",
        FAMILIES.iter().map(|one| one.name).collect::<Vec<_>>()
    );
    // A finding says what happened; the hook would say it to everybody, thousands of times.
    std::panic::set_hook(Box::new(|_| {}));
    println!("seed {seed}, {seconds} s for each family, findings in {}", folder.display());
    println!(
        "{:<17}{:>9}{:>8}{:>12}{:>12}{:>14}{:>10}{:>10}",
        "family", "runs", "per s", "slowest ms", "ms per MB", "memory limit", "x input", "findings"
    );
    let mut findings = 0;
    for family in families {
        let hunt = Hunt { corpus: &corpus, family, folder: &folder };
        let sum = hunt.run(Duration::from_secs(seconds), seed)?;
        println!(
            "{:<17}{:>9}{:>8}{:>12.1}{:>12.0}{:>13.1}%{:>10.1}{:>10}",
            family.name,
            sum.runs,
            sum.runs / seconds.max(1),
            sum.slowest_ms,
            sum.ms_per_mb,
            100.0 * sum.memory,
            sum.times,
            sum.findings
        );
        findings += sum.findings;
    }
    Ok(findings == 0)
}

struct Hunt<'a> {
    corpus: &'a Corpus,
    family: &'a Family,
    folder: &'a Path,
}

impl Hunt<'_> {
    fn run(&self, time: Duration, seed: u64) -> anyhow::Result<Sum> {
        let mut sum = Sum::default();
        let started = Instant::now();
        // An input that ends the process, by its stack, is found here afterwards.
        let current = self.folder.join(format!("current-{}", self.family.name));
        while started.elapsed() < time && sum.findings < ENOUGH {
            let seed = seed.wrapping_add(sum.runs);
            let input = self.corpus.input(self.family, seed);
            std::fs::write(&current, &input.bytes)?;
            sum.runs += 1;
            let (spent, held) = tried(&input);
            sum.add(&input, spent);
            let Some(broken) = held.err().or_else(|| over_limit(&input, spent)) else { continue };
            sum.findings += 1;
            let file = self.keep(&input, seed, &broken)?;
            println!("  FOUND {} (seed {seed}, name {}): {broken}", file.display(), input.name);
        }
        std::fs::remove_file(current)?;
        Ok(sum)
    }

    /// Writes the input, and what is left of it when everything is cut off that does not matter.
    fn keep(&self, input: &Input, seed: u64, broken: &str) -> anyhow::Result<PathBuf> {
        let file = self.folder.join(format!("{}-{seed}", self.family.name));
        std::fs::write(&file, &input.bytes)?;
        std::fs::write(file.with_extension("why"), format!("{}\n{broken}\n", input.name))?;
        if trial(input).is_err() {
            std::fs::write(file.with_extension("small"), smaller(input).bytes)?;
        }
        Ok(file)
    }
}

impl Sum {
    fn add(&mut self, input: &Input, spent: Cost) {
        let size = input.size.max(1) as f64;
        self.slowest_ms = self.slowest_ms.max(spent.cpu_ms);
        self.ms_per_mb = self.ms_per_mb.max((spent.cpu_ms - FLOOR_MS).max(0.0) * MB / size);
        if input.size >= RATED {
            self.ms_per_mb = self.ms_per_mb.max(spent.cpu_ms * MB / size);
            self.times = self.times.max(spent.bytes / size);
        }
        self.memory = self.memory.max(spent.memory_share(input.size));
    }
}

fn tried(input: &Input) -> (Cost, Result<(), String>) {
    let (first, held) = cost(|| trial(input));
    let mut spent = first;
    for _ in 0..AGAIN {
        if over_limit(input, spent).is_none() {
            break;
        }
        let (again, _) = cost(|| trial(input));
        spent = Cost { ms: again.ms, cpu_ms: spent.cpu_ms.min(again.cpu_ms), bytes: spent.bytes.min(again.bytes) };
    }
    (spent, held)
}

fn over_limit(input: &Input, spent: Cost) -> Option<String> {
    let (ms, allowed) = (spent.cpu_ms, FLOOR_MS + MS_PER_MB * input.size as f64 / MB);
    let share = spent.memory_share(input.size);
    if ms > allowed {
        Some(format!("{ms:.0} ms for {} bytes, limit {allowed:.0} ms", input.size))
    } else if share > 1.0 {
        Some(format!("{:.0} MB for {} bytes, {share:.2} of the limit", spent.bytes / MB, input.size))
    } else {
        None
    }
}

/// The input without every piece that it breaks its rule without.
fn smaller(input: &Input) -> Input {
    let mut small = input.clone();
    let mut left = CUTS;
    let mut length = small.bytes.len().div_ceil(2);
    while length > 0 && left > 0 {
        let mut at = 0;
        while at < small.bytes.len() && left > 0 {
            left -= 1;
            let mut bytes = small.bytes.clone();
            bytes.drain(at..(at + length).min(small.bytes.len()));
            let shorter = Input { size: bytes.len(), bytes, name: small.name.clone() };
            if trial(&shorter).is_err() {
                small = shorter;
            } else {
                at += length;
            }
        }
        length /= 2;
    }
    small
}
