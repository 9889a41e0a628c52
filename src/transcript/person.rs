//! From the label a file puts before words to the person behind it: name, mail address, and the marks of outsiders.

use crate::domain::transcript::{Participant, Side};

/// Marks that meeting tools put behind the names of people from outside the organizer's company.
const OUTSIDER_MARKS: &[&str] = &["ext", "extern", "external", "guest", "gast", "invité", "invitado"];
/// Words of labels that stand for nobody in particular, in the languages recorders speak.
const NOBODY: &[&str] = &[
    "speaker",
    "spk",
    "channel",
    "ch",
    "unknown",
    "unidentified",
    "participant",
    "user",
    "guest",
    "caller",
    "sprecher",
    "sprecherin",
    "teilnehmer",
    "unbekannt",
    "locuteur",
    "intervenant",
    "inconnu",
    "hablante",
    "orador",
    "interlocutor",
    "desconocido",
    "falante",
    "parlante",
    "relatore",
    "spreker",
    "talare",
    "taler",
    "puhuja",
    "mówca",
    "спикер",
    "говорящий",
    "说话人",
    "发言人",
    "講者",
    "語者",
    "發言者",
    "話者",
    "화자",
];
/// Mail services for everybody.
const FREE_MAIL: &[&str] = &[
    "aol",
    "freenet",
    "gmail",
    "gmx",
    "googlemail",
    "hotmail",
    "icloud",
    "laposte",
    "live",
    "mac",
    "me",
    "msn",
    "orange",
    "outlook",
    "proton",
    "protonmail",
    "t-online",
    "web",
    "yahoo",
    "ymail",
    "zoho",
];
/// Words of labels that name a device or a room, not who sits there.
const DEVICES: &[&str] =
    &["android", "conference", "desktop", "galaxy", "ipad", "iphone", "laptop", "macbook", "phone", "room", "tablet"];
/// Those of them that belong to one person and join calls under their own names.
const PERSONAL_DEVICES: &[&str] = &["galaxy", "ipad", "iphone", "macbook"];
/// Suffixes after a comma that are no first name.
const NAME_SUFFIXES: &[&str] = &["jr", "jr.", "sr", "sr.", "ii", "iii", "phd", "md", "mba", "cpa", "esq"];

/// The participant behind a label; the side stays unknown.
pub(super) fn from_label(label: &str) -> Participant {
    let (bare, _) = split_marks(label);
    let is_address = is_address(bare);
    Participant {
        label: label.to_owned(),
        name: if is_address { None } else { full_name(bare) },
        email: is_address.then(|| bare.to_lowercase()),
        title: None,
        side: Side::Unknown,
        side_reason: None,
    }
}

/// Whether the label names a device or a room.
pub(super) fn is_device(bare: &str) -> bool {
    has_word(bare, DEVICES)
}

/// Whether the label names a device that one person carries.
pub(super) fn is_personal_device(bare: &str) -> bool {
    has_word(bare, PERSONAL_DEVICES)
}

fn has_word(text: &str, list: &[&str]) -> bool {
    text.split(' ').any(|word| list.contains(&word.to_lowercase().as_str()))
}

/// Whether the label says the person comes from outside.
pub(super) fn is_outsider(label: &str) -> bool {
    split_marks(label).1
}

/// Whether the text could be a mail address.
pub(super) fn is_address(text: &str) -> bool {
    let plain = !text.contains(char::is_whitespace);
    plain && text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
}

/// The domain of an address, where it says something about a company: nobody works at a free mail service.
pub(crate) fn company_domain(address: &str) -> Option<String> {
    let domain = address.rsplit_once('@')?.1.trim().to_lowercase();
    let provider = domain.split('.').next().unwrap_or_default();
    (!domain.is_empty() && !FREE_MAIL.contains(&provider)).then_some(domain)
}

