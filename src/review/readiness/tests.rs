use serde_json::{Value, json};

use super::*;
use crate::domain::finding::Finding;
use crate::domain::ids::ItemId;
use crate::domain::item::Origin;

#[expect(clippy::needless_pass_by_value, reason = "written as `json!` at every call")]
fn item(field: &str, attributes: Value, statement: &str) -> Item {
    let finding: Finding = serde_json::from_value(json!({"field": field, "attributes": attributes})).unwrap();
    Item {
        id: ItemId::derived(&[field, statement]),
        finding,
        statement: statement.to_owned(),
        confidence: Some(0.9),
        origin: Origin::Engine,
        attested_by: None,
        reworded_by: None,
        decided_by: None,
        state: ItemState::Drafted,
        citations: Vec::new(),
    }
}

fn unknown(field: Field) -> MarkedUnknown {
    MarkedUnknown { field, by: "Dana Ruiz".to_owned(), at: "2026-03-02T10:00:00Z".parse().unwrap() }
}

fn told(readiness: &Readiness) -> Vec<String> {
    readiness.gaps.iter().map(|gap| format!("{}: {}", gap.field, gap.status)).collect()
}

/// A draft without a gap.
fn whole() -> Vec<Item> {
    vec![
        item("why_bought", json!({}), "Pallets were lost."),
        item("success_criteria", json!({}), "No pallet is lost."),
        item("stakeholder", json!({"name": "Omar Haddad", "roles": ["economic_buyer"]}), "Omar Haddad pays."),
        item("commitment", json!({"strength": "firm", "due": "2026-06-14", "contract": "written"}), "Live by 14 June."),
        item("scope", json!({}), "Six sites."),
        item("timeline", json!({}), "Go-live in June."),
        item("technical", json!({}), "SAP."),
        item("objection", json!({"status": "resolved"}), "Price."),
        item("competitor", json!({}), "Coldlink."),
        item("risk", json!({"severity": "low"}), "Holidays."),
    ]
}

fn heard() -> Vec<String> {
    vec!["Omar Haddad".to_owned(), "Dana Ruiz".to_owned()]
}

#[test]
fn an_empty_draft_is_at_nought_and_asks_for_what_hurts_most() {
    let empty = readiness(&[], &[], &[]);
    assert_eq!((empty.percent, empty.gaps.len()), (0, MAX_GAPS));
    let fields: Vec<Field> = empty.gaps.iter().map(|gap| gap.field).collect();
    let expected = [
        Field::Stakeholder,
        Field::SuccessCriteria,
        Field::WhyBought,
        Field::Commitment,
        Field::Risk,
        Field::Scope,
        Field::Timeline,
    ];
    assert_eq!(fields, expected);
    assert!(empty.gaps.iter().all(|gap| gap.question.ends_with('?') && gap.item.is_none()));
}

#[test]
fn every_core_field_has_a_question_of_its_own() {
    let questions: std::collections::BTreeSet<String> = Field::core()
        .map(|open| readiness(&[], &Field::core().filter(|field| *field != open).map(unknown).collect::<Vec<_>>(), &[]))
        .map(|one| one.gaps.first().map(|gap| gap.question.clone()).unwrap_or_default())
        .collect();
    assert_eq!(questions.len(), 10);
    assert!(questions.iter().all(|question| question.len() > 20));
}

#[test]
fn what_is_drafted_counts_three_quarters_and_what_is_settled_counts_whole() {
    let mut items = whole();
    assert_eq!(readiness(&items, &[], &heard()).percent, 75);
    for item in &mut items {
        item.state = ItemState::Approved;
    }
    let done = readiness(&items, &[], &heard());
    assert_eq!((done.percent, told(&done)), (100, Vec::<String>::new()));
    // 15 weights: the five things count double.
    let only = |field: Field| readiness(&[], &[unknown(field)], &[]).percent;
    assert_eq!((only(Field::Risk), only(Field::Scope), only(Field::Pricing)), (13, 6, 0));
    let rejected = Item { state: ItemState::Rejected, ..item("risk", json!({}), "x") };
    assert_eq!(readiness(&[rejected], &[], &[]).percent, 0);
}

#[test]
fn each_weak_spot_is_asked_about_and_the_worst_comes_first() {
    let mut items = whole();
    items.retain(|item| !matches!(item.field(), Field::Stakeholder | Field::Commitment | Field::Competitor));
    items.extend([
        item("stakeholder", json!({"name": "Inés Marsh", "roles": ["champion"]}), "Inés Marsh pushes it."),
        item("stakeholder", json!({"name": "Omar"}), "Omar runs operations."),
        item("commitment", json!({"strength": "firm", "contract": "contradicted"}), "Training is free."),
        item("commitment", json!({"strength": "firm", "contract": "unwritten"}), "Archive is migrated."),
        item("commitment", json!({"strength": "conditional"}), "SSO, if the test passes."),
        item("commitment", json!({"strength": "soft"}), "Perhaps a Spanish interface."),
        item("commitment", json!({"strength": "firm", "history": "superseded"}), "Live by 1 May."),
        item("objection", json!({"status": "open"}), "No time before summer."),
    ]);
    let found = readiness(&items, &[], &heard());
    assert_eq!(
        told(&found),
        [
            "commitment: the contract says otherwise",
            "stakeholder: no economic buyer",
            "commitment: not in the contract",
            "stakeholder: never heard",
            "objection: still open",
            "commitment: no date",
            "competitor: nothing in the record",
        ]
    );
    let about: Vec<&str> = found.gaps.iter().map(|gap| gap.question.as_str()).collect();
    assert!(about[2].ends_with("Archive is migrated.") && about[3].starts_with("Can Inés Marsh join"), "{about:?}");
}

#[test]
fn one_kind_of_gap_does_not_hide_the_others() {
    let mut items = whole();
    items.extend(
        (0..6).map(|n| {
            item("commitment", json!({"strength": "firm", "contract": "unwritten"}), &format!("Promise {n}."))
        }),
    );
    items.push(item("objection", json!({"status": "open"}), "No time before summer."));
    let found = readiness(&items, &[], &heard());
    let unwritten = told(&found).iter().filter(|line| line.ends_with("not in the contract")).count();
    assert_eq!(unwritten, 2);
    assert!(told(&found).contains(&"objection: still open".to_owned()));
}

#[test]
fn somebody_who_may_be_one_of_the_voices_is_not_called_unheard() {
    let person = |name: &str| item("stakeholder", json!({"name": name}), "Somebody who matters.");
    let unheard = |name: &str| {
        let items: Vec<Item> = whole().into_iter().chain([person(name)]).collect();
        told(&readiness(&items, &[], &heard())) == ["stakeholder: never heard"]
    };
    assert!(!unheard("Omar") && !unheard("omar HADDAD") && !unheard("Omar J. Haddad"));
    assert!(unheard("Omar Farouk") && unheard("Inés Marsh"));
}
