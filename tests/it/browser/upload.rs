//! Files become a draft while the page stands open.

use serde_json::{Value, json};

use super::stage::{Stage, sample_files};
use super::window::Window;

/// Keeps every stage that a file's line shows, in order.
const WATCH: &str = "
    window.stages = {};
    const look = () => document.querySelectorAll('#files li').forEach((row) => {
        const seen = (window.stages[row.querySelector('.name').textContent] ??= []);
        const now = row.querySelector('.stage').classList[1];
        if (now && seen.at(-1) !== now) seen.push(now);
    });
    new MutationObserver(look).observe(document.querySelector('#files'), { subtree: true, childList: true, attributes: true });
";

#[tokio::test(flavor = "multi_thread")]
async fn three_files_become_a_draft_before_ones_eyes() {
    let Some(stage) = Stage::set().await else { return };
    stage.app.start_work();
    let window = stage.window_of(&stage.ae).await;
    window.click_on("Open the first deal").await;
    window.write("Harbor & Pine").await;
    window.fill("#new-deal [name=name]", "Telemetry, six sites").await;
    window.click_on("Open the deal").await;
    window.until_read("Add what was said and written").await;
    window.run(WATCH, vec![]).await;

    let files: Vec<_> =
        sample_files("harbor-cold-chain").into_iter().filter(|path| path.extension().unwrap() != "json").collect();
    let three: Vec<_> = files.iter().skip(1).map(|path| path.to_str().unwrap()).collect();
    assert_eq!(three.len(), 3, "{three:?}");
    window.find("#file").await.send_keys(&three.join("\n")).await.unwrap();
    window.until("document.querySelectorAll('#files .stage.ready').length === 3").await;
    window.until("document.querySelector('#h-next').textContent === 'The draft is ready'").await;
    window.until("document.querySelector('.state').textContent === 'drafted'").await;
    window.until_read("not in the contract").await;
    window.picture("deal-just-drafted").await;
    let stages = window.value("window.stages").await;
    assert!(stages.is_object(), "the page was never loaded anew");
    for path in &three {
        let seen: Vec<_> =
            stages[path.rsplit('/').next().unwrap()].as_array().unwrap().iter().map(Value::to_string).collect();
        assert_eq!(seen.last().unwrap(), "\"ready\"", "{path}: {seen:?}");
        assert!(seen.len() >= 3, "the way there is shown: {path}: {seen:?}");
    }
    assert_eq!(window.text("document.querySelector('#h-sources .count').textContent").await, "3");
    window.click_on("Review the draft").await;
    window.until("document.querySelector('.item-card.current')").await;
    window.assert_quiet(&[]).await;
}

/// Drops a file on the page, as a hand would.
async fn drop_file(window: &Window, name: &str, bytes: &[u8]) {
    let script = "
        const [name, bytes] = arguments;
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], name));
        const tell = (kind) => document.querySelector('#drop').dispatchEvent(
            new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
        return [tell('dragenter'), tell('dragover'), document.querySelector('#drop').classList.contains('over'), tell('drop')];
    ";
    let told = window.run(script, vec![json!(name), json!(bytes)]).await;
    assert_eq!(told, json!([false, false, true, false]), "the page takes the drop, and shows that it would");
}

fn line(name: &str) -> String {
    format!(
        "[...document.querySelectorAll('#files li')].filter((row) => row.querySelector('.name').textContent === {})",
        json!(name)
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_file_is_taken_and_a_bad_one_says_why() {
    let Some(stage) = Stage::set().await else { return };
    stage.app.start_work();
    let deal = stage.deal("Harbor & Pine", "Six sites").await;
    let window = stage.window_of(&stage.ae).await;
    window.open(&format!("/deals/{deal}")).await;
    let call = "Dana Ruiz: We will have the scheduler live by June 14.\nOmar Haddad: Good, that is the one I need.\n";
    drop_file(&window, "call.txt", call.as_bytes()).await;
    window.until(&format!("{}[0].querySelector('.stage.ready')", line("call.txt"))).await;

    drop_file(&window, "deck.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").await;
    window.until(&format!("{}[0].querySelector('.stage.failed')", line("deck.txt"))).await;
    let why = window.text(&format!("{}[0].querySelector('small').textContent", line("deck.txt"))).await;
    assert!(why.contains("not text"), "{why}");

    drop_file(&window, "nothing.txt", b"").await;
    window.until(&format!("{}[0].querySelector('.stage.failed')", line("nothing.txt"))).await;
    let why = window.text(&format!("{}[0].querySelector('small').textContent", line("nothing.txt"))).await;
    assert!(why.contains("empty"), "{why}");

    drop_file(&window, "the-same.txt", call.as_bytes()).await;
    window.until_read("The same file was there already.").await;
    assert_eq!(window.number(&format!("{}.length", line("the-same.txt"))).await, 0.0, "one file, one line");
    window.picture("deal-with-bad-files").await;

    window.open(&format!("/deals/{deal}")).await;
    assert!(window.reads("not text").await, "what failed still says why when the page is opened again");
    window.assert_quiet(&[422]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_is_pasted_becomes_a_source() {
    let Some(stage) = Stage::set().await else { return };
    stage.app.start_work();
    let deal = stage.deal("Harbor & Pine", "Six sites").await;
    let window = stage.window_of(&stage.ae).await;
    window.open(&format!("/deals/{deal}")).await;
    window.click_on("paste text").await;
    window
        .fill("#paste [name=text]", "Omar Haddad: We lost forty pallets in March because nobody saw the freezer fail.")
        .await;
    window.click_on("Add").await;
    window.until(&format!("{}[0].querySelector('.stage.ready')", line("notes.md"))).await;
    window.assert_quiet(&[]).await;
}
