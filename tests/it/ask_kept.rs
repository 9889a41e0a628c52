//! Answers over several deals and after a while: what they count, what they rest on, and that none is lost among others.

use baton::ask::kept;
use baton::ask::record::{self, Over};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{Answer as _, TestApp, text};
use crate::support::world::{Who, World};

const CALL: &str = "Dana Ruiz: I'm Dana, account executive at Ferrite.\n\
    Omar Haddad: Omar, I run operations at Harbor and Pine.\n\
    Dana Ruiz: We will have the dock scheduler live at all six sites by June 14.\n\
    Omar Haddad: Good. And our people in the north?\n\
    Dana Ruiz: We will train the night shift on site, that is a promise.\n";
const UNWRITTEN: &str = "What did we promise that is not in the contract?";
const NOBODY_SAYS: &str = "Which bank issued the guarantee for the down payment?";

async fn drafted(app: &TestApp) -> String {
    let deal = app.deal().await;
    app.upload(&deal, "call.txt", CALL).await;
    app.drain().await;
    deal
}

async fn ask(app: &TestApp, path: &str, question: &str) -> Value {
    app.post(path, &json!({"question": question})).answer(StatusCode::OK).await
}

/// What has changed since, of each answer in a list, the newest first.
async fn stale(app: &TestApp, query: &str) -> Vec<Vec<String>> {
    let listed = app.get(&format!("/v1/answers{query}")).answer(StatusCode::OK).await;
    let told = |answer: &Value| answer["stale"].as_array().unwrap().iter().map(text).collect();
    listed.as_array().unwrap().iter().map(told).collect()
}

#[tokio::test]
async fn where_there_is_no_contract_no_promise_is_in_one() {
    let app = TestApp::new().await;
    let deal = drafted(&app).await;
    let answer = ask(&app, &format!("/v1/deals/{deal}/ask"), UNWRITTEN).await["answer"].clone();
    assert_eq!(answer["basis"], "items", "{answer}");
    let said = text(&answer["answer"]);
    assert!(said.contains("June 14") && said.contains("contract: no contract"), "{said}");
    let missing = answer["missing"].as_array().unwrap();
    assert!(missing.contains(&json!("no contract is in the record")), "{missing:?}");
}

#[tokio::test]
async fn who_approved_it_is_told_of_the_findings_and_of_the_deal() {
    let world = World::new().await;
    let deal = world.deal(Who::Owner, Who::Csm).await;
    let call = format!("{CALL}Omar Haddad: Our board approved the purchase on Monday.\n");
    world.app.upload(deal.as_str(), "call.txt", &call).await;
    world.app.drain().await;
    world.attest(&deal, "risk", "The budget is thin.").await;
    let answer = ask(&world.app, &format!("/v1/deals/{deal}/ask"), "Who approved it?").await["answer"].clone();
    let said = text(&answer["answer"]);
    assert!(said.contains(" approved 1 of ") && said.contains("Our board approved the purchase"), "{said}");
}

#[tokio::test]
async fn a_count_is_over_every_deal_and_can_be_of_one_strength() {
    let app = TestApp::new().await;
    let (first, second) = (drafted(&app).await, drafted(&app).await);
    let mut counted = 0;
    for deal in [first, second] {
        let draft = app.draft(&deal).await;
        let items = draft["items"].as_array().unwrap();
        counted += items.iter().filter(|item| item["attributes"]["strength"] == "firm").count();
    }
    assert!(counted >= 2);
    let answer = ask(&app, "/v1/ask", "How many promises are firm?").await["answer"].clone();
    let head = text(&answer["lines"][0]["text"]);
    assert!(head.starts_with(&format!("{counted} promises found, 0 of them approved")), "{head}");
    let source = |citation: &Value| text(&citation["source"]);
    let sources: Vec<String> = answer["citations"].as_array().unwrap().iter().map(source).collect();
    assert!(sources.iter().all(|source| source == "Six sites: call.txt"), "{sources:?}");
}

#[tokio::test]
async fn an_answer_over_several_deals_says_what_came_in_since() {
    let app = TestApp::new().await;
    let deal = drafted(&app).await;
    let account = text(&app.get(&format!("/v1/deals/{deal}")).answer(StatusCode::OK).await["account_id"]);
    let of_account = format!("/v1/accounts/{account}/ask");
    for (path, question, answered) in [
        ("/v1/ask", "When is the dock scheduler live?", true),
        ("/v1/ask", NOBODY_SAYS, false),
        (of_account.as_str(), NOBODY_SAYS, false),
    ] {
        assert_eq!(ask(&app, path, question).await["answer"]["answered"], answered, "{question}");
    }
    assert_eq!(stale(&app, "").await, vec![Vec::<String>::new(); 3]);

    // Of another account, and of another deal of the same one.
    drafted(&app).await;
    let grown = vec!["1 source could be searched then, 2 sources now".to_owned()];
    assert_eq!(stale(&app, "").await, [vec![], grown.clone(), vec![]], "words that were found still stand");
    let deals = format!("/v1/accounts/{account}/deals");
    let other = text(&app.post(&deals, &json!({"name": "North"})).answer(StatusCode::CREATED).await["id"]);
    app.upload(&other, "call.txt", CALL).await;
    app.drain().await;
    assert_eq!(stale(&app, &format!("?account={account}")).await, [grown]);
    let gap = "North: no contract is in the record";
    let again = ask(&app, &of_account, NOBODY_SAYS).await["answer"].clone();
    assert!(again["missing"].as_array().unwrap().contains(&json!(gap)), "{again}");
}

