use super::*;
use crate::domain::finding::{Level, Risk, Role, Stance};
use crate::domain::scorecard::Scorecard;

fn known(stance: Stance, influence: Level) -> Stakeholder {
    Stakeholder { stance: Some(stance), influence: Some(influence), ..Stakeholder::default() }
}

fn names(picture: &Picture) -> Vec<&str> {
    picture.rows.iter().map(|row| row[0].as_str()).collect()
}

#[test]
fn the_map_has_every_live_stakeholder_once_and_nobody_else() {
    let mut gone = person("Gone Person", known(Stance::Opposed, Level::Low));
    gone.state = ItemState::Rejected;
    let items = [
        person("Ana Petrov", known(Stance::Supportive, Level::High)),
        gone,
        item(Finding::Risk(Risk::default()), "Nobody"),
        person("Ben Ode", known(Stance::Skeptical, Level::Low)),
    ];
    let picture = stakeholders(&items, &[voice("Dana Ruiz", Side::Vendor, &[("01", 9)])]).unwrap();
    let words = words_of(&picture);
    assert_eq!(names(&picture), ["Ana Petrov", "Ben Ode"]);
    assert!(words.contains("Ana Petrov") && words.contains("Ben Ode"));
    assert!(!words.contains("Gone") && !words.contains("Dana") && !words.contains("Unknown"));
    assert!(stakeholders(&items[1..3], &[]).is_none());
}

#[test]
fn what_the_record_does_not_tell_of_a_person_is_a_band_of_its_own() {
    let items = [
        person("Ana Petrov", Stakeholder { stance: Some(Stance::Supportive), ..Stakeholder::default() }),
        item(
            Finding::Stakeholder(Stakeholder { title: Some("Head of IT".to_owned()), ..Stakeholder::default() }),
            "The head of IT",
        ),
        item(Finding::Stakeholder(Stakeholder::default()), "Somebody"),
    ];
    let picture = stakeholders(&items, &[]).unwrap();
    assert_eq!(names(&picture), ["Ana Petrov", "Head of IT", "Name not told"]);
    assert_eq!(picture.rows[0][2..4], ["unknown", "supportive"]);
    assert_eq!(picture.rows[1][2..4], ["unknown", "unknown"]);
    assert!(picture.summary.contains("2 whose stance the record does not tell"), "{}", picture.summary);
    assert_eq!(words_of(&picture).matches("Unknown\n").count(), 2, "a column and a row");
}

#[test]
fn who_is_heard_is_full_and_who_is_only_spoken_about_is_hollow() {
    let items = [
        person("Raúl Ibarra", Stakeholder { leaving: Some(true), ..known(Stance::Neutral, Level::High) }),
        person("Omar", Stakeholder { roles: Some(vec![Role::Champion]), ..known(Stance::Neutral, Level::Low) }),
        person("Silent Sam", known(Stance::Opposed, Level::Low)),
        person("Dana", known(Stance::Opposed, Level::Low)),
    ];
    let heard = [
        voice("RAUL IBARRA", Side::Customer, &[("01", 50)]),
        voice("Omar Haddad", Side::Customer, &[("01", 40)]),
        voice("Dana Ruiz", Side::Vendor, &[("01", 110)]),
    ];
    let picture = stakeholders(&items, &heard).unwrap();
    let shares: Vec<&str> = picture.rows.iter().map(|row| row[5].as_str()).collect();
    assert_eq!(shares, ["25%", "20%", "never heard", "never heard"], "Dana of the customer is not the vendor's Dana");
    let people = picture.svg.split("<g class=\"pic-legend").next().unwrap();
    assert_eq!(people.matches("class=\"pic-hollow").count(), 2);
    let words = words_of(&picture);
    assert!(words.contains("Leaving") && words.contains("Champion"));
    assert!(picture.summary.contains("Said to be leaving: Raúl Ibarra."), "{}", picture.summary);
}

#[test]
fn a_first_name_that_two_people_have_is_nobodys_voice() {
    let items = [person("Ben", Stakeholder::default())];
    let two = [voice("Ben Ode", Side::Customer, &[("01", 5)]), voice("Ben Ito", Side::Customer, &[("01", 5)])];
    assert_eq!(stakeholders(&items, &two).unwrap().rows[0][5], "never heard");
    assert_eq!(stakeholders(&items, &two[..1]).unwrap().rows[0][5], "100%");
}

