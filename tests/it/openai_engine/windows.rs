//! Sources longer than the model reads at once.

use baton::domain::transcript::Transcript;
use baton::engine::{Engine, EngineError, Reading};

use super::{engine_with, evidence, good, read, small_call, transcript, user_message};
use crate::support::fake_openai::{Answer, FakeOpenAi, TOKENS};

/// A call of numbered turns, about forty tokens each.
fn long_call(turns: usize) -> Transcript {
    let texts: Vec<String> =
        (0..turns).map(|n| format!("Turn {n}: {}", "we will do this and that, ".repeat(5))).collect();
    let turns: Vec<(&str, &str)> = texts.iter().map(|text| ("Dana Ruiz", text.as_str())).collect();
    transcript(&turns)
}

fn turns_of(reading: &Reading) -> Vec<u32> {
    reading.claims.iter().map(|claim| claim.quotes[0].turn).collect()
}

#[tokio::test]
async fn a_long_source_is_read_in_windows_and_every_turn_is_claimed_once() {
    let fake = FakeOpenAi::start([Answer::QuoteEveryTurn]).await;
    let engine = engine_with(fake.settings(), 8_192).unwrap();
    let reading = engine.read(evidence(&long_call(200))).await.unwrap();
    assert_eq!(turns_of(&reading), (0..200).collect::<Vec<_>>());
    let bodies = fake.bodies().await;
    assert!(bodies.len() > 2, "{} windows", bodies.len());
    assert_eq!(reading.usage.input_tokens, TOKENS.0 * bodies.len() as u64);
    assert!(user_message(&bodies[0]).contains("a part of the source"));
}

#[tokio::test]
async fn a_turn_longer_than_the_model_reads_is_read_in_parts_of_that_turn() {
    let words: Vec<String> = (0..4_000).map(|n| format!("word{n}")).collect();
    let words = words.join(" ");
    let fake = FakeOpenAi::start([Answer::QuoteEveryTurn]).await;
    let engine = engine_with(fake.settings(), 8_192).unwrap();
    let reading = engine.read(evidence(&transcript(&[("Sam Ito", "Hi."), ("Dana Ruiz", &words)]))).await.unwrap();
    assert!(reading.claims.len() > 3 && reading.claims[1..].iter().all(|claim| claim.quotes[0].turn == 1));
    assert!(reading.claims[1..].iter().all(|claim| words.contains(&claim.quotes[0].quote)), "parts stay verbatim");
}

#[tokio::test]
async fn what_the_server_finds_too_long_is_halved() {
    let too_long = || Answer::error(400, "This model's maximum context length is 4096 tokens");
    let (reading, bodies) = read(&long_call(40), vec![too_long(), Answer::QuoteEveryTurn]).await;
    assert_eq!(turns_of(&reading.unwrap()), (0..40).collect::<Vec<_>>());
    assert_eq!(bodies.len(), 3, "the whole, then two halves");

    let (reading, bodies) = read(&long_call(1), vec![too_long()]).await;
    assert!(matches!(reading, Err(EngineError::ContextTooLong(_))), "{reading:?}");
    assert_eq!(bodies.len(), 1);
}

#[tokio::test]
async fn a_reply_that_was_cut_off_is_asked_for_in_halves() {
    let (reading, _) = read(&long_call(40), vec![Answer::QuoteAtMost(12)]).await;
    assert_eq!(turns_of(&reading.unwrap()), (0..40).collect::<Vec<_>>());

    let (reading, bodies) = read(&long_call(1), vec![Answer::QuoteAtMost(0)]).await;
    assert!(matches!(reading, Err(EngineError::BadReply(_))), "{reading:?}");
    assert_eq!(bodies.len(), 1);
}

#[tokio::test]
async fn a_context_that_the_instructions_fill_is_said_before_anything_is_sent() {
    let fake = FakeOpenAi::start([good()]).await;
    let reading = engine_with(fake.settings(), 2_048).unwrap().read(evidence(&small_call())).await;
    assert!(matches!(&reading, Err(EngineError::ContextTooLong(reason)) if reason.contains("2048")), "{reading:?}");
    assert!(fake.requests().await.is_empty());
}

#[tokio::test]
async fn a_source_without_words_costs_nothing() {
    let (reading, bodies) = read(&transcript(&[("Dana Ruiz", " \n")]), vec![good()]).await;
    assert_eq!((reading.unwrap(), bodies.len()), (Reading::default(), 0));
}
