//! What may be said to the customer. Everything that is not plainly theirs to read stays out; what is left out by mistake they
//! can add, what is shown by mistake nobody can take back.

use super::rank::{all_people, doubts, has_doubter_role};
use super::words::{bare_words, due_day};
use crate::domain::field::Field;
use crate::domain::finding::{Category, Commitment, Finding, Stakeholder};
use crate::domain::record::{HandoffRecord, ItemRecord};

/// Fields of which a customer reads nothing.
const WITHHELD: [Field; 6] =
    [Field::Objection, Field::Competitor, Field::Risk, Field::Pricing, Field::Politics, Field::Relationship];

/// Words of sales and customer success about people and accounts.
const OURS: [&str; 14] = [
    "skeptic",
    "skeptics",
    "skeptical",
    "sceptic",
    "sceptics",
    "sceptical",
    "detractor",
    "detractors",
    "champion",
    "economic buyer",
    "competitor",
    "competitors",
    "churn",
    "upsell",
];

/// Words about the price.
const MONEY: [&str; 16] = [
    "price",
    "prices",
    "pricing",
    "priced",
    "discount",
    "discounts",
    "fee",
    "fees",
    "invoice",
    "invoices",
    "invoiced",
    "budget",
    "usd",
    "eur",
    "gbp",
    "chf",
];

/// Fewer words than this say too little to be recognized elsewhere ("Yes, we do.").
const TELLING_WORDS: usize = 3;

/// What the customer must not read, of one handoff.
pub(super) struct Discretion {
    /// Statements and quotes of what is withheld, as bare words.
    withheld: Vec<String>,
    /// Names of alternatives, as bare words.
    alternatives: Vec<String>,
    /// The people's names, in full and in parts, as bare words.
    people: Vec<String>,
    vendor: String,
    account: String,
}

impl Discretion {
    pub(super) fn of(record: &HandoffRecord, vendor: Option<&str>) -> Self {
        let names = all_people(record).into_iter().filter_map(|person| person.told.name.clone());
        let parts = |name: String| {
            let parts: Vec<String> =
                name.split_whitespace().filter(|part| part.chars().count() > 2).map(bare_words).collect();
            parts.into_iter().chain([bare_words(&name)])
        };
        let alternatives = record.of(Field::Competitor).filter_map(|item| match &item.finding {
            Finding::Competitor(told) => told.name.as_deref().filter(|name| !matches!(*name, "build" | "do nothing")),
            _ => None,
        });
        Self {
            withheld: record.items.iter().filter(|item| is_withheld(item)).flat_map(telling).collect(),
            alternatives: alternatives.map(bare_words).filter(|name| !name.trim().is_empty()).collect(),
            people: names.flat_map(parts).filter(|name| !name.trim().is_empty()).collect(),
            vendor: vendor.unwrap_or("our team").to_owned(),
            account: record.account.clone(),
        }
    }

    /// A text as the customer may read it: with names for "the vendor" and "the customer". None where it holds words that are
    /// withheld, names an alternative, or speaks as only the seller does.
    pub(super) fn words(&self, text: &str) -> Option<String> {
        let bare = bare_words(text);
        let ours = OURS.iter().any(|word| bare.contains(&format!(" {word} ")));
        let told = |withheld: &String| bare.contains(withheld.as_str());
        if ours || self.withheld.iter().any(told) || self.alternatives.iter().any(told) {
            return None;
        }
        Some(self.with_names(text))
    }

    /// The same for what says nothing about the price.
    pub(super) fn words_without_price(&self, text: &str) -> Option<String> {
        let bare = bare_words(text);
        let money = text.contains(['$', '€', '£']) || MONEY.iter().any(|word| bare.contains(&format!(" {word} ")));
        if money { None } else { self.words(text) }
    }

    /// The same for what speaks of nobody but those who say it: a colleague named in passing may be the point of it.
    pub(super) fn words_about_nobody(&self, item: &ItemRecord, text: &str) -> Option<String> {
        let speakers: Vec<String> =
            item.citations.iter().filter_map(|citation| citation.speaker.as_deref()).map(bare_words).collect();
        let bare = bare_words(text);
        let speaks = |name: &&String| speakers.iter().any(|speaker| speaker.contains(name.as_str()));
        let another = self.people.iter().filter(|name| bare.contains(name.as_str())).any(|name| !speaks(&name));
        if another { None } else { self.words(text) }
    }

    /// A due date: a day says nothing else, words may.
    pub(super) fn due(&self, due: Option<&str>) -> Option<String> {
        let due = due?;
        if due_day(due).is_some() { Some(due.to_owned()) } else { self.words_without_price(due) }
    }

    fn with_names(&self, text: &str) -> String {
        let capital = |name: &str| {
            let mut chars = name.chars();
            chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
        };
        let named = replace_words(text, "the vendor", &self.vendor);
        let named = replace_words(&named, "The vendor", &capital(&self.vendor));
        let named = replace_words(&named, "the customer", &self.account);
        replace_words(&named, "The customer", &capital(&self.account))
    }
}

/// Whether a promise may be read by the customer at all.
pub(super) fn is_about_money(promise: &Commitment) -> bool {
    promise.category == Some(Category::Pricing)
}

fn is_withheld(item: &ItemRecord) -> bool {
    WITHHELD.contains(&item.field()) || matches!(&item.finding, Finding::Stakeholder(person) if is_delicate(person))
}

/// Whether what is said of a person is not for everybody on their side.
fn is_delicate(person: &Stakeholder) -> bool {
    doubts(person) || has_doubter_role(person) || person.leaving == Some(true)
}

/// The texts of an item that would give it away.
fn telling(item: &ItemRecord) -> impl Iterator<Item = String> {
    let quotes = item.support().map(|citation| citation.quote.as_str());
    let texts = quotes.chain([item.statement.as_str()]).map(bare_words);
    texts.filter(|text| text.split_whitespace().count() >= TELLING_WORDS)
}

/// Replaces whole words only: "the vendors" stays.
fn replace_words(text: &str, words: &str, by: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(words) {
        let (before, found) = rest.split_at(at);
        let after = &found[words.len()..];
        let is_whole = !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        replaced.push_str(before);
        replaced.push_str(if is_whole { by } else { words });
        rest = after;
    }
    replaced + rest
}

#[cfg(test)]
mod tests {
    use super::replace_words;

    #[test]
    fn names_take_the_place_of_whole_words_only() {
        let named = replace_words("the vendor's plan, the vendors, of the vendor", "the vendor", "Ferrite");
        assert_eq!(named, "Ferrite's plan, the vendors, of Ferrite");
    }
}
