//! The documents of a version: made once, kept, and without a word that their reader may not see.

use std::fs;
use std::sync::Arc;

use baton::app::App;
use baton::clock::SystemClock;
use baton::documents::DocumentKind;
use baton::domain::user::Role;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{finalize, page};
use crate::support::app::{Answer as _, Signed, TestApp, settings};

const CALL: &str = "Dana Ruiz: We will have the dock scheduler live by June 14.\nOmar Haddad: We lost forty pallets in March, that is why we are here.\nDana Ruiz: Bye.\nOmar Haddad: Bye.\n";

/// A deal with one call in it.
async fn drafted(app: &TestApp) -> String {
    let deal = app.deal().await;
    app.upload(&deal, "call.txt", CALL).await;
    app.drain().await;
    deal
}

async fn read(app: &TestApp, client: &Client, version: &str, kind: &str) -> String {
    let request = client.get(format!("{}/v1/versions/{version}/documents/{kind}", app.address));
    let answer = request.send().await.unwrap().error_for_status().unwrap();
    answer.text().await.unwrap()
}

#[tokio::test]
async fn every_document_of_a_version_is_listed_read_and_printed() {
    let app = TestApp::new().await;
    let deal = drafted(&app).await;
    let version = finalize(&app, &app.client, &deal).await;
    let list = app.get(&format!("/v1/versions/{version}/documents")).answer(StatusCode::OK).await;
    let kinds: Vec<Value> = list.as_array().unwrap().iter().map(|document| document["kind"].clone()).collect();
    assert_eq!(kinds, DocumentKind::ALL.map(|kind| json!(kind)));
    let brief = json!({"kind": "brief", "title": "Brief", "media_type": "text/markdown; charset=utf-8",
        "audience": "internal", "kept": true});
    assert_eq!(list[0], brief);
    assert_eq!(list[4]["audience"], "customer");
    for kind in DocumentKind::ALL {
        let path = format!("/v1/versions/{version}/documents/{kind}");
        let answer = app.get(&path).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], kind.media_type());
        let name = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert!(name.starts_with(&format!("inline; filename=\"{kind}.")), "{name}");
        assert!(!answer.text().await.unwrap().is_empty());
        let print = app.get(&format!("{path}?format=html")).send().await.unwrap();
        assert!(print.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
        let print = print.text().await.unwrap();
        assert!(print.contains("/assets/baton.css") && !print.contains("<script"), "{print}");
        let shown = page(&app, &format!("/deals/{deal}/versions/1/{kind}")).await;
        assert!(shown.replace("&#x2f;", "/").contains(&format!("href=\"{path}\" download")), "{shown}");
    }
    let hashed = app.get(&format!("/v1/versions/{version}")).send().await.unwrap().text().await.unwrap();
    assert_eq!(read(&app, &app.client, &version, "json").await, hashed, "the very bytes that were hashed");
    for wrong in ["memo", "brief?format=pdf"] {
        let status = app.get(&format!("/v1/versions/{version}/documents/{wrong}")).send().await.unwrap().status();
        assert!(status.is_client_error(), "{wrong}: {status}");
    }
    let (status, _) = super::open(&app, &app.client, &format!("/deals/{deal}/versions/2/brief")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn documents_tell_who_hands_over_to_whom_and_those_of_the_record_stay_as_they_were_made() {
    let app = TestApp::new().await;
    let deal = drafted(&app).await;
    let csm = Signed::up(&app.app, "Priya Raman", Role::Csm).await;
    let change = |body: Value| app.client.patch(format!("{}/v1/deals/{deal}", app.address)).json(&body);
    let terms = json!({"csm_id": csm.user.id, "amount": "108540.5", "currency": "usd", "territory": "North",
        "closed_at": "2026-03-01T10:00:00Z"});
    change(terms).answer(StatusCode::OK).await;
    let ask = |body: Value| csm.client().post(format!("{}/v1/deals/{deal}/questions", app.address)).json(&body);
    ask(json!({"question": "Who signs for Ashby?"})).answer(StatusCode::CREATED).await;
    ask(json!({"question": "Who feuds with whom?", "field": "politics"})).answer(StatusCode::CREATED).await;
    let version = finalize(&app, &app.client, &deal).await;
    let mut made = Vec::new();
    for kind in DocumentKind::ALL {
        made.push(read(&app, &app.client, &version, kind.as_str()).await);
    }
    let full = &made[1];
    for told in ["Priya Raman", "Dana Ruiz", "USD 108,540.5", "1 March 2026", "North", "Who signs for Ashby?"] {
        assert!(full.contains(told), "{told} is missing:\n{full}");
    }
    let agenda = &made[2];
    assert!(agenda.contains("Kickoff") && agenda.contains("8 March 2026"), "the deadlines:\n{agenda}");
    assert!(made.iter().all(|text| !text.contains("feuds")), "what is about persons is in no document");

    let other = Signed::up(&app.app, "Ola Nordmann", Role::Csm).await;
    change(json!({"csm_id": other.user.id, "territory": "South"})).answer(StatusCode::OK).await;
    for (kind, before) in DocumentKind::ALL.into_iter().zip(made) {
        let now = read(&app, &app.client, &version, kind.as_str()).await;
        assert_eq!(now == before, kind.is_kept() || !before.contains("Priya Raman"), "{kind}: {now}");
    }
}

#[tokio::test]
async fn whoever_may_not_see_notes_about_persons_reads_every_document_without_them() {
    const NOTE: &str = "The board and Omar are grudgeful.";
    let app = TestApp::new().await;
    let deal = drafted(&app).await;
    let leader = Signed::up(&app.app, "Lena Leader", Role::Leader).await.client();
    let note = json!({"field": "politics", "attributes": {}, "statement": NOTE});
    app.post(&format!("/v1/deals/{deal}/items"), &note).answer(StatusCode::CREATED).await;
    let version = finalize(&app, &app.client, &deal).await;
    let mut with_note = Vec::new();
    for kind in DocumentKind::ALL {
        let (whole, without) = (
            read(&app, &app.client, &version, kind.as_str()).await,
            read(&app, &leader, &version, kind.as_str()).await,
        );
        assert!(!without.contains("grudgeful"), "{kind}: {without}");
        if whole.contains("grudgeful") {
            with_note.push(kind);
        }
        let (_, html) = super::open(&app, &leader, &format!("/deals/{deal}/versions/1/{kind}")).await;
        assert!(!html.contains("grudgeful"), "{kind}");
    }
    assert!(with_note.contains(&DocumentKind::Full) && with_note.contains(&DocumentKind::Json), "{with_note:?}");
    assert!(with_note.iter().all(|kind| kind.may_hold_sensitive()), "{with_note:?}");
    let markdown = leader.get(format!("{}/v1/versions/{version}/markdown", app.address)).send().await.unwrap();
    assert_eq!(markdown.status(), StatusCode::OK);
    assert_eq!(markdown.text().await.unwrap(), read(&app, &leader, &version, "full").await);
}

#[tokio::test]
async fn what_changed_between_two_versions_is_told_without_notes_about_persons() {
    let app = TestApp::new().await;
    let deal = drafted(&app).await;
    let leader = Signed::up(&app.app, "Lena Leader", Role::Leader).await.client();
    let first = finalize(&app, &app.client, &deal).await;
    for (field, statement) in [("risk", "The network team is busy."), ("politics", "The board is grudgeful.")] {
        let item = json!({"field": field, "attributes": {}, "statement": statement});
        app.post(&format!("/v1/deals/{deal}/items"), &item).answer(StatusCode::CREATED).await;
    }
    let second = finalize(&app, &app.client, &deal).await;
    let path = format!("/v1/versions/{second}/changes");
    let all = app.get(&path).answer(StatusCode::OK).await;
    assert_eq!((&all["from"], &all["to"], all["added"].as_array().unwrap().len()), (&json!(1), &json!(2), 2));
    let discreet = leader.get(format!("{}{path}?since=1", app.address)).answer(StatusCode::OK).await;
    assert_eq!(discreet["added"], json!([all["added"][0]]));
    assert_eq!(discreet["added"][0]["statement"], "The network team is busy.");
    let html = page(&app, &format!("/deals/{deal}/versions/2/changes")).await;
    assert!(html.contains("The board is grudgeful.") && html.contains("0 changed, 2 new, 0 gone."), "{html}");
    let (_, html) = super::open(&app, &leader, &format!("/deals/{deal}/versions/2/changes")).await;
    assert!(!html.contains("grudgeful") && html.contains("The network team is busy."));
    app.get(&format!("/v1/versions/{first}/changes")).answer(StatusCode::CONFLICT).await;
    app.get(&format!("{path}?since=7")).answer(StatusCode::NOT_FOUND).await;
}

#[tokio::test]
async fn a_team_words_its_documents_itself_and_is_told_where_a_file_is_wrong() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("brief.md"), "# Ours: {{ account }}\n").unwrap();
    fs::create_dir(folder.path().join("messages")).unwrap();
    fs::write(folder.path().join("messages/slack.json"), "{\"text\": {{ sentence }}}").unwrap();
    let dir = folder.path().to_str().unwrap().to_owned();
    let app = TestApp::with(&["--templates-dir", &dir]).await;
    let deal = drafted(&app).await;
    let version = finalize(&app, &app.client, &deal).await;
    assert_eq!(read(&app, &app.client, &version, "brief").await, "# Ours: Harbor \\& Pine\n");
    for (file, words, complaint) in [
        ("brief.md", "# {{ account }}\n{{ champion }}\n", "brief.md` line 2: there is no variable `champion`"),
        ("crm.json", "{\"schema\": \"baton.crm-mapping/1\"", "crm.json`"),
        ("messages/slack.json", "{\"text\": {{ sentense }}}", "messages/slack.json`"),
        ("messages/slak.json", "{}", "slak.json` is the name of no message"),
    ] {
        let (data, wrong) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        fs::create_dir(wrong.path().join("messages")).unwrap();
        fs::write(wrong.path().join(file), words).unwrap();
        let settings = settings(&data, &["--templates-dir", wrong.path().to_str().unwrap()]);
        let error = App::open(settings, Arc::new(SystemClock)).await.err().unwrap();
        let told = format!("{error:#}");
        assert!(told.contains("--templates-dir") && told.contains(complaint), "{told}");
    }
}
