//! The clocks of won deals: set by policy, stopped by what is done, told of before and after they run out.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::app::{Answer as _, text};
use crate::support::desk::{Desk, Member};
use crate::support::listener::Listener;

const POLICIES: &str = "/v1/settings/sla-policies";

async fn hours(desk: &Desk, hours: u64) {
    desk.clock.forward(Duration::from_hours(hours));
    desk.app.drain().await;
}

/// An AE's deal that is won now.
async fn won(desk: &Desk) -> String {
    let deal = desk.deal_won().await;
    desk.app.drain().await;
    deal
}

async fn steps(member: &Member, deal: &str) -> Vec<Value> {
    member.get(&format!("/v1/deals/{deal}/steps")).await.as_array().unwrap().clone()
}

async fn step(member: &Member, deal: &str, name: &str) -> Value {
    steps(member, deal).await.into_iter().find(|step| step["step"] == name).unwrap()
}

/// What was told of deadlines, in words.
async fn reminders(listener: &Listener) -> Vec<String> {
    let told = listener.told().await.into_iter();
    told.filter(|event| text(&event["type"]).starts_with("sla."))
        .map(|event| format!("{} {}", text(&event["type"]), text(&event["data"]["step"])))
        .collect()
}

#[tokio::test]
async fn every_deadline_is_told_of_once_when_it_is_near_and_once_when_it_is_past() {
    let desk = Desk::open().await;
    let listener = Listener::at(&desk).await;
    won(&desk).await;
    hours(&desk, 17).await;
    assert!(reminders(&listener).await.is_empty(), "the document is due in 7 hours, and told of 6 before");
    hours(&desk, 1).await;
    assert_eq!(reminders(&listener).await, ["sla.due_soon Handoff document"]);
    hours(&desk, 5).await;
    assert_eq!(reminders(&listener).await.len(), 1);
    hours(&desk, 1).await;
    assert_eq!(reminders(&listener).await[1..], ["sla.overdue Handoff document"]);

    // A month later, however often the worker looks.
    for _ in 0..60 {
        hours(&desk, 12).await;
    }
    let mut told = reminders(&listener).await;
    let of = |label: &str| [format!("sla.due_soon {label}"), format!("sla.overdue {label}")];
    let labels = ["Handoff document", "Internal call", "Introduction", "Kickoff", "Pulse, day 14", "Check-in, day 30"];
    let mut expected = labels.map(of).concat();
    told.sort_unstable();
    expected.sort_unstable();
    assert_eq!(told, expected);
    let event = &listener.of_kind("sla.overdue").await[0];
    assert_eq!(
        (&event["due_at"], &event["deal"]["account"]),
        (&json!("2026-03-03T10:00:00Z"), &json!("Harbor & Pine"))
    );
}

#[tokio::test]
async fn a_restart_loses_no_reminder_and_repeats_none() {
    let desk = Desk::open().await;
    let listener = Listener::at(&desk).await;
    won(&desk).await;
    hours(&desk, 18).await;
    let desk = desk.restarted().await;
    desk.app.drain().await;
    assert_eq!(reminders(&listener).await, ["sla.due_soon Handoff document"]);
    // It was not running when the deadline passed, and when another came near: both are told of when it runs again.
    desk.clock.forward(Duration::from_hours(18));
    let desk = desk.restarted().await;
    desk.app.drain().await;
    let expected = ["sla.due_soon Handoff document", "sla.overdue Handoff document", "sla.due_soon Internal call"];
    assert_eq!(reminders(&listener).await, expected);
}

