//! A person decides on every item, and only then the handoff becomes final.

use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::app::{Answer as _, TestApp, text};

const CALL: &str = "Dana Ruiz: I'm Dana, account executive at Ferrite.\n\
    Omar Haddad: Omar, I run operations at Harbor and Pine.\n\
    Omar Haddad: We lost forty pallets in March because nobody saw the freezer fail, and that is why we are here.\n\
    Dana Ruiz: We will have the dock scheduler live at all six sites by June 14.\n\
    Omar Haddad: I'm worried that our network team has no time for this before summer.\n\
    Dana Ruiz: Thanks, that is good to know.\n";

/// A deal with a drafted call; its id.
async fn drafted(app: &TestApp) -> String {
    let deal = app.deal().await;
    app.upload(&deal, "01-call.txt", CALL).await;
    app.drain().await;
    deal
}

/// The draft's item of a field, with its revision.
async fn item(app: &TestApp, deal: &str, field: &str) -> (String, i64) {
    let draft = app.draft(deal).await;
    let items = draft["items"].as_array().unwrap();
    let id = &items.iter().find(|item| item["field"] == field).expect("the draft has an item of the field")["id"];
    let revisions = draft["item_revisions"].as_array().unwrap();
    let revision = revisions.iter().find(|entry| entry["id"] == *id).unwrap()["revision"].as_i64().unwrap();
    (text(id), revision)
}

async fn mark_all_unknown(app: &TestApp, deal: &str, except: &[&str]) {
    for field in [
        "why_bought",
        "success_criteria",
        "stakeholder",
        "commitment",
        "scope",
        "timeline",
        "technical",
        "objection",
        "competitor",
        "risk",
    ] {
        if !except.contains(&field) {
            let request = app.client.put(format!("{}/v1/deals/{deal}/unknown/{field}", app.address));
            request.answer(StatusCode::NO_CONTENT).await;
        }
    }
}

/// Approves what the draft holds in `field`, rejects the rest.
async fn decide_all(app: &TestApp, deal: &str, field: &str) {
    let draft = app.draft(deal).await;
    for (item, entry) in draft["items"].as_array().unwrap().iter().zip(draft["item_revisions"].as_array().unwrap()) {
        let action = if item["field"] == field { "approve" } else { "reject" };
        let id = draft["item_revisions"].as_array().unwrap().iter().find(|e| e["id"] == item["id"]).unwrap_or(entry);
        let request = app.post(&format!("/v1/items/{}/{action}", text(&item["id"])), &json!({}));
        request.header("If-Match", format!("\"{}\"", id["revision"])).answer(StatusCode::OK).await;
    }
}

#[tokio::test]
async fn every_item_of_a_draft_rests_on_words_of_the_call() {
    let app = TestApp::new().await;
    let deal = drafted(&app).await;
    let draft = app.draft(&deal).await;
    assert_eq!((&draft["schema"], &draft["state"]), (&json!("baton.draft/1"), &json!("drafted")));
    assert!(!draft["items"].as_array().unwrap().is_empty());
    for item in draft["items"].as_array().unwrap() {
        for citation in item["citations"].as_array().unwrap() {
            assert!(CALL.contains(citation["quote"].as_str().unwrap()), "{citation}");
            assert_eq!((&citation["source"], &citation["precision"]), (&json!("01-call.txt"), &json!("none")));
        }
    }
    let promise = draft["items"].as_array().unwrap().iter().find(|item| item["field"] == "commitment").unwrap();
    assert_eq!(promise["attributes"]["strength"], "firm");
    assert_eq!(promise["citations"][0]["speaker"], "Dana Ruiz");
}

