//! Bodies that say more than they may, are larger than they should be, or deeper than anything is.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{Answer as _, TestApp, text};
use crate::support::calls::api_routes;
use crate::support::world::{Who, World};

/// What somebody might slip in.
const EXTRA: [(&str, &str); 6] = [
    ("tenant", "tnt_00000000000000000000000000000000"),
    ("id", "usr_00000000000000000000000000000000"),
    ("state", "accepted"),
    ("attested_by", "Somebody else"),
    ("__proto__", "x"),
    ("no_such_key", "x"),
];

/// A CRM's call has whatever keys the CRM has; what it does not know is left alone.
const LENIENT: &str = "/v1/crm/closed-won";

/// The objects in a document, as JSON pointers.
fn objects(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            found.push(at.to_owned());
            entries.iter().for_each(|(key, value)| objects(value, &format!("{at}/{key}"), found));
        }
        Value::Array(entries) => {
            entries.iter().enumerate().for_each(|(n, value)| objects(value, &format!("{at}/{n}"), found));
        }
        _ => {}
    }
}

#[tokio::test]
async fn a_key_that_no_route_knows_is_refused_wherever_it_stands() {
    let world = World::new().await;
    let (client, pass) = (Client::new(), world.pass(Who::Admin));
    let log = world.log().await;
    let mut tried = 0;
    for (method, path) in api_routes().into_iter().filter(|(_, path)| path != LENIENT) {
        let call = world.call(&method, &path, "", Who::Admin, false).await;
        let mut found = Vec::new();
        objects(call.body.as_ref().unwrap_or(&Value::Null), "", &mut found);
        for pointer in found {
            let door = world.door().await;
            for (key, value) in EXTRA {
                let mut call = call.clone();
                let object = call.body.as_mut().unwrap().pointer_mut(&pointer).unwrap().as_object_mut().unwrap();
                if object.insert(key.to_owned(), json!(value)).is_some() {
                    continue;
                }
                let answer = call.to(&client, &door, &pass).send().await.unwrap();
                let (status, words) = (answer.status(), answer.text().await.unwrap());
                assert_eq!(
                    status,
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "{method} {path} takes `{key}` at `{pointer}`: {words}"
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 150, "{tried}");
    assert_eq!(world.log().await, log, "something has changed");
}

#[tokio::test]
async fn a_body_as_deep_as_a_well_or_as_long_as_a_day_is_refused_and_nothing_falls() {
    let world = World::new().await;
    let (client, pass) = (Client::new(), world.pass(Who::Admin));
    let deep = ["[".repeat(200_000), "{\"a\":".repeat(100_000), format!("{{\"name\":{}1", "[".repeat(100_000))];
    let long = format!("{{\"name\":\"{}\"}}", "x".repeat((1 << 20) + 1));
    for (method, path) in api_routes() {
        let call = world.call(&method, &path, "", Who::Admin, false).await;
        if call.body.is_none() {
            continue;
        }
        let door = world.door().await;
        let mut bare = call.clone();
        bare.body = None;
        for body in deep.iter().chain([&long]) {
            let request = bare.to(&client, &door, &pass).header(CONTENT_TYPE, "application/json");
            let status = request.body(body.clone()).send().await.unwrap().status();
            assert!(status.is_client_error(), "{method} {path}: {status} to {} bytes", body.len());
        }
    }
    assert_eq!(world.app.get("/v1/me").send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn xml_that_grows_fetches_or_never_ends_is_refused() {
    let app = TestApp::new().await;
    let lol = (0..9).fold(String::from("<!ENTITY l0 \"lol\">"), |all, n| {
        format!("{all}<!ENTITY l{} \"{}\">", n + 1, format!("&l{n};").repeat(10))
    });
    let envelope = |inside: &str| {
        format!(
            "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>{inside}\
             </soapenv:Body></soapenv:Envelope>"
        )
    };
    for body in [
        format!("<!DOCTYPE a [{lol}]>{}", envelope("&l9;")),
        format!("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{}", envelope("&x;")),
        format!("<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/x.dtd\">{}", envelope("")),
        format!("<?xml version=\"1.0\"?>{}", "<a>".repeat(300_000)),
        envelope(&"<a b='c'>".repeat(100_000)),
        envelope(&format!("<notifications>{}", "&undefined;".repeat(1000))),
        format!("<{}", "a".repeat(500_000)),
        format!("<!--{}", "-".repeat(500_000)),
    ] {
        let request = app.post("/v1/crm/closed-won", &Value::Null).header(CONTENT_TYPE, "text/xml");
        let request = request.body(body.clone()).timeout(Duration::from_secs(10));
        let answer = request.send().await.unwrap();
        let (status, words) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_client_error() && !words.contains("root:"), "{}: {status} {words}", &body[..60]);
    }
}

#[tokio::test]
async fn an_upload_over_the_limit_is_refused_however_it_comes() {
    let app = TestApp::with(&["--max-upload-bytes", "1000"]).await;
    let deal = app.deal().await;
    let path = format!("/v1/deals/{deal}/sources");
    let text = "Ann: Hello.\n".repeat(100);
    let json = app.post(&path, &json!({"sources": [{"name": "a.txt", "text": text}]}));
    json.answer(StatusCode::PAYLOAD_TOO_LARGE).await;
    let many = json!({"sources": [{"name": "a.txt", "text": "x".repeat(2 << 20)}]});
    app.post(&path, &many).answer(StatusCode::PAYLOAD_TOO_LARGE).await;
    let form = Form::new().part("file", Part::bytes(text.into_bytes()).file_name("a.txt"));
    let form = app.client.post(format!("{}{path}", app.address)).multipart(form);
    form.answer(StatusCode::PAYLOAD_TOO_LARGE).await;
    assert_eq!(app.get(&path).answer(StatusCode::OK).await, json!([]));
}

#[tokio::test]
async fn a_name_with_line_breaks_and_paths_in_it_becomes_one_line_and_no_header() {
    let app = TestApp::new().await;
    let name = "../../etc/x\r\nSet-Cookie: baton=evil\r\n\r\n<b>\u{202e}txt.exe\0";
    let account = app.post("/v1/accounts", &json!({"name": name})).answer(StatusCode::CREATED).await;
    assert_eq!(account["name"], "../../etc/xSet-Cookie: baton=evil<b>txt.exe");
    let deals = format!("/v1/accounts/{}/deals", text(&account["id"]));
    let deal = app.post(&deals, &json!({"name": name})).send().await.unwrap();
    assert!(!format!("{:?}", deal.headers()).contains("evil"));
    let deal = text(&deal.json::<Value>().await.unwrap()["id"]);
    let path = format!("/v1/deals/{deal}/sources");
    let upload = json!({"sources": [{"name": name, "text": "Ann: Hello.\nBo: Hello.\n"}]});
    let receipt = app.post(&path, &upload).answer(StatusCode::ACCEPTED).await;
    assert_eq!(receipt["sources"][0]["source"]["name"], "xSet-Cookie: baton=evil<b>txt.exe");
    // The same in a form, where the name stands in a header of the part.
    let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\\\x\\\\..\\\\a\\\"; filename=\\\"b.txt\"\r\n\
                Content-Type: text/html\r\nSet-Cookie: baton=evil\r\n\r\nAnn: Hello there.\nBo: Hi.\n\r\n--b--\r\n";
    let request = app.client.post(format!("{}{path}", app.address)).body(body);
    let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=b");
    let answer = request.send().await.unwrap();
    assert!(!answer.headers().contains_key("set-cookie"));
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    for source in app.get(&path).answer(StatusCode::OK).await.as_array().unwrap() {
        let name = source["name"].as_str().unwrap();
        assert!(!name.contains(['/', '\\', '\r', '\n', '\0', '\u{202e}']), "{name:?}");
    }
}

#[tokio::test]
async fn what_is_no_json_by_its_name_is_not_read_as_such() {
    let app = TestApp::new().await;
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        let request = app.client.post(format!("{}/v1/accounts", app.address)).body("{\"name\":\"x\"}");
        let request = request.header(CONTENT_TYPE, media_type);
        assert_eq!(request.send().await.unwrap().status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{media_type}");
    }
}
