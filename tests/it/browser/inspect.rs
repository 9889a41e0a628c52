//! How a page looks and what it weighs: in light and dark, on a phone, to a screen reader.

use serde_json::{Value, json};

use super::window::Window;

/// Pixels across of a small phone.
const PHONE_WIDTH: u32 = 360;
/// Bytes that a page's document, styles and scripts may take on the way, at most.
const HEAVY: f64 = 150_000.0;

/// What axe finds against the rules that it is given.
const RUN_AXE: &str = "
    const [runOnly, done] = arguments;
    axe.run(document, { runOnly, resultTypes: ['violations'] }).then(
        ({ violations }) => done(violations.flatMap(({ id, help, nodes }) =>
            nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.any.concat(node.all).map((c) => c.message).join('; ')}`))),
        (error) => done([`axe failed: ${error}`]));
";

/// What reaches beyond the right edge, the innermost elements only.
const TOO_WIDE: &str = "(() => {
    const width = arguments[0];
    if (document.documentElement.scrollWidth <= width) return [];
    const beyond = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > width + 0.5);
    return beyond.filter((e) => !beyond.some((o) => o !== e && e.contains(o))).slice(0, 5).map((e) => e.outerHTML.slice(0, 160));
})()";

/// What the page and all that it loads took on the way: the document, styles and scripts; words of the record are not counted.
const WEIGHT: &str = "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .filter((entry) => ['navigation', 'link', 'script', 'css', 'other'].includes(entry.initiatorType))
    .reduce((sum, entry) => sum + entry.transferSize, 0)";

/// A way to look at a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Light,
    Dark,
    Phone,
}

impl Look {
    pub(super) const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Phone];

    const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Phone => "phone",
        }
    }

    /// axe's rules: WCAG 2.2 A and AA, and what it holds to be best practice; in the dark those about colours, as nothing else is
    /// different there.
    fn rules(self) -> Value {
        match self {
            Self::Dark => json!({"type": "rule", "values": ["color-contrast", "link-in-text-block"]}),
            Self::Light | Self::Phone => {
                let levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
                json!({"type": "tag", "values": levels})
            }
        }
    }

    /// Has the window look this way from now on.
    pub(super) async fn put_on(self, window: &Window) {
        let scheme = if self == Self::Dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]);
        window.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
        if self == Self::Phone {
            let phone = json!({"width": PHONE_WIDTH, "height": 740, "deviceScaleFactor": 2, "mobile": true});
            window.devtools("Emulation.setDeviceMetricsOverride", phone).await;
        } else {
            window.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await;
        }
    }
}

/// Whoever looks over pages; it gathers what is wrong with them, so that one run tells all.
pub(super) struct Inspector {
    axe: String,
    wrong: Vec<String>,
}

impl Inspector {
    pub(super) fn with(axe: String) -> Self {
        Self { axe, wrong: Vec::new() }
    }

    /// Looks over the page that the window shows, in every way; leaves its pictures under `name`.
    pub(super) async fn page(&mut self, window: &Window, name: &str) {
        for look in Look::ALL {
            look.put_on(window).await;
            self.look_over(window, name, look).await;
            window.picture(&format!("{name}-{}", look.name())).await;
        }
        Look::Light.put_on(window).await;
        let bytes = window.number(WEIGHT).await;
        println!("{name:<24}{:>7.1} KB", bytes / 1_000.0);
        if bytes >= HEAVY {
            self.wrong.push(format!("{name} weighs {bytes} bytes"));
        }
        let troubles = window.troubles(&[404]).await;
        self.wrong.extend(troubles.into_iter().map(|line| format!("{name}: {line}")));
    }

    /// Looks over what lies open above the page, such as a dialog, in every way.
    pub(super) async fn in_sight(&mut self, window: &Window, name: &str) {
        for look in Look::ALL {
            look.put_on(window).await;
            self.look(window, name, look).await;
        }
        Look::Light.put_on(window).await;
    }

    /// Looks over what is in sight, the way the window looks now.
    pub(super) async fn look(&mut self, window: &Window, name: &str, look: Look) {
        self.look_over(window, name, look).await;
        window.picture_in_sight(&format!("{name}-{}", look.name())).await;
    }

    async fn look_over(&mut self, window: &Window, name: &str, look: Look) {
        if window.value("typeof axe === 'object'").await != true {
            window.run(&self.axe, vec![]).await;
        }
        let found = window.client.execute_async(RUN_AXE, vec![look.rules()]).await.unwrap();
        self.add(name, look, &found);
        if look == Look::Phone {
            let found = window.run(&format!("return {TOO_WIDE};"), vec![json!(PHONE_WIDTH)]).await;
            self.add(&format!("{name} is too wide"), look, &found);
        }
    }

    fn add(&mut self, name: &str, look: Look, found: &Value) {
        let lines = found.as_array().unwrap().iter().filter_map(Value::as_str);
        self.wrong.extend(lines.map(|line| format!("{name}, {}: {line}", look.name())));
    }

    /// Asserts that nothing was wrong.
    pub(super) fn assert_content(self) {
        assert!(self.wrong.is_empty(), "{} wrong:\n{}", self.wrong.len(), self.wrong.join("\n"));
    }
}
