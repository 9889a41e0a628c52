//! Answers that know what was found: the contract beside what was said, and what was promised beside the contract.

use std::fs;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::app::{Answer as _, TestApp, text};

const DEAL: &str = "fixtures/deals/harbor-cold-chain";

/// The sample deal, uploaded and drafted.
async fn drafted() -> (TestApp, String) {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    for name in ["01-discovery.vtt", "02-demo.json", "03-negotiation.vtt", "ae-notes.md", "order-form.md"] {
        app.upload(&deal, name, &fs::read_to_string(format!("{DEAL}/{name}")).unwrap()).await;
    }
    app.drain().await;
    (app, deal)
}

async fn ask(app: &TestApp, deal: &str, question: &str) -> Value {
    ask_at(app, &format!("/v1/deals/{deal}/ask"), question).await
}

async fn ask_at(app: &TestApp, path: &str, question: &str) -> Value {
    app.post(path, &json!({"question": question})).answer(StatusCode::OK).await["answer"].clone()
}

/// The lines that begin with `told`, and the sources of the words that they rest on.
fn lines<'a>(answer: &'a Value, told: &str) -> Vec<(&'a str, Vec<&'a str>)> {
    let source = |number: &Value| {
        let at = usize::try_from(number.as_u64().unwrap()).unwrap() - 1;
        answer["citations"][at]["source"].as_str().unwrap()
    };
    let own = |line: &'a Value| {
        (line["text"].as_str().unwrap(), line["citations"].as_array().unwrap().iter().map(source).collect())
    };
    answer["lines"].as_array().unwrap().iter().map(own).filter(|(text, _)| text.starts_with(told)).collect()
}

#[tokio::test]
async fn over_several_deals_a_promise_is_shown_with_what_the_contract_of_its_own_deal_says() {
    let (app, _) = drafted().await;
    let other = app.deal().await;
    app.upload(&other, "order-form.md", &fs::read_to_string(format!("{DEAL}/order-form.md")).unwrap()).await;
    app.drain().await;

    let answer = ask_at(&app, "/v1/ask", "How many lab gateways go to us?").await;
    let otherwise = lines(&answer, "The contract says otherwise: ");
    assert_eq!(otherwise.len(), 1, "{answer}");
    assert!(otherwise[0].0.contains("Eighteen (18) gateways"), "{answer}");
    assert_eq!(otherwise[0].1, ["Six sites: order-form.md"], "the words say in which deal they stand");
    let sources = answer["citations"].as_array().unwrap().iter().map(|citation| text(&citation["source"]));
    assert!(sources.clone().all(|source| source.starts_with("Six sites: ")), "{:?}", sources.collect::<Vec<_>>());
}

#[tokio::test]
async fn a_promise_is_shown_with_what_the_contract_says_and_a_clause_with_what_was_promised() {
    let (app, deal) = drafted().await;
    let answer = ask(&app, &deal, "How many lab gateways go to us?").await;
    let otherwise = lines(&answer, "The contract says otherwise: ");
    let [(text_of, sources)] = otherwise.as_slice() else { panic!("{answer}") };
    assert!(text_of.contains("Eighteen (18) gateways") && text_of.ends_with("(not reviewed)"), "{answer}");
    assert_eq!(sources, &["order-form.md"]);

    let answer = ask(&app, &deal, "When is Port Sorrel live?").await;
    assert!(text(&answer["lines"][0]["text"]).contains("on or before June 15, 2026"), "{answer}");
    let promised = lines(&answer, "Promised: ");
    let first = promised.iter().find(|(text, _)| text.contains("by the first of June")).unwrap();
    assert!(first.0.contains("contract: contradicted") && first.1 == ["01-discovery.vtt"], "{answer}");
    // Its words are not quoted once more, if not for a reply to them.
    assert!(lines(&answer, "“For you guys").iter().all(|(_, sources)| sources.len() > 1), "{answer}");
    // That the contract carries a promise is told once a person has looked at it.
    assert!(promised.iter().all(|(text, _)| !text.contains("contract: written")), "{answer}");
    let all = json!({"field": "commitment"});
    app.post(&format!("/v1/deals/{deal}/approve"), &all).answer(StatusCode::OK).await;
    let answer = ask(&app, &deal, "When is Port Sorrel live?").await;
    let promised = lines(&answer, "Promised: ");
    assert!(promised.iter().any(|(text, _)| text.contains("contract: written")), "{answer}");
}

#[tokio::test]
async fn what_changed_is_told_from_what_the_contract_writes_otherwise_and_by_its_day() {
    let (app, deal) = drafted().await;
    let answer = ask(&app, &deal, "Did any date change?").await;
    assert_eq!(answer["basis"], "items", "{answer}");
    let promised = lines(&answer, "Promised: ");
    assert!(promised.iter().any(|(text, _)| text.contains("by the first of June")), "{answer}");
    let otherwise = lines(&answer, "The contract says otherwise: ");
    assert!(otherwise.iter().any(|(text, _)| text.contains("on or before June 15, 2026")), "{answer}");
    assert!(otherwise.iter().all(|(text, _)| !text.contains("gateways")), "how many is no date: {answer}");

    let answer = ask(&app, &deal, "What changed about the gateways?").await;
    let otherwise = lines(&answer, "The contract says otherwise: ");
    assert!(otherwise.iter().any(|(text, _)| text.contains("Eighteen (18) gateways")), "{answer}");
    assert!(otherwise.iter().all(|(text, _)| !text.contains("June 15")), "{answer}");
}
