//! `baton eval`: the rule of matching, the figures, and what it says where it cannot score.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::cli::{baton, json_of};

fn bench_deal(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bench").join(path)
}

fn share(figures: &Value, pointer: &str) -> (u64, u64) {
    let share = figures.pointer(pointer).expect(pointer);
    (share["hit"].as_u64().unwrap(), share["of"].as_u64().unwrap())
}

fn quote(words: &str) -> Value {
    json!([{"source": "call.txt", "quote": words}])
}

fn item(id: &str, field: &str, words: &str, attributes: &Value) -> Value {
    json!({"id": id, "field": field, "statement": words, "attributes": attributes, "citations": quote(words)})
}

const CALL: &str = "\
Mina: We will have the portal live by June, that is settled on our side.
Jo: Good. Our old vendor said they would have it live by May and never did.
Mina: The sandbox comes in two weeks, and the training is on us.
Jo: I worry that nobody here owns the data, to be honest with you.
Jo: It may be that the warehouse joins later, who knows.
";

/// A folder with a call, its labels, and what somebody else found in it.
fn labelled(second: &Value) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let promise = "We will have the portal live by June";
    let gold = json!({
        "schema": "baton.gold/1",
        "items": [
            item("a", "commitment", promise, &json!({"strength": "firm", "owed_by": "vendor"})),
            item("b", "commitment", "The sandbox comes in two weeks", &json!({"strength": "firm"})),
            item("c", "risk", "nobody here owns the data", &json!({"severity": "high"})),
        ],
        "unknown": ["competitor", "objection"],
        "neutral": [{"source": "call.txt", "quote": "the warehouse joins later", "field": "scope"}],
        "traps": [{"source": "call.txt", "quote": "they would have it live by May", "not": "commitment", "why": "quoted"}],
        "questions": [],
    });
    fs::write(folder.path().join("call.txt"), CALL).unwrap();
    fs::write(folder.path().join("gold.json"), gold.to_string()).unwrap();
    fs::write(folder.path().join("gold-2.json"), json!({"schema": "baton.gold/1", "items": second}).to_string())
        .unwrap();
    folder
}

#[test]
fn questions_of_another_file_are_asked_in_the_place_of_the_labels_own() {
    let folder = labelled(&json!([]));
    let asked = json!({"schema": "baton.gold/1", "questions": [
        {"id": "n1", "question": "when's the portal up?", "answerable": true, "citations": quote("live by June")},
        {"id": "n2", "question": "who pays for the hosting?", "answerable": false},
    ]});
    fs::write(folder.path().join("gold-newcomer.json"), asked.to_string()).unwrap();
    let eval = |more: &[&str]| json_of(baton().arg("eval").arg(folder.path()).arg("--json").args(more));
    let own = eval(&[]);
    assert_eq!(share(&own, "/figures/questions/cited").1, 0, "{own}");
    let newcomer = eval(&["--questions", "gold-newcomer.json"]);
    assert_eq!(share(&newcomer, "/figures/questions/cited").1, 1, "{newcomer}");
    assert_eq!(share(&newcomer, "/figures/questions/declined").1, 1, "{newcomer}");
    assert_eq!(own["figures"]["fields"], newcomer["figures"]["fields"]);

    let missing = baton().arg("eval").arg(folder.path()).args(["--questions", "gold-9.json"]).assert().code(2);
    let told = String::from_utf8_lossy(&missing.get_output().stderr).into_owned();
    assert!(told.contains("cannot read the labels") && told.contains("gold-9.json"), "{told}");
}

fn scored(second: &Value) -> Value {
    let folder = labelled(second);
    json_of(baton().arg("eval").arg(folder.path()).args(["--labels", "gold-2.json", "--json"]))
}

#[test]
fn half_of_the_shorter_quote_matches_and_repeats_and_neutral_quotes_count_neither_way() {
    let report = scored(&json!([
        item(
            "1",
            "commitment",
            "have the portal live by June, that is",
            &json!({"strength": "soft", "owed_by": "vendor"})
        ),
        item("2", "commitment", "that is settled on our side", &json!({})),
        item("3", "commitment", "portal live by June, that is settled", &json!({})),
        item("4", "scope", "the warehouse joins later, who knows", &json!({})),
        item("5", "risk", "I worry that", &json!({})),
    ]));
    let fields = &report["figures"]["fields"];
    // 2 and 5 share too little with what is labelled; 3 only repeats 1; 4 is arguable.
    assert_eq!(fields["commitment"], json!({"found": 1, "missed": 1, "extra": 1}));
    assert_eq!(fields["risk"], json!({"found": 0, "missed": 1, "extra": 1}));
    assert_eq!(fields.get("scope"), None);
    assert_eq!(share(&report, "/figures/attributes/commitment.strength"), (0, 1));
    assert_eq!(share(&report, "/figures/attributes/commitment.owed_by"), (1, 1));
}

#[test]
fn traps_and_silence_are_counted_by_field() {
    let report = scored(&json!([
        item("1", "commitment", "they would have it live by May", &json!({})),
        item("2", "competitor", "Our old vendor said", &json!({})),
    ]));
    assert_eq!(share(&report, "/figures/traps"), (1, 1));
    assert_eq!(share(&report, "/figures/silence"), (1, 2));
    let kinds: Vec<&str> = report["errors"].as_array().unwrap().iter().filter_map(|e| e["kind"].as_str()).collect();
    assert_eq!(kinds, ["missed", "missed", "missed", "extra", "extra", "trap"]);
}

