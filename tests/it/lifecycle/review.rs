//! Decisions that are taken back, made for a whole field, or put to the test by a later draft.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::app::{Answer as _, text};
use crate::support::desk::Desk;

const CALL: &str = "Callum Brandvold: I'm Callum, account executive at Ferrite.\n\
    Omar Haddad: Omar Haddad, I run operations at Harbor and Pine.\n\
    Omar Haddad: We lost forty pallets in March because nobody saw the freezer fail, and that is why we are here.\n\
    Callum Brandvold: We will have the dock scheduler live at all six sites by June 14.\n\
    Omar Haddad: I'm worried that our network team has no time for this before summer.\n\
    Callum Brandvold: We will migrate all of your historical logs before the October audit, at no charge.\n\
    Callum Brandvold: We will answer every critical incident within fifteen minutes.\n\
    Omar Haddad: Good.\n";

const CONTRACT: &str = "# Order Form\n\n## 1. Delivery\n\n\
    1.1 Ferrite shall place the dock scheduler into production at six (6) sites by June 14, 2026.\n\n\
    ## 2. Support\n\n2.1 Ferrite shall answer critical incidents within four (4) hours.\n\n\
    ## 3. General\n\n3.1 This Order Form is the entire agreement and supersedes all prior promises.\n";

async fn drafted(desk: &Desk) -> String {
    let deal = desk.deal().await;
    desk.add(&deal, "01-call.txt", CALL).await;
    deal
}

async fn items(desk: &Desk, deal: &str, field: &str) -> Vec<Value> {
    let draft = desk.ae.get(&format!("/v1/deals/{deal}/draft")).await;
    draft["items"].as_array().unwrap().iter().filter(|item| item["field"] == field).cloned().collect()
}

/// The item of a field whose quote holds these words.
async fn about(desk: &Desk, deal: &str, field: &str, words: &str) -> Value {
    let found = items(desk, deal, field).await;
    let found = found.into_iter().find(|item| item["citations"][0]["quote"].as_str().unwrap().contains(words));
    found.expect("the draft has this item")
}

/// How an item stands, as far as a decision can change it.
fn standing(item: &Value) -> Value {
    let keys = ["field", "attributes", "statement", "state", "confidence", "decided_by", "reworded_by", "citations"];
    keys.map(|key| (key.to_owned(), item[key].clone())).into_iter().collect()
}

async fn unknown(desk: &Desk, deal: &str) -> Value {
    desk.ae.get(&format!("/v1/deals/{deal}/draft")).await["marked_unknown"].clone()
}

async fn redraft(desk: &Desk, deal: &str) {
    desk.ae.post(&format!("/v1/deals/{deal}/draft"), &json!({})).answer(StatusCode::ACCEPTED).await;
    desk.app.drain().await;
}

#[tokio::test]
async fn every_decision_can_be_taken_back_and_all_is_as_it_was() {
    let desk = Desk::open().await;
    let deal = drafted(&desk).await;
    let id = text(&about(&desk, &deal, "commitment", "dock scheduler").await["id"]);
    let path = format!("/v1/items/{id}");
    let first = standing(&desk.ae.get(&path).await);
    let conflict = desk.ae.decide_with(&id, "undo", json!({}), StatusCode::CONFLICT).await;
    assert!(text(&conflict["detail"]).contains("no decision"), "{conflict}");

    desk.ae.decide_with(&id, "reject", json!({"reason": "a slip of the tongue"}), StatusCode::OK).await;
    assert_eq!(standing(&desk.ae.decide(&id, "undo").await), first);
    desk.ae.decide(&id, "approve").await;
    let approved = standing(&desk.ae.get(&path).await);
    let revision = desk.ae.get(&path).await["revision"].clone();
    let edit = json!({"statement": "It is a risk.", "finding": {"field": "risk", "attributes": {"severity": "high"}}});
    let request = desk.ae.patch(&path, &edit).header("If-Match", format!("\"{revision}\""));
    assert_eq!(request.answer(StatusCode::OK).await["field"], "risk");

    // Twice: back to the approval, and back before it.
    assert_eq!(standing(&desk.ae.decide(&id, "undo").await), approved);
    let undone = desk.ae.decide(&id, "undo").await;
    assert_eq!(standing(&undone), first);
    desk.ae.decide_with(&id, "undo", json!({}), StatusCode::CONFLICT).await;
    let actions: Vec<&Value> = undone["edits"].as_array().unwrap().iter().map(|edit| &edit["action"]).collect();
    assert_eq!(actions, ["reject", "undo", "approve", "edit", "undo", "undo"]);
    assert_eq!(undone["edits"][0]["reason"], "a slip of the tongue");
    // Taken back, it can be decided anew.
    assert_eq!(desk.ae.decide(&id, "approve").await["state"], "approved");
    let long = json!({"reason": "x".repeat(2_001)});
    desk.ae.decide_with(&id, "reject", long, StatusCode::UNPROCESSABLE_ENTITY).await;
}

