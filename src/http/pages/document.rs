//! One document of a version, as it prints, and what changed between two versions.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use super::handover::version_url;
use super::shell::{Failed, Place, Visitor, fragment};
use crate::access::{Act, Sight};
use crate::app::App;
use crate::documents::{Document, DocumentKind, ItemChange, ScoreMove, VersionChanges, print_html};
use crate::domain::deal::Deal;
use crate::domain::field::Field;
use crate::domain::ids::DealId;
use crate::error::Error;
use crate::handover;
use crate::http::extract::Path;
use crate::http::problem::Problem;
use crate::render::view::in_words;
use crate::store::versions::Version;
use crate::store::{accounts, versions};

#[derive(Serialize)]
struct DocumentPage {
    deal: DealView,
    documents: Vec<Tab>,
    document: DocumentView,
}

#[derive(Serialize)]
struct DealView {
    id: String,
    account: String,
}

#[derive(Serialize)]
struct Tab {
    title: &'static str,
    url: String,
    current: bool,
}

#[derive(Serialize)]
struct DocumentView {
    slug: &'static str,
    title: String,
    html: String,
    /// Whether the document itself begins with a heading.
    has_heading: bool,
    foot: String,
    copy_url: String,
    download_url: String,
}

#[derive(Serialize)]
struct ComparePage {
    deal: DealView,
    compare: CompareView,
}

#[derive(Serialize)]
struct CompareView {
    from: i64,
    to: i64,
    summary: String,
    sections: Vec<SectionView>,
    answered: Vec<&'static str>,
    unanswered: Vec<&'static str>,
    scores: Vec<String>,
}

#[derive(Serialize)]
struct SectionView {
    field: &'static str,
    heading: &'static str,
    changed: Vec<ChangedView>,
    added: Vec<String>,
    removed: Vec<String>,
}

#[derive(Serialize)]
struct ChangedView {
    before: String,
    after: String,
    is_reworded: bool,
    details: Vec<String>,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((id, number, kind)): Path<(DealId, i64, DocumentKind)>,
) -> Result<Html<String>, Failed> {
    let (deal, account, version) = find(&app, &visitor, &id, number).await?;
    let document = handover::document(&app, &visitor.caller, &version.id, kind).await?;
    let html = printed(&document);
    let tab = |other: DocumentKind| Tab {
        title: other.title(),
        url: version_url(&id, number, other.as_str()),
        current: other == kind,
    };
    let download_url = format!("/v1/versions/{}/documents/{kind}", version.id);
    let hash: String = version.content_hash.chars().take(12).collect();
    let page = DocumentPage {
        deal: DealView { id: deal.id.to_string(), account },
        documents: DocumentKind::ALL.into_iter().map(tab).collect(),
        document: DocumentView {
            slug: kind.as_str(),
            title: document.title.clone(),
            has_heading: html.contains("<h1>"),
            html,
            foot: format!("Version {number} · {hash}"),
            copy_url: download_url.clone(),
            download_url,
        },
    };
    Ok(visitor.page("pages/document.html", &document.title, Place::Deals(None), page)?)
}

#[derive(Serialize)]
struct Paper<'a> {
    slug: &'static str,
    title: &'a str,
    html: String,
}

/// A document alone on a page, to print.
pub(in crate::http) fn paper(document: &Document) -> Result<Html<String>, Problem> {
    let (slug, title) = (document.kind.as_str(), document.title.as_str());
    fragment("pages/paper.html", &Paper { slug, title, html: printed(document) })
}

/// A document as it prints: marked up, or, where it is JSON, line by line.
fn printed(document: &Document) -> String {
    if !document.media_type.starts_with("application/json") {
        return print_html(&document.text);
    }
    let value: Option<serde_json::Value> = serde_json::from_str(&document.text).ok();
    let lines = value.and_then(|value| serde_json::to_string_pretty(&value).ok());
    print_html(&format!("```json\n{}\n```\n", lines.as_ref().unwrap_or(&document.text)))
}

pub(super) async fn compare(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((id, number)): Path<(DealId, i64)>,
) -> Result<Html<String>, Failed> {
    let (deal, account, version) = find(&app, &visitor, &id, number).await?;
    let changes = handover::version_changes(&app, &visitor.caller, &version.id, None).await?;
    let title = format!("Version {number}: what changed");
    let compare = CompareView {
        from: changes.from,
        to: changes.to,
        summary: format!(
            "{} changed, {} new, {} gone.",
            changes.changed.len(),
            changes.added.len(),
            changes.removed.len()
        ),
        answered: changes.newly_answered.iter().map(|field| field.heading()).collect(),
        unanswered: changes.newly_unknown.iter().map(|field| field.heading()).collect(),
        scores: changes.scorecard.iter().map(score).collect(),
        sections: sections(changes),
    };
    let page = ComparePage { deal: DealView { id: deal.id.to_string(), account }, compare };
    Ok(visitor.page("pages/compare.html", &title, Place::Deals(None), page)?)
}

/// `Customer intent: unclear → clear`.
fn score(moved: &ScoreMove) -> String {
    format!("{}: {} → {}", in_words(moved.question), moved.before.as_str(), moved.after.as_str())
}

async fn find(app: &App, visitor: &Visitor, id: &DealId, number: i64) -> Result<(Deal, String, Version), Error> {
    let caller = &visitor.caller;
    let mut conn = app.store.snapshot().await?;
    let deal = caller.deal(&mut conn, id, Act::SeeDeal).await?;
    let account = accounts::find(&mut conn, &caller.tenant, &Sight::All, &deal.account_id).await?;
    let version = versions::list(&mut conn, id).await?.into_iter().find(|version| version.number == number);
    let version = version.ok_or_else(|| Error::not_found("version", number))?;
    Ok((deal, account.map(|account| account.name).unwrap_or_default(), version))
}

fn sections(changes: VersionChanges) -> Vec<SectionView> {
    let mut by_field: BTreeMap<Field, SectionView> = BTreeMap::new();
    let mut section = |field: Field, put: &mut dyn FnMut(&mut SectionView)| {
        let empty = SectionView {
            field: field.as_str(),
            heading: field.heading(),
            changed: Vec::new(),
            added: Vec::new(),
            removed: Vec::new(),
        };
        put(by_field.entry(field).or_insert(empty));
    };
    for item in changes.changed {
        section(item.field, &mut |section| section.changed.push(changed(&item)));
    }
    for item in changes.added {
        section(item.field, &mut |section| section.added.push(item.statement.clone()));
    }
    for item in changes.removed {
        section(item.field, &mut |section| section.removed.push(item.statement.clone()));
    }
    by_field.into_values().collect()
}

fn changed(item: &ItemChange) -> ChangedView {
    let told = |value: &serde_json::Value| match value {
        serde_json::Value::Null => "nothing".to_owned(),
        serde_json::Value::String(text) => text.replace('_', " "),
        other => other.to_string(),
    };
    let detail = |change: &crate::documents::AttributeChange| {
        format!("{}: {} → {}", change.name.replace('_', " "), told(&change.before), told(&change.after))
    };
    let moved = item.moved_from.map(|from| format!("stood under “{}” before", from.heading()));
    ChangedView {
        before: item.before.clone(),
        after: item.after.clone(),
        is_reworded: item.before != item.after,
        details: moved.into_iter().chain(item.attributes.iter().map(detail)).collect(),
    }
}
