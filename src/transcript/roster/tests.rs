use super::*;
use crate::transcript::parse;

fn sides(files: &[(&str, &str)], known: &Known) -> (BTreeMap<String, Side>, Vec<SideEvidence>) {
    let mut transcripts: Vec<Transcript> =
        files.iter().map(|(name, text)| parse(name, text.as_bytes()).unwrap()).collect();
    let evidence = resolve_sides(&mut transcripts.iter_mut().collect::<Vec<_>>(), known);
    let people = transcripts.iter().flat_map(|transcript| &transcript.participants);
    (people.map(|one| (one.label.clone(), one.side)).collect(), evidence)
}

fn side_of(label: &str, files: &[(&str, &str)]) -> Side {
    sides(files, &Known::default()).0[label]
}

/// A Zoom call in which every line is a cue.
fn zoom(lines: &[&str]) -> String {
    let cue = |(at, line): (usize, &&str)| format!("{at}\n00:00:{at:02}.000 --> 00:00:{at:02}.900\n{line}\n\n");
    format!("WEBVTT\n\n{}", lines.iter().enumerate().map(cue).collect::<String>())
}

fn teams(lines: &[(&str, &str)]) -> String {
    let cue = |(at, (who, line)): (usize, &(&str, &str))| {
        format!("00:00:{at:02}.000 --> 00:00:{at:02}.900\n<v {who}>{line}</v>\n\n")
    };
    format!("WEBVTT\n\n{}", lines.iter().enumerate().map(cue).collect::<String>())
}

const ORDER_FORM: &str = "# ORDER FORM\n\nThis form is made between Ferrite Systems, Inc. (\"Ferrite\"), 400 Lodestone Way, \
    and Harbor & Pine Logistics LLC (\"Customer\").\n\n1.1 The fees are fixed for the Initial Term. Either party may terminate.\n";
const GONG: &str = r#"{"calls":[{"metaData":{"id":"1","duration":60},"parties":[
    {"speakerId":"1","name":"Dana Ruiz","emailAddress":"dana@ferrite.example","affiliation":"Internal"},
    {"speakerId":"2","name":"Omar Haddad","emailAddress":"omar@harborpine.example","affiliation":"External"}]}],
    "callTranscripts":[{"callId":"1","transcript":[
    {"speakerId":"1","sentences":[{"start":1000,"end":2000,"text":"Hello."}]},
    {"speakerId":"2","sentences":[{"start":3000,"end":4000,"text":"Hi."}]}]}]}"#;

#[test]
fn a_person_has_the_side_that_another_file_proves() {
    let call = zoom(&[
        "Dana Ruiz: Hi.",
        "Haddad, Omar: Hi.",
        "Dana: So.",
        "Wendell Pruitt: Hm.",
        "Dana Ruiz: Yes.",
        "Dana: No.",
    ]);
    let (sides, evidence) = sides(&[("a.json", GONG), ("b.vtt", &call)], &Known::default());
    assert_eq!(sides["Dana Ruiz"], Side::Vendor);
    assert_eq!(sides["Dana"], Side::Vendor, "only one Dana in the deal");
    assert_eq!(sides["Haddad, Omar"], Side::Customer);
    assert_eq!(sides["Wendell Pruitt"], Side::Unknown, "nothing is said about him");
    assert!(evidence.iter().any(|one| one.label == "Haddad, Omar" && one.reason.contains("Gong")));
}

#[test]
fn a_first_name_that_two_people_have_joins_nobody() {
    let call =
        zoom(&["Dana Ruiz: Hi.", "Dana Moss: Hi.", "Dana: So.", "Dana Moss: Hm.", "Dana Ruiz: Yes.", "Dana: No."]);
    assert_eq!(side_of("Dana", &[("a.json", GONG), ("b.vtt", &call)]), Side::Unknown);
}

#[test]
fn mail_domains_place_people() {
    let mail = "From: Noor Aziz <noor@ferrite.example>\nTo: lorraine@harborpine.example, Sam <sam@gmail.com>\n\
        Cc: Kim <kim@thirdparty.example>\nSubject: x\n\nHello.\n";
    let files = [("a.json", GONG), ("b.eml", mail)];
    let cases = [
        ("Noor Aziz", Side::Vendor),
        ("lorraine@harborpine.example", Side::Customer),
        ("Sam", Side::Unknown),
        ("Kim", Side::Unknown),
    ];
    for (label, side) in cases {
        assert_eq!(side_of(label, &files), side, "{label}");
    }
    let known = Known { vendor: ["ferrite.example".to_owned()].into(), ..Known::default() };
    let (alone, _) = sides(&[("b.eml", mail)], &known);
    assert_eq!(alone["Noor Aziz"], Side::Vendor);
    assert_eq!(alone["lorraine@harborpine.example"], Side::Unknown);
}

