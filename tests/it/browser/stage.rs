//! A Baton that works, people who sign in to it, and deals to look at.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use baton::access::{Caller, people};
use baton::domain::field::Field;
use baton::domain::user::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::runtime::Handle;

use super::chrome::Chrome;
use super::window::Window;
use crate::support::app::{Answer as _, Signed, TestApp, text};

/// A short call, with something in it for several fields.
pub(super) const CALL: &str = "Callum Brandvold: I'm Callum, account executive at Ferrite.\n\
    Omar Haddad: Omar Haddad, I run operations at Harbor and Pine.\n\
    Omar Haddad: We lost forty pallets in March because nobody saw the freezer fail, and that is why we are here.\n\
    Callum Brandvold: We will have the dock scheduler live at all six sites by June 14.\n\
    Callum Brandvold: And we will train your night shift in May.\n\
    Omar Haddad: I'm worried that our network team has no time for this before summer.\n\
    Callum Brandvold: Thanks, that is good to know.\n";

/// A Baton, its people and a browser.
pub(super) struct Stage {
    chrome: Chrome,
    pub(super) app: TestApp,
    pub(super) ae: Signed,
    pub(super) csm: Signed,
}

impl Stage {
    /// Sets it up, where this machine has a browser.
    pub(super) async fn set() -> Option<Self> {
        let chrome = Chrome::start()?;
        let app = TestApp::new().await;
        let ae = Signed::up(&app.app, "Callum Brandvold", Role::Ae).await;
        let csm = Signed::up(&app.app, "Priya Raman", Role::Csm).await;
        Some(Self { chrome, app, ae, csm })
    }

    /// A new browser that nobody is signed in with.
    pub(super) async fn window(&self) -> Window {
        Window::new(self.chrome.browser().await, &self.app.address).await
    }

    /// The address of a one-time link for somebody.
    pub(super) async fn link(&self, who: &Signed) -> String {
        let console = Caller::console(who.user.tenant.clone());
        let secret = people::new_link(&self.app.app, &console, &who.user.id).await.unwrap();
        format!("/sign-in/link/{}", secret.expose())
    }

    /// A new browser with somebody signed in.
    pub(super) async fn window_of(&self, who: &Signed) -> Window {
        let window = self.window().await;
        window.open(&self.link(who).await).await;
        window.click_on("Continue").await;
        window.until_at("/").await;
        window
    }

    /// A deal of the AE; its id.
    pub(super) async fn deal(&self, account: &str, name: &str) -> String {
        let (client, address) = (self.ae.client(), &self.app.address);
        let account = client.post(format!("{address}/v1/accounts")).json(&json!({"name": account}));
        let account = text(&account.answer(StatusCode::CREATED).await["id"]);
        let deal = client.post(format!("{address}/v1/accounts/{account}/deals")).json(&json!({"name": name}));
        text(&deal.answer(StatusCode::CREATED).await["id"])
    }

    /// A deal of the AE with these words as its one call, drafted and won; the CSM is Priya.
    pub(super) async fn won_deal(&self, account: &str, call: &str) -> String {
        let deal = self.deal(account, "Six sites").await;
        self.app.upload(&deal, "01-call.txt", call).await;
        self.app.drain().await;
        self.hand_to_csm(&deal).await;
        deal
    }

    /// Won, with Priya to receive it.
    pub(super) async fn hand_to_csm(&self, deal: &str) {
        let won = self.app.post(&format!("/v1/deals/{deal}/closed-won"), &json!({}));
        won.answer(StatusCode::OK).await;
        let path = format!("{}/v1/deals/{deal}", self.app.address);
        let revision = self.app.get(&format!("/v1/deals/{deal}")).answer(StatusCode::OK).await["revision"].clone();
        let change = self.app.client.patch(path).json(&json!({"csm_id": self.csm.user.id}));
        change.header("If-Match", format!("\"{revision}\"")).answer(StatusCode::OK).await;
    }

    /// Sends as the AE.
    async fn as_ae(&self, method: Method, path: &str, body: Value, status: StatusCode) -> Value {
        self.ae.client().request(method, format!("{}{path}", self.app.address)).json(&body).answer(status).await
    }

    /// Approves all that is drafted, marks the rest unknown, and finalizes.
    pub(super) async fn finalize(&self, deal: &str) {
        let mut found = BTreeSet::new();
        for item in self.app.draft(deal).await["items"].as_array().unwrap() {
            found.insert(text(&item["field"]));
            if item["state"] != "drafted" {
                continue;
            }
            let path = format!("/v1/items/{}", text(&item["id"]));
            let revision = self.app.get(&path).answer(StatusCode::OK).await["revision"].clone();
            let approve = self.ae.client().post(format!("{}{path}/approve", self.app.address)).json(&json!({}));
            approve.header("If-Match", format!("\"{revision}\"")).answer(StatusCode::OK).await;
        }
        for field in Field::core().map(Field::as_str).filter(|field| !found.contains(*field)) {
            let path = format!("/v1/deals/{deal}/unknown/{field}");
            self.as_ae(Method::PUT, &path, json!({}), StatusCode::NO_CONTENT).await;
        }
        let revision = self.app.draft(deal).await["revision"].clone();
        let finalize = self.ae.client().post(format!("{}/v1/deals/{deal}/finalize", self.app.address)).json(&json!({}));
        finalize.header("If-Match", format!("\"{revision}\"")).answer(StatusCode::CREATED).await;
    }

    /// The CSM gives the last version back; the AE says one thing in other words, and finalizes the next.
    pub(super) async fn amend(&self, deal: &str) {
        let reasons = json!([{"field": "commitment", "code": "unclear", "note": "Whose nights?"}, {"field": "risk", "code": "missing"}]);
        let back = json!({"rating": 2, "reasons": reasons, "comment": "Close, but I cannot plan from it."});
        let back = self.csm.client().post(format!("{}/v1/deals/{deal}/return", self.app.address)).json(&back);
        back.answer(StatusCode::CREATED).await;
        let item = self.app.draft(deal).await["items"][0].clone();
        let path = format!("/v1/items/{}", text(&item["id"]));
        let revision = self.app.get(&path).answer(StatusCode::OK).await["revision"].clone();
        let words = json!({"statement": format!("{} On both shifts.", text(&item["statement"]))});
        let edit = self.ae.client().patch(format!("{}{path}", self.app.address)).json(&words);
        edit.header("If-Match", format!("\"{revision}\"")).answer(StatusCode::OK).await;
        self.finalize(deal).await;
    }

    /// A sample deal of the AE, drafted; its id.
    pub(super) async fn sample(&self, folder: &str, account: &str) -> String {
        let deal = self.deal(account, "Telemetry").await;
        for path in sample_files(folder) {
            let name = path.file_name().unwrap().to_str().unwrap();
            self.app.upload(&deal, name, &fs::read_to_string(&path).unwrap()).await;
        }
        self.app.drain().await;
        deal
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // The browser goes last; what it still holds open is closed from here.
        tokio::task::block_in_place(|| Handle::current().block_on(self.app.end()));
    }
}

/// The files of a sample deal, without its labels.
pub(super) fn sample_files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/deals").join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.file_name().unwrap() != "gold.json");
    paths.sort();
    paths
}
