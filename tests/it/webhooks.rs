//! Events go out to real receivers on loopback, and what they answer decides how it goes on.

use std::sync::Arc;
use std::time::Duration;

use baton::app::Progress;
use baton::clock::Clock as _;
use baton::domain::ids::{DealId, DeliveryId, TenantId};
use baton::error::Error;
use baton::hooks::delivery::{DeliveryState, PAUSES};
use baton::hooks::endpoint::{EndpointFormat, EndpointView, NewEndpoint, register};
use baton::hooks::event::{Event, EventDeal, EventKind};
use baton::hooks::outbox::{publish, redeliver};
use baton::hooks::secret::SigningSecret;
use baton::jobs::Worker;
use baton::store::jobs::{self, Job};
use baton::store::{accounts, deliveries, webhooks};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::sender::Sender;

fn event(kind: EventKind) -> Event {
    let deal = EventDeal {
        id: DealId::derived(&["six sites"]),
        name: "Six sites".to_owned(),
        account: "Harbor & Pine".to_owned(),
        url: "https://baton.example/deals/deal_1".to_owned(),
    };
    Event::new(kind, "2026-03-02T10:00:00Z".parse().unwrap()).about(deal).with(json!({"version": 1}))
}

/// A receiver that gives these answers in turn, and the last one for good.
async fn receiver(answers: Vec<ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    let last = answers.len() - 1;
    for (position, answer) in answers.into_iter().enumerate() {
        let mock = Mock::given(any()).respond_with(answer);
        let mock = if position < last { mock.up_to_n_times(1) } else { mock };
        mock.mount(&server).await;
    }
    server
}

fn status(code: u16) -> ResponseTemplate {
    ResponseTemplate::new(code)
}

async fn received(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers[name].to_str().unwrap()
}

#[tokio::test]
async fn a_receiver_can_verify_what_it_gets() {
    let server = receiver(vec![status(200).set_body_string(format!("thanks\n{}", "x".repeat(5000)))]).await;
    let sender = Sender::new().await;
    let told = sender.register(&format!("{}/hooks?key=1", server.uri()), EndpointFormat::Standard, None).await;
    let event = event(EventKind::HandoffFinalized);
    assert_eq!(sender.publish(&event).await, 1);
    sender.drain().await;

    let requests = received(&server).await;
    assert_eq!(requests.len(), 1);
    let request = &requests[0];
    Webhook::new(told.secret.expose()).unwrap().verify(&request.body, &request.headers).unwrap();
    let other = SigningSecret::generate().unwrap();
    assert!(Webhook::new(other.expose()).unwrap().verify(&request.body, &request.headers).is_err());
    assert_eq!((request.method.as_str(), request.url.query()), ("POST", Some("key=1")));
    assert_eq!(header(request, "webhook-id"), event.id.as_str());
    assert_eq!(header(request, "content-type"), "application/json");
    assert_eq!(request.body_json::<Value>().unwrap(), event.payload());

    let (delivery, attempts) = sender.delivery(&told.endpoint.id).await;
    assert_eq!((delivery.state, delivery.kind), (DeliveryState::Delivered, EventKind::HandoffFinalized));
    assert_eq!((attempts.len(), attempts[0].status, attempts[0].error.as_deref()), (1, Some(200), None));
    let answer = attempts[0].answer.as_deref().unwrap();
    assert!(answer.starts_with("thanks x") && answer.chars().count() == 500, "{answer}");
}

