//! Whoever belongs to another workspace gets no word of the first one, changes nothing in it and cannot tell what is there,
//! whatever they are in their own and whatever ids they know.

use baton::access::sign_in::Welcome;
use baton::domain::user::{Role, Scope, UserKind};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{Answer as _, text};
use crate::support::calls::{Call, api_routes, filled, page_routes};
use crate::support::world::{Ids, MARK, Pass, Who, World};

/// Mixed requests that are tried.
const CASES: usize = 600;

/// Everything that can be asked for with credentials of one's own. A sign-in is with somebody's: it is no stranger's.
fn routes() -> Vec<(String, String)> {
    let mut routes = api_routes();
    routes.extend(page_routes().into_iter().map(|path| ("GET".to_owned(), path.to_owned())));
    routes.retain(|(_, path)| !path.starts_with("/v1/session") && !path.starts_with("/sign-in/link/"));
    routes
}

fn client() -> Client {
    Client::builder().redirect(Policy::none()).build().unwrap()
}

/// Sends a request; its status, and its answer as text.
async fn sent(client: &Client, call: &Call, door: &str, pass: &Pass) -> (StatusCode, String) {
    let answer = call.to(client, door, pass).send().await.unwrap();
    let (status, headers) = (answer.status(), format!("{:?}", answer.headers()));
    // A stream of events has no end.
    let is_endless = status.is_success() && call.path.ends_with("/events");
    let body = if is_endless { String::new() } else { answer.text().await.unwrap() };
    (status, headers + &body)
}

fn assert_no_word(words: &str, call: &Call) {
    assert!(!words.to_lowercase().contains(MARK), "{} {} tells:\n{words}", call.method, call.path);
}

/// Whether a request to a route says this id, in its path or its body.
fn is_named(id: &str, method: &str, path: &str) -> bool {
    let in_body = match (method, path) {
        ("POST", "/v1/deals/{deal_id}/corrections") => id == "item_id",
        ("POST", "/v1/settings/assignment-rules") => id == "csm_id",
        _ => false,
    };
    in_body || (id.ends_with("_id") && path.contains(&format!("{{{id}}}")))
}

/// Whether a path names something by its id.
fn names_something(path: &str) -> bool {
    path.contains("_id}")
}

/// People of every role in the other workspace, and a token for everything.
async fn strangers(world: &World) -> Vec<Pass> {
    let mut passes = vec![world.pass(Who::Stranger)];
    for role in Role::ALL {
        let user = world.invite(&world.stranger, &format!("Stranger {}", role.title()), *role, UserKind::Person).await;
        passes.push(Pass::Cookie(world.session(&user.id, Welcome::default()).await.1));
    }
    let admin = world.user(Who::Stranger).unwrap();
    passes.push(Pass::Token(world.token_named(admin, "everything", Scope::ALL).await.1));
    passes
}

#[tokio::test]
async fn no_route_tells_a_stranger_a_word_or_does_their_will() {
    let world = World::new().await;
    let (client, log, draft) = (client(), world.log().await, world.draft().await);
    for pass in strangers(&world).await {
        let door = world.door().await;
        for (method, path) in routes() {
            let call = world.call(&method, &path, "", Who::Stranger, false).await;
            let (status, words) = sent(&client, &call, &door, &pass).await;
            assert_no_word(&words, &call);
            assert!(!names_something(&path) || !status.is_success(), "{method} {path} is taken: {status}");
            assert!(!status.is_server_error(), "{method} {path}: {status} {words}");
        }
    }
    assert_eq!((world.log().await, world.draft().await), (log, draft), "something has changed");
}

