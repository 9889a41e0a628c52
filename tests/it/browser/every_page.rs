//! Every page, in light and dark and on a phone: axe finds nothing, nothing is too wide, nothing weighs much, nothing is
//! complained of on the console.

use baton::documents::DocumentKind;
use baton::domain::user::Role;
use reqwest::StatusCode;
use serde_json::json;

use super::chrome::axe;
use super::inspect::{Inspector, Look};
use super::review::EVIDENCE;
use super::settings;
use super::stage::{CALL, Stage};
use super::window::Window;
use crate::support::app::{Answer as _, Signed, text};

/// Opens a dialog, looks it over and closes it.
async fn dialog(inspector: &mut Inspector, window: &Window, opener: &str, name: &str) {
    window.click(opener).await;
    window.until("document.querySelector('dialog[open]')").await;
    inspector.in_sight(window, name).await;
    window.press("Escape").await;
    window.until("!document.querySelector('dialog[open]')").await;
}

async fn open_pages(inspector: &mut Inspector, stage: &Stage) {
    let window = stage.window().await;
    window.open("/sign-in").await;
    inspector.page(&window, "sign-in").await;
    window.open(&stage.link(&stage.ae).await).await;
    inspector.page(&window, "sign-in-link").await;
    window.open("/sign-in/link/used-up").await;
    inspector.page(&window, "sign-in-link-used").await;
    window.open("/nowhere").await;
    inspector.page(&window, "problem").await;
}

async fn collecting(inspector: &mut Inspector, window: &Window, stage: &Stage) {
    window.open("/").await;
    inspector.page(window, "deals-empty").await;
    dialog(inspector, window, "[data-dialog=new-deal]", "deals-new").await;
    let deal = stage.deal("Lindenhof Clinics", "Three wards").await;
    window.open(&format!("/deals/{deal}")).await;
    inspector.page(window, "deal-empty").await;
    dialog(inspector, window, "[data-dialog=paste]", "deal-paste").await;
    window.open(&format!("/deals/{deal}/review")).await;
    inspector.page(window, "review-empty").await;
    window.open(&format!("/deals/{deal}/ask")).await;
    inspector.page(window, "ask-empty").await;
    window.open(&format!("/deals/{deal}/handover")).await;
    inspector.page(window, "handover-empty").await;
    window.click("summary").await;
    inspector.in_sight(window, "menu").await;
}

async fn in_review(inspector: &mut Inspector, window: &Window, stage: &Stage, deal: &str) {
    window.open(&format!("/deals/{deal}/review")).await;
    window.until("document.querySelector('mark.chosen')").await;
    for key in ["a", "r", "a"] {
        window.press(key).await;
    }
    window.until("document.querySelector('mark.chosen')").await;
    inspector.page(window, "review").await;
    for (key, name) in [("g", "gate"), ("f", "finalize"), ("Shift+?", "keys"), ("t", "attest"), ("Shift+R", "reason")] {
        window.press(key).await;
        window.until("document.querySelector('dialog[open]')").await;
        inspector.in_sight(window, &format!("review-{name}")).await;
        window.press("Escape").await;
        window.until("!document.querySelector('dialog[open]')").await;
    }
    window.press("e").await;
    inspector.in_sight(window, "review-edit").await;
    window.press("Escape").await;
    Look::Phone.put_on(window).await;
    window.click(".to-record").await;
    window.until(EVIDENCE).await;
    inspector.look(window, "review-record", Look::Phone).await;
    window.open(&format!("/deals/{deal}")).await;
    inspector.page(window, "deal").await;
    let sources = stage.app.get(&format!("/v1/deals/{deal}/sources")).answer(StatusCode::OK).await;
    window.open(&format!("/sources/{}", text(&sources[1]["id"]))).await;
    inspector.page(window, "source").await;
}

async fn handed_over(inspector: &mut Inspector, window: &Window, stage: &Stage, deal: &str) {
    stage.finalize(deal).await;
    window.open(&format!("/deals/{deal}/handover")).await;
    inspector.page(window, "handover").await;
    dialog(inspector, window, "[data-dialog=accept]", "handover-accept").await;
    dialog(inspector, window, "[data-dialog=return]", "handover-return").await;
    for document in DocumentKind::ALL {
        window.open(&format!("/deals/{deal}/versions/1/{document}")).await;
        inspector.page(window, &format!("document-{document}")).await;
    }
}

