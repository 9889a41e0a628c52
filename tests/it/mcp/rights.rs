//! Who gets what from which tool: one row per tool, one letter per caller, each of them tried.

use std::collections::BTreeSet;

use baton::domain::ids::DealId;
use baton::domain::user::Scope;
use baton::review;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use super::asked_again;
use crate::support::app::Answer as _;
use crate::support::assistant::sent;
use crate::support::world::{MARK, Pass, Who, World};

/// `+` told, `1` not signed in (401), `3` not with this token (403), `4` not there for this caller. The callers, each with a
/// token for reading of their own unless they are one already:
///
/// ```text
/// nobody | the deal's AE, another AE | the deal's CSM, another CSM | RevOps, Leader, Admin | Admin of another workspace
///        | tokens: an integration's for the CRM's call, the AE's for reading, the Admin's for everything
/// ```
const TABLE: &str = "
tools/list                      1 ++ ++ +++ + 3++
resources/list                  1 ++ ++ +++ + 3++
resources/templates/list        1 ++ ++ +++ + 3++
resources/read@document         1 +4 +4 +++ 4 3++
resources/read@transcript       1 +4 +4 +++ 4 3++
list_accounts                   1 ++ ++ +++ + 3++
list_deals                      1 ++ ++ +++ + 3++
list_deals@account              1 ++ ++ +++ + 3++
get_deal                        1 +4 +4 +++ 4 3++
get_handoff                     1 +4 +4 +++ 4 3++
get_handoff@draft               1 +4 +4 +++ 4 3++
get_document                    1 +4 +4 +++ 4 3++
ask                             1 ++ ++ +++ + 3++
ask@deal                        1 +4 +4 +++ 4 3++
ask@account                     1 +4 +4 +++ 4 3++
search_record                   1 ++ ++ +++ + 3++
search_record@deal              1 +4 +4 +++ 4 3++
search_record@account           1 +4 +4 +++ 4 3++
get_transcript                  1 +4 +4 +++ 4 3++
list_commitments                1 +4 +4 +++ 4 3++
ledger                          1 ++ ++ +++ + 3++
ledger@elsewhere                1 ++ ++ +++ + 3++
contradictions                  1 ++ ++ +++ + 3++
contradictions@elsewhere        1 ++ ++ +++ + 3++
ledger_trends                   1 ++ ++ +++ + 3++
repeat_questions                1 +4 +4 +++ 4 3++
client_dna@deal                 1 +4 +4 +++ 4 3++
client_dna@account              1 +4 +4 +++ 4 3++
client_dna_changes@deal         1 +4 +4 +++ 4 3++
client_dna_changes@account      1 +4 +4 +++ 4 3++
";

/// Rows whose answers hold words of the first workspace for whoever is told anything: all but what tells of the protocol, and
/// counts.
fn holds_words(row: &str) -> bool {
    !row.starts_with("tools/") && !row.ends_with("templates/list") && row != "ledger_trends"
}

/// The world with a promise that its contract contradicts, and a question that was asked again after the sale.
async fn world() -> World {
    let world = World::new().await;
    let (app, deal) = (&world.app.app, world.id::<DealId>("deal_id"));
    let finding = json!({"field": "commitment", "attributes": {"contract": "contradicted"}});
    let finding = serde_json::from_value(finding).unwrap();
    review::attest(app, &world.caller(Who::Owner), &deal, finding, "Velvetmoth training is free.").await.unwrap();
    asked_again(app, deal.as_str(), &world.ids["source_id"], 1).await;
    world
}

