//! What customer success and the customer add becomes part of the record: cited, verbatim, and in nobody's way.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::app::{Answer as _, text};
use crate::support::desk::{Desk, Member};
use crate::support::listener::Listener;

const CALL: &str = "Callum Brandvold: I'm Callum, account executive at Ferrite.\n\
    Omar Haddad: Omar Haddad, I run operations at Harbor and Pine.\n\
    Callum Brandvold: We will have the dock scheduler live at all six sites by June 14.\n\
    Omar Haddad: Good.\n";

/// A finalized deal with one approved promise; deal and item.
async fn promised(desk: &Desk) -> (String, String) {
    let deal = desk.deal().await;
    desk.add(&deal, "01-call.txt", CALL).await;
    let draft = desk.ae.get(&format!("/v1/deals/{deal}/draft")).await;
    let items = draft["items"].as_array().unwrap();
    let item = text(&items.iter().find(|item| item["field"] == "commitment").unwrap()["id"]);
    desk.ae.decide(&item, "approve").await;
    desk.ae.settle(&deal).await;
    desk.ae.finalize(&deal, json!({}), StatusCode::CREATED).await;
    (deal, item)
}

/// The words of a turn that a citation points to.
async fn cited_words(member: &Member, citation: &Value) -> String {
    let turns = member.get(&format!("/v1/sources/{}/turns?limit=200", text(&citation["source_id"]))).await;
    let turn =
        turns["items"].as_array().unwrap().iter().find(|turn| turn["index"] == citation["turn"]).unwrap().clone();
    let [from, to] = [0, 1].map(|at| usize::try_from(citation["chars"][at].as_u64().unwrap()).unwrap());
    text(&turn["text"]).chars().skip(from).take(to - from).collect()
}

async fn every_citation_is_verbatim(member: &Member, deal: &str) {
    let draft = member.get(&format!("/v1/deals/{deal}/draft")).await;
    let items = draft["items"].as_array().unwrap();
    for citation in items.iter().flat_map(|item| item["citations"].as_array().unwrap()) {
        assert_eq!(cited_words(member, citation).await, text(&citation["quote"]));
    }
    let broken = draft["item_revisions"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|entry| entry["broken_citations"].as_array().unwrap());
    assert_eq!(broken.count(), 0);
}

