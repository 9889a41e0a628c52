//! The CRM payload, through a mapping file that a team can change.
//!
//! ```json
//! {"schema": "baton.crm-mapping/1",
//!  "under": "properties",
//!  "properties": [
//!    {"property": "handoff_why_bought", "field": "why_bought", "join": "\n", "max": 5},
//!    {"property": "handoff_champion", "field": "stakeholder", "where": {"roles": "champion"}, "take": "name"},
//!    {"property": "handoff_unwritten_promises", "field": "commitment", "where": {"contract": ["unwritten", "contradicted"]}, "take": "count"},
//!    {"property": "handoff_version", "from": "version"}]}
//! ```
//!
//! `field` takes the approved items of a field, without promises that a newer word replaced or that were taken back; `where`
//! keeps those whose attributes have one of the values; `take` says what of them: `statement` (the default), `quote`, `count`,
//! or an attribute; `join` (a line break) stands between them; at most `max` (10) are taken and `max_chars` (5,000) characters
//! kept. `from` takes something of the handoff as a whole, see [`Whole`]. A property without a value is left out: an empty text
//! would delete what the CRM has. A key that is not named here is refused, and so are sensitive fields.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::context::Context;
use super::rank::{Promise, Told};
use crate::domain::field::Field;
use crate::domain::finding::Finding;
use crate::domain::record::{HandoffRecord, ItemRecord};

/// The name and version of the mapping's format.
const SCHEMA: &str = "baton.crm-mapping/1";

/// Why a mapping cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum MappingError {
    #[error("{0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("`schema` is `{0}`; `{SCHEMA}` is expected")]
    OtherSchema(String),
    #[error("property `{property}`: {reason}")]
    Property { property: String, reason: String },
}

/// A mapping file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mapping {
    schema: String,
    /// The key that the properties stand under; without one they are the payload.
    #[serde(default)]
    under: Option<String>,
    properties: Vec<Property>,
}

/// One property of the payload.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Property {
    /// The CRM's name for it.
    #[serde(rename = "property")]
    name: String,
    #[serde(default)]
    field: Option<Field>,
    #[serde(default)]
    from: Option<Whole>,
    #[serde(default, rename = "where")]
    wanted: BTreeMap<String, OneOrMore>,
    #[serde(default)]
    take: Option<String>,
    #[serde(default)]
    join: Option<String>,
    #[serde(default)]
    max: Option<usize>,
    #[serde(default)]
    max_chars: Option<usize>,
}

/// A value, or several of which one must hold.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(Scalar),
    More(Vec<Scalar>),
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
enum Scalar {
    Yes(bool),
    Word(String),
}

/// Something of the handoff as a whole.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Whole {
    Account,
    Deal,
    Version,
    FinalizedBy,
    FinalizedAt,
    AeName,
    AeEmail,
    CsmName,
    CsmEmail,
    /// The headings of core fields without an answer.
    Unknown,
    CustomerIntent,
    StakeholderMap,
    ScopeAndExpectations,
    ImplementationRisk,
    Transition,
}

impl Mapping {
    /// Reads and checks a mapping.
    pub(super) fn read(source: &str) -> Result<Self, MappingError> {
        let mapping: Self = serde_json::from_str(source)?;
        if mapping.schema != SCHEMA {
            return Err(MappingError::OtherSchema(mapping.schema));
        }
        for property in &mapping.properties {
            property.check().map_err(|reason| MappingError::Property { property: property.name.clone(), reason })?;
        }
        Ok(mapping)
    }

    /// The payload.
    pub(super) fn payload(&self, context: &Context, record: &HandoffRecord) -> Value {
        let mut properties = Map::new();
        for property in &self.properties {
            if let Some(value) = property.value(context, record) {
                properties.insert(property.name.clone(), value);
            }
        }
        match &self.under {
            Some(key) => json!({ key: properties }),
            None => Value::Object(properties),
        }
    }
}

