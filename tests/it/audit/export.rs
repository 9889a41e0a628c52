//! What `GET /v1/audit-log/export` gives, checked offline.

use std::fs;

use baton::audit::{Broken, verify};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::support::app::{Answer as _, text};
use crate::support::cli::baton;
use crate::support::desk::{Desk, Member};

const CALL: &str = "Callum Brandvold: We will have the dock scheduler live at all six sites by June 14.\n\
    Omar Haddad: Good – das heißt „endlich“ 🚚.\n\
    Callum Brandvold: We will migrate all of your historical logs before the October audit, at no charge.\n\
    Omar Haddad: I'm worried that our network team has no time for this before summer.\n";

async fn export(member: &Member) -> String {
    let response = member.request(Method::GET, "/v1/audit-log/export").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("application/jsonl"));
    response.text().await.unwrap()
}

/// The log of a deal that was reviewed: texts, numbers that are no whole ones, words in several scripts.
async fn reviewed() -> (Desk, String) {
    let desk = Desk::open().await;
    let deal = desk.deal().await;
    desk.add(&deal, "01-call.txt", CALL).await;
    let draft = desk.ae.get(&format!("/v1/deals/{deal}/draft")).await;
    for item in draft["items"].as_array().unwrap() {
        desk.ae.decide(&text(&item["id"]), "approve").await;
    }
    desk.attest(&deal, "risk", "Ein „Umlaut“ – and a \"quote\", a \\backslash\\ and a\nline.").await;
    desk.ae.settle(&deal).await;
    desk.ae.finalize(&deal, json!({}), StatusCode::CREATED).await;
    let export = export(&desk.rev_ops).await;
    (desk, export)
}

fn last_hash(export: &str) -> String {
    verify(export.as_bytes()).unwrap().last_hash.unwrap()
}

#[tokio::test]
async fn an_export_verifies_offline_and_anybody_can_compute_its_hashes() {
    let (_desk, export) = reviewed().await;
    let verified = verify(export.as_bytes()).unwrap();
    assert_eq!(verified.entries, export.lines().count());
    assert!(verified.entries > 20 && export.contains("confidence"), "{export}");
    let mut previous = "0".repeat(64);
    for line in export.lines() {
        // Without Baton, without a JSON library: what stands between `"entry":` and the last brace.
        let (hash, entry) = line.strip_prefix("{\"hash\":\"").unwrap().split_once("\",\"entry\":").unwrap();
        let computed = Sha256::digest(entry.strip_suffix('}').unwrap());
        assert_eq!(hash, computed.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")));
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["entry"]["previous"], json!(previous));
        previous = hash.to_owned();
    }

    let folder = TempDir::new().unwrap();
    let file = folder.path().join("log.jsonl");
    let check = |content: &[u8], last: Option<&str>| {
        fs::write(&file, content).unwrap();
        let mut command = baton();
        command.args(["audit-log", "verify"]).arg(&file);
        if let Some(last) = last {
            command.args(["--last", last]);
        }
        let output = command.output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(said).unwrap())
    };
    let whole = check(export.as_bytes(), None);
    assert_eq!(whole.0, 0, "{}", whole.1);
    assert!(whole.1.contains(&format!("{} entries", verified.entries)) && whole.1.contains(&previous));
    assert_eq!(check(export.as_bytes(), Some(&previous.to_uppercase())).0, 0);
    let cut: String = export.split_inclusive('\n').take(5).collect();
    assert_eq!(check(cut.as_bytes(), None).0, 0, "what is cut off at the end is seen only");
    let (code, said) = check(cut.as_bytes(), Some(&previous));
    assert!(code == 1 && said.contains("does not end with the hash"), "{said}");
    let (code, said) = check(export.replace("Umlaut", "Unrat").as_bytes(), None);
    assert!(code == 1 && said.contains("was changed"), "{said}");
    let (code, said) = check(b"\xff\xfe", None);
    assert!(code == 1 && said.contains("line 1"), "{said}");
    let (code, said) = check(b"", None);
    assert!(code == 1 && said.contains("no entry"), "{said}");
    fs::remove_file(&file).unwrap();
    let gone = baton().args(["audit-log", "verify"]).arg(&file).output().unwrap();
    assert_eq!(gone.status.code(), Some(2));
}

/// One way to tamper with an export.
#[derive(Debug, Clone)]
enum Tampering {
    Flip(prop::sample::Index, u8),
    Insert(prop::sample::Index, u8),
    Remove(prop::sample::Index),
    Drop(prop::sample::Index),
    Swap(prop::sample::Index, prop::sample::Index),
    Repeat(prop::sample::Index, prop::sample::Index),
}

fn tamperings() -> impl Strategy<Value = Tampering> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        6 => (index(), 1_u8..).prop_map(|(at, by)| Tampering::Flip(at, by)),
        2 => (index(), any::<u8>()).prop_map(|(at, byte)| Tampering::Insert(at, byte)),
        2 => index().prop_map(Tampering::Remove),
        1 => index().prop_map(Tampering::Drop),
        1 => (index(), index()).prop_map(|(one, other)| Tampering::Swap(one, other)),
        1 => (index(), index()).prop_map(|(line, at)| Tampering::Repeat(line, at)),
    ]
}

