//! `baton ask`: answers that cite the files, and a plain "not in the record".

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::cli::baton;

const CALL: &str = "Dana Ruiz: Good to see you all again.\n\
    Omar Haddad: Same here. So when do we go live at Port Sorrel?\n\
    Dana Ruiz: We go live at Port Sorrel on the fifteenth of June, that date stands.\n\
    Omar Haddad: Good. And who trains the night shift?\n\
    Dana Ruiz: Rukmini trains the night shift, two evenings in the week before.\n\
    Omar Haddad: Fine with me.\n";

fn asked(folder: &TempDir, questions: &[&str], code: i32) -> Vec<Value> {
    let mut command = baton();
    command.arg("ask").arg(folder.path()).arg("--json");
    for question in questions {
        command.args(["-q", question]);
    }
    let output = command.assert().code(code).get_output().stdout.clone();
    String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_word_of_an_answer_stands_in_the_file() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("call.txt"), CALL).unwrap();
    let answers = asked(&folder, &["When do they go live at Port Sorrel?", "Who trains the night shift?"], 0);
    for (answer, words) in answers.iter().zip(["fifteenth of June", "Rukmini trains the night shift"]) {
        assert_eq!((&answer["schema"], &answer["answered"]), (&"baton.answer/1".into(), &true.into()));
        let quotes: Vec<&str> = answer["citations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|citation| citation["quote"].as_str().unwrap())
            .collect();
        assert!(quotes.iter().any(|quote| quote.contains(words)), "{quotes:?}");
        assert!(quotes.iter().all(|quote| CALL.contains(quote)), "{quotes:?}");
        assert_eq!(answer["searched"]["sources"], 1);
    }
}

#[test]
fn what_the_record_does_not_say_is_not_in_the_record() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("call.txt"), CALL).unwrap();
    let answers = asked(&folder, &["Which bank issued the guarantee for the down payment?"], 1);
    assert_eq!((&answers[0]["answered"], &answers[0]["answer"]), (&false.into(), &"Not in the record.".into()));
    assert!(answers[0]["citations"].as_array().unwrap().is_empty());
}

#[test]
fn a_promise_is_set_against_the_contract_that_lies_beside_it() {
    let mut command = baton();
    command.args(["ask", "fixtures/deals/harbor-cold-chain", "-q", "How many lab gateways go to us?"]);
    let answer = String::from_utf8(command.assert().code(0).get_output().stdout.clone()).unwrap();
    assert!(answer.contains("The contract says otherwise: “"), "{answer}");
    assert!(answer.contains("Eighteen (18) gateways"), "{answer}");
}

#[test]
fn what_somebody_says_in_one_go_is_one_quote() {
    let mut command = baton();
    command.args(["ask", "fixtures/deals/harbor-cold-chain/02-demo.json"]);
    command.args(["-q", "How many gateways are included?"]);
    let answer = String::from_utf8(command.assert().code(0).get_output().stdout.clone()).unwrap();
    assert!(
        answer.starts_with(
            "“I have eighteen now. Three per site, more or less, five at Port Sorrel, two in the small ones.” ("
        ),
        "{answer}"
    );
}

#[test]
fn the_numbers_of_an_answer_stand_for_words_below_it() {
    let mut command = baton();
    command.args(["ask", "fixtures/deals/harbor-cold-chain", "-q", "What are the risks?"]);
    let answer = String::from_utf8(command.assert().code(0).get_output().stdout.clone()).unwrap();
    let (lines, legend): (Vec<&str>, Vec<&str>) = answer.lines().partition(|line| !line.starts_with("  ["));
    assert!(!legend.is_empty() && legend.iter().all(|line| line.contains("] “") && line.ends_with(')')), "{answer}");
    for (at, words) in legend.iter().enumerate() {
        let number = format!("[{}]", at + 1);
        assert!(words.trim_start().starts_with(&number) && lines.iter().any(|line| line.contains(&number)), "{answer}");
    }
}

#[test]
fn what_the_files_lack_is_named_beside_what_is_not_in_them() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("call.txt"), CALL).unwrap();
    let mut command = baton();
    command.arg("ask").arg(folder.path()).args(["-q", "Which bank issued the guarantee for the down payment?"]);
    let output = command.assert().code(1).get_output().stderr.clone();
    assert!(String::from_utf8(output).unwrap().contains("no contract is in the record"));
}
