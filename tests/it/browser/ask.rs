//! Questions to the record: asked, answered with words that open where they stand, shared, and outgrown by the record.

use serde_json::json;

use super::stage::{CALL, Stage};
use super::window::Window;

/// Keeps all that the page shows while an answer comes.
const WATCH: &str = "
    window.seen = '';
    new MutationObserver(() => (window.seen += document.querySelector('#asking').innerText + '\\n'))
        .observe(document.querySelector('#asking'), { childList: true, subtree: true });
";

/// Asks by keyboard; the newest answer is the one to this question then.
async fn ask(window: &Window, question: &str) {
    window.fill("#question", question).await;
    window.press("Enter").await;
    newest(window, question).await;
}

async fn newest(window: &Window, question: &str) {
    let newest = "document.querySelector('#answers article:first-child h3')?.innerText";
    window.until(&format!("{newest} === {}", json!(question))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_with_words_that_open_where_they_stand() {
    let Some(stage) = Stage::set().await else { return };
    let deal = stage.won_deal("Harbor & Pine", CALL).await;
    let window = stage.window_of(&stage.csm).await;
    window.open(&format!("/deals/{deal}")).await;
    window.click(".tabs a[href$='/ask']").await;
    window.until_read("Nothing was asked yet.").await;
    window.run(WATCH, vec![]).await;
    ask(&window, "When will the dock scheduler be live?").await;
    assert!(window.text("window.seen").await.contains("June 14"), "lines are shown as they come");
    assert_eq!(window.count("#asking > *").await, 0);
    assert!(window.text("document.querySelector('#asked').textContent").await.starts_with("Answered: "));
    assert!(!window.reads("Nothing was asked yet.").await);
    assert_eq!(window.text("document.activeElement.id").await, "question", "the next question can be typed");
    assert_eq!(window.count("#question:user-invalid").await, 0, "and nobody left it out");
    window.picture("ask-answered").await;

    let quote = "[...document.querySelectorAll('#answers q')].find((q) => q.innerText.includes('June 14'))";
    window.run(&format!("{quote}.closest('li').querySelector('a.cite').click()"), vec![]).await;
    window.until("location.pathname.startsWith('/sources/') && document.querySelector('li:target')").await;
    assert!(window.text("document.querySelector('li:target').innerText").await.contains("June 14"));
    window.client.back().await.unwrap();
    window.until_at(&format!("/deals/{deal}/ask")).await;
    assert_eq!(window.count("#answers article").await, 1, "answers are kept");

    ask(&window, "Which bank issued the guarantee for the down payment?").await;
    for told in
        ["Not in the record.", "Searched: 1 source, 5 turns", "No contract is in the record.", "Ask the seller instead"]
    {
        assert!(window.reads(told).await, "{told}");
    }
    assert_eq!(window.text("document.querySelector('#answer-count').textContent").await, "2");
    window.click_on("What happens first, and by when?").await;
    newest(&window, "What happens first, and by when?").await;
    let words = "document.querySelector('#answers article').innerText.includes('June 14')";
    assert!(window.value(words).await == true, "the example is asked");
    window.assert_quiet(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_shared_and_grows_stale_in_sight() {
    let Some(stage) = Stage::set().await else { return };
    let deal = stage.won_deal("Harbor & Pine", CALL).await;
    let window = stage.window_of(&stage.csm).await;
    let colleague = stage.window_of(&stage.ae).await;
    window.open(&format!("/deals/{deal}/ask")).await;
    let question = "When will the dock scheduler be live?";
    ask(&window, question).await;
    let address = window.text("document.querySelector('.answer-foot a').getAttribute('href')").await;
    colleague.open(&address).await;
    assert!(colleague.reads("There is no").await && !colleague.reads("June 14").await);

    window.click_on("Share").await;
    window.until_read("for everybody who may see the deals it rests on").await;
    assert_eq!(window.text("document.activeElement.textContent").await, "Stop sharing", "the focus stays");
    colleague.open(&address).await;
    for told in ["June 14", "Callum Brandvold", "Priya Raman asked", question] {
        assert!(colleague.reads(told).await, "{told}");
    }
    assert!(!colleague.reads("Stop sharing").await, "it is not theirs to take back");

    let later = "Callum Brandvold: The dock scheduler will be live at all six sites by July 2, not June 14.\n\
        Omar Haddad: July 2, noted.\n";
    stage.app.upload(&deal, "02-call.txt", later).await;
    stage.app.drain().await;
    colleague.open(&format!("/deals/{deal}/ask")).await;
    for told in ["The record has changed since.", "Six sites: a source came in or was corrected."] {
        assert!(colleague.reads(told).await, "{told}");
    }
    colleague.picture("ask-stale").await;
    colleague.click_on("Ask again").await;
    colleague.until("document.querySelectorAll('#answers article').length === 2").await;
    assert_eq!(colleague.count("#answers article:first-child .stale-note").await, 0);
    assert_eq!(colleague.count("#answers article:last-child .stale-note").await, 1);

    // From the page of the one answer, asking again leads to the new one.
    colleague.open(&address).await;
    colleague.click_on("Ask again").await;
    colleague
        .until(&format!("location.pathname.startsWith('/answers/') && location.pathname !== {}", json!(address)))
        .await;
    colleague.until_read("You asked").await;
    window.click_on("Stop sharing").await;
    window.until_read("only you can read it").await;
    colleague.open(&address).await;
    assert!(colleague.reads("There is no").await);
    window.assert_quiet(&[]).await;
    colleague.assert_quiet(&[404]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_told_in_the_form() {
    let Some(stage) = Stage::set().await else { return };
    let deal = stage.won_deal("Harbor & Pine", CALL).await;
    let window = stage.window_of(&stage.csm).await;
    window.open("/").await;
    window.click_on("Ask").await;
    window.until_at("/ask").await;
    ask(&window, "Who will train the night shift?").await;
    assert!(window.reads("Six sites: 01-call.txt").await, "over several deals the deal is named");
    window.open(&format!("/deals/{deal}/ask")).await;
    window.client.delete_all_cookies().await.unwrap();
    window.fill("#question", "Who will train the night shift?").await;
    window.press("Enter").await;
    window.until_read("You are no longer signed in.").await;
    assert_eq!(window.text("document.querySelector('#question').value").await, "Who will train the night shift?");
    window.assert_quiet(&[401]).await;
}
