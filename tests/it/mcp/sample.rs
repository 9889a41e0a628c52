//! What the tools tell of a sample deal: the same as the API, in parts that fit, over both transports.

use std::fs;
use std::path::Path;

use baton::domain::field::Field;
use baton::domain::user::Role;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::asked_again;
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
    same_contradictions(&app, &assistant).await;
    same_trends(&app, &assistant).await;
    same_repeats(&app, &assistant, &deal).await;
    same_profile(&app, &assistant, &deal).await;
    same_changes(&app, &assistant, &deal).await;
    same_answer(&app, &assistant, &deal).await;
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

async fn same_contradictions(app: &TestApp, assistant: &Assistant) {
    let whole = app.get("/v1/ledger/contradictions?limit=200").answer(StatusCode::OK).await;
    let expected = whole["items"].as_array().unwrap();
    for kind in ["superseded", "contract"] {
        assert!(expected.iter().any(|pair| pair["kind"] == kind), "the sample has a contradiction that is {kind}");
    }
    let pair = |pair: &Value, item: &str, words: &str| {
        let (promise, against) = (&pair["promise"], &pair["against"]);
        json!([
            pair["kind"],
            promise["id"],
            promise["statement"],
            promise[words]["quote"],
            against[item],
            against["statement"],
            against[words]["quote"]
        ])
    };
    let expected: Vec<Value> = expected.iter().map(|one| pair(one, "item", "said")).collect();
    for limit in [1, 3, 100] {
        let parts = all(assistant, "contradictions", json!({"limit": limit})).await;
        let told: Vec<Value> = entries(&parts, "contradictions").iter().map(|one| pair(one, "id", "words")).collect();
        assert_eq!(told, expected, "{limit} promises at a time");
    }
    let filter = "against=contract&limit=200";
    let clauses = app.get(&format!("/v1/ledger/contradictions?{filter}")).answer(StatusCode::OK).await;
    let told = entries(&all(assistant, "contradictions", json!({"against": "contract"})).await, "contradictions");
    assert_eq!(told.len(), clauses["items"].as_array().unwrap().len());
    assert!(told.iter().all(|one| one["kind"] == "contract"));
}

async fn same_trends(app: &TestApp, assistant: &Assistant) {
    for (query, filter) in [("", json!({})), ("?contract=unwritten", json!({"contract": "unwritten"}))] {
        let trends = app.get(&format!("/v1/ledger/trends{query}")).answer(StatusCode::OK).await;
        let (told, said) = assistant.call("ledger_trends", filter).await;
        assert_eq!(told, trends);
        let categories = trends["categories"].as_array().unwrap();
        assert!(!categories.is_empty());
        for of in categories {
            let counts =
                ["written", "contradicted", "unwritten", "no_contract", "untold"].map(|says| of[says].as_i64());
            let (all, of) = (counts.into_iter().flatten().sum::<i64>(), of["category"].as_str().unwrap_or("not told"));
            assert!(said.contains(&format!("- {of}: {all} promises, ")), "{said}");
        }
    }
    let (_, said) = assistant.call("ledger_trends", json!({"q": "no such words"})).await;
    assert_eq!(said, "No promises in this selection.\n");
}

async fn same_repeats(app: &TestApp, assistant: &Assistant, deal: &str) {
    let asked = json!({"deal": deal});
    let (_, said) = assistant.call("repeat_questions", asked.clone()).await;
    assert!(said.contains("nothing can have been asked again"), "{said}");
    let source = text(&assistant.call("get_deal", asked.clone()).await.0["sources"][0]["id"]);
    asked_again(&app.app, deal, &source, 2).await;
    let expected = app.get(&format!("/v1/deals/{deal}/repeats")).answer(StatusCode::OK).await;
    let (told, said) = assistant.call("repeat_questions", asked).await;
    assert_eq!(json!([told["sources"], told["questions"]]), json!([expected["sources"], expected["questions"]]));
    let words = |repeats: &Value| -> Vec<Value> {
        let pairs = repeats["repeats"].as_array().unwrap().iter();
        pairs.map(|pair| json!([pair["question"]["quote"], pair["answer"]["quote"]])).collect()
    };
    assert_eq!((words(&told), words(&told).len()), (words(&expected), 2));
    assert!(said.contains("2 of 2 questions that had an answer already, among 2 in 1 sources"), "{said}");
}

async fn same_changes(app: &TestApp, assistant: &Assistant, deal: &str) {
    let account = text(&app.get(&format!("/v1/deals/{deal}")).answer(StatusCode::OK).await["account_id"]);
    let (of_deal, of_account) =
        (format!("/v1/deals/{deal}/dna/changes"), format!("/v1/accounts/{account}/dna/changes"));
    let changes = app.get(&of_deal).answer(StatusCode::OK).await;
    let kept = changes["kept"].as_array().unwrap();
    assert!(kept.len() > 1 && changes["changed"] != json!([]), "approval changed the profile: {changes}");
    let first = text(&kept[kept.len() - 1]["id"]);
    for since in ["", "2020-01-01", "2026-03-02", "2026-03-02T10:00:00Z", first.as_str()] {
        same_changes_since(app, assistant, &of_deal, json!({"deal": deal}), since).await;
        if since != first {
            same_changes_since(app, assistant, &of_account, json!({"account": account}), since).await;
        }
    }
}