#[tokio::test]
async fn no_mix_of_their_own_ids_with_others_tells_a_stranger_a_word() {
    let world = World::new().await;
    let door = world.door().await;
    let own = own_things(&world, &door).await;
    let (client, log, draft) = (client(), world.log().await, world.draft().await);
    let mut runner = TestRunner::deterministic();
    let mixed = (select(routes()), proptest::collection::vec(any::<bool>(), world.ids.len()));
    let mut taken = 0;
    for _ in 0..CASES {
        let ((method, path), coins) = mixed.new_tree(&mut runner).unwrap().current();
        let (mut ids, mut names_others) = (world.ids.clone(), false);
        for ((name, id), coin) in ids.iter_mut().zip(coins) {
            match own.get(name) {
                Some(own) if coin => id.clone_from(own),
                _ => names_others |= is_named(name, &method, &path),
            }
        }
        let call = world.call_with(&method, &path, &ids).await;
        let (status, words) = sent(&client, &call, &door, &world.pass(Who::Stranger)).await;
        assert_no_word(&words, &call);
        assert!(!(names_others && status.is_success()), "{method} {} is taken: {status} {:?}", call.path, call.body);
        taken += usize::from(status.is_success());
    }
    assert!(taken > CASES / 4, "only {taken} were taken: the others prove little");
    assert_eq!((world.log().await, world.draft().await), (log, draft), "something has changed");
}

/// A deal of the stranger with all that belongs to one.
async fn own_things(world: &World, door: &str) -> Ids {
    let pass = world.pass(Who::Stranger);
    let client = Client::new();
    let mut own = Ids::new();
    own.insert("csm_id", world.user(Who::Stranger).unwrap().id.to_string());
    for (name, path, body) in [
        ("account_id", "/v1/accounts", json!({"name": "Stranger account"})),
        ("deal_id", "/v1/accounts/{account_id}/deals", json!({"name": "Stranger deal"})),
        ("item_id", "/v1/deals/{deal_id}/items", json!({"field": "risk", "attributes": {}, "statement": "A risk."})),
        ("question_id", "/v1/deals/{deal_id}/questions", json!({"question": "Why?"})),
        ("webhook_id", "/v1/webhooks", json!({"url": "https://hooks.example/stranger"})),
        ("token_id", "/v1/me/tokens", json!({"name": "Stranger token", "scopes": ["read"], "days": 1})),
    ] {
        let call = Call { path: filled(path, &own), ..Call::post(body) };
        own.insert(name, text(&call.to(&client, door, &pass).answer(StatusCode::CREATED).await["id"]));
    }
    let upload = Call { path: format!("/v1/deals/{}/sources", own["deal_id"]), ..Call::post(stranger_file()) };
    let receipt = upload.to(&client, door, &pass).answer(StatusCode::ACCEPTED).await;
    own.insert("source_id", text(&receipt["sources"][0]["source"]["id"]));
    own.insert("job_id", text(&receipt["sources"][0]["job_id"]));
    let draft = Call::get(format!("/v1/deals/{}/draft", own["deal_id"]));
    let draft = draft.to(&client, door, &pass).answer(StatusCode::OK).await;
    let finalize = Call {
        path: format!("/v1/deals/{}/finalize", own["deal_id"]),
        revision: draft["revision"].as_i64(),
        ..Call::post(json!({"override_reason": "because"}))
    };
    own.insert("version_id", text(&finalize.to(&client, door, &pass).answer(StatusCode::CREATED).await["id"]));
    own
}

fn stranger_file() -> Value {
    json!({"sources": [{"name": "stranger.txt", "text": "Ann: Hello.\nBo: Hello.\n"}]})
}

