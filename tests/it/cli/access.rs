//! Ways in, from the machine that holds the data: workspaces, one-time links, and what a first start prints.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::cli::baton;

/// A `baton serve` of its own.
struct Server {
    child: Child,
    address: String,
    out: BufReader<ChildStdout>,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(folder);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut address = String::new();
        out.read_line(&mut address).unwrap();
        Self { child, address: address.trim().to_owned(), out }
    }

    async fn enter(&self, link: &str, said: Value) -> Response {
        let mut body = said;
        body["link"] = json!(secret_of(link));
        Client::new().post(format!("{}/v1/session/link", self.address)).json(&body).send().await.unwrap()
    }

    /// Ends it; what it printed beside its address. Whoever has had an answer knows that it has printed all of it.
    async fn end(mut self) -> String {
        let probe = Client::new().get(format!("{}/v1/me", self.address)).send().await.unwrap();
        assert_eq!(probe.status(), StatusCode::UNAUTHORIZED);
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        rest
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone where the test ended it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn secret_of(link: &str) -> &str {
    link.trim().rsplit_once("/sign-in/link/").expect("it is a sign-in link").1
}

/// Runs a command on a data folder: its exit code, stdout, stderr.
fn run(args: &[&str], folder: &Path) -> (i32, String, String) {
    let output = baton().args(args).arg("--data-dir").arg(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn a_start_prints_a_way_in_until_somebody_has_a_password() {
    let folder = TempDir::new().unwrap();
    let first = Server::start(folder.path()).end().await;
    let link = first.trim().strip_prefix("sign in once with http://127.0.0.1:").expect(&first);
    // Nobody used it; a second start prints another.
    let second = Server::start(folder.path()).end().await;
    assert_ne!(secret_of(&second), secret_of(link));

    // Coming in without choosing a password is once only: the next start prints a link again.
    let server = Server::start(folder.path());
    assert_eq!(server.enter(&second, json!({"email": "dana@ferrite.example"})).await.status(), StatusCode::OK);
    let spent = server.enter(&second, json!({})).await;
    assert_eq!(spent.status(), StatusCode::UNAUTHORIZED);
    let third = server.end().await;
    let server = Server::start(folder.path());
    let short = server.enter(&third, json!({"password": "hunter2"})).await;
    assert_eq!(short.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let entered = server.enter(&third, json!({"password": "correct horse battery"})).await;
    assert_eq!(entered.status(), StatusCode::OK, "what was refused did not use the link up");
    // With the password every older link is worthless.
    assert_eq!(server.enter(link, json!({})).await.status(), StatusCode::UNAUTHORIZED);
    server.end().await;
    assert_eq!(Server::start(folder.path()).end().await, "", "who has a password needs no link");

    // Lost: the machine that holds the data makes a new way in, while the server runs.
    let server = Server::start(folder.path());
    let (code, printed, _) =
        run(&["sign-in-link", " Dana@Ferrite.example ", "--public-url", "https://baton.example"], folder.path());
    assert!(code == 0 && printed.starts_with("https://baton.example/sign-in/link/"), "{printed}");
    let answer = server.enter(&printed, json!({})).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let who: Value = answer.json().await.unwrap();
    assert_eq!((&who["user"]["email"], &who["user"]["role"]), (&json!("dana@ferrite.example"), &json!("admin")));
    let (code, printed, said) = run(&["sign-in-link", "nobody@ferrite.example"], folder.path());
    assert!(
        code == 2 && printed.is_empty() && said.contains("nobody signs in with `nobody@ferrite.example`"),
        "{said}"
    );
}

#[tokio::test]
async fn a_workspace_is_walled_off_and_its_first_admin_comes_in_by_a_link() {
    let folder = TempDir::new().unwrap();
    let args = ["workspace", "North", "--admin", "Nia Okafor", "--email", "Nia@North.example"];
    let (code, link, said) = run(&args, folder.path());
    assert!(code == 0 && link.starts_with("http://127.0.0.1:7400/sign-in/link/"), "{link}{said}");
    for (args, words) in [
        (["workspace", "South", "--admin", "Nia", "--email", "nia@north.example"], "signs in with this mail address"),
        (["workspace", "South", "--admin", "Nia", "--email", "nia"], "no mail address"),
        (["workspace", " ", "--admin", "Nia", "--email", "nia@south.example"], "name is empty"),
        (["workspace", "South", "--admin", " ", "--email", "nia@south.example"], "name is empty"),
    ] {
        let (code, printed, said) = run(&args, folder.path());
        assert!(code == 2 && printed.is_empty() && said.contains(words), "{said}");
    }

    let server = Server::start(folder.path());
    let answer = server.enter(&link, json!({"password": "correct horse battery"})).await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let send = |method: Method, path: &str, body: Value| {
        let request = Client::new().request(method, format!("{}{path}", server.address));
        request.header("cookie", &cookie).json(&body).send()
    };
    let get = |path: &str| send(Method::GET, path, Value::Null);
    let log: Value = get("/v1/audit-log").await.unwrap().json().await.unwrap();
    let entries: Vec<(&Value, &Value)> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (&line["entry"]["action"], &line["entry"]["actor"]))
        .collect();
    let expected = [
        ("workspace.founded", "baton"),
        ("user.added", "baton"),
        ("user.link_made", "baton"),
        ("user.password_set", "Nia Okafor"),
        ("session.begun", "Nia Okafor"),
    ];
    assert_eq!(
        entries,
        expected
            .each_ref()
            .map(|(action, actor)| (json!(action), json!(actor)))
            .iter()
            .map(|(a, b)| (a, b))
            .collect::<Vec<_>>()
    );
    let users: Value = get("/v1/users").await.unwrap().json().await.unwrap();
    assert_eq!(users.as_array().unwrap().len(), 1, "the installation's own workspace has other people");
    let new = json!({"name": "Omar Haddad", "email": "omar@north.example", "role": "csm"});
    let omar: Value = send(Method::POST, "/v1/users", new).await.unwrap().json().await.unwrap();
    let path = format!("/v1/users/{}", omar["id"].as_str().unwrap());
    let gone = send(Method::PATCH, &path, json!({"state": "deactivated"})).await.unwrap();
    assert_eq!(gone.status(), StatusCode::OK);
    let (code, _, said) = run(&["sign-in-link", "omar@north.example"], folder.path());
    assert!(code == 2 && said.contains("may not come in any more"), "{said}");
    // That one is nobody's yet, so its start still prints a way in.
    assert!(server.end().await.starts_with("sign in once with "));
}

#[test]
fn a_link_for_a_folder_without_baton_is_refused() {
    let folder = TempDir::new().unwrap();
    let (code, _, said) = run(&["sign-in-link", "dana@ferrite.example"], folder.path());
    assert!(code == 2 && said.contains("there is no Baton in"), "{said}");
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "nothing was made");
}