fn request(world: &World, row: &str) -> (&'static str, Value) {
    let id = |name: &str| world.ids[name].clone();
    let (name, variant) = row.split_once('@').unwrap_or((row, ""));
    let call = |arguments: Value| ("tools/call", json!({"name": name, "arguments": arguments}));
    match (name, variant) {
        ("tools/list", _) => ("tools/list", json!({})),
        ("resources/list", _) => ("resources/list", json!({})),
        ("resources/templates/list", _) => ("resources/templates/list", json!({})),
        ("resources/read", "document") => {
            ("resources/read", json!({"uri": format!("baton://deals/{}/versions/1/full", id("deal_id"))}))
        }
        ("resources/read", _) => {
            ("resources/read", json!({"uri": format!("baton://sources/{}/transcript", id("source_id"))}))
        }
        ("list_deals" | "client_dna" | "client_dna_changes", "account") => call(json!({"account": id("account_id")})),
        ("ask", "deal") => call(json!({"question": "Why was the freezer bought?", "deal": id("deal_id")})),
        ("ask", "account") => call(json!({"question": "Why was the freezer bought?", "account": id("account_id")})),
        ("ask", _) => call(json!({"question": "Why was the freezer bought?"})),
        ("search_record", "deal") => call(json!({"query": "freezer pallets", "deal": id("deal_id")})),
        ("search_record", "account") => call(json!({"query": "freezer pallets", "account": id("account_id")})),
        ("search_record", _) => call(json!({"query": "freezer pallets"})),
        ("get_handoff", "draft") => call(json!({"deal": id("deal_id"), "which": "draft"})),
        ("get_document", _) => call(json!({"deal": id("deal_id"), "document": "full"})),
        ("get_transcript", _) => call(json!({"source": id("source_id")})),
        ("list_accounts" | "list_deals" | "ledger" | "contradictions" | "ledger_trends", "") => call(json!({})),
        // A filter that names a deal shows no more of it.
        ("ledger" | "contradictions", _) => call(json!({"deal": id("deal_id"), "q": "velvetmoth"})),
        (
            "get_deal" | "get_handoff" | "list_commitments" | "repeat_questions" | "client_dna" | "client_dna_changes",
            _,
        ) => call(json!({"deal": id("deal_id")})),
        other => unreachable!("say here how to call {other:?}"),
    }
}

/// Everybody's token for reading.
async fn passes(world: &World) -> Vec<Pass> {
    let mut passes = Vec::new();
    for who in Who::ALL {
        passes.push(match (world.pass(who), world.user(who)) {
            (Pass::Cookie(_), Some(user)) => Pass::Token(world.token_named(user, "mcp", &[Scope::Read]).await.1),
            (pass, _) => pass,
        });
    }
    passes
}

