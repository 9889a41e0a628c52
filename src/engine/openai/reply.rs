//! A model's reply to claims: parsed one by one, so that a bad claim does not take the good ones with it.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::catalogue::Catalogue;
use crate::domain::field::Field;
use crate::domain::finding::Finding;
use crate::engine::{Claim, ClaimedQuote, QuoteRole};

/// The claims of one reply, and what had to be left out.
#[derive(Debug, Default)]
pub(super) struct ParsedReply {
    pub(super) claims: Vec<Claim>,
    /// Claims of another shape or with an unknown field or role.
    pub(super) bad_claims: usize,
    /// Attributes that do not belong to their field or hold no word of its vocabulary.
    pub(super) ignored_attributes: usize,
}

#[derive(Deserialize)]
struct WireReply {
    claims: Vec<Value>,
}

#[derive(Deserialize)]
struct WireClaim {
    field: Field,
    statement: String,
    quotes: Vec<WireQuote>,
    confidence: f32,
    #[serde(flatten)]
    attributes: Map<String, Value>,
}

#[derive(Deserialize)]
struct WireQuote {
    turn: u32,
    quote: String,
    role: WireRole,
}

/// The words of [`QUOTE_ROLES`](super::catalogue::QUOTE_ROLES).
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum WireRole {
    Support,
    Counter,
    Reply,
}

impl From<WireQuote> for ClaimedQuote {
    fn from(wire: WireQuote) -> Self {
        let role = match wire.role {
            WireRole::Support => QuoteRole::Support,
            WireRole::Counter => QuoteRole::Counter,
            WireRole::Reply => QuoteRole::Reply,
        };
        Self { turn: wire.turn, quote: wire.quote, role }
    }
}

/// The claims in a reply's text.
///
/// # Errors
///
/// What is wrong with the reply as a whole, told to the model and to people; no word of the reply is part of it.
pub(super) fn parse_reply(text: &str, catalogue: &Catalogue) -> Result<ParsedReply, String> {
    let reply: WireReply = serde_json::from_str(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => "the JSON is not an object with a list `claims`".to_owned(),
        _ => format!("it is no complete JSON: it breaks at line {}, column {}", error.line(), error.column()),
    })?;
    let total = reply.claims.len();
    let mut parsed = ParsedReply::default();
    for claim in reply.claims {
        match parse_claim(claim, catalogue) {
            Some((claim, ignored)) => {
                parsed.claims.push(claim);
                parsed.ignored_attributes += ignored;
            }
            None => parsed.bad_claims += 1,
        }
    }
    if parsed.claims.is_empty() && total > 0 {
        return Err(format!("none of the {total} claims has the keys, types and words of the schema"));
    }
    Ok(parsed)
}

/// One claim and the number of its attributes that were ignored; none where it has another shape.
fn parse_claim(claim: Value, catalogue: &Catalogue) -> Option<(Claim, usize)> {
    let wire: WireClaim = serde_json::from_value(claim).ok()?;
    let statement = wire.statement.split_whitespace().collect::<Vec<_>>().join(" ");
    if statement.is_empty() {
        return None;
    }
    let (finding, ignored) = parse_finding(wire.field, wire.attributes, catalogue);
    let quotes = wire.quotes.into_iter().map(ClaimedQuote::from).collect();
    Some((Claim { finding, statement, confidence: wire.confidence.clamp(0.0, 1.0), quotes }, ignored))
}

/// The finding that the attributes make, each taken only if the domain takes it.
fn parse_finding(field: Field, attributes: Map<String, Value>, catalogue: &Catalogue) -> (Finding, usize) {
    let said: Vec<_> = attributes.into_iter().filter(|(_, value)| !is_blank(value)).collect();
    let total = said.len();
    let known = catalogue.attributes(field);
    let accepted: Map<String, Value> = said
        .into_iter()
        .filter(|(name, _)| known.iter().any(|attribute| attribute.name == *name))
        .filter_map(|(name, value)| Some((name.clone(), accepted(field, &name, value)?)))
        .collect();
    let ignored = total - accepted.len();
    (finding(field, &accepted).unwrap_or_else(|| Finding::bare(field)), ignored)
}

/// The value if the field takes it; of a list, the words it takes.
fn accepted(field: Field, name: &str, value: Value) -> Option<Value> {
    let fits = |value: &Value| finding(field, &Map::from_iter([(name.to_owned(), value.clone())])).is_some();
    match value {
        Value::Array(words) => {
            let words: Vec<Value> = words.into_iter().filter(|word| fits(&json!([word]))).collect();
            (!words.is_empty()).then_some(Value::Array(words))
        }
        value => fits(&value).then_some(value),
    }
}

