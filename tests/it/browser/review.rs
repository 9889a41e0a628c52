//! The review of a whole deal by keyboard alone.

use std::collections::BTreeSet;

use baton::domain::field::Field;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::stage::Stage;
use super::window::Window;
use crate::support::app::{Answer as _, text};

/// Key presses per item, at most.
const BAR: f64 = 1.5;
/// Items that are looked at one by one before whole fields are approved at once; they come with the weightiest first.
const ONE_BY_ONE: usize = 20;

const CURRENT: &str = "document.querySelector('.item-card.current')?.dataset.id ?? ''";

/// What the page shows in the record for the quote that is chosen: its words lit, inside the pane and inside the window.
pub(super) const EVIDENCE: &str = "(() => {
    const quote = document.querySelector('.current .quote[aria-pressed=true] q');
    const marks = [...document.querySelectorAll('#pane-scroll mark.chosen')];
    const inside = (a, b) => a.top >= b.top - 1 && a.bottom <= b.bottom + 1 && a.left >= b.left - 1 && a.right <= b.right + 1;
    const pane = document.querySelector('#pane-scroll').getBoundingClientRect();
    const sight = { top: 0, left: 0, bottom: innerHeight, right: innerWidth };
    return Boolean(quote) && marks.map((mark) => mark.textContent).join('') === quote.textContent
        && marks.every((mark) => getComputedStyle(mark).backgroundColor !== 'rgba(0, 0, 0, 0)')
        && marks.every((mark) => inside(mark.getBoundingClientRect(), pane) && inside(mark.getBoundingClientRect(), sight));
})()";

/// Whether the current item's statement can be read and the keyboard is on it.
const IN_HAND: &str = "(() => {
    const statement = document.querySelector('.current .statement');
    const box = statement.getBoundingClientRect();
    return box.top >= document.querySelector('.review-bar').getBoundingClientRect().bottom && box.bottom <= innerHeight
        && document.activeElement === statement;
})()";

/// What a finalization still lacks, as the server tells it, in the words of the page.
async fn missing(stage: &Stage, deal: &str) -> BTreeSet<String> {
    let told = |entry: &Value| {
        let field: Field = serde_json::from_value(entry["field"].clone()).unwrap();
        match (entry["missing"].as_str().unwrap(), entry["drafted"].as_u64()) {
            ("field", Some(0)) => format!("{}: nothing found; add it, or mark it unknown", field.heading()),
            ("field", Some(n)) => format!("{}: {n} drafted, none approved", field.heading()),
            _ => format!("{}: not decided: {}", field.heading(), text(&entry["statement"])),
        }
    };
    stage.app.draft(deal).await["missing"].as_array().unwrap().iter().map(told).collect()
}

/// Asks to finalize, reads why not, and goes back to work.
async fn be_refused(window: &Window) -> BTreeSet<String> {
    window.press("f").await;
    window.until("document.querySelector('dialog[open]')").await;
    let lines =
        window.value("[...document.querySelectorAll('dialog .gate-list li')].map((line) => line.textContent)").await;
    assert!(window.reads("Not everything is decided").await);
    window.press("Escape").await;
    window.until_closed().await;
    lines.as_array().unwrap().iter().map(text).collect()
}

/// Presses a key that decides, and sees the next item come. The evidence may come a moment later,
/// where its file was not loaded yet.
async fn decide(window: &Window, key: &str) {
    let before = window.text(CURRENT).await;
    window.press(key).await;
    // The key is handled in the page, without the server; a loaded machine may hand it over a moment late.
    window.until(&format!("({CURRENT}) !== {before:?}")).await;
    window.until(IN_HAND).await;
    see_evidence(window).await;
}

async fn see_evidence(window: &Window) {
    if !window.text(CURRENT).await.starts_with("gap:") {
        window.until(EVIDENCE).await;
    }
}

async fn state_of(window: &Window, id: &str) -> String {
    window.text(&format!("document.getElementById('card-{id}').classList[1]")).await
}

