//! A CRM tells that a deal was won, and the handoff begins: with its owner, its receiver and its clocks.

use baton::domain::user::Role;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::app::{Answer as _, text};
use crate::support::desk::{Desk, Member};
use crate::support::listener::Listener;

const PATH: &str = "/v1/crm/closed-won";

/// What a CRM sends in Baton's own shape, changed by the test.
fn plain(id: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut body = json!({
        "account": {"id": "A-1042", "name": "Harbor & Pine"},
        "deal": {"id": id, "name": "Six sites", "amount": 48000.5, "currency": "eur", "segment": "SMB",
            "territory": "DACH", "closed_at": "2026-03-01T10:00:00Z"},
    });
    change(&mut body["deal"]);
    body
}

async fn call(crm: &Member, body: &Value) -> Value {
    crm.post(PATH, body).answer(StatusCode::OK).await
}

async fn rule(desk: &Desk, segment: Option<&str>, territory: Option<&str>, csms: &[&Member]) {
    let ids: Vec<&str> = csms.iter().map(|csm| csm.id()).collect();
    let body = json!({"segment": segment, "territory": territory, "csm_ids": ids});
    desk.rev_ops.post("/v1/settings/assignment-rules", &body).answer(StatusCode::CREATED).await;
}

async fn deals(member: &Member) -> Vec<Value> {
    member.get("/v1/deals").await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_call_begins_the_handoff_with_its_account_owner_receiver_and_clocks() {
    let desk = Desk::open().await;
    let listener = Listener::at(&desk).await;
    rule(&desk, Some("smb"), Some("dach"), &[&desk.csm]).await;
    let crm = desk.integration().await;
    let owner = desk.ae.email().to_uppercase();
    let answer = call(&crm, &plain("77310", |deal| deal["owner_email"] = json!(owner))).await;
    assert_eq!(answer["shape"], "plain");
    assert_eq!(
        (&answer["outcomes"][0]["outcome"], &answer["outcomes"][0]["external_id"]),
        (&json!("created"), &json!("77310"))
    );

    let id = text(&answer["outcomes"][0]["deal"]);
    let deal = desk.ae.get(&format!("/v1/deals/{id}")).await;
    assert_eq!((&deal["owner_id"], &deal["csm_id"]), (&json!(desk.ae.id()), &json!(desk.csm.id())));
    assert_eq!(
        (&deal["amount"], &deal["currency"], &deal["state"]),
        (&json!("48000.5"), &json!("EUR"), &json!("collecting"))
    );
    let account = desk.ae.get(&format!("/v1/accounts/{}", text(&deal["account_id"]))).await;
    assert_eq!(account["name"], "Harbor & Pine");

    let steps = desk.csm.get(&format!("/v1/deals/{id}/steps")).await;
    let due: Vec<(String, String)> =
        steps.as_array().unwrap().iter().map(|step| (text(&step["step"]), text(&step["due_at"]))).collect();
    let expected = [
        ("document", "2026-03-02T10:00:00Z"),
        ("internal_call", "2026-03-03T10:00:00Z"),
        ("introduction", "2026-03-04T10:00:00Z"),
        ("kickoff", "2026-03-08T10:00:00Z"),
        ("pulse", "2026-03-15T10:00:00Z"),
        ("check_in", "2026-03-31T10:00:00Z"),
    ];
    assert_eq!(due, expected.map(|(step, at)| (step.to_owned(), at.to_owned())));

    desk.app.drain().await;
    let told = listener.of_kind("deal.closed_won").await;
    assert_eq!((told.len(), &told[0]["deal"]["id"], &told[0]["by"]), (1, &json!(id), &json!("HubSpot")));
}

#[tokio::test]
async fn the_same_call_again_makes_no_second_deal_and_tells_nobody_twice() {
    let desk = Desk::open().await;
    let listener = Listener::at(&desk).await;
    let crm = desk.integration().await;
    call(&crm, &plain("77310", |_| {})).await;
    let entries = || async { desk.rev_ops.get("/v1/audit-log?limit=200").await["items"].as_array().unwrap().len() };
    let before = entries().await;
    let again = call(&crm, &plain("77310", |_| {})).await;
    assert_eq!(again["outcomes"][0]["outcome"], "updated");
    assert_eq!(entries().await, before, "what is as it was leaves no trace");

    let more =
        call(&crm, &plain("77310", |deal| (deal["amount"], deal["name"]) = (json!(-12.5), json!("Seven sites")))).await;
    let all = deals(&desk.rev_ops).await;
    assert_eq!((all.len(), &all[0]["id"]), (1, &more["outcomes"][0]["deal"]));
    assert_eq!(
        (&all[0]["name"], &all[0]["amount"], &all[0]["segment"]),
        (&json!("Seven sites"), &json!("-12.5"), &json!("SMB"))
    );
    desk.app.drain().await;
    assert_eq!(listener.of_kind("deal.closed_won").await.len(), 1);
    assert_eq!(desk.rev_ops.get("/v1/accounts").await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn two_deals_of_one_call_go_to_whoever_carries_least() {
    let desk = Desk::open().await;
    rule(&desk, Some("enterprise"), None, &[&desk.other_csm]).await;
    rule(&desk, None, None, &[&desk.csm, &desk.other_csm]).await;
    let crm = desk.integration().await;
    let body =
        json!([plain("1", |_| {}), plain("2", |_| {}), plain("3", |deal| deal["segment"] = json!(" Enterprise "))]);
    let answer = call(&crm, &body).await;
    assert_eq!(answer["outcomes"].as_array().unwrap().len(), 3);
    let csms: Vec<Value> = deals(&desk.rev_ops).await.iter().map(|deal| deal["csm_id"].clone()).collect();
    assert_eq!(csms, [json!(desk.csm.id()), json!(desk.other_csm.id()), json!(desk.other_csm.id())]);
    // The other has two by now.
    call(&crm, &plain("4", |_| {})).await;
    assert_eq!(deals(&desk.rev_ops).await[3]["csm_id"], json!(desk.csm.id()));
    // Who is named by the CRM itself gets it, if they can; else the rules decide.
    call(&crm, &plain("5", |deal| deal["csm_email"] = json!(desk.other_csm.email()))).await;
    call(&crm, &plain("6", |deal| deal["csm_email"] = json!(desk.ae.email()))).await;
    let all = deals(&desk.rev_ops).await;
    assert_eq!(all[4]["csm_id"], json!(desk.other_csm.id()));
    assert_eq!(all[5]["csm_id"], json!(desk.csm.id()), "a seller cannot accept, so the deal would be stuck with them");
}

#[tokio::test]
async fn whom_somebody_took_off_a_deal_does_not_come_back_by_rule() {
    let desk = Desk::open().await;
    rule(&desk, None, None, &[&desk.csm]).await;
    let crm = desk.integration().await;
    let deal = text(&call(&crm, &plain("1", |_| {})).await["outcomes"][0]["deal"]);
    desk.rev_ops.change(&deal, json!({"csm_id": null})).await;
    let renamed = desk.rev_ops.change(&deal, json!({"name": "Six sites and a dock"})).await;
    assert_eq!(renamed["csm_id"], Value::Null);
    call(&crm, &plain("1", |deal| deal["amount"] = json!(1))).await;
    assert_eq!(desk.rev_ops.get(&format!("/v1/deals/{deal}")).await["csm_id"], Value::Null);
    let moved = desk.rev_ops.change(&deal, json!({"segment": "Enterprise"})).await;
    assert_eq!(moved["csm_id"], json!(desk.csm.id()), "another segment asks the rules anew");
}

#[tokio::test]
async fn a_deal_of_an_unknown_seller_has_no_owner_and_waits_with_revenue_operations() {
    let desk = Desk::open().await;
    let crm = desk.integration().await;
    call(&crm, &plain("1", |deal| deal["owner_email"] = json!("nobody@vendor.example"))).await;
    assert!(deals(&desk.ae).await.is_empty());
    let seen = deals(&desk.rev_ops).await;
    assert_eq!((seen.len(), &seen[0]["owner_id"], &seen[0]["csm_id"]), (1, &Value::Null, &Value::Null));
    // Found out later, by hand or by the CRM.
    let deal = text(&seen[0]["id"]);
    call(&crm, &plain("1", |deal| deal["owner_email"] = json!(desk.ae.email()))).await;
    assert_eq!(deals(&desk.ae).await.len(), 1);
    desk.rev_ops.change(&deal, json!({"owner_id": desk.leader.id()})).await;
    call(&crm, &plain("1", |deal| deal["owner_email"] = json!(desk.ae.email()))).await;
    assert_eq!(
        desk.rev_ops.get(&format!("/v1/deals/{deal}")).await["owner_id"],
        json!(desk.leader.id()),
        "a person chose"
    );
}

#[tokio::test]
async fn hubspot_and_salesforce_are_understood_as_they_send() {
    let desk = Desk::open().await;
    let listener = Listener::at(&desk).await;
    let crm = desk.integration().await;
    let fixture = |name: &str| std::fs::read_to_string(format!("fixtures/webhooks/{name}")).unwrap();
    let send = |name: &str, media_type: &'static str| {
        crm.request(reqwest::Method::POST, PATH).header("content-type", media_type).body(fixture(name))
    };
    let hubspot = send("hubspot-workflow.json", "application/json").answer(StatusCode::OK).await;
    assert_eq!(
        (&hubspot["shape"], &hubspot["outcomes"][0]["outcome"]),
        (&json!("hubspot_workflow"), &json!("created"))
    );

    for _ in 0..2 {
        let response = send("salesforce-outbound-several.xml", "text/xml; charset=utf-8").send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/xml"));
        assert!(response.text().await.unwrap().contains("<Ack>true</Ack>"), "else Salesforce sends it for a day");
    }
    let all = deals(&desk.rev_ops).await;
    let names: Vec<&Value> = all.iter().map(|deal| &deal["name"]).collect();
    assert_eq!(names, ["Harbor & Pine – six sites", "Lindenhof <Clinics>"]);
    assert_eq!((&all[0]["currency"], &all[0]["segment"]), (&json!("EUR"), &json!("mid-market")));
    assert_eq!(
        all[1]["closed_at"],
        json!("2026-03-02T10:00:00Z"),
        "no date was sent, so it was won when the call came"
    );
    desk.app.drain().await;
    assert_eq!(listener.of_kind("deal.closed_won").await.len(), 2);

    let broken = send("salesforce-outbound-cut.xml", "text/xml").answer(StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(text(&broken["type"]).starts_with("urn:baton:problem:"));
    let huge = crm.request(reqwest::Method::POST, PATH).body("x".repeat(2 << 20));
    let problem = huge.answer(StatusCode::PAYLOAD_TOO_LARGE).await;
    assert!(text(&problem["type"]).starts_with("urn:baton:problem:"), "{problem}");
}

#[tokio::test]
async fn all_of_a_call_is_kept_or_none_of_it_and_only_who_may_report_is_heard() {
    let desk = Desk::open().await;
    let crm = desk.integration().await;
    let body = json!([plain("1", |_| {}), plain("2", |deal| deal["closed_at"] = json!("soon"))]);
    let problem = crm.post(PATH, &body).answer(StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(text(&problem["detail"]).contains("deal.closed_at"), "{problem}");
    assert!(deals(&desk.rev_ops).await.is_empty());
    for member in [&desk.ae, &desk.csm, &desk.leader] {
        member.post(PATH, &plain("1", |_| {})).answer(StatusCode::FORBIDDEN).await;
    }
    crm.request(reqwest::Method::GET, "/v1/deals").answer(StatusCode::FORBIDDEN).await;
}

#[tokio::test]
async fn an_account_is_known_by_its_id_in_the_crm_whatever_it_is_called_next() {
    let desk = Desk::open().await;
    // It was there before the CRM told of it.
    desk.ae.post("/v1/accounts", &json!({"name": "Harbor & Pine"})).answer(StatusCode::CREATED).await;
    let crm = desk.integration().await;
    call(&crm, &plain("1", |_| {})).await;
    let mut renamed = plain("2", |_| {});
    renamed["account"]["name"] = json!("Harbor Pine Holding");
    call(&crm, &renamed).await;
    let all = deals(&desk.rev_ops).await;
    assert_eq!(all[0]["account_id"], all[1]["account_id"]);
}

#[tokio::test]
async fn a_deal_is_won_by_hand_too_and_stays_won_when_it_was() {
    let desk = Desk::open().await;
    let listener = Listener::at(&desk).await;
    let deal = desk.deal().await;
    let won = desk.ae.post(&format!("/v1/deals/{deal}/closed-won"), &json!({})).answer(StatusCode::OK).await;
    assert_eq!(won["closed_at"], "2026-03-02T10:00:00Z");
    desk.clock.forward(std::time::Duration::from_hours(5));
    let again = desk.ae.post(&format!("/v1/deals/{deal}/closed-won"), &json!({})).answer(StatusCode::OK).await;
    assert_eq!(again, won);
    desk.app.drain().await;
    assert_eq!(listener.of_kind("deal.closed_won").await.len(), 1);
    // The form sends back all that it shows; who holds a place keeps it.
    desk.set_role(&desk.csm, Role::Leader).await;
    desk.ae.change(&deal, json!({"owner_id": desk.ae.id(), "csm_id": desk.csm.id(), "segment": "SMB"})).await;
    for (change, words) in [
        (json!({"csm_id": desk.ae.id()}), "customer success manager"),
        (json!({"owner_id": desk.other_csm.id()}), "account executive"),
        (json!({"closed_at": "9999-12-30T00:00:00Z"}), "closed_at"),
        (json!({"amount": "a lot"}), "decimal"),
        (json!({"currency": "Euro"}), "three letters"),
        (json!({"name": " "}), "name is empty"),
    ] {
        let problem =
            desk.ae.patch(&format!("/v1/deals/{deal}"), &change).answer(StatusCode::UNPROCESSABLE_ENTITY).await;
        assert!(text(&problem["detail"]).contains(words), "{problem}");
    }
}
