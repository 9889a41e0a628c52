//! The documents of a final version: what stands in them, how long they are, and what never does.

mod customer;
mod hostile;
mod templates;

use std::sync::LazyLock;

use baton::documents::{Context, Document, DocumentKind, Sight, Templates, changes, document, documents};
use baton::domain::record::HandoffRecord;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::handoff::{drafted, handed_over, item, reviewed, version};

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| Templates::embedded().unwrap());

fn all(context: &Context, sight: Sight) -> Vec<Document> {
    documents(&TEMPLATES, context, sight).unwrap()
}

fn one(context: &Context, kind: DocumentKind) -> String {
    document(&TEMPLATES, context, Sight::WithSensitive, kind).unwrap().text
}

fn context(document: &str) -> Context {
    Context::new(HandoffRecord::read(document).unwrap())
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// The mail itself, without the note to whoever sends it.
fn mail(text: &str) -> &str {
    text.split_once("\n---\n").map_or(text, |(_, mail)| mail)
}

/// The minutes the agenda announces, and those of its points.
fn minutes(agenda: &str) -> (usize, usize) {
    let number =
        |text: &str| text.split_whitespace().rev().find_map(|word| word.trim_matches('(').parse::<usize>().ok());
    let total = agenda.split_once(" minutes").and_then(|(before, _)| number(before)).unwrap();
    let points = agenda.lines().filter_map(|line| line.strip_prefix("## ")?.strip_suffix(" min)"));
    (total, points.map(|point| number(point).unwrap()).sum())
}

#[test]
fn every_document_of_a_reviewed_deal() {
    let context = handed_over(reviewed("harbor-cold-chain"));
    for document in all(&context, Sight::WithSensitive) {
        match document.kind {
            DocumentKind::Json => assert_eq!(document.text, context.handoff.document, "the bytes that were hashed"),
            kind => insta::assert_snapshot!(kind.as_str(), document.text),
        }
    }
}

#[tokio::test]
async fn documents_of_what_the_engine_drafts_are_as_short_as_they_promise() {
    for deal in ["harbor-cold-chain", "brightwater-foundry", "lindenhof-clinics"] {
        let context = handed_over(drafted(deal).await);
        assert!(words(&one(&context, DocumentKind::Brief)) <= 900);
        assert!(words(mail(&one(&context, DocumentKind::Introduction))) < 180);
        let (total, points) = minutes(&one(&context, DocumentKind::Agenda));
        assert!(total == points && [30, 45].contains(&total), "{total} {points}");
        for kind in [DocumentKind::Agenda, DocumentKind::Kickoff, DocumentKind::SuccessPlan, DocumentKind::ReadBack] {
            assert!(words(&one(&context, kind)) < 1_300, "{deal} {kind}");
        }
    }
}

#[test]
fn a_version_that_says_nothing_gives_documents_that_say_so() {
    let context = context(&version(1, &[], &["risk"]));
    for document in all(&context, Sight::WithSensitive) {
        let text = &document.text;
        assert!(!text.contains("none") && !text.contains("undefined"), "{text}");
        if document.kind != DocumentKind::Json {
            assert!(!text.contains('[') && !text.contains("TODO"), "no placeholders: {text}");
        }
    }
    let text = |kind| one(&context, kind);
    assert_eq!(text(DocumentKind::Brief).matches("\nNot in the record.\n").count(), 5);
    assert!(text(DocumentKind::SuccessPlan).contains("Agree on one to three at the kickoff"));
    let introduction = text(DocumentKind::Introduction);
    let (note, mail) = introduction.split_once("\n---\n").unwrap();
    assert!(note.contains("Not part of the mail") && note.contains("nobody is named as customer success manager yet"));
    assert!(!mail.contains("In ") && !mail.contains("Next from our side"), "what is not in the record is left out");
    assert_eq!(minutes(&text(DocumentKind::Agenda)), (30, 30));
}

#[test]
fn the_agenda_has_only_the_points_that_the_deal_has() {
    let doubts = json!({"name": "Dez Montalvo", "stance": "opposed"});
    let promise = json!({"owed_by": "vendor", "strength": "firm", "contract": "contradicted"});
    let items = [
        item("itm_1", "stakeholder", "Dez Montalvo is against it.", &doubts, "He wants no part of it."),
        item("itm_2", "commitment", "Someone calls within fifteen minutes.", &promise, "within fifteen minutes"),
    ];
    let agenda = one(&context(&version(1, &items, &[])), DocumentKind::Agenda);
    assert!(agenda.contains("Promises to settle") && agenda.contains("To win: Dez Montalvo"), "{agenda}");
    assert!(!agenda.contains("Worries and risks"), "{agenda}");
    assert_eq!(minutes(&agenda), (30, 30));
}

#[test]
fn notes_about_persons_stand_only_where_they_may_and_only_for_those_who_may_see_them() {
    let none = json!({});
    let items = [
        item("itm_1", "politics", "Quality and operations quarrel.", &none, "it came out of my budget"),
        item("itm_2", "relationship", "Omar wants no decks.", &none, "Don't send me a deck"),
    ];
    let mut stored: Value = serde_json::from_str(&version(1, &items, &[])).unwrap();
    let undecided = json!({"missing": "decision", "item": "itm_00000000000000000000000000000003", "field": "politics",
        "statement": "Omar and Lorraine do not speak."});
    stored["missing"] = json!([undecided, {"missing": "draft_pending"}]);
    stored["override_reason"] = json!("kickoff is tomorrow");
    let context = context(&stored.to_string());
    let notes = ["quarrel", "budget", "decks", "a deck", "do not speak"];
    for document in all(&context, Sight::WithoutSensitive) {
        assert!(!notes.iter().any(|note| document.text.contains(note)), "{}: {}", document.kind, document.text);
    }
    for document in all(&context, Sight::WithSensitive) {
        let holds = notes.iter().any(|note| document.text.contains(note));
        assert_eq!(holds, document.kind.may_hold_sensitive(), "{}: {}", document.kind, document.text);
    }
    let json: Value = serde_json::from_str(&all(&context, Sight::WithoutSensitive)[9].text).unwrap();
    assert_eq!((&json["items"], &json["missing"]), (&json!([]), &json!([{"missing": "draft_pending"}])));
}

#[test]
fn what_changed_between_two_versions() {
    let promise = |strength: &str, due: &str| json!({"owed_by": "vendor", "strength": strength, "due": due});
    let live = "We will be live by June 14";
    let old = [
        item("itm_1", "commitment", "Live by June 14.", &promise("firm", "2026-06-14"), live),
        item("itm_2", "why_bought", "A freezer failed.", &json!({"kind": "trigger"}), "the freezer failed in March"),
        item("itm_3", "politics", "They quarrel.", &json!({}), "they do not speak to each other"),
    ];
    let new = [
        // Drafted again, so under another id, from some of the same words.
        item(
            "itm_9",
            "commitment",
            "Live by July 9.",
            &promise("conditional", "2026-07-09"),
            "We will be live by July",
        ),
        item(
            "itm_4",
            "risk",
            "One man does all the cabling.",
            &json!({"severity": "high"}),
            "there is only one Wendell",
        ),
    ];
    let found = changes(&version(1, &old, &[]), &version(2, &new, &["why_bought"])).unwrap();
    assert_eq!((found.from, found.to), (1, 2));
    let text = |found: &baton::documents::VersionChanges| serde_json::to_value(found).unwrap();
    let change = &text(&found)["changed"][0];
    assert_eq!((&change["before"], &change["after"]), (&json!("Live by June 14."), &json!("Live by July 9.")));
    let due = json!({"name": "due", "before": "2026-06-14", "after": "2026-07-09"});
    let strength = json!({"name": "strength", "before": "firm", "after": "conditional"});
    assert_eq!(change["attributes"], json!([strength, due]));
    let ids = |found: &[baton::documents::ChangedItem]| found.iter().map(|item| item.id.clone()).collect::<Vec<_>>();
    assert_eq!(
        (ids(&found.added), ids(&found.removed)),
        (vec!["itm_4".to_owned()], vec!["itm_2".into(), "itm_3".into()])
    );
    assert_eq!(text(&found)["newly_unknown"], json!(["why_bought"]));
    assert_eq!(text(&found)["newly_answered"], json!(["risk"]));
    assert_eq!(ids(&found.without_sensitive().removed), ["itm_2"]);

    assert!(changes(&version(1, &old, &[]), &version(2, &old, &[])).unwrap().is_empty());
    let moved = version(2, &old, &[]).replacen("\"customer_intent\":\"unclear\"", "\"customer_intent\":\"clear\"", 1);
    let moved = text(&changes(&version(1, &old, &[]), &moved).unwrap());
    assert_eq!(moved["scorecard"], json!([{"question": "customer_intent", "before": "unclear", "after": "clear"}]));
    let other = changes("{\"schema\": \"baton.draft/1\"}", &version(1, &old, &[])).unwrap_err();
    assert!(other.to_string().contains("`baton.handoff/1`"), "{other}");
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,12}( [a-z]{1,12}){0,200}",
        "\\PC{1,300}",
        "[x-z]{400,900}",
        "[a-z*#|<>_]{1,9}( [a-z*#|<>_]{1,9}){3,60}",
    ]
}