#[tokio::test]
async fn what_fails_is_sent_again_when_it_is_due_and_the_same_id_tells_that_it_is_the_same() {
    let server = receiver(vec![status(500).set_body_string("oops"), status(503), status(204)]).await;
    let sender = Sender::new().await;
    let told = sender.register(&server.uri(), EndpointFormat::Standard, None).await;
    sender.publish(&event(EventKind::DraftReady)).await;
    sender.drain().await;
    let (delivery, attempts) = sender.delivery(&told.endpoint.id).await;
    assert_eq!((delivery.state, delivery.tries), (DeliveryState::Queued, 1));
    assert_eq!(delivery.next_attempt_at, Some(sender.clock.now() + PAUSES[0]));
    assert_eq!((attempts[0].status, attempts[0].answer.as_deref()), (Some(500), Some("oops")));
    let since = sender.endpoint(&told.endpoint.id).await.failing_since;
    assert_eq!(since, Some(sender.clock.now()));

    sender.clock.forward(Duration::from_millis(4_999));
    sender.drain().await;
    assert_eq!(received(&server).await.len(), 1, "not yet");
    sender.clock.forward(Duration::from_millis(1));
    sender.drain().await;
    assert_eq!(received(&server).await.len(), 2);
    assert_eq!(sender.endpoint(&told.endpoint.id).await.failing_since, since);

    sender.clock.forward(PAUSES[1]);
    sender.drain().await;
    let (delivery, attempts) = sender.delivery(&told.endpoint.id).await;
    assert_eq!((delivery.state, delivery.next_attempt_at), (DeliveryState::Delivered, None));
    assert_eq!(attempts.iter().filter_map(|attempt| attempt.status).collect::<Vec<_>>(), [500, 503, 204]);
    assert_eq!(sender.endpoint(&told.endpoint.id).await.failing_since, None);

    let requests = received(&server).await;
    let at = |request: &Request| header(request, "webhook-timestamp").parse::<i64>().unwrap();
    assert!(requests.iter().all(|request| header(request, "webhook-id") == header(&requests[0], "webhook-id")));
    assert!(requests.iter().all(|request| request.body == requests[0].body));
    assert_eq!((at(&requests[1]) - at(&requests[0]), at(&requests[2]) - at(&requests[1])), (5, 300));
    let verifier = Webhook::new(told.secret.expose()).unwrap();
    verifier.verify(&requests[1].body, &requests[1].headers).unwrap();
}

#[tokio::test]
async fn after_three_days_it_is_given_up_and_a_person_can_have_it_sent_again() {
    let server = receiver([404; 10].map(status).into_iter().chain([status(200)]).collect()).await;
    let sender = Sender::new().await;
    let told = sender.register(&server.uri(), EndpointFormat::Standard, None).await;
    sender.publish(&event(EventKind::DraftReady)).await;
    sender.drain().await;
    for pause in PAUSES {
        sender.clock.forward(pause);
        sender.drain().await;
    }
    let (delivery, attempts) = sender.delivery(&told.endpoint.id).await;
    assert_eq!((delivery.state, attempts.len()), (DeliveryState::Failed, 10));
    sender.clock.forward(Duration::from_hours(48));
    sender.drain().await;
    assert_eq!(received(&server).await.len(), 10, "given up is given up");

    sender.redeliver(&delivery.id).await.unwrap();
    sender.drain().await;
    let (delivery, attempts) = sender.delivery(&told.endpoint.id).await;
    assert_eq!((delivery.state, attempts.len()), (DeliveryState::Delivered, 11));
    let gone = sender.redeliver(&DeliveryId::generate()).await;
    assert!(matches!(gone, Err(Error::NotFound { .. })));
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_not_called_again() {
    let server = receiver(vec![status(500), status(410), status(200)]).await;
    let sender = Sender::new().await;
    let told = sender.register(&server.uri(), EndpointFormat::Standard, None).await;
    let id = &told.endpoint.id;
    sender.publish(&event(EventKind::DraftReady)).await;
    sender.drain().await;
    sender.publish(&event(EventKind::HandoffFinalized)).await;
    sender.drain().await;
    assert!(!sender.endpoint(id).await.enabled);
    assert_eq!(sender.publish(&event(EventKind::HandoffAccepted)).await, 0, "nobody is left to be told");

    // The first one's retry is due, but not made.
    sender.clock.forward(PAUSES[0]);
    sender.drain().await;
    assert_eq!(received(&server).await.len(), 2);
    let all = sender.deliveries(id).await;
    assert!(all.iter().all(|delivery| delivery.state == DeliveryState::Failed), "{all:?}");
    let log = deliveries::attempts(&mut sender.app.store.read().await.unwrap(), &all[1].id).await.unwrap();
    assert_eq!(log[1].error.as_deref(), Some("not sent: the webhook is disabled"));

    assert!(matches!(sender.redeliver(&all[0].id).await, Err(Error::Conflict(_))));
    sender.set_enabled(id, true).await;
    sender.redeliver(&all[0].id).await.unwrap();
    sender.drain().await;
    assert_eq!(sender.deliveries(id).await[0].state, DeliveryState::Delivered);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = receiver(vec![status(200)]).await;
    let location = format!("{}/other", elsewhere.uri());
    let server = receiver(vec![status(307).insert_header("location", location.as_str())]).await;
    let sender = Sender::new().await;
    let told = sender.register(&server.uri(), EndpointFormat::Standard, None).await;
    sender.publish(&event(EventKind::DraftReady)).await;
    sender.drain().await;
    assert!(received(&elsewhere).await.is_empty());
    let (delivery, attempts) = sender.delivery(&told.endpoint.id).await;
    assert_eq!((delivery.state, attempts[0].status), (DeliveryState::Queued, Some(307)));
}

#[tokio::test]
async fn an_endpoint_that_cannot_be_reached_is_told_without_its_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://localhost:{}/secret-path", listener.local_addr().unwrap().port());
    drop(listener);
    let sender = Sender::new().await;
    let told = sender.register(&url, EndpointFormat::Standard, None).await;
    sender.publish(&event(EventKind::DraftReady)).await;
    sender.drain().await;
    let (delivery, attempts) = sender.delivery(&told.endpoint.id).await;
    assert_eq!((delivery.state, attempts[0].status), (DeliveryState::Queued, None));
    let error = attempts[0].error.as_deref().unwrap();
    assert!(error.contains("refused") && !error.contains("secret-path"), "{error}");
}

