//! A long call, beside the draft and alone; how swift a longer one is, `benches/long_call` measures.

use serde_json::json;

use super::stage::Stage;

#[path = "../../../benches/long_call/call.rs"]
mod call;

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_of_talk_is_shown_whole_and_searched() {
    let Some(stage) = Stage::set().await else { return };
    let deal = stage.deal("Harbor & Pine", "Six sites").await;
    let call = call::of_hours(1);
    let source = stage.app.upload(&deal, "an-hour.vtt", &call).await["source"]["id"].clone();
    stage.app.drain().await;
    let window = stage.window_of(&stage.ae).await;

    window.open(&format!("/deals/{deal}/review")).await;
    window.until("document.querySelector('mark.chosen')").await;
    assert_eq!(window.count("#pane-scroll .turns > li").await, u64::from(call::HOURLY));
    window.find("[data-find-input]").await.send_keys("the scheduler with the").await.unwrap();
    let found = format!("{} found", call.matches("the scheduler with the").count());
    window.until(&format!("document.querySelector('[data-find-count]').textContent === {}", json!(found))).await;

    window.open(&format!("/sources/{}#t790", source.as_str().unwrap())).await;
    window.until("document.querySelector('#t790').getBoundingClientRect().top < innerHeight").await;
    window.find("[data-find-input]").await.send_keys("dock scheduler live").await.unwrap();
    window.press("Enter").await;
    window.until("document.querySelector('[data-find-count]').textContent === '1 of 2'").await;
    window.until("(() => { const box = document.querySelector('#t40').getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; })()").await;
    window.assert_quiet(&[]).await;
}
