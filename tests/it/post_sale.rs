//! After the sale: what became of promises, what the customer had to say again; on calls that were read by a person first.
#![expect(clippy::print_stdout, reason = "every mark is shown with --nocapture, for who reads along")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use baton::domain::aftermath::Repeat;
use baton::domain::ids::ItemId;
use baton::domain::item::Item;
use baton::domain::person::Roster;
use baton::domain::vocabulary::Outcome;
use baton::draft::{DealSource, draft_deal};
use baton::embed::Embedder;
use baton::embed::minilm::MiniLm;
use baton::engine::local::{Detail, LocalEngine};
use baton::eval::gold::Gold;
use baton::eval::labels;
use baton::post_sale::{Aftermath, Close, Parted, part, read};
use baton::reader::Reader;
use baton::transcript::parse;
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::app::{Answer as _, text};
use crate::support::desk::Desk as Team;

/// What a careful reader makes of a call after the sale.
#[derive(Deserialize)]
struct Expected {
    outcomes: Vec<ExpectedOutcome>,
    repeats: Vec<ExpectedRepeat>,
}

#[derive(Deserialize)]
struct ExpectedOutcome {
    promise: String,
    outcome: Outcome,
    words: Vec<String>,
}

#[derive(Deserialize)]
struct ExpectedRepeat {
    question: String,
    answer: String,
}

struct Desk {
    embedder: Arc<dyn Embedder>,
    reader: Reader,
}

impl Desk {
    fn open() -> Self {
        Self { embedder: Arc::new(MiniLm::load().unwrap()), reader: Reader::load().unwrap() }
    }

    async fn read(&self, parted: &Parted, items: &[Item]) -> Aftermath {
        read(self.embedder.as_ref(), &self.reader, parted, items).await.unwrap()
    }

    async fn draft(&self, sources: &[DealSource]) -> Vec<Item> {
        let engine = LocalEngine::new(self.reader.clone(), Arc::clone(&self.embedder), Detail::default());
        draft_deal(&engine, self.embedder.as_ref(), &self.reader, "", sources).await.unwrap().items
    }
}

fn fixtures(of: &str, deal: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(of).join(deal)
}

fn sources_in(folder: &Path) -> Vec<DealSource> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let source = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name == "gold.json" || name == "expected.json" {
            return None;
        }
        let transcript = parse(&name, &fs::read(path).unwrap()).unwrap();
        Some(DealSource { id: None, name, transcript })
    };
    paths.iter().filter_map(source).collect()
}

/// A sample deal with the call after its sale.
fn deal(name: &str) -> (Parted, Gold, Expected) {
    let mut sources = sources_in(&fixtures("deals", name));
    sources.extend(sources_in(&fixtures("post-sale", name)));
    baton::draft::resolve_sides(&mut sources, &Roster::default());
    let gold = Gold::read(&fixtures("deals", name).join("gold.json")).unwrap();
    let expected = fs::read(fixtures("post-sale", name).join("expected.json")).unwrap();
    (part(sources, &Close::default()), gold, serde_json::from_slice(&expected).unwrap())
}

fn label(id: &str) -> ItemId {
    ItemId::derived(&["label", id])
}

/// Right, wrong and missed marks; each is printed for who reads along.
fn score(found: &Aftermath, expected: &Expected, promise_of: impl Fn(&ItemId) -> Vec<String>) -> [usize; 3] {
    let (mut right, mut wrong) = (Vec::new(), 0);
    for mark in &found.fulfilments {
        let ids = promise_of(&mark.item);
        let hit = expected.outcomes.iter().find(|one| ids.contains(&one.promise));
        let ok = hit.is_some_and(|one| {
            let words = |words: &String| {
                mark.citation.quote().contains(words.as_str()) || words.contains(mark.citation.quote())
            };
            one.outcome == mark.outcome && one.words.iter().any(words)
        });
        println!("{} {ids:?} {:?} \"{}\"", if ok { "right" } else { "WRONG" }, mark.outcome, mark.citation.quote());
        match hit {
            Some(one) if ok => right.push(one.promise.clone()),
            _ => wrong += 1,
        }
    }
    let missed: Vec<&ExpectedOutcome> = expected.outcomes.iter().filter(|one| !right.contains(&one.promise)).collect();
    for one in &missed {
        println!("missed {} {:?} {:?}", one.promise, one.outcome, one.words);
    }
    right.sort();
    right.dedup();
    [right.len(), wrong, missed.len()]
}

