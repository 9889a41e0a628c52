//! What the customer reads: only what is theirs to read, whatever the version holds.

use baton::documents::{Context, DocumentKind};
use baton::domain::record::HandoffRecord;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{context, one};
use crate::support::handoff::{handed_over, item, version};

/// Words about people and contracts that no customer may read.
const OURS: [&str; 15] = [
    "skeptic",
    "skeptical",
    "opposed",
    "supportive",
    "detractor",
    "champion",
    "influence",
    "leaving",
    "unwritten",
    "contradicted",
    "confidence",
    "objection",
    "risk",
    "competitor",
    "economic",
];

fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = Value> {
    (0..=words.len()).prop_map(|at| words.get(at).map_or(Value::Null, |word| json!(word)))
}

/// A sentence nobody else says.
fn telling(mark: usize) -> String {
    format!("alpha{mark}x beta{mark} gamma{mark} delta{mark}")
}

fn promise() -> impl Strategy<Value = Value> {
    let about = (
        one_of(&["vendor", "customer"]),
        one_of(&["firm", "conditional", "soft", "implied", "roadmap"]),
        one_of(&["made", "repeated", "changed", "withdrawn", "superseded"]),
        one_of(&["written", "contradicted", "unwritten", "no_contract"]),
        one_of(&["timeline", "feature", "pricing", "other"]),
        any::<bool>(),
    );
    about.prop_map(|(owed_by, strength, history, contract, category, dated)| {
        let due = if dated { json!("2026-05-20") } else { Value::Null };
        json!({"owed_by": owed_by, "strength": strength, "history": history, "contract": contract, "category": category, "due": due})
    })
}

fn person() -> impl Strategy<Value = Value> {
    let roles = prop::collection::vec(
        prop::sample::select(vec![
            "economic_buyer",
            "champion",
            "skeptic",
            "detractor",
            "project_lead",
            "admin",
            "evaluator",
        ]),
        0..3,
    );
    let stance = one_of(&["supportive", "neutral", "skeptical", "opposed"]);
    (roles, stance, one_of(&["low", "high"]), any::<bool>())
        .prop_map(|(roles, stance, influence, leaving)| json!({"roles": roles, "stance": stance, "influence": influence, "leaving": leaving}))
}

/// A field with attributes, without the marks that tell its texts apart.
fn any_finding() -> impl Strategy<Value = (&'static str, Value)> {
    let bare = prop::sample::select(vec![
        "technical",
        "pricing",
        "politics",
        "relationship",
        "objection",
        "risk",
        "competitor",
        "success_criteria",
    ]);
    prop_oneof![
        promise().prop_map(|attributes| ("commitment", attributes)),
        person().prop_map(|attributes| ("stakeholder", attributes)),
        one_of(&["trigger", "pain", "driver", "influence"]).prop_map(|kind| ("why_bought", json!({"kind": kind}))),
        prop::option::of(any::<bool>()).prop_map(|inside| ("scope", json!({"in_scope": inside}))),
        one_of(&["rollout", "blackout", "quick_win"]).prop_map(|kind| ("timeline", json!({"kind": kind}))),
        bare.prop_map(|field| (field, json!({}))),
    ]
}

/// Whether the customer may read the item's statement.
fn is_theirs(field: &str, attributes: &Value) -> bool {
    match field {
        "success_criteria" | "timeline" => true,
        "scope" => attributes["in_scope"] == json!(true),
        "why_bought" => attributes["kind"] == "driver",
        "commitment" => {
            let ours = attributes["owed_by"] == "vendor";
            let settled = attributes["owed_by"] == "customer" || (ours && attributes["contract"] != "contradicted");
            let live = attributes["history"] != "withdrawn" && attributes["history"] != "superseded";
            // A conditional promise without its condition would be a firm one.
            settled && live && attributes["strength"] == "firm" && attributes["category"] != "pricing"
        }
        _ => false,
    }
}

/// A version of these findings, and each item's sentence with whether the customer may read it.
fn marked(findings: &[(&str, Value)]) -> (Context, Vec<(String, bool)>) {
    let mut items = Vec::new();
    let mut sentences = Vec::new();
    for (mark, (field, attributes)) in findings.iter().enumerate() {
        let mut attributes = attributes.clone();
        match *field {
            "stakeholder" => attributes["name"] = json!(format!("Person{mark} Lindqvist")),
            "competitor" => attributes = json!({"name": format!("Rival{mark}"), "reason": telling(mark)}),
            "risk" => attributes = json!({"severity": "high", "mitigation": telling(mark)}),
            _ => {}
        }
        sentences.push((telling(mark), is_theirs(field, &attributes)));
        items.push(item(
            &format!("itm_{mark}"),
            field,
            &telling(mark),
            &attributes,
            &format!("said{mark} {}", telling(mark)),
        ));
    }
    (handed_over(HandoffRecord::read(&version(1, &items, &[])).unwrap()), sentences)
}

