//! The ledger of promises: what it shows is what the items say, to those who may see their deals and to nobody else.

mod contradictions;
mod export;
mod filters;
mod outcomes;
mod pages;
mod views;
mod watch;

use std::fs;
use std::path::Path;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::app::{Answer as _, text};
use crate::support::desk::{Desk, Member};

/// Promises of a page.
fn items(ledger: &Value) -> Vec<Value> {
    ledger["items"].as_array().unwrap().clone()
}

/// Every promise that somebody sees through a filter, page by page.
async fn all(member: &Member, filter: &str) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = member.get(&format!("/v1/ledger?limit=7&{filter}{cursor}")).await;
        found.extend(items(&page));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

/// A promise that the AE knows from memory; the item's id.
async fn promise(desk: &Desk, deal: &str, statement: &str, attributes: Value) -> String {
    let body = json!({"field": "commitment", "attributes": attributes, "statement": statement});
    text(&desk.ae.post(&format!("/v1/deals/{deal}/items"), &body).answer(StatusCode::CREATED).await["id"])
}

/// A sample deal of the AE, read and drafted.
async fn sample(desk: &Desk, name: &str) -> String {
    let deal = desk.deal().await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/deals").join(name);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| !file.ends_with("gold.json"));
    files.sort();
    let name = |file: &Path| file.file_name().unwrap().to_str().unwrap().to_owned();
    let sources: Vec<Value> =
        files.iter().map(|file| json!({"name": name(file), "text": fs::read_to_string(file).unwrap()})).collect();
    let path = format!("/v1/deals/{deal}/sources");
    desk.ae.post(&path, &json!({"sources": sources})).answer(StatusCode::ACCEPTED).await;
    desk.app.drain().await;
    deal
}

/// That a citation's words stand where it says.
async fn assert_stands(desk: &Desk, citation: &Value) {
    let turn = citation["turn"].as_i64().unwrap();
    let after = if turn == 0 { String::new() } else { format!("&cursor={}", turn - 1) };
    let path = format!("/v1/sources/{}/turns?limit=1{after}", text(&citation["source_id"]));
    let turn = items(&desk.admin.get(&path).await).remove(0);
    assert_eq!(turn["index"], citation["turn"]);
    let place = |at: usize| usize::try_from(citation["chars"][at].as_u64().unwrap()).unwrap();
    let words: String = text(&turn["text"]).chars().skip(place(0)).take(place(1) - place(0)).collect();
    assert_eq!(json!(words), citation["quote"]);
}

/// What the ledger must show of a deal: its commitments that were not rejected, by id.
async fn commitments(member: &Member, deal: &str) -> Vec<Value> {
    let draft = member.get(&format!("/v1/deals/{deal}/draft")).await;
    let mut items = items(&draft);
    items.retain(|item| item["field"] == "commitment" && item["state"] != "rejected");
    let mut shown: Vec<Value> =
        items.iter().map(|item| json!([item["id"], item["statement"], item["attributes"], item["state"]])).collect();
    shown.sort_by_key(Value::to_string);
    shown
}

async fn assert_is_what_the_items_say(desk: &Desk, deal: &str) -> Vec<Value> {
    let entries = all(&desk.ae, &format!("deal={deal}")).await;
    let mut shown: Vec<Value> = entries
        .iter()
        .map(|entry| json!([entry["id"], entry["statement"], entry["attributes"], entry["state"]]))
        .collect();
    shown.sort_by_key(Value::to_string);
    assert_eq!(shown, commitments(&desk.ae, deal).await);
    for entry in &entries {
        let due = entry["attributes"]["due"].as_str().and_then(|due| due.parse::<jiff::civil::Date>().ok());
        assert_eq!(entry["due_on"], json!(due), "{entry}");
    }
    let total = desk.ae.get(&format!("/v1/ledger?deal={deal}&limit=1")).await["totals"]["promises"].clone();
    assert_eq!(total, json!(entries.len()));
    entries
}

