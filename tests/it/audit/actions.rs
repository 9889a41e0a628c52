//! Every use case that changes anything, once: each leaves an entry with who, when, from what to what.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use baton::access::people;
use reqwest::header::{COOKIE, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::app::{Answer as _, text};
use crate::support::desk::Desk;

const CALL_AGAIN: &str =
    "Dana Ruiz: Are the seven docks ready for the test?\nOmar Haddad: They are, all seven of them.\n";
const CALL: &str = "Callum Brandvold: We will have the dock scheduler live at all six sites by June 14.\n\
    Omar Haddad: Good.\nCallum Brandvold: Anything else?\nOmar Haddad: No.\n";
const LATER: &str = "Callum Brandvold: We will have the dock scheduler live at all six sites by July 9.\nOmar Haddad: Okay.\n\
    Callum Brandvold: Good.\nOmar Haddad: Bye.\n";

const AFTERWARDS: &str = "Priya Nair: Good morning.\nOmar Haddad: The dock scheduler went live at all six sites on March 30.\n\
    Priya Nair: Good.\nOmar Haddad: Bye.\n";

/// Somebody who is signed in with a browser: a token may not change who comes in.
struct Browser {
    client: Client,
    address: String,
}

impl Browser {
    fn send(&self, method: Method, path: &str, body: &Value) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.address)).json(body)
    }
}

async fn enter(desk: &Desk) -> Browser {
    let link = people::admin_link(&desk.app.app, &desk.app.app.home).await.unwrap();
    let address = desk.app.address.clone();
    let body = json!({"link": link.expose(), "password": "correct horse battery"});
    let answer = Client::new().post(format!("{address}/v1/session/link")).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let headers = [(COOKIE, HeaderValue::from_str(&cookie).unwrap())].into_iter().collect();
    Browser { client: Client::builder().default_headers(headers).build().unwrap(), address }
}

/// The actions that the code can write into the log.
fn actions_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            actions_in(&entry.path(), found);
            continue;
        }
        let code = fs::read_to_string(entry.path()).unwrap_or_default();
        for line in code.lines().filter(|line| {
            line.contains("action: ")
                || line.contains("EditAction::")
                || line.contains("DealState::Accepted, EventKind")
                || line.contains("DealState::Returned, EventKind")
        }) {
            let words = line.split('"').skip(1).step_by(2).filter(|word| is_action(word));
            found.extend(words.map(str::to_owned));
        }
    }
}

fn is_action(word: &str) -> bool {
    word.split_once('.').is_some_and(|(noun, verb)| {
        [noun, verb].iter().all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
    })
}

async fn people_and_access(desk: &Desk) {
    let browser = enter(desk).await;
    let new = json!({"name": "Nia Okafor", "email": "nia@vendor.example", "role": "ae"});
    let user = browser.send(Method::POST, "/v1/users", &new).answer(StatusCode::CREATED).await;
    let path = format!("/v1/users/{}", text(&user["id"]));
    browser.send(Method::PATCH, &path, &json!({"title": "AE"})).answer(StatusCode::OK).await;
    browser.send(Method::POST, &format!("{path}/link"), &json!({})).answer(StatusCode::CREATED).await;
    let token = json!({"name": "mine", "scopes": ["read"], "days": 3});
    let token = browser.send(Method::POST, "/v1/me/tokens", &token).answer(StatusCode::CREATED).await;
    browser
        .send(Method::DELETE, &format!("/v1/tokens/{}", text(&token["id"])), &json!({}))
        .answer(StatusCode::NO_CONTENT)
        .await;
    let (old, new) = ("correct horse battery", "a longer horse battery");
    let change = json!({"present": old, "new": new});
    browser.send(Method::POST, "/v1/me/password", &change).answer(StatusCode::NO_CONTENT).await;
    browser.send(Method::DELETE, "/v1/session", &json!({})).answer(StatusCode::NO_CONTENT).await;
    let email = desk.app.get("/v1/me").answer(StatusCode::OK).await["email"].clone();
    for _ in 0..5 {
        let wrong = json!({"email": email, "password": "wrong horse battery"});
        let client = Client::new();
        client.post(format!("{}/v1/session", browser.address)).json(&wrong).answer(StatusCode::UNAUTHORIZED).await;
    }
}

