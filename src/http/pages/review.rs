//! The review: the draft on one side, the record on the other.

mod attributes;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;
use serde_json::Value;

use super::deal_head::DealHead;
use super::shell::{Failed, Place, Visitor};
use super::source::word;
use crate::access::Act;
use crate::app::App;
use crate::domain::deal::{DealState, Source, SourceState};
use crate::domain::field::Field;
use crate::domain::handoff::Missing;
use crate::domain::ids::DealId;
use crate::domain::item::{Item, ItemState};
use crate::error::Error;
use crate::http::extract::Path;
use crate::render::view::{in_words, moment};
use crate::review::{self, CurrentDraft, review_order};
use crate::store::sources;
use attributes::Attribute;

#[derive(Serialize)]
struct ReviewPage {
    deal: DealHead,
    progress: Progress,
    can_finalize: bool,
    items: Vec<ItemLine>,
    data: Data,
}

#[derive(Serialize)]
struct Progress {
    decided: usize,
    total: usize,
}

/// An item for whoever reads without scripts.
#[derive(Serialize)]
struct ItemLine {
    heading: &'static str,
    statement: String,
    state_label: &'static str,
    cited: Option<String>,
}

/// What the page's script works with.
#[derive(Serialize)]
struct Data {
    deal: DealData,
    me: String,
    can: CanData,
    fields: Vec<FieldData>,
    attributes: BTreeMap<&'static str, Vec<Attribute>>,
    items: Vec<Value>,
    sources: Vec<SourceData>,
    missing: Vec<Missing>,
}

#[derive(Serialize)]
struct DealData {
    id: String,
    revision: i64,
    state: DealState,
}

#[derive(Serialize)]
struct CanData {
    decide: bool,
    finalize: bool,
}

#[derive(Serialize)]
struct FieldData {
    field: &'static str,
    heading: &'static str,
    short: &'static str,
    core: bool,
    sensitive: bool,
    question: Option<&'static str>,
    marked_by: Option<String>,
}

#[derive(Serialize)]
struct SourceData {
    id: String,
    name: String,
    kind_label: String,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<DealId>,
) -> Result<Html<String>, Failed> {
    let caller = &visitor.caller;
    let current = review::current_draft(&app, caller, &id).await?;
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let head = DealHead::read(&app, &mut conn, caller, &current.deal).await?;
    let sources = sources::list(&mut conn, &id).await.map_err(Error::from)?;
    let may_decide = caller.may_with(Act::Review, &current.deal);
    let sees_sensitive = caller.may_with(Act::SeeSensitive, &current.deal);
    let total = current.document.items.len();
    let open = current.document.items.iter().filter(|item| item.state == ItemState::Drafted).count();
    let order = review_order(&current.document.items);
    let page = ReviewPage {
        progress: Progress { decided: total - open, total },
        can_finalize: may_decide,
        items: order.iter().filter_map(|at| current.document.items.get(*at)).map(item_line).collect(),
        data: data(&current, &order, &sources, &visitor, may_decide, sees_sensitive),
        deal: head,
    };
    let title = format!("Review: {}", page.deal.account);
    Ok(visitor.page("pages/review.html", &title, Place::Deals(Some("review")), page)?)
}

fn item_line(item: &Item) -> ItemLine {
    let cited = item.citations.first().map(|citation| {
        let who = citation.speaker().unwrap_or(citation.source());
        format!("{who}, {}", moment(citation.start_ms(), citation.precision(), citation.turn()))
    });
    ItemLine {
        heading: item.field().heading(),
        statement: item.statement.clone(),
        state_label: match item.state {
            ItemState::Drafted => "to decide",
            ItemState::Approved => "approved",
            ItemState::Rejected => "rejected",
        },
        cited,
    }
}

fn data(
    current: &CurrentDraft,
    order: &[usize],
    sources: &[Source],
    visitor: &Visitor,
    may_decide: bool,
    sees_sensitive: bool,
) -> Data {
    let shown: Vec<Field> = Field::ALL.into_iter().filter(|field| sees_sensitive || !field.is_sensitive()).collect();
    let ready = sources.iter().filter(|source| source.state == SourceState::Ready);
    Data {
        deal: DealData { id: current.deal.id.to_string(), revision: current.deal.revision, state: current.deal.state },
        me: visitor.caller.name.clone(),
        can: CanData { decide: may_decide, finalize: may_decide },
        fields: shown.iter().map(|field| field_data(*field, current)).collect(),
        attributes: shown.iter().map(|field| (field.as_str(), attributes::of(*field))).collect(),
        items: order.iter().filter_map(|at| item_data(current, *at)).collect(),
        sources: ready
            .map(|source| SourceData {
                id: source.id.to_string(),
                name: source.name.clone(),
                kind_label: source.kind.map(|kind| in_words(&word(&kind)).to_lowercase()).unwrap_or_default(),
            })
            .collect(),
        missing: current.missing.clone(),
    }
}

fn field_data(field: Field, current: &CurrentDraft) -> FieldData {
    let mark = current.document.marked_unknown.iter().find(|mark| mark.field == field);
    FieldData {
        field: field.as_str(),
        heading: field.heading(),
        short: field.short(),
        core: field.is_core(),
        sensitive: field.is_sensitive(),
        question: field.question(),
        marked_by: mark.map(|mark| mark.by.clone()),
    }
}

/// The item as the API gives it, less what is the usual: a page of sixty items is half as long without it.
fn item_data(current: &CurrentDraft, at: usize) -> Option<Value> {
    let item = current.document.items.get(at)?;
    let stored = current.stored.iter().find(|stored| stored.item.id == item.id)?;
    let mut value = serde_json::to_value(item).ok()?;
    let object = value.as_object_mut()?;
    object.insert("revision".to_owned(), stored.revision.into());
    if !stored.broken.is_empty() {
        object.insert("broken_citations".to_owned(), stored.broken.clone().into());
    }
    object.remove("origin");
    object.retain(|_, value| !value.is_null());
    for citation in object.get_mut("citations").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(citation) = citation.as_object_mut() {
            let usual = |key: &str, value: &Value| {
                matches!(
                    (key, value.as_str()),
                    ("side", Some("unknown"))
                        | ("precision", Some("none"))
                        | ("match", Some("exact"))
                        | ("role", Some("support"))
                )
            };
            citation.retain(|key, value| {
                !value.is_null() && !matches!(key.as_str(), "source" | "end_ms") && !usual(key, value)
            });
        }
    }
    Some(value)
}
