//! A corrected version of a file takes the earlier one's place: what was cited is found again, or shown as broken.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::app::{Answer as _, TestApp, text};

const CALL: &str = "Dana Ruiz: I'm Dana, account executive at Ferrite.\n\
    Omar Haddad: Omar, I run operations at Harbor and Pine.\n\
    Omar Haddad: We lost forty pallets in March because nobody saw the freezer fail, and that is why we are here.\n\
    Dana Ruiz: We will have the dock scheduler live at all six sites by June 14.\n\
    Omar Haddad: I'm worried that our network team has no time for this before summer.\n\
    Dana Ruiz: Thanks, that is good to know.\n";

/// With two lines before it, and another date in the promise.
fn corrected() -> String {
    let opening = "Dana Ruiz: Morning, Omar, can you hear me?\nOmar Haddad: Loud and clear.\n";
    format!("{opening}{}", CALL.replace("June 14", "June 24"))
}

/// A deal with the call drafted and every item approved, and the call's source.
async fn approved(app: &TestApp) -> (String, String) {
    let deal = app.deal().await;
    let source = text(&app.upload(&deal, "call.txt", CALL).await["source"]["id"]);
    app.drain().await;
    let draft = app.draft(&deal).await;
    for (item, entry) in draft["items"].as_array().unwrap().iter().zip(draft["item_revisions"].as_array().unwrap()) {
        let path = format!("/v1/items/{}/approve", text(&item["id"]));
        let request = app.post(&path, &json!({})).header("If-Match", format!("\"{}\"", entry["revision"]));
        request.answer(StatusCode::OK).await;
    }
    (deal, source)
}

async fn sources(app: &TestApp, deal: &str) -> Vec<Value> {
    app.get(&format!("/v1/deals/{deal}/sources")).answer(StatusCode::OK).await.as_array().unwrap().clone()
}

/// The approved items whose words stand, with each citation's source, turn and words; and the statements of those that are broken.
async fn cited(app: &TestApp, deal: &str) -> (Vec<(String, u64, String)>, Vec<String>) {
    let draft = app.draft(deal).await;
    let items = draft["items"].as_array().unwrap().iter().filter(|item| item["state"] == "approved");
    let (mut whole, mut broken) = (Vec::new(), Vec::new());
    for item in items {
        let item = app.get(&format!("/v1/items/{}", text(&item["id"]))).answer(StatusCode::OK).await;
        let citations = item["citations"].as_array().unwrap().iter();
        whole.extend(citations.map(|c| (text(&c["source_id"]), c["turn"].as_u64().unwrap(), text(&c["quote"]))));
        broken.extend(item["broken_citations"].as_array().into_iter().flatten().map(text));
    }
    (whole, broken)
}

#[tokio::test]
async fn words_that_are_in_the_corrected_version_are_cited_there_and_others_are_broken() {
    let app = TestApp::new().await;
    let (deal, first) = approved(&app).await;
    let (before, _) = cited(&app, &deal).await;
    assert!(before.iter().any(|(_, _, quote)| quote.contains("June 14")), "the promise is approved: {before:?}");
    let second = text(&app.upload(&deal, "call.txt", &corrected()).await["source"]["id"]);
    app.drain().await;

    let all = sources(&app, &deal).await;
    let state = |id: &str| all.iter().find(|source| source["id"] == id).unwrap().clone();
    assert_eq!((&state(&first)["state"], &state(&first)["replaced_by"]), (&json!("replaced"), &json!(second)));
    assert_eq!((&state(&second)["state"], &state(&second)["replaces"]), (&json!("ready"), &json!(first)));

    let (after, broken) = cited(&app, &deal).await;
    assert!(
        after.iter().all(|(source, _, _)| *source == second),
        "nothing is cited from the earlier version: {after:?}"
    );
    for (_, turn, quote) in before.iter().filter(|(_, _, quote)| !quote.contains("June 14")) {
        assert!(
            after.contains(&(second.clone(), turn + 2, quote.clone())),
            "`{quote}` is not two turns further down: {after:?}"
        );
    }
    assert_eq!(broken.len(), 1, "the promise has other words now: {broken:?}");
    assert!(broken[0].contains("`call.txt` was replaced"), "{broken:?}");

    let log = app.get(&format!("/v1/audit-log?deal={deal}&limit=200")).answer(StatusCode::OK).await;
    let entries = log["items"].as_array().unwrap().iter();
    let entry = entries.map(|line| &line["entry"]).find(|entry| entry["action"] == "source.replaced").unwrap();
    assert_eq!((&entry["subject"], &entry["after"]["citations_broken"]), (&json!(first), &json!(1)));
    let page = app.get(&format!("/v1/sources/{first}/turns")).answer(StatusCode::OK).await;
    assert_eq!(page["items"].as_array().unwrap().len(), 5, "the earlier version can still be read");
}

#[tokio::test]
async fn another_call_of_the_same_name_replaces_nothing() {
    let app = TestApp::new().await;
    let (deal, _) = approved(&app).await;
    let other = "Dana Ruiz: Let us go through the price list once more.\nOmar Haddad: The audit module is too dear for us.\n\
                 Dana Ruiz: I can take ten per cent off until Friday.\nOmar Haddad: Then we sign on Friday.\n";
    app.upload(&deal, "call.txt", other).await;
    app.drain().await;
    let states: Vec<Value> = sources(&app, &deal).await.iter().map(|source| source["state"].clone()).collect();
    assert_eq!(states, ["ready", "ready"]);
}

#[tokio::test]
async fn a_file_uploaded_to_a_source_replaces_it_whatever_its_name() {
    let app = TestApp::new().await;
    let (deal, first) = approved(&app).await;
    let put = |id: &str, words: &str| {
        let body = json!({"sources": [{"name": "transcript-final.txt", "text": words}]});
        app.client.put(format!("{}/v1/sources/{id}", app.address)).json(&body)
    };
    let second = text(&put(&first, &corrected()).answer(StatusCode::ACCEPTED).await["source"]["id"]);
    app.drain().await;
    assert_eq!(sources(&app, &deal).await[0]["replaced_by"], json!(second));
    let refused = put(&first, "Dana Ruiz: Once more.\nOmar Haddad: Yes.\n").answer(StatusCode::CONFLICT).await;
    assert!(text(&refused["detail"]).contains(&second), "it names the version to correct: {refused}");
    // The words of the version that was replaced are found no more.
    let ask = json!({"question": "When will the dock scheduler be live?"});
    let answer = app.post(&format!("/v1/deals/{deal}/ask"), &ask).answer(StatusCode::OK).await;
    assert!(!answer.to_string().contains("June 14"), "{answer}");
    // The earlier version again takes its place back.
    app.upload(&deal, "transcript-final.txt", CALL).await;
    app.drain().await;
    let states: Vec<Value> = sources(&app, &deal).await.iter().map(|source| source["state"].clone()).collect();
    assert_eq!(states, ["ready", "replaced"]);
}
