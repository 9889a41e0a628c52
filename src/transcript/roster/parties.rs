//! The two companies of a deal, as its contract names them: `between X ("Vendor") and Y ("Customer")`.

use super::people::fold;
use crate::domain::transcript::{Side, SourceKind, Transcript};

const VENDOR_TERMS: &[&str] =
    &["vendor", "supplier", "provider", "licensor", "seller", "contractor", "anbieter", "auftragnehmer"];
const CUSTOMER_TERMS: &[&str] = &["customer", "client", "buyer", "subscriber", "licensee", "kunde", "auftraggeber"];
/// Endings of company names that nobody says aloud.
const LEGAL_FORMS: &[&str] = &[
    "ag",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "kg",
    "limited",
    "llc",
    "llp",
    "ltd",
    "plc",
    "sa",
    "sarl",
    "se",
];
/// A shorter first word is not telling enough to stand for a company.
const TELLING_CHARS: usize = 4;

/// A company with the folded words of its name, legal form aside.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Party {
    side: Side,
    words: Vec<String>,
}

/// The companies of the deal.
#[derive(Debug, Default)]
pub(super) struct Parties(Vec<Party>);

/// Reads the parties from the contracts among the sources.
pub(super) fn find(sources: &[&Transcript]) -> Parties {
    let mut found: Vec<Party> = Vec::new();
    for source in sources.iter().filter(|source| source.kind == SourceKind::Contract) {
        let mut defined: Vec<(String, Vec<String>)> = Vec::new();
        for turn in &source.turns {
            defined.extend(definitions(&turn.text));
            found.extend(entry(&turn.text));
        }
        found.extend(with_sides(&defined));
    }
    found.retain(|party| party.words.first().is_some_and(|word| word.chars().count() >= TELLING_CHARS));
    found.dedup();
    Parties(found)
}

/// Roles say their side; of a pair with one role, the other company is the other side.
fn with_sides(defined: &[(String, Vec<String>)]) -> Vec<Party> {
    let of = |terms: &[&str]| defined.iter().filter(|(term, _)| terms.contains(&term.as_str())).collect::<Vec<_>>();
    let (vendors, customers) = (of(VENDOR_TERMS), of(CUSTOMER_TERMS));
    // `Ferrite Systems, Inc. ("Ferrite")`: a company whose term is the first word of its name.
    let named: Vec<_> = defined.iter().filter(|(term, words)| words.first() == Some(term)).collect();
    let party = |side: Side| move |(_, words): &(String, Vec<String>)| Party { side, words: words.clone() };
    let mut parties: Vec<Party> = vendors.iter().copied().map(party(Side::Vendor)).collect();
    parties.extend(customers.iter().copied().map(party(Side::Customer)));
    match (vendors.is_empty(), customers.is_empty(), named.as_slice()) {
        (true, false, [other]) => parties.push(party(Side::Vendor)(other)),
        (false, true, [other]) => parties.push(party(Side::Customer)(other)),
        _ => {}
    }
    parties
}

/// Every `Name ("Term")` with a name that could be a company's.
fn definitions(text: &str) -> Vec<(String, Vec<String>)> {
    let text = text.replace(['“', '”', '„'], "\"").replace("(the \"", "(\"");
    let mut rest = text.as_str();
    let mut found = Vec::new();
    while let Some((before, after)) = rest.split_once("(\"") {
        let Some((term, next)) = after.split_once("\")") else { break };
        let name = company_words(&trailing_name(before));
        if let (Some(term), false) = (fold(term).into_iter().next(), name.is_empty()) {
            found.push((term, name));
        }
        rest = next;
    }
    found
}

/// The run of capitalized words at the end, which commas end unless a legal form follows.
fn trailing_name(text: &str) -> String {
    let mut name: Vec<&str> = Vec::new();
    for word in text.split_whitespace().rev() {
        let opens = word.starts_with(|c: char| c.is_uppercase() || c == '&') || ["and", "of", "und"].contains(&word);
        let ends_before =
            word.ends_with([',', ')', ';', ':']) && name.last().is_some_and(|later| !is_legal_form(later));
        if !opens || ends_before {
            break;
        }
        name.push(word);
    }
    name.reverse();
    name.join(" ").trim_start_matches(|c: char| !c.is_uppercase()).to_owned()
}

fn is_legal_form(word: &str) -> bool {
    fold(word).first().is_some_and(|word| LEGAL_FORMS.contains(&word.as_str()))
}

fn company_words(name: &str) -> Vec<String> {
    let mut words: Vec<String> =
        fold(name).into_iter().filter(|word| !["and", "und", "the"].contains(&word.as_str())).collect();
    while words.len() > 1 && words.last().is_some_and(|last| LEGAL_FORMS.contains(&last.as_str())) {
        words.pop();
    }
    words
}

/// `Customer:   Lindenhof Clinic Group, Lindenallee 12` at the head of an order form, with or without a clause number.
fn entry(text: &str) -> Option<Party> {
    let (key, value) = text.split_once(':')?;
    let key = key.rsplit(' ').next()?.to_lowercase();
    let side = match () {
        () if VENDOR_TERMS.contains(&key.as_str()) => Side::Vendor,
        () if CUSTOMER_TERMS.contains(&key.as_str()) => Side::Customer,
        () => return None,
    };
    let name = value.split([',', '.', ';', '(']).next()?;
    Some(Party { side, words: company_words(name) }).filter(|party| !party.words.is_empty() && party.words.len() <= 6)
}

impl Parties {
    /// The side whose company name the folded words begin with; none if they fit both or go on differently.
    ///
    /// Each word comes with whether it is capitalized and so may belong to a name.
    pub(super) fn named(&self, words: &[(String, bool)]) -> Option<Side> {
        self.only(|party| {
            let said: Vec<&(String, bool)> = words.iter().filter(|(word, _)| word != "and").collect();
            let same = party.words.iter().zip(&said).take_while(|(word, said)| **word == said.0).count();
            let goes_on = said.get(same).is_some_and(|(_, is_name)| *is_name) && same < party.words.len();
            same > 0 && !goes_on
        })
    }

    /// The side whose company name a mail domain bears: `harborpine.example`, `lindenhof-clinics.example`.
    pub(super) fn owner_of(&self, domain: &str) -> Option<Side> {
        let labels: Vec<&str> = domain.split('.').collect();
        let (_, company) = labels.split_last()?;
        self.only(|party| company.iter().any(|label| bears(label, &party.words)))
    }

    fn only(&self, fits: impl Fn(&Party) -> bool) -> Option<Side> {
        let mut sides = self.0.iter().filter(|party| fits(party)).map(|party| party.side);
        let first = sides.next()?;
        sides.all(|side| side == first).then_some(first)
    }
}

fn bears(label: &str, words: &[String]) -> bool {
    let squashed = label.replace('-', "");
    let mut name = String::new();
    let whole = words.iter().any(|word| {
        name.push_str(word);
        name == squashed
    });
    let first = label.split('-').next().unwrap_or_default();
    whole || (label.contains('-') && words.first().is_some_and(|word| word == first && word.len() >= TELLING_CHARS))
}
