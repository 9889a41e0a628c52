//! The list of promises that no contract carries, made firmly and due soon: told once a day, when it is another one.

use std::time::Duration;

use serde_json::{Value, json};

use super::{items, promise};
use crate::support::app::text;
use crate::support::desk::Desk;
use crate::support::listener::Listener;

async fn told(desk: &Desk, listener: &Listener, hours: u64) -> Vec<Value> {
    desk.clock.forward(Duration::from_hours(hours));
    desk.app.drain().await;
    listener.of_kind("promises.due").await
}

#[tokio::test]
async fn it_is_told_once_a_day_when_it_is_not_empty_and_another_one() {
    let desk = Desk::open().await;
    let listener = Listener::at(&desk).await;
    let deal = desk.deal().await;
    assert_eq!(told(&desk, &listener, 48).await, Vec::<Value>::new(), "an empty list is no news");
    let firm = |due: &str| json!({"strength": "firm", "contract": "unwritten", "due": due});
    let first = promise(&desk, &deal, "The velvetmoth line is live.", firm("2026-04-01")).await;
    promise(&desk, &deal, "Too far away.", firm("2026-12-01")).await;
    promise(&desk, &deal, "In the contract.", json!({"strength": "firm", "contract": "written", "due": "2026-04-01"}))
        .await;
    promise(&desk, &deal, "Hedged.", json!({"strength": "soft", "contract": "unwritten", "due": "2026-04-01"})).await;
    let one = told(&desk, &listener, 24).await;
    assert_eq!(one.len(), 1);
    assert_eq!(
        (&one[0]["count"], &one[0]["deals"], &one[0]["days"], &one[0]["first_due"]),
        (&json!(1), &json!(1), &json!(60), &json!("2026-04-01"))
    );
    assert!(!one[0].to_string().contains("velvetmoth"), "never words of the record: {}", one[0]);
    assert_eq!(one[0]["promises"].as_array().unwrap().len(), 1);
    let named = &one[0]["promises"][0];
    assert_eq!((&named["item"], &named["due_on"]), (&json!(first), &json!("2026-04-01")));
    let path = text(&named["url"]).rsplit_once("/v1/").unwrap().1.to_owned();
    assert_eq!(desk.rev_ops.get(&format!("/v1/{path}")).await["statement"], "The velvetmoth line is live.");
    let url = text(&one[0]["url"]);
    let query = url.split_once('?').unwrap().1;
    let list = desk.rev_ops.get(&format!("/v1/ledger?{query}")).await;
    assert_eq!(items(&list).len(), 1, "the link shows what was counted");

    assert_eq!(told(&desk, &listener, 72).await.len(), 1, "the same list is no news");
    promise(&desk, &deal, "Another one.", firm("2026-04-02")).await;
    let two = told(&desk, &listener, 24).await;
    assert_eq!((two.len(), &two[1]["count"]), (2, &json!(2)));
    desk.csm
        .put(&format!("/v1/items/{first}/outcome"), &json!({"outcome": "kept"}))
        .send()
        .await
        .unwrap()
        .error_for_status()
        .unwrap();
    let three = told(&desk, &listener, 24).await;
    assert_eq!((three.len(), &three[2]["count"]), (3, &json!(1)), "what is kept is at stake no more");
}

#[tokio::test]
async fn it_goes_on_after_a_restart() {
    let desk = Desk::open().await;
    let listener = Listener::at(&desk).await;
    let deal = desk.deal().await;
    let due = json!({"strength": "firm", "contract": "unwritten", "due": "2026-04-01"});
    promise(&desk, &deal, "Live.", due).await;
    let desk = desk.restarted().await;
    assert_eq!(told(&desk, &listener, 24).await.len(), 1);
}
