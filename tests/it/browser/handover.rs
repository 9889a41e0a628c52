//! From the final version to the acceptance, or back again.

use baton::documents::DocumentKind;
use reqwest::StatusCode;

use super::stage::{CALL, Stage};
use super::window::Window;
use crate::support::app::{Answer as _, text};

/// Tabs until the focus is on what a condition on `it` describes.
async fn tab_to(window: &Window, condition: &str) {
    let there = format!("((it) => {condition})(document.activeElement)");
    for _ in 0..60 {
        if window.value(&there).await == true {
            return;
        }
        window.press("Tab").await;
    }
    panic!("the keyboard never comes to {condition}");
}

#[tokio::test(flavor = "multi_thread")]
async fn customer_success_reads_the_brief_and_accepts_with_four_of_five_by_keyboard() {
    let Some(stage) = Stage::set().await else { return };
    let deal = stage.won_deal("Harbor & Pine", CALL).await;
    stage.finalize(&deal).await;
    let window = stage.window_of(&stage.csm).await;
    window.click_on("Harbor & Pine").await;
    window.until_at(&format!("/deals/{deal}")).await;
    window.click_on("Handover").await;
    window.until_read("Read the brief, then say whether you can work from it.").await;
    for kind in DocumentKind::ALL {
        assert!(window.reads(kind.title()).await, "{kind} is listed");
    }
    window.click_on(DocumentKind::Brief.title()).await;
    window.until_at(&format!("/deals/{deal}/versions/1/brief")).await;
    assert!(window.reads("June 14").await, "the promise stands in the brief");
    window.client.back().await.unwrap();
    window.until_at(&format!("/deals/{deal}/handover")).await;

    tab_to(&window, "it.textContent.trim() === 'Accept'").await;
    window.press("Enter").await;
    window.until("document.querySelector('#accept[open]')").await;
    tab_to(&window, "it.name === 'rating'").await;
    window.press("Space").await;
    for _ in 0..3 {
        window.press("Right").await;
    }
    assert_eq!(window.text("document.querySelector('#accept [name=rating]:checked').value").await, "4");
    window.press("Tab").await;
    window.write("Clear enough to begin on Monday.").await;
    tab_to(&window, "it.closest('dialog') && it.textContent === 'Accept'").await;
    window.press("Enter").await;
    window.until_read("Rated 4 of 5.").await;
    assert!(window.reads("Clear enough to begin on Monday.").await);
    window.assert_quiet(&[]).await;

    let ae = stage.window_of(&stage.ae).await;
    ae.open(&format!("/deals/{deal}/handover")).await;
    assert!(
        ae.reads("Rated 4 of 5.").await && !ae.reads("Return").await,
        "the seller sees it, and has nothing to press"
    );
    ae.assert_quiet(&[]).await;
}

/// The CSM asks for what is unclear, and gives the version back.
async fn give_back(window: &Window) {
    window.fill("[name=question]", "Who trains the night shift?").await;
    window.choose(".ask [name=field]", "stakeholder").await;
    window.click("form[data-api$='/questions'] button").await;
    window.until_read("waits for an answer").await;
    window.click_on("Return").await;
    window.click_on("Return it").await;
    window.until("document.querySelector('#return [name=rating]:invalid')").await;
    window.choose("[aria-label='Who matters: what is wrong with it']", "missing").await;
    window.fill("[aria-label='Who matters: note']", "Nobody of the night shift is named.").await;
    window.choose("[aria-label='What was promised: what is wrong with it']", "unclear").await;
    window.click("#return [name=rating][value='2']").await;
    window.fill("#return [name=comment]", "Close, but I cannot plan the training from it.").await;
    window.click_on("Return it").await;
    window.until_read("Rated 2 of 5.").await;
}

/// The AE answers, says the promise in other words, and finalizes.
async fn amend(window: &Window, deal: &str) {
    window.open(&format!("/deals/{deal}/handover")).await;
    for told in ["Nobody of the night shift is named.", "missing", "unclear", "Who trains the night shift?"] {
        assert!(window.reads(told).await, "{told}");
    }
    window.fill("[name=answer]", "Lena Brandt trains them, on the nights of May 11 to 15.").await;
    window.click_on("Answer").await;
    window
        .until("[...document.querySelectorAll('.told')].some((told) => told.textContent.includes('Lena Brandt'))")
        .await;
}

async fn finalize_again(window: &Window, deal: &str) {
    window.open(&format!("/deals/{deal}/review")).await;
    window.until("document.querySelector('.item-card.current')").await;
    while window.count(".item-card.drafted").await > 0 {
        window.press("a").await;
    }
    let promise =
        "[...document.querySelectorAll('[data-open]')].find((it) => it.textContent.includes('dock scheduler'))";
    window.run(&format!("{promise}.click()"), vec![]).await;
    window.until("document.querySelector('.current .statement').textContent.includes('dock scheduler')").await;
    window.press("e").await;
    window.write(" Both shifts.").await;
    window.press("Control+Enter").await;
    window.until_read("Both shifts.").await;
    window.press("f").await;
    window.until("document.querySelector('dialog[open]')").await;
    window.click_on("Finalize").await;
    window.until_at(&format!("/deals/{deal}/handover")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_returned_with_reasons_comes_back_as_the_next_version() {
    let Some(stage) = Stage::set().await else { return };
    let deal = stage.won_deal("Harbor & Pine", CALL).await;
    stage.finalize(&deal).await;
    let csm = stage.window_of(&stage.csm).await;
    csm.open(&format!("/deals/{deal}/handover")).await;
    give_back(&csm).await;
    csm.picture("handover-given-back").await;

    let ae = stage.window_of(&stage.ae).await;
    amend(&ae, &deal).await;
    ae.picture("handover-answered").await;
    stage.app.drain().await;
    finalize_again(&ae, &deal).await;
    ae.assert_quiet(&[]).await;
    let sources = stage.app.get(&format!("/v1/deals/{deal}/sources")).answer(StatusCode::OK).await;
    assert_eq!(sources.as_array().unwrap().len(), 2, "the answer is part of the record: {}", text(&sources[1]["name"]));

    csm.open(&format!("/deals/{deal}/handover")).await;
    assert!(csm.reads("Version 2").await && csm.reads("Lena Brandt").await);
    csm.click("a[href$='/changes']").await;
    csm.until_at(&format!("/deals/{deal}/versions/2/changes")).await;
    let changed = "document.querySelector('del').closest('li').querySelector('ins').textContent";
    assert!(csm.text(changed).await.ends_with("by June 14. Both shifts."));
    assert_eq!(csm.count("del").await, 1);
    csm.picture("compare-of-two").await;
    csm.assert_quiet(&[]).await;
}
