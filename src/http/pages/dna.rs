//! Client DNA as a page: of a deal, of an account.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use super::deal_head::DealHead;
use super::shell::{Failed, Place, Visitor};
use super::words::moment_of;
use crate::access::Act;
use crate::app::App;
use crate::dna::{self, DnaChanges, KeptProfile, Occasion, Section, Since};
use crate::documents::client_dna::{DnaView, view};
use crate::domain::ids::{AccountId, DealId};
use crate::error::Error;
use crate::http::extract::{Path, Query};
use crate::http::v1::dna::ChangesSince;

/// Kept profiles that can be chosen to compare with.
const MOST_KEPT: usize = 30;

#[derive(Serialize)]
struct DnaPage {
    /// Of a deal: its head.
    deal: Option<DealHead>,
    account_url: String,
    dna: DnaView,
    json_url: String,
    markdown_url: String,
    changes: ChangesView,
}

#[derive(Serialize)]
struct ChangesView {
    /// What the profile is compared with; none where nothing was kept before.
    since: Option<String>,
    lines: Vec<ChangeLine>,
    choices: Vec<ChoiceView>,
}

#[derive(Serialize)]
struct ChangeLine {
    heading: &'static str,
    what: &'static str,
    before: Option<String>,
    after: Option<String>,
    details: Vec<String>,
    deal: Option<String>,
}

#[derive(Serialize)]
struct ChoiceView {
    value: String,
    label: String,
    selected: bool,
}

pub(super) async fn of_deal(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<DealId>,
    Query(since): Query<ChangesSince>,
) -> Result<Html<String>, Failed> {
    let caller = &visitor.caller;
    let profile = dna::of_deal(&app, caller, &id).await?;
    let since = since.read()?;
    let changes = dna::changes_of_deal(&app, caller, &id, &since).await?;
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let deal = caller.deal(&mut conn, &id, Act::SeeDeal).await?;
    let head = DealHead::read(&app, &mut conn, caller, &deal).await?;
    let page = DnaPage {
        deal: Some(head),
        account_url: format!("/accounts/{}", deal.account_id),
        dna: view(&profile),
        json_url: format!("/v1/deals/{id}/dna"),
        markdown_url: format!("/v1/deals/{id}/dna?format=markdown"),
        changes: changes_view(changes, &since, false),
    };
    let title = format!("Client DNA: {}", deal.name);
    Ok(visitor.page("pages/dna.html", &title, Place::Deals(Some("dna")), page)?)
}

pub(super) async fn of_account(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<AccountId>,
    Query(since): Query<ChangesSince>,
) -> Result<Html<String>, Failed> {
    let caller = &visitor.caller;
    let profile = dna::of_account(&app, caller, &id).await?;
    let since = since.read()?;
    let changes = dna::changes_of_account(&app, caller, &id, &since).await?;
    let joined = profile.deals.len() > 1;
    let page = DnaPage {
        deal: None,
        account_url: format!("/accounts/{id}"),
        dna: view(&profile),
        json_url: format!("/v1/accounts/{id}/dna"),
        markdown_url: format!("/v1/accounts/{id}/dna?format=markdown"),
        changes: changes_view(changes, &since, joined),
    };
    let title = format!("Client DNA: {}", profile.account);
    Ok(visitor.page("pages/dna.html", &title, Place::Deals(None), page)?)
}

fn changes_view(changes: DnaChanges, since: &Since, joined: bool) -> ChangesView {
    let named = |name: String| joined.then_some(name);
    let mut lines: Vec<(Section, ChangeLine)> = Vec::new();
    for change in changes.changed {
        let reworded = change.before != change.after;
        let mut details = change.details;
        details.extend(change.moved_from.map(|from| format!("stood under “{}” before", from.heading())));
        let before = reworded.then_some(change.before);
        let line = line(change.section, "Changed", before, Some(change.after), named(change.deal.name));
        lines.push((change.section, ChangeLine { details, ..line }));
    }
    for change in changes.came {
        lines.push((change.section, line(change.section, "New", None, Some(change.text), named(change.deal.name))));
    }
    for change in changes.went {
        lines.push((change.section, line(change.section, "Gone", Some(change.text), None, named(change.deal.name))));
    }
    lines.sort_by_key(|(section, _)| *section);
    let choice = |kept: &KeptProfile| ChoiceView {
        value: if joined { kept.at.to_string() } else { kept.id.to_string() },
        label: if joined { format!("{} ({})", told(kept), kept.deal.name) } else { told(kept) },
        selected: match since {
            Since::Last => false,
            Since::Snapshot(id) => *id == kept.id,
            Since::Moment(at) => *at == kept.at,
        },
    };
    ChangesView {
        since: changes.since.first().map(|first| match changes.since.len() {
            1 => told(first),
            n => format!("the profiles of {n} deals"),
        }),
        lines: lines.into_iter().map(|(_, line)| line).collect(),
        choices: changes.kept.iter().take(MOST_KEPT).map(choice).collect(),
    }
}

fn line(
    section: Section,
    what: &'static str,
    before: Option<String>,
    after: Option<String>,
    deal: Option<String>,
) -> ChangeLine {
    ChangeLine { heading: section.heading(), what, before, after, details: Vec::new(), deal }
}

/// `drafted 2 June 2026, 14:10 UTC`.
fn told(kept: &KeptProfile) -> String {
    let occasion = match kept.occasion {
        Occasion::Drafted => "drafted",
        Occasion::Finalized => "finalized",
        Occasion::Accepted => "accepted",
        Occasion::Returned => "given back",
        Occasion::Corrected => "corrected",
    };
    format!("{occasion} {}", moment_of(kept.at))
}