#[test]
fn more_people_than_a_map_can_hold_are_counted_and_in_the_table() {
    let items: Vec<Item> = (0..60).map(|at| person(&format!("Person {at:02}"), Stakeholder::default())).collect();
    let picture = stakeholders(&items, &[]).unwrap();
    let words = words_of(&picture);
    assert_eq!(picture.rows.len(), 60);
    assert_eq!(picture.svg.matches("class=\"pic-person\"").count(), 40);
    assert!(words.contains("20 more people are in the table only."));
}

fn source(name: &str, reading: Reading) -> CoveredSource {
    CoveredSource { source: name.to_owned(), label: name.to_owned(), kind: None, on: None, reading }
}

#[test]
fn coverage_tells_what_was_read_who_was_heard_and_who_never_was() {
    let items = [person("Omar Haddad", Stakeholder::default()), person("Ana Petrov", Stakeholder::default())];
    let heard = [
        voice("Dana Ruiz", Side::Vendor, &[("01", 30), ("02", 50)]),
        voice("omar haddad", Side::Customer, &[("01", 20)]),
    ];
    let people = covered_people(&items, &heard);
    let sources = [
        source("01", Reading::Read),
        source("02", Reading::Read),
        source("scan.pdf", Reading::Failed("no text in it".to_owned())),
        source("03", Reading::Waiting),
        source("site visit", Reading::NotUploaded),
    ];
    let picture = coverage(&sources, &people).unwrap();
    assert_eq!(picture.header[5], "scan.pdf (failed)");
    assert_eq!(
        picture.rows,
        [
            ["Dana Ruiz", "vendor", "no", "30", "50", "failed", "waiting", "missing", "80 (80%)"],
            ["omar haddad", "customer", "yes", "20", "0", "failed", "waiting", "missing", "20 (20%)"],
            ["Ana Petrov", "not told", "yes", "0", "0", "failed", "waiting", "missing", "never heard"],
        ]
    );
    let words = words_of(&picture);
    for word in ["read", "failed", "no text in it", "waiting", "missing", "Named, but never heard themselves · 1"] {
        assert!(words.contains(word), "{word}");
    }
    assert_eq!(
        picture.summary,
        "2 of 5 sources are read, 1 could not be read, 1 still waiting, 1 not uploaded. 2 people are heard, most of all Dana \
         Ruiz with 80% of the words. Never heard themselves: Ana Petrov."
    );
    assert!(coverage(&[], &[]).is_none());
}

#[test]
fn more_people_and_sources_than_coverage_can_hold_are_counted() {
    let sources: Vec<CoveredSource> = (0..30).map(|at| source(&format!("call {at}"), Reading::Read)).collect();
    let heard: Vec<Heard> =
        (0..50).map(|at| voice(&format!("Heard {at}"), Side::Customer, &[("call 0", 100 - at)])).collect();
    let items: Vec<Item> = (0..20).map(|at| person(&format!("Silent {at}"), Stakeholder::default())).collect();
    let picture = coverage(&sources, &covered_people(&items, &heard)).unwrap();
    let words = words_of(&picture);
    assert_eq!(picture.rows.len(), 70);
    assert!(words.contains("The customer's people · 27 of 50"), "{words}");
    assert!(words.contains("Named, but never heard themselves · 13 of 20"));
    assert!(words.contains("30 more people are in the table only."));
    assert!(words.contains("6 more sources are in the table only."));
    assert!(words.contains("call 0\n"), "a source that tells something is drawn first");
}

#[test]
fn the_scorecard_says_each_answer_as_a_word() {
    let items = [person("Ana Petrov", Stakeholder { roles: Some(vec![Role::Champion]), ..Stakeholder::default() })];
    let picture = scorecard(&Scorecard::of(&items));
    assert_eq!(picture.rows[1][..2], ["Stakeholder map", "partial"]);
    assert_eq!(picture.rows.len(), 5);
    let words = words_of(&picture);
    assert_eq!((words.matches("unclear\n").count(), words.matches("partial\n").count()), (4, 1));
    assert!(picture.summary.starts_with("Of five questions, 0 clear, 1 partial, 4 unclear."));
}
