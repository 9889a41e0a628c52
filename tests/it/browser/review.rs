//! The review of a whole deal by keyboard alone.

use super::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn explore() {
    let Some(stage) = Stage::set().await else { return };
    let t = std::time::Instant::now();
    let deal = stage.sample("brightwater-foundry", "Brightwater Foundry").await;
    eprintln!("drafted in {:?}", t.elapsed());
    let window = stage.window_of(&stage.ae).await;
    window.open(&format!("/deals/{deal}/review")).await;
    window.until("document.querySelector('.item-card.current')").await;
    eprintln!("{}", window.text("document.querySelector('#progress-text').textContent").await);
    eprintln!("{}", window.text("document.querySelector('#chips').innerText").await);
    eprintln!("{}", window.value("JSON.parse(document.querySelector('#review-data').textContent).items.map((i) => i.field + ' ' + (i.confidence??0).toFixed(2) + ' ' + i.statement.slice(0, 70) + ' ' + i.citations.map(c => c.role).join()).join('\\n')").await.as_str().unwrap());
    eprintln!(
        "{}",
        window
            .value("JSON.stringify(JSON.parse(document.querySelector('#review-data').textContent).missing)")
            .await
            .as_str()
            .unwrap()
    );
    window.until("document.querySelector('mark.chosen')").await;
    window.picture("review-explore").await;
    window.press("f").await;
    window.until("document.querySelector('dialog[open]')").await;
    window.picture_in_sight("review-explore-finalize").await;
}
