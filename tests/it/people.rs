//! Who is who: labels of several files are one person by evidence or by hand, and what is said by hand stands.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::app::{Answer as _, TestApp, text};

const FIRST: &str = "Dana Ruiz: I'm Dana, account executive at Ferrite.\nOmar Haddad: Omar, I run operations at Harbor.\n\
    Dana Ruiz: Shall we begin?\nOmar Haddad: Please.\n";
const SECOND: &str = "Dana Ruiz: Good to see you again.\nO. H.: We still have no answer on the freezers.\n\
    Dana Ruiz: You get it on Friday.\nO. H.: Good.\n";

/// A deal with both calls; its id and theirs.
async fn two_calls(app: &TestApp) -> (String, String, String) {
    let deal = app.deal().await;
    let first = text(&app.upload(&deal, "01.txt", FIRST).await["source"]["id"]);
    let second = text(&app.upload(&deal, "02.txt", SECOND).await["source"]["id"]);
    app.drain().await;
    (deal, first, second)
}

/// Each person as `label+label (side)`.
fn told(people: &Value) -> Vec<String> {
    let person = |person: &Value| {
        let labels: Vec<&str> =
            person["labels"].as_array().unwrap().iter().map(|label| label["label"].as_str().unwrap()).collect();
        format!("{} ({})", labels.join("+"), person["side"].as_str().unwrap())
    };
    people["people"].as_array().unwrap().iter().map(person).collect()
}

async fn people(app: &TestApp, deal: &str) -> Value {
    app.get(&format!("/v1/deals/{deal}/people")).answer(StatusCode::OK).await
}

#[tokio::test]
async fn people_are_joined_and_split_by_hand_and_keep_the_reason() {
    let app = TestApp::new().await;
    let (deal, first, second) = two_calls(&app).await;
    let all = people(&app, &deal).await;
    assert_eq!(told(&all), ["Dana Ruiz+Dana Ruiz (unknown)", "Omar Haddad (unknown)", "O. H. (unknown)"]);
    assert_eq!(all["people"][0]["labels"][1]["joined"], "the same full name");
    assert_eq!(all["people"][0]["labels"][0]["turns"], 2);

    let omar = json!({"source": first, "label": "Omar Haddad"});
    let initials = json!({"source": second, "label": "O. H."});
    let join = format!("/v1/deals/{deal}/people/join");
    let joined = app.post(&join, &json!({"labels": [omar, initials]})).answer(StatusCode::OK).await;
    assert_eq!(told(&joined)[1], "Omar Haddad+O. H. (unknown)");
    assert_eq!(joined["people"][1]["labels"][1]["joined"], "joined by hand");
    assert_eq!(joined["people"][1]["name"], "Omar Haddad");

    let side = app.client.put(format!("{}/v1/deals/{deal}/people/side", app.address));
    side.json(&json!({"label": omar, "side": "customer"})).answer(StatusCode::OK).await;
    app.drain().await;
    let placed = people(&app, &deal).await;
    assert_eq!(told(&placed)[1], "Omar Haddad+O. H. (customer)", "the side holds for both labels");
    assert_eq!(placed["people"][1]["side_reason"], "Dana Ruiz says so");
    let turns = app.get(&format!("/v1/sources/{second}")).answer(StatusCode::OK).await;
    assert_eq!(turns["participants"][1]["side"], "customer");

    let dana = json!({"source": second, "label": "Dana Ruiz"});
    let split = app.post(&format!("/v1/deals/{deal}/people/split"), &dana).answer(StatusCode::OK).await;
    assert_eq!(told(&split).len(), 3, "the two Danas are two people now: {split}");
    // A third call does not join them again.
    app.upload(&deal, "03.txt", "Dana Ruiz: Last point.\nPia Lund: Yes?\nDana Ruiz: The price.\nPia Lund: Fine.\n")
        .await;
    app.drain().await;
    let after = told(&people(&app, &deal).await);
    assert!(after.contains(&"Dana Ruiz (unknown)".to_owned()), "one Dana stands alone: {after:?}");
    let both = json!({"labels": [{"source": first, "label": "Dana Ruiz"}, dana]});
    let again = app.post(&join, &both).answer(StatusCode::OK).await;
    assert_eq!(told(&again)[0], "Dana Ruiz+Dana Ruiz+Dana Ruiz (unknown)");
}

#[tokio::test]
async fn a_label_that_is_in_no_file_is_refused_by_name() {
    let app = TestApp::new().await;
    let (deal, first, _) = two_calls(&app).await;
    let nobody = json!({"source": first, "label": "Nobody"});
    let refused = app.post(&format!("/v1/deals/{deal}/people/split"), &nobody);
    let refused = refused.answer(StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(text(&refused["detail"]).contains("`Nobody`"), "{refused}");
    let one = json!({"labels": [{"source": first, "label": "Omar Haddad"}]});
    let refused = app.post(&format!("/v1/deals/{deal}/people/join"), &one);
    assert!(text(&refused.answer(StatusCode::UNPROCESSABLE_ENTITY).await["detail"]).contains("at least two"));
}

#[tokio::test]
async fn a_call_and_its_description_in_two_files_of_gong_are_read_together() {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    let file = |name: &str| {
        std::fs::read_to_string(format!("{}/fixtures/transcripts/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    let call = text(&app.upload(&deal, "call.json", &file("gong-transcript-only.json")).await["source"]["id"]);
    app.drain().await;
    let before = app.get(&format!("/v1/sources/{call}")).answer(StatusCode::OK).await;
    assert!(before["participants"][0]["name"].is_null(), "alone it has ids only: {before}");
    app.upload(&deal, "details.json", &file("gong-call-details.json")).await;
    app.drain().await;
    let after = app.get(&format!("/v1/sources/{call}")).answer(StatusCode::OK).await;
    for participant in after["participants"].as_array().unwrap() {
        assert!(participant["name"].is_string() && participant["side"] != "unknown", "{participant}");
    }
    let people = people(&app, &deal).await;
    assert_eq!(people["people"][0]["labels"][1]["joined"], "the same id of a voice");
}
