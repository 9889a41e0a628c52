//! Files come in: acknowledged once they are kept, read once, and refused with a reason.

use futures::StreamExt as _;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{Answer as _, TestApp, text};
use crate::support::desk::Desk;

const CALL: &str = "Dana Ruiz: We will have the dock scheduler live by June 14.\nOmar Haddad: Good, our old system dies in July.\n\
                    Dana Ruiz: Understood.\nOmar Haddad: Thanks.\n";

#[tokio::test]
async fn an_uploaded_file_becomes_a_source_with_turns_and_a_report() {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    let receipt = app.upload(&deal, "call.txt", CALL).await;
    assert_eq!(receipt["source"]["state"], "queued");
    let job = format!("/v1/jobs/{}", text(&receipt["job_id"]));
    assert_eq!(app.get(&job).answer(StatusCode::OK).await["state"], "queued");
    app.drain().await;
    assert_eq!(app.get(&job).answer(StatusCode::OK).await["state"], "done");

    let source = format!("/v1/sources/{}", text(&receipt["source"]["id"]));
    let detail = app.get(&source).answer(StatusCode::OK).await;
    assert_eq!(
        (&detail["state"], &detail["kind"], &detail["format"]),
        (&json!("ready"), &json!("call_transcript"), &json!("name_text"))
    );
    assert_eq!((&detail["report"]["turns"], &detail["participants"][1]["label"]), (&json!(4), &json!("Omar Haddad")));
    let page = app.get(&format!("{source}/turns?limit=3")).answer(StatusCode::OK).await;
    assert_eq!(page["items"][0]["text"], "We will have the dock scheduler live by June 14.");
    let rest = app.get(&format!("{source}/turns?cursor={}", text(&page["next_cursor"]))).answer(StatusCode::OK).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["items"][0]["index"]), (1, &json!(3)));
    assert_eq!(rest["next_cursor"], Value::Null);
}