/// What the AE sees after the first version came back.
async fn amended(inspector: &mut Inspector, window: &Window, stage: &Stage, deal: &str) {
    stage.amend(deal).await;
    window.open(&format!("/deals/{deal}/handover")).await;
    inspector.page(window, "handover-amended").await;
    window.open(&format!("/deals/{deal}/versions/2/changes")).await;
    inspector.page(window, "compare").await;
    window.open("/").await;
    inspector.page(window, "deals").await;
    window.open(&format!("/deals/{deal}")).await;
    window.click(".eyebrow a").await;
    window.until("location.pathname.startsWith('/accounts/')").await;
    inspector.page(window, "account").await;
    window.click(".page-head a.button").await;
    window.until("location.pathname.endsWith('/dna')").await;
    inspector.page(window, "account-dna").await;
    window.open(&format!("/deals/{deal}/dna")).await;
    inspector.page(window, "dna").await;
    window.open("/profile").await;
    inspector.page(window, "profile").await;
}

/// Answers of every kind: quotes, findings, nothing, shared, and one that the record has outgrown.
async fn asked(inspector: &mut Inspector, window: &Window, stage: &Stage, deal: &str) {
    let ask = async |path: &str, question: &str| {
        let asked = stage.ae.client().post(format!("{}{path}", stage.app.address)).json(&json!({"question": question}));
        text(&asked.answer(StatusCode::OK).await["id"])
    };
    let account = text(&stage.app.get(&format!("/v1/deals/{deal}")).answer(StatusCode::OK).await["account_id"]);
    let of_deal = format!("/v1/deals/{deal}/ask");
    ask(&of_deal, "Which risks are there?").await;
    stage.app.upload(deal, "05-late.txt", CALL).await;
    stage.app.drain().await;
    ask(&of_deal, "Which bank issued the guarantee for the down payment?").await;
    ask(&of_deal, "What did we promise that is not in the contract?").await;
    let shared = ask(&of_deal, "When does Dunmore go live?").await;
    ask(&format!("/v1/accounts/{account}/ask"), "Why do people leave the tablets in the drawer?").await;
    window.open(&format!("/deals/{deal}/ask")).await;
    window.run("document.querySelectorAll('#answers details').forEach((it) => (it.open = true))", vec![]).await;
    inspector.page(window, "ask").await;
    window.open(&format!("/answers/{shared}")).await;
    window.click_on("Share").await;
    window.until_read("Stop sharing").await;
    inspector.page(window, "ask-answer").await;
    window.open(&format!("/accounts/{account}/ask")).await;
    inspector.page(window, "ask-account").await;
    window.open("/ask").await;
    inspector.page(window, "ask-all").await;
}

async fn workspace(inspector: &mut Inspector, window: &Window) {
    settings::set_up(window).await;
    window.open("/settings").await;
    inspector.page(window, "settings-people").await;
    dialog(inspector, window, "[aria-label='Deactivate Iris Lund']", "settings-deactivate").await;
    for page in ["deadlines", "assignment", "webhooks", "audit"] {
        window.open(&format!("/settings/{page}")).await;
        inspector.page(window, &format!("settings-{page}")).await;
    }
    window.open("/patterns").await;
    inspector.page(window, "patterns").await;
    window.open("/ledger").await;
    inspector.page(window, "ledger").await;
    window.click(".more-filters summary").await;
    inspector.in_sight(window, "ledger-filters").await;
    window.click(".keep summary").await;
    inspector.in_sight(window, "ledger-keep").await;
    window.open("/ledger?q=nothing+at+all").await;
    inspector.page(window, "ledger-empty").await;
    window.open("/ledger/contradictions?sort=amount").await;
    inspector.page(window, "ledger-contradictions").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_holds_for_axe_in_both_themes_and_on_a_phone_and_stays_light() {
    let (Some(axe), Some(stage)) = (axe(), Stage::set().await) else { return };
    let mut inspector = Inspector::with(axe);
    open_pages(&mut inspector, &stage).await;
    let ae = stage.window_of(&stage.ae).await;
    collecting(&mut inspector, &ae, &stage).await;
    let deal = stage.sample("brightwater-foundry", "Brightwater Foundry").await;
    stage.hand_to_csm(&deal).await;
    in_review(&mut inspector, &ae, &stage, &deal).await;
    let csm = stage.window_of(&stage.csm).await;
    handed_over(&mut inspector, &csm, &stage, &deal).await;
    amended(&mut inspector, &ae, &stage, &deal).await;
    asked(&mut inspector, &ae, &stage, &deal).await;
    for account in ["Harbor & Pine", "Oster Mills", "Vela Clinics", "Quarry Lane"] {
        let deal = stage.won_deal(account, CALL).await;
        stage.finalize(&deal).await;
        stage.amend(&deal).await;
    }
    let admin = Signed::up(&stage.app.app, "Ada Lund", Role::Admin).await;
    workspace(&mut inspector, &stage.window_of(&admin).await).await;
    inspector.assert_content();
}
