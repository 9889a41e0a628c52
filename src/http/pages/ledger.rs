//! The promises of every deal that one may see: filters that work without a script, counts, trends, and the way to the words.

mod contradictions;
mod filters;
mod lines;

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

pub(super) use contradictions::page as contradictions_page;

use self::filters::{FilterForm, filter_form};
use self::lines::{EntryLine, Matrix, line, matrix, money};
use super::pictures::PictureView;
use super::shell::{Failed, Place, Visitor};
use crate::app::App;
use crate::http::extract::Query;
use crate::ledger::export::Format;
use crate::ledger::views::{self, View};
use crate::ledger::{self as use_case, LedgerQuery, Totals, watch};
use crate::pictures;

/// Promises on one page.
const PER_PAGE: u32 = 25;

#[derive(Serialize)]
struct LedgerPage {
    summary: String,
    stake: Option<String>,
    filter: FilterForm,
    views: Vec<ViewLine>,
    /// The filter as it is kept under a name.
    kept_filter: String,
    exports: Vec<ExportLink>,
    matrix: Option<Matrix>,
    pictures: Vec<PictureView>,
    entries: Vec<EntryLine>,
    first_url: Option<String>,
    next_url: Option<String>,
}

/// A filter that somebody keeps.
#[derive(Serialize)]
struct ViewLine {
    id: Option<String>,
    name: String,
    url: String,
    about: Option<String>,
    is_here: bool,
    is_own: bool,
}

#[derive(Serialize)]
struct ExportLink {
    label: &'static str,
    url: String,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(query): Query<LedgerQuery>,
) -> Result<Html<String>, Failed> {
    let caller = &visitor.caller;
    let query = shown(query);
    let (filter, sort) = (query.filter(app.clock.now())?, query.sort()?);
    let (found, totals, trends) = tokio::try_join!(
        use_case::page(&app, caller, &filter, sort, query.cursor.as_deref(), PER_PAGE),
        use_case::totals(&app, caller, &filter),
        use_case::trends(&app, caller, &filter)
    )?;
    let address = query.clone().kept().address();
    let drawn = [
        ("trend-months", pictures::trend_by_month(&trends)),
        ("trend-categories", pictures::trend_by_category(&trends)),
    ];
    let page = LedgerPage {
        summary: summary(&totals),
        stake: stake(&totals),
        views: view_lines(&views::list(&app, caller).await?, &visitor, &address),
        filter: filter_form(&app, caller, &query, ("/ledger", "current")).await?,
        exports: exports(&address),
        matrix: matrix(&totals, &query),
        pictures: drawn.into_iter().filter_map(|(id, picture)| Some(PictureView::of(id, picture?))).collect(),
        entries: found.entries.into_iter().map(|entry| line(entry, caller)).collect(),
        first_url: query.cursor.is_some().then(|| format!("/ledger?{address}")),
        next_url: found.next_cursor.map(|cursor| next("/ledger", &query, cursor)),
        kept_filter: address,
    };
    Ok(visitor.page("pages/ledger.html", "Promises", Place::Ledger, page)?)
}

/// The filter of a page: the last words only, unless it says otherwise.
fn shown(query: LedgerQuery) -> LedgerQuery {
    let standing = query.standing.filter(|standing| !standing.trim().is_empty());
    LedgerQuery { standing: Some(standing.unwrap_or_else(|| "current".to_owned())), ..query }
}

/// The page after this one.
fn next(path: &str, query: &LedgerQuery, cursor: String) -> String {
    format!("{path}?{}", LedgerQuery { cursor: Some(cursor), ..query.clone() }.address())
}

fn summary(totals: &Totals) -> String {
    let promises = if totals.promises == 1 { "promise" } else { "promises" };
    let deals = if totals.deals == 1 { "deal" } else { "deals" };
    format!("{} {promises} in {} {deals}.", totals.promises, totals.deals)
}

/// `48,000 EUR in these deals`.
fn stake(totals: &Totals) -> Option<String> {
    let amounts: Vec<String> = totals.amounts.iter().map(money).collect();
    (!amounts.is_empty()).then(|| format!("{} in these deals, each counted once.", amounts.join(", ")))
}

fn exports(address: &str) -> Vec<ExportLink> {
    let link = |(format, label): (Format, &'static str)| {
        let word = format.suffix();
        let url = if address.is_empty() { format!("format={word}") } else { format!("{address}&format={word}") };
        ExportLink { label, url: format!("/v1/ledger/export?{url}") }
    };
    [(Format::Csv, "CSV"), (Format::Json, "JSON"), (Format::Parquet, "Parquet")].into_iter().map(link).collect()
}

/// Filters that everybody has, then those that people keep.
fn view_lines(kept: &[View], visitor: &Visitor, here: &str) -> Vec<ViewLine> {
    let fixed = |name: &str, filter: LedgerQuery| {
        let address = shown(filter).address();
        ViewLine {
            id: None,
            name: name.to_owned(),
            is_here: address == here,
            url: format!("/ledger?{address}"),
            about: None,
            is_own: false,
        }
    };
    let contract = |status: &str| LedgerQuery { contract: Some(status.to_owned()), ..LedgerQuery::default() };
    let own = |view: &View| visitor.caller.user.as_ref() == Some(&view.owner_id);
    let line = |view: &View| ViewLine {
        id: own(view).then(|| view.id.to_string()),
        name: view.name.clone(),
        is_here: view.filter == here,
        url: format!("/ledger?{}", view.filter),
        about: match (own(view), view.shared) {
            (true, true) => Some("shared".to_owned()),
            (true, false) => None,
            (false, _) => Some(format!("from {}", view.owner)),
        },
        is_own: own(view),
    };
    let fixed = [
        fixed("All", LedgerQuery::default()),
        fixed("Firm, unwritten, due soon", watch::watched()),
        fixed("Contradicted", contract("contradicted")),
    ];
    fixed.into_iter().chain(kept.iter().map(line)).collect()
}
