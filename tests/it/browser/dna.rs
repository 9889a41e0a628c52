//! The profile on paper: a usual deal fits on one page, the largest on two.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use serde_json::json;

use super::stage::Stage;
use super::window::Window;

/// How many pages the window's page prints on.
async fn pages(window: &Window, name: &str) -> usize {
    let printed = window.devtools("Page.printToPDF", json!({"preferCSSPageSize": true})).await;
    let bytes = base64::engine::general_purpose::STANDARD.decode(printed["data"].as_str().unwrap()).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/browser/{name}.pdf"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, &bytes).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    text.matches("/Type /Page\n").count() + text.matches("/Type /Page ").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_usual_deal_prints_on_one_page() {
    let Some(stage) = Stage::set().await else { return };
    let window = stage.window_of(&stage.ae).await;
    let mut found = Vec::new();
    for (folder, account) in [("brightwater-foundry", "Brightwater Foundry"), ("harbor-cold-chain", "Harbor & Pine")] {
        let deal = stage.sample(folder, account).await;
        window.open(&format!("/deals/{deal}/dna")).await;
        window.picture(&format!("dna-{folder}")).await;
        found.push((folder, "page", pages(&window, &format!("dna-{folder}")).await));
        stage.finalize(&deal).await;
        window.open(&format!("/deals/{deal}/versions/1/client_dna")).await;
        found.push((folder, "document", pages(&window, &format!("dna-document-{folder}")).await));
    }
    println!("pages of a profile: {found:?}");
    assert!(found.iter().all(|(_, _, pages)| *pages == 1), "{found:?}");
}