/// Each thing that can be done to an item, once.
async fn try_every_key(window: &Window) {
    let item = window.text(CURRENT).await;
    decide(window, "r").await;
    assert_eq!(state_of(window, &item).await, "rejected");
    window.press("Shift+R").await;
    window.until("document.activeElement.name === 'reason'").await;
    window.press("Space").await;
    window.press("Enter").await;
    window.until_closed().await;
    assert!(window.value("document.querySelector('.current').contains(document.activeElement)").await == true);

    let item = window.text(CURRENT).await;
    window.press("e").await;
    window.write(" Sure.").await;
    window.press("Control+Enter").await;
    window.until(&format!("document.getElementById('card-{item}').classList[1] === 'approved'")).await;
    assert!(window.reads("Sure.").await);
    see_evidence(window).await;

    let item = window.text(CURRENT).await;
    decide(window, "a").await;
    window.press("u").await;
    window.until(&format!("({CURRENT}) === {item:?}")).await;
    assert_eq!(state_of(window, &item).await, "drafted", "the last decision is taken back, and looked at again");
    window.press("2").await;
    decide(window, "a").await;

    window.press("j").await;
    see_evidence(window).await;
    window.press("k").await;
    see_evidence(window).await;
}

/// Approves whatever is left of the current item's field, beside what somebody contradicts.
async fn approve_field(window: &Window) {
    let open = window.count(".item-card.drafted").await;
    window.press("Shift+A").await;
    window.until(&format!("document.querySelectorAll('.item-card.drafted').length < {open}")).await;
    see_evidence(window).await;
}

/// Decides on everything that is drafted; what is left are the questions that nothing answers.
async fn decide_on_all(window: &Window) {
    for done in 0.. {
        let id = window.text(CURRENT).await;
        if id.starts_with("gap:") {
            return;
        }
        let left = "document.querySelector('[data-do=approveField]')?.textContent ?? ''";
        if done >= ONE_BY_ONE && !window.text(left).await.is_empty() {
            approve_field(window).await;
        } else {
            decide(window, "a").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_deal_is_reviewed_by_keyboard_with_one_and_a_half_presses_per_item() {
    let Some(stage) = Stage::set().await else { return };
    let deal = stage.sample("brightwater-foundry", "Brightwater Foundry").await;
    let window = stage.window_of(&stage.ae).await;
    window.open(&format!("/deals/{deal}/review")).await;
    window.until(EVIDENCE).await;
    let items = window.number("document.querySelector('#progress progress').max").await;

    let before = missing(&stage, &deal).await;
    assert_eq!((be_refused(&window).await, before.len()), (before.clone(), 12));
    try_every_key(&window).await;
    decide_on_all(&window).await;

    window.press("t").await;
    window.until("document.activeElement.name === 'statement'").await;
    window.write("fear of downtime").await;
    window.press("Control+Enter").await;
    window.until("document.querySelector('.current .attested')").await;
    window.until_closed().await;
    window.press("j").await;
    // Whoever finalizes waits until the server has heard of every decision: of the two gaps one is filled.
    let left = be_refused(&window).await;
    assert_eq!((&left, left.len()), (&missing(&stage, &deal).await, 1), "the very list that the server has");
    window.press("x").await;
    window.until("document.querySelector('.current.approved').dataset.id === 'gap:risk'").await;
    window.press("f").await;
    window.until("document.activeElement.textContent === 'Finalize'").await;
    window.press("Enter").await;
    window.until_at(&format!("/deals/{deal}/handover")).await;

    let per_item = f64::from(u32::try_from(window.presses()).unwrap()) / items;
    println!("review: {items} items, {} key presses, {per_item:.2} per item", window.presses());
    assert!(per_item <= BAR, "{per_item:.2} key presses per item");
    window.assert_quiet(&[]).await;
    let versions = stage.app.get(&format!("/v1/deals/{deal}/versions")).answer(StatusCode::OK).await;
    let document = stage.app.get(&format!("/v1/versions/{}", text(&versions[0]["id"]))).answer(StatusCode::OK).await;
    let kept = document["items"].as_array().unwrap();
    assert_eq!(kept.len(), 60, "one was rejected, and one added from memory");
    assert_eq!(kept.iter().filter(|item| item["attested_by"] == "Callum Brandvold").count(), 1);
    assert_eq!(kept.iter().filter(|item| text(&item["statement"]).ends_with(" Sure.")).count(), 1);
    let unknown = &document["unknown"];
    assert_eq!((&unknown[0]["field"], unknown.as_array().unwrap().len()), (&json!("risk"), 1));
}