#[test]
fn labels_agree_with_themselves_in_everything() {
    let folder = bench_deal("dev");
    let report = json_of(baton().arg("eval").arg(&folder).args(["--labels", "gold.json", "--json"]));
    let figures = &report["figures"];
    for (field, tally) in figures["fields"].as_object().unwrap() {
        assert_eq!((&tally["missed"], &tally["extra"]), (&json!(0), &json!(0)), "{field}");
    }
    for (name, _) in figures["attributes"].as_object().unwrap() {
        let (hit, of) = share(figures, &format!("/attributes/{name}"));
        // Two findings that share their words may be matched either way.
        assert!(hit * 100 >= of * 95, "{name}: {hit} of {of}");
    }
    let (hit, of) = share(figures, "/superseded");
    assert!(hit * 100 >= of * 85, "superseded: {hit} of {of}");
    for whole in ["/citations", "/silence", "/parsing/quotes", "/parsing/sources"] {
        let (hit, of) = share(figures, whole);
        assert_eq!(hit, of, "{whole}");
    }
    assert_eq!(share(figures, "/traps").0, 0);
}

#[test]
fn a_run_is_compared_with_an_earlier_one() {
    let folder = labelled(&json!([item("1", "risk", "nobody here owns the data", &json!({}))]));
    let run = |extra: &[&str]| {
        let mut command = baton();
        command.arg("eval").arg(folder.path()).args(extra);
        String::from_utf8(command.assert().success().get_output().stdout.clone()).unwrap()
    };
    let earlier = folder.path().join("earlier.txt");
    fs::write(&earlier, run(&["--labels", "gold-2.json", "--json"])).unwrap();
    let table = run(&["--labels", "gold.json", "--against", earlier.to_str().unwrap()]);
    let f1 = table.lines().find(|line| line.contains("micro F1")).unwrap();
    assert!(f1.contains("0.500") && f1.contains("1.000") && f1.contains("+0.500"), "{table}");
}

#[test]
fn what_cannot_be_scored_is_said_with_its_place() {
    let empty = tempfile::tempdir().unwrap();
    let stderr = |path: &Path, args: &[&str]| {
        let output = baton().arg("eval").arg(path).args(args).assert().code(2).get_output().stderr.clone();
        String::from_utf8(output).unwrap()
    };
    assert!(stderr(empty.path(), &[]).contains("no labelled deal there"));
    let folder = labelled(&json!([]));
    fs::write(folder.path().join("gold.json"), r#"{"schema": "baton.gold/9"}"#).unwrap();
    assert!(stderr(folder.path(), &[]).contains("`baton.gold/9`"));
    fs::write(folder.path().join("gold.json"), r#"{"schema": "baton.gold/1", "items": [{"id": 3}]}"#).unwrap();
    let told = stderr(folder.path(), &[]);
    assert!(told.contains("gold.json") && told.contains("line 1"), "{told}");
    assert!(stderr(folder.path(), &["--against", "nowhere.json"]).contains("nowhere.json"));
}

#[test]
fn an_answer_may_cite_what_either_labeller_found() {
    let folder = tempfile::tempdir().unwrap();
    let question = |citations: Value, also: Value| {
        let asked = "When will the portal be live?";
        json!({"id": "q1", "question": asked, "answerable": true, "citations": citations, "also": also})
    };
    let live = quote("We will have the portal live by June");
    let figures = |question: Value| {
        let gold = json!({"schema": "baton.gold/1", "questions": [question]});
        fs::write(folder.path().join("call.txt"), CALL).unwrap();
        fs::write(folder.path().join("gold.json"), gold.to_string()).unwrap();
        json_of(baton().arg("eval").arg(folder.path()).arg("--json"))["figures"].clone()
    };
    let first = figures(question(live.clone(), json!([])));
    assert_eq!(share(&first, "/questions/cited"), (1, 1));
    assert_eq!(share(&first, "/questions/cited_either"), (1, 1));
    // Nothing that answers is said of the lunch.
    let second = figures(question(json!([{"source": "lunch.txt", "quote": "by June"}]), live));
    assert_eq!(share(&second, "/questions/cited"), (0, 1));
    assert_eq!(share(&second, "/questions/cited_either"), (1, 1));
}

#[test]
fn answers_about_passages_are_scored() {
    let passage = json!({
        "topic": "bakeries, kickoff",
        "kind": "call",
        "turns": [
            {"side": "vendor", "name": "Ana", "text": "So we go live in both bakeries on the ninth of June, that is settled."},
            {"side": "customer", "name": "Bo", "text": "Good. The flour prices worry me more, to be honest."},
        ],
        "questions": [
            {"question": "When do the bakeries go live?", "quotes": ["we go live in both bakeries on the ninth of June"]},
            {"question": "Which card terminals do the bakeries use?", "quotes": []},
        ],
    });
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), passage.to_string()).unwrap();
    let figures = json_of(baton().args(["eval", "--json", "--passages"]).arg(file.path()));
    assert_eq!(share(&figures, "/cited"), (1, 1));
    assert_eq!(share(&figures, "/declined"), (1, 1));
    fs::write(file.path(), "{}").unwrap();
    let refused = baton().args(["eval", "--passages"]).arg(file.path()).assert().failure();
    let told = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
    assert!(told.contains("line 1"), "{told}");
}
