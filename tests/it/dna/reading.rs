//! The profile of a kept deal: approved lines first, rejected ones never, what changed told.

use std::sync::LazyLock;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{Answer as _, text};
use crate::support::desk::Desk;

/// A call whose file says which side everybody is on.
static CALL: LazyLock<String> = LazyLock::new(|| {
    let said = [
        ("Callum Brandvold", "Hello, I'm Callum, account executive at Ferrite."),
        ("Omar Haddad", "We lost forty pallets in March because nobody saw the freezer fail, that is why we are here."),
        ("Callum Brandvold", "We will have the scheduler live at all six sites by June 14."),
        ("Omar Haddad", "Our night shift alarm never reaches the yard lead, and the night shift alarm is all we have."),
        ("Callum Brandvold", "Understood."),
        ("Omar Haddad", "So fix the night shift alarm first. I'm worried that our network team has no time for this."),
    ];
    let turn = |(index, (speaker, text)): (usize, (&str, &str))| {
        json!({"index": index, "speaker": speaker, "start_ms": null, "end_ms": null, "precision": "none", "text": text,
            "cues": []})
    };
    let person =
        |name: &str, side: &str| json!({"label": name, "name": name, "email": null, "title": null, "side": side});
    json!({"schema": "baton.transcript/1", "format": "name_text", "kind": "call_transcript", "title": null,
        "started_at": "2026-02-20T09:00:00Z", "duration_ms": 1_800_000,
        "participants": [person("Callum Brandvold", "vendor"), person("Omar Haddad", "customer")],
        "turns": said.into_iter().enumerate().map(turn).collect::<Vec<_>>(),
        "report": {"cues": 6, "turns": 6, "dropped": [], "warnings": []}})
    .to_string()
});

/// The ids that stand in a section.
fn ids(dna: &Value, section: &str) -> Vec<String> {
    dna[section].as_array().unwrap().iter().map(|line| text(&line["id"])).collect()
}

async fn read(desk: &Desk, path: &str) -> Value {
    desk.csm.get(path).await
}

#[tokio::test]
async fn what_is_approved_comes_first_and_what_is_rejected_never() {
    let desk = Desk::open().await;
    let deal = desk.deal_won().await;
    desk.add(&deal, "call.json", &CALL).await;
    let wrong = desk.attest(&deal, "risk", "The warehouse burns down.").await;
    let right = desk.attest(&deal, "success_criteria", "No lost pallet in the first year.").await;
    desk.ae.decide(&wrong, "reject").await;
    let dna = read(&desk, &format!("/v1/deals/{deal}/dna")).await;
    assert_eq!((&dna["schema"], &dna["account"]), (&json!("baton.dna/1"), &json!("Harbor & Pine")));
    assert!(!dna.to_string().contains("burns down") && ids(&dna, "goals").contains(&right), "{dna:#}");
    let goal = &dna["goals"][0];
    assert_eq!((&goal["state"], &goal["attested_by"]), (&json!("approved"), &json!("Callum Brandvold")));
    for section in ["goals", "challenges", "what_moved_them", "open_promises"] {
        let states: Vec<bool> =
            dna[section].as_array().unwrap().iter().map(|line| line["state"] == "drafted").collect();
        assert!(states.is_sorted(), "{section}: what is approved comes first");
    }
    let phrases: Vec<&str> =
        dna["own_words"].as_array().unwrap().iter().map(|phrase| phrase["words"].as_str().unwrap()).collect();
    assert!(phrases.contains(&"night shift alarm"), "{phrases:?}");
    let won = dna["history"].as_array().unwrap().iter().find(|event| event["text"] == "Deal won").unwrap();
    assert_eq!(won["basis"]["kind"], "log");
    let entry = log_entry(&desk, won["basis"]["seq"].as_i64().unwrap()).await;
    assert_eq!((&entry["hash"], &entry["entry"]["action"]), (&won["basis"]["hash"], &won["basis"]["action"]));
}

/// An entry of the log as it is exported.
async fn log_entry(desk: &Desk, seq: i64) -> Value {
    let export = desk.admin.request(Method::GET, "/v1/audit-log/export").send().await.unwrap().text().await.unwrap();
    let entries = export.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    entries.into_iter().find(|entry| entry["entry"]["seq"] == seq).unwrap()
}