/// Right, wrong and missed, each.
struct Measured {
    /// Marks of labelled promises.
    labelled: [usize; 3],
    /// Marks of those promises that the local engine drafts.
    drafted: [usize; 3],
    /// Repeated questions.
    repeats: [usize; 3],
}

async fn measure(name: &str) -> Measured {
    let desk = Desk::open();
    let (parted, gold, expected) = deal(name);
    assert_eq!(parted.after.len(), 1);
    let items = labels::items(&gold, &parted.sale);
    let found = desk.read(&parted, &items).await;
    let by_label =
        |id: &ItemId| gold.items.iter().filter(|item| label(&item.id) == *id).map(|item| item.id.clone()).collect();
    let labelled = score(&found, &expected, by_label);
    let repeats = repeats(&found, &expected);
    let drafted = desk.draft(&parted.sale).await;
    let found = desk.read(&parted, &drafted).await;
    let by_words = |id: &ItemId| {
        let item = drafted.iter().find(|item| item.id == *id).unwrap();
        let same = |label: &&Item| label.citations.iter().any(|a| item.citations.iter().any(|b| a.overlaps(b)));
        let labels: Vec<ItemId> = items.iter().filter(same).map(|item| item.id.clone()).collect();
        gold.items.iter().filter(|item| labels.contains(&label(&item.id))).map(|item| item.id.clone()).collect()
    };
    let drafted = score(&found, &expected, by_words);
    println!("{name}: labelled {labelled:?}, drafted {drafted:?}, repeats {repeats:?}");
    Measured { labelled, drafted, repeats }
}

fn repeats(found: &Aftermath, expected: &Expected) -> [usize; 3] {
    let is_told = |one: &&ExpectedRepeat| {
        let same = |repeat: &Repeat| {
            repeat.question.quote().contains(&one.question) && repeat.answer.quote().contains(&one.answer)
        };
        found.repeats.iter().any(same)
    };
    let right = expected.repeats.iter().filter(is_told).count();
    [right, found.repeats.len() - right, expected.repeats.len() - right]
}

#[tokio::test]
async fn a_call_that_no_rule_was_made_for_is_read_nearly_so() {
    let Measured { labelled, drafted, repeats } = measure("lindenhof-clinics").await;
    assert!(labelled[0] >= 12 && labelled[1] <= 1, "{labelled:?}");
    assert!(drafted[0] >= 6 && drafted[1] <= 4, "{drafted:?}");
    assert!(repeats[0] >= 1 && repeats[1] <= 1, "{repeats:?}");
}

/// A source of a few words.
fn said(name: &str, text: &str) -> DealSource {
    DealSource { id: None, name: name.to_owned(), transcript: parse(name, text.as_bytes()).unwrap() }
}

const TALK: &str = "Ann Bell: Good morning.\nBo Cray: Morning.\nAnn Bell: How are you?\nBo Cray: Fine.\n";
const PAPER: &str = "# Order Form\n\nOrder Form date: March 10, 2026.\n\n## 1. Delivery\n\n1.1 Vendor shall deliver.\n\n\
    ## 2. Term\n\n2.1 The initial term is one year. It is governed by the MSA.\n";
const NOTES: &str = "---\ndate: 2026-04-01\n---\n\n# Notes\n\n- they need SSO\n- they said so\n";

/// The names of the sources from after the sale.
fn after(sources: Vec<DealSource>, won_on: Option<&str>) -> Vec<String> {
    let won_on = won_on.map(|day| day.parse().unwrap());
    let parted = part(sources, &Close { won_on, ..Close::default() });
    parted.after.into_iter().map(|source| source.name).collect()
}