fn tamper(export: &[u8], how: &Tampering) -> Vec<u8> {
    let mut bytes = export.to_vec();
    let mut lines: Vec<&[u8]> = export.split_inclusive(|byte| *byte == b'\n').collect();
    let count = lines.len();
    match how {
        Tampering::Flip(at, by) => bytes[at.index(export.len())] ^= by,
        Tampering::Insert(at, byte) => bytes.insert(at.index(export.len()), *byte),
        Tampering::Remove(at) => drop(bytes.remove(at.index(export.len()))),
        Tampering::Drop(line) => drop(lines.remove(line.index(count))),
        Tampering::Swap(one, other) => lines.swap(one.index(count), other.index(count)),
        Tampering::Repeat(line, at) => lines.insert(at.index(count + 1), lines[line.index(count)]),
    }
    match how {
        Tampering::Flip(..) | Tampering::Insert(..) | Tampering::Remove(_) => bytes,
        _ => lines.concat(),
    }
}

#[tokio::test]
async fn whatever_is_changed_left_out_put_in_or_moved_is_found() {
    let (_desk, export) = reviewed().await;
    let last = last_hash(&export);
    let config = Config { cases: 1_500, failure_persistence: None, ..Config::default() };
    let found = |how: Tampering| {
        let tampered = tamper(export.as_bytes(), &how);
        // The line break at the very end, and cuts at the end, change no entry.
        let harmless = tampered.trim_ascii_end() == export.as_bytes().trim_ascii_end();
        let passes = verify(&tampered).is_ok_and(|verified| verified.last_hash.as_deref() == Some(last.as_str()));
        prop_assert!(!passes || harmless, "{how:?} was not found");
        Ok(())
    };
    TestRunner::new(config).run(&tamperings(), found).unwrap();
}

#[test]
fn a_value_that_stands_twice_in_an_entry_is_found_although_json_reads_only_one() {
    let entry = |after: &str| {
        format!(
            r#"{{"action":"x","actor":"a","actor_id":null,"after":{after},"at":"2026-03-02T10:00:00Z","before":null,"deal":null,"previous":"{}","reason":null,"schema":"baton.audit-entry/1","seq":1,"subject":"s"}}"#,
            "0".repeat(64)
        )
    };
    let honest = entry(r#"{"state":"approved"}"#);
    let hash = Sha256::digest(&honest).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let line = |entry: &str| format!("{{\"hash\":\"{hash}\",\"entry\":{entry}}}\n");
    assert!(verify(line(&honest).as_bytes()).is_ok());
    let Err(Broken { line: 1, what }) = verify(line(&entry(r#"{"state":"rejected","state":"approved"}"#)).as_bytes())
    else {
        panic!("a forged value was not found");
    };
    assert!(what.contains("was changed"), "{what}");
}

#[tokio::test]
async fn each_workspace_has_a_chain_of_its_own() {
    let (desk, home) = reviewed().await;
    let stranger = desk.of_another_workspace().await;
    let theirs = export(&stranger).await;
    assert!(verify(theirs.as_bytes()).unwrap().entries < 10);
    let first: Value = serde_json::from_str(theirs.lines().next().unwrap()).unwrap();
    assert_eq!((&first["entry"]["seq"], &first["entry"]["action"]), (&json!(1), &json!("workspace.founded")));
    assert!(!theirs.contains("Callum") && !home.contains("Otto Fremd"));
    assert_eq!(export(&desk.rev_ops).await, home, "what another workspace does is no entry here");
    for member in [&desk.ae, &desk.csm, &desk.leader] {
        for path in ["/v1/audit-log", "/v1/audit-log/export"] {
            member.request(Method::GET, path).answer(StatusCode::FORBIDDEN).await;
        }
    }
}

#[tokio::test]
async fn writers_at_once_keep_the_chain_whole() {
    let desk = Desk::open().await;
    let deals = futures::future::join_all((0..4).map(|_| desk.deal())).await;
    let before = verify(export(&desk.rev_ops).await.as_bytes()).unwrap().entries;
    let mark = |n: usize| {
        let (deal, member) = (&deals[n % 4], if n.is_multiple_of(2) { &desk.ae } else { &desk.admin });
        let body = json!({"field": "risk", "attributes": {}, "statement": format!("Risk {n}.")});
        member.post(&format!("/v1/deals/{deal}/items"), &body).send()
    };
    for answer in futures::future::join_all((0..60).map(mark)).await {
        assert_eq!(answer.unwrap().status(), StatusCode::CREATED);
    }
    let after = export(&desk.rev_ops).await;
    assert_eq!(verify(after.as_bytes()).unwrap().entries, before + 60);
}

#[tokio::test]
async fn an_export_of_many_entries_is_whole() {
    let desk = Desk::open().await;
    let app = &desk.app.app;
    let mut tx = app.store.write().await.unwrap();
    let caller = baton::access::Caller::console(app.home.clone());
    for n in 0..2_100 {
        let change = baton::audit::Change { action: "x.tested", subject: n.to_string(), ..Default::default() };
        baton::audit::record(&mut tx, &caller, change, app.clock.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    let export = export(&desk.rev_ops).await;
    assert!(verify(export.as_bytes()).unwrap().entries > 2_100, "more than are read at a time");
}
