//! An account over all its deals: what is promised, who matters, what is final.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use super::shell::{Failed, Place, Visitor};
use super::source::word;
use super::words::{day, state_label};
use crate::access::Act;
use crate::app::App;
use crate::domain::deal::DealState;
use crate::domain::finding::{Commitment, ContractStatus, Finding, History, Stakeholder};
use crate::domain::ids::AccountId;
use crate::domain::item::{Item, ItemState};
use crate::error::Error;
use crate::http::extract::Path;
use crate::render::view::{in_words, moment};
use crate::store::deals::{self, Filter, ListedDeal};
use crate::store::versions::Version;
use crate::store::{items, versions};

/// Deals of an account that are looked at.
const MOST_DEALS: u32 = 200;

#[derive(Default, Serialize)]
struct AccountPage {
    account: AccountView,
    promises: Vec<PromiseLine>,
    people: Vec<PersonLine>,
    deals: Vec<DealLine>,
    versions: Vec<VersionLine>,
}

#[derive(Default, Serialize)]
struct AccountView {
    id: String,
    name: String,
    summary: String,
}

#[derive(Serialize)]
struct PromiseLine {
    statement: String,
    /// By whom, how firmly, until when, and what the contract says of it.
    facts: Vec<String>,
    cited: Option<CitedAt>,
    undecided: bool,
}

#[derive(Serialize)]
struct CitedAt {
    url: String,
    label: String,
}

#[derive(Serialize)]
struct PersonLine {
    name: String,
    title: Option<String>,
    tags: Vec<String>,
    deal: String,
    undecided: bool,
}

#[derive(Serialize)]
struct DealLine {
    id: String,
    name: String,
    state: DealState,
    state_label: &'static str,
    about: String,
}

#[derive(Serialize)]
struct VersionLine {
    url: String,
    deal: String,
    number: i64,
    about: String,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<AccountId>,
) -> Result<Html<String>, Failed> {
    let caller = &visitor.caller;
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let account = caller.account(&mut conn, &id, Act::SeeDeal).await?;
    let filter = Filter { account: Some(id), ..Filter::default() };
    let found = deals::by_deadline(&mut conn, &caller.tenant, &caller.sight(), &filter, 0, MOST_DEALS).await;
    let mut page = AccountPage::default();
    for listed in found.map_err(Error::from)? {
        let stored = items::list(&mut conn, &listed.deal.id).await.map_err(Error::from)?;
        let standing: Vec<&Item> = stored.iter().map(|stored| &stored.item).filter(|item| item.stands()).collect();
        page.take(&standing, &listed.deal.name);
        let finals = versions::list(&mut conn, &listed.deal.id).await.map_err(Error::from)?;
        page.versions.extend(finals.iter().rev().map(|version| version_line(version, &listed.deal.name)));
        page.deals.push(deal_line(listed));
    }
    page.account = AccountView { id: account.id.to_string(), summary: summary(&page.deals), name: account.name };
    let title = page.account.name.clone();
    Ok(visitor.page("pages/account.html", &title, Place::Deals(None), page)?)
}

impl AccountPage {
    /// Adds what the page shows of a deal's items: open promises and people. Notes about persons are other fields.
    fn take(&mut self, items: &[&Item], deal: &str) {
        for item in items {
            match &item.finding {
                Finding::Commitment(own) if is_open(own, items) => self.promises.push(promise(item, own)),
                Finding::Stakeholder(person) => self.people.push(person_line(item, person, deal)),
                _ => {}
            }
        }
    }
}

/// Whether a commitment is the last word on what it promises. A newer word that was rejected took nobody's place.
fn is_open(commitment: &Commitment, items: &[&Item]) -> bool {
    let is_superseded =
        commitment.superseded_by.as_ref().is_some_and(|by| items.iter().any(|item| item.id.as_str() == by));
    !is_superseded && commitment.history != Some(History::Withdrawn)
}

fn promise(item: &Item, commitment: &Commitment) -> PromiseLine {
    let mut facts = Vec::new();
    facts.extend(commitment.owed_by.map(|side| format!("by the {}", side.as_str())));
    facts.extend(commitment.strength.map(|strength| in_words(&word(&strength)).to_lowercase()));
    facts.extend(commitment.due.as_ref().map(|due| format!("due: {due}")));
    facts.extend(commitment.contract.map(|status| contract_label(status).to_owned()));
    facts.extend(item.attested_by.as_ref().map(|by| format!("from memory, {by}")));
    PromiseLine {
        statement: item.statement.clone(),
        facts,
        cited: cited(item),
        undecided: item.state == ItemState::Drafted,
    }
}

const fn contract_label(status: ContractStatus) -> &'static str {
    match status {
        ContractStatus::Written => "in the contract",
        ContractStatus::Contradicted => "the contract says otherwise",
        ContractStatus::Unwritten => "no clause carries it",
        ContractStatus::NoContract => "no contract in the record",
    }
}

/// The moment at which it was said first.
fn cited(item: &Item) -> Option<CitedAt> {
    let citation = item.citations.first()?;
    let when = moment(citation.start_ms(), citation.precision(), citation.turn());
    Some(CitedAt {
        url: format!("/sources/{}#t{}", citation.source_id()?, citation.turn()),
        label: format!("{}, {when}", citation.source()),
    })
}

fn person_line(item: &Item, person: &Stakeholder, deal: &str) -> PersonLine {
    let mut tags: Vec<String> =
        person.roles.iter().flatten().map(|role| in_words(&word(role)).to_lowercase()).collect();
    tags.extend(person.stance.map(|stance| word(&stance)));
    tags.extend((person.leaving == Some(true)).then(|| "leaving".to_owned()));
    PersonLine {
        name: person.name.clone().unwrap_or_else(|| item.statement.clone()),
        title: person.title.clone(),
        tags,
        deal: deal.to_owned(),
        undecided: item.state == ItemState::Drafted,
    }
}

fn deal_line(listed: ListedDeal) -> DealLine {
    let ListedDeal { deal, owner, csm, .. } = listed;
    DealLine {
        id: deal.id.to_string(),
        name: deal.name,
        state: deal.state,
        state_label: state_label(deal.state),
        about: match (owner, csm) {
            (Some(owner), Some(csm)) => format!("{owner} → {csm}"),
            (Some(owner), None) => owner,
            (None, Some(csm)) => format!("nobody → {csm}"),
            (None, None) => "nobody yet".to_owned(),
        },
    }
}

fn version_line(version: &Version, deal: &str) -> VersionLine {
    VersionLine {
        url: format!("/deals/{}/versions/{}/full", version.deal, version.number),
        deal: deal.to_owned(),
        number: version.number,
        about: day(version.created_at),
    }
}

fn summary(deals: &[DealLine]) -> String {
    let accepted = deals.iter().filter(|deal| deal.state == DealState::Accepted).count();
    match deals.len() {
        0 => "No deals yet.".to_owned(),
        1 => format!("1 deal, {accepted} handed over."),
        n => format!("{n} deals, {accepted} handed over."),
    }
}
