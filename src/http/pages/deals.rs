//! The deals one may see, the nearest deadline first.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use serde::{Deserialize, Serialize};

use super::shell::{Failed, Place, Visitor, query};
use super::words::{Choice, Deadline, STATES, deadline, segments, state_label};
use crate::access::{Act, Sight};
use crate::app::App;
use crate::domain::deal::DealState;
use crate::domain::finding::Finding;
use crate::domain::handoff::MarkedUnknown;
use crate::domain::handover::{Milestone, Receipt};
use crate::domain::ids::DealId;
use crate::domain::item::ItemState;
use crate::domain::policy::SlaPolicies;
use crate::domain::scorecard::{Clarity, RULES, Scorecard, transition};
use crate::error::Error;
use crate::handover::SLA_POLICIES;
use crate::http::extract::Query;
use crate::render::view::in_words;
use crate::review::readiness::{self, Standing};
use crate::store::deals::{self, Filter, ListedDeal};
use crate::store::{Conn, StoreError, accounts, handover, items, milestones, settings};

/// Deals on one page.
const PER_PAGE: u32 = 25;
/// Accounts that are offered for a new deal.
const OFFERED_ACCOUNTS: u32 = 200;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    from: u32,
}

#[derive(Serialize)]
struct DealsPage {
    summary: String,
    filter: FilterView,
    deals: Vec<DealLine>,
    first_url: Option<String>,
    next_url: Option<String>,
    accounts: Vec<String>,
    segments: Vec<Choice>,
    can_create: bool,
}

#[derive(Serialize)]
struct FilterView {
    q: String,
    active: bool,
    states: Vec<StateChoice>,
}

#[derive(Serialize)]
struct StateChoice {
    value: &'static str,
    label: String,
    count: i64,
    selected: bool,
}

#[derive(Serialize)]
struct DealLine {
    id: String,
    account_id: String,
    account: String,
    name: String,
    state: DealState,
    state_label: &'static str,
    deadline: Option<Deadline>,
    scores: Vec<ScoreMark>,
    clear: usize,
    owner: String,
    csm: Option<String>,
    percent: u8,
}

/// One part of a scorecard in a word.
#[derive(Serialize)]
pub(super) struct ScoreMark {
    pub(super) label: String,
    pub(super) answer: &'static str,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Failed> {
    let caller = &visitor.caller;
    caller.require_scope(Act::SeeDeal)?;
    let state = STATES.into_iter().find(|state| state.as_str() == asked.state);
    let text = Some(asked.q.trim().to_owned()).filter(|text| !text.is_empty());
    let filter = Filter { account: None, state, text };
    let sight = caller.sight();
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let counts = deals::count_by_state(&mut conn, &caller.tenant, &sight).await.map_err(Error::from)?;
    let next: HashMap<DealId, Milestone> =
        milestones::next_by_deal(&mut conn, &caller.tenant).await.map_err(Error::from)?.into_iter().collect();
    let found = deals::by_deadline(&mut conn, &caller.tenant, &sight, &filter, asked.from, PER_PAGE + 1).await;
    let mut found = found.map_err(Error::from)?;
    let more = found.len() > PER_PAGE as usize;
    found.truncate(PER_PAGE as usize);
    let mut lines = Vec::with_capacity(found.len());
    for listed in found {
        let clock = next.get(&listed.deal.id).map(|step| deadline(step, app.clock.now()));
        lines.push(line(&mut conn, listed, clock).await.map_err(Error::from)?);
    }
    let can_create = caller.may(Act::OpenDeal);
    let page = DealsPage {
        summary: summary(&sight, &counts, &lines),
        filter: filter_view(&asked, &filter, &counts),
        deals: lines,
        first_url: (asked.from > 0).then(|| address(&asked, 0)),
        next_url: more.then(|| address(&asked, asked.from + PER_PAGE)),
        accounts: if can_create { offered(&mut conn, &visitor).await? } else { Vec::new() },
        segments: known_segments(&mut conn, &visitor).await?,
        can_create,
    };
    Ok(visitor.page("pages/deals.html", "Deals", Place::Deals(None), page)?)
}