#[tokio::test]
async fn deliveries_survive_a_restart() {
    let server = receiver(vec![status(500), status(200)]).await;
    let sender = Sender::new().await;
    let told = sender.register(&server.uri(), EndpointFormat::Standard, None).await;
    sender.publish(&event(EventKind::DraftReady)).await;
    let sender = sender.restarted().await;
    assert!(received(&server).await.is_empty());
    sender.drain().await;
    assert_eq!(received(&server).await.len(), 1);

    // And so does the schedule of retries.
    let sender = sender.restarted().await;
    sender.drain().await;
    assert_eq!(received(&server).await.len(), 1);
    sender.clock.forward(PAUSES[0]);
    sender.drain().await;
    assert_eq!(sender.delivery(&told.endpoint.id).await.0.state, DeliveryState::Delivered);
}

#[tokio::test]
async fn others_hear_of_a_change_if_and_only_if_it_happened() {
    let server = receiver(vec![status(200)]).await;
    let sender = Sender::new().await;
    let told = sender.register(&server.uri(), EndpointFormat::Standard, None).await;
    let mut tx = sender.app.store.write().await.unwrap();
    publish(&mut tx, &sender.tenant, &event(EventKind::DraftReady), sender.clock.now()).await.unwrap();
    tx.rollback().await.unwrap();
    sender.drain().await;
    assert!(sender.deliveries(&told.endpoint.id).await.is_empty());
    assert!(received(&server).await.is_empty());

    sender.publish(&event(EventKind::DraftReady)).await;
    sender.drain().await;
    assert_eq!(received(&server).await.len(), 1);
}

#[tokio::test]
async fn each_endpoint_is_told_of_what_it_asked_for_and_of_no_other_tenants_deals() {
    let server = receiver(vec![status(200)]).await;
    let sender = Sender::new().await;
    let some = Some(vec![EventKind::SlaOverdue, EventKind::SlaOverdue]);
    let all = sender.register(&format!("{}/all", server.uri()), EndpointFormat::Standard, None).await;
    let late = sender.register(&format!("{}/late", server.uri()), EndpointFormat::Slack, some).await;
    assert_eq!(late.endpoint.events.as_deref(), Some(&[EventKind::SlaOverdue][..]));
    assert_eq!(sender.publish(&event(EventKind::DraftReady)).await, 1);
    assert_eq!(sender.publish(&event(EventKind::SlaOverdue)).await, 2);

    let stranger = TenantId::derived(&["stranger"]);
    let mut tx = sender.app.store.write().await.unwrap();
    accounts::ensure_tenant(&mut tx, &stranger, "Stranger", sender.clock.now()).await.unwrap();
    let told = publish(&mut tx, &stranger, &event(EventKind::DraftReady), sender.clock.now()).await.unwrap();
    assert_eq!(told, 0);
    assert!(webhooks::find(&mut tx, &stranger, &all.endpoint.id).await.unwrap().is_none());
    assert!(!webhooks::delete(&mut tx, &stranger, &all.endpoint.id).await.unwrap());
    assert!(!webhooks::set_enabled(&mut tx, &stranger, &all.endpoint.id, false).await.unwrap());
    let of_sender = sender.deliveries(&late.endpoint.id).await.remove(0);
    assert!(deliveries::find(&mut tx, &stranger, &of_sender.id).await.unwrap().is_none());
    assert!(redeliver(&mut tx, &stranger, &of_sender.id, sender.clock.now()).await.is_err());
    tx.commit().await.unwrap();

    sender.drain().await;
    let requests = received(&server).await;
    assert_eq!(requests.iter().filter(|request| request.url.path() == "/all").count(), 2);
    let slack: Vec<&Request> = requests.iter().filter(|request| request.url.path() == "/late").collect();
    assert_eq!(slack.len(), 1);
    let text = slack[0].body_json::<Value>().unwrap()["text"].as_str().unwrap().to_owned();
    assert!(text.contains("Six sites (Harbor &amp; Pine)") && text.contains("overdue"), "{text}");
    assert!(!slack[0].headers.contains_key("webhook-signature"), "Slack knows no signatures");
}

