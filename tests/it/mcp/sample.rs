//! What the tools tell of a sample deal: the same as the API, in parts that fit, over both transports.

use std::fs;
use std::path::Path;

use baton::domain::field::Field;
use baton::domain::user::Role;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::app::{Answer as _, Signed, TestApp, text};
use crate::support::assistant::Assistant;

/// Characters of one answer at most, as JSON: its data and its text, each somewhat above the limit of their words.
const MAX_ANSWER: usize = 120_000;

/// A sample deal, read, reviewed and final.
async fn sample(app: &TestApp) -> String {
    let deal = app.deal().await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/deals/brightwater-foundry");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| !file.ends_with("gold.json"));
    files.sort();
    for file in files {
        app.upload(&deal, file.file_name().unwrap().to_str().unwrap(), &fs::read_to_string(&file).unwrap()).await;
    }
    app.drain().await;
    for field in Field::ALL {
        app.post(&format!("/v1/deals/{deal}/approve"), &json!({"field": field})).answer(StatusCode::OK).await;
    }
    let revision = app.draft(&deal).await["revision"].clone();
    let finalize = app.post(&format!("/v1/deals/{deal}/finalize"), &json!({"override_reason": "Kickoff is tomorrow"}));
    finalize.header("If-Match", format!("\"{revision}\"")).answer(StatusCode::CREATED).await;
    deal
}

/// Calls a tool until there is nothing more; all parts.
async fn all(assistant: &Assistant, tool: &str, arguments: Value) -> Vec<Value> {
    let (mut parts, mut arguments) = (Vec::new(), arguments);
    loop {
        let (data, text) = assistant.call(tool, arguments.clone()).await;
        assert!(data.to_string().chars().count() + text.chars().count() < MAX_ANSWER, "{tool} floods");
        let next = data["next_cursor"].clone();
        assert_eq!(text.contains("There is more"), !next.is_null(), "{tool} says whether there is more");
        parts.push(data);
        if next.is_null() {
            return parts;
        }
        arguments["cursor"] = next;
    }
}

fn joined(parts: &[Value], name: &str) -> String {
    parts.iter().map(|part| part[name].as_str().unwrap()).collect()
}

fn entries(parts: &[Value], name: &str) -> Vec<Value> {
    parts.iter().flat_map(|part| part[name].as_array().unwrap().clone()).collect()
}