#[tokio::test]
async fn an_approval_that_is_taken_back_gives_its_field_the_mark_back() {
    let desk = Desk::open().await;
    let deal = drafted(&desk).await;
    let id = text(&about(&desk, &deal, "commitment", "dock scheduler").await["id"]);
    let mark = format!("/v1/deals/{deal}/unknown/commitment");
    desk.ae.request(reqwest::Method::PUT, &mark).answer(StatusCode::NO_CONTENT).await;
    let marked = unknown(&desk, &deal).await;
    assert_eq!((&marked[0]["field"], &marked[0]["by"]), (&json!("commitment"), &json!("Callum Brandvold")));
    desk.ae.decide(&id, "approve").await;
    assert_eq!(unknown(&desk, &deal).await, Value::Null);
    desk.ae.decide(&id, "undo").await;
    assert_eq!(unknown(&desk, &deal).await, marked);

    // Not where something else answers the field by now.
    desk.ae.decide(&id, "approve").await;
    let other = text(&about(&desk, &deal, "commitment", "historical logs").await["id"]);
    desk.ae.decide(&other, "approve").await;
    desk.ae.decide(&id, "undo").await;
    assert_eq!(unknown(&desk, &deal).await, Value::Null);
}

#[tokio::test]
async fn a_draft_made_anew_from_the_same_record_changes_nothing() {
    let desk = Desk::open().await;
    let deal = drafted(&desk).await;
    let id = text(&about(&desk, &deal, "commitment", "dock scheduler").await["id"]);
    desk.ae.decide(&id, "approve").await;
    desk.ae.decide(&id, "undo").await;
    let before = desk.ae.get(&format!("/v1/deals/{deal}/draft")).await;
    redraft(&desk, &deal).await;
    let after = desk.ae.get(&format!("/v1/deals/{deal}/draft")).await;
    assert_eq!((&after["items"], &after["item_revisions"]), (&before["items"], &before["item_revisions"]));
    assert_eq!(after["missing"], before["missing"], "the draft was made");

    // What was decided can still be taken back: nothing came in between.
    desk.ae.decide(&id, "reject").await;
    redraft(&desk, &deal).await;
    assert_eq!(desk.ae.decide(&id, "undo").await["state"], "drafted");
}

