//! Client DNA: what stands in a profile, who sees what of it, and what changed in it.

mod english;
mod reading;
mod rights;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use baton::dna::ClientDna;
use baton::documents::{Templates, client_dna};
use baton::transcript::parse;
use proptest::prelude::*;
use serde_json::Value;

use crate::support::cli::{baton, json_of};

const DEALS: [&str; 3] = ["harbor-cold-chain", "brightwater-foundry", "lindenhof-clinics"];

/// What the command line prints of each sample deal.
static PRINTED: LazyLock<Vec<(&str, Value)>> = LazyLock::new(|| {
    DEALS.into_iter().map(|deal| (deal, json_of(baton().arg("dna").arg(folder(deal)).arg("--json")))).collect()
});

fn folder(deal: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/deals").join(deal)
}

fn markdown(dna: &ClientDna) -> String {
    client_dna::markdown(&Templates::embedded().unwrap(), dna).unwrap()
}

/// Every citation of a document, wherever it stands.
fn citations(value: &Value) -> Vec<&Value> {
    match value {
        Value::Object(map) if map.contains_key("quote") && map.contains_key("turn") => vec![value],
        Value::Object(map) => map.values().flat_map(citations).collect(),
        Value::Array(all) => all.iter().flat_map(citations).collect(),
        _ => Vec::new(),
    }
}

/// Whether the quote stands verbatim in its file, at the stated turn and range.
fn stands(folder: &Path, citation: &Value) -> bool {
    let name = citation["source"].as_str().unwrap();
    let transcript = parse(name, &fs::read(folder.join(name)).unwrap()).unwrap();
    let turn = &transcript.turns[usize::try_from(citation["turn"].as_u64().unwrap()).unwrap()];
    let place = |at: usize| usize::try_from(citation["chars"][at].as_u64().unwrap()).unwrap();
    let found: String = turn.text.chars().skip(place(0)).take(place(1) - place(0)).collect();
    found == citation["quote"].as_str().unwrap() && !found.is_empty()
}

#[test]
fn the_profiles_of_the_sample_deals() {
    for (deal, printed) in PRINTED.iter() {
        let dna: ClientDna = serde_json::from_value(printed.clone()).unwrap();
        insta::assert_snapshot!(*deal, markdown(&dna));
    }
}

#[test]
fn every_line_has_words_that_stand_in_the_record() {
    for (deal, printed) in PRINTED.iter() {
        assert_eq!(printed["schema"], "baton.dna/1");
        let dna: ClientDna = serde_json::from_value(printed.clone()).unwrap();
        for (section, lines) in dna.sections() {
            for line in lines {
                assert!(line.item.support().next().is_some(), "{deal} {section:?} {}", line.item.statement);
                assert!(!line.is_reviewed(), "nobody has reviewed what the command line prints");
            }
        }
        let all = citations(printed);
        assert!(all.len() > 50, "{deal}: {}", all.len());
        for citation in all {
            assert!(stands(&folder(deal), citation), "{deal}: {citation}");
        }
        for event in printed["history"].as_array().unwrap().iter().filter(|event| event["basis"]["kind"] == "source") {
            assert!(folder(deal).join(event["basis"]["source"].as_str().unwrap()).exists(), "{event}");
        }
        assert!(dna.history.len() <= 10);
    }
}

#[test]
fn their_own_words_are_said_by_them_more_than_once_and_are_no_names() {
    for (deal, printed) in PRINTED.iter() {
        let phrases = printed["own_words"].as_array().unwrap();
        assert!(!phrases.is_empty(), "{deal}");
        for phrase in phrases {
            let words = phrase["words"].as_str().unwrap();
            assert_eq!(phrase["citation"]["side"], "customer", "{deal}: {phrase}");
            assert!((2..=6).contains(&words.split(' ').count()) && phrase["times"].as_u64().unwrap() >= 2, "{phrase}");
            assert!(phrase["times"].as_u64() > phrase["vendor_times"].as_u64(), "{phrase}");
            let quote = phrase["citation"]["quote"].as_str().unwrap().to_lowercase().replace('’', "'");
            assert!(quote.contains(words), "{phrase}");
            for name in ["omar", "bridie", "walt", "eleanor", "sandrine", "callum", "tess", "niamh"] {
                assert!(!words.split(' ').any(|word| word == name), "{deal}: {words}");
            }
        }
    }
}

#[test]
fn a_profile_is_short_whatever_the_deal() {
    for (deal, printed) in PRINTED.iter() {
        let dna: ClientDna = serde_json::from_value(printed.clone()).unwrap();
        let words = markdown(&dna).split_whitespace().count();
        assert!(words <= 800, "{deal}: {words} words");
    }
}

#[test]
fn files_that_say_nothing_give_a_profile_that_says_so() {
    let folder = tempfile::TempDir::new().unwrap();
    fs::write(folder.path().join("call.txt"), "Ann: Hello.\nBo: Hello.\nAnn: Bye then.\nBo: Bye.\n").unwrap();
    let output = baton().arg("dna").arg(folder.path()).assert().success().get_output().stdout.clone();
    let text = String::from_utf8(output).unwrap();
    assert!(text.contains("Not in the record: goals, challenges, wins"), "{text}");
    assert!(!text.contains("none") && !text.contains("reviewed yet"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Words, names and marks of all kinds: phrases are theirs, cited to the letter, and nothing breaks.
    #[test]
    fn phrases_of_any_text_are_cited_to_the_letter(
        turns in proptest::collection::vec((0..3_usize, "[a-dA-D éß'’.,!?*_<>\\-🙂٣]{0,60}"), 1..40)
    ) {
        let people = ["Ada Vendor", "Bo Customer", "Cy Nobody"];
        let sides = [baton::domain::transcript::Side::Vendor, baton::domain::transcript::Side::Customer,
            baton::domain::transcript::Side::Unknown];
        let lines: Vec<String> = turns.iter().map(|(who, said)| format!("{}: x {said}\n", people[*who])).collect();
        let text = lines.concat();
        let Ok(mut transcript) = parse("call.txt", text.as_bytes()) else { return Ok(()) };
        for person in &mut transcript.participants {
            let known = people.iter().position(|name| *name == person.label);
            person.side = known.map_or(baton::domain::transcript::Side::Unknown, |at| sides[at]);
        }
        let source = baton::draft::DealSource { id: None, name: "call.txt".to_owned(), transcript };
        for phrase in baton::dna::own_phrases(std::slice::from_ref(&source)) {
            let citation = &phrase.citation;
            let turn = &source.transcript.turns[usize::try_from(citation.turn()).unwrap()];
            prop_assert_eq!(source.transcript.side(turn), baton::domain::transcript::Side::Customer);
            let range = citation.chars();
            let (from, to) = (usize::try_from(range.start).unwrap(), usize::try_from(range.end).unwrap());
            let found: String = turn.text.chars().skip(from).take(to - from).collect();
            prop_assert_eq!(&found, citation.quote());
            prop_assert!(phrase.times >= 2);
        }
    }
}