#[test]
fn a_record_is_parted_at_the_end_of_the_sale() {
    let paper = || said("order-form.md", PAPER);
    let talk = |name: &str| said(name, TALK);
    // A later day than that of the contract, or of the deal's close where that is later.
    assert_eq!(
        after(vec![talk("2026-03-10-closing.txt"), talk("2026-03-11-call.txt"), paper()], None),
        ["2026-03-11-call.txt"]
    );
    assert!(after(vec![talk("2026-03-11-call.txt"), paper()], Some("2026-03-11")).is_empty());
    assert_eq!(after(vec![talk("2026-03-11-call.txt")], Some("2026-03-10")), ["2026-03-11-call.txt"]);
    // A contract is what was signed, whenever it was, and notes are often written up later.
    assert!(after(vec![paper(), said("notes.md", NOTES)], Some("2026-03-01")).is_empty());
    assert_eq!(after(vec![paper(), said("day-30-notes.md", NOTES)], None), ["day-30-notes.md"]);
    // A folder says it.
    assert_eq!(
        after(vec![talk("01-call.txt"), talk("post-sale/02-call.txt"), talk("after/x.txt")], None),
        ["post-sale/02-call.txt", "after/x.txt"]
    );
    // Without a date a clear sign does, unless something without one is later.
    assert_eq!(after(vec![talk("01-call.txt"), talk("02-kickoff.txt")], None), ["02-kickoff.txt"]);
    assert!(after(vec![talk("01-kickoff.txt"), talk("02-call.txt")], None).is_empty());
    assert!(after(vec![talk("01-call.txt"), talk("02-call.txt"), paper()], Some("2026-01-01")).is_empty());
}

#[tokio::test]
async fn a_call_after_the_sale_is_read_as_a_person_reads_it() {
    let Measured { labelled, drafted, repeats } = measure("brightwater-foundry").await;
    // [right, wrong, missed]
    assert!(labelled[0] >= 13 && labelled[1] <= 1, "{labelled:?}");
    assert!(drafted[0] >= 11 && drafted[1] <= 1, "{drafted:?}");
    assert_eq!(repeats, [2, 0, 0]);
}

const SOLD: &str = "Callum Brandvold: We will have the dock scheduler live at all six sites by March 14, 2026.\n\
    Omar Haddad [EXT]: Good.\nCallum Brandvold: How many drivers use it?\n\
    Omar Haddad [EXT]: Three hundred and forty drivers use the scheduler, in two shifts.\n\
    Callum Brandvold: We will train your supervisors on site at each dock by March 20, 2026.\nOmar Haddad [EXT]: Thank you.\n";
const WENT_ON: &str = "Priya Nair: Hello from customer success.\nOmar Haddad [EXT]: Hello.\n\
    Priya Nair: How many drivers use the scheduler?\n\
    Omar Haddad [EXT]: I told you already. Three hundred and forty drivers, in two shifts.\n\
    Priya Nair: Sorry. We will do better.\n\
    Omar Haddad [EXT]: The dock scheduler went live at all six sites on March 25, 2026.\n\
    Priya Nair: Yes. And the supervisors?\n\
    Omar Haddad [EXT]: Will you train them next week?\nPriya Nair: I hope so, yes.\n";

/// A final handoff with a call after it; the deal, and the promise of the scheduler.
async fn finalized_with_a_call(team: &Team) -> (String, String) {
    let deal = team.deal_won().await;
    team.add(&deal, "01-call.txt", SOLD).await;
    let draft = team.ae.get(&format!("/v1/deals/{deal}/draft")).await;
    let items = draft["items"].as_array().unwrap();
    let promise = items.iter().find(|item| text(&item["statement"]).contains("dock scheduler live")).unwrap();
    let promise = text(&promise["id"]);
    team.ae.decide(&promise, "approve").await;
    team.ae.settle(&deal).await;
    team.ae.finalize(&deal, json!({}), StatusCode::CREATED).await;
    team.csm.receive(&deal, "accept", 4, StatusCode::CREATED).await;
    let before = team.ae.get(&format!("/v1/deals/{deal}/draft")).await;
    team.add(&deal, "2026-04-02-day-30.txt", WENT_ON).await;
    let after = team.ae.get(&format!("/v1/deals/{deal}/draft")).await;
    assert_eq!(
        (&after["items"], &after["state"]),
        (&before["items"], &json!("accepted")),
        "the handoff stays as it was"
    );
    (deal, promise)
}

