//! What stands against promises: both words, side by side.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use super::filters::{FilterForm, filter_form};
use super::lines::{Link, link};
use super::next;
use crate::app::App;
use crate::http::extract::Query;
use crate::http::pages::shell::{Failed, Place, Visitor};
use crate::ledger::LedgerQuery;
use crate::ledger::contradictions::{self as use_case, Contradiction, Kind};

/// Promises on one page.
const PER_PAGE: u32 = 25;
const PATH: &str = "/ledger/contradictions";

#[derive(Serialize)]
struct ContradictionsPage {
    filter: FilterForm,
    pairs: Vec<PairLine>,
    first_url: Option<String>,
    next_url: Option<String>,
}

#[derive(Serialize)]
struct PairLine {
    what: &'static str,
    class: &'static str,
    account: String,
    deal: String,
    deal_url: String,
    statement: String,
    words: Option<Link>,
    against: &'static str,
    against_statement: Option<String>,
    against_words: Option<Link>,
}

pub(in crate::http::pages) async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(query): Query<LedgerQuery>,
) -> Result<Html<String>, Failed> {
    let caller = &visitor.caller;
    let standing = query.standing.clone().filter(|standing| !standing.trim().is_empty());
    let query = LedgerQuery { standing: Some(standing.unwrap_or_else(|| "all".to_owned())), ..query };
    let (filter, sort) = (query.filter(app.clock.now())?, query.sort()?);
    let found = use_case::contradictions(&app, caller, &filter, sort, query.cursor.as_deref(), PER_PAGE).await?;
    let page = ContradictionsPage {
        filter: filter_form(&app, caller, &query, (PATH, "all")).await?,
        pairs: found.contradictions.into_iter().map(pair).collect(),
        first_url: query.cursor.is_some().then(|| format!("{PATH}?{}", query.clone().kept().address())),
        next_url: found.next_cursor.map(|cursor| next(PATH, &query, cursor)),
    };
    Ok(visitor.page("pages/ledger-contradictions.html", "Contradictions", Place::Ledger, page)?)
}

fn pair(found: Contradiction) -> PairLine {
    let Contradiction { kind, promise, against } = found;
    let (what, class, heading) = match kind {
        Kind::Superseded => ("A newer word", "unwritten", "Said later"),
        Kind::Withdrawn => ("Taken back", "unwritten", "Said later"),
        Kind::Contract => ("The contract says otherwise", "contradicted", "The contract says"),
    };
    PairLine {
        what,
        class,
        account: promise.account.name,
        deal: promise.deal.name,
        deal_url: format!("/deals/{}", promise.deal.id),
        words: promise.said.as_ref().and_then(|said| link(said, promise.links.words)),
        statement: promise.statement,
        against: heading,
        against_statement: against.statement,
        against_words: against.said.as_ref().and_then(|said| link(said, against.link)),
    }
}
