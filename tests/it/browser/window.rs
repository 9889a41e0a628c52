//! A browser window, and the hands of whoever sits before it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use reqwest::{Method, Url};
use serde_json::{Value, json};

/// How long anything may take to appear before a test gives it up.
pub(super) const PATIENCE: Duration = Duration::from_mins(2);
/// How soon it is looked for again.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Keeps what goes wrong in a page, over all pages of the window.
const WITNESS: &str = "
    const keep = (what) => sessionStorage.setItem('wrong', (sessionStorage.getItem('wrong') ?? '') + what + '\\n');
    addEventListener('error', (event) => keep(`${location.pathname}: ${event.message}`));
    addEventListener('unhandledrejection', (event) => keep(`${location.pathname}: ${event.reason}`));
    addEventListener('securitypolicyviolation', (event) =>
        keep(`${location.pathname}: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
";

/// One window of one browser.
pub(super) struct Window {
    pub(super) client: Client,
    address: String,
    presses: AtomicUsize,
}

/// A command of the driver that has no method of its own.
#[derive(Debug)]
struct Command {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as std::str::FromStr>::Err> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _url: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

impl Window {
    /// A window at a Baton.
    pub(super) async fn new(client: Client, address: &str) -> Self {
        let window = Self { client, address: address.to_owned(), presses: AtomicUsize::new(0) };
        window.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": WITNESS})).await;
        window
    }

    /// Opens a page by its path, and waits until its scripts have run: the driver comes back from one page in ten before that.
    pub(super) async fn open(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.address)).await.unwrap();
        self.until("document.readyState === 'complete'").await;
    }

    /// What the page's own script says to an expression.
    pub(super) async fn value(&self, expression: &str) -> Value {
        self.run(&format!("return ({expression});"), vec![]).await
    }

    /// Runs a script in the page.
    pub(super) async fn run(&self, script: &str, args: Vec<Value>) -> Value {
        self.client.execute(script, args).await.unwrap()
    }

    /// The text that an expression gives.
    pub(super) async fn text(&self, expression: &str) -> String {
        self.value(expression).await.as_str().unwrap_or_default().to_owned()
    }

    /// The number that an expression gives.
    pub(super) async fn number(&self, expression: &str) -> f64 {
        self.value(expression).await.as_f64().unwrap()
    }

    /// How many elements there are.
    pub(super) async fn count(&self, css: &str) -> u64 {
        self.value(&format!("document.querySelectorAll({}).length", json!(css))).await.as_u64().unwrap()
    }

    /// Waits until an expression is true in the page, which tells when it is; one that is left meanwhile tells nothing, and the next
    /// is asked.
    pub(super) async fn until(&self, expression: &str) {
        let begun = Instant::now();
        let script = format!(
            "const tell = arguments[0];
            const isSo = () => {{ try {{ return Boolean({expression}); }} catch {{ return false; }} }};
            const look = () => isSo() ? tell(true) : setTimeout(look, {});
            look();",
            LOOK_AGAIN.as_millis()
        );
        while !matches!(self.client.execute_async(&script, vec![]).await, Ok(Value::Bool(true))) {
            if begun.elapsed() > PATIENCE {
                self.give_up(&format!("it never came to be: {expression}")).await;
            }
        }
    }

    /// Waits until a page with this path has loaded.
    pub(super) async fn until_at(&self, path: &str) {
        self.until(&format!("document.readyState === 'complete' && location.pathname === {}", json!(path))).await;
    }

    /// Waits until no dialog is open and the page behind it has been drawn: the browser drops a key that comes sooner, and nobody
    /// types between two frames.
    pub(super) async fn until_closed(&self) {
        self.until("!document.querySelector('dialog[open]')").await;
        let draw =
            "window.drawn = false; requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn = true; }));";
        self.run(draw, vec![]).await;
        self.until("window.drawn").await;
    }

    /// Waits until the page says these words to whoever looks at it.
    pub(super) async fn until_read(&self, words: &str) {
        self.until(&format!("document.body.innerText.includes({})", json!(words))).await;
    }

    /// Whether the page says these words.
    pub(super) async fn reads(&self, words: &str) -> bool {
        self.value(&format!("document.body.innerText.includes({})", json!(words))).await == true
    }

    async fn give_up(&self, why: &str) -> ! {
        let place = self.client.current_url().await;
        let words = self.client.execute("return document.body?.innerText ?? ''", vec![]).await.unwrap_or_default();
        let test = std::thread::current().name().unwrap_or_default().replace("::", "-");
        self.take_picture(&format!("given-up-{test}")).await;
        let words: String = words.as_str().unwrap_or_default().chars().take(1_500).collect();
        panic!("{why}\nat {place:?}, with the console {:?}, where stands:\n{words}", self.console().await);
    }

    /// Waits for an element.
    pub(super) async fn find(&self, css: &str) -> Element {
        match self.client.wait().at_most(PATIENCE).every(LOOK_AGAIN).for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => self.give_up(&format!("there is no `{css}`: {error}")).await,
        }
    }

    /// Clicks an element, as soon as it is there; one that is drawn anew meanwhile is looked for again.
    pub(super) async fn click(&self, css: &str) {
        let begun = Instant::now();
        while let Err(error) = self.find(css).await.click().await {
            if !error.is_stale_element_reference() || begun.elapsed() > PATIENCE {
                self.give_up(&format!("`{css}` cannot be clicked: {error}")).await;
            }
        }
    }

    /// Clicks the button or link that says exactly this.
    pub(super) async fn click_on(&self, words: &str) {
        let mark = format!(
            "(() => {{
                const shown = (e) => e.checkVisibility() && !e.closest('[inert]') && (!document.querySelector('dialog[open]') || e.closest('dialog[open]'));
                const named = (e) => (e.getAttribute('aria-label') ?? e.innerText).trim() === {};
                const found = [...document.querySelectorAll('button, a, summary')].find((e) => shown(e) && named(e));
                document.querySelectorAll('[data-clicked]').forEach((e) => delete e.dataset.clicked);
                if (found) found.dataset.clicked = '';
                return Boolean(found);
            }})()",
            json!(words)
        );
        self.until(&mark).await;
        self.click("[data-clicked]").await;
    }

    /// Replaces what stands in a field.
    pub(super) async fn fill(&self, css: &str, words: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap();
        field.send_keys(words).await.unwrap();
    }

    /// Chooses an option by its value.
    pub(super) async fn choose(&self, css: &str, value: &str) {
        self.find(css).await.select_by_value(value).await.unwrap();
    }

    /// Presses keys at once, such as `a`, `Shift+A` or `Control+Enter`; each of them counts.
    pub(super) async fn press(&self, keys: &str) {
        let codes: Vec<char> = keys.split('+').map(code).collect();
        let down = codes.iter().map(|code| KeyAction::Down { value: *code });
        let up = codes.iter().rev().map(|code| KeyAction::Up { value: *code });
        self.keys(down.chain(up)).await;
        self.presses.fetch_add(codes.len(), Ordering::Relaxed);
    }

    /// Types words; each letter counts as a press, and a capital as two.
    pub(super) async fn write(&self, words: &str) {
        let strokes =
            words.chars().flat_map(|letter| [KeyAction::Down { value: letter }, KeyAction::Up { value: letter }]);
        self.keys(strokes).await;
        let presses = words.chars().map(|letter| if letter.is_uppercase() { 2 } else { 1 });
        self.presses.fetch_add(presses.sum(), Ordering::Relaxed);
    }

    async fn keys(&self, strokes: impl Iterator<Item = KeyAction>) {
        let actions = strokes.fold(KeyActions::new("keyboard".to_owned()), KeyActions::then);
        self.client.perform_actions(actions).await.unwrap();
    }

    /// Keys pressed so far.
    pub(super) fn presses(&self) -> usize {
        self.presses.load(Ordering::Relaxed)
    }

    /// A command of the browser's own tools.
    pub(super) async fn devtools(&self, command: &str, params: Value) -> Value {
        let body = json!({"cmd": command, "params": params});
        self.client.issue_cmd(Command { path: "goog/cdp/execute", body }).await.unwrap()
    }

    /// What stands on the console since it was last asked for: errors, and what the page's policy forbade.
    async fn console(&self) -> Vec<String> {
        let entries =
            self.client.issue_cmd(Command { path: "se/log", body: json!({"type": "browser"}) }).await.unwrap();
        let said = entries.as_array().unwrap().iter().filter(|entry| entry["level"] != "INFO");
        said.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// What went wrong in the window's pages since it was last asked for, beside answers of these statuses.
    pub(super) async fn troubles(&self, refused: &[u16]) -> Vec<String> {
        let expected = |line: &String| refused.iter().any(|status| line.contains(&format!("status of {status} ")));
        let kept = "(() => { const kept = sessionStorage.getItem('wrong') ?? ''; sessionStorage.removeItem('wrong'); return kept; })()";
        let kept = self.text(kept).await;
        let said = self.console().await.into_iter().filter(|line| !expected(line));
        kept.lines().map(str::to_owned).chain(said).collect()
    }

    /// Asserts that nothing did.
    pub(super) async fn assert_quiet(&self, refused: &[u16]) {
        let troubles = self.troubles(refused).await;
        assert!(troubles.is_empty(), "{troubles:#?}");
    }

    /// Leaves a picture of the whole page, where pictures are wanted.
    pub(super) async fn picture(&self, name: &str) {
        if are_pictures_wanted() {
            self.take_picture(name).await;
        }
    }

    /// Leaves a picture of the whole page in `target/browser`; a long page is cut.
    async fn take_picture(&self, name: &str) {
        let size = self.value("[innerWidth, document.documentElement.scrollHeight]").await;
        let height = size[1].as_f64().unwrap_or(900.0).clamp(300.0, 3_000.0);
        let clip = json!({"x": 0, "y": 0, "width": size[0], "height": height, "scale": 1});
        let taken = self.devtools("Page.captureScreenshot", json!({"captureBeyondViewport": true, "clip": clip})).await;
        keep(name, taken["data"].as_str().unwrap());
    }

    /// Leaves a picture of what is in sight, a dialog in its place, where pictures are wanted.
    pub(super) async fn picture_in_sight(&self, name: &str) {
        if are_pictures_wanted() {
            let taken = self.devtools("Page.captureScreenshot", json!({})).await;
            keep(name, taken["data"].as_str().unwrap());
        }
    }
}

/// Drawing a page whole takes longer than most tests.
fn are_pictures_wanted() -> bool {
    std::env::var_os("BATON_PICTURES").is_some()
}

fn keep(name: &str, png: &str) {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/browser");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.png")), STANDARD.decode(png).unwrap()).unwrap();
}

/// A key's sign in the driver's alphabet.
fn code(key: &str) -> char {
    use fantoccini::key::Key;
    let key = match key {
        "Enter" => Key::Enter,
        "Escape" => Key::Escape,
        "Tab" => Key::Tab,
        "Shift" => Key::Shift,
        "Control" => Key::Control,
        "Space" => return ' ',
        "Down" => Key::Down,
        "Up" => Key::Up,
        "Right" => Key::Right,
        "Left" => Key::Left,
        letter => return letter.chars().next().unwrap(),
    };
    char::from(key)
}
