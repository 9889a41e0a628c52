//! A session is given by the server, to one browser, for a while.

use std::path::Path;
use std::time::Duration;

use baton::access::people::{self, UserChange};
use baton::access::tokens::{self, NewToken};
use baton::domain::user::{Role, Scope, UserState};
use reqwest::header::SET_COOKIE;
use reqwest::{Client, StatusCode};
use serde_json::json;

use super::{PASSWORD, as_user, cookie, link, me, person, signed_in, status, timed, try_password};
use crate::support::app::{Answer as _, Signed, TestApp};

const OK: StatusCode = StatusCode::OK;
const NO: StatusCode = StatusCode::UNAUTHORIZED;

#[tokio::test]
async fn a_value_that_somebody_else_chose_never_becomes_a_session() {
    let app = TestApp::new().await;
    let dora = person(&app, "Dora", Role::Ae).await;
    let door = &app.address;
    let chosen = "baton=0123456789abcdef0123456789abcdef0123456789a";
    assert_eq!(status(me(door, chosen)).await, NO);
    let body = json!({"email": dora.email, "password": PASSWORD});
    let request = Client::new().post(format!("{door}/v1/session")).header("Cookie", chosen).json(&body);
    let answer = request.send().await.unwrap();
    let first = cookie(&answer);
    assert_ne!(first, chosen);
    assert_eq!((status(me(door, chosen)).await, status(me(door, &first)).await), (NO, OK));
    // Neither is the one of an earlier sign-in given again.
    let request = Client::new().post(format!("{door}/v1/session")).header("Cookie", &first).json(&body);
    assert_ne!(cookie(&request.send().await.unwrap()), first);
    for junk in ["baton=", "baton", "baton=\"\"", "baton=%00", "baton='; drop table sessions; --", "Baton=x"] {
        assert_eq!(status(me(door, junk)).await, NO, "{junk}");
    }
}

#[tokio::test]
async fn over_tls_a_cookie_that_a_neighbour_could_set_is_none() {
    let app = TestApp::with(&["--public-url", "https://baton.example"]).await;
    let dora = person(&app, "Dora", Role::Ae).await;
    let cookie = signed_in(&app.address, &dora, PASSWORD).await;
    let secret = cookie.strip_prefix("__Host-baton=").unwrap();
    assert_eq!(status(me(&app.address, &cookie)).await, OK);
    assert_eq!(status(me(&app.address, &format!("baton={secret}"))).await, NO);
}

#[tokio::test]
async fn cookies_are_for_this_host_and_no_script() {
    for (flags, expected) in [
        (&[][..], ["baton=", "HttpOnly; SameSite=Lax; Path=/; Max-Age=604800"]),
        (
            &["--public-url", "https://baton.example"],
            ["__Host-baton=", "HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=604800"],
        ),
    ] {
        let app = TestApp::with(flags).await;
        let dora = person(&app, "Dora", Role::Ae).await;
        let answer = try_password(&app.address, &dora, PASSWORD).await;
        let set = answer.headers()[SET_COOKIE].to_str().unwrap().to_owned();
        let (pair, attributes) = set.split_once("; ").unwrap();
        assert_eq!((pair.split_inclusive('=').next().unwrap(), attributes), (expected[0], expected[1]));
        assert_eq!(answer.headers().contains_key("strict-transport-security"), !flags.is_empty());
        // Signing out takes the cookie away, and the session with it.
        let request = Client::new().delete(format!("{}/v1/session", app.address)).header("Cookie", pair);
        let answer = request.send().await.unwrap();
        let cleared = answer.headers()[SET_COOKIE].to_str().unwrap();
        assert!(cleared.starts_with(&format!("{}; ", expected[0])) && cleared.ends_with("Max-Age=0"), "{cleared}");
        assert_eq!(status(me(&app.address, pair)).await, NO);
    }
}

#[tokio::test]
async fn a_session_ends_when_it_is_left_idle_and_after_a_week_in_any_case() {
    let (app, clock) = timed(&[]).await;
    let dora = person(&app, "Dora", Role::Ae).await;
    let idle = signed_in(&app.address, &dora, PASSWORD).await;
    let used = signed_in(&app.address, &dora, PASSWORD).await;
    let hours = |hours| clock.forward(Duration::from_hours(hours));
    hours(23);
    assert_eq!(status(me(&app.address, &used)).await, OK);
    hours(1);
    assert_eq!(status(me(&app.address, &idle)).await, NO, "24 hours without use");
    for _ in 0..6 {
        hours(22);
        assert_eq!(status(me(&app.address, &used)).await, OK);
    }
    hours(7 * 24 - 24 - 6 * 22);
    assert_eq!(status(me(&app.address, &used)).await, NO, "a week, although it was used");
}