async fn settings(desk: &Desk) {
    let rule = json!({"csm_ids": [desk.csm.id()]});
    desk.rev_ops.post("/v1/settings/assignment-rules", &rule).answer(StatusCode::CREATED).await;
    let gone = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(410)).mount(&gone).await;
    let hook = desk.rev_ops.post("/v1/webhooks", &json!({"url": gone.uri()})).answer(StatusCode::CREATED).await;
    let path = format!("/v1/webhooks/{}", text(&hook["id"]));
    desk.deal_won().await;
    desk.app.drain().await;
    assert_eq!(desk.rev_ops.get("/v1/webhooks").await[0]["enabled"], false, "the endpoint said that it is gone");
    desk.rev_ops.patch(&path, &json!({"enabled": true})).answer(StatusCode::OK).await;
    let deliveries = desk.rev_ops.get(&format!("{path}/deliveries")).await;
    let delivery = text(&deliveries["items"][0]["id"]);
    desk.rev_ops.post(&format!("/v1/deliveries/{delivery}/redeliver"), &json!({})).answer(StatusCode::ACCEPTED).await;
    desk.rev_ops.delete(&path).answer(StatusCode::NO_CONTENT).await;
}

/// Views of the ledger that somebody keeps.
async fn views(desk: &Desk) {
    let view = json!({"name": "At stake", "filter": "contract=unwritten"});
    let view = desk.ae.post("/v1/ledger/views", &view).answer(StatusCode::CREATED).await;
    let path = format!("/v1/ledger/views/{}", text(&view["id"]));
    desk.ae.patch(&path, &json!({"shared": true})).answer(StatusCode::OK).await;
    desk.ae.delete(&path).answer(StatusCode::NO_CONTENT).await;
}

async fn a_deal_from_open_to_day_30(desk: &Desk) {
    let deal = desk.deal_won().await;
    let path = |tail: &str| format!("/v1/deals/{deal}/{tail}");
    desk.add(&deal, "01-call.txt", CALL).await;
    desk.ae.post(&path("draft"), &json!({})).answer(StatusCode::ACCEPTED).await;
    let draft = desk.ae.get(&path("draft")).await;
    let promise = draft["items"].as_array().unwrap().iter().find(|item| item["field"] == "commitment").unwrap();
    let item = text(&promise["id"]);
    desk.ae.decide_with(&item, "reject", json!({"reason": "a slip"}), StatusCode::OK).await;
    desk.ae.decide(&item, "undo").await;
    desk.ae.decide(&item, "approve").await;
    let revision = desk.ae.get(&format!("/v1/items/{item}")).await["revision"].clone();
    let edit = desk.ae.patch(&format!("/v1/items/{item}"), &json!({"statement": "Live by 14 June."}));
    edit.header("If-Match", format!("\"{revision}\"")).answer(StatusCode::OK).await;
    desk.add(&deal, "02-call.txt", LATER).await;
    desk.attest(&deal, "risk", "Holidays.").await;
    desk.ae.settle(&deal).await;
    desk.ae.finalize(&deal, json!({}), StatusCode::CREATED).await;
    desk.csm.receive(&deal, "return", 2, StatusCode::CREATED).await;
    let question =
        desk.csm.post(&path("questions"), &json!({"question": "Which docks?"})).answer(StatusCode::CREATED).await;
    let answer = format!("/v1/questions/{}/answer", text(&question["id"]));
    desk.ae.post(&answer, &json!({"answer": "All six."})).answer(StatusCode::OK).await;
    desk.app.drain().await;
    desk.ae.finalize(&deal, json!({"override_reason": "in a hurry"}), StatusCode::CREATED).await;
    let correction = json!({"item": item, "said_by": "Omar Haddad", "words": "Four docks."});
    desk.csm.post(&path("corrections"), &correction).answer(StatusCode::CREATED).await;
    desk.app.drain().await;
    desk.ae.decide(&item, "approve").await;
    desk.ae.settle(&deal).await;
    desk.ae.finalize(&deal, json!({"override_reason": "in a hurry"}), StatusCode::CREATED).await;
    desk.csm.receive(&deal, "accept", 4, StatusCode::CREATED).await;
    desk.csm.put(&path("steps/kickoff"), &json!({})).answer(StatusCode::OK).await;
    desk.csm.post(&path("check-ins"), &json!({"kind": "pulse"})).answer(StatusCode::CREATED).await;
    let source = desk.add(&deal, "02-call.txt", CALL_AGAIN).await;
    desk.ae.put(&format!("/v1/sources/{source}"), &corrected()).answer(StatusCode::ACCEPTED).await;
    desk.app.drain().await;
    who_is_who(desk, &deal).await;
    let went_on = desk.deal_won().await;
    desk.add(&went_on, "01-call.txt", CALL).await;
    desk.add(&went_on, "2026-04-02-kickoff.txt", AFTERWARDS).await;
    let outcome = format!("/v1/items/{item}/outcome");
    desk.csm.put(&outcome, &json!({"outcome": "late"})).answer(StatusCode::OK).await;
    desk.csm.delete(&outcome).answer(StatusCode::OK).await;
}

