//! A team at work: sellers, customer success, revenue operations and a leader, with a clock that the test moves.

use std::sync::Arc;

use baton::access::people::{self, NewUser, UserChange};
use baton::access::tokens::{self, NewToken};
use baton::access::{Caller, Means};
use baton::domain::user::{Role, Scope, User, UserKind};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::app::{Answer as _, NOW, Signed, TestApp, text};
use super::clock::TestClock;

/// The fields that every handoff answers.
pub(crate) const CORE: [&str; 10] = [
    "why_bought",
    "success_criteria",
    "stakeholder",
    "commitment",
    "scope",
    "timeline",
    "technical",
    "objection",
    "competitor",
    "risk",
];

/// Somebody who sends requests.
pub(crate) struct Member {
    pub(crate) user: User,
    client: Client,
    address: String,
}

impl Member {
    pub(crate) fn id(&self) -> &str {
        self.user.id.as_str()
    }

    pub(crate) fn email(&self) -> &str {
        self.user.email.as_deref().unwrap()
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.address))
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.request(Method::GET, path).answer(StatusCode::OK).await
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.request(Method::POST, path).json(body)
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> RequestBuilder {
        self.request(Method::PUT, path).json(body)
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> RequestBuilder {
        self.request(Method::PATCH, path).json(body)
    }

    pub(crate) fn delete(&self, path: &str) -> RequestBuilder {
        self.request(Method::DELETE, path)
    }

    /// Changes a deal; it as it is then.
    pub(crate) async fn change(&self, deal: &str, change: Value) -> Value {
        self.patch(&format!("/v1/deals/{deal}"), &change).answer(StatusCode::OK).await
    }

    /// Decides on an item as it is now: `approve`, `reject` or `undo`.
    pub(crate) async fn decide(&self, item: &str, verb: &str) -> Value {
        self.decide_with(item, verb, json!({}), StatusCode::OK).await
    }

    pub(crate) async fn decide_with(&self, item: &str, verb: &str, body: Value, status: StatusCode) -> Value {
        let revision = self.get(&format!("/v1/items/{item}")).await["revision"].clone();
        let request = self.post(&format!("/v1/items/{item}/{verb}"), &body);
        request.header("If-Match", format!("\"{revision}\"")).answer(status).await
    }

    /// Makes the handoff final as it is now.
    pub(crate) async fn finalize(&self, deal: &str, body: Value, status: StatusCode) -> Value {
        let revision = self.get(&format!("/v1/deals/{deal}")).await["revision"].clone();
        let request = self.post(&format!("/v1/deals/{deal}/finalize"), &body);
        request.header("If-Match", format!("\"{revision}\"")).answer(status).await
    }

    /// Marks every core field unknown that nothing approved answers, and rejects what is left undecided.
    pub(crate) async fn settle(&self, deal: &str) {
        let draft = self.get(&format!("/v1/deals/{deal}/draft")).await;
        let items = draft["items"].as_array().unwrap();
        for item in items.iter().filter(|item| item["state"] == "drafted") {
            self.decide(&text(&item["id"]), "reject").await;
        }
        let answered = |field: &str| items.iter().any(|item| item["field"] == field && item["state"] == "approved");
        for field in CORE.into_iter().filter(|field| !answered(field)) {
            let path = format!("/v1/deals/{deal}/unknown/{field}");
            self.request(Method::PUT, &path).answer(StatusCode::NO_CONTENT).await;
        }
    }

    /// Receives the last version: accepts it, or gives it back for what is missing in `risk`.
    pub(crate) async fn receive(&self, deal: &str, verb: &str, rating: u8, status: StatusCode) -> Value {
        let body = match verb {
            "accept" => json!({"rating": rating}),
            _ => json!({"rating": rating, "reasons": [{"field": "risk", "code": "missing"}]}),
        };
        self.post(&format!("/v1/deals/{deal}/{verb}"), &body).answer(status).await
    }
}

/// The team.
pub(crate) struct Desk {
    pub(crate) app: TestApp,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) admin: Member,
    pub(crate) ae: Member,
    pub(crate) csm: Member,
    pub(crate) other_csm: Member,
    pub(crate) rev_ops: Member,
    pub(crate) leader: Member,
}

impl Desk {
    pub(crate) async fn open() -> Self {
        let clock = Arc::new(TestClock::at(NOW));
        let app = TestApp::with_clock(&[], clock.clone()).await;
        Self {
            admin: member(&app, "Ada Quist", Role::Admin).await,
            ae: member(&app, "Callum Brandvold", Role::Ae).await,
            csm: member(&app, "Priya Nair", Role::Csm).await,
            other_csm: member(&app, "Tomás Vela", Role::Csm).await,
            rev_ops: member(&app, "Ines Marsh", Role::RevOps).await,
            leader: member(&app, "Lea Storm", Role::Leader).await,
            app,
            clock,
        }
    }

