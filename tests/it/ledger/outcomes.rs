//! What became of a promise: told by those of the deal, kept in the log, and not lost with a newer draft.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{items, promise, sample};
use crate::support::app::{Answer as _, text};
use crate::support::desk::{Desk, Member};

async fn tell(member: &Member, item: &str, outcome: &str, status: StatusCode) {
    member.put(&format!("/v1/items/{item}/outcome"), &json!({"outcome": outcome})).answer(status).await;
}

async fn outcome(desk: &Desk, item: &str) -> Value {
    let found = items(&desk.admin.get("/v1/ledger?limit=200").await);
    found.into_iter().find(|entry| entry["id"] == json!(item)).unwrap()["outcome"].clone()
}

#[tokio::test]
async fn those_of_the_deal_say_it_and_take_it_back() {
    let desk = Desk::open().await;
    let deal = desk.deal().await;
    let item = promise(&desk, &deal, "Live by June.", json!({})).await;
    tell(&desk.csm, &item, "late", StatusCode::OK).await;
    let told = outcome(&desk, &item).await;
    assert_eq!((&told["outcome"], &told["set_by"]), (&json!("late"), &json!("Priya Nair")));
    tell(&desk.ae, &item, "kept", StatusCode::OK).await;
    assert_eq!(outcome(&desk, &item).await["outcome"], "kept");
    tell(&desk.rev_ops, &item, "broken", StatusCode::FORBIDDEN).await;
    tell(&desk.other_csm, &item, "broken", StatusCode::NOT_FOUND).await;
    tell(&desk.csm, &item, "forgotten", StatusCode::UNPROCESSABLE_ENTITY).await;
    let path = format!("/v1/items/{item}/outcome");
    for _ in 0..2 {
        desk.csm.delete(&path).answer(StatusCode::OK).await;
    }
    assert_eq!(outcome(&desk, &item).await, Value::Null);
    let log = desk.rev_ops.get(&format!("/v1/audit-log?deal={deal}&limit=200")).await;
    let told = items(&log)
        .into_iter()
        .filter(|line| ["outcome.set", "outcome.cleared"].contains(&line["entry"]["action"].as_str().unwrap()));
    let changes: Vec<Value> = told.map(|line| line["entry"]["after"].clone()).collect();
    assert_eq!(changes, [json!("late"), json!("kept"), Value::Null], "what changes nothing is no entry");
}

#[tokio::test]
async fn what_is_no_promise_or_was_rejected_has_no_outcome() {
    let desk = Desk::open().await;
    let deal = desk.deal().await;
    let risk = desk.attest(&deal, "risk", "The network team is busy.").await;
    tell(&desk.ae, &risk, "kept", StatusCode::UNPROCESSABLE_ENTITY).await;
    let item = promise(&desk, &deal, "Live by June.", json!({})).await;
    desk.ae.decide(&item, "reject").await;
    tell(&desk.ae, &item, "kept", StatusCode::CONFLICT).await;
}

#[tokio::test]
async fn a_newer_draft_loses_no_outcome_that_a_person_told() {
    let desk = Desk::open().await;
    let deal = sample(&desk, "harbor-cold-chain").await;
    let drafted = items(&desk.csm.get(&format!("/v1/ledger?deal={deal}&limit=200")).await);
    for entry in &drafted {
        tell(&desk.csm, &text(&entry["id"]), "kept", StatusCode::OK).await;
    }
    desk.add(&deal, "99-later.txt", "Dana Ruiz: As I said, everything moves to September 30.\nOmar: Good.\n").await;
    desk.ae.request(Method::POST, &format!("/v1/deals/{deal}/draft")).answer(StatusCode::ACCEPTED).await;
    desk.app.drain().await;
    let jobs = desk.ae.get(&format!("/v1/ledger?deal={deal}&limit=200&outcome=kept")).await;
    assert_eq!(items(&jobs).len(), drafted.len());
}

#[tokio::test]
async fn a_deals_product_is_said_and_taken_away() {
    let desk = Desk::open().await;
    let deal = desk.deal().await;
    promise(&desk, &deal, "Live by June.", json!({})).await;
    assert_eq!(desk.ae.change(&deal, json!({"product": " Cold chain "})).await["product"], "Cold chain");
    assert_eq!(items(&desk.ae.get("/v1/ledger?product=cold%20chain").await).len(), 1);
    assert_eq!(desk.ae.change(&deal, json!({"product": null})).await["product"], Value::Null);
    assert_eq!(items(&desk.ae.get("/v1/ledger?product=cold%20chain").await).len(), 0);
}