#[tokio::test]
async fn the_same_bytes_twice_are_one_source() {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    let first = app.upload(&deal, "call.txt", CALL).await;
    let second = app.upload(&deal, "renamed.txt", CALL).await;
    assert_eq!(first["source"]["id"], second["source"]["id"]);
    assert_eq!(second["job_id"], Value::Null);
    let sources = app.get(&format!("/v1/deals/{deal}/sources")).answer(StatusCode::OK).await;
    assert_eq!(sources.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_repeated_request_with_its_key_gets_the_first_answer_and_another_request_is_refused() {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    let path = format!("/v1/deals/{deal}/sources");
    let send = |words: &str| {
        app.post(&path, &json!({"sources": [{"name": "a.txt", "text": words}]})).header("Idempotency-Key", "key-1")
    };
    let first = send(CALL).answer(StatusCode::ACCEPTED).await;
    app.drain().await;
    assert_eq!(send(CALL).answer(StatusCode::ACCEPTED).await, first);
    let refused = send("Dana Ruiz: Something else.").answer(StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(text(&refused["detail"]).contains("Idempotency-Key"));
}

#[tokio::test]
async fn several_files_come_in_one_form() {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    let part = |words: &str, name: &str| Part::bytes(words.as_bytes().to_vec()).file_name(name.to_owned());
    let form = Form::new()
        .part("file", part(CALL, "../../etc/call.txt"))
        .part("file", part("# Notes\n\n- a point\n", "notes.md"));
    let request = app.client.post(format!("{}/v1/deals/{deal}/sources", app.address)).multipart(form);
    let receipt = request.answer(StatusCode::ACCEPTED).await;
    let names: Vec<&Value> = receipt["sources"].as_array().unwrap().iter().map(|s| &s["source"]["name"]).collect();
    assert_eq!(names, ["call.txt", "notes.md"]);
}

#[tokio::test]
async fn files_of_every_family_become_sources_of_one_deal() {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    let files = [
        ("teams-new.docx", "teams_docx", "call_transcript"),
        ("youtube-rolling.vtt", "webvtt", "call_transcript"),
        ("order-form-two-pages.pdf", "pdf_contract", "contract"),
        ("order-form.docx", "docx_contract", "contract"),
        ("deepgram-words.json", "deepgram_json", "call_transcript"),
        ("hubspot-note.html", "hubspot_html", "notes"),
        ("slack-export.zip", "slack_export", "chat"),
        ("thread.mbox", "mbox", "mail"),
        ("anruf-cp1252.txt", "plain_text", "notes"),
    ];
    let mut form = Form::new();
    for (name, ..) in files {
        let path = format!("{}/fixtures/transcripts/{name}", env!("CARGO_MANIFEST_DIR"));
        form = form.part("file", Part::bytes(std::fs::read(path).unwrap()).file_name(name));
    }
    let request = app.client.post(format!("{}/v1/deals/{deal}/sources", app.address)).multipart(form);
    request.answer(StatusCode::ACCEPTED).await;
    app.drain().await;
    let sources = app.get(&format!("/v1/deals/{deal}/sources")).answer(StatusCode::OK).await;
    for (name, format, kind) in files {
        let source = sources.as_array().unwrap().iter().find(|source| source["name"] == name).unwrap();
        assert_eq!((&source["state"], &source["error"]), (&json!("ready"), &Value::Null), "{name}");
        assert_eq!((&source["format"], &source["kind"]), (&json!(format), &json!(kind)), "{name}");
    }
    let draft = app.draft(&deal).await;
    assert_eq!(draft["schema"], "baton.draft/1");
    for citation in draft["items"].as_array().unwrap().iter().flat_map(|item| item["citations"].as_array().unwrap()) {
        let at = format!("/v1/sources/{}/turns?limit=200", text(&citation["source_id"]));
        let turns = app.get(&at).answer(StatusCode::OK).await;
        let turn = turns["items"].as_array().unwrap().iter().find(|turn| turn["index"] == citation["turn"]).unwrap();
        assert!(text(&turn["text"]).contains(&text(&citation["quote"])), "{citation}");
    }
}

#[tokio::test]
async fn a_hostile_file_fails_by_itself_with_its_reason() {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    let mut form = Form::new();
    for name in ["bomb.docx", "entities.docx", "slack-dotdot.zip", "deep-nesting.json", "order-form-password.pdf"] {
        let path = format!("{}/fixtures/transcripts/{name}", env!("CARGO_MANIFEST_DIR"));
        form = form.part("file", Part::bytes(std::fs::read(path).unwrap()).file_name(name));
    }
    form = form.part("file", Part::bytes(CALL.as_bytes()).file_name("call.txt"));
    let request = app.client.post(format!("{}/v1/deals/{deal}/sources", app.address)).multipart(form);
    request.answer(StatusCode::ACCEPTED).await;
    app.drain().await;
    let sources = app.get(&format!("/v1/deals/{deal}/sources")).answer(StatusCode::OK).await;
    for source in sources.as_array().unwrap() {
        if source["name"] == "call.txt" {
            assert_eq!(source["state"], "ready");
        } else {
            assert_eq!(source["state"], "failed", "{source}");
            assert!(text(&source["error"]).lines().count() == 1, "{source}");
        }
    }
}

#[tokio::test]
async fn bad_requests_are_problems_that_say_what_where_and_what_to_do() {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    let sources = format!("/v1/deals/{deal}/sources");
    let unknown = "deal_00000000000000000000000000000000";
    let cases = [
        (app.post(&sources, &json!({"sources": [{"name": "empty.txt", "text": ""}]})), 422, "`empty.txt` is empty"),
        (app.post(&sources, &json!({"sources": []})), 422, "holds no file"),
        (app.post(&sources, &json!({"sources": [{"name": "a.txt"}]})), 422, "missing field `text`"),
        (
            app.client.post(format!("{}{sources}", app.address)).header("content-type", "text/plain").body("x"),
            415,
            "multipart/form-data",
        ),
        (
            app.client.post(format!("{}{sources}", app.address)).header("content-type", "application/json").body("{"),
            400,
            "JSON",
        ),
        (
            app.post(&format!("/v1/deals/{unknown}/sources"), &json!({"sources": [{"name": "a", "text": "b"}]})),
            404,
            unknown,
        ),
        (app.get(&format!("/v1/deals/{unknown}")), 404, "there is no deal"),
        (app.get("/v1/deals/acc_1"), 422, "`acc_1` is not a deal id"),
        (app.get("/v1/deals?limit=0"), 422, "1 to 200"),
        (app.get("/v1/deals?cursor=x"), 422, "cursor"),
        (app.get("/v1/nothing"), 404, "/v1/openapi.json"),
        (app.client.delete(format!("{}/v1/deals", app.address)), 405, "DELETE"),
        (app.post("/v1/accounts", &json!({"name": "  "})), 422, "name is empty"),
        (app.post("/v1/accounts", &json!({"name": "x".repeat(2 << 20)})), 413, "1 MiB"),
        (
            app.post(&sources, &json!({"sources": [{"name": "a", "text": "x".repeat(34 << 20)}]})),
            413,
            "larger than the limit",
        ),
        (
            app.client.post(format!("{}{sources}", app.address)).multipart(Form::new().text("file", "x")),
            422,
            "has no file name",
        ),
        (app.get("/v1/deals").header("host", "evil.example"), 403, "Host"),
        (app.post("/v1/accounts", &json!({"name": "x"})).header("origin", "https://evil.example"), 403, "origin"),
    ];
    for (request, status, words) in cases {
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{words}");
        let found = response.status().as_u16();
        let problem: Value = response.json().await.unwrap();
        assert_eq!((found, &problem["status"]), (status, &json!(status)), "{problem}");
        assert!(text(&problem["detail"]).contains(words), "{problem} should say {words:?}");
        assert!(text(&problem["type"]).starts_with("urn:baton:problem:"));
    }
}

#[tokio::test]
async fn a_100_mb_upload_is_refused_with_an_answer_and_nothing_is_kept() {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    let form = Form::new().part("file", Part::bytes(vec![b'x'; 100 << 20]).file_name("huge.vtt"));
    let request = app.client.post(format!("{}/v1/deals/{deal}/sources", app.address)).multipart(form);
    let problem = request.answer(StatusCode::PAYLOAD_TOO_LARGE).await;
    assert!(text(&problem["detail"]).contains("`huge.vtt` is larger than the limit of 33554432 bytes"), "{problem}");
    let sources = app.get(&format!("/v1/deals/{deal}/sources")).answer(StatusCode::OK).await;
    assert_eq!(sources, json!([]));
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_kept_and_says_why() {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    let part = |bytes: &[u8], name: &str| Part::bytes(bytes.to_vec()).file_name(name.to_owned());
    let form = Form::new()
        .part("file", part(b"%PDF-1.7\n\xff\xfe\x00\x01binary", "call.vtt"))
        .part("file", part(br#"{"orders": [1, 2, 3]}"#, "data.json"));
    let request = app.client.post(format!("{}/v1/deals/{deal}/sources", app.address)).multipart(form);
    request.answer(StatusCode::ACCEPTED).await;
    app.drain().await;
    let sources = app.get(&format!("/v1/deals/{deal}/sources")).answer(StatusCode::OK).await;
    for (source, words) in sources.as_array().unwrap().iter().zip(["PDF", "orders"]) {
        assert_eq!(source["state"], "failed");
        assert!(text(&source["error"]).contains(words), "{source}");
    }
}

#[tokio::test]
async fn progress_is_told_while_the_worker_works() {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    let response = app.get(&format!("/v1/deals/{deal}/events")).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut events = response.bytes_stream();
    let mut seen = String::from_utf8(events.next().await.unwrap().unwrap().to_vec()).unwrap();
    assert!(seen.contains("event: jobs"));
    app.upload(&deal, "call.txt", CALL).await;
    app.drain().await;
    while !seen.contains("\"event\":\"drafted\"") {
        seen.push_str(std::str::from_utf8(&events.next().await.unwrap().unwrap()).unwrap());
    }
    for stage in ["parsing", "embedding", "indexing", "ready"] {
        assert!(seen.contains(&format!("\"stage\":\"{stage}\"")), "{stage} in {seen}");
    }
}

#[tokio::test]
async fn whoever_may_no_longer_see_a_deal_is_told_no_more_of_it() {
    let desk = Desk::open().await;
    let deal = desk.deal().await;
    let watched = desk.csm.request(Method::GET, &format!("/v1/deals/{deal}/events")).send().await.unwrap();
    let mut events = watched.bytes_stream();
    let first = events.next().await.unwrap().unwrap();
    assert!(first.starts_with(b"event: jobs"), "{first:?}");
    desk.rev_ops.change(&deal, json!({"csm_id": desk.other_csm.id()})).await;
    desk.add(&deal, "call.txt", CALL).await;
    assert!(events.next().await.is_none(), "the stream ends at the first word that is not for them");
}
