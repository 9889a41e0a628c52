//! The audit log, newest first.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::access::Act;
use crate::app::App;
use crate::audit::{self as log, HashedEntry};
use crate::error::Error;
use crate::http::extract::Query;
use crate::http::pages::shell::{Failed, Visitor};
use crate::http::pages::words::moment_of;
use crate::store::audit;

/// Entries on one page.
const PER_PAGE: u32 = 50;
/// Characters of a change that are shown; the export holds all of them.
const SHOWN: usize = 300;
/// Characters of a hash that are shown.
const SHORT_HASH: usize = 8;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// Entries before this number.
    before: Option<i64>,
}

#[derive(Serialize)]
struct AuditPage {
    export_url: &'static str,
    entries: Vec<EntryView>,
    next_url: Option<String>,
}

#[derive(Serialize)]
struct EntryView {
    action: String,
    subject: String,
    actor: String,
    when: String,
    before: Option<String>,
    after: Option<String>,
    reason: Option<String>,
    short_hash: String,
    hash: String,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Failed> {
    let caller = &visitor.caller;
    caller.require(Act::ReadAudit)?;
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let found = audit::newest(&mut conn, &caller.tenant, None, asked.before, PER_PAGE + 1).await;
    let mut found = found.map_err(Error::from)?;
    let more = found.len() > PER_PAGE as usize;
    found.truncate(PER_PAGE as usize);
    let next_url = found.last().filter(|_| more).map(|last| format!("/settings/audit?before={}", last.seq));
    let entries = found.into_iter().map(|stored| log::shown(stored).map(view)).collect::<Result<Vec<_>, _>>()?;
    let page = AuditPage { export_url: "/v1/audit-log/export", entries, next_url };
    Ok(super::page(&visitor, "pages/settings-audit.html", "/settings/audit", page)?)
}

fn view(hashed: HashedEntry) -> EntryView {
    let HashedEntry { hash, entry } = hashed;
    EntryView {
        action: entry.action.replace(['.', '_'], " "),
        subject: entry.subject,
        actor: entry.actor,
        when: moment_of(entry.at),
        before: entry.before.as_ref().and_then(|value| told(value, entry.after.as_ref())),
        after: entry.after.as_ref().and_then(|value| told(value, entry.before.as_ref())),
        reason: entry.reason,
        short_hash: hash.chars().take(SHORT_HASH).collect(),
        hash,
    }
}

/// A value in words: of an object only what the other side has not.
fn told(value: &Value, other: Option<&Value>) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::Object(object) => {
            let differs = |key: &String, value: &Value| other.and_then(|other| other.get(key)) != Some(value);
            let own = object.iter().filter(|(key, value)| !value.is_null() && differs(key, value));
            let parts: Vec<String> =
                own.map(|(key, value)| format!("{}: {}", key.replace('_', " "), plain(value))).collect();
            parts.join(", ")
        }
        other => plain(other),
    };
    Some(clipped(&text)).filter(|text| !text.is_empty())
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_is_told_by_what_differs() {
        let (before, after) = (json!({"name": "Ann", "role": "ae"}), json!({"name": "Ann", "role": "csm"}));
        assert_eq!(told(&before, Some(&after)).as_deref(), Some("role: ae"));
        assert_eq!(told(&after, Some(&before)).as_deref(), Some("role: csm"));
        assert_eq!(told(&after, None).as_deref(), Some("name: Ann, role: csm"));
        assert_eq!(told(&json!({"name": "Ann"}), Some(&after)), None);
        assert_eq!(told(&json!("é".repeat(301)), None), Some(format!("{}…", "é".repeat(300))));
    }
}
