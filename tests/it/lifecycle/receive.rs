//! Final, accepted, returned, amended: who may, when, and what others hear of it.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::app::{Answer as _, text};
use crate::support::desk::Desk;
use crate::support::listener::Listener;

async fn transition(desk: &Desk, deal: &str) -> String {
    text(&desk.csm.get(&format!("/v1/deals/{deal}/draft")).await["scorecard"]["transition"])
}

#[tokio::test]
async fn a_final_handoff_is_accepted_once_with_a_rating() {
    let desk = Desk::open().await;
    let listener = Listener::at(&desk).await;
    let deal = desk.deal().await;
    let early = desk.csm.receive(&deal, "accept", 5, StatusCode::CONFLICT).await;
    assert!(text(&early["detail"]).contains("no final version"), "{early}");
    desk.ae.settle(&deal).await;
    assert_eq!(desk.state(&deal).await, "in_review");
    desk.ae.finalize(&deal, json!({}), StatusCode::CREATED).await;
    assert_eq!((desk.state(&deal).await, transition(&desk, &deal).await), ("finalized".into(), "unclear".into()));
    let again = desk.ae.finalize(&deal, json!({}), StatusCode::CONFLICT).await;
    assert!(text(&again["detail"]).contains("nothing has changed"), "{again}");

    for rating in [0, 6, 255] {
        desk.csm.receive(&deal, "accept", rating, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    assert_eq!(desk.state(&deal).await, "finalized", "what was refused changed nothing");
    let path = format!("/v1/deals/{deal}/accept");
    let body = json!({"rating": 4, "comment": "  Sharp and short.  "});
    let receipt = desk.csm.post(&path, &body).answer(StatusCode::CREATED).await;
    assert_eq!(
        (&receipt["verdict"], &receipt["rating"], &receipt["by"]),
        (&json!("accepted"), &json!(4), &json!("Priya Nair"))
    );
    assert_eq!(receipt["comment"], "Sharp and short.");
    assert_eq!((desk.state(&deal).await, transition(&desk, &deal).await), ("accepted".into(), "clear".into()));
    let twice = desk.csm.receive(&deal, "accept", 5, StatusCode::CONFLICT).await;
    assert!(text(&twice["detail"]).contains("accepted already"), "{twice}");
    desk.csm.receive(&deal, "return", 1, StatusCode::CONFLICT).await;
    assert_eq!(desk.ae.get(&format!("/v1/deals/{deal}/receipts")).await, json!([receipt]));

    desk.app.drain().await;
    let told: Vec<Value> = listener.told().await.into_iter().map(|event| event["type"].clone()).collect();
    assert_eq!(told, ["handoff.finalized", "handoff.accepted"]);
    assert_eq!(listener.of_kind("handoff.accepted").await[0]["rating"], 4);
}

#[tokio::test]
async fn only_the_deals_own_people_finalize_and_receive() {
    let desk = Desk::open().await;
    let deal = desk.finalized().await;
    for (member, status) in [
        (&desk.ae, StatusCode::FORBIDDEN),
        (&desk.rev_ops, StatusCode::FORBIDDEN),
        (&desk.leader, StatusCode::FORBIDDEN),
        (&desk.other_csm, StatusCode::NOT_FOUND),
    ] {
        member.receive(&deal, "accept", 5, status).await;
        member.receive(&deal, "return", 1, status).await;
    }
    assert_eq!(desk.state(&deal).await, "finalized");
    desk.csm.receive(&deal, "return", 1, StatusCode::CREATED).await;
    for member in [&desk.csm, &desk.rev_ops, &desk.leader] {
        member.finalize(&deal, json!({}), StatusCode::FORBIDDEN).await;
    }
}

#[tokio::test]
async fn a_return_needs_reasons_and_the_next_version_is_accepted() {
    let desk = Desk::open().await;
    let listener = Listener::at(&desk).await;
    let deal = desk.finalized().await;
    let path = format!("/v1/deals/{deal}/return");
    let none =
        desk.csm.post(&path, &json!({"rating": 2, "reasons": []})).answer(StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(text(&none["detail"]).contains("reasons"), "{none}");
    for body in [
        json!({"rating": 2, "reasons": vec![json!({"field": "risk", "code": "missing"}); 51]}),
        json!({"rating": 2, "reasons": [{"field": "risk", "code": "boring"}]}),
        json!({"rating": 2, "reasons": [{"field": "weather", "code": "missing"}]}),
        json!({"rating": 2, "reasons": [{"field": "risk", "code": "missing", "note": "x".repeat(4_001)}]}),
        json!({"reasons": [{"field": "risk", "code": "missing"}]}),
    ] {
        desk.csm.post(&path, &body).answer(StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let reasons = json!([{"field": "risk", "code": "missing", "note": "who runs the project?"}, {"field": "scope", "code": "wrong"}]);
    let body = json!({"rating": 2, "reasons": reasons});
    let receipt = desk.csm.post(&path, &body).answer(StatusCode::CREATED).await;
    assert_eq!((&receipt["reasons"], &receipt["verdict"]), (&reasons, &json!("returned")));
    assert_eq!((desk.state(&deal).await, transition(&desk, &deal).await), ("returned".into(), "unclear".into()));
    let waits = desk.csm.receive(&deal, "accept", 5, StatusCode::CONFLICT).await;
    assert!(text(&waits["detail"]).contains("given back"), "{waits}");

    desk.attest(&deal, "risk", "Nobody runs the project on their side yet.").await;
    assert_eq!(desk.state(&deal).await, "in_review");
    let changed = desk.csm.receive(&deal, "accept", 5, StatusCode::CONFLICT).await;
    assert!(text(&changed["detail"]).contains("changed since version 1"), "{changed}");
    let second = desk.ae.finalize(&deal, json!({}), StatusCode::CREATED).await;
    assert_eq!(second["number"], 2);
    let accepted = desk.csm.receive(&deal, "accept", 5, StatusCode::CREATED).await;
    assert_eq!(accepted["version_id"], second["id"]);
    assert_eq!(transition(&desk, &deal).await, "partial", "it went back once");

    desk.app.drain().await;
    let told: Vec<Value> = listener.told().await.into_iter().map(|event| event["type"].clone()).collect();
    assert_eq!(told, ["handoff.finalized", "handoff.returned", "handoff.amended", "handoff.accepted"]);
    assert_eq!(listener.of_kind("handoff.amended").await[0]["version"], 2);
}

#[tokio::test]
async fn an_accepted_handoff_is_amended_by_a_person_and_not_by_an_engine() {
    let desk = Desk::open().await;
    let deal = desk.finalized().await;
    desk.csm.receive(&deal, "accept", 5, StatusCode::CREATED).await;
    let call = "Callum Brandvold: We will migrate all of your historical logs before the October audit, at no charge.\n\
                Omar Haddad: Good.\nCallum Brandvold: Anything else?\nOmar Haddad: No.\n";
    desk.add(&deal, "after.txt", call).await;
    let draft = desk.csm.get(&format!("/v1/deals/{deal}/draft")).await;
    let promise = draft["items"].as_array().unwrap().iter().find(|item| item["field"] == "commitment").unwrap();
    assert_eq!((desk.state(&deal).await, &promise["state"]), ("accepted".into(), &json!("drafted")));
    desk.ae.finalize(&deal, json!({}), StatusCode::CONFLICT).await;

    desk.ae.decide(&text(&promise["id"]), "approve").await;
    assert_eq!(desk.state(&deal).await, "in_review");
    desk.ae.settle(&deal).await;
    let second = desk.ae.finalize(&deal, json!({}), StatusCode::CREATED).await;
    assert_eq!(second["number"], 2);
    let versions = desk.csm.get(&format!("/v1/deals/{deal}/versions")).await;
    assert_eq!(versions.as_array().unwrap().len(), 2, "the first stays");
    desk.csm.receive(&deal, "accept", 4, StatusCode::CREATED).await;
    assert_eq!((desk.state(&deal).await, transition(&desk, &deal).await), ("accepted".into(), "clear".into()));
}

#[tokio::test]
async fn the_gate_is_passed_with_a_reason_that_is_logged() {
    let desk = Desk::open().await;
    let deal = desk.deal().await;
    let closed = desk.ae.finalize(&deal, json!({"override_reason": "  "}), StatusCode::CONFLICT).await;
    assert_eq!(closed["missing"].as_array().unwrap().len(), 10, "{closed}");
    let long = json!({"override_reason": "x".repeat(2_001)});
    desk.ae.finalize(&deal, long, StatusCode::UNPROCESSABLE_ENTITY).await;
    let reason = json!({"override_reason": " The kickoff is tomorrow. "});
    let version = desk.ae.finalize(&deal, reason, StatusCode::CREATED).await;
    let entries = desk.rev_ops.get(&format!("/v1/audit-log?deal={deal}&limit=200")).await;
    let entry = &entries["items"].as_array().unwrap().last().unwrap()["entry"];
    assert_eq!(
        (&entry["action"], &entry["reason"]),
        (&json!("handoff.finalized_past_the_gate"), &json!("The kickoff is tomorrow."))
    );
    assert_eq!((&entry["subject"], &entry["after"]["missing"]), (&version["id"], &json!(10)));
    assert_eq!(entry["after"]["content_hash"], version["content_hash"]);
}

#[tokio::test]
async fn a_final_version_stays_final_until_a_person_decides_on_what_came_since() {
    let desk = Desk::open().await;
    let deal = desk.deal().await;
    desk.add(&deal, "call.txt", "Callum Brandvold: We will train your team by May 3.\nOmar Haddad: Good.\n").await;
    // Past the gate, so that items are left that nobody decided on.
    desk.ae.finalize(&deal, json!({"override_reason": "in a hurry"}), StatusCode::CREATED).await;
    desk.ae.post(&format!("/v1/deals/{deal}/draft"), &json!({})).answer(StatusCode::ACCEPTED).await;
    desk.app.drain().await;
    assert_eq!(desk.state(&deal).await, "finalized", "the same draft again is nothing new");
    let more = "Callum Brandvold: We will migrate all of your historical logs before the October audit, at no charge.\n\
                Omar Haddad: Good.\nCallum Brandvold: Anything else?\nOmar Haddad: No.\n";
    desk.add(&deal, "more.txt", more).await;
    assert_eq!(desk.state(&deal).await, "finalized", "an engine amends nothing");
    let body = json!({"field": "commitment"});
    desk.ae.post(&format!("/v1/deals/{deal}/approve"), &body).answer(StatusCode::OK).await;
    assert_eq!(desk.state(&deal).await, "in_review");
    let waits = desk.csm.receive(&deal, "accept", 5, StatusCode::CONFLICT).await;
    assert!(text(&waits["detail"]).contains("changed since version 1"), "{waits}");
}