async fn same_changes_since(app: &TestApp, assistant: &Assistant, path: &str, mut arguments: Value, since: &str) {
    let changes = app.get(&format!("{path}?since={since}")).answer(StatusCode::OK).await;
    arguments["since"] = json!(since);
    let parts = all(assistant, "client_dna_changes", arguments).await;
    let mut total = 0;
    for (list, names) in [
        ("since", &["id", "occasion", "at"][..]),
        ("came", &["section", "id", "text"]),
        ("went", &["section", "id", "text"]),
        ("changed", &["section", "moved_from", "id", "before", "after", "details"]),
        ("kept", &["id", "occasion", "at"]),
    ] {
        let of = |entry: &Value| names.iter().map(|name| entry[name].clone()).collect::<Vec<_>>();
        let told: Vec<_> = entries(&parts, list).iter().map(|entry| (of(entry), entry["deal"].clone())).collect();
        let expected = changes[list].as_array().unwrap().iter();
        let expected: Vec<_> = expected.map(|entry| (of(entry), entry["deal"]["name"].clone())).collect();
        assert_eq!(told, expected, "{path} since {since}: {list}");
        total += told.len();
    }
    assert!(parts.iter().all(|part| part["total"] == json!(total)));
}

async fn same_answer(app: &TestApp, assistant: &Assistant, deal: &str) {
    for (question, answered) in
        [("Who signs the contract?", true), ("Who won the chess tournament in Reykjavik?", false)]
    {
        let path = format!("/v1/deals/{deal}/ask");
        let asked = app.post(&path, &json!({"question": question})).answer(StatusCode::OK).await;
        let (told, said) = assistant.call("ask", json!({"question": question, "deal": deal})).await;
        assert_eq!((&told["answer"], &told["answered"]), (&asked["answer"], &json!(answered)), "{said}");
        let citations = told["answer"]["citations"].as_array().unwrap();
        assert_eq!(!citations.is_empty(), answered, "{said}");
        for (at, words) in citations.iter().enumerate() {
            assert!(
                said.contains(&format!("\n[{}] ", at + 1)) && said.contains(&format!("turn {}:\n> ", words["turn"]))
            );
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
async fn however_many_there_are_they_come_in_parts_and_whole() {
    let app = TestApp::new().await;
    let deal = app.deal().await;
    let call = "Omar Haddad: How many pallets are there?\nDana Ruiz: Forty.\n";
    let source = text(&app.upload(&deal, "call.txt", call).await["source"]["id"]);
    app.drain().await;
    let attest = async |field: &str, attributes: Value, statement: &str| {
        let item = json!({"field": field, "attributes": attributes, "statement": statement});
        text(&app.post(&format!("/v1/deals/{deal}/items"), &item).answer(StatusCode::CREATED).await["id"])
    };
    let newer = attest("commitment", json!({}), "Live by July.").await;
    let long = "We count every pallet twice. ".repeat(60);
    for n in 0..13 {
        // Two contradictions each: a newer word, and a clause that says otherwise.
        let older = json!({"superseded_by": newer, "contract": "contradicted"});
        attest("commitment", older, &format!("Promise {n}. {long}")).await;
        attest("risk", json!({}), &format!("Risk {n}. {long}")).await;
    }
    asked_again(&app.app, &deal, &source, 90).await;
    let tess = Signed::up(&app.app, "Tess Marlow", Role::Admin).await;
    let assistant = Assistant::over_http(&app.address, &tess.token).await.unwrap();

    let parts = all(&assistant, "contradictions", json!({"limit": 100})).await;
    let pairs = |part: &Value| part["contradictions"].as_array().unwrap().len();
    assert!(parts.len() > 2 && parts.iter().all(|part| pairs(part) % 2 == 0), "both of a promise stand in one part");
    same_contradictions(&app, &assistant).await;
    let repeats = all(&assistant, "repeat_questions", json!({"deal": deal})).await;
    assert!(repeats.len() > 1 && entries(&repeats, "repeats").len() == 90);
    let arguments = json!({"deal": deal, "since": "2020-01-01"});
    assert!(all(&assistant, "client_dna_changes", arguments.clone()).await.len() > 1);
    same_changes_since(&app, &assistant, &format!("/v1/deals/{deal}/dna/changes"), json!({"deal": deal}), "2020-01-01")
        .await;

    // Parts of two states of a profile are not put together.
    let cursor = assistant.call("client_dna_changes", arguments).await.0["next_cursor"].clone();
    attest("risk", json!({}), "Holidays.").await;
    let arguments = json!({"deal": deal, "since": "2020-01-01", "cursor": cursor});
    let said = assistant.refused("client_dna_changes", arguments).await;
    assert!(said.contains("without cursor"), "{said}");
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
        ("contradictions", json!({"against": "any"})),
        ("ledger_trends", json!({})),
        ("repeat_questions", json!({"deal": deal})),
        ("client_dna", json!({"deal": deal})),
        ("client_dna_changes", json!({"deal": deal, "since": "2020-01-01"})),
        ("ask", json!({"question": "When is the dock scheduler live?", "deal": deal})),
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
