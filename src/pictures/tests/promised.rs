use super::*;
use crate::domain::finding::{ContractStatus, History, Strength};

fn owed(by: Side, history: History) -> Commitment {
    Commitment { owed_by: Some(by), strength: Some(Strength::Firm), history: Some(history), ..Commitment::default() }
}

fn supersede(items: &mut [Item], older: usize, newer: usize) {
    let id = items[newer].id.to_string();
    let Finding::Commitment(commitment) = &mut items[older].finding else { panic!("no commitment") };
    commitment.superseded_by = Some(id);
    commitment.history = Some(History::Superseded);
}

fn column(picture: &Picture, at: usize) -> Vec<&str> {
    picture.rows.iter().map(|row| row[at].as_str()).collect()
}

fn links(picture: &Picture) -> usize {
    picture.svg.split("<g class=\"pic-legend").next().unwrap().matches("class=\"pic-link\"").count()
}

#[test]
fn each_promise_is_marked_in_the_calls_it_was_said_in() {
    let mut against = promise("Ship an offline mode", &["01"], owed(Side::Vendor, History::Made));
    against.citations.push(cited("02", QuoteRole::Counter));
    against.citations.push(cited("order-form", QuoteRole::Clause));
    let items = [
        promise("Name a lead", &["02", "01", "02"], owed(Side::Customer, History::Repeated)),
        promise("Answer within an hour", &["01", "02"], owed(Side::Vendor, History::Withdrawn)),
        promise("Go live in June", &["02"], owed(Side::Vendor, History::Changed)),
        promise("Send the list", &["notes.md"], Commitment::default()),
        against,
    ];
    let picture = promises(&items, &[call("01"), call("02")]).unwrap();
    assert_eq!(column(&picture, 0), ["vendor", "vendor", "vendor", "customer", "not told"]);
    assert_eq!(
        column(&picture, 3),
        [
            "made in 01; taken back in 02",
            "made in 01; spoken against in 02",
            "changed in 02",
            "made in 01; repeated in 02",
            "made in notes.md",
        ]
    );
    assert_eq!(column(&picture, 4), ["taken back", "", "", "", ""]);
    let words = words_of(&picture);
    assert!(words.contains("notes.md") && !words.contains("order-form"), "a clause is not said in a call");
    for words_of_group in ["Owed by the vendor · 3", "Owed by the customer · 1", "Owed by whom is not told · 1"] {
        assert!(words.contains(words_of_group), "{words_of_group}");
    }
}

#[test]
fn a_superseded_promise_stands_right_above_the_one_that_took_its_place_and_is_linked_to_it() {
    let mut items = [
        promise("Train on site", &["01"], owed(Side::Vendor, History::Made)),
        promise("Migrate the data", &["01"], owed(Side::Vendor, History::Made)),
        promise("Train remotely", &["02"], owed(Side::Vendor, History::Made)),
        promise("Train both ways", &["03"], owed(Side::Vendor, History::Changed)),
        promise("Train by video", &["01"], owed(Side::Vendor, History::Made)),
    ];
    supersede(&mut items, 0, 2);
    supersede(&mut items, 2, 3);
    supersede(&mut items, 4, 3);
    let calls = ["01", "02", "03"].map(call);
    let picture = promises(&items, &calls).unwrap();
    assert_eq!(
        column(&picture, 1),
        ["Train on site", "Train remotely", "Train by video", "Train both ways", "Migrate the data"]
    );
    assert_eq!(
        column(&picture, 4),
        ["replaced by: Train remotely", "replaced by: Train both ways", "replaced by: Train both ways", "", ""]
    );
    assert_eq!(column(&picture, 3)[1], "changed in 02", "a newer word that was replaced in turn");
    assert_eq!(links(&picture), 3);
    assert!(picture.summary.contains("Replaced by a newer word: 3; taken back: 0."));

    items[3].state = ItemState::Rejected;
    let picture = promises(&items, &calls).unwrap();
    assert_eq!(links(&picture), 1, "nothing leads to what is not shown");
    assert_eq!(column(&picture, 4).iter().filter(|text| **text == "replaced by a newer word").count(), 2);
}

#[test]
fn attributes_that_lead_in_a_circle_still_make_a_picture() {
    let mut items = ["A", "B", "C"].map(|name| promise(name, &["01"], owed(Side::Vendor, History::Made)));
    supersede(&mut items, 0, 1);
    supersede(&mut items, 1, 0);
    supersede(&mut items, 2, 2);
    let picture = promises(&items, &[call("01")]).unwrap();
    let mut shown = column(&picture, 1);
    shown.sort_unstable();
    assert_eq!(shown, ["A", "B", "C"]);
    words_of(&picture);
}

#[test]
fn the_contract_is_told_by_sign_and_word() {
    let with = |contract| Commitment { contract, ..owed(Side::Vendor, History::Made) };
    let items = [
        promise("A", &["01"], with(Some(ContractStatus::Written))),
        promise("B", &["01"], with(Some(ContractStatus::Contradicted))),
        promise("C", &["01"], with(Some(ContractStatus::Unwritten))),
        promise("D", &["01"], with(Some(ContractStatus::NoContract))),
        promise("E", &["01"], with(None)),
    ];
    let picture = promises(&items, &[call("01")]).unwrap();
    let statuses = ["written", "contradicted", "unwritten", "no contract", "not compared"];
    assert_eq!(column(&picture, 5), statuses);
    let words = words_of(&picture);
    for (sign, status) in ["check", "cross", "bang", "dash", "dots"].into_iter().zip(statuses) {
        assert_eq!(picture.svg.matches(&format!("pic-sign-{sign}\"")).count(), 1, "{sign}");
        assert!(words.contains(&format!("{status}\n")), "{status}");
    }
}

#[test]
fn what_a_person_remembers_has_no_mark_in_a_call() {
    let mut item = promise("Invite the works council", &[], owed(Side::Customer, History::Made));
    item.attested_by = Some("Dana Ruiz".to_owned());
    let picture = promises(&[item], &[call("01")]).unwrap();
    assert_eq!(column(&picture, 3), ["from memory: Dana Ruiz"]);
    assert!(words_of(&picture).contains("from memory: Dana Ruiz"));
    assert!(promises(&[], &[call("01")]).is_none());
}

#[test]
fn more_promises_and_calls_than_fit_are_counted_and_in_the_table() {
    let names: Vec<String> = (0..30).map(|at| format!("call {at:02}")).collect();
    let calls: Vec<Call> = names.iter().map(|name| call(name)).collect();
    let items: Vec<Item> = (0..70)
        .map(|at| {
            let side = if at < 60 { Side::Vendor } else { Side::Customer };
            promise(&format!("Promise {at}"), &["call 00"], owed(side, History::Made))
        })
        .collect();
    let picture = promises(&items, &calls).unwrap();
    let words = words_of(&picture);
    assert_eq!(picture.rows.len(), 70);
    assert_eq!(picture.svg.matches("<g class=\"pic-row").count(), 40);
    assert!(words.contains("Owed by the vendor · 30 of 60") && words.contains("Owed by the customer · 10"));
    assert!(words.contains("30 more promises are in the table only."));
    assert!(words.contains("6 more sources are in the table only."));
    assert!(words.contains("call 00") && words.contains("call 29") && !words.contains("call 01"));
}
