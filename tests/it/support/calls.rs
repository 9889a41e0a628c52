//! For every route a request that is taken from somebody who may make it.

use std::sync::atomic::{AtomicU32, Ordering};

use baton::access::sign_in::Welcome;
use baton::domain::ids::{DealId, ItemId};
use baton::domain::policy::SlaPolicies;
use baton::domain::user::Scope;
use baton::review::{self, Decision};
use baton::store::{deals, items};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use super::world::{Ids, Pass, Who, World};

/// Every route of the API as `(METHOD, path)`, as the code documents them.
pub(crate) fn api_routes() -> Vec<(String, String)> {
    let document = serde_json::to_value(baton::http::openapi::document()).unwrap();
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        routes.extend(methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    routes
}

/// Every other path that is read: pages, what they load, and the API's own description.
pub(crate) fn page_routes() -> Vec<&'static str> {
    baton::http::page_routes()
}

/// A request, as it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    /// What `If-Match` says.
    pub(crate) revision: Option<i64>,
    /// In place of what the sender shows otherwise.
    pub(crate) pass: Option<Pass>,
}

impl Call {
    /// Sends `body`, to a path that is still to be named.
    pub(crate) fn post(body: Value) -> Self {
        Self { method: Method::POST, path: String::new(), body: Some(body), revision: None, pass: None }
    }

    /// Reads `path`.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: None, revision: None, pass: None }
    }

    /// The request to `door`, with what `pass` shows.
    pub(crate) fn to(&self, client: &Client, door: &str, pass: &Pass) -> RequestBuilder {
        let mut request = client.request(self.method.clone(), format!("{door}{}", self.path));
        if let Some(revision) = self.revision {
            request = request.header("If-Match", format!("\"{revision}\""));
        }
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        self.pass.as_ref().unwrap_or(pass).on(request)
    }
}

/// A path with ids in the places of their names.
pub(crate) fn filled(path: &str, ids: &Ids) -> String {
    ids.iter().fold(path.to_owned(), |path, (name, id)| path.replace(&format!("{{{name}}}"), id))
}

