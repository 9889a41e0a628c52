//! Patterns over many handoffs: figures that can be computed by hand, never over so few deals that a line would point at one,
//! and no seller in them.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::app::Answer as _;
use crate::support::desk::Desk;

/// A deal of a segment, won now; the clock stays.
async fn won(desk: &Desk, segment: &str) -> String {
    let deal = desk.deal().await;
    desk.ae.change(&deal, json!({"segment": segment})).await;
    desk.ae.post(&format!("/v1/deals/{deal}/closed-won"), &json!({})).answer(StatusCode::OK).await;
    deal
}

async fn step(desk: &Desk, deal: &str, step: &str) {
    desk.csm.put(&format!("/v1/deals/{deal}/steps/{step}"), &json!({})).answer(StatusCode::OK).await;
}

async fn check(desk: &Desk, deal: &str, repeats: u32, satisfaction: Option<u8>, escalated: bool) {
    let body = json!({"kind": "pulse", "repeats": repeats, "satisfaction": satisfaction, "escalated": escalated});
    desk.csm.post(&format!("/v1/deals/{deal}/check-ins"), &body).answer(StatusCode::CREATED).await;
}

/// Four won deals, as different as handovers are:
///
/// | | A | B | C | D |
/// | --- | --- | --- | --- | --- |
/// | segment | SMB | SMB | Enterprise | SMB |
/// | document | risk known | returned, then accepted | overridden | none |
/// | rating | 5 | 2, 4 | 3 | |
/// | internal call | yes | yes | | |
/// | first contact | 10 h | 60 h | | |
/// | check | 0 repeats, 5 | 3 repeats, 4, escalated | 0 repeats | |
async fn four_deals() -> Desk {
    let desk = Desk::open().await;
    let (a, b) = (won(&desk, "SMB").await, won(&desk, "SMB").await);
    let (c, _d) = (won(&desk, "Enterprise").await, won(&desk, " smb ").await);
    for field in ["why_bought", "success_criteria", "commitment", "scope", "timeline", "risk", "technical"] {
        desk.attest(&a, field, "Somebody knows.").await;
    }
    desk.attest(&b, "risk", "Somebody knows.").await;
    desk.ae.settle(&a).await;
    desk.ae.settle(&b).await;
    desk.ae.finalize(&a, json!({}), StatusCode::CREATED).await;
    desk.ae.finalize(&b, json!({}), StatusCode::CREATED).await;
    desk.ae.finalize(&c, json!({"override_reason": "in a hurry"}), StatusCode::CREATED).await;
    desk.csm.receive(&a, "accept", 5, StatusCode::CREATED).await;
    desk.csm.receive(&b, "return", 2, StatusCode::CREATED).await;
    desk.ae.finalize(&b, json!({}), StatusCode::CREATED).await;
    desk.csm.receive(&b, "accept", 4, StatusCode::CREATED).await;
    desk.csm.receive(&c, "accept", 3, StatusCode::CREATED).await;
    step(&desk, &a, "internal_call").await;
    step(&desk, &b, "internal_call").await;
    desk.clock.forward(Duration::from_hours(10));
    step(&desk, &a, "introduction").await;
    desk.clock.forward(Duration::from_hours(50));
    step(&desk, &a, "kickoff").await;
    step(&desk, &b, "kickoff").await;
    check(&desk, &a, 0, Some(5), false).await;
    check(&desk, &b, 3, Some(4), true).await;
    check(&desk, &c, 0, None, false).await;
    desk
}

fn part(patterns: &Value, name: &str) -> Value {
    let parts = patterns["parts"].as_array().unwrap();
    let part = parts.iter().find(|part| part["part"] == name).unwrap();
    json!([part["clear"], part["partial"], part["unclear"], part["advice"].is_null()])
}

fn metric(patterns: &Value, name: &str) -> Value {
    let metrics = patterns["metrics"].as_array().unwrap();
    let metric = metrics.iter().find(|metric| metric["name"] == name).unwrap();
    json!([metric["value"], metric["met"], metric["over"]])
}

