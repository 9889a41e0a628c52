//! `ledger_trends`.

use std::fmt::Write as _;

use rmcp::schemars::{self, JsonSchema};
use serde::Serialize;

use super::filters::Selection;
use super::word;
use crate::access::Caller;
use crate::app::App;
use crate::error::Error;
use crate::ledger::totals::ContractCounts;
use crate::ledger::{self, Trends};
use crate::mcp::tool::Told;

pub(super) const NAME: &str = "ledger_trends";
pub(super) const TITLE: &str = "Promises by month and subject";
pub(super) const ABOUT: &str = "How the promises of every deal you may see stand to the signed contract, as counts: by the month in which the \
     deal was won, and by what they are about. The filters are those of ledger, which lists the promises themselves and counts \
     them by strength and outcome.";

/// What `ledger_trends` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Output {
    /// By the month in which the deal was won, oldest first; promises of deals that are not won are left out.
    months: Vec<MonthOut>,
    /// By what they are about; promises of which that is not told come last.
    categories: Vec<CategoryOut>,
}

/// Promises of the deals won in one month.
#[derive(Debug, Serialize, JsonSchema)]
struct MonthOut {
    /// The month (UTC), as 2026-03.
    month: String,
    #[serde(flatten)]
    counts: CountsOut,
}

/// Promises about one thing.
#[derive(Debug, Serialize, JsonSchema)]
struct CategoryOut {
    /// What they are about; absent where it is not told.
    category: Option<String>,
    #[serde(flatten)]
    counts: CountsOut,
}

/// Promises by what the contract says of them.
#[derive(Debug, Serialize, JsonSchema)]
struct CountsOut {
    /// A clause carries them.
    written: i64,
    /// A clause says something else.
    contradicted: i64,
    /// No clause carries them.
    unwritten: i64,
    /// There is no contract in the record.
    no_contract: i64,
    /// They were not compared.
    untold: i64,
}

pub(super) async fn run(app: &App, caller: &Caller, input: Selection) -> Result<Told<Output>, Error> {
    let trends = ledger::trends(app, caller, &input.read(app.clock.now())?).await?;
    let text = text(&trends);
    let months = trends.months.into_iter().map(|of| MonthOut { month: of.month, counts: told(of.counts) }).collect();
    let categories = trends.categories.into_iter();
    let categories =
        categories.map(|of| CategoryOut { category: of.category.as_ref().map(word), counts: told(of.counts) });
    Ok(Told::new(Output { months, categories: categories.collect() }, text))
}

const fn told(counts: ContractCounts) -> CountsOut {
    let ContractCounts { written, contradicted, unwritten, no_contract, untold } = counts;
    CountsOut { written, contradicted, unwritten, no_contract, untold }
}

fn text(trends: &Trends) -> String {
    let mut text = String::new();
    for (at, of) in trends.months.iter().enumerate() {
        if at == 0 {
            text.push_str("By the month in which the deal was won (UTC):\n");
        }
        line(&mut text, &of.month, of.counts);
    }
    for (at, of) in trends.categories.iter().enumerate() {
        if at == 0 {
            text.push_str("By what they are about:\n");
        }
        line(&mut text, &of.category.as_ref().map_or_else(|| "not told".to_owned(), word), of.counts);
    }
    if text.is_empty() { "No promises in this selection.\n".to_owned() } else { text }
}

/// The counts of one month or category, less those that are nothing.
fn line(text: &mut String, of: &str, counts: ContractCounts) {
    let _ = write!(text, "- {of}: {} promises", counts.all());
    for (says, count) in [
        ("written", counts.written),
        ("contradicted", counts.contradicted),
        ("unwritten", counts.unwritten),
        ("without a contract", counts.no_contract),
        ("not compared", counts.untold),
    ] {
        if count > 0 {
            let _ = write!(text, ", {count} {says}");
        }
    }
    text.push('\n');
}
