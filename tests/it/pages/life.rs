//! A deal's life, from an empty record to day 30, with names that try to be markup; every page is opened at every stage by
//! everybody who may see it.

use std::collections::BTreeSet;

use baton::access::{Caller, Means};
use baton::ask::kept;
use baton::ask::record::{self, Over};
use baton::documents::DocumentKind;
use baton::domain::user::Role;
use baton::http::{openapi, page_routes};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use super::forms::{checked, forms};
use super::{assert_harmless, finalize, open, upload_sample};
use crate::support::app::{Answer as _, Signed, TestApp, text};

/// A name that tries everything.
const NAME: &str = "<script>alert(1)</script> & \"Sons\" <img src=x onerror=alert(1)> {{ 7 * 7 }}";

/// A deal with everybody who has to do with it.
struct Life {
    app: TestApp,
    people: Vec<(Role, Client)>,
    account: String,
    deal: String,
    source: Option<String>,
    /// An answer that its asker shared.
    shared: String,
    versions: u32,
    /// Where the forms are sent that were found, as `METHOD /v1/…`.
    forms: BTreeSet<String>,
}

impl Life {
    async fn begin() -> Self {
        let app = TestApp::new().await;
        let mut people = Vec::new();
        let (mut ids, mut callers) = (Vec::new(), Vec::new());
        for role in Role::ALL {
            let signed = Signed::up(&app.app, &format!("Person {}", role.title()), *role).await;
            ids.push(signed.user.id.to_string());
            people.push((*role, signed.client()));
            callers.push(Caller::of(signed.user, Means::Console));
        }
        let deal = json!({"account": NAME, "name": NAME, "segment": NAME});
        let deal = app.post("/v1/deals", &deal).answer(StatusCode::CREATED).await;
        let (id, account) = (text(&deal["id"]), text(&deal["account_id"]));
        let over = Over::Deal(id.parse().unwrap());
        let asked = record::ask(&app.app, callers.last().unwrap(), over, NAME).await.unwrap();
        let shared = kept::share(&app.app, callers.last().unwrap(), &asked.id, true).await.unwrap().id.to_string();
        let life = Self { app, people, account, deal: id, source: None, shared, versions: 0, forms: BTreeSet::new() };
        let change = json!({"owner_id": ids[0], "csm_id": ids[1], "amount": "108540.50", "currency": "usd"});
        let request = life.admin().patch(life.url(&format!("/v1/deals/{}", life.deal)));
        request.json(&change).answer(StatusCode::OK).await;
        life
    }

    fn client(&self, role: Role) -> &Client {
        &self.people.iter().find(|(of, _)| *of == role).unwrap().1
    }

