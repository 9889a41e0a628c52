//! The pages of the ledger: filters without a script, and nothing said that could do anything.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{promise, sample};
use crate::support::app::{Answer as _, text};
use crate::support::desk::{Desk, Member};

async fn open(member: &Member, path: &str, status: StatusCode) -> String {
    let answer = member.request(Method::GET, path).header("Accept", "text/html").send().await.unwrap();
    let (found, html) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(found, status, "{path}: {html}");
    // Addresses as they are followed.
    html.replace("&#x2f;", "/")
}

#[tokio::test]
async fn the_form_filters_and_keeps_what_was_asked() {
    let desk = Desk::open().await;
    let deal = desk.deal().await;
    desk.ae.change(&deal, json!({"segment": "SMB", "product": "Docks", "amount": "48000", "currency": "EUR"})).await;
    desk.ae.post(&format!("/v1/deals/{deal}/closed-won"), &json!({})).answer(StatusCode::OK).await;
    let firm = json!({"strength": "firm", "contract": "unwritten", "due": "2026-06-14", "owed_by": "vendor"});
    let item = promise(&desk, &deal, "The docks are live.", firm).await;
    promise(&desk, &deal, "Free training.", json!({"history": "withdrawn", "strength": "soft"})).await;
    let all = open(&desk.leader, "/ledger", StatusCode::OK).await;
    assert!(all.contains("The docks are live.") && all.contains("14 June 2026") && all.contains("48,000 EUR"));
    assert!(!all.contains("Free training."), "what was taken back is shown when it is asked for");
    assert!(all.contains("1 promise in 1 deal.") && all.contains("aria-current=\"page\">Promises"));
    assert!(all.contains("pic-trend-months") && all.contains("Mar 2026"));
    assert!(!all.contains("data-method=\"PUT\""), "a leader says nothing of outcomes");
    assert!(open(&desk.ae, "/ledger?standing=all", StatusCode::OK).await.contains("Free training."));
    let asked =
        "/ledger?q=docks&contract=unwritten&strength=&due_within=&sort=closed&owner=&segment=smb&amount_min=1000";
    let filtered = open(&desk.csm, asked, StatusCode::OK).await;
    for part in [
        "value=\"docks\"",
        "<option value=\"unwritten\" selected>",
        "<option value=\"closed\" selected>",
        "<option value=\"SMB\" selected>",
        "name=\"amount_min\" value=\"1000\"",
        "class=\"more-filters\" open",
        "/v1/ledger/export?contract=unwritten",
    ] {
        assert!(filtered.contains(part), "{part}");
    }
    assert!(filtered.contains(&format!("/v1/items/{item}/outcome")), "the CSM says what became of it");
    assert!(open(&desk.leader, "/ledger?q=nothing+like+it", StatusCode::OK).await.contains("No promise matches."));
    open(&desk.leader, "/ledger?contract=maybe", StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(!open(&desk.other_csm, "/ledger", StatusCode::OK).await.contains("docks"));
}

#[tokio::test]
async fn views_are_shown_and_pages_follow_each_other() {
    let desk = Desk::open().await;
    let deal = desk.deal().await;
    for n in 0..30 {
        promise(&desk, &deal, &format!("Promise number {n:02}."), json!({"due": format!("2026-05-{:02}", n % 28 + 1)}))
            .await;
    }
    let view = json!({"name": "Soon & firm", "filter": "strength=firm&due_within=30", "shared": true});
    desk.rev_ops.post("/v1/ledger/views", &view).answer(StatusCode::CREATED).await;
    let first = open(&desk.ae, "/ledger", StatusCode::OK).await;
    assert!(first.contains("Soon &amp; firm") && first.contains("from Ines Marsh"));
    let next = first.split("href=\"").find(|part| part.contains("cursor=")).unwrap().split('"').next().unwrap();
    let second = open(&desk.ae, &next.replace("&amp;", "&"), StatusCode::OK).await;
    for n in 0..30 {
        let words = format!("Promise number {n:02}.");
        assert!(first.contains(&words) != second.contains(&words), "{words}");
    }
}

#[tokio::test]
async fn contradictions_show_both_words() {
    let desk = Desk::open().await;
    sample(&desk, "brightwater-foundry").await;
    let pairs = desk.ae.get("/v1/ledger/contradictions?limit=200").await;
    let html = open(&desk.ae, "/ledger/contradictions", StatusCode::OK).await;
    let link = |link: &serde_json::Value| text(link);
    assert!(!html.contains("class=\"more-filters\" open"), "nothing was asked");
    let first = &pairs["items"][0];
    assert!(
        html.contains(&link(&first["promise"]["links"]["words"])) && html.contains(&link(&first["against"]["link"]))
    );
}

#[tokio::test]
async fn hostile_words_stay_words() {
    let desk = Desk::open().await;
    let deal = desk.deal().await;
    let evil = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>";
    let won = json!({"product": evil, "segment": evil, "name": evil, "closed_at": "2026-02-27T10:00:00Z"});
    desk.rev_ops.change(&deal, won).await;
    let attributes = json!({"due": evil, "condition": evil, "contract": "contradicted"});
    promise(&desk, &deal, evil, attributes).await;
    let view = json!({"name": evil, "filter": "q=%3Cscript%3Ealert(1)%3C/script%3E"});
    desk.ae.post("/v1/ledger/views", &view).answer(StatusCode::CREATED).await;
    let asked = "%3Cscript%3Ealert(1)%3C/script%3E";
    for path in [
        format!("/ledger?q={asked}"),
        format!("/ledger?segment={asked}"),
        "/ledger/contradictions".to_owned(),
        "/ledger".to_owned(),
    ] {
        let html = open(&desk.ae, &path, StatusCode::OK).await;
        assert!(!html.contains("<script>alert") && !html.contains("<img"), "{path}");
    }
}
