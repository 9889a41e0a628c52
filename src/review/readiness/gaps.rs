//! What is not answered yet, or answered weakly, each with the question that would settle it.

use std::cmp::Reverse;

use serde::Serialize;
use utoipa::ToSchema;

use super::Standing;
use crate::domain::field::Field;
use crate::domain::finding::{
    Commitment, ContractStatus, Finding, History, Level, ObjectionStatus, Role, Stakeholder, Strength,
};
use crate::domain::ids::ItemId;
use crate::domain::item::Item;
use crate::transcript::roster::fold;

/// Questions at most: more are not asked on one call.
pub const MAX_GAPS: usize = 7;
/// Questions of one kind at most, so that five loose promises do not hide that nobody knows who pays.
const MAX_OF_A_KIND: usize = 2;

/// One thing to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Gap {
    /// The field it is about.
    pub field: Field,
    /// The item it is about, where it is about one.
    pub item: Option<ItemId>,
    /// What is the matter, in a few words.
    pub status: &'static str,
    /// The question.
    pub question: String,
}

/// A gap with how much hangs on it.
struct Weighed {
    consequence: u8,
    gap: Gap,
}

/// The gaps of a draft, most consequential first.
pub(super) fn gaps(items: &[Item], standing: impl Fn(Field) -> Standing, speakers: &[String]) -> Vec<Gap> {
    let live: Vec<&Item> = items.iter().filter(|item| item.stands()).collect();
    let mut found: Vec<Weighed> =
        Field::core().filter(|field| standing(*field) == Standing::Open).filter_map(unanswered).collect();
    found.extend(nobody_pays(&live));
    let voices: Vec<Vec<String>> = speakers.iter().map(|name| fold(name)).collect();
    found.extend(live.iter().filter_map(|item| weak_spot(item, &voices)));
    found.sort_by_key(|weighed| Reverse(weighed.consequence));
    let mut chosen: Vec<Gap> = Vec::new();
    for Weighed { gap, .. } in found {
        let of_its_kind = chosen.iter().filter(|other| (other.field, other.status) == (gap.field, gap.status)).count();
        if of_its_kind < MAX_OF_A_KIND {
            chosen.push(gap);
        }
    }
    chosen.truncate(MAX_GAPS);
    chosen
}

/// A field that nothing answers, with the one question that would; none where nobody has to answer it.
fn unanswered(field: Field) -> Option<Weighed> {
    let consequence = match field {
        Field::Stakeholder => 95,
        Field::SuccessCriteria => 90,
        Field::WhyBought => 88,
        Field::Commitment => 80,
        Field::Risk => 75,
        Field::Scope => 65,
        Field::Timeline => 60,
        Field::Technical => 50,
        Field::Objection => 35,
        Field::Competitor | Field::Pricing | Field::Politics | Field::Relationship => 20,
    };
    let question = field.question()?.to_owned();
    Some(Weighed { consequence, gap: Gap { field, item: None, status: "nothing in the record", question } })
}

/// People are known, but not who pays.
fn nobody_pays(live: &[&Item]) -> Option<Weighed> {
    let mut people = live.iter().filter_map(|item| match &item.finding {
        Finding::Stakeholder(person) => Some(person),
        _ => None,
    });
    let known = people.clone().next().is_some();
    let pays = people.any(|person| has_role(person, Role::EconomicBuyer));
    (known && !pays).then(|| Weighed {
        consequence: 92,
        gap: Gap {
            field: Field::Stakeholder,
            item: None,
            status: "no economic buyer",
            question: "Who signs this off and pays for it, and what do they expect from it?".to_owned(),
        },
    })
}

/// What is weak about one item; the worst, where several things are.
fn weak_spot(item: &Item, voices: &[Vec<String>]) -> Option<Weighed> {
    let (consequence, status, question) = match &item.finding {
        Finding::Commitment(promise) => weak_promise(promise, &item.statement)?,
        Finding::Objection(objection) if objection.status == Some(ObjectionStatus::Open) => {
            (70, "still open", format!("Is this settled for you, or what would settle it: {}", item.statement))
        }
        Finding::Risk(risk) if risk.severity == Some(Level::High) && risk.mitigation.is_none() => {
            (55, "nothing against it yet", format!("What will be done about this, and by whom: {}", item.statement))
        }
        Finding::Stakeholder(person) => never_heard(person, voices)?,
        _ => return None,
    };
    Some(Weighed { consequence, gap: Gap { field: item.field(), item: Some(item.id.clone()), status, question } })
}

/// A promise that others will count on, and that is not what it should be.
fn weak_promise(promise: &Commitment, statement: &str) -> Option<(u8, &'static str, String)> {
    let is_counted_on = matches!(promise.strength, Some(Strength::Firm | Strength::Conditional));
    if promise.history.is_some_and(History::is_past) {
        return None;
    }
    if promise.contract == Some(ContractStatus::Contradicted) {
        return Some((
            98,
            "the contract says otherwise",
            format!("Which of the two holds, this or the contract: {statement}"),
        ));
    }
    if promise.contract == Some(ContractStatus::Unwritten) && promise.strength == Some(Strength::Firm) {
        return Some((85, "not in the contract", format!("Shall this go into the contract: {statement}")));
    }
    (is_counted_on && promise.due.is_none()).then(|| (58, "no date", format!("By when do you need this: {statement}")))
}

/// Somebody who matters and of whom the record has no word of their own.
fn never_heard(person: &Stakeholder, voices: &[Vec<String>]) -> Option<(u8, &'static str, String)> {
    let shown = person.name.as_deref()?;
    let name = fold(shown);
    // "Omar" may be the Omar Haddad who speaks: only who surely is nobody of those heard was never heard.
    let is_voice = |voice: &Vec<String>| {
        name.iter().all(|word| voice.contains(word))
            || (!voice.is_empty() && voice.iter().all(|word| name.contains(word)))
    };
    if name.is_empty() || voices.iter().any(is_voice) {
        return None;
    }
    let weighs = has_role(person, Role::EconomicBuyer) || has_role(person, Role::Champion);
    let consequence = if weighs || person.influence == Some(Level::High) { 72 } else { 40 };
    Some((consequence, "never heard", format!("Can {shown} join the next call, or what would {shown} want from this?")))
}

fn has_role(person: &Stakeholder, role: Role) -> bool {
    person.roles.as_ref().is_some_and(|roles| roles.contains(&role))
}
