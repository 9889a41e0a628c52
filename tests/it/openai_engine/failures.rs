//! A server that is slow, full, broken, unreachable or unwilling, and what then is said and logged.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use baton::engine::{Engine, EngineError};
use baton::openai_server::ServerSettings;
use serde_json::json;

use super::{CONTEXT, claim, engine_with, evidence, good, read, small_call, transcript};
use crate::support::fake_openai::{Answer, FakeOpenAi};

#[tokio::test]
async fn a_key_is_sent_when_there_is_one_and_nothing_when_there_is_none() {
    for (key, header) in [(None, None), (Some("sk-test"), Some("Bearer sk-test"))] {
        let fake = FakeOpenAi::start([good()]).await;
        let server = ServerSettings { api_key: key.map(|key| key.parse().unwrap()), ..fake.settings() };
        engine_with(server, CONTEXT).unwrap().read(evidence(&small_call())).await.unwrap();
        let sent =
            fake.requests().await[0].headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(sent.as_deref(), header);
    }
}

#[tokio::test]
async fn an_answer_that_is_no_json_or_has_no_end_is_a_bad_reply_at_once() {
    for body in [b"<html>proxy</html>".to_vec(), vec![b' '; 5 << 20], b"{\"a\":1e999}".to_vec(), vec![0xff, 0xfe]] {
        let (reading, bodies) = read(&small_call(), vec![Answer::Body(body)]).await;
        assert!(matches!(reading, Err(EngineError::BadReply(_))), "{reading:?}");
        assert_eq!(bodies.len(), 1);
    }
}

#[tokio::test]
async fn a_server_that_hangs_is_left_after_the_timeout() {
    let fake = FakeOpenAi::start([Answer::Hang]).await;
    let server = ServerSettings { timeout: Duration::from_millis(40), ..fake.settings() };
    let engine = engine_with(server, CONTEXT).unwrap();
    let began = Instant::now();
    let reading = engine.read(evidence(&small_call())).await;
    assert!(matches!(reading, Err(EngineError::Transient { retry_after: None, .. })), "{reading:?}");
    assert!(began.elapsed() < Duration::from_secs(10), "three attempts of 40 ms");
    assert_eq!(fake.requests().await.len(), 3, "one attempt and two retries");
}

#[tokio::test]
async fn a_rate_limit_is_waited_for_when_the_wait_is_short() {
    let limited =
        |wait| Answer::Status(429, vec![("retry-after", wait)], json!({ "error": { "message": "slow down" } }));
    let (reading, bodies) = read(&small_call(), vec![limited("0"), good()]).await;
    assert_eq!((reading.unwrap().claims.len(), bodies.len()), (1, 2));

    let (reading, bodies) = read(&small_call(), vec![limited("3600"), good()]).await;
    let Err(EngineError::Transient { retry_after, reason }) = reading else { panic!("{reading:?}") };
    assert_eq!((retry_after, bodies.len()), (Some(Duration::from_hours(1)), 1), "an hour is the caller's to wait");
    assert!(reason.contains("slow down"), "{reason}");
}

#[tokio::test]
async fn a_failing_server_is_asked_again_and_then_left() {
    let down = || Answer::Status(503, vec![], json!("upstream connect error"));
    let (reading, bodies) = read(&small_call(), vec![down(), down(), good()]).await;
    assert_eq!((reading.unwrap().claims.len(), bodies.len()), (1, 3));

    let (reading, bodies) = read(&small_call(), vec![down()]).await;
    assert!(matches!(reading, Err(EngineError::Transient { .. })), "{reading:?}");
    assert_eq!(bodies.len(), 3);
}

#[tokio::test]
async fn a_refusal_that_time_does_not_heal_is_final_and_says_what_to_check() {
    for (status, hint) in [(401, "API key"), (403, "API key"), (404, "model's name"), (400, "400"), (307, "redirects")]
    {
        let (reading, bodies) = read(&small_call(), vec![Answer::error(status, "no such thing"), good()]).await;
        let Err(EngineError::Permanent(reason)) = reading else { panic!("{status}: {reading:?}") };
        assert!(reason.contains(hint) && reason.contains("no such thing"), "{reason}");
        assert_eq!(bodies.len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_transient_and_an_address_that_is_none_is_final() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let free = listener.local_addr().unwrap();
    drop(listener);
    for (base_url, transient) in [(format!("http://{free}/v1"), true), ("not an address".to_owned(), false)] {
        let delay = Duration::from_millis(1);
        let server = ServerSettings { base_url: Some(base_url), first_delay: delay, ..ServerSettings::default() };
        let error = engine_with(server, CONTEXT).unwrap().read(evidence(&small_call())).await.unwrap_err();
        assert_eq!(matches!(error, EngineError::Transient { .. }), transient, "{error}");
        assert_eq!(matches!(error, EngineError::Permanent(_)), !transient, "{error}");
    }
}

#[tokio::test]
async fn a_model_that_takes_no_temperature_is_asked_without_from_then_on() {
    let objection = json!({ "error": {
        "message": "Unsupported value: 'temperature' does not support 0", "param": "temperature", "code": "unsupported_value",
    } });
    let fake = FakeOpenAi::start([Answer::Status(400, vec![], objection), good()]).await;
    let engine = engine_with(fake.settings(), CONTEXT).unwrap();
    for _ in 0..2 {
        engine.read(evidence(&small_call())).await.unwrap();
    }
    let sampled: Vec<bool> = fake.bodies().await.iter().map(|body| body.get("temperature").is_some()).collect();
    assert_eq!(sampled, [true, false, false]);
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().map_err(|_| std::io::ErrorKind::Other)?.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_word_of_a_call_or_a_reply_is_logged() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let call = transcript(&[("Dana Ruiz", "the xylophone clause")]);
    let bad = |text: &str| Answer::Text(text.to_owned());
    for answer in [
        bad("xylophone"),
        Answer::Body(b"{\"choices\": \"xylophone\"}".to_vec()),
        Answer::Body(b"xylophone".to_vec()),
        Answer::Status(500, vec![], json!({ "detail": "xylophone" })),
        Answer::Status(400, vec![], json!(["xylophone"])),
        Answer::Claims(json!([claim("risk", 0, "xylophone"), claim("xylophone", 0, "xylophone")])),
    ] {
        let (reading, _) = read(&call, vec![answer]).await;
        assert!(!format!("{:?}", reading.err()).contains("xylophone"));
    }
    tracing::warn!("the log is kept");
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("the log is kept"), "{logged}");
    assert!(!logged.contains("xylophone"), "{logged}");
}