#[tokio::test]
async fn what_is_said_after_the_sale_marks_promises_and_leaves_the_handoff_alone() {
    let team = Team::open().await;
    let (deal, promise) = finalized_with_a_call(&team).await;
    let path = format!("/v1/items/{promise}");
    let outcome = || async { team.csm.get(&path).await["outcome"].clone() };
    let read = outcome().await;
    assert_eq!(json!([read["outcome"], read["set_by"]]), json!(["late", null]));
    let quote = "The dock scheduler went live at all six sites on March 25, 2026.";
    assert_eq!(json!([read["citation"]["quote"], read["citation"]["turn"]]), json!([quote, 5]));

    // A person's word stays over what is read, also when the deal is drafted anew.
    let redraft = || async {
        team.ae.post(&format!("/v1/deals/{deal}/draft"), &json!({})).answer(StatusCode::ACCEPTED).await;
        team.app.drain().await;
    };
    let set = json!({"outcome": "renegotiated"});
    let answer = team.csm.put(&format!("{path}/outcome"), &set).answer(StatusCode::OK).await;
    assert_eq!(answer["outcome"]["set_by"], "Priya Nair");
    redraft().await;
    assert_eq!(json!([outcome().await["outcome"], outcome().await["citation"]]), json!(["renegotiated", null]));
    let answer = team.csm.delete(&format!("{path}/outcome")).answer(StatusCode::OK).await;
    assert_eq!(answer["outcome"], Value::Null);
    redraft().await;
    assert_eq!(outcome().await, Value::Null, "what a person took off stays off");

    // Only promises have outcomes, and only known ones.
    let risk = team.attest(&deal, "risk", "Holidays.").await;
    for (item, body) in [(&risk, set), (&promise, json!({"outcome": "done"}))] {
        let put = team.csm.put(&format!("/v1/items/{item}/outcome"), &body);
        put.answer(StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let log = team.rev_ops.get("/v1/audit-log?limit=200").await;
    let entries = log["items"].as_array().unwrap().iter().map(|line| line["entry"].clone());
    let told: Vec<Value> = entries
        .filter(|entry| text(&entry["action"]).starts_with("outcome"))
        .map(|entry| json!([entry["action"], entry["before"], entry["after"]]))
        .collect();
    assert!(told.contains(&json!(["outcome.set", "late", "renegotiated"])), "{told:?}");
    assert!(told.contains(&json!(["outcome.cleared", "renegotiated", null])), "{told:?}");
    assert!(told.contains(&json!(["outcomes.read", {}, {(promise.as_str()): "late"}])), "{told:?}");
}

#[tokio::test]
async fn what_the_customer_had_to_say_again_is_shown_and_counted() {
    let team = Team::open().await;
    let (deal, _) = finalized_with_a_call(&team).await;
    let repeats = team.csm.get(&format!("/v1/deals/{deal}/repeats")).await;
    assert_eq!(repeats["sources"], 1, "{repeats}");
    assert_eq!(repeats["repeats"].as_array().unwrap().len(), 1, "{repeats}");
    let pair = &repeats["repeats"][0];
    assert_eq!(pair["question"]["quote"], "How many drivers use the scheduler?");
    assert_eq!(pair["answer"]["quote"], "Three hundred and forty drivers use the scheduler, in two shifts.");
    // Whoever sees the deal: what was asked again is in sources that they see, too.
    for member in [&team.csm, &team.leader, &team.ae] {
        let page = member.request(Method::GET, &format!("/deals/{deal}/handover")).send().await.unwrap();
        let page = page.text().await.unwrap();
        assert!(page.contains("Asked again"), "{page}");
        assert!(page.contains("Three hundred and forty drivers use the scheduler"), "{page}");
    }
    // The figures of the record and of the checks stand apart.
    let _ = (team.deal_won().await, team.deal_won().await);
    let patterns = team.leader.get("/v1/patterns").await;
    let metric = |name: &str| {
        let metric = patterns["metrics"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
        json!([metric["value"], metric["met"], metric["over"]])
    };
    let questions = &repeats["questions"];
    let rate = 100.0 / questions.as_f64().unwrap();
    assert_eq!(metric("repeat_rate"), json!([rate, false, questions]));
    assert_eq!(metric("deals_with_repeats"), json!([100.0, false, 1]));
    assert_eq!(metric("repeats_per_check"), json!([null, null, 0]));
}

#[tokio::test]
async fn before_a_deal_is_won_everything_belongs_to_the_sale() {
    let team = Team::open().await;
    let deal = team.deal().await;
    team.add(&deal, "01-call.txt", SOLD).await;
    team.add(&deal, "2026-04-02-day-30.txt", WENT_ON).await;
    assert_eq!(
        team.csm.get(&format!("/v1/deals/{deal}/repeats")).await,
        json!({"sources": 0, "questions": 0, "repeats": []})
    );
}
