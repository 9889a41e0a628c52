//! Whether a call of three hours can be searched and scrolled without lag, in Chromium: `cargo bench --bench long_call`.
//!
//! The call is uploaded and drafted, then read beside its draft and alone, as whoever reviews it would. Two bars, and exit 1
//! where one is missed: what a key in the search shows is drawn within 50 ms, and no frame of scrolling takes more than 100 ms.
//! It takes `chromium` and `chromedriver`. Run it on a machine that does nothing else.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

mod call;
#[path = "../../tests/it/browser/chrome.rs"]
#[expect(dead_code, clippy::panic, clippy::print_stderr, clippy::unwrap_used, reason = "it is made for tests, too")]
mod chrome;
#[path = "../support/mod.rs"]
mod support;
#[path = "../../tests/it/browser/window.rs"]
#[expect(dead_code, clippy::panic, clippy::unwrap_used, reason = "it is made for tests, too")]
mod window;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use baton::access::{Caller, people};
use baton::domain::deal::DealTerms;
use baton::domain::user::Role;
use baton::intake::{self, Upload};
use baton::jobs::Worker;
use baton::store::sources;

use self::chrome::Chrome;
use self::support::percentile_ms;
use self::window::Window;

/// Milliseconds from a key to what it shows, at most.
const KEY_MS: f64 = 50.0;
/// Milliseconds between two frames while the page is scrolled, at most.
const FRAME_MS: f64 = 100.0;
/// Something else on the machine may hold a page up once; the page itself would do it each time.
const TRIES: usize = 5;

/// Milliseconds from each key in the search to the frame that shows it.
const TYPE: &str = "
    const [words, done] = arguments;
    const input = document.querySelector('[data-find-input]');
    const shown = () => new Promise((then) => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => then(performance.now());
        channel.port2.postMessage(0);
    }));
    (async () => {
        const times = [];
        for (let length = 1; length <= words.length; length += 1) {
            await shown();
            const begun = performance.now();
            input.value = words.slice(0, length);
            input.dispatchEvent(new InputEvent('input', { bubbles: true }));
            times.push(await shown() - begun);
        }
        return times;
    })().then(done);
";

/// Milliseconds of each frame while the element is scrolled through in fifty steps.
const SCROLL: &str = "
    const [css, done] = arguments;
    const box = css ? document.querySelector(css) : document.scrollingElement;
    const frame = () => new Promise(requestAnimationFrame);
    (async () => {
        box.scrollTop = 0;
        await frame();
        const [times, far] = [[], box.scrollHeight / 50];
        let last = await frame();
        for (let step = 0; step < 50; step += 1) {
            box.scrollTop += far;
            const now = await frame();
            times.push(now - last);
            last = now;
        }
        return times;
    })().then(done);
";

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    // `cargo test --all-targets` starts benches too, without this flag; a debug build says nothing about time.
    if !std::env::args().any(|arg| arg == "--bench") {
        return Ok(ExitCode::SUCCESS);
    }
    let folder = tempfile::tempdir()?;
    let app = support::open(folder.path()).await?;
    let console = Caller::console(app.home.clone());
    let account = intake::open_account(&app, &console, "Harbor & Pine").await?;
    let deal = intake::open_deal(&app, &console, &account.id, "Six sites", DealTerms::default()).await?;
    let call = Upload { name: "three-hours.vtt".to_owned(), bytes: call::of_hours(3).into_bytes() };
    intake::upload(&app, &console, &deal.id, vec![call], None, |_| String::new()).await?;
    let worker = Worker::new(app.clone());
    while worker.step().await? {}
    let sources = sources::list(&mut *app.store.read().await?, &deal.id).await?;
    let reader = support::person(&app, "Callum Brandvold", Role::Admin).await?;
    let link = people::new_link(&app, &console, &reader.id).await?;
    let served = support::serve(app).await?;
    let chrome = Chrome::start().context("the browser cannot be started")?;
    let window = Window::new(chrome.browser().await, &served.address).await;
    window.open(&format!("/sign-in/link/{}", link.expose())).await;
    window.click_on("Continue").await;
    window.until_at("/").await;

    window.open(&format!("/deals/{}/review", deal.id)).await;
    window.until("document.querySelector('mark.chosen')").await;
    let mut held = is_swift(&window, "review, search", TYPE, "the scheduler with the", KEY_MS).await?;
    held &= is_swift(&window, "review, scroll", SCROLL, "#pane-scroll", FRAME_MS).await?;
    window.open(&format!("/sources/{}#t2290", sources[0].id)).await;
    window.until("document.querySelector('#t2290').getBoundingClientRect().top < innerHeight").await;
    held &= is_swift(&window, "source, search", TYPE, "dock scheduler live", KEY_MS).await?;
    held &= is_swift(&window, "source, scroll", SCROLL, "", FRAME_MS).await?;
    drop(chrome);
    served.close().await?;
    Ok(if held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Measures until the slowest is within the bar, a few times at most; prints what was found.
async fn is_swift(window: &Window, what: &str, script: &str, arg: &str, bar: f64) -> anyhow::Result<bool> {
    for _ in 0..TRIES {
        let found = window.client.execute_async(script, vec![arg.into()]).await?;
        let times: Vec<f64> = serde_json::from_value(found)?;
        let mut times: Vec<Duration> = times.into_iter().map(|ms| Duration::from_secs_f64(ms / 1000.0)).collect();
        times.sort_unstable();
        let (median, slowest) = (percentile_ms(&times, 50), percentile_ms(&times, 100));
        let word = if slowest <= bar { "met" } else { "MISSED" };
        println!(
            "bar {word}: {what}: median {median:.1} ms, slowest {slowest:.1} ms of {}, limit {bar} ms",
            times.len()
        );
        if slowest <= bar {
            return Ok(true);
        }
    }
    Ok(false)
}