fn finding(field: Field, attributes: &Map<String, Value>) -> Option<Finding> {
    serde_json::from_value(json!({ "field": field, "attributes": attributes })).ok()
}

/// Models that may not leave a key out write it empty.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(words) => words.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::{Commitment, Role, Stakeholder, Strength};

    fn parse(claims: &Value) -> Result<ParsedReply, String> {
        parse_reply(&json!({ "claims": claims }).to_string(), &Catalogue::new())
    }

    fn claim(field: &str, attributes: &Value) -> Value {
        let mut claim = json!({
            "field": field, "statement": "Said so.", "confidence": 0.5,
            "quotes": [{ "turn": 1, "quote": "so", "role": "support" }],
        });
        claim.as_object_mut().unwrap().extend(attributes.as_object().unwrap().clone());
        claim
    }

    #[test]
    fn attributes_are_parsed_into_the_fields_own_type() {
        let attributes = json!({ "strength": "soft", "due": " ", "name": null, "roles": [] });
        let parsed = parse(&json!([claim("commitment", &attributes)])).unwrap();
        let expected = Commitment { strength: Some(Strength::Soft), ..Commitment::default() };
        assert_eq!(parsed.claims[0].finding, Finding::Commitment(expected));
        assert_eq!(parsed.ignored_attributes, 0);
    }

    #[test]
    fn an_attribute_is_ignored_and_counted_when_its_field_does_not_take_it() {
        for (field, attributes) in [
            ("risk", json!({ "strength": "firm" })),
            ("commitment", json!({ "strength": "very_firm" })),
            ("commitment", json!({ "strength": ["firm"] })),
            ("timeline", json!({ "kind": "pain" })),
            ("commitment", json!({ "contract": "written" })),
            ("commitment", json!({ "superseded_by": "itm_1" })),
            ("commitment", json!({ "due": { "deep": [1] } })),
            ("pricing", json!({ "amount": 3 })),
        ] {
            let parsed = parse(&json!([claim(field, &attributes)])).unwrap();
            assert_eq!(parsed.claims[0].finding, Finding::bare(field.parse().unwrap()), "{field} {attributes}");
            assert_eq!(parsed.ignored_attributes, 1, "{field} {attributes}");
        }
    }

    #[test]
    fn an_unknown_word_in_a_list_leaves_the_known_ones() {
        let parsed = parse(&json!([claim("stakeholder", &json!({ "roles": ["champion", "hero"] }))])).unwrap();
        let expected = Stakeholder { roles: Some(vec![Role::Champion]), ..Stakeholder::default() };
        assert_eq!(parsed.claims[0].finding, Finding::Stakeholder(expected));
    }

    #[test]
    fn a_bad_claim_leaves_the_good_ones() {
        let bad = [
            json!(null),
            json!("commitment"),
            claim("promise", &json!({})),
            claim("risk", &json!({ "confidence": "high" })),
            claim("risk", &json!({ "statement": " \n" })),
            claim("risk", &json!({ "quotes": "so" })),
            claim("risk", &json!({ "quotes": [{ "turn": -1, "quote": "so", "role": "support" }] })),
            claim("risk", &json!({ "quotes": [{ "turn": 1, "quote": "so", "role": "proof" }] })),
            claim("risk", &json!({ "quotes": [{ "turn": 1, "quote": "so", "role": "clause" }] })),
        ];
        for bad in bad {
            let parsed = parse(&json!([bad, claim("risk", &json!({}))])).unwrap();
            assert_eq!((parsed.claims.len(), parsed.bad_claims), (1, 1), "{bad}");
        }
    }

    #[test]
    fn confidence_stays_between_zero_and_one() {
        for (said, expected) in [(-3.0, 0.0), (0.25, 0.25), (90.0, 1.0), (1e300, 1.0)] {
            let parsed = parse(&json!([claim("risk", &json!({ "confidence": said }))])).unwrap();
            assert!((parsed.claims[0].confidence - expected).abs() < f32::EPSILON, "{said}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_without_the_words_of_the_reply() {
        for text in ["", "secret words", r#"{"claims":[{"field":"secret"#, r#"["secret"]"#, r#"{"claims":"secret"}"#] {
            let problem = parse_reply(text, &Catalogue::new()).unwrap_err();
            assert!(!problem.contains("secret"), "{problem}");
        }
        assert!(parse(&json!([claim("secret", &json!({}))])).unwrap_err().starts_with("none of the 1 claims"));
    }
}
