//! `baton audit`: closed deals of a folder, audited afterwards.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::cli::{baton, json_of};

fn fixtures(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path)
}

/// The files of a fixture folder, in a folder of a test.
fn copy(from: &str, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(fixtures(from)).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

fn audit(folder: &Path) -> Command {
    let mut command = baton();
    command.arg("audit").arg(folder);
    command
}

/// A sold deal of few words, with a call after it.
fn small_deal(folder: &Path) {
    fs::create_dir_all(folder.join("post-sale")).unwrap();
    let call = "Dana Ruiz: We will have the portal live by June 14, 2026.\nOmar Haddad [EXT]: Good.\n\
        Dana Ruiz: We will train your supervisors on site by June 20, 2026.\nOmar Haddad [EXT]: Thank you.\n";
    fs::write(folder.join("01-call.txt"), call).unwrap();
    let later = "Priya Nair: How is it?\nOmar Haddad [EXT]: The portal went live on July 2, 2026.\n\
        Priya Nair: And how are the supervisors?\nOmar Haddad [EXT]: Will you train them?\n";
    fs::write(folder.join("post-sale/2026-07-20-call.txt"), later).unwrap();
}

#[test]
fn the_sample_deals_are_audited_with_the_call_after_one_of_them() {
    let root = TempDir::new().unwrap();
    for deal in ["brightwater-foundry", "harbor-cold-chain", "lindenhof-clinics"] {
        copy(&format!("deals/{deal}"), &root.path().join(deal));
    }
    copy("post-sale/brightwater-foundry", &root.path().join("brightwater-foundry/post-sale"));
    fs::remove_file(root.path().join("brightwater-foundry/post-sale/expected.json")).unwrap();
    let document = json_of(audit(root.path()).arg("--json"));
    assert_eq!(document["schema"], "baton.audit/1");
    let deals = document["deals"].as_array().unwrap();
    let names: Vec<&Value> = deals.iter().map(|deal| &deal["deal"]).collect();
    assert_eq!(json!(names), json!(["Brightwater Foundry", "Harbor Cold Chain", "Lindenhof Clinics"]));
    assert_eq!(deals[0]["post_sale_sources"], json!(["post-sale/2026-09-16-day-30-call.vtt"]));
    assert_eq!(deals[0]["repeats"].as_array().unwrap().len(), 2);

    // Unwritten firm promises first, and every mark rests on words of the call after the sale.
    let ledger = document["ledger"].as_array().unwrap();
    let stands = |entry: &&Value| entry["history"] != "superseded" && entry["history"] != "withdrawn";
    let is_first = |entry: &Value| entry["contract"] == "unwritten" && entry["strength"] == "firm";
    let ranks: Vec<bool> = ledger.iter().filter(stands).map(is_first).collect();
    let count = ranks.iter().filter(|first| **first).count();
    assert!(count > 3 && ranks[..count].iter().all(|first| *first), "{ranks:?}");
    let told: Vec<&Value> = ledger.iter().filter(|entry| !entry["outcome"].is_null()).collect();
    assert!(told.len() >= 8, "{}", told.len());
    let source = "post-sale/2026-09-16-day-30-call.vtt";
    assert!(told.iter().all(|entry| entry["told"]["source"] == source && entry["account"] == "Brightwater Foundry"));
    for outcome in ["kept", "late", "broken"] {
        assert!(told.iter().any(|entry| entry["outcome"] == outcome), "{outcome}");
    }
    let parts: Vec<&Value> =
        document["patterns"]["parts"].as_array().unwrap().iter().map(|part| &part["part"]).collect();
    assert_eq!(
        json!(parts),
        json!(["customer_intent", "stakeholder_map", "scope_and_expectations", "implementation_risk"])
    );
    // Patterns are over deals, never over sellers.
    let patterns = document["patterns"].to_string();
    assert!(!patterns.contains("Okonjo") && !patterns.contains("Brandvold") && !patterns.contains("Farrelly"));
}

#[test]
fn it_is_read_in_a_terminal_and_kept_as_csv() {
    let root = TempDir::new().unwrap();
    small_deal(&root.path().join("acme"));
    let csv = root.path().join("ledger.out");
    let output = audit(&root.path().join("acme")).arg("--csv").arg(&csv).assert().success().get_output().stdout.clone();
    let shown = String::from_utf8(output).unwrap();
    for words in ["Scorecards", "Acme", "Patterns begin at three deals", "Ledger: 2 promises", "late"] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    let csv = fs::read_to_string(&csv).unwrap();
    assert!(
        csv.starts_with("account,statement,owed_by,strength,due,history,contract,outcome,source,moment,speaker,quote,")
    );
    let late = csv.lines().find(|line| line.contains("portal")).unwrap();
    assert!(late.contains("2026-06-14") && late.contains(",late,01-call.txt,"), "{late}");
    assert!(
        late.contains("post-sale/2026-07-20-call.txt") && late.contains("The portal went live on July 2"),
        "{late}"
    );
}

#[test]
fn a_deal_that_cannot_be_read_is_named_and_left_out() {
    let root = TempDir::new().unwrap();
    small_deal(&root.path().join("acme"));
    fs::create_dir_all(root.path().join("broken")).unwrap();
    fs::write(root.path().join("broken/logo.png"), b"\x89PNG\r\n\x1a\n\0\0").unwrap();
    fs::create_dir_all(root.path().join("empty")).unwrap();
    let output = audit(root.path()).arg("--json").assert().code(1).get_output().clone();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["deals"].as_array().unwrap().len(), 1);
    assert_eq!(document["not_read"][0]["deal"], "Broken");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("left out the deal `Broken`") && told.contains("logo.png"), "{told}");

    let nothing = audit(&root.path().join("broken")).assert().code(2).get_output().clone();
    assert!(nothing.stdout.is_empty());
    let missing = audit(&root.path().join("no-such")).assert().code(2).get_output().clone();
    assert!(String::from_utf8_lossy(&missing.stderr).contains("cannot read the folder"));
}

