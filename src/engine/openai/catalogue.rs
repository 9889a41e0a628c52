//! The field catalogue as a model is told it: definitions for the prompt, a strict schema for the reply.
//!
//! Names, words and descriptions of attributes come from the domain's own schema, so that none is typed twice. A claim is
//! flat on the wire: strict structured outputs want every key present, and a model fills one object with gaps better than
//! thirteen alternatives.

use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::field::Field;
use crate::domain::finding::Finding;

/// What an engine that reads one source cannot know: the contract is compared, and items are linked, later.
const DECIDED_LATER: [&str; 2] = ["contract", "superseded_by"];

/// The roles a quote may have in a reply; `clause` is given by the contract check alone.
pub(super) const QUOTE_ROLES: [&str; 3] = ["support", "counter", "reply"];

/// Every field with its attributes.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(super) struct Catalogue(Vec<FieldEntry>);

/// A field as the prompt explains it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FieldEntry {
    pub(super) field: Field,
    definition: &'static str,
    sensitive: bool,
    pub(super) attributes: Vec<Attribute>,
}

/// One attribute of a field.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Attribute {
    pub(super) name: String,
    description: String,
    #[serde(flatten)]
    kind: Kind,
}

/// What an attribute holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "words")]
enum Kind {
    Text,
    YesNo,
    OneOf(Vec<String>),
    ManyOf(Vec<String>),
}

impl Catalogue {
    /// The catalogue as the domain has it.
    pub(super) fn new() -> Self {
        let domain = DomainSchema::new();
        Self(Field::ALL.into_iter().map(|field| domain.entry(field)).collect())
    }

    /// The names of the attributes a field has.
    pub(super) fn attributes(&self, field: Field) -> &[Attribute] {
        self.0.iter().find(|entry| entry.field == field).map_or(&[], |entry| &entry.attributes)
    }

    /// The strict JSON schema of a reply: `{"claims": […]}`.
    pub(super) fn reply_schema(&self) -> Value {
        closed_object([("claims".to_owned(), json!({ "type": "array", "items": self.claim_schema() }))])
    }

    /// Evidence comes before what is made of it: a model writes the keys in this order.
    fn claim_schema(&self) -> Value {
        let quote = closed_object([
            (
                "turn".to_owned(),
                json!({ "type": "integer", "description": "the number at the start of the turn's line" }),
            ),
            ("quote".to_owned(), json!({ "type": "string", "description": "words of that turn, verbatim" })),
            ("role".to_owned(), json!({ "type": "string", "enum": QUOTE_ROLES })),
        ]);
        let mut properties = vec![
            ("field".to_owned(), json!({ "type": "string", "enum": Field::ALL })),
            ("quotes".to_owned(), json!({ "type": "array", "items": quote })),
            ("statement".to_owned(), json!({ "type": "string" })),
        ];
        properties.extend(self.merged().into_iter().map(|(name, kind)| (name, kind.nullable())));
        properties.push(("confidence".to_owned(), json!({ "type": "number", "description": "0 to 1" })));
        closed_object(properties)
    }

    /// Attributes by name; where fields share a name, the words of all of them.
    fn merged(&self) -> Vec<(String, Kind)> {
        let mut merged: Vec<(String, Kind)> = Vec::new();
        for attribute in self.0.iter().flat_map(|entry| &entry.attributes) {
            match merged.iter_mut().find(|(name, _)| *name == attribute.name) {
                Some((_, kind)) => kind.widen(&attribute.kind),
                None => merged.push((attribute.name.clone(), attribute.kind.clone())),
            }
        }
        merged
    }
}

impl Kind {
    fn widen(&mut self, other: &Self) {
        if let (Self::OneOf(words), Self::OneOf(more)) | (Self::ManyOf(words), Self::ManyOf(more)) = (self, other) {
            words.extend(more.iter().filter(|word| !words.contains(word)).cloned().collect::<Vec<_>>());
        }
    }

    fn nullable(&self) -> Value {
        let kind = match self {
            Self::Text => json!({ "type": "string" }),
            Self::YesNo => json!({ "type": "boolean" }),
            Self::OneOf(words) => json!({ "type": "string", "enum": words }),
            Self::ManyOf(words) => json!({ "type": "array", "items": { "type": "string", "enum": words } }),
        };
        json!({ "anyOf": [kind, { "type": "null" }] })
    }
}

/// Strict mode wants every key required and no other allowed.
fn closed_object(properties: impl IntoIterator<Item = (String, Value)>) -> Value {
    let properties: Map<String, Value> = properties.into_iter().collect();
    let required: Vec<&String> = properties.keys().collect();
    json!({ "type": "object", "required": required, "additionalProperties": false, "properties": properties })
}

/// The schema of [`Finding`] as the API documentation has it.
struct DomainSchema {
    finding: Value,
    parts: Map<String, Value>,
}

impl DomainSchema {
    fn new() -> Self {
        let mut parts = Vec::new();
        Finding::schemas(&mut parts);
        Self {
            finding: json!(Finding::schema()),
            parts: parts.into_iter().map(|(name, part)| (name, json!(part))).collect(),
        }
    }

    fn entry(&self, field: Field) -> FieldEntry {
        let attributes = self.properties(field).into_iter().flatten();
        let attributes = attributes.filter(|(name, _)| !DECIDED_LATER.contains(&name.as_str()));
        let attributes = attributes.filter_map(|(name, schema)| self.attribute(name, schema)).collect();
        FieldEntry { field, definition: definition(field), sensitive: field.is_sensitive(), attributes }
    }

