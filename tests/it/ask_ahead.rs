//! Common questions answered ahead, when a handoff becomes final: for everybody who may see the deal, and for nobody else.

use baton::ask::ahead::COMMON;
use baton::handover;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{Answer as _, text};
use crate::support::calls::Call;
use crate::support::world::{MARK, Who, World};

/// The deal's answers that nobody asked for, as somebody sees them; none where the deal is not theirs to see.
async fn prepared(world: &World, who: Who) -> Option<Vec<Value>> {
    let path = format!("{}/v1/answers?deal={}", world.app.address, world.ids["deal_id"]);
    let response = world.pass(who).on(Client::new().get(path)).send().await.unwrap();
    if response.status() == StatusCode::NOT_FOUND {
        return None;
    }
    assert_eq!(response.status(), StatusCode::OK);
    let mut listed: Vec<Value> = response.json().await.unwrap();
    listed.retain(|answer| answer["asked_by"].is_null());
    Some(listed)
}

fn questions(answers: &[Value]) -> Vec<&str> {
    let mut asked: Vec<&str> = answers.iter().map(|answer| answer["answer"]["question"].as_str().unwrap()).collect();
    asked.sort_by_key(|asked| COMMON.iter().position(|common| common == asked));
    asked
}

#[tokio::test]
async fn whoever_may_see_the_deal_finds_the_answers_there_and_a_new_version_replaces_them() {
    let world = World::new().await;
    let deal = world.id("deal_id");
    assert_eq!(prepared(&world, Who::Csm).await, Some(Vec::new()), "finalizing does not wait for them");
    world.app.drain().await;
    world.attest(&deal, "risk", "The velvetmoth budget is thin.").await;
    world.finalize(&deal).await;
    world.app.drain().await;
    let first = prepared(&world, Who::Csm).await.unwrap();
    assert_eq!(questions(&first), COMMON);
    assert!(first.iter().all(|answer| answer["stale"] == json!([]) && answer["shared"] == false));
    let risks = first.iter().find(|answer| answer["answer"]["question"] == "What are the risks?").unwrap();
    assert!(text(&risks["answer"]["answer"]).contains("The velvetmoth team is busy."), "{risks}");
    let unwritten = first.iter().find(|answer| text(&answer["answer"]["question"]).starts_with("What did we promise"));
    assert!(!unwritten.unwrap()["answer"]["missing"].as_array().unwrap().is_empty(), "there is no contract");

    world.attest(&deal, "risk", "The velvetmoth lead leaves in May.").await;
    let stale = prepared(&world, Who::Csm).await.unwrap();
    assert!(stale.iter().all(|answer| answer["stale"][0].as_str().unwrap().contains("review has changed")));
    world.finalize(&deal).await;
    world.app.drain().await;
    let second = prepared(&world, Who::Csm).await.unwrap();
    assert_eq!(questions(&second), COMMON);
    let old: Vec<&Value> = first.iter().map(|answer| &answer["id"]).collect();
    assert!(second.iter().all(|answer| answer["stale"] == json!([]) && !old.contains(&&answer["id"])));
    assert!(json!(second).to_string().contains("leaves in May"));
    let gone = world.app.get(&format!("/v1/answers/{}", text(old[0]))).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
}

/// What somebody is answered who asks the deal.
async fn asked(world: &World, who: Who, question: &str) -> Value {
    let path = format!("/v1/deals/{}/ask", world.ids["deal_id"]);
    let call = Call { path, ..Call::post(json!({"question": question})) };
    call.to(&Client::new(), &world.app.address, &world.pass(who)).answer(StatusCode::OK).await
}

#[tokio::test]
async fn a_common_question_is_given_the_answer_that_lies_ready_while_it_stands() {
    let world = World::new().await;
    let deal = world.id("deal_id");
    world.app.drain().await;
    world.attest(&deal, "risk", "The velvetmoth budget is thin.").await;
    world.finalize(&deal).await;
    world.app.drain().await;
    let ready = prepared(&world, Who::Csm).await.unwrap();
    let risks = ready.iter().find(|answer| answer["answer"]["question"] == "What are the risks?").unwrap();
    for who in [Who::Owner, Who::Csm, Who::Reader] {
        assert_eq!(&asked(&world, who, " what are the RISKS").await, risks, "{who:?}");
    }
    assert_ne!(asked(&world, Who::Csm, "Which risks are there?").await["id"], risks["id"], "another question");

    world.attest(&deal, "risk", "The velvetmoth lead leaves in May.").await;
    let fresh = asked(&world, Who::Csm, "What are the risks?").await;
    assert_ne!(fresh["id"], risks["id"], "the review has changed");
    assert!(text(&fresh["answer"]["answer"]).contains("leaves in May"), "{fresh}");
}

#[tokio::test]
async fn whoever_sees_notes_about_persons_is_not_put_off_with_an_answer_without_them() {
    let world = World::new().await;
    let deal = world.id("deal_id");
    world.app.drain().await;
    world.attest(&deal, "politics", "Omar is grudgeful.").await;
    world.finalize(&deal).await;
    world.app.drain().await;
    assert!(!asked(&world, Who::Csm, "What are the risks?").await["asked_by"].is_null());
    assert!(asked(&world, Who::RevOps, "What are the risks?").await["asked_by"].is_null());
}

#[tokio::test]
async fn a_verdict_changes_no_word_and_so_no_answer() {
    let world = World::new().await;
    let deal = world.id("deal_id");
    world.app.drain().await;
    world.finalize(&deal).await;
    world.app.drain().await;
    handover::accept(&world.app.app, &world.caller(Who::Csm), &deal, 4, None).await.unwrap();
    let answers = prepared(&world, Who::Csm).await.unwrap();
    assert!(answers.iter().all(|answer| answer["stale"] == json!([])), "{answers:?}");
}

#[tokio::test]
async fn they_hold_no_note_about_a_person_and_strangers_see_none() {
    const NOTE: &str = "grudgeful";
    let world = World::new().await;
    let deal = world.id("deal_id");
    world.attest(&deal, "politics", &format!("Omar is {NOTE} and skeptical of the board.")).await;
    world.attest(&deal, "relationship", &format!("They want to be worked with in a {NOTE} way.")).await;
    world.finalize(&deal).await;
    world.app.drain().await;
    for who in [Who::Owner, Who::Csm, Who::RevOps, Who::Leader, Who::Admin, Who::Reader] {
        let answers = prepared(&world, who).await.unwrap();
        assert_eq!(questions(&answers), COMMON, "{who:?}");
        assert!(!json!(answers).to_string().contains(NOTE), "{who:?}");
    }
    for who in [Who::OtherAe, Who::OtherCsm, Who::Stranger] {
        assert_eq!(prepared(&world, who).await, None, "{who:?}");
        let all = world.pass(who).on(Client::new().get(format!("{}/v1/answers", world.app.address)));
        let all = all.answer(StatusCode::OK).await.to_string();
        assert!(!all.contains(MARK) && !all.contains(COMMON[0]), "{who:?}: {all}");
    }
}
