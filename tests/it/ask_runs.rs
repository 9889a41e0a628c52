//! What is kept of a source for whoever asks something of it, and what happens where it is not.

use std::fs;
use std::ops::RangeInclusive;

use baton::ask::runs::{KeptClause, KeptRun};
use baton::domain::ids::SourceId;
use baton::store::runs::reaching;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::app::{Answer as _, TestApp, text};

const CALL: &str = "fixtures/deals/harbor-cold-chain/01-discovery.vtt";
const QUESTION: &str = "When is Port Sorrel live?";

/// The sample call, uploaded and read.
async fn uploaded() -> (TestApp, String, SourceId) {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    let source = app.upload(&deal, "01-discovery.vtt", &fs::read_to_string(CALL).unwrap()).await;
    app.drain().await;
    (app, deal, text(&source["source"]["id"]).parse().unwrap())
}

async fn quotes(app: &TestApp, deal: &str, question: &str) -> Vec<String> {
    let answer: Value =
        app.post(&format!("/v1/deals/{deal}/ask"), &json!({"question": question})).answer(StatusCode::OK).await;
    let citations = answer["answer"]["citations"].as_array().unwrap();
    citations.iter().map(|citation| text(&citation["quote"])).collect()
}

async fn runs(app: &TestApp, source: &SourceId, turns: RangeInclusive<u32>) -> Vec<KeptRun> {
    reaching(&mut app.app.store.read().await.unwrap(), source, &turns).await.unwrap()
}

#[tokio::test]
async fn a_source_whose_runs_were_never_kept_answers_like_any_other() {
    let (app, deal, source) = uploaded().await;
    let promise = |quotes: Vec<String>| quotes.into_iter().find(|quote| quote.contains("live by the first of June"));
    let before = promise(quotes(&app, &deal, QUESTION).await);
    assert!(before.is_some());

    let mut tx = app.app.store.write().await.unwrap();
    sqlx::query("delete from runs").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    assert!(runs(&app, &source, 0..=u32::MAX).await.is_empty());
    assert_eq!(promise(quotes(&app, &deal, QUESTION).await), before);
}

#[tokio::test]
async fn the_runs_that_reach_into_some_turns_are_found() {
    let (app, _, source) = uploaded().await;
    let all = runs(&app, &source, 0..=u32::MAX).await;
    assert!(
        all.len() > 4 && all.iter().flat_map(|run| &run.clauses).all(|clause| clause.vector.is_some()),
        "{} runs",
        all.len()
    );
    let clauses_of = |runs: &[KeptRun], turns: RangeInclusive<u32>| -> Vec<KeptClause> {
        let clauses = runs.iter().flat_map(|run| &run.clauses);
        clauses.filter(|clause| turns.contains(&clause.turn)).cloned().collect()
    };
    let last = all.last().unwrap().start.turn;
    for first in 0..=last {
        for end in [first, last.min(first + 7), last] {
            let found = runs(&app, &source, first..=end).await;
            assert_eq!(clauses_of(&found, first..=end), clauses_of(&all, first..=end), "{first} to {end}");
            assert!(found.iter().all(|run| run.start.turn <= end), "{first} to {end}");
        }
    }
}
