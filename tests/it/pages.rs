//! The pages: each is there for whoever may see it, whatever state a deal is in; their forms ask the API for what it takes; and
//! text in a transcript or a name can do nothing to them.

mod documents;
mod forms;
mod life;

use std::fs;
use std::path::Path;

use baton::access::Caller;
use baton::access::people::{self, NewUser, UserChange};
use baton::domain::user::{Role, UserKind};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{Answer as _, Signed, TestApp, text};

const HOSTILE: &str = "Dana <img src=x onerror=alert(1)>: We will migrate the archive by May 3 <script>alert(1)</script>.\n\
    Omar Haddad: </blockquote><a href=\"javascript:alert(1)\">click</a> that would be great.\n\
    Dana <img src=x onerror=alert(1)>: [link](javascript:alert(2)) **bold** and we will train your team in June.\n\
    Omar Haddad: Fine.\n";

/// Opens a page; its status and text.
async fn open(app: &TestApp, client: &Client, path: &str) -> (StatusCode, String) {
    let answer = client.get(format!("{}{path}", app.address)).header("Accept", "text/html").send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

/// Opens a page that is there.
async fn page(app: &TestApp, path: &str) -> String {
    let (status, html) = open(app, &app.client, path).await;
    assert_eq!(status, StatusCode::OK, "{path}: {html}");
    html
}

/// Uploads the files of a sample deal.
async fn upload_sample(app: &TestApp, deal: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/deals/brightwater-foundry");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| !file.ends_with("gold.json"));
    files.sort();
    let name = |file: &Path| file.file_name().unwrap().to_str().unwrap().to_owned();
    let sources: Vec<Value> =
        files.iter().map(|file| json!({"name": name(file), "text": fs::read_to_string(file).unwrap()})).collect();
    let path = format!("/v1/deals/{deal}/sources");
    app.post(&path, &json!({"sources": sources})).answer(StatusCode::ACCEPTED).await;
    app.drain().await;
}

/// Approves everything that can be approved field by field, and makes the rest final with a reason; the version's id.
async fn finalize(app: &TestApp, client: &Client, deal: &str) -> String {
    for field in baton::domain::field::Field::ALL {
        let approve = client.post(format!("{}/v1/deals/{deal}/approve", app.address)).json(&json!({"field": field}));
        approve.answer(StatusCode::OK).await;
    }
    let revision = app.draft(deal).await["revision"].clone();
    let finalize = client.post(format!("{}/v1/deals/{deal}/finalize", app.address));
    let finalize = finalize.json(&json!({"override_reason": "Kick-off <b>tomorrow</b>"}));
    text(&finalize.header("If-Match", format!("\"{revision}\"")).answer(StatusCode::CREATED).await["id"])
}

/// Whether a page holds no markup but its own, and no name was taken for a template.
fn assert_harmless(path: &str, html: &str) {
    let html = html.to_lowercase();
    for sign in ["<script>", "<img", "href=\"javascript", "<b>call", "<b>tomorrow", "onerror=\"", "alert(1)</script>"] {
        assert!(!html.contains(sign), "{sign} on {path}");
    }
}

#[tokio::test]
async fn pages_lead_from_the_deals_to_the_words_behind_a_citation() {
    let app = TestApp::new().await;
    let empty = app.get("/").send().await.unwrap().text().await.unwrap();
    assert!(empty.contains("No deals yet"));
    let deal = app.deal().await;
    let call = "Dana Ruiz: We will have the dock scheduler live by June 14.\nOmar Haddad: Good.\nDana Ruiz: Bye.\nOmar Haddad: Bye.\n";
    let source = text(&app.upload(&deal, "call.txt", call).await["source"]["id"]);
    app.drain().await;
    let deals = app.get("/").send().await.unwrap().text().await.unwrap();
    assert!(deals.contains(&format!("href=\"/deals/{deal}\"")) && deals.contains("Harbor &amp; Pine"));
    let page = app.get(&format!("/deals/{deal}")).send().await.unwrap();
    assert!(page.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    let page = page.text().await.unwrap();
    assert!(page.contains(&format!("/sources/{source}")), "the file is listed");
    assert!(page.contains("nothing in the record"), "gaps are named");
    let review = app.get(&format!("/deals/{deal}/review")).send().await.unwrap().text().await.unwrap();
    assert!(review.contains(&source) && review.contains("We will have the dock scheduler live by June 14."));
    let record = app.get(&format!("/sources/{source}")).send().await.unwrap().text().await.unwrap();
    assert!(record.contains("id=\"t0\"") && record.contains("We will have the dock scheduler live by June 14."));
    let missing = app.get("/deals/deal_00000000000000000000000000000000").send().await.unwrap();
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert!(missing.text().await.unwrap().contains("There is no deal"));
}

#[tokio::test]
async fn text_of_a_transcript_is_shown_as_text_on_every_page() {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    let source = text(&app.upload(&deal, "<b>call</b>.txt", HOSTILE).await["source"]["id"]);
    app.drain().await;
    let review = format!("/deals/{deal}/review");
    for path in [format!("/deals/{deal}"), review, format!("/sources/{source}"), "/".to_owned()] {
        let html = app.get(&path).send().await.unwrap().text().await.unwrap();
        let html =
            html.replace("<script type=\"module\" src=\"/assets/", "").replace("<script type=\"application/json\"", "");
        for tag in ["<script", "<img", "<a href=\"javascript", "<b>call"] {
            assert!(!html.contains(tag), "{tag} on {path}");
        }
    }
    assert_eq!(app.get(&format!("/v1/sources/{source}")).answer(StatusCode::OK).await["state"], "ready");
}

/// Every page that stands for a whole workspace or for oneself.
const WORKSPACE_PAGES: [&str; 9] = [
    "/settings",
    "/settings/deadlines",
    "/settings/assignment",
    "/settings/webhooks",
    "/settings/audit",
    "/profile",
    "/patterns",
    "/patterns?period=all&segment=smb",
    "/",
];

#[tokio::test]
async fn the_pages_of_an_empty_workspace_say_what_is_not_there() {
    let app = TestApp::new().await;
    let mut pages = String::new();
    for path in WORKSPACE_PAGES {
        let page = app.get(path).send().await.unwrap();
        assert_eq!(page.status(), StatusCode::OK, "{path}");
        pages.push_str(&page.text().await.unwrap());
    }
    for words in
        ["There is no rule", "Nothing is sent anywhere", "Nothing was sent yet", "No deal was won", "No deals yet"]
    {
        assert!(pages.contains(words), "{words}");
    }
    let account = app.post("/v1/accounts", &json!({"name": "Harbor & Pine"})).answer(StatusCode::CREATED).await;
    let page = app.get(&format!("/accounts/{}", text(&account["id"]))).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Harbor &amp; Pine") && page.contains("No promise is open."));
}

#[tokio::test]
async fn names_are_shown_as_names_on_every_page_of_the_workspace() {
    let app = TestApp::new().await;
    let name = "\"><img src=x onerror=alert(1)><script>alert(1)</script>";
    let body = json!({"account": name, "name": name, "segment": name});
    let deal = app.post("/v1/deals", &body).answer(StatusCode::CREATED).await;
    let csm = Signed::up(&app.app, "Cara", Role::Csm).await;
    people::change(
        &app.app,
        &Caller::console(app.app.home.clone()),
        &csm.user.id,
        UserChange { name: Some(name.to_owned()), title: Some(name.to_owned()), ..UserChange::default() },
    )
    .await
    .unwrap();
    let rule = json!({"segment": name, "territory": name, "csm_ids": [csm.user.id]});
    app.post("/v1/settings/assignment-rules", &rule).answer(StatusCode::CREATED).await;
    let policy = json!({"name": name, "segment": name, "steps": []});
    app.post("/v1/settings/sla-policies", &policy).answer(StatusCode::OK).await;
    let hook = json!({"url": "https://hooks.example/\"><img src=x>", "events": ["draft.ready"]});
    app.post("/v1/webhooks", &hook).send().await.unwrap();
    let deal = text(&deal["id"]);
    app.upload(&deal, "<img src=x>.txt", HOSTILE).await;
    app.drain().await;
    let account = text(&app.get(&format!("/v1/deals/{deal}")).answer(StatusCode::OK).await["account_id"]);
    let account = format!("/accounts/{account}");
    for path in WORKSPACE_PAGES.into_iter().chain([account.as_str()]) {
        for client in [&app.client, &csm.client()] {
            let html = client.get(format!("{}{path}", app.address)).send().await.unwrap().text().await.unwrap();
            for tag in ["<img", "<script>", "\"><script"] {
                assert!(!html.contains(tag), "{tag} on {path}");
            }
        }
    }
}

#[tokio::test]
async fn an_account_shows_its_promises_with_the_moment_each_was_made() {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    let call = "Omar Haddad: Hello.\nDana Ruiz: We will have the dock scheduler live by June 14.\nOmar Haddad: Good.\n\
        Dana Ruiz: We will train your team in June.\n";
    let source = text(&app.upload(&deal, "call.txt", call).await["source"]["id"]);
    app.drain().await;
    let account = text(&app.get(&format!("/v1/deals/{deal}")).answer(StatusCode::OK).await["account_id"]);
    let read = || async {
        let page = app.get(&format!("/accounts/{account}")).send().await.unwrap().text().await.unwrap();
        page.replace("&#x2f;", "/")
    };
    let page = read().await;
    assert!(page.contains("dock scheduler") && page.contains("not decided yet"));
    assert!(page.contains(&format!("href=\"/sources/{source}#t1\"")), "the citation opens its turn");
    for item in app.draft(&deal).await["items"].as_array().unwrap() {
        let path = format!("/v1/items/{}", text(&item["id"]));
        let etag = app.get(&path).answer(StatusCode::OK).await["revision"].to_string();
        let reject = app.post(&format!("{path}/reject"), &json!({})).header("If-Match", format!("\"{etag}\""));
        reject.answer(StatusCode::OK).await;
    }
    assert!(!read().await.contains("dock scheduler"), "what was rejected is no promise");
}

#[tokio::test]
async fn the_audit_log_is_read_page_by_page_and_each_entry_once() {
    let app = TestApp::new().await;
    for n in 0..60 {
        app.post("/v1/accounts", &json!({"name": format!("Account number {n:02}.")})).answer(StatusCode::CREATED).await;
    }
    let (mut path, mut pages) = ("/settings/audit".to_owned(), Vec::new());
    loop {
        let page = app.get(&path).send().await.unwrap().text().await.unwrap().replace("&#x2f;", "/");
        let next = page.split("href=\"/settings/audit?before=").nth(1).and_then(|rest| rest.split('"').next());
        let next = next.map(|number| format!("/settings/audit?before={number}"));
        pages.push(page);
        match next {
            Some(next) => path = next,
            None => break,
        }
    }
    assert_eq!(pages.len(), 2);
    let all = pages.concat();
    for n in 0..60 {
        assert_eq!(all.matches(&format!("Account number {n:02}.")).count(), 1, "{n}");
    }
    assert!(pages[0].contains("Account number 59.") && pages[1].contains("Account number 00."));
}

#[tokio::test]
async fn only_those_who_manage_people_are_offered_to() {
    let app = TestApp::new().await;
    let console = Caller::console(app.app.home.clone());
    let new =
        NewUser { kind: UserKind::Integration, name: "CRM".to_owned(), email: None, title: None, role: Role::RevOps };
    let (crm, _) = people::invite(&app.app, &console, new).await.unwrap();
    let ops = Signed::up(&app.app, "Rita Ops", Role::RevOps).await;
    let tokens = format!("data-api=\"/v1/users/{}/tokens\"", crm.id);
    for (client, offered) in [(&app.client, true), (&ops.client(), false)] {
        let html = client.get(format!("{}/settings", app.address)).send().await.unwrap().text().await.unwrap();
        let html = html.replace("&#x2f;", "/");
        assert!(html.contains("Rita Ops") && html.contains("CRM"));
        assert_eq!((html.contains("Invite somebody"), html.contains(&tokens)), (offered, offered));
    }
}

#[tokio::test]
async fn patterns_are_told_from_three_won_deals_on_and_exported_as_they_are_shown() {
    let app = TestApp::new().await;
    let read = || async {
        let page = app.get("/patterns?period=year&segment=smb").send().await.unwrap();
        page.text().await.unwrap().replace("&#x2f;", "/").replace("&amp;", "&")
    };
    let mut deal = String::new();
    for name in ["One", "Two", "Three"] {
        assert!(!read().await.contains("Scorecard"), "before {name}");
        let body = json!({"account": "Harbor & Pine", "name": name, "segment": "SMB"});
        deal = text(&app.post("/v1/deals", &body).answer(StatusCode::CREATED).await["id"]);
        app.post(&format!("/v1/deals/{deal}/closed-won"), &json!({})).answer(StatusCode::OK).await;
    }
    let put = app.client.put(format!("{}/v1/deals/{deal}/unknown/success_criteria", app.address)).send().await.unwrap();
    assert!(put.status().is_success());
    let revision = app.get(&format!("/v1/deals/{deal}")).answer(StatusCode::OK).await["revision"].to_string();
    app.post(&format!("/v1/deals/{deal}/finalize"), &json!({"override_reason": "It must go out."}))
        .header("If-Match", format!("\"{revision}\""))
        .answer(StatusCode::CREATED)
        .await;
    let back = json!({"rating": 2, "reasons": [{"field": "risk", "code": "missing"}]});
    let back = app.post(&format!("/v1/deals/{deal}/return"), &back).send().await.unwrap();
    assert!(back.status().is_success(), "{}", back.text().await.unwrap());
    let page = read().await;
    for words in ["3 won deals, 1 with a final handoff.", "1 missing, 0 unclear, 0 wrong", "in 1 of 1", "33 %"] {
        assert!(page.contains(words), "{words}\n{page}");
    }
    let export = page.split("href=\"/v1/patterns/export").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let csv = app.get(&format!("/v1/patterns/export{export}")).send().await.unwrap().text().await.unwrap();
    assert!(csv.contains("selection,deals,won,3") && csv.contains("returns,risk,missing,1"), "{csv}");
}