#[tokio::test]
async fn ids_and_words_of_others_in_bodies_and_queries_open_nothing() {
    let world = World::new().await;
    let door = world.door().await;
    let own = own_things(&world, &door).await;
    let (log, pass, client) = (world.log().await, world.pass(Who::Stranger), Client::new());
    let (deal, theirs) = (&own["deal_id"], &world.ids);
    let olive = world.user(Who::Owner).unwrap();
    for (method, path, body, expected) in [
        ("PATCH", format!("/v1/deals/{deal}"), json!({"owner_id": olive.id}), StatusCode::NOT_FOUND),
        ("PATCH", format!("/v1/deals/{deal}"), json!({"csm_id": theirs["csm_id"]}), StatusCode::NOT_FOUND),
        (
            "POST",
            format!("/v1/deals/{deal}/corrections"),
            json!({"item": theirs["item_id"], "said_by": "Ann", "words": "No."}),
            StatusCode::NOT_FOUND,
        ),
        // Who is where is nobody's business: only that the address cannot be taken is told.
        (
            "POST",
            "/v1/users".to_owned(),
            json!({"name": "Olive", "email": olive.email, "role": "ae"}),
            StatusCode::CONFLICT,
        ),
    ] {
        let call = Call { method: method.parse().unwrap(), path, ..Call::post(body) };
        let (status, words) = sent(&client, &call, &door, &pass).await;
        assert_no_word(&words, &call);
        assert_eq!(status, expected, "{} {} {:?}", call.method, call.path, call.body);
    }
    for (path, is_empty) in [
        (format!("/v1/deals?q={MARK}"), true),
        (format!("/v1/audit-log?deal={}", theirs["deal_id"]), true),
        (format!("/v1/deals?cursor={}&state=returned", theirs["deal_id"]), true),
        (format!("/v1/accounts?cursor={}", "acc_00000000000000000000000000000000"), false),
        (format!("/v1/patterns?segment={MARK}%20segment"), false),
        ("/v1/users".to_owned(), false),
    ] {
        let call = Call::get(path);
        let answer = call.to(&client, &door, &pass).answer(StatusCode::OK).await;
        assert_no_word(&answer.to_string(), &call);
        assert!(!is_empty || answer["items"] == json!([]), "{}: {answer}", call.path);
    }
    assert_eq!(world.log().await, log, "something has changed");
}

#[tokio::test]
async fn what_a_crm_tells_one_workspace_is_nothing_to_another() {
    let world = World::new().await;
    let door = world.door().await;
    let client = Client::new();
    let won = |owner: Option<&str>| {
        let deal = json!({"id": "OPP-1", "name": "Sites", "owner_email": owner, "csm_email": owner});
        Call {
            path: "/v1/crm/closed-won".to_owned(),
            ..Call::post(json!({"account": {"name": "Works"}, "deal": deal}))
        }
    };
    let told = won(None).to(&client, &door, &world.pass(Who::Crm)).answer(StatusCode::OK).await;
    let log = world.log().await;
    let email = world.user(Who::Owner).unwrap().email.clone();
    let strange = won(email.as_deref()).to(&client, &door, &world.pass(Who::Stranger)).answer(StatusCode::OK).await;
    assert_eq!(
        (&told["outcomes"][0]["outcome"], &strange["outcomes"][0]["outcome"]),
        (&json!("created"), &json!("created"))
    );
    let deal = Call::get(format!("/v1/deals/{}", text(&strange["outcomes"][0]["deal"])));
    let deal = deal.to(&client, &door, &world.pass(Who::Stranger)).answer(StatusCode::OK).await;
    assert_eq!((&deal["owner_id"], &deal["csm_id"]), (&Value::Null, &Value::Null));
    assert_eq!(world.log().await, log, "something has changed");
}

#[tokio::test]
async fn an_answer_kept_for_a_repeated_upload_is_given_to_its_workspace_only() {
    let world = World::new().await;
    let door = world.door().await;
    let own = own_things(&world, &door).await;
    let client = Client::new();
    let upload = |deal: &str| Call {
        path: format!("/v1/deals/{deal}/sources"),
        ..Call::post(json!({"sources": [{"name": format!("{MARK}.txt"), "text": "Ann: Hi.\nBo: Hi."}]}))
    };
    let keyed = |call: Call, who| call.to(&client, &door, &world.pass(who)).header("Idempotency-Key", "upload-1");
    let first = keyed(upload(&world.ids["deal_id"]), Who::Owner).answer(StatusCode::ACCEPTED).await;
    let again = keyed(upload(&world.ids["deal_id"]), Who::Owner).answer(StatusCode::ACCEPTED).await;
    assert_eq!(first, again);
    let strange = keyed(upload(&own["deal_id"]), Who::Stranger).answer(StatusCode::ACCEPTED).await;
    assert_ne!(strange["sources"][0]["source"]["id"], first["sources"][0]["source"]["id"]);
    assert_eq!(strange["sources"][0]["source"]["deal_id"], json!(own["deal_id"]));
}