#[tokio::test]
async fn decisions_need_the_revision_that_was_read_and_are_kept_with_who_and_when() {
    let app = TestApp::new().await;
    let deal = drafted(&app).await;
    let (id, revision) = item(&app, &deal, "commitment").await;
    let path = format!("/v1/items/{id}");
    let approve = |if_match: i64| {
        let request = app.post(&format!("{path}/approve"), &json!({}));
        request.header("If-Match", format!("\"{if_match}\""))
    };
    app.post(&format!("{path}/approve"), &json!({})).answer(StatusCode::PRECONDITION_REQUIRED).await;
    let stale = approve(revision + 7).answer(StatusCode::PRECONDITION_FAILED).await;
    assert!(text(&stale["detail"]).contains("has changed since you read it"));
    let approved = approve(revision).answer(StatusCode::OK).await;
    assert_eq!((&approved["state"], &approved["revision"]), (&json!("approved"), &json!(revision + 1)));
    approve(revision).answer(StatusCode::PRECONDITION_FAILED).await;

    let edit = json!({"statement": "Ferrite will have the dock scheduler live by 14 June.",
        "finding": {"field": "commitment", "attributes": {"strength": "firm", "owed_by": "vendor", "due": "2026-06-14"}}});
    let request = app.client.patch(format!("{}{path}", app.address)).json(&edit);
    let edited = request.header("If-Match", format!("\"{}\"", revision + 1)).answer(StatusCode::OK).await;
    assert_eq!(edited["attributes"]["due"], "2026-06-14");
    assert_eq!(edited["citations"], approved["citations"], "an edit changes no words of the record");
    let actions: Vec<&Value> = edited["edits"].as_array().unwrap().iter().map(|edit| &edit["action"]).collect();
    assert_eq!(actions, ["approve", "edit"]);
    assert_eq!(
        (&edited["edits"][0]["actor"], &edited["edits"][0]["at"]),
        (&json!("Dana Ruiz"), &json!("2026-03-02T10:00:00Z"))
    );

    assert_eq!((&edited["reworded_by"], &edited["confidence"]), (&json!("Dana Ruiz"), &Value::Null));

    let other = json!({"finding": {"field": "risk", "attributes": {"severity": "high"}}});
    let request = app.client.patch(format!("{}{path}", app.address)).json(&other);
    let moved = request.header("If-Match", format!("\"{}\"", revision + 2)).answer(StatusCode::OK).await;
    assert_eq!((&moved["field"], &moved["attributes"]), (&json!("risk"), &json!({"severity": "high"})));

    let bad = json!({"finding": {"field": "commitment", "attributes": {"stance": "opposed"}}});
    let request = app.client.patch(format!("{}{path}", app.address)).json(&bad).header("If-Match", "\"9\"");
    let problem = request.answer(StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(text(&problem["detail"]).contains("unknown field `stance`"), "{problem}");
}

#[tokio::test]
async fn an_approved_promise_that_a_later_call_changes_comes_back_for_another_decision() {
    let app = TestApp::new().await;
    let deal = drafted(&app).await;
    let (id, revision) = item(&app, &deal, "commitment").await;
    let approve = app.post(&format!("/v1/items/{id}/approve"), &json!({}));
    approve.header("If-Match", format!("\"{revision}\"")).answer(StatusCode::OK).await;
    let later = "Dana Ruiz: We will have the dock scheduler live at all six sites by July 9.\nOmar Haddad: Okay.\n";
    app.upload(&deal, "02-call.txt", &later.repeat(2)).await;
    app.drain().await;
    let promise = app.get(&format!("/v1/items/{id}")).answer(StatusCode::OK).await;
    assert_eq!((&promise["state"], &promise["attributes"]["history"]), (&json!("drafted"), &json!("superseded")));
    assert_eq!(promise["edits"][1]["action"], "renew");
}

#[tokio::test]
async fn what_a_person_attests_is_marked_and_carries_no_quote() {
    let app = TestApp::new().await;
    let deal = drafted(&app).await;
    let body =
        json!({"field": "competitor", "attributes": {"name": "Coldlink"}, "statement": "Coldlink was the runner-up."});
    let request = app.post(&format!("/v1/deals/{deal}/items"), &body);
    let item = request.answer(StatusCode::CREATED).await;
    assert_eq!(
        (&item["origin"], &item["attested_by"], &item["state"]),
        (&json!("person"), &json!("Dana Ruiz"), &json!("approved"))
    );
    assert_eq!((&item["citations"], &item["confidence"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn finalize_is_refused_with_the_exact_list_of_what_is_missing() {
    let app = TestApp::new().await;
    let deal = drafted(&app).await;
    decide_all(&app, &deal, "commitment").await;
    mark_all_unknown(&app, &deal, &["commitment", "risk", "scope"]).await;
    let revision = app.draft(&deal).await["revision"].clone();
    let finalize = |body: Value, revision: &Value| {
        app.post(&format!("/v1/deals/{deal}/finalize"), &body).header("If-Match", format!("\"{revision}\""))
    };
    let problem = finalize(json!({}), &revision).answer(StatusCode::CONFLICT).await;
    assert_eq!(problem["type"], "urn:baton:problem:handoff-incomplete");
    let missing = json!([{"missing": "field", "field": "scope", "drafted": 0}, {"missing": "field", "field": "risk", "drafted": 0}]);
    assert_eq!(problem["missing"], missing);
    assert_eq!(app.get(&format!("/v1/deals/{deal}/versions")).answer(StatusCode::OK).await, json!([]));

    let reason = json!({"override_reason": "kickoff is tomorrow"});
    let version = finalize(reason, &revision).answer(StatusCode::CREATED).await;
    let document = app.get(&format!("/v1/versions/{}", text(&version["id"]))).answer(StatusCode::OK).await;
    assert_eq!((&document["override_reason"], &document["missing"]), (&json!("kickoff is tomorrow"), &missing));
}

#[tokio::test]
async fn a_final_version_is_hashed_holds_only_what_was_approved_and_never_changes() {
    let app = TestApp::new().await;
    let deal = drafted(&app).await;
    decide_all(&app, &deal, "commitment").await;
    mark_all_unknown(&app, &deal, &["commitment"]).await;
    let revision = app.draft(&deal).await["revision"].clone();
    let finalize = |revision: &Value| {
        let request = app.post(&format!("/v1/deals/{deal}/finalize"), &json!({}));
        request.header("If-Match", format!("\"{revision}\""))
    };
    let version = finalize(&revision).answer(StatusCode::CREATED).await;
    let path = format!("/v1/versions/{}", text(&version["id"]));
    let bytes = app.get(&path).send().await.unwrap().bytes().await.unwrap();
    let hash = Sha256::digest(&bytes).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    assert_eq!(version["content_hash"], json!(hash));
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    let items = document["items"].as_array().unwrap();
    assert!(!items.is_empty() && items.iter().all(|item| item["field"] == "commitment" && item["state"] == "approved"));

    // The record grows: a new draft comes, the decisions stay, the version stays final.
    app.upload(
        &deal,
        "02-call.txt",
        "Dana Ruiz: We will also train two of your shift leads in person in July.\nOmar Haddad: Great.\n",
    )
    .await;
    app.drain().await;
    assert_eq!(app.get(&path).send().await.unwrap().bytes().await.unwrap(), bytes);
    let draft = app.draft(&deal).await;
    assert_eq!(draft["state"], "finalized", "an engine amends nothing");
    let approved = draft["items"].as_array().unwrap().iter().filter(|item| item["state"] == "approved").count();
    assert_eq!(approved, items.len());

    let markdown = app.get(&format!("{path}/markdown")).send().await.unwrap().text().await.unwrap();
    insta::assert_snapshot!("final_version", markdown);
}
