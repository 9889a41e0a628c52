//! Requests as they stand on the wire: hosts that are not ours, paths that are not what they seem, other methods in disguise.

use baton::domain::user::Role;
use reqwest::StatusCode;
use serde_json::json;

use super::{PASSWORD, person, raw, signed_in};
use crate::support::app::{Answer as _, Signed, TestApp, text};

fn status_of(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0)
}

#[tokio::test]
async fn a_name_that_is_not_ours_gets_nothing_wherever_it_resolves_to() {
    let app = TestApp::with(&["--public-url", "https://baton.example"]).await;
    let token = Signed::up(&app.app, "Tess Marlow", Role::Ae).await.token;
    let get = async |lines: &str| {
        raw(&app.address, &format!("GET /v1/me {lines}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"))
            .await
    };
    for lines in [
        "HTTP/1.1\r\nHost: evil.example",
        "HTTP/1.1\r\nHost: evil.example:7400",
        "HTTP/1.1\r\nHost: 127.0.0.1.evil.example",
        "HTTP/1.1\r\nHost: baton.example.evil.example",
        "HTTP/1.1\r\nHost: baton.example:8443",
        "HTTP/1.1\r\nHost: baton.example@evil.example",
        "HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: baton.example",
        "HTTP/1.1\r\nHost: 169.254.169.254",
        "HTTP/1.1\r\nHost: 0.0.0.0",
        "HTTP/1.1\r\nHost: ",
        "HTTP/1.1\r\nHost: evil.example\r\nHost: localhost",
        "HTTP/1.0",
    ] {
        let answer = get(lines).await;
        assert!(matches!(status_of(&answer), 400 | 403) && !answer.contains("Tess Marlow"), "{lines}: {answer}");
    }
    for lines in [
        "HTTP/1.1\r\nHost: baton.example",
        "HTTP/1.1\r\nHost: BATON.example",
        "HTTP/1.1\r\nHost: localhost:1",
        "HTTP/1.1\r\nHost: [::1]:7400",
    ] {
        let answer = get(lines).await;
        assert!(status_of(&answer) == 200 && answer.contains("Tess Marlow"), "{lines}: {answer}");
    }
}

#[tokio::test]
async fn no_spelling_of_a_path_leads_past_the_door_or_out_of_the_folder() {
    let app = TestApp::new().await;
    let dora = person(&app, "Dora", Role::Ae).await;
    let cookie = signed_in(&app.address, &dora, PASSWORD).await;
    let deal = app.deal().await;
    for path in [
        "/v1/audit-log",
        "/v1/audit-log/",
        "/v1//audit-log",
        "//v1/audit-log",
        "/v1/./audit-log",
        "/v1/me/../audit-log",
        "/v1/me/%2e%2e/audit-log",
        "/v1/me%2f..%2faudit-log",
        "/v1/session/link/../../audit-log",
        "/%76%31/audit-log",
        "/V1/audit-log",
        "/v1/audit%2dlog",
        "/v1/audit-log;a=b",
        "/v1/audit-log%00",
        "/v1/audit-log%23",
        "/v1\\audit-log",
        "http://localhost/v1/audit-log",
        "/assets/../v1/audit-log",
        "/assets/../baton.db",
        "/assets/%2e%2e/baton.db",
        "/assets/..%2f..%2f..%2fetc%2fpasswd",
        "/assets//etc/passwd",
        "/assets/baton.css/../../../../etc/passwd",
        &format!("/v1/deals/{deal}"),
        &format!("/v1/deals/{deal}%00"),
        &format!("/v1/deals/{}", deal.to_uppercase()),
        &format!("/v1/deals/{deal}%20"),
        &format!("/v1/deals/{deal}'--"),
        "/v1/deals/%2e%2e%2f%2e%2e",
        "/v1/deals/deal_%25",
    ] {
        for credentials in [String::new(), format!("Cookie: {cookie}\r\n")] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{credentials}Connection: close\r\n\r\n");
            let answer = raw(&app.address, &request).await;
            assert!((400..500).contains(&status_of(&answer)), "{path}: {answer}");
            assert!(!answer.contains("SQLite format") && !answer.contains("root:"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_method_in_disguise_is_what_it_is() {
    let app = TestApp::new().await;
    let hook = app.post("/v1/webhooks", &json!({"url": "https://hooks.example/x"})).answer(StatusCode::CREATED).await;
    let path = format!("/v1/webhooks/{}", text(&hook["id"]));
    let token = Signed::up(&app.app, "Tess Marlow", Role::Admin).await.token;
    for name in ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"] {
        let get = app.get(&format!("/v1/webhooks?{name}=DELETE")).header(name, "DELETE");
        assert_eq!(get.send().await.unwrap().status(), StatusCode::OK, "{name}");
        let post = app.post(&format!("{path}?_method=DELETE"), &json!({"_method": "DELETE"})).header(name, "DELETE");
        assert_eq!(post.send().await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED, "{name}");
    }
    for method in ["TRACE", "CONNECT", "PROPFIND", "GETS", "get"] {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        );
        let answer = raw(&app.address, &request).await;
        assert!((400..500).contains(&status_of(&answer)) && !answer.contains(&token), "{method}: {answer}");
    }
    assert_eq!(app.get("/v1/webhooks").answer(StatusCode::OK).await[0]["id"], hook["id"]);
}

#[tokio::test]
async fn two_requests_do_not_hide_in_one() {
    let app = TestApp::new().await;
    // What a proxy and a server could measure differently.
    for framing in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Content-Length: 4\r\nContent-Length: 44",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding : chunked",
        "Content-Length: +4",
    ] {
        let hidden = "0\r\n\r\nGET /v1/me HTTP/1.1\r\nHost: localhost\r\nX: ";
        let request = format!("POST /v1/session HTTP/1.1\r\nHost: localhost\r\n{framing}\r\n\r\n{hidden}\r\n\r\n");
        let answer = raw(&app.address, &format!("{request}Connection: close\r\n\r\n")).await;
        assert!(answer.matches("HTTP/1.1 ").count() <= 1 || answer.contains("400 Bad Request"), "{framing}: {answer}");
        assert!(!answer.contains(" 200 "), "{framing}: {answer}");
    }
}