#[test]
fn the_contract_names_the_companies_that_domains_and_introductions_mean() {
    let mail = "From: Noor Aziz <noor@ferrite.example>\nTo: lo@harbor-pine.example\nSubject: x\n\nHello.\n";
    let call = zoom(&[
        "Priya Nair: I'm the account executive at Ferrite.",
        "Bo Lind: Hi. With me is Ana Sol from Harbor & Pine.",
        "Ana Sol: Hello.",
        "Priya Nair: Good.",
        "Bo Lind: And I'm not from Ferrite.",
        "Ana Sol: Me neither.",
    ]);
    let files = [("order-form.md", ORDER_FORM), ("m.eml", mail), ("c.vtt", call.as_str())];
    let cases = [
        ("Noor Aziz", Side::Vendor),
        ("lo@harbor-pine.example", Side::Customer),
        ("Priya Nair", Side::Vendor),
        ("Ana Sol", Side::Customer),
        ("Bo Lind", Side::Unknown),
    ];
    for (label, side) in cases {
        assert_eq!(side_of(label, &files), side, "{label}");
    }
}

#[test]
fn colleagues_are_placed_by_what_somebody_known_says_of_them() {
    let call = zoom(&[
        "Dana Ruiz: Raul's joining, he's our solution engineer.",
        "Raul Ibarra: Hi.",
        "Omar Haddad: I've got Bridie Tolland here with me.",
        "Bridie Tolland: Hello.",
        "Dana Ruiz: Is Wendell Pruitt your IT manager?",
        "Wendell Pruitt: Yes.",
        "Raul Ibarra: Great.",
        "Bridie Tolland: Hm.",
        "Wendell Pruitt: So.",
        "Omar Haddad: Yes.",
    ]);
    let files = [("a.json", GONG), ("b.vtt", call.as_str())];
    let cases = [("Raul Ibarra", Side::Vendor), ("Bridie Tolland", Side::Customer), ("Wendell Pruitt", Side::Unknown)];
    for (label, side) in cases {
        assert_eq!(side_of(label, &files), side, "{label}");
    }
}

#[test]
fn marks_that_contradict_proof_are_set_aside_for_the_whole_file() {
    let call = teams(&[("Dana Ruiz [EXT]", "Hi."), ("Omar Haddad", "Hi."), ("Lorraine Moss", "Hello.")]);
    let (sides, evidence) = sides(&[("a.json", GONG), ("b.vtt", &call)], &Known::default());
    assert_eq!(sides["Dana Ruiz [EXT]"], Side::Vendor);
    assert_eq!(sides["Omar Haddad"], Side::Customer);
    assert_eq!(sides["Lorraine Moss"], Side::Unknown, "unmarked, but the marks are the customer's");
    assert!(evidence.iter().any(|one| one.label == "Lorraine Moss" && one.reason.contains("contradict")));
}

#[test]
fn contradicting_proof_leaves_the_side_unknown() {
    let other = GONG.replace("Internal", "External");
    let (sides, evidence) = sides(&[("a.json", GONG), ("b.json", &other)], &Known::default());
    assert_eq!(sides["Dana Ruiz"], Side::Unknown);
    assert_eq!(sides["Omar Haddad"], Side::Customer);
    assert!(evidence.iter().any(|one| one.label == "Dana Ruiz" && one.reason.contains("contradicts itself")));
}

#[test]
fn resolving_twice_changes_nothing() {
    let call = zoom(&["Dana Ruiz: Hi.", "Omar Haddad: Hi.", "Dana Ruiz: So.", "Omar Haddad: Well."]);
    let mut transcripts = [parse("a.json", GONG.as_bytes()).unwrap(), parse("b.vtt", call.as_bytes()).unwrap()];
    resolve_sides(&mut transcripts.iter_mut().collect::<Vec<_>>(), &Known::default());
    let again = resolve_sides(&mut transcripts.iter_mut().collect::<Vec<_>>(), &Known::default());
    assert_eq!(again, []);
}
