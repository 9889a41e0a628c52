//! The sample deals through the program itself: every citation shown is verbatim, whatever the engine.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::support::cli::{baton, json_of};
use crate::support::fake_openai::{Answer, FakeOpenAi};

/// The folders of the sample deals.
fn deals() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/deals");
    let mut deals: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    deals.retain(|path| path.is_dir());
    deals.sort();
    assert!(deals.len() >= 3, "the sample deals are there");
    deals
}

/// What `baton draft` prints of a folder.
fn draft(deal: &Path) -> Value {
    json_of(baton().arg("draft").arg(deal).arg("--json"))
}

/// The drafts of the sample deals, with their folders.
static DRAFTS: LazyLock<Vec<(PathBuf, Value)>> = LazyLock::new(|| {
    let drafted = |deal: PathBuf| {
        let draft = draft(&deal);
        (deal, draft)
    };
    deals().into_iter().map(drafted).collect()
});

/// The texts of the turns of each source of a deal, by the source's name, as `baton parse` gives them.
fn turns_of(deal: &Path) -> HashMap<String, Vec<String>> {
    let mut turns = HashMap::new();
    for entry in fs::read_dir(deal).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name != "gold.json" {
            let transcript = json_of(baton().arg("parse").arg(&path).arg("--json"));
            let text = |turn: &Value| turn["text"].as_str().unwrap().to_owned();
            turns.insert(name, transcript["turns"].as_array().unwrap().iter().map(text).collect());
        }
    }
    turns
}

/// Every citation of a draft stands verbatim at its turn and range; how many they are.
fn assert_verbatim(draft: &Value, turns: &HashMap<String, Vec<String>>) -> usize {
    let mut seen = 0;
    for item in draft["items"].as_array().unwrap() {
        let citations = item["citations"].as_array().unwrap();
        assert!(!citations.is_empty(), "an engine's item rests on words: {item}");
        for citation in citations {
            let turn = &turns[citation["source"].as_str().unwrap()]
                [usize::try_from(citation["turn"].as_u64().unwrap()).unwrap()];
            let place = |at: usize| usize::try_from(citation["chars"][at].as_u64().unwrap()).unwrap();
            let there: String = turn.chars().skip(place(0)).take(place(1) - place(0)).collect();
            assert_eq!(citation["quote"], json!(there), "{citation}");
            seen += 1;
        }
    }
    seen
}

#[test]
fn every_citation_of_the_local_engine_is_verbatim_and_the_draft_is_always_the_same() {
    for (deal, draft) in &*DRAFTS {
        let citations = assert_verbatim(draft, &turns_of(deal));
        assert!(citations > 20, "{} has a useful draft", deal.display());
        assert_eq!(draft["rejected"], json!([]), "the local engine quotes what is there");
        assert_eq!(&self::draft(deal), draft);
    }
}

/// The bar for traps taken for findings, on the sample deals and for the worst kind: a joke or a question shown as a firm promise.
#[test]
fn traps_and_withheld_words_are_no_firm_commitments() {
    let (mut traps, mut taken) = (0, Vec::new());
    for (deal, draft) in &*DRAFTS {
        let gold: Value = serde_json::from_str(&fs::read_to_string(deal.join("gold.json")).unwrap()).unwrap();
        let items = draft["items"].as_array().unwrap().iter();
        let firm = items.filter(|item| item["field"] == "commitment" && item["attributes"]["strength"] == "firm");
        let quotes: Vec<&Value> = firm.flat_map(|item| item["citations"].as_array().unwrap()).collect();
        for trap in gold["traps"].as_array().unwrap().iter().filter(|trap| trap["not"] == "commitment") {
            traps += 1;
            let words = trap["quote"].as_str().unwrap();
            let shows =
                |quote: &&&Value| trap["source"] == quote["source"] && quote["quote"].as_str().unwrap().contains(words);
            taken.extend(quotes.iter().find(shows).map(|_| words.to_owned()));
        }
    }
    assert!(traps >= 20 && taken.len() * 100 < 8 * traps, "{} of {traps} taken: {taken:?}", taken.len());
}

#[test]
fn every_labelled_quote_stands_in_one_turn_of_its_source() {
    for deal in deals() {
        let gold: Value = serde_json::from_str(&fs::read_to_string(deal.join("gold.json")).unwrap()).unwrap();
        let turns = turns_of(&deal);
        let cited = gold["items"].as_array().unwrap().iter().chain(gold["questions"].as_array().unwrap());
        let cited = cited.flat_map(|entry| entry["citations"].as_array().into_iter().flatten());
        for quote in cited.chain(gold["traps"].as_array().unwrap()).chain(gold["neutral"].as_array().unwrap()) {
            let (source, words) = (quote["source"].as_str().unwrap(), quote["quote"].as_str().unwrap());
            assert!(turns[source].iter().any(|turn| turn.contains(words)), "{}: {source}: {words:?}", deal.display());
        }
    }
}

#[tokio::test]
async fn a_model_that_invents_and_misplaces_quotes_gets_no_citation_that_is_not_verbatim() {
    let claim = |turn: u32, quote: &str| {
        json!({"field": "commitment", "statement": "The vendor guarantees everything.", "confidence": 1.0,
            "quotes": [{"turn": turn, "quote": quote, "role": "support"}]})
    };
    let claims = json!([
        claim(0, "we guarantee a full refund, forever"),
        claim(3, ""),
        claim(999_999, "Dana Ruiz"),
        claim(1, "<script>alert(1)</script>"),
        claim(2, "the"),
    ]);
    let server = FakeOpenAi::start(vec![Answer::Claims(claims)]).await;
    let url = server.settings().base_url.unwrap();
    for deal in deals() {
        let turns = turns_of(&deal);
        let (flag, url, deal) = ("--openai-base-url", url.clone(), deal.clone());
        let draft = tokio::task::spawn_blocking(move || {
            json_of(baton().arg("draft").arg(&deal).args(["--json", "--engine", "openai", flag, &url]))
        });
        let draft = draft.await.unwrap();
        assert_verbatim(&draft, &turns);
        let rejected = draft["rejected"].as_array().unwrap();
        assert!(rejected.iter().any(|claim| claim["quote"] == "we guarantee a full refund, forever"), "{rejected:?}");
        assert!(rejected.iter().all(|claim| !claim["reason"].as_str().unwrap().is_empty()));
    }
}