/// A number that was not there before: names that must be new hold one.
fn fresh_number() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl World {
    /// A request to a route. With `fresh` it is about things made for it, so that it is taken however many came before, and
    /// the next one finds everything as it was.
    pub(crate) async fn call(&self, method: &str, path: &str, variant: &str, who: Who, fresh: bool) -> Call {
        let route = format!("{method} {path}");
        let mut ids = self.ids.clone();
        if path.contains("/users/{user_id}/tokens") && variant.is_empty() {
            ids.insert("user_id", ids["integration_id"].clone());
        }
        match variant {
            "note" => {
                ids.extend([("item_id", ids["note_id"].clone()), ("version_id", ids["noted_version_id"].clone())]);
            }
            "of_no_deal" => drop(ids.insert("job_id", ids["delivery_job_id"].clone())),
            _ => {}
        }
        let pass = if fresh { self.freshen(&route, variant, who, &mut ids).await } else { None };
        Call { pass, ..self.call_with(method, path, &ids).await }
    }

    /// A request to a route, about these things.
    pub(crate) async fn call_with(&self, method: &str, path: &str, ids: &Ids) -> Call {
        let route = format!("{method} {path}");
        let revision = self.revision(&route, ids).await;
        let body = body(&route, ids);
        Call { method: method.parse().unwrap(), path: filled(path, ids), body, revision, pass: None }
    }

    /// Makes what a request uses up.
    async fn freshen(&self, route: &str, variant: &str, who: Who, ids: &mut Ids) -> Option<Pass> {
        match route {
            _ if matches!(variant, "note" | "somebody's") => {}
            "PATCH /v1/items/{item_id}"
            | "POST /v1/items/{item_id}/approve"
            | "POST /v1/items/{item_id}/reject"
            | "POST /v1/items/{item_id}/undo" => {
                let item = self.attest(&self.id("deal_id"), "risk", "A velvetmoth risk.").await;
                if route.ends_with("undo") {
                    let decision = Decision::Reject { reason: None };
                    let owner = self.caller(Who::Owner);
                    review::decide(&self.app.app, &owner, &item.item.id, item.revision, decision).await.unwrap();
                }
                ids.insert("item_id", item.item.id.to_string());
            }
            "PUT /v1/items/{item_id}/outcome" | "DELETE /v1/items/{item_id}/outcome" => {
                let item = self.attest(&self.id("deal_id"), "commitment", "A velvetmoth promise.").await;
                ids.insert("item_id", item.item.id.to_string());
            }
            "POST /v1/deals/{deal_id}/finalize"
            | "POST /v1/deals/{deal_id}/accept"
            | "POST /v1/deals/{deal_id}/return" => {
                let deal = self.deal(Who::Owner, Who::Csm).await;
                if !route.ends_with("finalize") {
                    self.finalize(&deal).await;
                }
                ids.insert("deal_id", deal.to_string());
            }
            "POST /v1/questions/{question_id}/answer" => {
                ids.insert("question_id", self.ask(&self.id("deal_id"), None, "Why, velvetmoth?").await);
            }
            "DELETE /v1/ledger/views/{view_id}" => {
                ids.insert("view_id", self.view(&format!("Velvetmoth view {}", fresh_number())).await);
            }
            "DELETE /v1/answers/{answer_id}/shared" => {
                let answer = self.answer(&self.id("deal_id"), "What of the velvetmoth freezer?").await;
                ids.insert("answer_id", answer);
            }
            "DELETE /v1/webhooks/{webhook_id}" => drop(ids.insert("webhook_id", self.webhook().await)),
            "DELETE /v1/settings/assignment-rules/{rule_id}" => drop(ids.insert("rule_id", self.rule().await)),
            "POST /v1/session/link" => drop(ids.insert("link", self.link(&self.id("user_id")).await)),
            "DELETE /v1/session" | "DELETE /v1/me/sessions/{session_id}" => {
                let (session, secret) = self.session(&self.user(who)?.id, Welcome::default()).await;
                ids.insert("session_id", session);
                return matches!(self.pass(who), Pass::Cookie(_)).then_some(Pass::Cookie(secret));
            }
            "DELETE /v1/tokens/{token_id}" => {
                let user = if variant == "own" { self.user(who)? } else { self.user(Who::Crm)? };
                ids.insert("token_id", self.token(user, &[Scope::Crm]).await.0.to_string());
            }
            _ => {}
        }
        None
    }

    /// What `If-Match` is to say.
    async fn revision(&self, route: &str, ids: &Ids) -> Option<i64> {
        let mut conn = self.app.app.store.read().await.unwrap();
        let home = &self.app.app.home;
        if route.ends_with("/finalize") {
            let deal: DealId = ids["deal_id"].parse().unwrap();
            let found = deals::find(&mut conn, home, &deal).await.unwrap();
            return Some(found.map_or(1, |deal| deal.revision));
        }
        if route.contains("/v1/items/{item_id}") && !route.starts_with("GET") {
            let item: ItemId = ids["item_id"].parse().unwrap();
            let found = items::find(&mut conn, home, &item).await.unwrap();
            return Some(found.map_or(1, |stored| stored.revision));
        }
        None
    }
}

/// Somebody in the deal's call.
fn plain_label(ids: &Ids) -> Value {
    json!({"source": ids["source_id"], "label": "Omar Haddad"})
}

