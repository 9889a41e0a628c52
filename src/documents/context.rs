//! What documents are made from: the approved version, and what is known around it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::dna::Around;
use crate::domain::deal::CrmSystem;
use crate::domain::handoff::Missing;
use crate::domain::record::HandoffRecord;

/// Everything a document may say.
#[derive(Debug, Clone)]
pub struct Context {
    /// The final version.
    pub handoff: HandoffRecord,
    /// The name of the company that sells; without one, customers read "our team".
    pub vendor: Option<String>,
    /// Who hands over.
    pub ae: Option<Person>,
    /// Who takes over.
    pub csm: Option<Person>,
    /// What the CRM says of the deal: value, term, start, renewal.
    pub facts: Vec<Fact>,
    /// Day 0 of the success plan; without one, the day of the final version.
    pub starts_on: Option<Date>,
    /// What the handover itself is held to.
    pub deadlines: Vec<Deadline>,
    /// What customer success asked, answered or not.
    pub questions: Vec<Question>,
    /// The CRM that the payload is for.
    pub crm: CrmSystem,
    /// What the customer's profile is made from, beside the version's items.
    pub around: Around,
}

impl Context {
    /// A version with nothing known around it.
    #[must_use]
    pub fn new(handoff: HandoffRecord) -> Self {
        Self {
            handoff,
            vendor: None,
            ae: None,
            csm: None,
            facts: Vec::new(),
            starts_on: None,
            deadlines: Vec::new(),
            questions: Vec::new(),
            crm: CrmSystem::Plain,
            around: Around::default(),
        }
    }

    /// The day the version was finalized, in UTC.
    #[must_use]
    pub fn finalized_on(&self) -> Date {
        self.handoff.finalized_at.to_zoned(TimeZone::UTC).date()
    }

    /// Day 0 of the first ninety.
    #[must_use]
    pub fn day_zero(&self) -> Date {
        self.starts_on.unwrap_or_else(|| self.finalized_on())
    }
}

/// Somebody of the company that sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: Option<String>,
    /// The job title.
    pub title: Option<String>,
}

/// One fact of the CRM, in words for people: `Value`, `USD 120,540 a year`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// What the CRM says.
    pub value: String,
}

/// One thing that the handover is held to, such as `Introduction`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// What is due.
    pub label: String,
    /// By when.
    pub due: Date,
}

/// A question of customer success to sales.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The question.
    pub question: String,
    /// The answer, once there is one.
    pub answer: Option<String>,
}

/// Whether whoever reads may see notes about persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// They may, in the documents that hold any.
    WithSensitive,
    /// They may not.
    WithoutSensitive,
}

/// The record without its sensitive items, and without a word of them anywhere else.
pub(super) fn without_sensitive(record: &HandoffRecord) -> HandoffRecord {
    let mut record = record.clone();
    record.items.retain(|item| !item.field().is_sensitive());
    record.missing.retain(|missing| !is_sensitive(missing));
    record.unknown.retain(|mark| !mark.field.is_sensitive());
    record
}

/// The same for the document that the record was read from.
pub(super) fn document_without_sensitive(document: &str) -> Result<serde_json::Value, serde_json::Error> {
    let mut value: serde_json::Value = serde_json::from_str(document)?;
    for list in ["items", "missing", "unknown"] {
        let Some(entries) = value.get_mut(list).and_then(serde_json::Value::as_array_mut) else { continue };
        entries.retain(|entry| {
            let field = entry["field"].as_str().and_then(|word| word.parse::<crate::domain::field::Field>().ok());
            !field.is_some_and(crate::domain::field::Field::is_sensitive)
        });
    }
    Ok(value)
}

const fn is_sensitive(missing: &Missing) -> bool {
    match missing {
        Missing::Field { field, .. } | Missing::Decision { field, .. } | Missing::BrokenCitation { field, .. } => {
            field.is_sensitive()
        }
        Missing::SourcePending { .. } | Missing::DraftPending | Missing::DraftFailed { .. } => false,
    }
}
