//! A one-time link lets one person in once.

use std::time::Duration;

use baton::domain::user::Role;
use futures::future::join_all;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::{PASSWORD, cookie, link, me, person, raw, status, timed, try_password};
use crate::support::app::{Signed, TestApp};

const OK: StatusCode = StatusCode::OK;
const NO: StatusCode = StatusCode::UNAUTHORIZED;

fn with_link(app: &TestApp, link: &str, more: &Value) -> RequestBuilder {
    let mut body = json!({"link": link});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Client::new().post(format!("{}/v1/session/link", app.address)).json(&body)
}

#[tokio::test]
async fn a_link_is_good_once_even_for_two_who_come_together() {
    let app = TestApp::new().await;
    let dora = Signed::up(&app.app, "Dora", Role::Ae).await.user;
    let link = link(&app, &dora).await;
    let together = (0..4).map(|_| status(with_link(&app, &link, &json!({}))));
    let answers = join_all(together).await;
    assert_eq!(answers.iter().filter(|status| **status == OK).count(), 1, "{answers:?}");
    assert_eq!(status(with_link(&app, &link, &json!({}))).await, NO);
}

#[tokio::test]
async fn looking_at_a_link_does_not_use_it_up() {
    let app = TestApp::new().await;
    let dora = Signed::up(&app.app, "Dora", Role::Ae).await.user;
    let link = link(&app, &dora).await;
    // Mail scanners and chat previews open whatever they see.
    for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::GET] {
        for path in [format!("/sign-in/link/{link}"), format!("/v1/session/link?link={link}")] {
            let answer = Client::new().request(method.clone(), format!("{}{path}", app.address)).send().await.unwrap();
            assert!(!answer.headers().contains_key("set-cookie"), "{method} {path}");
        }
    }
    assert_eq!(status(with_link(&app, &link, &json!({}))).await, OK);
}

#[tokio::test]
async fn a_link_ends_after_three_days() {
    let (app, clock) = timed(&[]).await;
    let dora = Signed::up(&app.app, "Dora", Role::Ae).await.user;
    let (early, late) = (link(&app, &dora).await, link(&app, &dora).await);
    clock.forward(Duration::from_hours(72) - Duration::from_millis(1));
    assert_eq!(status(with_link(&app, &early, &json!({}))).await, OK);
    clock.forward(Duration::from_millis(1));
    assert_eq!(status(with_link(&app, &late, &json!({}))).await, NO);
}

#[tokio::test]
async fn once_a_password_is_set_no_older_link_opens_anything() {
    let app = TestApp::new().await;
    let dora = Signed::up(&app.app, "Dora", Role::Ae).await.user;
    let (first, older) = (link(&app, &dora).await, link(&app, &dora).await);
    let short = with_link(&app, &first, &json!({"password": "hunter2"}));
    assert_eq!(status(short).await, StatusCode::UNPROCESSABLE_ENTITY);
    let set = with_link(&app, &first, &json!({"password": PASSWORD}));
    assert_eq!(status(set).await, OK, "a refused password has not used the link up");
    assert_eq!(status(with_link(&app, &older, &json!({}))).await, NO);
    assert_eq!(try_password(&app.address, &dora, PASSWORD).await.status(), OK);
}

#[tokio::test]
async fn a_link_is_no_cookie_no_token_and_gives_nobody_another_mail_address_or_role() {
    let app = TestApp::new().await;
    let (dora, nora) = (person(&app, "Dora", Role::Ae).await, person(&app, "Nora", Role::Admin).await);
    let link = link(&app, &dora).await;
    assert_eq!(status(me(&app.address, &format!("baton={link}"))).await, NO);
    assert_eq!(status(Client::new().get(format!("{}/v1/me", app.address)).bearer_auth(&link)).await, NO);
    for more in [json!({"role": "admin"}), json!({"user_id": nora.id}), json!({"id": nora.id, "state": "active"})] {
        let refused = with_link(&app, &link, &more);
        assert_eq!(status(refused).await, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let said = json!({"email": nora.email, "name": "Dora\r\nSet-Cookie: baton=x"});
    let answer = with_link(&app, &link, &said).send().await.unwrap();
    assert_eq!((answer.status(), answer.headers().get_all("set-cookie").iter().count()), (OK, 1));
    let session = cookie(&answer);
    let user: Value = me(&app.address, &session).send().await.unwrap().json().await.unwrap();
    assert_eq!((&user["email"], &user["role"]), (&json!(dora.email), &json!("ae")));
    assert_eq!(user["name"], "DoraSet-Cookie: baton=x");
}

#[tokio::test]
async fn a_link_leads_to_where_people_reach_baton_whatever_the_host_header_says() {
    let app = TestApp::with(&["--public-url", "https://baton.example"]).await;
    let dora = Signed::up(&app.app, "Dora", Role::Admin).await.user;
    let session = {
        let link = link(&app, &dora).await;
        cookie(&with_link(&app, &link, &json!({})).send().await.unwrap())
    };
    let answer = raw(
        &app.address,
        &format!(
            "POST /v1/users/{}/link HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n\
             Cookie: {session}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            dora.id
        ),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 201") && answer.contains("\"https://baton.example/sign-in/link/"), "{answer}");
}
