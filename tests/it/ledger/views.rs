//! Filters that people keep: their own, and those that others share.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::items;
use crate::support::app::{Answer as _, text};
use crate::support::desk::{Desk, Member};

const VIEWS: &str = "/v1/ledger/views";

async fn names(member: &Member) -> Vec<String> {
    items(&member.get(VIEWS).await).iter().map(|view| text(&view["name"])).collect()
}

async fn keep(member: &Member, name: &str, filter: &str, shared: bool) -> Value {
    let body = json!({"name": name, "filter": filter, "shared": shared});
    member.post(VIEWS, &body).answer(StatusCode::CREATED).await
}

#[tokio::test]
async fn a_view_is_its_owners_until_it_is_shared_and_nobody_elses_workspace_has_it() {
    let desk = Desk::open().await;
    let own = keep(&desk.rev_ops, "At stake", "?strength=firm&contract=unwritten&q=&cursor=x", false).await;
    assert_eq!(own["filter"], "contract=unwritten&strength=firm", "in one spelling, without what is about a page");
    assert_eq!(names(&desk.ae).await, Vec::<String>::new());
    let path = format!("{VIEWS}/{}", text(&own["id"]));
    desk.ae.patch(&path, &json!({"shared": true})).answer(StatusCode::NOT_FOUND).await;
    desk.rev_ops.patch(&path, &json!({"shared": true, "name": "At risk"})).answer(StatusCode::OK).await;
    let stranger = desk.of_another_workspace().await;
    assert_eq!((names(&desk.ae).await, names(&stranger).await), (vec!["At risk".to_owned()], vec![]));
    desk.ae.patch(&path, &json!({"filter": ""})).answer(StatusCode::FORBIDDEN).await;
    desk.ae.delete(&path).answer(StatusCode::FORBIDDEN).await;
    stranger.delete(&path).answer(StatusCode::NOT_FOUND).await;
    desk.rev_ops.delete(&path).answer(StatusCode::NO_CONTENT).await;
    assert_eq!(names(&desk.rev_ops).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_kept_can_be_read_and_a_name_is_given_once() {
    let desk = Desk::open().await;
    keep(&desk.ae, "Mine", "due_within=60", false).await;
    for (body, status) in [
        (json!({"name": "Mine", "filter": ""}), StatusCode::CONFLICT),
        (json!({"name": " ", "filter": ""}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"name": "Other", "filter": "contract=maybe"}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"name": "Other", "filter": "sort=owner"}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"name": "Other", "filter": "#x y\n"}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"name": "Other", "filter": "owner=a#b"}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"name": "Other", "filter": "stength=firm"}), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        desk.ae.post(VIEWS, &body).answer(status).await;
    }
    let second = keep(&desk.ae, "Second", "", true).await;
    let path = format!("{VIEWS}/{}", text(&second["id"]));
    desk.ae.patch(&path, &json!({"name": "Mine"})).answer(StatusCode::CONFLICT).await;
    keep(&desk.csm, "Mine", "", false).await;
    assert_eq!(names(&desk.ae).await, ["Mine", "Second"]);
    let log = desk.rev_ops.get("/v1/audit-log?limit=200").await.to_string();
    assert!(log.contains("view.added"), "kept in the log");
}