/// A document of a deal's only version, as the API gives it.
async fn document(app: &TestApp, deal: &str, kind: &str) -> String {
    let versions = app.get(&format!("/v1/deals/{deal}/versions")).answer(StatusCode::OK).await;
    let path = format!("/v1/versions/{}/documents/{kind}", text(&versions[0]["id"]));
    app.get(&path).send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn the_tools_tell_what_the_api_tells() {
    let app = TestApp::new().await;
    let deal = sample(&app).await;
    let tess = Signed::up(&app.app, "Tess Marlow", Role::Admin).await;
    let assistant = Assistant::over_http(&app.address, &tess.token).await.unwrap();
    let draft = app.draft(&deal).await;
    same_lists(&assistant, &deal).await;
    same_deal(&assistant, &deal, &draft).await;
    same_documents(&app, &assistant, &deal).await;
    same_handoff(&app, &assistant, &deal, &draft).await;
    same_transcripts(&app, &assistant, &deal).await;
    same_commitments(&assistant, &deal, &draft).await;
    same_ledger(&app, &assistant).await;
    same_profile(&app, &assistant, &deal).await;
    finds_passages(&assistant, &deal).await;
}

async fn same_lists(assistant: &Assistant, deal: &str) {
    let (accounts, _) = assistant.call("list_accounts", json!({})).await;
    assert_eq!(accounts["accounts"][0]["name"], "Harbor & Pine");
    let (deals, said) = assistant.call("list_deals", json!({"state": "finalized", "q": "HARBOR"})).await;
    assert_eq!((&deals["deals"][0]["id"], &deals["deals"][0]["state"]), (&json!(deal), &json!("finalized")));
    assert!(said.contains(deal) && said.contains("\"Six sites\" of \"Harbor & Pine\": finalized"), "{said}");
}

async fn same_deal(assistant: &Assistant, deal: &str, draft: &Value) {
    let (read, said) = assistant.call("get_deal", json!({"deal": deal})).await;
    assert_eq!(read["scorecard"], draft["scorecard"]);
    assert_eq!((&read["ready_percent"], &read["versions"][0]["number"]), (&draft["readiness"]["percent"], &json!(1)));
    assert_eq!(read["sources"].as_array().unwrap().len(), 7);
    assert!(said.contains("stakeholder map: ") && said.contains("\"03-negotiation.vtt\": call_transcript"), "{said}");
}

async fn same_documents(app: &TestApp, assistant: &Assistant, deal: &str) {
    for kind in ["brief", "full", "agenda", "introduction", "read_back", "kickoff", "success_plan", "crm", "json"] {
        let parts = all(assistant, "get_document", json!({"deal": deal, "document": kind})).await;
        let whole = document(app, deal, kind).await;
        assert_eq!(joined(&parts, "text"), whole, "{kind}");
        assert_eq!(assistant.read(&format!("baton://deals/{deal}/versions/1/{kind}")).await.unwrap(), whole);
    }
}

async fn same_handoff(app: &TestApp, assistant: &Assistant, deal: &str, draft: &Value) {
    let markdown = all(assistant, "get_handoff", json!({"deal": deal})).await;
    assert_eq!(joined(&markdown, "markdown"), document(app, deal, "full").await);
    let items = |parts: &[Value]| -> Vec<Value> {
        parts.iter().flat_map(|part| part["json"]["items"].as_array().unwrap().clone()).collect()
    };
    let json = all(assistant, "get_handoff", json!({"deal": deal, "format": "json"})).await;
    let handoff: Value = serde_json::from_str(&document(app, deal, "json").await).unwrap();
    assert!(json.len() > 1, "the sample is long enough to come in parts");
    assert_eq!((json!(items(&json)), &json[0]["json"]["sources"]), (handoff["items"].clone(), &handoff["sources"]));
    let drafted = all(assistant, "get_handoff", json!({"deal": deal, "which": "draft", "format": "json"})).await;
    assert_eq!(json!(items(&drafted)), draft["items"]);
}

async fn same_transcripts(app: &TestApp, assistant: &Assistant, deal: &str) {
    let sources = assistant.call("get_deal", json!({"deal": deal})).await.0["sources"].clone();
    let words = |turns: &[Value]| turns.iter().map(|turn| turn["text"].clone()).collect::<Vec<_>>();
    for source in sources.as_array().unwrap() {
        let parts = all(assistant, "get_transcript", json!({"source": source["id"]})).await;
        let path = format!("/v1/sources/{}/turns?limit=200", text(&source["id"]));
        let turns = app.get(&path).answer(StatusCode::OK).await;
        assert_eq!(words(&entries(&parts, "turns")), words(turns["items"].as_array().unwrap()), "{source}");
    }
    let some = json!({"source": sources[0]["id"], "from": 2, "to": 4});
    let turns = entries(&all(assistant, "get_transcript", some).await, "turns");
    assert_eq!(turns.iter().map(|turn| turn["turn"].as_u64().unwrap()).collect::<Vec<_>>(), [2, 3, 4]);
}

async fn same_commitments(assistant: &Assistant, deal: &str, draft: &Value) {
    let promised = entries(&all(assistant, "list_commitments", json!({"deal": deal})).await, "commitments");
    let is_promise = |item: &&Value| item["field"] == "commitment" && item["state"] != "rejected";
    let expected: Vec<&Value> = draft["items"].as_array().unwrap().iter().filter(is_promise).collect();
    assert!(!expected.is_empty() && promised.len() == expected.len());
    for (told, item) in promised.iter().zip(&expected) {
        assert_eq!((&told["id"], &told["statement"]), (&item["id"], &item["statement"]));
        assert_eq!(told["words"][0]["quote"], item["citations"][0]["quote"]);
    }
    let unwritten = all(assistant, "list_commitments", json!({"deal": deal, "contract": "unwritten"})).await;
    assert!(entries(&unwritten, "commitments").iter().all(|promise| promise["contract"] == "unwritten"));
}

async fn same_ledger(app: &TestApp, assistant: &Assistant) {
    let whole = app.get("/v1/ledger?limit=200").answer(StatusCode::OK).await;
    let parts = all(assistant, "ledger", json!({"limit": 7})).await;
    let (told, expected) = (entries(&parts, "promises"), whole["items"].as_array().unwrap());
    assert!(expected.len() > 7 && told.len() == expected.len());
    for (told, entry) in told.iter().zip(expected) {
        assert_eq!((&told["id"], &told["statement"]), (&entry["id"], &entry["statement"]));
        assert_eq!((&told["due_on"], &told["standing"]), (&entry["due_on"], &entry["standing"]));
        assert_eq!(told["words"][0]["quote"], entry["said"]["quote"]);
    }
    assert!(parts.iter().all(|part| part["totals"] == whole["totals"]));
    let unwritten = app.get("/v1/ledger?contract=unwritten,contradicted").answer(StatusCode::OK).await;
    let (some, said) = assistant.call("ledger", json!({"contract": "unwritten,contradicted", "limit": 1})).await;
    let (count, id) = (&unwritten["totals"]["promises"], &unwritten["items"][0]["id"]);
    assert_eq!((&some["totals"]["promises"], &some["promises"][0]["id"]), (count, id));
    assert!(said.contains(&format!("1 of {count} promises in 1 deals")), "{said}");
}

async fn same_profile(app: &TestApp, assistant: &Assistant, deal: &str) {
    let account = text(&app.get(&format!("/v1/deals/{deal}")).answer(StatusCode::OK).await["account_id"]);
    for (path, arguments) in [
        (format!("/v1/deals/{deal}/dna"), json!({"deal": deal})),
        (format!("/v1/accounts/{account}/dna"), json!({"account": account})),
    ] {
        let profile = app.get(&path).answer(StatusCode::OK).await;
        let parts = all(assistant, "client_dna", arguments).await;
        let told = entries(&parts, "lines");
        assert_eq!((&parts[0]["account"], &parts[0]["total"]), (&profile["account"], &json!(told.len())));
        for (section, says) in
            [("goals", "statement"), ("people", "statement"), ("own_words", "words"), ("history", "text")]
        {
            let told: Vec<&Value> = told.iter().filter(|line| line["section"] == section).collect();
            let expected = profile[section].as_array().unwrap();
            assert!(!expected.is_empty() && told.len() == expected.len(), "{section}");
            for (told, line) in told.into_iter().zip(expected) {
                assert_eq!(told["text"], line[says], "{section}");
                let quotes =
                    [&line["citations"][0]["quote"], &line["citation"]["quote"], &line["basis"]["citation"]["quote"]];
                let quote = quotes.into_iter().find(|quote| quote.is_string()).unwrap_or(&Value::Null);
                assert_eq!(&told["words"][0]["quote"], quote, "{section}");
            }
        }
    }
}

async fn finds_passages(assistant: &Assistant, deal: &str) {
    let asked = json!({"query": "What does the order form say about the price?", "deal": deal, "limit": 3});
    let (found, said) = assistant.call("search_record", asked).await;
    let passages = found["passages"].as_array().unwrap();
    assert_eq!(passages.len(), 3);
    for passage in passages {
        let turn = &passage["turns"][0];
        let link = format!("/sources/{}#t{}", text(&passage["source_id"]), turn["turn"]);
        assert!(text(&passage["link"]).ends_with(&link), "{passage}");
        assert!(turn["when"].is_string() && turn["side"].is_string() && !text(&turn["text"]).is_empty());
        assert!(said.contains(&link), "{said}");
    }
    let somewhere = passages.iter().any(|passage| passage["source"] == "order-form.md");
    assert!(somewhere, "{found}");
}

#[tokio::test]
async fn both_transports_tell_the_same() {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    let call = "Dana Ruiz: We will have the dock scheduler live by June 14.\nOmar Haddad: Good.\nDana Ruiz: Bye.\nOmar Haddad: Bye.\n";
    let source = text(&app.upload(&deal, "call.txt", call).await["source"]["id"]);
    app.drain().await;
    let tess = Signed::up(&app.app, "Tess Marlow", Role::Admin).await;
    let http = Assistant::over_http(&app.address, &tess.token).await.unwrap();
    let stdio = Assistant::over_stdio(&app.address, &tess.token).await;
    assert_eq!(http.0.list_all_tools().await.unwrap(), stdio.0.list_all_tools().await.unwrap());
    assert_eq!(http.0.list_all_resources().await.unwrap(), stdio.0.list_all_resources().await.unwrap());
    assert_eq!(
        http.0.list_all_resource_templates().await.unwrap(),
        stdio.0.list_all_resource_templates().await.unwrap()
    );
    assert_eq!(http.0.peer_info().unwrap().instructions, stdio.0.peer_info().unwrap().instructions);
    for (tool, arguments) in [
        ("list_accounts", json!({})),
        ("list_deals", json!({"q": "six"})),
        ("get_deal", json!({"deal": deal})),
        ("get_handoff", json!({"deal": deal})),
        ("get_document", json!({"deal": deal, "document": "brief"})),
        ("search_record", json!({"query": "dock scheduler"})),
        ("get_transcript", json!({"source": source})),
        ("list_commitments", json!({"deal": deal})),
        ("ledger", json!({"strength": "firm"})),
        ("client_dna", json!({"deal": deal})),
        ("get_deal", json!({"deal": "x"})),
    ] {
        let (one, other) = (http.try_call(tool, arguments.clone()).await, stdio.try_call(tool, arguments).await);
        assert_eq!(one.unwrap(), other.unwrap(), "{tool}");
    }
    let uri = format!("baton://sources/{source}/transcript");
    assert_eq!(http.read(&uri).await.unwrap(), stdio.read(&uri).await.unwrap());
    assert!(http.read(&uri).await.unwrap().contains("> We will have the dock scheduler live by June 14."));
}

#[tokio::test]
async fn assistants_are_told_what_every_tool_takes_and_answers() {
    let app = TestApp::new().await;
    let tess = Signed::up(&app.app, "Tess Marlow", Role::Ae).await;
    let assistant = Assistant::over_http(&app.address, &tess.token).await.unwrap();
    let tools = assistant.0.list_all_tools().await.unwrap();
    for tool in &tools {
        let hints = tool.annotations.as_ref().unwrap();
        // An answer is kept among those of whoever asked; of the record nothing is changed.
        let reads = tool.name != "ask";
        assert_eq!((hints.read_only_hint, hints.idempotent_hint), (Some(reads), Some(reads)), "{}", tool.name);
        assert_eq!((hints.destructive_hint, hints.open_world_hint), (Some(false), Some(false)), "{}", tool.name);
        assert!(tool.title.is_some() && tool.description.as_ref().unwrap().len() > 60);
        for schema in [&tool.input_schema, tool.output_schema.as_ref().unwrap()] {
            assert_eq!(schema["type"], "object");
            for (name, property) in schema["properties"].as_object().unwrap() {
                assert!(property.get("description").is_some(), "{} {name} is not described", tool.name);
            }
        }
        assert_eq!(tool.input_schema["additionalProperties"], false);
    }
    insta::assert_json_snapshot!(
        "mcp_inputs",
        tools.iter().map(|tool| (&tool.name, &tool.input_schema)).collect::<Vec<_>>()
    );
}