#[tokio::test]
async fn every_tool_has_its_row_and_everybody_gets_what_it_says() {
    let world = world().await;
    let (client, door, passes) = (Client::new(), world.door().await, passes(&world).await);
    let (_, listed) = sent(&client, &door, &passes[Who::Owner as usize], "tools/list", &json!({})).await;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let tools: BTreeSet<&str> =
        listed["result"]["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    let rows: Vec<(&str, Vec<char>)> = TABLE
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(row, cells)| (row, cells.chars().filter(|c| *c != ' ').collect()))
        .collect();
    let named: BTreeSet<&str> =
        rows.iter().map(|(row, _)| row.split('@').next().unwrap()).filter(|row| !row.contains('/')).collect();
    assert_eq!(tools, named, "tools on the left, rows on the right");

    let mut wrong = Vec::new();
    for (row, cells) in rows {
        let (method, params) = request(&world, row);
        for ((who, pass), said) in Who::ALL.into_iter().zip(&passes).zip(cells) {
            let (status, answer) = sent(&client, &door, pass, method, &params).await;
            let reply: Value = serde_json::from_str(&answer).unwrap_or_default();
            let refused = reply.get("error").is_some() || reply["result"]["isError"] == true;
            let got = match status {
                StatusCode::UNAUTHORIZED => '1',
                StatusCode::FORBIDDEN => '3',
                StatusCode::OK if refused && answer.contains("there is no") => '4',
                StatusCode::OK if !refused && reply.get("result").is_some() => '+',
                _ => '?',
            };
            let is_told = answer.to_lowercase().contains(MARK);
            let is_other = matches!(who, Who::OtherAe | Who::OtherCsm);
            // Their own deals hold no words to find, and no promises.
            let is_empty = is_other && (row.starts_with("contradictions") || matches!(row, "search_record" | "ask"));
            let may_be_told = said == '+' && who != Who::Stranger && !is_empty;
            let must_be_told = may_be_told && holds_words(row) && !is_other;
            if got != said || (is_told && !may_be_told) || (!is_told && must_be_told) {
                wrong.push(format!("{who:?}: {row}: {got} in place of {said}, {status}: {answer:.300}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What a tool answers a caller, as data.
async fn data(client: &Client, door: &str, pass: &Pass, name: &str) -> Value {
    let (_, answer) = sent(client, door, pass, "tools/call", &json!({"name": name, "arguments": {}})).await;
    serde_json::from_str::<Value>(&answer).unwrap()["result"]["structuredContent"].clone()
}

#[tokio::test]
async fn what_stands_against_promises_is_listed_and_counted_of_ones_own_deals_only() {
    let world = world().await;
    let (client, door, passes) = (Client::new(), world.door().await, passes(&world).await);
    for who in Who::ALL.into_iter().filter(|who| !matches!(who, Who::Nobody | Who::Crm)) {
        let pass = &passes[who as usize];
        let get = |path: &str| pass.on(client.get(format!("{door}{path}"))).answer(StatusCode::OK);
        let sees = !matches!(who, Who::OtherAe | Who::OtherCsm | Who::Stranger);
        let trends = get("/v1/ledger/trends").await;
        let is_told = ["months", "categories"].map(|of| trends[of] != json!([]));
        assert_eq!(is_told, [sees, sees], "{who:?}: {trends}");
        assert_eq!(data(&client, &door, pass, "ledger_trends").await, trends, "{who:?}");
        let listed = get("/v1/ledger/contradictions").await;
        let listed = listed["items"].as_array().unwrap().iter().map(|pair| pair["promise"]["statement"].clone());
        let told = data(&client, &door, pass, "contradictions").await;
        let told = told["contradictions"].as_array().unwrap().iter().map(|pair| pair["promise"]["statement"].clone());
        let (listed, told) = (listed.collect::<Vec<_>>(), told.collect::<Vec<_>>());
        assert_eq!((&told, told.contains(&json!("Velvetmoth training is free."))), (&listed, sees), "{who:?}");
    }
}

#[tokio::test]
async fn notes_about_persons_are_told_to_those_who_work_on_the_deal_only() {
    const NOTE: &str = "grudgeful";
    let world = World::new().await;
    let deal = world.id("deal_id");
    world.attest(&deal, "politics", &format!("The board is {NOTE}.")).await;
    world.finalize(&deal).await;
    world.ask(&deal, Some("politics"), &format!("Who is {NOTE}?")).await;
    let (client, door, passes) = (Client::new(), world.door().await, passes(&world).await);
    for who in Who::ALL {
        let mut told = String::new();
        for (name, arguments) in [
            ("get_deal", json!({"deal": deal})),
            ("get_handoff", json!({"deal": deal, "which": "final"})),
            ("get_handoff", json!({"deal": deal, "which": "final", "format": "json"})),
            ("get_handoff", json!({"deal": deal, "which": "draft"})),
            ("get_handoff", json!({"deal": deal, "which": "draft", "format": "json"})),
            ("get_document", json!({"deal": deal, "document": "full"})),
            ("get_document", json!({"deal": deal, "document": "json"})),
            ("get_document", json!({"deal": deal, "document": "brief"})),
            ("search_record", json!({"query": "the board", "deal": deal})),
            ("ask", json!({"question": "What politics are there around the board?", "deal": deal})),
            ("list_commitments", json!({"deal": deal})),
            ("ledger", json!({"deal": deal})),
            ("client_dna", json!({"deal": deal})),
            ("client_dna", json!({"account": world.ids["account_id"]})),
            ("contradictions", json!({"deal": deal})),
            ("repeat_questions", json!({"deal": deal})),
            ("client_dna_changes", json!({"deal": deal, "since": "2020-01-01"})),
            ("client_dna_changes", json!({"account": world.ids["account_id"], "since": "2020-01-01"})),
        ] {
            let params = json!({"name": name, "arguments": arguments});
            let (_, answer) = sent(&client, &door, &passes[who as usize], "tools/call", &params).await;
            told.push_str(&answer);
        }
        let may = matches!(who, Who::Owner | Who::Csm | Who::Admin | Who::Reader | Who::AllScopes);
        assert_eq!(told.contains(NOTE), may, "{who:?}");
    }
}
