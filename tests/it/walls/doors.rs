//! Every door that words of the record can come out of. A new way to read the record is a new entry of [`DOORS`]; new routes
//! and new tools are found by themselves.

use baton::documents::DocumentKind;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use proptest::sample::Index;
use reqwest::Client;
use serde_json::{Map, Value, json};

use super::town::Person;
use crate::support::assistant::sent;
use crate::support::calls::{Call, api_routes, filled, page_routes};
use crate::support::world::Ids;

/// Somebody at a door, with what they ask about.
pub(super) struct Knock<'a> {
    pub(super) client: &'a Client,
    pub(super) address: &'a str,
    pub(super) who: &'a Person,
    /// Ids of their own and of others.
    pub(super) ids: &'a Ids,
    /// A question in a sentence; an answer may repeat it to the letter.
    pub(super) question: &'a str,
    /// A word of somebody's record, to filter by; no answer may repeat it unless it is the asker's to read.
    pub(super) word: &'a str,
    /// Decides what is left open.
    pub(super) coin: Index,
}

/// What was asked, and the answer.
type Said = (String, String);

/// A door, and what it says to a knock: each answer with what was asked.
pub(super) struct Door {
    pub(super) name: &'static str,
    pub(super) answers: for<'a> fn(&'a Knock<'a>) -> BoxFuture<'a, Vec<Said>>,
}

pub(super) const DOORS: &[Door] = &[
    Door { name: "routes and pages", answers: |knock| routes(knock).boxed() },
    Door { name: "lists by a word", answers: |knock| lists(knock).boxed() },
    Door { name: "exports", answers: |knock| exports(knock).boxed() },
    Door { name: "questions", answers: |knock| questions(knock).boxed() },
    Door { name: "tools of assistants", answers: |knock| tools(knock).boxed() },
    Door { name: "resources of assistants", answers: |knock| resources(knock).boxed() },
];

/// Every address that is read.
async fn routes(knock: &Knock<'_>) -> Vec<Said> {
    let document = knock.coin.get(&DocumentKind::ALL).as_str();
    let mut ids = knock.ids.clone();
    for (name, value) in [("document", document), ("number", "1"), ("name", "baton.css"), ("link", "x")] {
        ids.insert(name, value.to_owned());
    }
    let read = api_routes().into_iter().filter(|(method, _)| method == "GET").map(|(_, path)| path);
    // A stream of events has no end; the description of the API is nobody's words.
    let paths = read.chain(page_routes().into_iter().map(str::to_owned));
    let mut answers = Vec::new();
    for path in paths.filter(|path| !path.ends_with("/events") && path != "/v1/openapi.json") {
        answers.push(get(knock, &filled(&path, &ids)).await);
    }
    answers
}

/// Lists, filtered by somebody's word.
async fn lists(knock: &Knock<'_>) -> Vec<Said> {
    let (word, deal, account) = (knock.word, &knock.ids["deal_id"], &knock.ids["account_id"]);
    let mut answers = Vec::new();
    for path in [
        format!("/v1/deals?q={word}"),
        format!("/v1/deals?cursor={deal}"),
        format!("/v1/accounts?cursor={account}"),
        format!("/v1/patterns?segment={word}"),
        format!("/v1/audit-log?deal={deal}"),
    ] {
        answers.push(get(knock, &path).await);
    }
    let params = json!({"name": "list_deals", "arguments": {"q": word}});
    answers.push(asked(knock, "tools/call", params).await);
    answers
}

/// The ledger as files.
async fn exports(knock: &Knock<'_>) -> Vec<Said> {
    let mut answers = Vec::new();
    for format in ["csv", "json"] {
        answers.push(get(knock, &format!("/v1/ledger/export?format={format}")).await);
    }
    let call = Call::get("/v1/ledger/export?format=parquet");
    let file = call.to(knock.client, knock.address, &knock.who.pass).send().await.unwrap().bytes().await.unwrap();
    let rows = SerializedFileReader::new(file).unwrap();
    let rows: Vec<String> = rows.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
    answers.push((call.path, rows.join("\n")));
    answers
}

/// Answers to a question.
async fn questions(knock: &Knock<'_>) -> Vec<Said> {
    let (deal, account) = (&knock.ids["deal_id"], &knock.ids["account_id"]);
    let mut answers = Vec::new();
    for path in ["/v1/ask".to_owned(), format!("/v1/deals/{deal}/ask"), format!("/v1/accounts/{account}/ask")] {
        for question in [knock.question, "What did we promise?", "How many promises are there?"] {
            let call = Call { path: path.clone(), ..Call::post(json!({"question": question})) };
            answers.push(said(knock, &call).await);
        }
    }
    answers.push(get(knock, &format!("/v1/answers?deal={deal}")).await);
    answers.push(get(knock, &format!("/v1/answers?account={account}")).await);
    answers
}

/// Every tool, with arguments after its own schema.
async fn tools(knock: &Knock<'_>) -> Vec<Said> {
    let listed = asked(knock, "tools/list", json!({})).await.1;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let mut answers = Vec::new();
    for tool in listed["result"]["tools"].as_array().unwrap() {
        let arguments = arguments(knock, &tool["inputSchema"]);
        answers.push(asked(knock, "tools/call", json!({"name": tool["name"], "arguments": arguments})).await);
    }
    answers
}

/// What a tool must be told, and some of what it may.
fn arguments(knock: &Knock<'_>, schema: &Value) -> Map<String, Value> {
    let required = |name: &str| schema["required"].as_array().is_some_and(|names| names.contains(&json!(name)));
    let mut arguments = Map::new();
    for (at, (name, property)) in schema["properties"].as_object().unwrap().iter().enumerate() {
        let words = property["enum"].as_array().map(|words| knock.coin.get(words).clone());
        let value = match name.as_str() {
            "deal" | "account" | "source" | "item" => knock.ids.get(format!("{name}_id").as_str()).map(|id| json!(id)),
            "query" | "question" => Some(json!(knock.question)),
            _ => words,
        };
        assert!(value.is_some() || !required(name), "say here what `{name}` can be");
        if let Some(value) = value
            && (required(name) || knock.coin.index(1 << (at + 1)).is_multiple_of(2))
        {
            arguments.insert(name.clone(), value);
        }
    }
    arguments
}

async fn resources(knock: &Knock<'_>) -> Vec<Said> {
    let (deal, source) = (&knock.ids["deal_id"], &knock.ids["source_id"]);
    let mut answers = vec![asked(knock, "resources/list", json!({})).await];
    for uri in [format!("baton://deals/{deal}/versions/1/full"), format!("baton://sources/{source}/transcript")] {
        answers.push(asked(knock, "resources/read", json!({"uri": uri})).await);
    }
    answers
}

async fn get(knock: &Knock<'_>, path: &str) -> Said {
    said(knock, &Call::get(path)).await
}

async fn said(knock: &Knock<'_>, call: &Call) -> Said {
    let answer = call.to(knock.client, knock.address, &knock.who.pass).send().await.unwrap();
    let asked = format!("{} {} {:?}", call.method, call.path, call.body);
    assert!(!answer.status().is_server_error(), "{asked}: {}", answer.status());
    let head = format!("{:?}", answer.headers());
    (asked, head + &answer.text().await.unwrap())
}

async fn asked(knock: &Knock<'_>, method: &str, params: Value) -> Said {
    let (status, answer) = sent(knock.client, knock.address, &knock.who.pass, method, &params).await;
    assert!(status.is_success(), "{method} {params}: {status} {answer}");
    (format!("{method} {params}"), answer)
}
