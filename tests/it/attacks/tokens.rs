//! A token is what its owner may do, within its scopes, until it ends; and never a way in for longer.

use std::time::Duration;

use baton::access::tokens::{self, NewToken, PREFIX};
use baton::domain::user::{Role, Scope, User};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::{PASSWORD, as_user, me, person, signed_in, status, timed};
use crate::support::app::{Answer as _, TestApp, text};

const OK: StatusCode = StatusCode::OK;
const NO: StatusCode = StatusCode::UNAUTHORIZED;

async fn token(app: &TestApp, user: &User, scopes: &[Scope], days: u32) -> (String, String) {
    let new = NewToken { user: user.id.clone(), name: "tests".to_owned(), scopes: scopes.to_vec(), days };
    let (token, secret) = tokens::make(&app.app, &as_user(user), new).await.unwrap();
    (token.id.to_string(), secret.expose().to_owned())
}

fn get(app: &TestApp, path: &str) -> RequestBuilder {
    Client::new().get(format!("{}{path}", app.address))
}

#[tokio::test]
async fn a_token_is_told_from_other_secrets_ends_by_itself_and_can_be_revoked() {
    let (app, clock) = timed(&[]).await;
    let dora = person(&app, "Dora", Role::Ae).await;
    let (_, short) = token(&app, &dora, Scope::ALL, 2).await;
    let (id, long) = token(&app, &dora, Scope::ALL, 30).await;
    assert!(short.starts_with(PREFIX) && short.len() > 40);
    assert_eq!(status(get(&app, "/v1/me").bearer_auth(&short)).await, OK);
    clock.forward(Duration::from_hours(48));
    assert_eq!(status(get(&app, "/v1/me").bearer_auth(&short)).await, NO);
    assert_eq!(status(get(&app, "/v1/me").bearer_auth(&long)).await, OK);
    let session = signed_in(&app.address, &dora, PASSWORD).await;
    let revoke = Client::new().delete(format!("{}/v1/tokens/{id}", app.address)).header("Cookie", session);
    assert_eq!(status(revoke).await, StatusCode::NO_CONTENT);
    assert_eq!(status(get(&app, "/v1/me").bearer_auth(&long)).await, NO);
}

#[tokio::test]
async fn a_token_is_taken_in_its_header_and_nowhere_else_and_a_session_is_no_token() {
    let app = TestApp::new().await;
    let dora = person(&app, "Dora", Role::Ae).await;
    let (_, token) = token(&app, &dora, Scope::ALL, 1).await;
    let session = signed_in(&app.address, &dora, PASSWORD).await;
    let secret = session.strip_prefix("baton=").unwrap();
    for refused in [
        me(&app.address, &format!("baton={token}")),
        get(&app, &format!("/v1/me?access_token={token}")),
        get(&app, "/v1/me").header("X-Api-Key", &token),
        get(&app, "/v1/me").basic_auth("dora", Some(&token)),
        get(&app, "/v1/me").header("Authorization", &token),
        get(&app, "/v1/me").bearer_auth(secret),
        get(&app, "/v1/me").bearer_auth(&token[..token.len() - 1]),
        get(&app, "/v1/me").bearer_auth(format!("{token}x")),
        // Whoever shows a token is judged by it.
        me(&app.address, &session).bearer_auth("baton_made_up"),
    ] {
        assert_eq!(status(refused).await, NO);
    }
    assert_eq!(status(get(&app, "/v1/me").header("Authorization", format!("bearer {token}"))).await, OK);
}

#[tokio::test]
async fn a_leaked_token_for_everything_of_an_admin_makes_no_further_way_in() {
    let app = TestApp::new().await;
    let ada = person(&app, "Ada", Role::Admin).await;
    let dora = person(&app, "Dora", Role::Ae).await;
    let (id, leaked) = token(&app, &ada, Scope::ALL, 30).await;
    let users = get(&app, "/v1/users").bearer_auth(&leaked).answer(OK).await;
    let send = |method: &str, path: String, body: Value| {
        let request = Client::new().request(method.parse().unwrap(), format!("{}{path}", app.address));
        status(request.bearer_auth(&leaked).json(&body))
    };
    for (method, path, body) in [
        ("POST", "/v1/me/tokens".to_owned(), json!({"name": "more", "scopes": ["manage"], "days": 366})),
        ("DELETE", format!("/v1/tokens/{id}"), json!({})),
        ("POST", "/v1/me/password".to_owned(), json!({"present": PASSWORD, "new": "mine from now on"})),
        ("PATCH", "/v1/me".to_owned(), json!({"name": "Somebody else"})),
        ("POST", "/v1/users".to_owned(), json!({"name": "Eve", "email": "eve@evil.example", "role": "admin"})),
        ("PATCH", format!("/v1/users/{}", dora.id), json!({"role": "admin"})),
        ("PATCH", format!("/v1/users/{}", ada.id), json!({"state": "deactivated"})),
        ("POST", format!("/v1/users/{}/link", ada.id), json!({})),
        ("POST", format!("/v1/users/{}/tokens", ada.id), json!({"name": "x", "scopes": ["read"], "days": 1})),
    ] {
        assert_eq!(send(method, path.clone(), body).await, StatusCode::FORBIDDEN, "{method} {path}");
    }
    assert_eq!(get(&app, "/v1/users").bearer_auth(&leaked).answer(OK).await, users, "nobody was changed");
}

#[tokio::test]
async fn a_token_cannot_be_made_for_longer_than_a_year_for_nothing_or_for_somebody_else() {
    let app = TestApp::new().await;
    let (dora, ada) = (person(&app, "Dora", Role::Ae).await, person(&app, "Ada", Role::Admin).await);
    let session = signed_in(&app.address, &dora, PASSWORD).await;
    let make = |path: &str, body: Value| {
        Client::new().post(format!("{}{path}", app.address)).header("Cookie", &session).json(&body)
    };
    for body in [
        json!({"name": "t", "scopes": ["read"], "days": 367}),
        json!({"name": "t", "scopes": ["read"], "days": 0}),
        json!({"name": "t", "scopes": ["read"], "days": -1}),
        json!({"name": "t", "scopes": [], "days": 1}),
        json!({"name": "t", "scopes": ["everything"], "days": 1}),
        json!({"name": "t", "scopes": ["read"], "days": 1, "user": ada.id}),
        json!({"name": " ", "scopes": ["read"], "days": 1}),
    ] {
        assert_eq!(status(make("/v1/me/tokens", body.clone())).await, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    }
    let body = json!({"name": "t", "scopes": ["read"], "days": 1});
    let others = make(&format!("/v1/users/{}/tokens", ada.id), body.clone());
    assert_eq!(status(others).await, StatusCode::FORBIDDEN);
    let new = make("/v1/me/tokens", body).answer(StatusCode::CREATED).await;
    assert_eq!(new["user"], json!(dora.id));
    let listed = get(&app, "/v1/me/tokens").header("Cookie", &session).answer(OK).await;
    assert!(!listed.to_string().contains(&text(&new["secret"])));
}
