//! Without rights there is nothing to see, and nothing to press.

use baton::domain::user::Role;
use reqwest::StatusCode;

use super::stage::{CALL, Stage};
use crate::support::app::{Answer as _, Signed, text};

#[tokio::test(flavor = "multi_thread")]
async fn another_account_executive_sees_nothing_of_a_deal() {
    let Some(stage) = Stage::set().await else { return };
    let deal = stage.won_deal("Harbor & Pine", CALL).await;
    let sources = stage.app.get(&format!("/v1/deals/{deal}/sources")).answer(StatusCode::OK).await;
    let other = Signed::up(&stage.app.app, "Nadia Vance", Role::Ae).await;
    let window = stage.window_of(&other).await;
    assert!(window.reads("No deals yet").await && !window.reads("Harbor").await);
    let source = text(&sources[0]["id"]);
    for page in [
        format!("/deals/{deal}"),
        format!("/deals/{deal}/review"),
        format!("/deals/{deal}/handover"),
        format!("/sources/{source}"),
    ] {
        window.open(&page).await;
        assert!(window.reads("There is no").await && !window.reads("Harbor").await, "{page}");
    }
    window.assert_quiet(&[404]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_receiving_side_reads_the_review_and_decides_nothing() {
    let Some(stage) = Stage::set().await else { return };
    let deal = stage.won_deal("Harbor & Pine", CALL).await;
    let window = stage.window_of(&stage.csm).await;
    window.open(&format!("/deals/{deal}/review")).await;
    window.until("document.querySelector('mark.chosen')").await;
    for verb in ["approve", "reject", "edit", "attest", "unknown", "approveField", "finalize"] {
        assert_eq!(window.count(&format!("[data-do={verb}]")).await, 0, "{verb}");
    }
    for key in ["a", "r", "Shift+A", "x", "e", "t"] {
        window.press(key).await;
    }
    window.press("f").await;
    window.until_read("Somebody else finalizes this deal.").await;
    assert_eq!(window.count(".item-card:not(.drafted, .gap), dialog, form.edit-form").await, 0);
    window.press("j").await;
    window.assert_quiet(&[]).await;
    let draft = stage.app.draft(&deal).await;
    assert!(draft["items"].as_array().unwrap().iter().all(|item| item["state"] == "drafted"));
}
