//! Notes about persons (politics, relationship): `RevOps` and leaders see the deal, and of these notes not a word.

use baton::documents::DocumentKind;
use baton::domain::handover::Reason;
use baton::review::{self, Decision};
use baton::store::items;
use reqwest::Client;
use reqwest::redirect::Policy;
use serde_json::{Value, json};

use crate::support::calls::{api_routes, page_routes};
use crate::support::fake_openai::{Answer, FakeOpenAi};
use crate::support::world::{Who, World};

/// Stands in every note about a person and in nothing else.
const GRUDGE: &str = "grudgeful";

/// A claim of the engine: the quote is in the record, or the claim is rejected.
fn claim(field: &str, turn: u32, statement: &str, quote: &str) -> Value {
    json!({"field": field, "quotes": [{"turn": turn, "quote": quote, "role": "support"}], "statement": statement, "confidence": 1})
}

/// A world whose deal holds notes about persons wherever one can be.
async fn noted() -> (World, FakeOpenAi) {
    let claims = json!([
        claim("politics", 1, &format!("Omar is {GRUDGE} (1)."), "Omar, I run operations at Velvetmoth Harbor."),
        claim("relationship", 1, &format!("Omar is {GRUDGE} (2)."), "I run operations"),
        claim("relationship", 1, &format!("Omar is {GRUDGE} (3)."), &format!("I am {GRUDGE}.")),
        claim("politics", 2, &format!("The team is {GRUDGE} (12)."), "We lost forty velvetmoth pallets in March"),
        claim("politics", 4, &format!("The team is {GRUDGE} (13)."), "our velvetmoth network team has no time"),
        claim("relationship", 4, &format!("Omar is {GRUDGE} (14)."), "before summer"),
    ]);
    let server = FakeOpenAi::start([Answer::Claims(claims)]).await;
    let url = format!("{}/v1/", server.settings().base_url.unwrap().trim_end_matches("/v1/"));
    let mut world = World::with(&["--engine", "openai", "--openai-base-url", &url]).await;
    let (app, deal) = (&world.app.app, world.id("deal_id"));
    let (owner, csm) = (world.caller(Who::Owner), world.caller(Who::Csm));

    let note = world.attest(&deal, "politics", &format!("The board is {GRUDGE} (4).")).await;
    // Rejected with a reason; rewritten as something that is no note; back from the receiving side; asked about.
    let rejected = world.attest(&deal, "relationship", &format!("They are {GRUDGE} (5).")).await;
    let decision = Decision::Reject { reason: Some(format!("not so {GRUDGE} (6)")) };
    review::decide(app, &owner, &rejected.item.id, rejected.revision, decision).await.unwrap();
    let moved = world.attest(&deal, "politics", &format!("Nobody asks the {GRUDGE} (7) IT team.")).await;
    let finding = serde_json::from_value(json!({"field": "risk", "attributes": {}})).unwrap();
    let decision = Decision::Edit { statement: Some("The IT team was not asked.".to_owned()), finding: Some(finding) };
    review::decide(app, &owner, &moved.item.id, moved.revision, decision).await.unwrap();
    // Asked before the version is made, so that its documents could name it.
    world.ask(&deal, Some("relationship"), &format!("Is Omar {GRUDGE} (15)?")).await;
    let version = world.finalize(&deal).await;
    let reasons: Vec<Reason> = serde_json::from_value(
        json!([{"field": "politics", "code": "unclear", "note": format!("Is the board {GRUDGE} (8)?")}]),
    )
    .unwrap();
    baton::handover::give_back(app, &csm, &deal, 3, reasons, None).await.unwrap();
    let asked = world.ask(&deal, Some("politics"), &format!("Who is {GRUDGE} (9)?")).await;
    baton::handover::answer(app, &owner, &asked.parse().unwrap(), &format!("The {GRUDGE} (10) board.")).await.unwrap();

    let open = world.ask(&deal, Some("relationship"), &format!("Why {GRUDGE} (11)?")).await;
    world.ids.extend([
        ("note_id", note.item.id.to_string()),
        ("moved_id", moved.item.id.to_string()),
        ("rejected_id", rejected.item.id.to_string()),
        ("noted_version_id", version.to_string()),
        ("asked_id", open),
    ]);
    world.ids.insert("version_id", version.to_string());
    (world, server)
}

/// What every route and page tells somebody who asks about this item: `(METHOD path, answer)`.
async fn told(world: &World, who: Who, item: &str) -> Vec<(String, String)> {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let (door, pass) = (world.door().await, world.pass(who));
    let mut routes = api_routes();
    routes.retain(|(_, path)| !path.starts_with("/v1/session") && !path.ends_with("/events"));
    routes.extend(page_routes().into_iter().map(|path| ("GET".to_owned(), path.to_owned())));
    let mut ids = world.ids.clone();
    ids.extend([("item_id", ids[item].clone()), ("question_id", ids["asked_id"].clone())]);
    let mut told = Vec::new();
    let each = |(method, path): (String, String)| {
        let kinds = DocumentKind::ALL.map(DocumentKind::as_str);
        let kinds = if path.contains("{document}") { kinds.to_vec() } else { vec!["brief"] };
        kinds.into_iter().map(move |kind| (method.clone(), path.clone(), kind))
    };
    for (method, path, kind) in routes.into_iter().flat_map(each) {
        ids.insert("document", kind.to_owned());
        let call = world.call_with(&method, &path, &ids).await;
        let answer = call.to(&client, &door, &pass).send().await.unwrap();
        assert!(!answer.status().is_server_error(), "{who:?} {method} {path}: {}", answer.status());
        told.push((format!("{method} {path}"), answer.text().await.unwrap()));
    }
    told
}