    fn admin(&self) -> &Client {
        self.client(Role::Admin)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.app.address)
    }

    /// Sends something to the deal.
    async fn send(&self, role: Role, path: &str, body: &Value, expected: StatusCode) -> Value {
        let request = self.client(role).post(self.url(&path.replace("{deal}", &self.deal)));
        request.json(body).answer(expected).await
    }

    /// Every page there is now, by its address; the sign-in and what pages load are no pages of the signed in.
    fn pages(&self) -> Vec<String> {
        let mut pages = Vec::new();
        for route in page_routes() {
            let is_page = !route.starts_with("/sign-in") && !route.starts_with("/assets") && !route.starts_with("/v1");
            let path = route.replace("{deal_id}", &self.deal).replace("{account_id}", &self.account);
            let path = path.replace("{answer_id}", &self.shared);
            match (route.contains("{number}"), route.contains("{source_id}")) {
                _ if !is_page => {}
                (true, _) if route.ends_with("/changes") => {
                    pages.extend((2..=self.versions).map(|number| path.replace("{number}", &number.to_string())));
                }
                (true, _) => {
                    let of_kind = |kind: DocumentKind| path.replace("{document}", kind.as_str());
                    let all = DocumentKind::ALL.into_iter().map(of_kind);
                    pages.extend(
                        (1..=self.versions).flat_map(|number| {
                            all.clone().map(move |path| path.replace("{number}", &number.to_string()))
                        }),
                    );
                }
                (false, true) => pages.extend(self.source.iter().map(|id| path.replace("{source_id}", id))),
                (false, false) => pages.push(path),
            }
        }
        pages
    }

    /// Opens every page as everybody.
    async fn look_around(&mut self, stage: &str) {
        let api = serde_json::to_value(openapi::document()).unwrap();
        let mut wrong = Vec::new();
        for (role, client) in &self.people {
            for path in self.pages() {
                let (status, html) = open(&self.app, client, &path).await;
                let expected = if may_see(*role, &path) { StatusCode::OK } else { StatusCode::FORBIDDEN };
                if status != expected {
                    wrong.push(format!("{stage}: {role:?} {path}: {status} in place of {expected}"));
                }
                assert_harmless(&path, &html);
                for form in forms(&html) {
                    match checked(&form, &api) {
                        Ok(route) => drop(self.forms.insert(route)),
                        Err(faults) => wrong.extend(faults.into_iter().map(|fault| format!("{path}: {fault}"))),
                    }
                }
            }
        }
        wrong.sort();
        wrong.dedup();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// Everybody in the deal sees its pages, revenue operations and leaders too; the others are for those who lead or administer.
fn may_see(role: Role, path: &str) -> bool {
    match path.split(['/', '?']).nth(1) {
        Some("settings") => matches!(role, Role::RevOps | Role::Admin),
        Some("patterns") => matches!(role, Role::RevOps | Role::Leader | Role::Admin),
        _ => true,
    }
}

#[tokio::test]
async fn every_page_is_there_at_every_stage_for_everybody_who_may_see_it() {
    let mut life = Life::begin().await;
    life.look_around("empty").await;

    upload_sample(&life.app, &life.deal).await;
    let sources = life.app.get(&format!("/v1/deals/{}/sources", life.deal)).answer(StatusCode::OK).await;
    life.source = Some(text(&sources[0]["id"]));
    life.send(Role::Csm, "/v1/deals/{deal}/questions", &json!({"question": NAME}), StatusCode::CREATED).await;
    life.look_around("drafted").await;

    hand_over(&mut life).await;
    furnish(&life).await;
    life.look_around("accepted").await;
    assert!(life.forms.len() > 25, "most forms were not seen: {:#?}", life.forms);
}

/// Final, returned, asked about, corrected, final again, accepted, checked.
async fn hand_over(life: &mut Life) {
    let note = json!({"field": "politics", "attributes": {}, "statement": "The board and Walt do not speak."});
    life.send(Role::Ae, "/v1/deals/{deal}/items", &note, StatusCode::CREATED).await;
    life.send(Role::Ae, "/v1/deals/{deal}/closed-won", &json!({}), StatusCode::OK).await;
    finalize(&life.app, life.client(Role::Ae), &life.deal).await;
    life.versions = 1;
    life.look_around("final").await;
    let reasons = json!([{"field": "risk", "code": "unclear", "note": NAME}, {"field": "politics", "code": "missing"}]);
    let returned = json!({"rating": 2, "reasons": reasons, "comment": NAME});
    life.send(Role::Csm, "/v1/deals/{deal}/return", &returned, StatusCode::CREATED).await;
    for (field, question) in [(json!("risk"), NAME), (json!("politics"), "Who decides?")] {
        let asked = json!({"field": field, "question": question});
        let asked = life.send(Role::Csm, "/v1/deals/{deal}/questions", &asked, StatusCode::CREATED).await;
        let answer = format!("/v1/questions/{}/answer", text(&asked["id"]));
        life.send(Role::Ae, &answer, &json!({"answer": NAME}), StatusCode::OK).await;
    }
    let draft = life.app.draft(&life.deal).await;
    let promises = draft["items"].as_array().unwrap().iter();
    let promise = promises.clone().find(|item| item["field"] == "commitment" && item["state"] == "approved").unwrap();
    let correction = json!({"item": promise["id"], "said_by": NAME, "words": NAME});
    life.send(Role::Csm, "/v1/deals/{deal}/corrections", &correction, StatusCode::CREATED).await;
    life.app.drain().await;
    life.look_around("corrected").await;
    let own = json!({"field": "risk", "attributes": {"severity": "high"}, "statement": NAME});
    life.send(Role::Ae, "/v1/deals/{deal}/items", &own, StatusCode::CREATED).await;
    finalize(&life.app, life.client(Role::Ae), &life.deal).await;
    life.versions = 2;
    life.send(Role::Csm, "/v1/deals/{deal}/accept", &json!({"rating": 5, "comment": NAME}), StatusCode::CREATED).await;
    for kind in ["pulse", "pulse", "check_in"] {
        let check = json!({"kind": kind, "repeats": 2, "satisfaction": 4, "escalated": true, "note": NAME});
        life.send(Role::Csm, "/v1/deals/{deal}/check-ins", &check, StatusCode::CREATED).await;
    }
}

/// One of everything that is set.
async fn furnish(life: &Life) {
    let steps = json!([{"step": "document", "due_after_hours": 30, "remind_hours_before": 6}]);
    let policy = json!({"name": NAME, "segment": NAME, "steps": steps});
    life.send(Role::RevOps, "/v1/settings/sla-policies", &policy, StatusCode::OK).await;
    let csm = life.client(Role::Csm).get(life.url("/v1/me")).answer(StatusCode::OK).await;
    let rule = json!({"segment": NAME, "territory": NAME, "csm_ids": [csm["id"]]});
    life.send(Role::RevOps, "/v1/settings/assignment-rules", &rule, StatusCode::CREATED).await;
    for format in ["standard", "slack"] {
        let webhook = json!({"url": format!("https://hooks.example/{format}?key=1"), "format": format});
        life.send(Role::RevOps, "/v1/webhooks", &webhook, StatusCode::CREATED).await;
    }
    // An event that is told to them, so that there is a log.
    life.send(Role::Csm, "/v1/deals/{deal}/questions", &json!({"question": "Why?"}), StatusCode::CREATED).await;
    // Who comes in is changed by people who are signed in, which a token is not.
    let console = baton::access::Caller::console(life.app.app.home.clone());
    let crm = baton::access::people::NewUser {
        kind: baton::domain::user::UserKind::Integration,
        name: NAME.to_owned(),
        email: None,
        title: None,
        role: Role::RevOps,
    };
    let (crm, _) = baton::access::people::invite(&life.app.app, &console, crm).await.unwrap();
    let token = baton::access::tokens::NewToken {
        user: crm.id,
        name: NAME.to_owned(),
        scopes: vec![baton::domain::user::Scope::Crm],
        days: 30,
    };
    baton::access::tokens::make(&life.app.app, &console, token).await.unwrap();
}
