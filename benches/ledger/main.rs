//! How long the ledger takes over 1,000 deals: `cargo bench --bench ledger`.
//!
//! The records are filled directly, through the product's own store: 1,000 deals with 20 promises and 40 other items each, every
//! promise with its words, every second one with a clause. Then each filter and mixes of them are asked over HTTP on loopback:
//! the page of 50 promises with the totals of the whole selection. One bar, and exit 1 where it is missed: the 99th percentile of
//! every filter is under 100 ms. Run it on a machine that does nothing else.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

mod load;
#[path = "../support/record.rs"]
mod record;
#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::ensure;

use self::load::load;
use self::support::{Served, ms, percentile_ms};

/// Deals that are loaded.
const DEALS: usize = 1_000;
/// Times each filter is asked.
const TIMES: usize = 100;
const LIMIT: Duration = Duration::from_millis(100);

/// What is asked for. `OWNER`, `ACCOUNT` and `DEAL` stand for ids.
const FILTERS: [&str; 31] = [
    "",
    "contract=unwritten",
    "contract=contradicted,unwritten",
    "contract=untold",
    "strength=firm",
    "category=integration",
    "owed_by=vendor",
    "owed_by=unknown",
    "outcome=open",
    "outcome=kept",
    "outcome=late,broken",
    "state=approved",
    "standing=current",
    "standing=replaced",
    "against=calls",
    "against=any",
    "owner=OWNER",
    "account=ACCOUNT",
    "deal=DEAL",
    "product=docks",
    "segment=smb",
    "amount_min=20000&amount_max=80000",
    "due_within=60",
    "due_from=2026-01-01&due_to=2026-12-31",
    "closed_from=2025-06-01&closed_to=2025-12-31",
    "q=night shift",
    "q=no such words at all",
    "sort=closed",
    "sort=amount&contract=unwritten",
    "contract=unwritten&strength=firm&outcome=open&standing=current&due_within=60",
    "q=site&contract=unwritten&strength=firm,soft&category=timeline,support&owed_by=vendor&outcome=open&segment=smb&amount_min=1000&closed_from=2025-01-01&standing=current&sort=amount",
];

/// What else is asked over the same selections.
const OTHERS: [&str; 5] = [
    "/v1/ledger/trends",
    "/v1/ledger/contradictions?standing=all",
    "/v1/ledger/contradictions?against=contract&strength=firm",
    "/ledger",
    "/ledger?contract=unwritten&strength=firm&due_within=60",
];

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    // `cargo test --all-targets` starts benches too, without this flag; a debug build says nothing about time.
    if !std::env::args().any(|arg| arg == "--bench") {
        return Ok(ExitCode::SUCCESS);
    }
    let folder = tempfile::tempdir()?;
    let started = Instant::now();
    let loaded = load(folder.path(), DEALS).await?;
    println!("{DEALS} deals with {} promises loaded in {:.0} s", loaded.promises, started.elapsed().as_secs_f64());
    println!("{:<8} {:>9} {:>9} {:>9}  asked", "times", "p50 ms", "p99 ms", "max ms");
    let mut held = true;
    let filters = FILTERS.iter().map(|filter| format!("/v1/ledger?{}", loaded.with_ids(filter)));
    for path in filters.chain(OTHERS.iter().map(|path| (*path).to_owned())) {
        let mut times = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            times.push(asked(&loaded.served, &path).await?);
        }
        held &= report(&path, times);
    }
    println!("{}", if held { "every filter is under 100 ms" } else { "MISSED: a filter takes 100 ms or more" });
    loaded.served.close().await?;
    Ok(if held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Asks, waits for the whole answer, and says how long that took.
async fn asked(served: &Served, path: &str) -> anyhow::Result<Duration> {
    let request = served.client.get(format!("{}{}", served.address, path.replace(' ', "%20")));
    let request = if path.starts_with("/v1") { request } else { request.header("accept", "text/html") };
    let started = Instant::now();
    let answer = request.send().await?;
    let status = answer.status();
    let body = answer.bytes().await?;
    let took = started.elapsed();
    ensure!(status.is_success(), "{path}: {status}: {}", String::from_utf8_lossy(&body));
    Ok(took)
}

/// Prints a row; says whether it holds the bar.
fn report(path: &str, mut times: Vec<Duration>) -> bool {
    times.sort_unstable();
    let at = |percent: usize| percentile_ms(&times, percent);
    println!("{:<8} {:>9.1} {:>9.1} {:>9.1}  {path}", times.len(), at(50), at(99), at(100));
    at(99) < ms(LIMIT)
}
