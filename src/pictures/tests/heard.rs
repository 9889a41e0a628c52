use super::*;

fn shown(heard: &[Heard]) -> Vec<(&str, usize, usize)> {
    heard.iter().map(|voice| (voice.name.as_str(), voice.words, voice.by_source.len())).collect()
}

#[test]
fn a_person_is_one_over_all_sources_whatever_the_case_and_accents() {
    let first = transcript(
        &[("Raúl Ibarra", Some("Raúl Ibarra"), Side::Customer), ("Dana", Some("Dana"), Side::Unknown)],
        &[("Raúl Ibarra", "one two three"), ("Dana", "one"), ("Raúl Ibarra", "four")],
    );
    let second = transcript(
        &[("RAUL IBARRA [EXT]", Some("RAUL IBARRA"), Side::Unknown), ("Dana Ruiz", Some("Dana Ruiz"), Side::Vendor)],
        &[("RAUL IBARRA [EXT]", "five six"), ("Dana Ruiz", "two three")],
    );
    let heard = heard(&[("01.vtt".to_owned(), &first), ("02.vtt".to_owned(), &second)]);
    assert_eq!(shown(&heard), [("Raúl Ibarra", 6, 2), ("Dana", 3, 2)]);
    assert_eq!(heard[0].by_source, [("01.vtt".to_owned(), 4), ("02.vtt".to_owned(), 2)]);
    assert_eq!((heard[0].side, heard[1].side), (Side::Customer, Side::Vendor));
}

#[test]
fn an_address_is_the_person_whose_address_it_is() {
    let call = transcript(&[("Omar Haddad", Some("Omar Haddad"), Side::Customer)], &[("Omar Haddad", "yes")]);
    let mut mail = transcript(&[("omar@pine.example", None, Side::Customer)], &[("omar@pine.example", "hello there")]);
    let apart = heard(&[("call".to_owned(), &call), ("mail".to_owned(), &mail)]);
    assert_eq!(shown(&apart), [("omar@pine.example", 2, 1), ("Omar Haddad", 1, 1)]);
    mail.participants.push(Participant {
        label: "Omar Haddad".to_owned(),
        name: Some("Omar Haddad".to_owned()),
        email: Some("Omar@Pine.example".to_owned()),
        title: None,
        side: Side::Customer,
        side_reason: None,
    });
    let joined = heard(&[("call".to_owned(), &call), ("mail".to_owned(), &mail)]);
    assert_eq!(shown(&joined), [("Omar Haddad", 3, 2)]);
}

#[test]
fn voices_without_a_name_and_sides_that_disagree_are_not_guessed() {
    let speaks = |name: Option<&str>, label: &str, side: Side| transcript(&[(label, name, side)], &[(label, "yes")]);
    let (a, b) = (speaks(None, "Speaker 1", Side::Unknown), speaks(None, "Speaker 1", Side::Unknown));
    assert_eq!(heard(&[("a".to_owned(), &a), ("b".to_owned(), &b)]).len(), 2);
    let (a, b) = (speaks(Some("Ana Ng"), "Ana", Side::Vendor), speaks(Some("Ana Ng"), "Ana", Side::Customer));
    let both = heard(&[("a".to_owned(), &a), ("b".to_owned(), &b)]);
    assert_eq!((both.len(), both[0].side), (1, Side::Unknown));
}

#[test]
fn a_contract_is_nobodys_words() {
    let mut contract = transcript(&[("Ana Ng", Some("Ana Ng"), Side::Customer)], &[("Ana Ng", "signed")]);
    contract.kind = SourceKind::Contract;
    assert_eq!(heard(&[("order-form.md".to_owned(), &contract)]), []);
}