#[tokio::test]
async fn whoever_is_let_go_is_out_at_once_whatever_they_hold() {
    let app = TestApp::new().await;
    let admin = person(&app, "Ada", Role::Admin).await;
    let dora = person(&app, "Dora", Role::Ae).await;
    let session = signed_in(&app.address, &dora, PASSWORD).await;
    let new = NewToken { user: dora.id.clone(), name: "t".to_owned(), scopes: Scope::ALL.to_vec(), days: 1 };
    let token = tokens::make(&app.app, &as_user(&dora), new).await.unwrap().1;
    let spare = link(&app, &dora).await;
    let by_token = || Client::new().get(format!("{}/v1/me", app.address)).bearer_auth(token.expose());
    assert_eq!((status(me(&app.address, &session)).await, status(by_token()).await), (OK, OK));
    let gone = UserChange { state: Some(UserState::Deactivated), ..UserChange::default() };
    people::change(&app.app, &as_user(&admin), &dora.id, gone).await.unwrap();
    assert_eq!((status(me(&app.address, &session)).await, status(by_token()).await), (NO, NO));
    let answer = try_password(&app.address, &dora, PASSWORD).await;
    let stranger = json!({"email": "nobody@nowhere.example", "password": PASSWORD});
    let unknown = Client::new().post(format!("{}/v1/session", app.address)).json(&stranger).send().await.unwrap();
    assert_eq!((answer.status(), answer.text().await.unwrap()), (unknown.status(), unknown.text().await.unwrap()));
    let link = Client::new().post(format!("{}/v1/session/link", app.address)).json(&json!({"link": spare}));
    assert_eq!(status(link).await, NO);
}

#[tokio::test]
async fn a_new_role_counts_from_the_next_request_on() {
    let app = TestApp::new().await;
    let admin = person(&app, "Ada", Role::Admin).await;
    let rita = person(&app, "Rita", Role::RevOps).await;
    let session = signed_in(&app.address, &rita, PASSWORD).await;
    let log = || Client::new().get(format!("{}/v1/audit-log", app.address)).header("Cookie", &session);
    assert_eq!(status(log()).await, OK);
    let less = UserChange { role: Some(Role::Csm), ..UserChange::default() };
    people::change(&app.app, &as_user(&admin), &rita.id, less).await.unwrap();
    assert_eq!(status(log()).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let app = TestApp::new().await;
    let dora = person(&app, "Dora", Role::Ae).await;
    let (here, elsewhere) =
        (signed_in(&app.address, &dora, PASSWORD).await, signed_in(&app.address, &dora, PASSWORD).await);
    let spare = link(&app, &dora).await;
    let change = |present: &str| {
        let body = json!({"present": present, "new": "quite another password"});
        Client::new().post(format!("{}/v1/me/password", app.address)).header("Cookie", &here).json(&body)
    };
    assert_eq!(status(change("not the present one")).await, StatusCode::FORBIDDEN);
    assert_eq!(status(me(&app.address, &elsewhere)).await, OK, "nothing was changed");
    assert_eq!(status(change(PASSWORD)).await, StatusCode::NO_CONTENT);
    assert_eq!((status(me(&app.address, &here)).await, status(me(&app.address, &elsewhere)).await), (OK, NO));
    let link = Client::new().post(format!("{}/v1/session/link", app.address)).json(&json!({"link": spare}));
    assert_eq!(status(link).await, NO);
    assert_eq!(try_password(&app.address, &dora, PASSWORD).await.status(), NO);
    assert_eq!(try_password(&app.address, &dora, "quite another password").await.status(), OK);
}

#[tokio::test]
async fn no_secret_is_on_the_disk_in_clear_or_in_any_list() {
    let app = TestApp::new().await;
    let dora = person(&app, "Dora", Role::Admin).await;
    let session = signed_in(&app.address, &dora, PASSWORD).await;
    let spare = link(&app, &dora).await;
    let signed = Signed::up(&app.app, "Theo", Role::Ae).await;
    let secret = session.strip_prefix("baton=").unwrap();
    for path in ["/v1/me", "/v1/me/sessions", "/v1/me/tokens", "/v1/users", "/v1/audit-log"] {
        let request = Client::new().get(format!("{}{path}", app.address)).header("Cookie", &session);
        let told = request.answer(OK).await.to_string();
        for clear in [secret, &spare, &signed.token, PASSWORD, "$argon2"] {
            assert!(!told.contains(clear), "{path} tells {clear}");
        }
    }
    let written = contents(&app.app.settings.storage.data_dir);
    for clear in [secret, &spare, &signed.token, PASSWORD] {
        assert!(!written.windows(clear.len()).any(|bytes| bytes == clear.as_bytes()), "{clear} is on the disk");
    }
    assert!(written.windows(9).any(|bytes| bytes == b"$argon2id"), "what was read is the database");
}

/// The bytes of the database, with what is not folded into it yet.
fn contents(folder: &Path) -> Vec<u8> {
    ["baton.db", "baton.db-wal"].iter().flat_map(|name| std::fs::read(folder.join(name)).unwrap()).collect()
}