impl Property {
    fn check(&self) -> Result<(), String> {
        let field = match (self.field, self.from) {
            (Some(field), None) => field,
            (None, Some(_)) if self.wanted.is_empty() && self.take.is_none() => return Ok(()),
            (None, Some(_)) => return Err("`from` goes without `where` and `take`".to_owned()),
            _ => return Err("either `field` or `from` says where the value comes from".to_owned()),
        };
        if field.is_sensitive() {
            return Err(format!("`{field}` is sensitive and leaves in no payload"));
        }
        if let Some(take) = self.take.as_deref().filter(|take| !matches!(*take, "statement" | "quote" | "count")) {
            knows(field, take, &Value::Null)?;
        }
        for (attribute, wanted) in &self.wanted {
            for value in wanted.values() {
                let value = value.to_json();
                knows(field, attribute, &value).or_else(|_| knows(field, attribute, &json!([value])))?;
            }
        }
        Ok(())
    }

    fn value(&self, context: &Context, record: &HandoffRecord) -> Option<Value> {
        if let Some(whole) = self.from {
            return whole.of(context, record);
        }
        let items: Vec<&ItemRecord> = record.of(self.field?).filter(|item| self.wants(item)).collect();
        let text = |item: &&ItemRecord| match self.take.as_deref() {
            None | Some("statement") => Some(item.statement.clone()),
            Some("quote") => item.support().next().map(|citation| citation.quote.clone()),
            Some(attribute) => words_of(item.attributes().get(attribute)?),
        };
        if self.take.as_deref() == Some("count") {
            return Some(json!(items.len()));
        }
        let texts: Vec<String> = items.iter().filter_map(text).take(self.max.unwrap_or(10)).collect();
        let joined = texts.join(self.join.as_deref().unwrap_or("\n"));
        let kept: String = joined.chars().take(self.max_chars.unwrap_or(5_000)).collect();
        (!kept.is_empty()).then_some(Value::String(kept))
    }

    fn wants(&self, item: &ItemRecord) -> bool {
        let live = match &item.finding {
            Finding::Commitment(told) => Promise::is_live(&Told { item, told }),
            _ => true,
        };
        let attributes = item.attributes();
        let holds = |(attribute, wanted): (&String, &OneOrMore)| {
            let has = |value: &Scalar| match attributes.get(attribute) {
                Some(Value::Array(several)) => several.contains(&value.to_json()),
                Some(one) => *one == value.to_json(),
                None => false,
            };
            wanted.values().iter().any(has)
        };
        live && self.wanted.iter().all(holds)
    }
}

impl OneOrMore {
    fn values(&self) -> &[Scalar] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::More(values) => values,
        }
    }
}

impl Scalar {
    fn to_json(&self) -> Value {
        match self {
            Self::Yes(yes) => json!(yes),
            Self::Word(word) => json!(word),
        }
    }
}

impl Whole {
    fn of(self, context: &Context, record: &HandoffRecord) -> Option<Value> {
        let [intent, people, scope, risk, transition] = record.scorecard.answers().map(|answer| json!(answer.as_str()));
        let silent =
            || super::rank::silent_fields(record).into_iter().map(Field::heading).collect::<Vec<_>>().join(", ");
        match self {
            Self::Account => Some(json!(record.account)),
            Self::Deal => Some(json!(record.deal)),
            Self::Version => Some(json!(record.version)),
            Self::FinalizedBy => Some(json!(record.finalized_by)),
            Self::FinalizedAt => Some(json!(record.finalized_at)),
            Self::AeName => context.ae.as_ref().map(|ae| json!(ae.name)),
            Self::AeEmail => context.ae.as_ref().and_then(|ae| ae.email.as_ref()).map(|email| json!(email)),
            Self::CsmName => context.csm.as_ref().map(|csm| json!(csm.name)),
            Self::CsmEmail => context.csm.as_ref().and_then(|csm| csm.email.as_ref()).map(|email| json!(email)),
            Self::Unknown => Some(silent()).filter(|silent| !silent.is_empty()).map(Value::String),
            Self::CustomerIntent => Some(intent),
            Self::StakeholderMap => Some(people),
            Self::ScopeAndExpectations => Some(scope),
            Self::ImplementationRisk => Some(risk),
            Self::Transition => Some(transition),
        }
    }
}

/// Whether the field has the attribute, and the attribute the value.
fn knows(field: Field, attribute: &str, value: &Value) -> Result<(), String> {
    let finding = json!({"field": field, "attributes": {attribute: value}});
    serde_json::from_value::<Finding>(finding).map(drop).map_err(|error| format!("`{field}`: {error}"))
}

/// An attribute as a CRM shows it.
fn words_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Array(several) => Some(several.iter().filter_map(words_of).collect::<Vec<_>>().join(", ")),
        _ => None,
    }
}