proptest! {
    #[test]
    fn a_customer_reads_nothing_that_is_ours(findings in prop::collection::vec(any_finding(), 0..24)) {
        let (context, sentences) = marked(&findings);
        for kind in [DocumentKind::ReadBack, DocumentKind::Introduction] {
            let text = one(&context, kind);
            for (sentence, theirs) in &sentences {
                prop_assert!(*theirs || !text.contains(sentence.split(' ').next().unwrap()) , "{sentence}: {text}");
            }
            for word in OURS {
                prop_assert!(!text.to_lowercase().contains(word), "{word}: {text}");
            }
        }
        let sheet = one(&context, DocumentKind::ReadBack);
        let shown = sentences.iter().filter(|(sentence, _)| sheet.contains(sentence)).count();
        let theirs = sentences.iter().filter(|(_, theirs)| *theirs).count();
        prop_assert!(shown == theirs || sheet.contains("smaller points are left out"), "{shown} of {theirs}: {sheet}");
    }
}

#[test]
fn words_that_are_also_filed_as_a_risk_or_name_an_alternative_are_left_out() {
    let said = "the landlord at Ashby may never sign for the antenna";
    let promise = |statement: &str| {
        item("itm_p", "commitment", statement, &json!({"owed_by": "customer", "strength": "firm"}), "we will")
    };
    let sheet = |items: &[Value]| one(&context(&version(1, items, &[])), DocumentKind::ReadBack);
    let risk = item("itm_r", "risk", "Ashby may come late.", &json!({}), said);
    let rival =
        item("itm_c", "competitor", "They looked at ColdVantage.", &json!({"name": "ColdVantage"}), "we had them in");
    assert!(sheet(&[promise("Omar asks the landlord.")]).contains("Omar asks the landlord."));
    assert!(!sheet(&[promise(&format!("Omar says {said}.")), risk]).contains("landlord"));
    assert!(!sheet(&[promise("Omar cancels the ColdVantage trial."), rival]).contains("ColdVantage"));
    assert!(!sheet(&[promise("Omar pays the setup fee.")]).contains("fee"));
    assert!(!sheet(&[promise("Omar wires $12,000.")]).contains("12,000"));
}

#[test]
fn a_goal_that_speaks_of_a_colleague_is_told_by_its_measure() {
    let goal = item(
        "itm_g",
        "success_criteria",
        "Cut the bill in half, and Omar never has to explain himself to Lorraine again.",
        &json!({"metric": "cut the bill in half"}),
        "cut the bill in half and I never have to explain myself to Lorraine again",
    );
    let person = |name: &str, role: &str| {
        item("itm_s", "stakeholder", "Signs.", &json!({"name": name, "roles": [role]}), "she signs")
    };
    let version = version(
        1,
        &[goal, person("Lorraine Achterberg", "economic_buyer"), person("Omar Haddad", "project_lead")],
        &[],
    );
    let sheet = one(&context(&version), DocumentKind::ReadBack);
    assert!(sheet.contains("cut the bill in half") && !sheet.contains("Lorraine"), "{sheet}");
    let mail = one(&context(&version), DocumentKind::Introduction);
    assert!(mail.contains("Hello Omar,") && !mail.contains("Lorraine"), "{mail}");
}

#[test]
fn a_conditional_promise_goes_with_its_condition_or_not_at_all() {
    let promise = |condition: &Value| {
        let attributes =
            json!({"owed_by": "vendor", "strength": "conditional", "condition": condition, "contract": "written"});
        item("itm_p", "commitment", "All six sites live by August 28.", &attributes, "all six are done")
    };
    let sheet = |condition: Value| one(&context(&version(1, &[promise(&condition)], &[])), DocumentKind::ReadBack);
    assert!(sheet(json!("the network is ready")).contains("August 28. (if: the network is ready)"));
    assert!(!sheet(Value::Null).contains("August 28"));
    assert!(!sheet(json!("the discount is signed off")).contains("August 28"), "the condition cannot be said");
}