fn any_item() -> impl Strategy<Value = Value> {
    let attributes = prop_oneof![
        any_text().prop_map(|text| ("risk", json!({"severity": "high", "mitigation": text}))),
        any_text().prop_map(|text| ("stakeholder", json!({"name": text, "title": text, "roles": ["champion", "admin"]}))),
        (any_text(), any::<bool>()).prop_map(|(text, ours)| (
            "commitment",
            json!({"owed_by": if ours { "vendor" } else { "customer" }, "strength": "firm", "condition": text, "due": text,
                "contract": "unwritten"})
        )),
        any::<bool>().prop_map(|inside| ("scope", json!({"in_scope": inside}))),
        any_text().prop_map(|text| ("success_criteria", json!({"metric": text, "due": text}))),
        (0..40_i8).prop_map(|day| ("timeline", json!({"due": format!("2026-03-{:02}", day % 28 + 1)}))),
        Just(("why_bought", json!({"kind": "pain"}))),
        Just(("objection", json!({"status": "open"}))),
    ];
    (attributes, any_text(), any_text(), 0..1_000_000_u32).prop_map(|((field, attributes), statement, quote, id)| {
        item(&format!("itm_{id}"), field, &statement, &attributes, &quote)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_deal_is_too_large_for_the_brief_and_the_mail(items in prop::collection::vec(any_item(), 0..120)) {
        let context = handed_over(HandoffRecord::read(&version(1, &items, &[])).unwrap());
        let brief = one(&context, DocumentKind::Brief);
        prop_assert!(words(&brief) <= 900, "{} words", words(&brief));
        prop_assert!(brief.chars().count() <= 7_500, "{} characters", brief.chars().count());
        prop_assert!(words(mail(&one(&context, DocumentKind::Introduction))) < 180);
        let (total, points) = minutes(&one(&context, DocumentKind::Agenda));
        prop_assert_eq!(total, points);
    }
}