/// What is sent. None of it holds the first workspace's mark.
fn body(route: &str, ids: &Ids) -> Option<Value> {
    let n = fresh_number();
    Some(match route {
        "POST /v1/session" => json!({"email": ids["email"], "password": super::world::PASSWORD}),
        "POST /v1/session/link" => json!({"link": ids["link"]}),
        "PATCH /v1/me" | "PATCH /v1/users/{user_id}" => json!({"title": "Plain title"}),
        "POST /v1/me/password" => json!({"new": "four plain words here"}),
        "POST /v1/me/tokens" | "POST /v1/users/{user_id}/tokens" => {
            json!({"name": "plain", "scopes": ["read"], "days": 1})
        }
        "POST /v1/users" => json!({"name": "Plain Person", "email": format!("plain{n}@plain.example"), "role": "ae"}),
        "POST /v1/accounts" => json!({"name": "Plain account"}),
        "POST /v1/accounts/{account_id}/deals" => json!({"name": "Plain deal"}),
        "POST /v1/deals" => json!({"account": "Plain account", "name": "Plain deal"}),
        "PATCH /v1/deals/{deal_id}" => json!({"segment": "plain"}),
        "POST /v1/deals/{deal_id}/people/join" => json!({"labels": [plain_label(ids), plain_label(ids)]}),
        "POST /v1/deals/{deal_id}/people/split" => plain_label(ids),
        "PUT /v1/deals/{deal_id}/people/side" => json!({"label": plain_label(ids), "side": "customer"}),
        "POST /v1/deals/{deal_id}/sources" | "PUT /v1/sources/{source_id}" => {
            json!({"sources": [{"name": "plain.txt", "text": "Ann: Hi.\nBo: Hi."}]})
        }
        "POST /v1/deals/{deal_id}/items" => {
            json!({"field": "competitor", "attributes": {"name": "Plainco"}, "statement": "Plainco was asked too."})
        }
        "PATCH /v1/items/{item_id}" => {
            json!({"statement": "Plain words.", "finding": {"field": "risk", "attributes": {"severity": "high"}}})
        }
        "PUT /v1/items/{item_id}/outcome" => json!({"outcome": "kept"}),
        "POST /v1/items/{item_id}/reject" => json!({"reason": "plain"}),
        "POST /v1/deals/{deal_id}/approve" => json!({"field": "pricing"}),
        "POST /v1/deals/{deal_id}/finalize" => json!({"override_reason": "plain"}),
        "POST /v1/deals/{deal_id}/accept" => json!({"rating": 4, "comment": "plain"}),
        "POST /v1/deals/{deal_id}/return" => {
            json!({"rating": 2, "reasons": [{"field": "risk", "code": "unclear", "note": "plain"}]})
        }
        "POST /v1/deals/{deal_id}/questions" => json!({"field": "risk", "question": "A plain question?"}),
        "POST /v1/questions/{question_id}/answer" => json!({"answer": "A plain answer."}),
        "POST /v1/deals/{deal_id}/corrections" => {
            json!({"item": ids["item_id"], "said_by": "Plain person", "words": format!("It is plain, {n}.")})
        }
        "POST /v1/deals/{deal_id}/check-ins" => json!({"kind": "pulse", "repeats": 0, "note": "plain"}),
        "PUT /v1/settings/sla-policies" => json!(SlaPolicies::default()),
        "POST /v1/settings/sla-policies" => json!({"name": "Plain", "segment": "plain",
            "steps": [{"step": "document", "due_after_hours": 24, "remind_hours_before": 6}]}),
        "POST /v1/settings/assignment-rules" => json!({"segment": "plain", "csm_ids": [ids["csm_id"]]}),
        "POST /v1/crm/closed-won" => {
            json!({"account": {"name": "Plain account"}, "deal": {"id": format!("P-{n}"), "name": "Plain deal"}})
        }
        "POST /v1/webhooks" => json!({"url": "https://hooks.example/plain"}),
        "POST /v1/ask" | "POST /v1/accounts/{account_id}/ask" | "POST /v1/deals/{deal_id}/ask" => {
            json!({"question": "When do they go live?"})
        }
        "POST /v1/ledger/views" => json!({"name": format!("Plain view {n}"), "filter": "strength=firm"}),
        "PATCH /v1/ledger/views/{view_id}" => json!({"shared": true}),
        "PATCH /v1/webhooks/{webhook_id}" => json!({"enabled": true}),
        "POST /mcp" => json!({"jsonrpc": "2.0", "id": n, "method": "tools/list", "params": {}}),
        _ => return None,
    })
}