#[tokio::test]
async fn it_is_what_the_items_say_after_every_draft_and_decision() {
    let desk = Desk::open().await;
    let deal = sample(&desk, "harbor-cold-chain").await;
    let drafted = assert_is_what_the_items_say(&desk, &deal).await;
    assert!(drafted.len() > 3, "{} promises", drafted.len());
    for (entry, verb) in drafted.iter().zip(["approve", "reject", "approve"]) {
        desk.ae.decide(&text(&entry["id"]), verb).await;
        assert_is_what_the_items_say(&desk, &deal).await;
    }
    for entry in &drafted[..2] {
        desk.ae.decide(&text(&entry["id"]), "undo").await;
        assert_is_what_the_items_say(&desk, &deal).await;
    }
    let item = desk.ae.get(&format!("/v1/items/{}", text(&drafted[2]["id"]))).await;
    let edit = json!({"statement": "In other words.", "finding": {"field": "commitment",
        "attributes": {"due": "2027-02-29", "strength": "soft", "contract": "contradicted"}}});
    let request = desk.ae.patch(&format!("/v1/items/{}", text(&item["id"])), &edit);
    request.header("If-Match", format!("\"{}\"", item["revision"])).answer(StatusCode::OK).await;
    let shown = assert_is_what_the_items_say(&desk, &deal).await;
    let edited = shown.iter().find(|entry| entry["id"] == item["id"]).unwrap();
    assert_eq!(edited["due_on"], Value::Null, "a day that no calendar has is no day");
    desk.add(&deal, "99-later.txt", "Dana Ruiz: We will also train the night shift by May 4.\nOmar: Good.\n").await;
    assert_is_what_the_items_say(&desk, &deal).await;
}

#[tokio::test]
async fn every_promise_leads_to_its_words() {
    let desk = Desk::open().await;
    let deal = sample(&desk, "harbor-cold-chain").await;
    for entry in all(&desk.ae, &format!("deal={deal}")).await {
        let said = &entry["said"];
        let link = text(&entry["links"]["words"]);
        assert_eq!(link, format!("/sources/{}#t{}", text(&said["source_id"]), said["turn"]));
        assert_stands(&desk, said).await;
        if entry["attributes"]["contract"] == "written" {
            assert!(entry["clause"]["quote"].is_string() && entry["links"]["clause"].is_string(), "{entry}");
        }
    }
}

#[tokio::test]
async fn everybody_sees_the_promises_of_their_own_deals_and_no_count_of_others() {
    let desk = Desk::open().await;
    let deal = desk.deal().await;
    desk.ae.change(&deal, json!({"amount": "48000", "currency": "EUR", "product": "Cold chain"})).await;
    promise(&desk, &deal, "The scheduler is live by June.", json!({"strength": "firm"})).await;
    let stranger = desk.of_another_workspace().await;
    let leads = [&desk.ae, &desk.csm, &desk.rev_ops, &desk.leader, &desk.admin];
    for (member, sees) in leads.into_iter().map(|member| (member, 1)).chain([(&desk.other_csm, 0), (&stranger, 0)]) {
        let ledger = member.get("/v1/ledger").await;
        assert_eq!((items(&ledger).len(), &ledger["totals"]["promises"]), (sees, &json!(sees)), "{}", member.user.name);
        assert_eq!(ledger["totals"]["amounts"].as_array().unwrap().len(), sees);
        let filtered = member.get(&format!("/v1/ledger?deal={deal}&q=scheduler")).await;
        assert_eq!(items(&filtered).len(), sees);
        let trends = member.get("/v1/ledger/trends").await;
        assert_eq!(trends["categories"].as_array().unwrap().len(), sees);
        let csv = member.request(reqwest::Method::GET, "/v1/ledger/export").send().await.unwrap().text().await.unwrap();
        assert_eq!(csv.lines().count(), 1 + sees);
    }
    // Given to another: it goes with the deal.
    desk.rev_ops.change(&deal, json!({"csm_id": desk.other_csm.id()})).await;
    assert_eq!(items(&desk.csm.get("/v1/ledger").await).len(), 0);
    assert_eq!(items(&desk.other_csm.get("/v1/ledger").await).len(), 1);
}

#[tokio::test]
async fn a_newer_word_of_another_field_shows_nothing_of_it() {
    let desk = Desk::open().await;
    let deal = desk.deal().await;
    let note = desk.attest(&deal, "politics", "Omar is said to be grudgeful.").await;
    let old = promise(&desk, &deal, "Live by June.", json!({"superseded_by": note})).await;
    for path in ["/v1/ledger", "/v1/ledger/contradictions", "/v1/ledger?standing=current"] {
        assert!(!desk.rev_ops.get(path).await.to_string().contains("grudgeful"), "{path}");
    }
    let entry = items(&desk.rev_ops.get("/v1/ledger").await).remove(0);
    assert_eq!((&entry["id"], &entry["standing"]), (&json!(old), &json!("current")));
}
