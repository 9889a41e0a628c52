//! Every file of `fixtures/transcripts` that has an `.expected.json` beside it: what a person read in it, against what the parser
//! reads. The expectations were decided by reading the files, never by running the parser.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use baton::domain::transcript::{Transcript, Turn};
use baton::transcript::parse;
use serde::Deserialize;
use serde_json::Value;

const SUFFIX: &str = ".expected.json";

/// What a person read in a file.
#[derive(Deserialize)]
struct Expected {
    /// The trap that the file sets.
    why: String,
    format: Option<String>,
    kind: Option<String>,
    cues: Option<u32>,
    turns: Option<u32>,
    /// In order of their first words.
    #[serde(default)]
    speakers: Vec<String>,
    unlabelled_turns: Option<usize>,
    first: Option<EdgeTurn>,
    last: Option<EdgeTurn>,
    title: Option<String>,
    started_at: Option<String>,
    duration_ms: Option<i64>,
    precision: Option<String>,
    /// The first cue's id of some turns, by the turn's number, from 1.
    #[serde(default)]
    ids: BTreeMap<usize, String>,
    /// Of a contract, turn by turn: the clause's number, its heading and its page.
    #[serde(default)]
    clauses: Vec<(Option<String>, Option<String>, Option<u32>)>,
    /// Of notes, turn by turn: the headings above it.
    #[serde(default)]
    headings: Vec<String>,
    /// What must be told of; the parser may tell of more.
    #[serde(default)]
    reported: Vec<Reported>,
    #[serde(default)]
    contains: Vec<String>,
    #[serde(default)]
    absent: Vec<String>,
    /// What the one line of a refusal names; only for people: wording is free.
    refused: Option<String>,
}

/// The first or the last turn.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EdgeTurn {
    speaker: Option<String>,
    text: String,
    #[serde(default, deserialize_with = "given")]
    start_ms: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    end_ms: Option<Value>,
}

/// Something that is in no turn, or was repaired; line 0 is the file as a whole.
#[derive(Deserialize)]
struct Reported {
    line: u32,
    why: String,
}

/// A key that is there, `null` too.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/transcripts")
}

/// The files with expectations, by name.
fn expectations() -> Vec<(String, Expected)> {
    let names = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter_map(|name| name.strip_suffix(SUFFIX).map(str::to_owned)).collect();
    names.sort();
    let expected = |name: String| {
        let text = fs::read(folder().join(format!("{name}{SUFFIX}"))).unwrap();
        let expected = serde_json::from_slice(&text);
        assert!(expected.is_ok(), "{name}{SUFFIX}: {:?}", expected.err());
        (name, expected.unwrap())
    };
    names.into_iter().map(expected).collect()
}