fn telling(told: &[(String, String)]) -> Vec<&str> {
    told.iter().filter(|(_, words)| words.to_lowercase().contains(GRUDGE)).map(|(route, _)| route.as_str()).collect()
}

#[tokio::test]
async fn revops_and_leaders_get_no_word_of_a_note_from_any_route() {
    let (world, _server) = noted().await;
    for who in [Who::RevOps, Who::Leader, Who::OtherAe, Who::OtherCsm, Who::Crm] {
        for item in ["note_id", "moved_id", "rejected_id"] {
            let told = told(&world, who, item).await;
            assert_eq!(telling(&told), [""; 0], "{who:?}");
        }
    }
}

#[tokio::test]
async fn those_who_work_on_the_deal_find_the_notes_where_they_belong_and_the_log_holds_no_word_of_them() {
    let (world, _server) = noted().await;
    for who in [Who::Csm, Who::Owner, Who::Admin] {
        let told = told(&world, who, "note_id").await;
        let found = telling(&told);
        for route in [
            "GET /v1/deals/{deal_id}/draft",
            "GET /v1/deals/{deal_id}/questions",
            "GET /v1/deals/{deal_id}/receipts",
            "GET /v1/items/{item_id}",
            "GET /v1/versions/{version_id}",
            "GET /v1/versions/{version_id}/markdown",
            "GET /deals/{deal_id}/review",
        ] {
            assert!(found.contains(&route), "{who:?} does not find them in {route}, only in {found:?}");
        }
        for route in ["GET /v1/audit-log", "GET /v1/audit-log/export", "GET /v1/deals/{deal_id}/sources"] {
            assert!(!found.contains(&route), "{who:?} finds them in {route}");
        }
    }
    let mut all = String::new();
    for item in ["note_id", "moved_id", "rejected_id"] {
        all.extend(told(&world, Who::Owner, item).await.into_iter().map(|(_, words)| words));
    }
    for n in 1..=15 {
        assert!(all.contains(&format!("{GRUDGE} ({n})")), "note {n} is nowhere");
    }
    let log = world.log().await;
    assert!(!log.contains(GRUDGE) && log.contains("item.rejected") && log.contains("item.edited"));
    baton::audit::verify(log.as_bytes()).unwrap();
}

#[tokio::test]
async fn a_version_without_notes_is_the_same_for_everybody_to_the_byte() {
    let world = World::new().await;
    let (client, door) = (Client::new(), world.door().await);
    let mut seen = Vec::new();
    for who in [Who::Owner, Who::RevOps, Who::Leader, Who::Reader] {
        let call = world.call("GET", "/v1/versions/{version_id}", "", who, false).await;
        let answer = call.to(&client, &door, &world.pass(who)).send().await.unwrap();
        seen.push((answer.headers().get("etag").cloned(), answer.text().await.unwrap()));
    }
    assert!(seen[0].0.is_some() && seen.iter().all(|other| *other == seen[0]));
}

#[tokio::test]
async fn a_version_with_notes_is_the_same_without_them() {
    let (world, _server) = noted().await;
    let (client, door) = (Client::new(), world.door().await);
    let read = |who| {
        let (call, pass) = (world.call("GET", "/v1/versions/{version_id}", "", who, false), world.pass(who));
        let (client, door) = (&client, &door);
        async move {
            let answer = call.await.to(client, door, &pass).send().await.unwrap();
            let etag = answer.headers().get("etag").cloned();
            (etag, serde_json::from_str::<Value>(&answer.text().await.unwrap()).unwrap())
        }
    };
    let (etag, mut whole) = read(Who::Csm).await;
    let (other_etag, without) = read(Who::Leader).await;
    assert!(etag.is_some() && other_etag.is_none(), "the hash is that of the whole");
    for list in ["items", "missing"] {
        let entries = whole[list].as_array_mut().unwrap();
        let before = entries.len();
        entries.retain(|entry| !matches!(entry["field"].as_str(), Some("politics" | "relationship")));
        assert!(entries.len() < before, "there are notes among {list}");
    }
    assert_eq!(whole, without);
}

#[tokio::test]
async fn what_was_decided_on_a_note_can_be_undone_although_the_log_holds_no_word_of_it() {
    let (world, _server) = noted().await;
    let (app, owner) = (&world.app.app, world.caller(Who::Owner));
    let moved = world.id("moved_id");
    let mut conn = app.store.read().await.unwrap();
    let stored = items::find(&mut conn, &app.home, &moved).await.unwrap().unwrap();
    drop(conn);
    let back = review::decide(app, &owner, &moved, stored.revision, Decision::Undo).await.unwrap();
    assert!(back.item.statement.contains(GRUDGE) && back.item.field().is_sensitive());
    assert!(!world.log().await.contains(GRUDGE));
}