async fn line(conn: &mut Conn, listed: ListedDeal, deadline: Option<Deadline>) -> Result<DealLine, StoreError> {
    let ListedDeal { deal, account, owner, csm } = listed;
    let findings = items::findings(conn, &deal.id).await?;
    let unknown = deals::marked_unknown(conn, &deal.id).await?;
    let scores = scores(&findings, &handover::receipts(conn, &deal.id).await?);
    Ok(DealLine {
        id: deal.id.to_string(),
        account_id: deal.account_id.to_string(),
        account,
        name: deal.name,
        state: deal.state,
        state_label: state_label(deal.state),
        deadline,
        clear: scores.iter().filter(|score| score.answer == "clear").count(),
        scores,
        owner: owner.unwrap_or_else(|| "nobody yet".to_owned()),
        csm,
        percent: percent(&findings, &unknown),
    })
}

/// The scorecard of a deal that has a draft.
fn scores(findings: &[(Finding, ItemState)], receipts: &[Receipt]) -> Vec<ScoreMark> {
    if findings.is_empty() {
        return Vec::new();
    }
    let live: Vec<&Finding> =
        findings.iter().filter(|(_, state)| *state != ItemState::Rejected).map(|(finding, _)| finding).collect();
    let transition = transition(receipts.iter().map(|receipt| (receipt.verdict, receipt.rating)));
    let answers = Scorecard { transition, ..Scorecard::of_findings(&live) }.answers();
    let mark =
        |((name, _), answer): ((&str, &str), Clarity)| ScoreMark { label: in_words(name), answer: answer.as_str() };
    RULES.into_iter().zip(answers).map(mark).collect()
}

/// How much of a handoff is there, in per cent.
fn percent(findings: &[(Finding, ItemState)], unknown: &[MarkedUnknown]) -> u8 {
    readiness::percent(|field| {
        let states = findings.iter().filter(|(finding, _)| finding.field() == field).map(|(_, state)| *state);
        Standing::of(states, unknown.iter().any(|mark| mark.field == field))
    })
}

fn summary(sight: &Sight, counts: &[(DealState, i64)], lines: &[DealLine]) -> String {
    let all: i64 = counts.iter().map(|(_, count)| count).sum();
    let open: i64 = counts.iter().filter(|(state, _)| *state != DealState::Accepted).map(|(_, count)| count).sum();
    let late = lines.iter().filter(|line| line.deadline.as_ref().is_some_and(|d| d.tone == "late")).count();
    let deals = if all == 1 { "deal" } else { "deals" };
    let whose = if *sight == Sight::All { "in the workspace" } else { "of yours" };
    match (all, late) {
        (0, _) => "None yet.".to_owned(),
        (_, 0) => format!("{all} {deals} {whose}, {open} on the way."),
        (_, late) => format!("{all} {deals} {whose}, {open} on the way, {late} overdue."),
    }
}

fn filter_view(asked: &Asked, filter: &Filter, counts: &[(DealState, i64)]) -> FilterView {
    let count = |state: DealState| counts.iter().find(|(known, _)| *known == state).map_or(0, |(_, count)| *count);
    let all = StateChoice {
        value: "",
        label: "All".to_owned(),
        count: counts.iter().map(|(_, count)| count).sum(),
        selected: filter.state.is_none(),
    };
    let states = STATES.into_iter().map(|state| StateChoice {
        value: state.as_str(),
        label: in_words(state.as_str()),
        count: count(state),
        selected: filter.state == Some(state),
    });
    FilterView {
        q: asked.q.clone(),
        active: filter.state.is_some() || filter.text.is_some(),
        states: std::iter::once(all).chain(states).collect(),
    }
}

fn address(asked: &Asked, from: u32) -> String {
    let from = from.to_string();
    let pairs = [("q", asked.q.as_str()), ("state", asked.state.as_str()), ("from", from.as_str())];
    let told: Vec<(&str, &str)> = pairs.into_iter().filter(|(_, value)| !value.is_empty() && *value != "0").collect();
    if told.is_empty() { "/".to_owned() } else { format!("/?{}", query(&told)) }
}

async fn offered(conn: &mut Conn, visitor: &Visitor) -> Result<Vec<String>, Error> {
    let caller = &visitor.caller;
    let found = accounts::list(conn, &caller.tenant, &caller.sight(), None, OFFERED_ACCOUNTS).await?;
    Ok(found.into_iter().map(|account| account.name).collect())
}

/// The segments that policies and deals know.
pub(super) async fn known_segments(conn: &mut Conn, visitor: &Visitor) -> Result<Vec<Choice>, Error> {
    let tenant = &visitor.caller.tenant;
    let policies: SlaPolicies = settings::get(conn, tenant, SLA_POLICIES).await?;
    let mut found = deals::segments(conn, tenant).await?;
    found.extend(policies.policies.into_iter().filter_map(|policy| policy.segment));
    Ok(segments(found))
}
