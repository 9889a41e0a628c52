//! How each field's attributes are asked for: from the catalogue's own vocabularies, so that the form offers what is accepted.

use serde::Serialize;

use crate::domain::field::Field;
use crate::domain::finding::{
    Category, ContractStatus, History, Level, ObjectionStatus, Role, Stance, Strength, TechnicalKind, TimelineKind,
    WhyKind,
};
use crate::domain::transcript::Side;
use crate::http::pages::source::word;
use crate::http::pages::words::Choice;

/// One attribute of a form.
#[derive(Debug, Serialize)]
pub(super) struct Attribute {
    name: &'static str,
    label: &'static str,
    /// `choice`, `choices`, `text` or `flag`.
    kind: &'static str,
    options: Vec<Choice>,
}

/// The attributes of a field that a person may change.
pub(super) fn of(field: Field) -> Vec<Attribute> {
    let sides = [Side::Vendor, Side::Customer, Side::Unknown];
    match field {
        Field::WhyBought => vec![choice("kind", "Kind", WhyKind::ALL), flag("still_urgent", "Still urgent")],
        Field::SuccessCriteria => vec![text("metric", "Measure"), text("due", "Due")],
        Field::Stakeholder => vec![
            text("name", "Name"),
            text("title", "Title"),
            text("email", "Mail"),
            Attribute { kind: "choices", ..choice("roles", "Roles", Role::ALL) },
            choice("stance", "Stance", Stance::ALL),
            choice("influence", "Influence", Level::ALL),
            flag("leaving", "Leaving"),
        ],
        Field::Commitment => vec![
            choice("owed_by", "Owed by", &sides),
            choice("owed_to", "Owed to", &sides),
            choice("strength", "Strength", Strength::ALL),
            choice("category", "About", Category::ALL),
            text("due", "Due"),
            text("condition", "Condition"),
            choice("history", "History", History::ALL),
            choice("contract", "Contract", ContractStatus::ALL),
        ],
        Field::Scope => vec![flag("in_scope", "In scope")],
        Field::Timeline => vec![choice("kind", "Kind", TimelineKind::ALL), text("due", "Date")],
        Field::Technical => vec![choice("kind", "Kind", TechnicalKind::ALL)],
        Field::Objection => vec![choice("status", "Status", ObjectionStatus::ALL)],
        Field::Competitor => vec![text("name", "Name"), text("reason", "Why not chosen")],
        Field::Risk => vec![choice("severity", "Severity", Level::ALL), text("mitigation", "What helps against it")],
        Field::Pricing | Field::Politics | Field::Relationship => Vec::new(),
    }
}

fn text(name: &'static str, label: &'static str) -> Attribute {
    Attribute { name, label, kind: "text", options: Vec::new() }
}

fn flag(name: &'static str, label: &'static str) -> Attribute {
    Attribute { name, label, kind: "flag", options: Vec::new() }
}

fn choice<T: Serialize>(name: &'static str, label: &'static str, words: &[T]) -> Attribute {
    let options = words.iter().map(word).map(|value| Choice { label: value.replace('_', " "), value }).collect();
    Attribute { name, label, kind: "choice", options }
}