#[tokio::test]
async fn what_changed_is_told_since_the_last_profile_a_snapshot_or_a_day() {
    let desk = Desk::open().await;
    let deal = desk.deal_won().await;
    desk.add(&deal, "call.json", &CALL).await;
    let goal = desk.attest(&deal, "success_criteria", "No lost pallet in the first year.").await;
    desk.ae.settle(&deal).await;
    desk.ae.finalize(&deal, json!({}), StatusCode::CREATED).await;
    let path = format!("/v1/deals/{deal}/dna/changes");
    let changes = read(&desk, &path).await;
    assert_eq!(changes["schema"], "baton.dna-changes/1");
    assert_eq!(
        (&changes["since"][0]["occasion"], &changes["kept"][0]["occasion"]),
        (&json!("drafted"), &json!("finalized"))
    );
    let came: Vec<&Value> = changes["came"].as_array().unwrap().iter().collect();
    assert!(came.iter().any(|change| change["id"] == json!(goal) && change["section"] == "goals"), "{changes:#}");
    assert!(
        came.iter()
            .any(|change| change["section"] == "history" && change["text"].as_str().unwrap().contains("finalized"))
    );
    assert!(!changes["went"].as_array().unwrap().is_empty(), "what was rejected is gone");
    // Every key of the review keeps nothing; the receipt does.
    desk.csm.receive(&deal, "accept", 5, StatusCode::CREATED).await;
    let accepted = read(&desk, &path).await;
    assert_eq!(accepted["kept"].as_array().unwrap().len(), 3, "drafted, finalized, accepted");
    assert_eq!(accepted["came"][0]["text"], "Handoff accepted by Priya Nair, rated 5 of 5");
    let first = text(&accepted["kept"][2]["id"]);
    let since_first = read(&desk, &format!("{path}?since={first}")).await;
    assert!(since_first["came"].as_array().unwrap().len() > accepted["came"].as_array().unwrap().len());
    let before_all = read(&desk, &format!("{path}?since=2020-01-01")).await;
    assert!(before_all["since"].as_array().unwrap().is_empty() && before_all["went"].as_array().unwrap().is_empty());
    let since_today = read(&desk, &format!("{path}?since=2026-03-02")).await;
    assert_eq!(since_today["came"], json!([]), "nothing since the end of the day");
    for (since, status) in [
        ("snp_00000000000000000000000000000000", StatusCode::NOT_FOUND),
        ("yesterday", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        desk.csm.request(Method::GET, &format!("{path}?since={since}")).answer(status).await;
    }
}

#[tokio::test]
async fn a_profile_that_is_known_is_not_sent_again() {
    let desk = Desk::open().await;
    let deal = desk.deal_won().await;
    desk.add(&deal, "call.json", &CALL).await;
    for path in [format!("/v1/deals/{deal}/dna"), format!("/v1/deals/{deal}/dna?format=markdown")] {
        let answer = desk.csm.request(Method::GET, &path).send().await.unwrap();
        let tag = answer.headers()["etag"].clone();
        let again = desk.csm.request(Method::GET, &path).header("If-None-Match", tag.clone()).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        desk.attest(&deal, "risk", &format!("The dock is closed ({path}).")).await;
        let changed = desk.csm.request(Method::GET, &path).header("If-None-Match", tag).send().await.unwrap();
        assert_eq!(changed.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn a_promise_that_was_kept_is_a_win_and_no_longer_open() {
    let desk = Desk::open().await;
    let deal = desk.deal_won().await;
    desk.add(&deal, "call.json", &CALL).await;
    let path = format!("/v1/deals/{deal}/dna");
    let promise = ids(&read(&desk, &path).await, "open_promises").remove(0);
    let app = &desk.app.app;
    for (outcome, open, win) in [("kept", false, true), ("broken", true, false), ("renegotiated", false, false)] {
        let mut tx = app.store.write().await.unwrap();
        sqlx::query("insert or replace into fulfilments (item_id, tenant_id, deal_id, outcome, set_at) values ($1, $2, $3, $4, 0)")
            .bind(&promise)
            .bind(app.home.as_str())
            .bind(&deal)
            .bind(outcome)
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let dna = read(&desk, &path).await;
        assert_eq!(ids(&dna, "open_promises").contains(&promise), open, "{outcome}");
        assert_eq!(ids(&dna, "wins").contains(&promise), win, "{outcome}");
    }
}