#[tokio::test]
async fn what_is_done_is_not_reminded_of_and_what_is_undone_is_again() {
    let desk = Desk::open().await;
    let listener = Listener::at(&desk).await;
    let deal = won(&desk).await;
    let path = format!("/v1/deals/{deal}/steps");
    let call = format!("{path}/internal_call");
    hours(&desk, 1).await;
    let marked = desk.csm.put(&call, &json!({})).answer(StatusCode::OK).await;
    let done = marked.as_array().unwrap().iter().find(|step| step["step"] == "internal_call").unwrap().clone();
    assert_eq!((&done["done_at"], &done["done_by"]), (&json!("2026-03-02T11:00:00Z"), &json!("Priya Nair")));
    hours(&desk, 1).await;
    desk.ae.put(&call, &json!({})).answer(StatusCode::OK).await;
    assert_eq!(step(&desk.ae, &deal, "internal_call").await, done, "said again, nothing changes");
    hours(&desk, 70).await;
    assert!(!reminders(&listener).await.iter().any(|line| line.ends_with("Internal call")));

    desk.ae.delete(&call).answer(StatusCode::OK).await;
    assert_eq!(step(&desk.ae, &deal, "internal_call").await["done_by"], Value::Null);
    hours(&desk, 0).await;
    assert_eq!(listener.of_kind("sla.overdue").await.last().unwrap()["step"], "Internal call");
    desk.ae.delete(&call).answer(StatusCode::OK).await;

    let actions: Vec<Value> = desk.rev_ops.get(&format!("/v1/audit-log?deal={deal}&limit=200")).await["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["entry"]["action"] == "step.marked")
        .map(|line| line["entry"]["after"]["done"].clone())
        .collect();
    assert_eq!(actions, [json!(true), json!(false)], "what changed nothing is no entry");

    for (step, words) in [("document", "not marked by hand"), ("pulse", "not marked by hand")] {
        let problem = desk.ae.put(&format!("{path}/{step}"), &json!({})).answer(StatusCode::CONFLICT).await;
        assert!(text(&problem["detail"]).contains(words), "{problem}");
    }
    desk.rev_ops.put(&call, &json!({})).answer(StatusCode::FORBIDDEN).await;
    desk.other_csm.put(&call, &json!({})).answer(StatusCode::NOT_FOUND).await;
    let open = desk.deal().await;
    let problem =
        desk.ae.put(&format!("/v1/deals/{open}/steps/kickoff"), &json!({})).answer(StatusCode::CONFLICT).await;
    assert!(text(&problem["detail"]).contains("not won yet"), "{problem}");
}

#[tokio::test]
async fn the_document_is_done_by_the_first_final_version_and_the_checks_by_being_recorded() {
    let desk = Desk::open().await;
    let deal = won(&desk).await;
    hours(&desk, 2).await;
    desk.ae.settle(&deal).await;
    desk.ae.finalize(&deal, json!({}), StatusCode::CREATED).await;
    let done = step(&desk.ae, &deal, "document").await;
    assert_eq!((&done["done_at"], &done["done_by"]), (&json!("2026-03-02T12:00:00Z"), &json!("Callum Brandvold")));
    hours(&desk, 30).await;
    desk.csm.receive(&deal, "return", 2, StatusCode::CREATED).await;
    desk.ae.finalize(&deal, json!({}), StatusCode::CREATED).await;
    assert_eq!(step(&desk.ae, &deal, "document").await, done, "a second version does not make the first one late");

    let check = |kind: &str, satisfaction: Value| json!({"kind": kind, "repeats": 2, "satisfaction": satisfaction, "escalated": false});
    let path = format!("/v1/deals/{deal}/check-ins");
    desk.csm.post(&path, &check("pulse", json!(4))).answer(StatusCode::CREATED).await;
    let pulse = step(&desk.csm, &deal, "pulse").await;
    assert_eq!(pulse["done_by"], "Priya Nair");
    hours(&desk, 24).await;
    desk.csm.post(&path, &check("pulse", Value::Null)).answer(StatusCode::CREATED).await;
    assert_eq!(step(&desk.csm, &deal, "pulse").await, pulse);
    desk.csm.post(&path, &check("check_in", json!(5))).answer(StatusCode::CREATED).await;
    assert_ne!(step(&desk.csm, &deal, "check_in").await["done_at"], Value::Null);
    assert_eq!(desk.ae.get(&path).await.as_array().unwrap().len(), 3);

    for (body, status) in [
        (check("pulse", json!(6)), 422),
        (check("pulse", json!(0)), 422),
        (json!({"kind": "pulse", "repeats": 1_001}), 422),
        (json!({"kind": "pulse", "note": "x".repeat(4_001)}), 422),
        (json!({"kind": "yearly"}), 422),
    ] {
        desk.csm.post(&path, &body).answer(StatusCode::from_u16(status).unwrap()).await;
    }
    desk.ae.post(&path, &check("pulse", Value::Null)).answer(StatusCode::FORBIDDEN).await;
}

#[tokio::test]
async fn a_handoff_that_was_final_before_the_deal_was_won_has_its_document_in_time() {
    let desk = Desk::open().await;
    let deal = desk.finalized().await;
    hours(&desk, 50).await;
    desk.ae.post(&format!("/v1/deals/{deal}/closed-won"), &json!({})).answer(StatusCode::OK).await;
    let done = step(&desk.ae, &deal, "document").await;
    assert_eq!((&done["done_at"], &done["done_by"]), (&json!("2026-03-02T10:00:00Z"), &Value::Null));
    hours(&desk, 5).await;
    desk.ae.change(&deal, json!({"segment": "SMB"})).await;
    assert_eq!(step(&desk.ae, &deal, "document").await, done);
}

#[tokio::test]
async fn each_segment_has_its_policy_and_moving_a_deal_moves_its_clocks() {
    let desk = Desk::open().await;
    let listener = Listener::at(&desk).await;
    let fast = json!({"name": "Enterprise", "segment": "Enterprise", "steps": [
        {"step": "document", "due_after_hours": 4, "remind_hours_before": 1},
        {"step": "kickoff", "due_after_hours": 48, "remind_hours_before": 4},
    ]});
    let kept = desk.rev_ops.post(POLICIES, &fast).answer(StatusCode::OK).await;
    assert_eq!(kept["policies"].as_array().unwrap().len(), 2, "the standard one stays");
    let deal = won(&desk).await;
    desk.ae.put(&format!("/v1/deals/{deal}/steps/introduction"), &json!({})).answer(StatusCode::OK).await;
    hours(&desk, 19).await;
    assert_eq!(reminders(&listener).await, ["sla.due_soon Handoff document"]);

    // Another segment under the same policy: nothing moves, and nobody is told anew.
    desk.ae.change(&deal, json!({"segment": "SMB"})).await;
    hours(&desk, 0).await;
    assert_eq!(reminders(&listener).await.len(), 1);

    desk.ae.change(&deal, json!({"segment": "enterprise "})).await;
    let due: Vec<(String, String)> =
        steps(&desk.ae, &deal).await.iter().map(|step| (text(&step["step"]), text(&step["due_at"]))).collect();
    let expected = [
        ("document", "2026-03-02T14:00:00Z"),
        ("kickoff", "2026-03-04T10:00:00Z"),
        // Done under the policy before; it stays done.
        ("introduction", "2026-03-05T10:00:00Z"),
    ];
    assert_eq!(due, expected.map(|(step, at)| (step.to_owned(), at.to_owned())));
    hours(&desk, 0).await;
    assert_eq!(reminders(&listener).await[1..], ["sla.overdue Handoff document"], "its new deadline is past");

    // It was won later than the CRM said at first.
    desk.ae.change(&deal, json!({"closed_at": "2026-03-03T08:00:00Z"})).await;
    assert_eq!(step(&desk.ae, &deal, "document").await["due_at"], "2026-03-03T12:00:00Z");
    hours(&desk, 6).await;
    assert_eq!(reminders(&listener).await[2..], ["sla.due_soon Handoff document"]);
    desk.ae.change(&deal, json!({"closed_at": null})).await;
    assert_eq!(steps(&desk.ae, &deal).await.len(), 1, "an open deal has no clocks but what is done");
    hours(&desk, 100).await;
    assert_eq!(reminders(&listener).await.len(), 3);
}

#[tokio::test]
async fn policies_and_rules_that_cannot_be_meant_are_refused() {
    let desk = Desk::open().await;
    let step =
        |due: i64, remind: i64| json!({"step": "kickoff", "due_after_hours": due, "remind_hours_before": remind});
    let policy = |name: &str, segment: Value, steps: Value| json!({"name": name, "segment": segment, "steps": steps});
    let one = |steps: Value| json!({"policies": [policy("P", Value::Null, steps)]});
    let two = |a: Value, b: Value| json!({"policies": [policy("A", a, json!([])), policy("B", b, json!([]))]});
    for (body, words) in [
        (json!({"policies": []}), "1 to 100"),
        (one(json!([step(0, 0)])), "due after 1 to"),
        (one(json!([step(9_999_999, 0)])), "due after 1 to"),
        (one(json!([step(5, 6)])), "told of no earlier"),
        (one(json!([step(5, 1), step(6, 1)])), "names kickoff twice"),
        (one(json!([{"step": "party", "due_after_hours": 1, "remind_hours_before": 0}])), "party"),
        (json!({"policies": [policy(" ", Value::Null, json!([]))]}), "no name"),
        (json!({"policies": [policy(&"x".repeat(201), Value::Null, json!([]))]}), "201 characters"),
        (two(Value::Null, Value::Null), "same deals"),
        (two(json!("SMB"), json!(" smb ")), "same deals"),
    ] {
        let problem = desk.rev_ops.put(POLICIES, &body).answer(StatusCode::UNPROCESSABLE_ENTITY).await;
        assert!(text(&problem["detail"]).contains(words), "{problem} should say {words}");
    }
    let problem = desk.rev_ops.post(POLICIES, &policy("P", Value::Null, json!([step(5, 6)])));
    problem.answer(StatusCode::UNPROCESSABLE_ENTITY).await;
    let kept = desk.rev_ops.get(POLICIES).await;
    assert_eq!((kept["policies"].as_array().unwrap().len(), &kept["policies"][0]["name"]), (1, &json!("Standard")));

    let rules = "/v1/settings/assignment-rules";
    let strangers = json!(["usr_00000000000000000000000000000000"]);
    for (csms, status) in [(json!([]), 422), (json!([desk.ae.id()]), 422), (strangers, 404)] {
        let request = desk.rev_ops.post(rules, &json!({"csm_ids": csms}));
        request.answer(StatusCode::from_u16(status).unwrap()).await;
    }
    let body = json!({"segment": " ", "territory": "DACH ", "csm_ids": [desk.csm.id()]});
    let kept = desk.rev_ops.post(rules, &body).answer(StatusCode::CREATED).await;
    assert_eq!((&kept["rules"][0]["segment"], &kept["rules"][0]["territory"]), (&Value::Null, &json!("DACH")));
    let id = text(&kept["rules"][0]["id"]);
    desk.rev_ops.delete(&format!("{rules}/{id}")).answer(StatusCode::OK).await;
    desk.rev_ops.delete(&format!("{rules}/{id}")).answer(StatusCode::NOT_FOUND).await;
    for member in [&desk.ae, &desk.csm, &desk.leader] {
        member.put(POLICIES, &kept).answer(StatusCode::UNPROCESSABLE_ENTITY).await;
        member.post(rules, &body).answer(StatusCode::FORBIDDEN).await;
        member.request(reqwest::Method::GET, POLICIES).answer(StatusCode::FORBIDDEN).await;
    }
}

#[tokio::test]
async fn of_two_rules_added_at_once_none_is_lost() {
    let desk = Desk::open().await;
    let add = |n: usize| {
        let body = json!({"segment": format!("S{n}"), "csm_ids": [desk.csm.id()]});
        desk.rev_ops.post("/v1/settings/assignment-rules", &body).send()
    };
    let answers = futures::future::join_all((0..12).map(add)).await;
    assert!(answers.into_iter().all(|answer| answer.unwrap().status() == StatusCode::CREATED));
    let kept = desk.rev_ops.get("/v1/settings/assignment-rules").await;
    assert_eq!(kept["rules"].as_array().unwrap().len(), 12);
}