#[tokio::test]
async fn a_deleted_endpoint_leaves_nothing_behind() {
    let server = receiver(vec![status(500)]).await;
    let sender = Sender::new().await;
    let told = sender.register(&server.uri(), EndpointFormat::Standard, None).await;
    sender.publish(&event(EventKind::DraftReady)).await;
    sender.drain().await;
    sender.publish(&event(EventKind::HandoffFinalized)).await;
    let mut tx = sender.app.store.write().await.unwrap();
    assert!(webhooks::delete(&mut tx, &sender.tenant, &told.endpoint.id).await.unwrap());
    tx.commit().await.unwrap();
    sender.clock.forward(PAUSES[1]);
    sender.drain().await;
    assert_eq!(received(&server).await.len(), 1);
    assert!(sender.deliveries(&told.endpoint.id).await.is_empty());
}

#[tokio::test]
async fn a_secret_is_shown_once() {
    let sender = Sender::new().await;
    let url = "https://hooks.slack.com/services/T0/B0/channel-key";
    let told = sender.register(url, EndpointFormat::Slack, None).await;
    let found = sender.endpoint(&told.endpoint.id).await;
    let shown = format!("{found:?} {:?} {}", told.secret, json!(EndpointView::from(&found)));
    assert!(!shown.contains(told.secret.expose()) && !shown.contains("channel-key"), "{shown}");
    assert!(shown.contains("hooks.slack.com"));

    let refused = |new: NewEndpoint| async {
        let mut tx = sender.app.store.write().await.unwrap();
        register(&mut tx, &sender.tenant, new, sender.clock.now()).await.unwrap_err().to_string()
    };
    let new = |url: &str, events| NewEndpoint { url: url.to_owned(), format: EndpointFormat::Standard, events };
    assert!(refused(new("https://169.254.169.254/latest", None)).await.contains("metadata"));
    assert!(refused(new("https://example.com/", Some(vec![]))).await.contains("empty"));
}

#[tokio::test]
async fn an_endpoint_that_hangs_holds_up_no_other_work() {
    let hanging = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sender = Sender::new().await;
    let url = format!("http://{}/", hanging.local_addr().unwrap());
    let told = sender.register(&url, EndpointFormat::Standard, None).await;
    let (app, worker) = (Arc::clone(&sender.app), Worker::new(Arc::clone(&sender.app)));
    let mut progress = app.watch_progress();
    let running = tokio::spawn(async move { worker.run().await });
    sender.publish(&event(EventKind::DraftReady)).await;
    let (mut connection, _) = hanging.accept().await.unwrap();
    let mut request = [0; 64];
    connection.read_exact(&mut request).await.unwrap();

    // While it hangs, a job of the pipeline comes to its end; this one to a bad one, as there is no such deal.
    let mut tx = app.store.write().await.unwrap();
    let draft = Job::DraftDeal { deal: DealId::generate() };
    jobs::enqueue(&mut tx, &sender.tenant, None, &draft, sender.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    app.wake_worker();
    let ended = async { while !matches!(progress.recv().await.unwrap(), Progress::JobFailed { .. }) {} };
    tokio::time::timeout(Duration::from_secs(10), ended).await.expect("the draft should not wait for the endpoint");
    assert_eq!(sender.delivery(&told.endpoint.id).await.1.len(), 0, "still under way");

    connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    // Told to stop, the worker finishes what is under way.
    app.stop();
    tokio::time::timeout(Duration::from_secs(20), running).await.expect("the worker should end").unwrap();
    assert_eq!(sender.delivery(&told.endpoint.id).await.0.state, DeliveryState::Delivered);
}