/// Whether the label is one a recorder gives to a voice it does not know: `Speaker 1`, `SPEAKER_00`, `Unknown Speaker`.
pub(super) fn is_nobody(label: &str) -> bool {
    let mut words = label.split([' ', '_', '-', '#', '№']).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some()
        && words.all(|word| {
            let short = word.chars().count() == 1 || word.bytes().all(|b| b.is_ascii_digit());
            // `Speaker1` too.
            let name = word.trim_end_matches(|c: char| c.is_ascii_digit());
            short || NOBODY.contains(&name.to_lowercase().as_str())
        })
}

/// In a file that marks its outsiders, the marked are the customer's people and the unmarked named ones the vendor's: the
/// file comes out of the vendor's own meeting tool. Where it does not, the [`super::roster`] finds out and takes it back.
pub(super) fn sides_from_marks(people: &mut [Participant]) {
    if !people.iter().any(|person| is_outsider(&person.label)) {
        return;
    }
    for person in people.iter_mut().filter(|person| person.side == Side::Unknown) {
        let (side, reason) = match (is_outsider(&person.label), &person.name) {
            (true, _) => (Side::Customer, Some("the meeting tool marks the person as a guest")),
            (false, Some(_)) => (Side::Vendor, Some("the meeting tool marks others as guests, and not this person")),
            (false, None) => (Side::Unknown, None),
        };
        (person.side, person.side_reason) = (side, reason.map(str::to_owned));
    }
}

/// The label without its trailing `[…]` and `(…)` groups, and whether one of them is an outsider's mark.
fn split_marks(label: &str) -> (&str, bool) {
    let mut bare = label.trim();
    let mut outsider = false;
    while let Some((rest, mark)) = trailing_group(bare) {
        outsider |= OUTSIDER_MARKS.contains(&mark.trim().to_lowercase().as_str());
        bare = rest;
    }
    (bare, outsider)
}

fn trailing_group(text: &str) -> Option<(&str, &str)> {
    let (inner, open) = match (text.strip_suffix(']'), text.strip_suffix(')')) {
        (Some(inner), _) => (inner, '['),
        (_, Some(inner)) => (inner, '('),
        _ => return None,
    };
    let (rest, mark) = inner.rsplit_once(open)?;
    let rest = rest.trim_end();
    (!rest.is_empty()).then_some((rest, mark))
}

/// `Last, First` turned round; nothing for labels that name nobody.
fn full_name(bare: &str) -> Option<String> {
    let has_letter = bare.chars().any(char::is_alphabetic);
    if !has_letter || is_device(bare) || is_nobody(bare) {
        return None;
    }
    let turned = bare.split_once(',').and_then(|(last, first)| {
        let first = first.trim();
        let is_first =
            !first.is_empty() && !first.contains(',') && !NAME_SUFFIXES.contains(&first.to_lowercase().as_str());
        is_first.then(|| format!("{first} {}", last.trim()))
    });
    Some(turned.unwrap_or_else(|| bare.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_removed_and_the_name_is_turned_round() {
        let cases = [
            ("Dana Ruiz", Some("Dana Ruiz"), false),
            ("Haddad, Omar [EXT]", Some("Omar Haddad"), true),
            ("Omar Haddad (Guest)", Some("Omar Haddad"), true),
            ("Haddad, Omar (Harbor & Pine) [External]", Some("Omar Haddad"), true),
            ("Omar Haddad (Unverified)", Some("Omar Haddad"), false),
            ("Martin Luther King, Jr.", Some("Martin Luther King, Jr."), false),
            ("Speaker 1", None, false),
            ("SPEAKER_00", None, false),
            ("Unknown Speaker", None, false),
            ("Guest", None, false),
            ("Dunmore Maint iPad", None, false),
            ("6432345678555530067", None, false),
            ("(Guest)", Some("(Guest)"), false),
        ];
        for (label, name, outsider) in cases {
            let person = from_label(label);
            assert_eq!(person.name.as_deref(), name, "{label}");
            assert_eq!(is_outsider(label), outsider, "{label}");
            assert_eq!(person.label, label);
        }
    }

    #[test]
    fn an_address_is_an_address_and_no_name() {
        let person = from_label("Omar@Acme.example");
        assert_eq!((person.name, person.email.as_deref()), (None, Some("omar@acme.example")));
    }
}
