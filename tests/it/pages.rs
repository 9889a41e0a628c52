//! The pages: what they show, and what text in a transcript can do to them (nothing).

use reqwest::StatusCode;

use crate::support::app::{Answer as _, TestApp, text};

const HOSTILE: &str = "Dana <img src=x onerror=alert(1)>: We will migrate the archive by May 3 <script>alert(1)</script>.\n\
    Omar Haddad: </blockquote><a href=\"javascript:alert(1)\">click</a> that would be great.\n\
    Dana <img src=x onerror=alert(1)>: [link](javascript:alert(2)) **bold** and we will train your team in June.\n\
    Omar Haddad: Fine.\n";

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
    assert!(missing.text().await.unwrap().contains("there is no deal"));
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