#[tokio::test]
async fn a_corrected_source_makes_the_answers_of_its_deal_stale() {
    let app = TestApp::new().await;
    let deal = drafted(&app).await;
    ask(&app, &format!("/v1/deals/{deal}/ask"), "When is the dock scheduler live?").await;
    app.upload(&deal, "call.txt", &CALL.replace("Good. And", "Very good. And")).await;
    app.drain().await;
    assert_eq!(stale(&app, "").await, [["Six sites: a source came in or was corrected"]]);
}

#[tokio::test]
async fn answers_come_in_events_what_is_read_first() {
    let app = TestApp::new().await;
    let deal = drafted(&app).await;
    let path = format!("/v1/deals/{deal}/ask");
    let asked = |question: &str| app.post(&path, &json!({"question": question})).header("Accept", "text/event-stream");
    let response = asked("When is the dock scheduler live?").send().await.unwrap();
    assert_eq!(response.headers()["Content-Type"], "text/event-stream");
    let body = response.text().await.unwrap();
    let event = |block: &str| {
        let (name, data) = block.strip_prefix("event: ").unwrap().split_once("\ndata: ").unwrap();
        (name.to_owned(), serde_json::from_str::<Value>(data).unwrap())
    };
    let events: Vec<(String, Value)> = body.trim_end().split("\n\n").map(event).collect();
    let (reading, lines, answer) = (&events[0], &events[1..events.len() - 1], &events[events.len() - 1]);
    assert_eq!((reading.0.as_str(), &reading.1["searched"]["sources"]), ("reading", &json!(1)));
    assert_eq!(reading.1["evidence"][0]["source"], "call.txt", "{body}");
    assert!(!lines.is_empty() && lines.iter().all(|(name, _)| name == "line"), "{body}");
    let told: Vec<&Value> = lines.iter().map(|(_, line)| line).collect();
    assert_eq!((answer.0.as_str(), &answer.1["answer"]["lines"]), ("answer", &json!(told)));
    let kept = app.get(&format!("/v1/answers/{}", text(&answer.1["id"]))).answer(StatusCode::OK).await;
    assert_eq!(kept["answer"], answer.1["answer"]);

    // What cannot be asked is told before anything is sent.
    asked(" ").answer(StatusCode::UNPROCESSABLE_ENTITY).await;
}

#[tokio::test]
async fn what_one_asked_is_not_lost_among_what_was_answered_ahead_for_others() {
    let world = World::new().await;
    let deal = world.id("deal_id");
    let csm = world.caller(Who::Csm);
    let own = record::ask(&world.app.app, &csm, Over::All, NOBODY_SAYS).await.unwrap();
    world.app.drain().await;
    world.finalize(&deal).await;
    world.app.drain().await;
    let listed = kept::list(&world.app.app, &csm, &Over::All).await.unwrap();
    assert!(listed.iter().any(|answer| answer.id == own.id));
    assert!(listed.iter().all(|answer| answer.asked_by.is_some()), "those are listed with their deal");
    let of_deal = kept::list(&world.app.app, &csm, &Over::Deal(deal)).await.unwrap();
    assert!(of_deal.iter().any(|answer| answer.asked_by.is_none()));
}

#[tokio::test]
async fn how_much_one_may_search_and_where_it_has_gaps_is_told_to_nobody_else() {
    let world = World::new().await;
    let owner = world.caller(Who::Owner);
    let over = Over::Account(world.id("account_id"));
    let answer = record::ask(&world.app.app, &owner, over, "When is the velvetmoth scheduler live?").await.unwrap();
    kept::share(&world.app.app, &owner, &answer.id, true).await.unwrap();
    for (who, knows) in [(Who::Owner, true), (Who::Csm, false)] {
        let path = format!("{}/v1/answers/{}", world.app.address, answer.id);
        let read = world.pass(who).on(Client::new().get(path)).answer(StatusCode::OK).await["answer"].clone();
        assert_eq!(read["answered"], true);
        for own in ["searched", "missing"] {
            assert_eq!(read.get(own).is_some(), knows, "{who:?}: {read}");
        }
    }
}