#[test]
fn what_files_say_steers_neither_a_terminal_nor_a_spreadsheet() {
    let root = TempDir::new().unwrap();
    let deal = root.path().join("=cmd");
    fs::create_dir_all(&deal).unwrap();
    let call = "Dana Ruiz: We will have the \u{9b}31mportal\u{202e} live by June 14, 2026.\nOmar Haddad: Good.\n\
        Dana Ruiz: Good.\nOmar Haddad: Thank you.\n";
    fs::write(deal.join("01-call.txt"), call).unwrap();
    let csv = root.path().join("ledger.csv");
    let output = audit(&deal).arg("--csv").arg(&csv).assert().success().get_output().stdout.clone();
    let shown = String::from_utf8(output).unwrap();
    assert!(shown.contains("portal") && !shown.contains(['\u{9b}', '\u{202e}', '\u{1b}']), "{shown}");
    let csv = fs::read_to_string(&csv).unwrap();
    assert!(csv.lines().skip(1).all(|line| line.starts_with("'=")), "{csv}");
}

#[test]
fn what_came_after_the_sale_is_drafted_from_by_no_command() {
    let root = TempDir::new().unwrap();
    small_deal(root.path());
    let draft = baton().arg("draft").arg(root.path()).arg("--json").assert().code(0).get_output().clone();
    let (told, noted) = (String::from_utf8(draft.stdout).unwrap(), String::from_utf8(draft.stderr).unwrap());
    assert!(told.contains("June 14") && !told.contains("July 2"), "{told}");
    assert!(noted.contains("`post-sale/2026-07-20-call.txt` is from after the sale"), "{noted}");
    let dna = json_of(baton().arg("dna").arg(root.path()).arg("--json"));
    let open = dna["open_promises"].as_array().unwrap();
    let portal = |line: &&serde_json::Value| line["statement"].as_str().unwrap().contains("portal");
    assert!(!open.iter().any(|line| portal(&line)) && !open.is_empty(), "{open:?}");
    assert!(dna["history"].to_string().contains("2026-07-20"), "{}", dna["history"]);
}

#[test]
fn only_the_deals_that_were_closed_last_are_audited_the_newest_first() {
    let root = TempDir::new().unwrap();
    for (deal, day) in [("early", "2026-03-02"), ("late", "2026-08-31"), ("middle", "2026-05-20")] {
        let folder = root.path().join(deal);
        fs::create_dir_all(&folder).unwrap();
        let call = "Dana Ruiz: We will have the portal live in two weeks.\nOmar Haddad [EXT]: Good.\n";
        fs::write(folder.join(format!("{day}-call.txt")), call).unwrap();
    }
    small_deal(&root.path().join("undated"));
    let output = audit(root.path()).args(["--last", "2", "--json"]).assert().code(0).get_output().clone();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let deals = document["deals"].as_array().unwrap();
    let closed: Vec<Value> = deals.iter().map(|deal| json!([deal["deal"], deal["closed_on"]])).collect();
    assert_eq!(closed, [json!(["Late", "2026-08-31"]), json!(["Middle", "2026-05-20"])]);
    assert!(document["ledger"].as_array().unwrap().iter().all(|entry| entry["account"] != "Early"));
    let noted = String::from_utf8_lossy(&output.stderr);
    assert!(noted.contains("Undated: no file says on what day"), "{noted}");
}