#[test]
fn every_file_is_read_as_a_person_reads_it() {
    let all = expectations();
    assert!(all.len() >= 90, "{} files", all.len());
    let mut wrong = Vec::new();
    for (name, expected) in &all {
        // The name is a hint and nothing more; what a contract or notes are is told by it.
        let read = parse(name, &fs::read(folder().join(name)).unwrap());
        let found = match (&read, &expected.refused) {
            (Ok(transcript), None) => differences(transcript, expected),
            (Err(_), Some(_)) => Vec::new(),
            (Ok(transcript), Some(why)) => vec![format!("{:?} was read, but: {why}", transcript.format)],
            (Err(error), None) => vec![format!("refused: {error}")],
        };
        if !found.is_empty() {
            wrong.push(format!("{name} ({})\n    {}", expected.why, found.join("\n    ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} files:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

/// What a reader did not see as a person did.
fn differences(transcript: &Transcript, expected: &Expected) -> Vec<String> {
    let mut wrong = Vec::new();
    let document = serde_json::to_value(transcript).unwrap();
    let mut same = |what: &str, found: Value, wanted: Value| {
        if found != wanted {
            wrong.push(format!("{what}: {found} in place of {wanted}"));
        }
    };
    same("format", document["format"].clone(), expected.format.clone().into());
    same("kind", document["kind"].clone(), expected.kind.clone().into());
    same("cues", transcript.report.cues.into(), expected.cues.into());
    same("turns", transcript.turns.len().into(), expected.turns.into());
    let mut speakers: Vec<&str> = Vec::new();
    for speaker in transcript.turns.iter().filter_map(|turn| turn.speaker.as_deref()) {
        if !speakers.contains(&speaker) {
            speakers.push(speaker);
        }
    }
    same("speakers", speakers.into(), expected.speakers.clone().into());
    let unlabelled = transcript.turns.iter().filter(|turn| turn.speaker.is_none()).count();
    same("unlabelled turns", unlabelled.into(), expected.unlabelled_turns.into());
    let edges =
        [("first", transcript.turns.first(), &expected.first), ("last", transcript.turns.last(), &expected.last)];
    for (which, found, wanted) in edges {
        if let (Some(found), Some(wanted)) = (found, wanted) {
            same(&format!("speaker of the {which} turn"), found.speaker.clone().into(), wanted.speaker.clone().into());
            same(&format!("{which} turn"), found.text.clone().into(), wanted.text.clone().into());
            for (time, found, wanted) in times(found, wanted) {
                same(&format!("{time} of the {which} turn"), found.into(), wanted.clone());
            }
        }
    }
    for (what, wanted) in [("title", &expected.title), ("started_at", &expected.started_at)] {
        if let Some(wanted) = wanted {
            same(what, document[what].clone(), wanted.clone().into());
        }
    }
    if let Some(wanted) = expected.duration_ms {
        same("duration_ms", transcript.duration_ms.into(), wanted.into());
    }
    if let Some(wanted) = &expected.precision {
        same("precision", document["turns"][0]["precision"].clone(), wanted.clone().into());
    }
    wrong.extend(ids_that_differ(transcript, expected));
    wrong.extend(words_that_differ(transcript, expected));
    wrong.extend(
        expected
            .reported
            .iter()
            .filter(|told| !is_told(transcript, told.line))
            .map(|told| format!("the report says nothing of line {}: {}", told.line, told.why)),
    );
    wrong
}

/// The times that the expectation names.
fn times<'w>(found: &Turn, wanted: &'w EdgeTurn) -> impl Iterator<Item = (&'static str, Option<i64>, &'w Value)> {
    let start = wanted.start_ms.as_ref().map(|wanted| ("start", found.start_ms, wanted));
    let end = wanted.end_ms.as_ref().map(|wanted| ("end", found.end_ms, wanted));
    start.into_iter().chain(end)
}

/// Cue ids say where a citation stands: clause, heading, page, line.
fn ids_that_differ(transcript: &Transcript, expected: &Expected) -> Vec<String> {
    let id = |turn: usize| transcript.turns.get(turn).and_then(|turn| turn.cues.first()).map_or("", String::as_str);
    let mut wrong = Vec::new();
    for (turn, wanted) in &expected.ids {
        if id(turn - 1) != wanted {
            wrong.push(format!("turn {turn} is `{}` in place of `{wanted}`", id(turn - 1)));
        }
    }
    for (turn, (number, heading, page)) in expected.clauses.iter().enumerate() {
        let page = page.map(|page| format!("p. {page}"));
        for part in [number, heading, &page].into_iter().flatten().filter(|part| !id(turn).contains(part.as_str())) {
            wrong.push(format!("turn {turn} is `{}`, without `{part}`", id(turn)));
        }
    }
    for (turn, path) in expected.headings.iter().enumerate() {
        if !id(turn).starts_with(path.as_str()) {
            wrong.push(format!("turn {turn} is `{}`, not under `{path}`", id(turn)));
        }
    }
    wrong
}

fn words_that_differ(transcript: &Transcript, expected: &Expected) -> Vec<String> {
    let holds = |words: &&String| transcript.turns.iter().any(|turn| turn.text.contains(words.as_str()));
    let missing = expected.contains.iter().filter(|words| !holds(words));
    let extra = expected.absent.iter().filter(holds);
    let missing = missing.map(|words| format!("in no turn: {words}"));
    missing.chain(extra.map(|words| format!("in a turn: {words}"))).collect()
}

fn is_told(transcript: &Transcript, line: u32) -> bool {
    let report = &transcript.report;
    if line == 0 {
        return !(report.warnings.is_empty() && report.dropped.is_empty());
    }
    let named =
        |warning: &String| warning.split(|c: char| !c.is_ascii_digit()).any(|number| number.parse() == Ok(line));
    report.dropped.iter().any(|dropped| dropped.line == line) || report.warnings.iter().any(named)
}

#[test]
fn a_wrong_suffix_changes_nothing_about_files_that_show_what_they_are() {
    for (name, expected) in expectations().iter().filter(|(_, expected)| expected.refused.is_none()) {
        // What a contract or notes are is told by the name, too.
        if expected.kind.as_deref() != Some("call_transcript") {
            continue;
        }
        let bytes = fs::read(folder().join(name)).unwrap();
        let told = parse(name, &bytes).unwrap();
        for other in ["upload.bin", "wrong.docx", "x.json", "x.vtt"] {
            assert_eq!(parse(other, &bytes).unwrap(), told, "{name} as {other}");
        }
    }
}
