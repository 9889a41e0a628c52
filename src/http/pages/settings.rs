//! What a workspace sets for itself, one page per matter.

mod assignment;
mod audit;
mod deadlines;
mod people;
mod webhooks;

use std::sync::Arc;

use axum::response::Html;
use axum::routing::{MethodRouter, get};
use serde::Serialize;

use super::shell::{Place, Visitor};
use crate::app::App;
use crate::http::problem::Problem;

/// The pages in the order of their navigation: address and name.
const PAGES: [(&str, &str); 5] = [
    ("/settings", "People"),
    ("/settings/deadlines", "Deadlines"),
    ("/settings/assignment", "Assignment"),
    ("/settings/webhooks", "Webhooks"),
    ("/settings/audit", "Audit log"),
];

/// The pages with their addresses.
pub(super) fn pages() -> [(&'static str, MethodRouter<Arc<App>>); 5] {
    let [people, deadlines, assignment, webhooks, audit] = PAGES.map(|(url, _)| url);
    [
        (people, get(people::page)),
        (deadlines, get(deadlines::page)),
        (assignment, get(assignment::page)),
        (webhooks, get(webhooks::page)),
        (audit, get(audit::page)),
    ]
}

#[derive(Serialize)]
struct Link {
    url: &'static str,
    label: &'static str,
    current: bool,
}

#[derive(Serialize)]
struct SettingsPage<T> {
    settings_nav: Vec<Link>,
    #[serde(flatten)]
    content: T,
}

/// Fills the template of the page at `url`.
fn page<T: Serialize>(
    visitor: &Visitor,
    template: &'static str,
    url: &str,
    content: T,
) -> Result<Html<String>, Problem> {
    let settings_nav: Vec<Link> =
        PAGES.into_iter().map(|(to, label)| Link { url: to, label, current: to == url }).collect();
    let title = settings_nav.iter().find(|link| link.current).map_or("Settings", |link| link.label);
    visitor.page(template, title, Place::Settings, SettingsPage { settings_nav, content })
}
