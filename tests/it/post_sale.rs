//! After the sale: what became of promises, what the customer had to say again; on calls that were read by a person first.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use baton::domain::ids::ItemId;
use baton::domain::item::Item;
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
use serde::Deserialize;

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
    baton::draft::resolve_sides(&mut sources, &[]);
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
            let words = |words: &String| mark.citation.quote().contains(words.as_str()) || words.contains(mark.citation.quote());
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

async fn measure(name: &str) {
    let desk = Desk::open();
    let (parted, gold, expected) = deal(name);
    assert_eq!(parted.after.len(), 1);
    let items = labels::items(&gold, &parted.sale);
    let found = desk.read(&parted, &items).await;
    let by_label = |id: &ItemId| gold.items.iter().filter(|item| label(&item.id) == *id).map(|i| i.id.clone()).collect();
    println!("{} questions", found.questions);
    for repeat in &found.repeats {
        let told = expected.repeats.iter().any(|one| repeat.question.quote().contains(&one.question) && repeat.answer.quote().contains(&one.answer));
        println!("{} \"{}\" <- \"{}\"", if told { "right" } else { "WRONG" }, repeat.question.quote(), repeat.answer.quote());
    }
    println!("labelled promises: {:?}", score(&found, &expected, by_label));
    let drafted = desk.draft(&parted.sale).await;
    let found = desk.read(&parted, &drafted).await;
    let by_words = |id: &ItemId| {
        let item = drafted.iter().find(|item| item.id == *id).unwrap();
        let same = |label: &&Item| label.citations.iter().any(|a| item.citations.iter().any(|b| a.overlaps(b)));
        let labels = items.iter().filter(same).map(|item| item.id.clone()).collect::<Vec<_>>();
        let mut ids: Vec<String> = gold.items.iter().filter(|i| labels.contains(&label(&i.id))).map(|i| i.id.clone()).collect();
        if ids.is_empty() {
            ids.push(format!("other: {}", item.statement));
        }
        ids
    };
    println!("drafted promises: {:?}", score(&found, &expected, by_words));
}

#[tokio::test]
async fn brightwater() {
    measure("brightwater-foundry").await;
}