#[tokio::test]
async fn what_a_later_call_brought_is_no_decision_to_be_taken_back() {
    let desk = Desk::open().await;
    let deal = drafted(&desk).await;
    let id = text(&about(&desk, &deal, "commitment", "dock scheduler").await["id"]);
    desk.ae.decide(&id, "approve").await;
    let later =
        "Callum Brandvold: We will have the dock scheduler live at all six sites by July 9.\nOmar Haddad: Okay.\n";
    desk.add(&deal, "02-call.txt", &later.repeat(2)).await;
    let renewed = desk.ae.get(&format!("/v1/items/{id}")).await;
    assert_eq!((&renewed["state"], &renewed["attributes"]["history"]), (&json!("drafted"), &json!("superseded")));
    desk.ae.decide_with(&id, "undo", json!({}), StatusCode::CONFLICT).await;
    let log = desk.rev_ops.get(&format!("/v1/audit-log?deal={deal}&limit=200")).await;
    let mut drafts = log["items"].as_array().unwrap().iter().filter(|line| line["entry"]["action"] == "draft.made");
    let last = drafts.next_back().unwrap();
    assert_eq!((&last["entry"]["after"]["reopened"], &last["entry"]["actor"]), (&json!([id]), &json!("baton")));
    assert_eq!(desk.ae.decide(&id, "reject").await["state"], "rejected");
    assert_eq!(desk.ae.decide(&id, "undo").await["state"], "drafted");
}

#[tokio::test]
async fn a_whole_field_is_approved_but_for_what_wants_a_look() {
    let desk = Desk::open().await;
    let deal = drafted(&desk).await;
    desk.add(&deal, "order-form.md", CONTRACT).await;
    let contradicted = about(&desk, &deal, "commitment", "critical incident").await;
    assert_eq!(contradicted["attributes"]["contract"], "contradicted", "{contradicted}");
    let count = items(&desk, &deal, "commitment").await.len();
    let path = format!("/v1/deals/{deal}/approve");
    let outcome = desk.ae.post(&path, &json!({"field": "commitment"})).answer(StatusCode::OK).await;
    let skipped = outcome["skipped"].as_array().unwrap();
    let why = skipped.iter().find(|skip| skip["id"] == contradicted["id"]).expect("it is skipped")["why"].clone();
    assert_eq!(why, "the contract says otherwise");
    assert_eq!(outcome["approved"].as_array().unwrap().len() + skipped.len(), count);
    for approved in outcome["approved"].as_array().unwrap() {
        let item = desk.ae.get(&format!("/v1/items/{}", text(&approved["id"]))).await;
        assert_eq!((&item["state"], &item["revision"]), (&json!("approved"), &approved["revision"]));
        assert_eq!(item["edits"].as_array().unwrap().len(), 1, "decided on like one at a time");
    }
    // One at a time it can be.
    assert_eq!(desk.ae.decide(&text(&contradicted["id"]), "approve").await["state"], "approved");
    let again = desk.ae.post(&path, &json!({"field": "commitment"})).answer(StatusCode::OK).await;
    assert_eq!(again["approved"], json!([]), "nothing is decided on twice");
    desk.csm.post(&path, &json!({"field": "risk"})).answer(StatusCode::FORBIDDEN).await;
}

#[tokio::test]
async fn a_draft_says_how_far_it_is_and_what_to_ask_next() {
    let desk = Desk::open().await;
    let deal = desk.deal().await;
    let readiness = || async { desk.ae.get(&format!("/v1/deals/{deal}/draft")).await["readiness"].clone() };
    let empty = readiness().await;
    assert_eq!((&empty["percent"], empty["gaps"].as_array().unwrap().len()), (&json!(0), 7));
    desk.add(&deal, "01-call.txt", CALL).await;
    let drafted = readiness().await;
    let gaps: Vec<String> = drafted["gaps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|gap| format!("{}: {}", text(&gap["field"]), text(&gap["status"])))
        .collect();
    let percent = drafted["percent"].as_u64().unwrap();
    assert!((10..75).contains(&percent) && gaps.len() <= 7, "{drafted}");
    assert!(gaps.contains(&"success_criteria: nothing in the record".to_owned()), "{gaps:?}");
    assert!(!gaps.contains(&"commitment: nothing in the record".to_owned()), "{gaps:?}");
    desk.ae.settle(&deal).await;
    assert_eq!(readiness().await["percent"], 100);
}