    /// The team after Baton was stopped and started again.
    pub(crate) async fn restarted(self) -> Self {
        let Self { app, clock, admin, ae, csm, other_csm, rev_ops, leader } = self;
        let app = app.restarted(clock.clone()).await;
        let at = |member: Member| Member { address: app.address.clone(), ..member };
        Self {
            admin: at(admin),
            ae: at(ae),
            csm: at(csm),
            other_csm: at(other_csm),
            rev_ops: at(rev_ops),
            leader: at(leader),
            clock,
            app,
        }
    }

    /// An admin of another workspace in the same installation.
    pub(crate) async fn of_another_workspace(&self) -> Member {
        let app = &self.app.app;
        let mut tx = app.store.write().await.unwrap();
        let tenant = people::found_tenant(&mut tx, "Elsewhere", app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let signed = Signed::up_in(app, &tenant, "Otto Fremd", Role::Admin).await;
        Member { client: signed.client(), user: signed.user, address: self.app.address.clone() }
    }

    /// Gives somebody another role.
    pub(crate) async fn set_role(&self, member: &Member, role: Role) {
        let app = &self.app.app;
        let change = UserChange { role: Some(role), ..UserChange::default() };
        people::change(app, &Caller::console(app.home.clone()), &member.user.id, change).await.unwrap();
    }

    /// A program that signs in by token, with the scope for what CRMs tell and no other.
    pub(crate) async fn integration(&self) -> Member {
        let app = &self.app.app;
        let console = Caller::console(app.home.clone());
        let (kind, name) = (UserKind::Integration, "HubSpot".to_owned());
        let (user, _) =
            people::invite(app, &console, NewUser { kind, name, email: None, title: None, role: Role::RevOps })
                .await
                .unwrap();
        let admin = Caller::of(self.admin.user.clone(), Means::Console);
        let new = NewToken { user: user.id.clone(), name: "crm".to_owned(), scopes: vec![Scope::Crm], days: 366 };
        let (_, secret) = tokens::make(app, &admin, new).await.unwrap();
        let signed = Signed { user, token: secret.expose().to_owned() };
        Member { client: signed.client(), user: signed.user, address: self.app.address.clone() }
    }

    /// An AE's deal, assigned to the CSM, not won yet; its id.
    pub(crate) async fn deal(&self) -> String {
        let body = json!({"account": "Harbor & Pine", "name": "Six sites"});
        let deal = text(&self.ae.post("/v1/deals", &body).answer(StatusCode::CREATED).await["id"]);
        self.rev_ops.change(&deal, json!({"csm_id": self.csm.id()})).await;
        deal
    }

    /// The same, won now.
    pub(crate) async fn deal_won(&self) -> String {
        let deal = self.deal().await;
        self.ae.post(&format!("/v1/deals/{deal}/closed-won"), &json!({})).answer(StatusCode::OK).await;
        deal
    }

    /// Uploads a text and has it drafted; the source's id.
    pub(crate) async fn add(&self, deal: &str, name: &str, words: &str) -> String {
        let body = json!({"sources": [{"name": name, "text": words}]});
        let request = self.ae.post(&format!("/v1/deals/{deal}/sources"), &body);
        let receipt = request.answer(StatusCode::ACCEPTED).await;
        self.app.drain().await;
        text(&receipt["sources"][0]["source"]["id"])
    }

    /// What the AE adds from memory; the item's id.
    pub(crate) async fn attest(&self, deal: &str, field: &str, statement: &str) -> String {
        let body = json!({"field": field, "attributes": {}, "statement": statement});
        let item = self.ae.post(&format!("/v1/deals/{deal}/items"), &body).answer(StatusCode::CREATED).await;
        text(&item["id"])
    }

    /// A deal whose first version waits for the CSM: nothing in it but fields that are marked unknown.
    pub(crate) async fn finalized(&self) -> String {
        let deal = self.deal().await;
        self.ae.settle(&deal).await;
        self.ae.finalize(&deal, json!({}), StatusCode::CREATED).await;
        deal
    }

    pub(crate) async fn state(&self, deal: &str) -> String {
        text(&self.admin.get(&format!("/v1/deals/{deal}")).await["state"])
    }
}

async fn member(app: &TestApp, name: &str, role: Role) -> Member {
    let signed = Signed::up(&app.app, name, role).await;
    Member { client: signed.client(), user: signed.user, address: app.address.clone() }
}
