//! Guessing is slow, gets nowhere, and tells nobody who is known here.

use std::time::{Duration, Instant};

use baton::access::sign_in;
use baton::domain::user::Role;
use futures::future::join_all;
use reqwest::{Client, StatusCode};
use serde_json::json;

use super::{PASSWORD, link, person, status, timed, try_password};
use crate::support::app::{Signed, TestApp};

const OK: StatusCode = StatusCode::OK;
const NO: StatusCode = StatusCode::UNAUTHORIZED;

#[tokio::test]
async fn after_five_wrong_ones_the_right_one_is_not_looked_at_for_a_quarter_of_an_hour() {
    let (app, clock) = timed(&[]).await;
    let dora = person(&app, "Dora", Role::Ae).await;
    // Four are forgiven by a right one.
    for _ in 0..4 {
        assert_eq!(try_password(&app.address, &dora, "not the password").await.status(), NO);
    }
    assert_eq!(try_password(&app.address, &dora, PASSWORD).await.status(), OK);
    for _ in 0..5 {
        assert_eq!(try_password(&app.address, &dora, "not the password").await.status(), NO);
    }
    assert_eq!(try_password(&app.address, &dora, PASSWORD).await.status(), NO);
    let log = app.get("/v1/audit-log/export").send().await.unwrap().text().await.unwrap();
    assert_eq!(log.matches("\"user.locked_out\"").count(), 1);
    clock.forward(Duration::from_secs(15 * 60 - 1));
    let door = app.door().await;
    assert_eq!(try_password(&door, &dora, PASSWORD).await.status(), NO);
    clock.forward(Duration::from_secs(1));
    assert_eq!(try_password(&door, &dora, PASSWORD).await.status(), OK);
}

#[tokio::test]
async fn guesses_that_come_all_at_once_are_counted_too() {
    let app = TestApp::new().await;
    let dora = person(&app, "Dora", Role::Ae).await;
    let guesses = (0..8).map(|_| try_password(&app.address, &dora, "not the password"));
    assert!(join_all(guesses).await.iter().all(|answer| answer.status() == NO));
    assert_eq!(try_password(&app.address, &dora, PASSWORD).await.status(), NO, "the door is locked");
}

#[tokio::test]
async fn the_answer_tells_nobody_who_is_known_here() {
    let app = TestApp::new().await;
    let dora = person(&app, "Dora", Role::Ae).await;
    let without = Signed::up(&app.app, "Nora", Role::Ae).await.user;
    let mut answers = Vec::new();
    for email in [dora.email.as_deref(), without.email.as_deref(), Some("nobody@nowhere.example"), Some("no mail")] {
        let body = json!({"email": email, "password": "not the password"});
        let answer = Client::new().post(format!("{}/v1/session", app.address)).json(&body).send().await.unwrap();
        answers.push((answer.status(), answer.text().await.unwrap()));
    }
    // Locked out, with the right password.
    for _ in 0..4 {
        try_password(&app.address, &dora, "not the password").await;
    }
    let locked = try_password(&app.address, &dora, PASSWORD).await;
    answers.push((locked.status(), locked.text().await.unwrap()));
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == NO), "{answers:?}");
}

#[tokio::test]
async fn neither_does_the_time_it_takes() {
    let app = TestApp::new().await;
    let dora = person(&app, "Dora", Role::Ae).await;
    let dora = dora.email.as_deref().unwrap();
    let long = "x".repeat(100_000);
    let tried =
        [("nobody@nowhere.example", "not it"), (dora, "not it"), ("nobody@nowhere.example", &long), (dora, &long)];
    // The machine may be busy: what counts is the least time each takes, in many rounds.
    let mut times = [Duration::MAX; 4];
    for _ in 0..10 {
        for ((email, password), least) in tried.iter().zip(&mut times) {
            let begun = Instant::now();
            assert!(sign_in::with_password(&app.app, email, password, None).await.is_err());
            *least = begun.elapsed().min(*least);
        }
    }
    let (shortest, longest) = (times.iter().min().unwrap(), times.iter().max().unwrap());
    assert!(*longest < *shortest * 3, "{times:?}");
}

#[tokio::test]
async fn a_flood_of_sign_ins_is_held_back_and_told_when_to_come_again() {
    let app = TestApp::new().await;
    let dora = person(&app, "Dora", Role::Ae).await;
    let spare = link(&app, &dora).await;
    let guess = |path: &str| {
        let body = json!({"link": "guess"});
        Client::new().post(format!("{}{path}", app.address)).json(&body).send()
    };
    let mut answer = guess("/v1/session/link").await.unwrap();
    let mut guesses = 1;
    while answer.status() == NO {
        (answer, guesses) = (guess("/v1/session/link").await.unwrap(), guesses + 1);
    }
    assert!((20..30).contains(&guesses), "{guesses} guesses");
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds));
    // Whatever way in is tried, and be it with the right words.
    assert_eq!(try_password(&app.address, &dora, PASSWORD).await.status(), StatusCode::TOO_MANY_REQUESTS);
    let right = Client::new().post(format!("{}/v1/session/link", app.address)).json(&json!({"link": spare}));
    assert_eq!(status(right).await, StatusCode::TOO_MANY_REQUESTS);
    // Who is in already is not concerned.
    assert_eq!(status(app.get("/v1/me")).await, OK);
}

#[tokio::test]
async fn a_sender_who_floods_is_held_back_and_nobody_else() {
    let app = TestApp::new().await;
    let (flood, other) = (Signed::up(&app.app, "Flo", Role::Ae).await, Signed::up(&app.app, "Ann", Role::Ae).await);
    let ask = |who: &Signed| Client::new().get(format!("{}/v1/nothing", app.address)).bearer_auth(&who.token).send();
    let client = Client::new();
    let mut held_back = None;
    for _ in 0..20 {
        let many = (0..200).map(|_| {
            let request = client.get(format!("{}/v1/nothing", app.address)).bearer_auth(&flood.token);
            async move { request.send().await.unwrap() }
        });
        held_back = join_all(many).await.into_iter().find(|answer| answer.status() == StatusCode::TOO_MANY_REQUESTS);
        if held_back.is_some() {
            break;
        }
    }
    let held_back = held_back.expect("4000 requests at once are too many");
    assert_eq!(held_back.headers()["retry-after"], "1");
    assert_eq!(ask(&other).await.unwrap().status(), StatusCode::NOT_FOUND);
}
