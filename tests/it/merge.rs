//! Findings of several calls become one handoff: said twice is one item, and the last word counts with the first in sight.

use serde_json::{Value, json};

use crate::support::app::TestApp;

const FIRST: &str = "Dana Ruiz: I'm Dana Ruiz, account executive at Ferrite.\n\
    Omar Haddad: Omar Haddad, I run operations here at Harbor and Pine.\n\
    Dana Ruiz: We will have the dock scheduler live at all six sites by June 14.\n\
    Omar Haddad: Okay, that would work for us.\n\
    Dana Ruiz: We will migrate all of your historical logs before the October audit, at no charge.\n\
    Omar Haddad: Lovely.\n";

const SECOND: &str = "Omar Haddad: So where do we stand?\n\
    Dana Ruiz: We will have the dock scheduler live at all six sites by July 9.\n\
    Omar Haddad: Later than you said, but fine.\n\
    Dana Ruiz: And as I said, we will migrate all of your historical logs before the October audit, at no charge.\n\
    Omar Haddad: Good.\n";

async fn commitments() -> Vec<Value> {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    app.upload(&deal, "01-first.txt", FIRST).await;
    app.upload(&deal, "02-second.txt", SECOND).await;
    app.drain().await;
    let draft = app.draft(&deal).await;
    draft["items"].as_array().unwrap().iter().filter(|item| item["field"] == "commitment").cloned().collect()
}

fn about<'a>(items: &'a [Value], words: &str) -> Vec<&'a Value> {
    items.iter().filter(|item| item["citations"][0]["quote"].as_str().unwrap().contains(words)).collect()
}

#[tokio::test]
async fn the_same_promise_on_two_calls_is_one_item_with_both_moments() {
    let items = commitments().await;
    let training = about(&items, "historical logs");
    assert_eq!(training.len(), 1, "{items:?}");
    let sources: Vec<&Value> = training[0]["citations"].as_array().unwrap().iter().map(|c| &c["source"]).collect();
    assert_eq!(sources, ["01-first.txt", "02-second.txt"]);
    assert_eq!(training[0]["attributes"]["history"], "repeated");
}

#[tokio::test]
async fn a_changed_promise_supersedes_the_earlier_one_and_both_stay_in_sight() {
    let items = commitments().await;
    let live = about(&items, "dock scheduler live");
    assert_eq!(live.len(), 2, "{items:?}");
    let (old, new) = (live[0], live[1]);
    assert_eq!(
        (&old["attributes"]["history"], &new["attributes"]["history"]),
        (&json!("superseded"), &json!("changed"))
    );
    assert_eq!(old["attributes"]["superseded_by"], new["id"]);
    assert!(new["citations"][0]["quote"].as_str().unwrap().contains("July 9"));
}