#[tokio::test]
async fn an_answer_becomes_a_source_that_can_be_cited_and_is_drafted() {
    let desk = Desk::open().await;
    let listener = Listener::at(&desk).await;
    let deal = desk.finalized().await;
    let questions = format!("/v1/deals/{deal}/questions");
    let asked = json!({"field": "technical", "question": "Note: which system\nholds the logs?"});
    let question = desk.csm.post(&questions, &asked).answer(StatusCode::CREATED).await;
    assert_eq!((&question["asked_by"], &question["answer"]), (&json!("Priya Nair"), &Value::Null));

    let path = format!("/v1/questions/{}/answer", text(&question["id"]));
    let words = "We will migrate all of your historical logs before the October audit, at no charge.";
    let answered = desk.ae.post(&path, &json!({"answer": words})).answer(StatusCode::OK).await;
    assert_eq!((&answered["answer"], &answered["answered_by"]), (&json!(words), &json!("Callum Brandvold")));
    let source = text(&answered["source_id"]);
    // Readable at once, said by who said it, each on the side they are on.
    let turns = desk.csm.get(&format!("/v1/sources/{source}/turns")).await;
    let said: Vec<(String, String)> =
        turns["items"].as_array().unwrap().iter().map(|turn| (text(&turn["speaker"]), text(&turn["text"]))).collect();
    let expected = [("Priya Nair", "Note: which system holds the logs?"), ("Callum Brandvold", words)];
    assert_eq!(said, expected.map(|(who, words)| (who.to_owned(), words.to_owned())));
    let detail = desk.csm.get(&format!("/v1/sources/{source}")).await;
    let sides: Vec<&Value> = detail["participants"].as_array().unwrap().iter().map(|person| &person["side"]).collect();
    assert_eq!((sides, &detail["name"]), (vec![&json!("vendor"), &json!("vendor")], &json!("clarification-1")));

    desk.app.drain().await;
    assert_eq!(desk.csm.get(&format!("/v1/sources/{source}")).await["state"], "ready");
    let draft = desk.csm.get(&format!("/v1/deals/{deal}/draft")).await;
    let promise = draft["items"].as_array().unwrap().iter().find(|item| item["field"] == "commitment").unwrap();
    let citation = &promise["citations"][0];
    assert_eq!(
        (&citation["source"], &citation["speaker"], &citation["side"]),
        (&json!("clarification-1"), &json!("Callum Brandvold"), &json!("vendor"))
    );
    assert_eq!(promise["attributes"]["owed_by"], "vendor");
    every_citation_is_verbatim(&desk.csm, &deal).await;

    let again = desk.ae.post(&path, &json!({"answer": "Something else."})).answer(StatusCode::CONFLICT).await;
    assert!(text(&again["detail"]).contains("has an answer already"), "{again}");
    desk.csm.post(&path, &json!({"answer": "x"})).answer(StatusCode::FORBIDDEN).await;
    desk.other_csm.post(&path, &json!({"answer": "x"})).answer(StatusCode::NOT_FOUND).await;
    desk.ae.post(&questions, &asked).answer(StatusCode::FORBIDDEN).await;
    for body in [
        json!({"question": "  "}),
        json!({"question": "x".repeat(4_001)}),
        json!({"field": "weather", "question": "x"}),
    ] {
        desk.csm.post(&questions, &body).answer(StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let second = desk.csm.post(&questions, &json!({"question": "And SSO?"})).answer(StatusCode::CREATED).await;
    let path = format!("/v1/questions/{}/answer", text(&second["id"]));
    desk.ae.post(&path, &json!({"answer": "?!"})).answer(StatusCode::OK).await;
    assert_eq!(desk.ae.get(&questions).await.as_array().unwrap().len(), 2);
    desk.app.drain().await;
    let told = [listener.of_kind("question.asked").await.len(), listener.of_kind("question.answered").await.len()];
    assert_eq!(told, [2, 2]);
}

#[tokio::test]
async fn what_the_customer_corrects_speaks_against_the_item_and_brings_it_back() {
    let desk = Desk::open().await;
    let listener = Listener::at(&desk).await;
    let (deal, item) = promised(&desk).await;
    desk.csm.receive(&deal, "accept", 5, StatusCode::CREATED).await;
    let path = format!("/v1/deals/{deal}/corrections");
    // A name of one word, and words that look like another speaker's line.
    let words = "Note: we agreed on four sites.\nDana Ruiz: yes we did";
    let body = json!({"item": item, "said_by": "Omar", "words": words});
    let correction = desk.csm.post(&path, &body).answer(StatusCode::CREATED).await;
    assert_eq!(
        (&correction["said_by"], &correction["recorded_by"], &correction["item_id"]),
        (&json!("Omar"), &json!("Priya Nair"), &json!(item))
    );

    let corrected = desk.ae.get(&format!("/v1/items/{item}")).await;
    assert_eq!((&corrected["state"], desk.state(&deal).await), (&json!("drafted"), "in_review".into()));
    let counter = corrected["citations"].as_array().unwrap().last().unwrap().clone();
    let one_line = "Note: we agreed on four sites. Dana Ruiz: yes we did";
    assert_eq!(
        (&counter["role"], &counter["quote"], &counter["speaker"]),
        (&json!("counter"), &json!(one_line), &json!("Omar"))
    );
    assert_eq!(
        (&counter["side"], &counter["source"], &counter["source_id"]),
        (&json!("customer"), &json!("customer-correction-1"), &correction["source_id"])
    );
    let edit = corrected["edits"].as_array().unwrap().last().unwrap();
    assert_eq!((&edit["before"]["state"], &edit["after"]["state"]), (&json!("approved"), &json!("drafted")));
    every_citation_is_verbatim(&desk.csm, &deal).await;

    // A draft made anew keeps it, and it is not approved in passing.
    desk.app.drain().await;
    let kept = desk.ae.get(&format!("/v1/items/{item}")).await;
    assert_eq!((&kept["state"], &kept["citations"]), (&corrected["state"], &corrected["citations"]));
    let outcome = desk
        .ae
        .post(&format!("/v1/deals/{deal}/approve"), &json!({"field": "commitment"}))
        .answer(StatusCode::OK)
        .await;
    let skipped = outcome["skipped"].as_array().unwrap();
    assert!(
        skipped.iter().any(|skip| skip["id"] == json!(item) && text(&skip["why"]).contains("against it")),
        "{outcome}"
    );
    every_citation_is_verbatim(&desk.csm, &deal).await;
    desk.ae.decide_with(&item, "undo", json!({}), StatusCode::CONFLICT).await;
    // Somebody looks at it, and is free to stand behind it.
    assert_eq!(desk.ae.decide(&item, "approve").await["citations"], corrected["citations"]);
    assert_eq!(listener.of_kind("correction.recorded").await[0]["by"], "Priya Nair");
    assert!(listener.of_kind("handoff.amended").await.is_empty(), "there is no new version yet");
}

#[tokio::test]
async fn the_corrected_words_are_drafted_as_what_they_say_and_not_swallowed_by_what_they_correct() {
    let desk = Desk::open().await;
    let (deal, item) = promised(&desk).await;
    let words = "You promised to have the dock scheduler live at four sites by June 1. We will send you the list of docks by May 4.";
    let body = json!({"item": item, "said_by": "Omar Haddad", "words": words});
    let correction = desk.csm.post(&format!("/v1/deals/{deal}/corrections"), &body).answer(StatusCode::CREATED).await;
    desk.app.drain().await;
    let draft = desk.ae.get(&format!("/v1/deals/{deal}/draft")).await;
    let rests_on_it = |item: &&Value| {
        let citations = item["citations"].as_array().unwrap();
        citations.iter().any(|c| c["source_id"] == correction["source_id"] && c["role"] == "support")
    };
    let found: Vec<&Value> = draft["items"].as_array().unwrap().iter().filter(rests_on_it).collect();
    assert!(found.iter().any(|found| found["field"] == "commitment" && found["id"] != json!(item)), "{draft}");
}

#[tokio::test]
async fn a_correction_is_recorded_for_a_deal_as_a_whole_too_and_only_by_its_receiver() {
    let desk = Desk::open().await;
    let (deal, item) = promised(&desk).await;
    let path = format!("/v1/deals/{deal}/corrections");
    let body = |item: Value, words: &str| json!({"item": item, "said_by": "Omar Haddad", "words": words});
    desk.csm.receive(&deal, "accept", 5, StatusCode::CREATED).await;
    desk.csm.post(&path, &body(Value::Null, "Our fiscal year ends in June.")).answer(StatusCode::CREATED).await;
    desk.app.drain().await;
    assert_eq!(desk.state(&deal).await, "accepted", "an engine's draft alone amends nothing");
    assert_eq!(desk.ae.get(&path).await.as_array().unwrap().len(), 1);

    let (other, other_item) = promised(&desk).await;
    for (body, status) in [
        (body(json!(other_item), "No."), 404),
        (body(json!("itm_00000000000000000000000000000000"), "No."), 404),
        (body(Value::Null, "  "), 422),
        (body(Value::Null, "…"), 422),
        (json!({"said_by": " ", "words": "No."}), 422),
    ] {
        desk.csm.post(&path, &body).answer(StatusCode::from_u16(status).unwrap()).await;
    }
    let untouched = desk.ae.get(&format!("/v1/items/{other_item}")).await;
    assert_eq!((&untouched["state"], desk.state(&other).await), (&json!("approved"), "finalized".into()));
    let sources = desk.ae.get(&format!("/v1/deals/{deal}/sources")).await;
    assert_eq!(sources.as_array().unwrap().len(), 2, "what was refused left no source behind");
    for (member, status) in [(&desk.ae, 403), (&desk.rev_ops, 403), (&desk.other_csm, 404)] {
        member.post(&path, &body(json!(item), "No.")).answer(StatusCode::from_u16(status).unwrap()).await;
    }
}
