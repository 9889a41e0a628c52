//! How long each action of a person takes with 200 deals loaded: `cargo bench --bench actions`.
//!
//! The deals are the samples and the labelled corpus, taken through intake and worker first (some minutes); then every page is
//! opened and every decision made over HTTP on loopback, again and again on different deals, by one client and with the worker
//! at rest. One bar, and exit 1 where it is missed: the 99th percentile of every action is under 100 ms. Run it on a machine
//! that does nothing else.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

mod load;
#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use self::load::{Loaded, load};
use self::support::{ms, percentile_ms};

/// Deals that are loaded.
const DEALS: usize = 200;
/// Times each action is measured.
const TIMES: usize = 200;
const LIMIT: Duration = Duration::from_millis(100);

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    // `cargo test --all-targets` starts benches too, without this flag; a debug build says nothing about time.
    if !std::env::args().any(|arg| arg == "--bench") {
        return Ok(ExitCode::SUCCESS);
    }
    let folder = tempfile::tempdir()?;
    let started = Instant::now();
    let loaded = load(folder.path(), DEALS).await?;
    println!("{DEALS} deals loaded in {:.0} s", started.elapsed().as_secs_f64());
    let mut bench = Bench { loaded, rows: Vec::new() };
    bench.pages().await?;
    bench.decisions().await?;
    bench.handover().await?;
    let held = bench.report();
    bench.loaded.served.close().await?;
    Ok(if held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Bench {
    loaded: Loaded,
    rows: Vec<(&'static str, Vec<Duration>)>,
}

impl Bench {
    fn client(&self) -> &Client {
        &self.loaded.served.client
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.loaded.served.address)
    }

    fn deal(&self, at: usize) -> &str {
        &self.loaded.deals[at % self.loaded.deals.len()]
    }

    /// Sends a request, waits for the whole answer, and keeps how long that took.
    async fn measured(&mut self, name: &'static str, request: RequestBuilder) -> anyhow::Result<Value> {
        let started = Instant::now();
        let answer = request.send().await?;
        let status = answer.status();
        let body = answer.bytes().await?;
        let took = started.elapsed();
        ensure!(status.is_success(), "{name}: {status}: {}", String::from_utf8_lossy(&body));
        match self.rows.iter_mut().find(|(row, _)| *row == name) {
            Some((_, times)) => times.push(took),
            None => self.rows.push((name, vec![took])),
        }
        Ok(serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    async fn pages(&mut self) -> anyhow::Result<()> {
        for at in 0..TIMES {
            let deal = self.deal(at).to_owned();
            let source = self.loaded.sources[at % self.loaded.sources.len()].clone();
            let pages = [
                ("page: deals", "/".to_owned()),
                ("page: deals, searched", "/?q=a&state=drafted".to_owned()),
                ("page: deal", format!("/deals/{deal}")),
                ("page: review", format!("/deals/{deal}/review")),
                ("page: record beside the review", format!("/sources/{source}/turns")),
                ("page: source", format!("/sources/{source}")),
                ("page: handover", format!("/deals/{deal}/handover")),
                ("page: patterns", "/patterns".to_owned()),
                ("page: people", "/settings".to_owned()),
                ("page: audit log", "/settings/audit".to_owned()),
                ("page: profile", "/profile".to_owned()),
            ];
            for (name, path) in pages {
                let request = self.client().get(self.url(&path)).header("accept", "text/html");
                self.measured(name, request).await?;
            }
        }
        Ok(())
    }

    /// Five decisions on each deal's first open item, then what is about the whole deal.
    async fn decisions(&mut self) -> anyhow::Result<()> {
        for at in 0..TIMES {
            let deal = self.deal(at).to_owned();
            let request = self.client().get(self.url(&format!("/v1/deals/{deal}/draft")));
            let draft = self.measured("draft", request).await?;
            if let Some(item) = draft["items"].get(0) {
                self.decide(&draft, item).await?;
            }
            let body = json!({"field": "risk", "attributes": {}, "statement": "Their network team has no time before summer."});
            let request = self.client().post(self.url(&format!("/v1/deals/{deal}/items"))).json(&body);
            self.measured("attest", request).await?;
            let request = self.client().post(self.url(&format!("/v1/deals/{deal}/approve")));
            self.measured("approve a field", request.json(&json!({"field": "commitment"}))).await?;
        }
        Ok(())
    }

    async fn decide(&mut self, draft: &Value, item: &Value) -> anyhow::Result<()> {
        let id = item["id"].as_str().context("an item has an id")?.to_owned();
        let revisions = draft["item_revisions"].as_array().context("a draft has revisions")?;
        let entry = revisions.iter().find(|entry| entry["id"] == item["id"]).context("an item has a revision")?;
        let mut revision = entry["revision"].clone();
        let edit = json!({"statement": "In other words."});
        let steps = [
            ("approve", "POST", "/approve", json!({})),
            ("undo", "POST", "/undo", json!({})),
            ("reject", "POST", "/reject", json!({"reason": "does not matter"})),
            ("edit", "PATCH", "", edit),
        ];
        for (name, method, path, body) in steps {
            let request = self.client().request(method.parse()?, self.url(&format!("/v1/items/{id}{path}")));
            let request = request.header("if-match", format!("\"{revision}\"")).json(&body);
            revision = self.measured(name, request).await?["revision"].clone();
        }
        Ok(())
    }

    /// From the final version to its acceptance.
    async fn handover(&mut self) -> anyhow::Result<()> {
        for at in 0..TIMES.min(self.loaded.deals.len()) {
            let deal = self.deal(at).to_owned();
            let draft = self.client().get(self.url(&format!("/v1/deals/{deal}/draft"))).send().await?;
            let revision = draft.json::<Value>().await?["revision"].clone();
            let path = |tail: &str| format!("/v1/deals/{deal}{tail}");
            let request =
                self.client().post(self.url(&path("/finalize"))).header("if-match", format!("\"{revision}\""));
            let version = self.measured("finalize", request.json(&json!({"override_reason": "bench"}))).await?;
            let version = version["id"].as_str().context("a version has an id")?.to_owned();
            let request = self.client().get(self.url(&format!("/v1/versions/{version}/documents/brief")));
            self.measured("document", request).await?;
            let won = self.client().post(self.url(&path("/closed-won")));
            self.measured("closed-won", won).await?;
            let question = self.client().post(self.url(&path("/questions")));
            self.measured("ask", question.json(&json!({"question": "Which sites first?"}))).await?;
            let accept = self.client().post(self.url(&path("/accept")));
            self.measured("accept", accept.json(&json!({"rating": 4}))).await?;
            let check = self.client().post(self.url(&path("/check-ins")));
            self.measured("check in", check.json(&json!({"kind": "pulse", "satisfaction": 5}))).await?;
        }
        Ok(())
    }

    /// Prints the table; says whether the bar holds.
    fn report(&mut self) -> bool {
        println!("{:<32} {:>6} {:>9} {:>9} {:>9}", "action", "times", "p50 ms", "p99 ms", "max ms");
        let mut held = true;
        for (name, times) in &mut self.rows {
            times.sort_unstable();
            let at = |percent: usize| percentile_ms(times, percent);
            let p99 = at(99);
            let sign = if p99 < ms(LIMIT) { "" } else { "  over the limit" };
            held &= sign.is_empty();
            println!("{name:<32} {:>6} {:>9.1} {p99:>9.1} {:>9.1}{sign}", times.len(), at(50), at(100));
        }
        println!("{}", if held { "every action is under 100 ms at its 99th percentile" } else { "a bar is missed" });
        held
    }
}
