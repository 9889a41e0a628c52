//! Files that chance makes of the fixtures, the same at every run. `cargo bench --bench import -- --fuzz 600` tries as many as
//! it can, with limits of time and memory; its findings are below.

use std::path::Path;

use baton::transcript::parse;

use self::inputs::{Corpus, FAMILIES, trial};
use crate::parse::turns;
use crate::round_trip::documents::built::pdf_of;

#[path = "../../benches/import/inputs/mod.rs"]
mod inputs;

/// Inputs of each family; a debug build takes seconds for all of them.
const INPUTS: u64 = 300;

#[test]
fn what_chance_makes_of_the_fixtures_is_read_by_the_rules_or_refused_in_one_line() {
    let corpus = Corpus::of_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/transcripts")).unwrap();
    for family in FAMILIES {
        for seed in 0..INPUTS {
            let input = corpus.input(family, seed);
            assert_eq!(trial(&input), Ok(()), "seed {seed} of {}, as `{}`", family.name, input.name);
        }
    }
}

#[test]
fn a_label_in_a_code_of_its_own_is_what_people_see_of_it() {
    let mail = "From: =?utf-8?Q?=13Dana=E2=80=AE?= Ruiz <dana@x.example>\nTo: s@y.example\nContent-Type: text/plain\n\nYes.=13\n";
    let read = parse("x", mail.as_bytes()).unwrap();
    assert_eq!(read.turns[0].speaker.as_deref(), Some("Dana Ruiz"));
    assert_eq!(read.participants[0].name.as_deref(), Some("Dana Ruiz"));
    let bare = r#"{"data":{"transcript":{"sentences":[{"speaker_id":2,"text":"Yes."}],"speakers":[{"id":2,"name":"\u0000"}]}}}"#;
    assert_eq!(parse("x", bare.as_bytes()).unwrap().turns[0].speaker, None, "a name without a letter is none");
}

#[test]
fn an_error_in_the_words_of_the_file_is_one_line() {
    let queued = r#"{"id":"1","status":"queued","audio_url":"https://x.example","error":"a\u0000\nb\u202e"}"#;
    let error = parse("x", queued.as_bytes()).unwrap_err().to_string();
    let long =
        format!(r#"{{"id":"1","status":"queued","audio_url":"https://x.example","error":"{}"}}"#, "a".repeat(9_000));
    assert!(parse("x", long.as_bytes()).unwrap_err().to_string().len() < 1_000);
    assert!(!error.contains(['\0', '\n', '\u{202e}']), "{error:?}");
}

#[test]
fn turns_of_its_own_document_are_not_judged_again() {
    let captions = "5:0-->0:0\nThank you\n0:0:5->0:4,0\nh\n10:3,0-->1:0\nh\n";
    let read = parse("x", captions.as_bytes()).unwrap();
    let again = parse("x", &serde_json::to_vec(&read).unwrap()).unwrap();
    let words =
        |lines: Vec<String>| lines.iter().map(|line| line.rsplit("] ").next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(words(turns(&again)), words(turns(&read)));
}

#[test]
fn an_end_without_a_start_is_not_before_what_is_above_it() {
    let file = r#"[{"sentence":"We start.","startTime":"7","speaker_name":"Salma"},{"sentence":"Good.","endTime":"5","speaker_name":"Salma"}]"#;
    let read = parse("x", file.as_bytes()).unwrap();
    assert_eq!((read.turns[0].start_ms, read.turns[0].end_ms), (Some(7_000), None));
    assert!(read.report.warnings.iter().any(|warning| warning.contains("end left out: 1 (at 2)")), "{read:?}");
}

#[test]
fn a_heading_without_words_names_no_clause() {
    let read = parse("order-form.md", b"# \ni\n1.\n").unwrap();
    assert!(read.turns.iter().flat_map(|turn| &turn.cues).all(|id| !id.is_empty()), "{read:?}");
}

#[test]
fn objects_of_a_pdf_that_never_end_are_refused() {
    for open in ["<<", "[", "<</A ", "("] {
        let file = format!("%PDF-1.4\n{}", format!("6 0 obj\n{open}\n").repeat(20_000));
        assert!(parse("x", file.as_bytes()).is_err_and(|error| error.to_string().contains("never end")), "{open}");
    }
}

#[test]
fn a_tag_of_thousands_of_attributes_does_not_fill_the_stack() {
    let page = format!("<html><body><p{}>words</p></body></html>", " class=\"b\"".repeat(30_000));
    assert_eq!(parse("x", page.as_bytes()).unwrap().turns[0].text, "words");
}

#[test]
fn texts_of_a_pdf_that_are_too_long_to_be_drawn_are_refused() {
    let refused = |content: String| {
        let error = parse("x", pdf_of(&[content], "").as_bytes()).unwrap_err().to_string();
        assert!(error.contains("bytes in one text"), "{error}");
    };
    refused(format!("BT /F1 9 Tf ({}) Tj ET", "a".repeat(200_000)));
    refused(format!("BT /F1 9 Tf [{}] TJ ET", "(abcd) 1 ".repeat(20_000)));
    refused(format!("BT /F1 9 Tf 7 Tr {} ET", "(abcd) Tj ".repeat(20_000)));
    let shown = pdf_of(&[format!("BT /F1 9 Tf 50 700 Td {} ET", "(abcd) Tj ".repeat(20))], "");
    assert!(parse("x", shown.as_bytes()).is_ok());
}

#[test]
fn a_mail_of_blank_lines_is_refused_before_it_takes_its_memory() {
    let mail = format!("From: a@x.example\nTo: b@y.example\nSubject: x\n\nHello\n{}", "\n".repeat(1_000_000));
    assert!(parse("x", mail.as_bytes()).is_err_and(|error| error.to_string().contains("in memory")));
}
