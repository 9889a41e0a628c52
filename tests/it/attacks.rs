//! What somebody might try who wants in, or wants more than is theirs.

mod cross_site;
mod hosts;
mod input;
mod links;
mod markup;
mod pages;
mod passwords;
mod sessions;
mod tokens;

use std::sync::Arc;

use baton::access::sign_in::{self, Welcome};
use baton::access::{Caller, Means};
use baton::domain::user::{Role, User};
use reqwest::header::SET_COOKIE;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::app::{NOW, Signed, TestApp};
use crate::support::clock::TestClock;

/// Everybody's password, until it is changed.
const PASSWORD: &str = "correct horse battery";

/// A Baton whose clock the test sets.
async fn timed(flags: &[&str]) -> (TestApp, Arc<TestClock>) {
    let clock = Arc::new(TestClock::at(NOW));
    (TestApp::with_clock(flags, clock.clone()).await, clock)
}

/// Somebody with a password.
async fn person(app: &TestApp, name: &str, role: Role) -> User {
    let user = Signed::up(&app.app, name, role).await.user;
    let said = Welcome { password: Some(PASSWORD.to_owned()), ..Welcome::default() };
    sign_in::with_link(&app.app, &link(app, &user).await, said, None).await.unwrap();
    user
}

/// A one-time link for somebody.
async fn link(app: &TestApp, user: &User) -> String {
    let mut tx = app.app.store.write().await.unwrap();
    let link = sign_in::make_link(&mut tx, &as_user(user), &user.id, app.app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    link.expose().to_owned()
}

/// Acts as somebody, without a door.
fn as_user(user: &User) -> Caller {
    Caller::of(user.clone(), Means::Console)
}

/// Sends mail address and password.
async fn try_password(door: &str, user: &User, password: &str) -> Response {
    let body = json!({"email": user.email, "password": password});
    Client::new().post(format!("{door}/v1/session")).json(&body).send().await.unwrap()
}

/// Signs in with mail address and password; the cookie, as `name=value`.
async fn signed_in(door: &str, user: &User, password: &str) -> String {
    let answer = try_password(door, user, password).await;
    assert_eq!(answer.status(), StatusCode::OK);
    cookie(&answer)
}

/// The cookie that an answer sets, as `name=value`.
fn cookie(answer: &Response) -> String {
    let header = answer.headers().get(SET_COOKIE).expect("a cookie").to_str().unwrap();
    header.split(';').next().unwrap().to_owned()
}

/// Asks who one is, with a cookie.
fn me(door: &str, cookie: &str) -> RequestBuilder {
    Client::new().get(format!("{door}/v1/me")).header("Cookie", cookie)
}

async fn status(request: RequestBuilder) -> StatusCode {
    request.send().await.unwrap().status()
}

/// Sends bytes as they are; the answer as it comes. The request has to ask for the connection to be closed.
async fn raw(door: &str, request: &str) -> String {
    let mut connection = TcpStream::connect(door.trim_start_matches("http://")).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A server that has seen enough may close before all is read.
    let _ = connection.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