    fn properties(&self, field: Field) -> Option<&Map<String, Value>> {
        let variants = self.finding["oneOf"].as_array()?;
        let variant = variants.iter().find(|v| v["properties"]["field"]["enum"][0] == field.as_str())?;
        self.resolve(&variant["properties"]["attributes"]).get("properties")?.as_object()
    }

    fn attribute(&self, name: &str, schema: &Value) -> Option<Attribute> {
        let schema = schema["oneOf"].get(0).unwrap_or(schema);
        let description = schema["description"].as_str().unwrap_or_default().to_owned();
        Some(Attribute { name: name.to_owned(), description, kind: self.kind(schema)? })
    }

    fn kind(&self, schema: &Value) -> Option<Kind> {
        let words = |schema: &Value| -> Option<Vec<String>> {
            self.resolve(schema)["enum"].as_array()?.iter().map(|word| word.as_str().map(str::to_owned)).collect()
        };
        match schema["type"].get(0).and_then(Value::as_str) {
            Some("string") => Some(Kind::Text),
            Some("boolean") => Some(Kind::YesNo),
            Some("array") => words(&schema["items"]).map(Kind::ManyOf),
            _ => words(schema).map(Kind::OneOf),
        }
    }

    /// What a `$ref` points to; anything else is itself.
    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        name.and_then(|name| self.parts.get(name)).unwrap_or(schema)
    }
}

/// What belongs to a field, told to a model.
const fn definition(field: Field) -> &'static str {
    match field {
        Field::WhyBought => {
            "why the customer acts, and why now: the event that set it off, what hurts today, the outcome they are after, \
             what moved the decision. Reasons the customer gives, not the seller's pitch."
        }
        Field::SuccessCriteria => {
            "what would make it clearly worth it for the customer: an outcome, a number to reach, a first quick win."
        }
        Field::Stakeholder => {
            "one claim per person of the customer who matters to the project, and how: the quote must tell the role or the \
             stance, a greeting does not."
        }
        Field::Commitment => {
            "what one side says it will do for the other after this moment: a date, a feature, an integration, a setup, \
             help, a price, a person. The speaker's own side is bound; a wish or a request of the other side is none."
        }
        Field::Scope => "what is sold: products, seats, sites, use cases, phases; and what is said to be left out.",
        Field::Timeline => "dates and milestones of the project, and times in which nothing may happen.",
        Field::Technical => "systems in use, integrations, data, security and other limits, what has to be migrated.",
        Field::Objection => {
            "what made the customer hesitate or still worries them; an answer to it is a quote with role `reply`."
        }
        Field::Competitor => {
            "another supplier, an own build, or doing nothing, as far as this customer weighs it; and why it was not chosen."
        }
        Field::Risk => {
            "what could derail the project: a dependency, missing people, missing backing, somebody leaving, pressure on \
             the price."
        }
        Field::Pricing => "how the price was negotiated: what was asked, given, and for what in return.",
        Field::Politics => "who inside the customer is for or against it, and tension between people or departments.",
        Field::Relationship => "how a person likes to work and be contacted, and rapport worth keeping.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reply may hold for an attribute, every word of its vocabulary once.
    fn samples(kind: &Kind) -> Vec<Value> {
        match kind {
            Kind::Text => vec![json!("as said")],
            Kind::YesNo => vec![json!(true), json!(false)],
            Kind::OneOf(words) => words.iter().map(|word| json!(word)).collect(),
            Kind::ManyOf(words) => words.iter().map(|word| json!([word])).collect(),
        }
    }

    #[test]
    fn everything_the_catalogue_offers_is_a_finding_of_the_domain() {
        for entry in Catalogue::new().0 {
            for attribute in &entry.attributes {
                for value in samples(&attribute.kind) {
                    let finding = json!({ "field": entry.field, "attributes": { &attribute.name: value } });
                    let parsed = serde_json::from_value::<Finding>(finding.clone());
                    assert!(parsed.is_ok_and(|parsed| json!(parsed) == finding), "{finding}");
                }
            }
        }
    }

    #[test]
    fn everything_the_domain_knows_is_offered_unless_it_is_decided_later() {
        let (catalogue, domain) = (Catalogue::new(), DomainSchema::new());
        for field in Field::ALL {
            let known: Vec<&String> = domain.properties(field).into_iter().flatten().map(|(name, _)| name).collect();
            let offered: Vec<&str> = catalogue.attributes(field).iter().map(|a| a.name.as_str()).collect();
            let missing: Vec<_> = known.iter().filter(|name| !offered.contains(&name.as_str())).collect();
            assert!(missing.iter().all(|name| DECIDED_LATER.contains(&name.as_str())), "{field}: {missing:?}");
        }
        assert_eq!(catalogue.attributes(Field::Commitment).len(), 7);
        assert!(catalogue.attributes(Field::Commitment).iter().all(|attribute| !attribute.description.is_empty()));
    }

    #[test]
    fn every_object_of_the_schema_is_closed_and_requires_all_its_keys() {
        fn check(schema: &Value) {
            if let Some(properties) = schema["properties"].as_object() {
                let required: Vec<&str> =
                    schema["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
                assert_eq!(required, properties.keys().collect::<Vec<_>>());
                assert_eq!(schema["additionalProperties"], json!(false));
                properties.values().for_each(check);
            }
            check_items(&schema["items"]);
        }
        fn check_items(items: &Value) {
            if items.is_object() {
                check(items);
            }
        }
        check(&Catalogue::new().reply_schema());
    }
}
