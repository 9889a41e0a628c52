//! The command line: data on stdout, everything else on stderr, and errors that say which, why and what to do.

mod access;
mod ask;
mod audit;

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::cli::{baton, json_of};

fn stderr(command: &mut assert_cmd::Command, code: i32) -> String {
    let output = command.assert().code(code).get_output().clone();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "nothing on stdout when it failed");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn parse_prints_one_transcript_document_per_line() {
    let folder = TempDir::new().unwrap();
    fs::write(
        folder.path().join("a.txt"),
        "Dana Ruiz: Hello there.\nOmar Haddad: Hi.\nDana Ruiz: Bye.\nOmar Haddad: Bye.\n",
    )
    .unwrap();
    fs::write(folder.path().join("b.md"), "# Notes\n\n- they need SSO\n").unwrap();
    let output = baton().arg("parse").arg(folder.path()).arg("--json").assert().success().get_output().stdout.clone();
    let lines: Vec<Value> =
        String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line["schema"] == "baton.transcript/1"));
    assert_eq!((&lines[0]["kind"], &lines[1]["kind"]), (&json!("call_transcript"), &json!("notes")));
}

#[test]
fn a_file_that_cannot_be_used_fails_with_its_name_the_reason_and_a_way_out() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        fs::write(folder.path().join(name), bytes).unwrap();
        folder.path().join(name)
    };
    let cases: [(&str, &[u8], &str); 3] = [
        ("empty.vtt", b"", "empty"),
        ("recording.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "video"),
        ("orders.json", br#"{"orders":[1]}"#, "orders"),
    ];
    for (name, bytes, words) in cases {
        let path = file(name, bytes);
        for verb in ["parse", "draft"] {
            let error = stderr(baton().arg(verb).arg(&path), 2);
            assert!(error.starts_with(&format!("error: `{name}`: ")) && error.contains(words), "{error}");
            assert_eq!(error.trim_end().lines().count(), 1, "{error}");
        }
    }
    let error = stderr(baton().args(["parse", "no-such-file.vtt"]), 2);
    assert!(error.contains("cannot read `no-such-file.vtt`"), "{error}");
}

#[test]
fn a_file_of_no_use_in_a_folder_is_named_and_the_rest_is_drafted() {
    let folder = TempDir::new().unwrap();
    fs::write(
        folder.path().join("call.txt"),
        "Dana Ruiz: We will train your team by May 3.\nOmar Haddad: Good.\n".repeat(4),
    )
    .unwrap();
    fs::write(folder.path().join("logo.png"), b"\x89PNG\r\n\x1a\n\0\0").unwrap();
    let output = baton().arg("draft").arg(folder.path()).arg("--json").assert().success().get_output().clone();
    assert!(String::from_utf8_lossy(&output.stderr).contains("left out `logo.png`"));
    let draft: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(draft["schema"], "baton.draft/1");
}

#[test]
fn serve_refuses_to_listen_where_others_could_reach_it() {
    let folder = TempDir::new().unwrap();
    let mut command = baton();
    command.args(["serve", "--listen", "0.0.0.0:0", "--data-dir"]).arg(folder.path());
    let error = stderr(&mut command, 2);
    assert!(error.contains("refusing to listen on 0.0.0.0:0"), "{error}");
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "nothing was made");
}

#[test]
fn doctor_says_what_works_and_what_does_not() {
    let folder = TempDir::new().unwrap();
    let mut doctor = baton();
    doctor.args(["doctor", "--json", "--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path());
    let findings = json_of(&mut doctor);
    assert!(findings.as_array().unwrap().iter().all(|finding| finding["ok"] == true), "{findings}");
    let mut doctor = baton();
    doctor.args([
        "doctor",
        "--engine",
        "openai",
        "--openai-base-url",
        "http://127.0.0.1:1/v1",
        "--listen",
        "127.0.0.1:0",
    ]);
    let output = doctor.arg("--data-dir").arg(folder.path()).assert().code(1).get_output().stdout.clone();
    // One that was cut short is not taken for a whole index.
    fs::write(folder.path().join("reindexing"), "").unwrap();
    let mut serve = baton();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path());
    let error = stderr(&mut serve, 2);
    assert!(error.contains("did not come to its end"), "{error}");
    let output = String::from_utf8(output).unwrap();
    assert!(output.contains("FAIL  engine: http://127.0.0.1:1/v1 does not answer"), "{output}");
}

#[test]
fn the_demo_prints_a_cited_handoff_and_finds_everything_there_the_second_time() {
    let folder = TempDir::new().unwrap();
    let demo = || {
        let mut command = baton();
        command.args(["demo", "--no-serve", "--data-dir"]).arg(folder.path());
        String::from_utf8(command.assert().success().get_output().stdout.clone()).unwrap()
    };
    let first = demo();
    assert!(first.starts_with("# Handoff: Brightwater Foundry"), "{}", &first[..200]);
    assert!(first.contains("(customer), 03-negotiation.vtt, "), "who, which file, which minute");
    assert_eq!(demo(), first);
    let mut doctor = baton();
    doctor.args(["doctor", "--json", "--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path());
    let findings = json_of(&mut doctor);
    let records = findings.as_array().unwrap().iter().find(|finding| finding["check"] == "records and index").unwrap();
    assert!(!records["detail"].as_str().unwrap().contains(" 0 chunks"), "{records}");

    // Another model's vectors do not fit: the error names the command that mends it, and the command does.
    let mut serve = baton();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--embedder", "openai", "--data-dir"]).arg(folder.path());
    let error = stderr(&mut serve, 2);
    assert!(error.contains("run `baton reindex`"), "{error}");
    let output =
        baton().args(["reindex", "--data-dir"]).arg(folder.path()).assert().success().get_output().stderr.clone();
    assert!(String::from_utf8_lossy(&output).contains("indexed with all-MiniLM-L6-v2-int8"));
    assert_eq!(demo(), first);
}
