//! The browser's driver: one process per test.

use std::env;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

/// What it may not do: reach for the network, ask questions at its first start, keep anything.
const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-prefers-reduced-motion",
    "--window-size=1280,900",
];

/// A running `chromedriver`; it and its browsers end when it is dropped.
pub(super) struct Chrome {
    driver: Child,
    port: u16,
    // Closed, its writing would end the driver.
    _said: BufReader<ChildStdout>,
    /// What the browsers put down.
    _folder: TempDir,
}

impl Chrome {
    /// Starts it; none where this machine has none and need not have one.
    pub(super) fn start() -> Option<Self> {
        for program in ["chromium", "chromedriver"] {
            if !is_on_path(program) {
                lacks(&format!("`{program}` is not on the PATH (Debian's chromium and chromium-driver bring it)"));
                return None;
            }
        }
        let folder = TempDir::new().unwrap();
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").env("TMPDIR", folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut driver = command.spawn().unwrap();
        let mut said = BufReader::new(driver.stdout.take().unwrap());
        let port = port_in(&mut said);
        Some(Self { driver, port, _said: said, _folder: folder })
    }

    /// A browser of its own, with an empty profile.
    pub(super) async fn browser(&self) -> Client {
        let capabilities: Value = json!({
            "browserName": "chrome",
            "goog:chromeOptions": {"args": FLAGS},
            "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"script": 60_000, "pageLoad": 60_000},
        });
        let Value::Object(capabilities) = capabilities else { unreachable!() };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        builder.connect(&format!("http://127.0.0.1:{}", self.port)).await.unwrap()
    }

    /// Asks the driver to end its browsers and itself.
    fn ask_to_end(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(stream, "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port)?;
        stream.read_to_end(&mut Vec::new())?;
        Ok(())
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        if self.ask_to_end().is_err() {
            let _ = self.driver.kill();
        }
        let _ = self.driver.wait();
    }
}

/// axe-core's script; none where this machine has none and need not have one.
pub(super) fn axe() -> Option<String> {
    let usual = || concat!(env!("CARGO_MANIFEST_DIR"), "/target/tools/node_modules/axe-core/axe.min.js").into();
    let path = env::var_os("BATON_AXE").map_or_else(usual, PathBuf::from);
    let script = std::fs::read_to_string(&path).ok();
    if script.is_none() {
        lacks(&format!("axe-core is not at `{}` (npm brings it; BATON_AXE says where it is)", path.display()));
    }
    script
}

fn lacks(what: &str) {
    let must = env::var("BATON_REQUIRE_BROWSER").is_ok_and(|value| value == "1");
    assert!(!must, "a browser test cannot run: {what}");
    eprintln!("skipped: {what}");
}

fn is_on_path(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// `ChromeDriver was started successfully on port 33261.`
fn port_in(said: &mut impl BufRead) -> u16 {
    let mut line = String::new();
    while said.read_line(&mut line).unwrap() > 0 {
        if let Some((_, port)) = line.trim_end().rsplit_once("successfully on port ") {
            return port.trim_end_matches('.').parse().unwrap();
        }
        line.clear();
    }
    panic!("chromedriver ended before it named its port");
}