/// The second call, with a slip mended.
fn corrected() -> Value {
    json!({"sources": [{"name": "02-call.txt", "text": CALL_AGAIN.replace("seven", "eleven")}]})
}

async fn who_is_who(desk: &Desk, deal: &str) {
    let path = format!("/v1/deals/{deal}/people");
    let label = desk.ae.get(&path).await["people"][0]["labels"][0].clone();
    let label = json!({"source": label["source"], "label": label["label"]});
    desk.ae.post(&format!("{path}/join"), &json!({"labels": [label, label]})).answer(StatusCode::OK).await;
    desk.ae.post(&format!("{path}/split"), &label).answer(StatusCode::OK).await;
    desk.ae.put(&format!("{path}/side"), &json!({"label": label, "side": "vendor"})).answer(StatusCode::OK).await;
}

#[tokio::test]
async fn every_use_case_that_changes_anything_leaves_an_entry() {
    let desk = Desk::open().await;
    people_and_access(&desk).await;
    settings(&desk).await;
    views(&desk).await;
    a_deal_from_open_to_day_30(&desk).await;
    let stranger = desk.of_another_workspace().await;

    let mut entries = Vec::new();
    for member in [&desk.rev_ops, &stranger] {
        let mut cursor = String::new();
        loop {
            let page = member.get(&format!("/v1/audit-log?limit=200{cursor}")).await;
            entries.extend(page["items"].as_array().unwrap().iter().map(|line| line["entry"].clone()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
    }
    let driven: BTreeSet<String> = entries.iter().map(|entry| text(&entry["action"])).collect();
    let mut known = BTreeSet::new();
    actions_in(Path::new("src"), &mut known);
    // It takes a provider: `sign_on` drives it.
    known.remove("user.sign_on_tied");
    assert!(known.len() > 30, "{known:?}");
    assert_eq!(known.difference(&driven).collect::<Vec<_>>(), Vec::<&String>::new(), "these were not driven");
    assert_eq!(driven.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new());

    for entry in &entries {
        assert_eq!((&entry["at"], &entry["schema"]), (&json!("2026-03-02T10:00:00Z"), &json!("baton.audit-entry/1")));
        assert!(!text(&entry["actor"]).is_empty() && !text(&entry["subject"]).is_empty(), "{entry}");
        let is_baton = entry["actor"] == "baton";
        assert_eq!(entry["actor_id"].is_null(), is_baton, "{entry}");
        // What changes says from what and to what.
        let action = text(&entry["action"]);
        let changes =
            ["changed", "marked", "edited", "approved", "rejected", "undone", "renewed", "accepted", "returned"];
        if changes.iter().any(|verb| action.ends_with(verb)) {
            assert!(!entry["before"].is_null() && !entry["after"].is_null(), "{entry}");
            assert_ne!(entry["before"], entry["after"], "{entry}");
        }
    }
    let find = |action: &str| entries.iter().find(|entry| entry["action"] == action).unwrap();
    assert_eq!(find("item.rejected")["reason"], "a slip");
    assert_eq!(
        (&find("item.approved")["before"]["state"], &find("item.approved")["after"]["state"]),
        (&json!("drafted"), &json!("approved"))
    );
    assert_eq!(find("item.edited")["after"]["statement"], "Live by 14 June.");
    assert_eq!(find("deal.changed")["actor"], "Ines Marsh");
    assert_eq!(find("handoff.returned")["after"]["reasons"][0]["code"], "missing");
}

#[tokio::test]
async fn what_is_refused_or_only_read_leaves_no_entry() {
    let desk = Desk::open().await;
    let deal = desk.deal().await;
    let entries = || async { desk.rev_ops.get("/v1/audit-log?limit=200").await["items"].as_array().unwrap().len() };
    let before = entries().await;
    desk.ae.finalize(&deal, json!({}), StatusCode::CONFLICT).await;
    desk.csm.receive(&deal, "accept", 5, StatusCode::CONFLICT).await;
    desk.ae
        .patch(&format!("/v1/deals/{deal}"), &json!({"currency": "Euro"}))
        .answer(StatusCode::UNPROCESSABLE_ENTITY)
        .await;
    desk.ae.change(&deal, json!({"name": "Six sites"})).await;
    for path in ["draft", "steps", "receipts", "questions", "corrections", "check-ins", "versions", "sources"] {
        desk.ae.get(&format!("/v1/deals/{deal}/{path}")).await;
    }
    desk.rev_ops.get("/v1/patterns").await;
    assert_eq!(entries().await, before);
}