#[tokio::test]
async fn the_figures_are_those_that_one_computes_by_hand() {
    let desk = four_deals().await;
    let patterns = desk.leader.get("/v1/patterns").await;
    assert_eq!(json!([patterns["deals"], patterns["finalized"], patterns["overridden"]]), json!([4, 3, 1]));
    // [clear, partial, unclear, no advice]; D has no document.
    for (name, expected) in [
        ("customer_intent", json!([1, 0, 2, false])),
        ("stakeholder_map", json!([0, 0, 3, false])),
        ("scope_and_expectations", json!([1, 0, 2, false])),
        ("implementation_risk", json!([1, 1, 1, false])),
        ("transition", json!([1, 2, 0, false])),
    ] {
        assert_eq!(part(&patterns, name), expected, "{name}");
    }
    assert_eq!(patterns["returns"], json!([{"field": "risk", "missing": 1, "unclear": 0, "wrong": 0}]));
    // A leaves 3 of 10 unknown, B leaves 9; C was finalized past the gate without saying anything.
    let unknown: Vec<(Value, Value)> = patterns["unknown"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["field"].clone(), one["handoffs"].clone()))
        .collect();
    assert_eq!(unknown.len(), 9);
    assert_eq!(unknown[0].1, json!(2));
    assert_eq!(unknown.iter().filter(|(_, handoffs)| *handoffs == json!(2)).count(), 3);
    assert!(unknown.iter().all(|(field, _)| field != "risk"));
    // [value, met, over]
    for (name, expected) in [
        ("document_completion", json!([75.0, false, 4])),
        ("meeting_completion", json!([50.0, false, 4])),
        ("hours_to_first_contact", json!([35.0, true, 2])),
        ("repeats_per_check", json!([1.0, false, 3])),
        ("customer_satisfaction", json!([4.5, false, 2])),
        ("csm_rating", json!([3.5, false, 4])),
    ] {
        assert_eq!(metric(&patterns, name), expected, "{name}");
    }
    let smooth = metric(&patterns, "smooth_transitions");
    assert!((smooth[0].as_f64().unwrap() - 200.0 / 3.0).abs() < 1e-9 && smooth[1] == false, "{smooth}");
}

#[tokio::test]
async fn the_export_holds_the_same_figures_and_nobodys_name() {
    let desk = four_deals().await;
    let csv = desk.rev_ops.request(Method::GET, "/v1/patterns/export").send().await.unwrap();
    assert_eq!(csv.headers()["content-type"], "text/csv; charset=utf-8");
    assert!(csv.headers()["content-disposition"].to_str().unwrap().contains("baton-patterns.csv"));
    let csv = csv.text().await.unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "kind,name,figure,value");
    for line in [
        "selection,deals,won,4",
        "scorecard,transition,partial,2",
        "returns,risk,missing,1",
        "unknown,stakeholder,handoffs,2",
        "metric,hours_to_first_contact,hours,35.00",
        "metric,smooth_transitions,percent,66.67",
    ] {
        assert!(lines.contains(&line), "{line} in {csv}");
    }
    let json = desk.leader.get("/v1/patterns").await.to_string();
    for member in [&desk.ae, &desk.csm, &desk.rev_ops, &desk.leader, &desk.admin] {
        for word in member.user.name.split(' ').chain([member.id(), member.email()]) {
            assert!(!csv.contains(word) && !json.contains(word), "{word}");
        }
    }
    assert!(!csv.contains("Harbor") && !json.contains("Six sites"), "nor a customer's");
}

#[tokio::test]
async fn a_selection_is_by_segment_and_time_and_says_nothing_over_too_few_deals() {
    let desk = four_deals().await;
    let deals = |query: &'static str| {
        let desk = &desk;
        async move {
            let patterns = desk.leader.get(&format!("/v1/patterns?{query}")).await;
            json!([patterns["deals"], patterns["too_few"]])
        }
    };
    assert_eq!(deals("segment=%20SMB").await, json!([3, false]));
    assert_eq!(deals("segment=Enterprise").await, json!([1, true]));
    assert_eq!(deals("segment=").await, json!([4, false]));
    assert_eq!(
        deals("from=2026-03-02T10:00:00Z&until=2026-03-02T10:00:01Z").await,
        json!([4, false]),
        "from is in, until is out"
    );
    assert_eq!(deals("until=2026-03-02T10:00:00Z").await, json!([0, true]));
    let few = desk.leader.get("/v1/patterns?segment=enterprise").await;
    assert_eq!(
        json!([few["parts"], few["returns"], few["unknown"], few["metrics"], few["overridden"]]),
        json!([[], [], [], [], 0])
    );
    let csv = desk.leader.request(Method::GET, "/v1/patterns/export?segment=enterprise").send().await.unwrap();
    assert_eq!(csv.text().await.unwrap().lines().count(), 4, "the counts of the selection and nothing else");
    for member in [&desk.ae, &desk.csm] {
        for path in ["/v1/patterns", "/v1/patterns/export"] {
            member.request(Method::GET, path).answer(StatusCode::FORBIDDEN).await;
        }
    }
}

#[tokio::test]
async fn deals_that_are_not_won_and_deals_of_others_are_in_no_pattern() {
    let desk = four_deals().await;
    desk.finalized().await;
    assert_eq!(desk.leader.get("/v1/patterns").await["deals"], 4);
    let stranger = desk.of_another_workspace().await;
    assert_eq!(stranger.get("/v1/patterns").await["deals"], 0);
}
