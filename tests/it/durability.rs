//! What was acknowledged survives a crash: a real child process, really killed.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use futures::StreamExt as _;
use reqwest::header::{self, HeaderValue};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::app::{Answer as _, text};

/// A `baton serve` of its own.
struct Server {
    child: Child,
    address: String,
    /// The one-time link that a first start prints.
    link: Option<String>,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_baton"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.next().unwrap().unwrap();
        let link = lines.next().unwrap().unwrap().rsplit_once('/').map(|(_, link)| link.to_owned());
        Self { child, address, link }
    }

    /// Comes in by the link; the session outlives the server.
    async fn sign_in(&self) -> Client {
        let body = json!({"link": self.link.as_ref().unwrap(), "email": "dana@ferrite.example"});
        let answer = Client::new().post(format!("{}/v1/session/link", self.address)).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let headers = [(header::COOKIE, HeaderValue::from_str(&cookie).unwrap())].into_iter().collect();
        Client::builder().default_headers(headers).build().unwrap()
    }

    /// `kill -9`: no destructor runs, nothing is flushed.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone where the test killed it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn get(client: &Client, server: &Server, path: &str) -> Value {
    client.get(format!("{}{path}", server.address)).answer(StatusCode::OK).await
}

/// Reads the deal's events until one of them holds any of `signs`; the first event says where every job stands by now.
async fn until(client: &Client, server: &Server, deal: &str, signs: &[&str]) {
    let response = client.get(format!("{}/v1/deals/{deal}/events", server.address)).send().await.unwrap();
    let mut events = response.bytes_stream();
    let reading = async {
        let mut seen = String::new();
        while !signs.iter().any(|sign| seen.contains(sign)) {
            seen.push_str(&String::from_utf8_lossy(&events.next().await.unwrap().unwrap()));
        }
    };
    tokio::time::timeout(Duration::from_mins(1), reading).await.expect("the job should go on within a minute");
}

const DRAFTED: [&str; 2] = ["\"event\":\"drafted\"", "\"kind\":\"draft_deal\",\"state\":\"done\""];
const EMBEDDING: [&str; 2] = ["\"stage\":\"embedding\"", "\"kind\":\"draft_deal\""];

#[tokio::test]
async fn an_acknowledged_upload_survives_kill_9_and_its_job_runs_once_to_its_end() {
    let folder = TempDir::new().unwrap();
    let server = Server::start(folder.path());
    let client = server.sign_in().await;
    let post = |path: String, body: Value| client.post(path).json(&body);
    let account =
        post(format!("{}/v1/accounts", server.address), json!({"name": "Acme"})).answer(StatusCode::CREATED).await;
    let deals = format!("{}/v1/accounts/{}/deals", server.address, text(&account["id"]));
    let deal = text(&post(deals, json!({"name": "Renewal"})).answer(StatusCode::CREATED).await["id"]);
    let words = "Dana Ruiz: We will migrate the archive by May 3.\nOmar Haddad: Good.\n".repeat(400);
    let body = json!({"sources": [{"name": "call.txt", "text": words}]});
    let upload = post(format!("{}/v1/deals/{deal}/sources", server.address), body);
    let receipt = upload.answer(StatusCode::ACCEPTED).await["sources"][0].clone();
    server.kill();

    // Killed before the job began; now it is killed in the middle of it.
    let server = Server::start(folder.path());
    until(&client, &server, &deal, &EMBEDDING).await;
    server.kill();

    let server = Server::start(folder.path());
    until(&client, &server, &deal, &DRAFTED).await;
    let draft = get(&client, &server, &format!("/v1/deals/{deal}/draft")).await;
    let job = get(&client, &server, &format!("/v1/jobs/{}", text(&receipt["job_id"]))).await;
    assert_eq!(job["state"], "done");
    let source = get(&client, &server, &format!("/v1/sources/{}", text(&receipt["source"]["id"]))).await;
    assert_eq!((&source["state"], &source["report"]["turns"]), (&json!("ready"), &json!(800)));
    let ids: std::collections::BTreeSet<String> =
        draft["items"].as_array().unwrap().iter().map(|item| text(&item["id"])).collect();
    assert_eq!(ids.len(), draft["items"].as_array().unwrap().len(), "no item twice");
    server.kill();

    // And once more, now that the work is done: nothing is done again.
    let server = Server::start(folder.path());
    let again = get(&client, &server, &format!("/v1/deals/{deal}/draft")).await;
    assert_eq!(again, draft);
    let job_after = get(&client, &server, &format!("/v1/jobs/{}", text(&receipt["job_id"]))).await;
    assert_eq!(job_after["attempts"], job["attempts"]);
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_ends_although_somebody_watches() {
    let folder = TempDir::new().unwrap();
    let mut server = Server::start(folder.path());
    let client = server.sign_in().await;
    let account = client.post(format!("{}/v1/accounts", server.address)).json(&json!({"name": "Acme"}));
    let account = text(&account.answer(StatusCode::CREATED).await["id"]);
    let deal = client.post(format!("{}/v1/accounts/{account}/deals", server.address)).json(&json!({"name": "Renewal"}));
    let deal = text(&deal.answer(StatusCode::CREATED).await["id"]);
    let response = client.get(format!("{}/v1/deals/{deal}/events", server.address)).send().await.unwrap();
    let mut events = response.bytes_stream();
    events.next().await.unwrap().unwrap();
    Command::new("kill").arg(server.child.id().to_string()).status().unwrap();
    let rest = async { while events.next().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(30), rest).await.expect("the stream should end");
    let ended = tokio::task::spawn_blocking(move || server.child.wait().unwrap());
    let status = tokio::time::timeout(Duration::from_secs(30), ended).await.expect("the process should end").unwrap();
    assert!(status.success());
}
