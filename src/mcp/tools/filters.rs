//! The ledger's own filters, as the tools over every deal take them.

use std::borrow::Cow;

use jiff::Timestamp;
use rmcp::schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::IntoParams as _;

use crate::error::Error;
use crate::ledger::{Filter, LedgerQuery, Sort};
use crate::mcp::page::limit;

/// Which promises are meant, and which of them one answer holds.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Page(LedgerQuery);

/// Which promises are meant, where all of them are counted.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Selection(LedgerQuery);

impl Page {
    /// The filter on the day of `now`, the order, the place to read on from, and how many promises at most.
    pub(super) fn read(&self, now: Timestamp) -> Result<(Filter, Sort, Option<&str>, u32), Error> {
        let Self(query) = self;
        let cursor = query.cursor.as_deref().filter(|cursor| !cursor.is_empty());
        Ok((query.filter(now)?, query.sort()?, cursor, limit(query.limit)?))
    }
}

impl Selection {
    /// The filter on the day of `now`.
    pub(super) fn read(&self, now: Timestamp) -> Result<Filter, Error> {
        self.0.filter(now)
    }
}

impl JsonSchema for Page {
    fn schema_name() -> Cow<'static, str> {
        "LedgerPage".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        // A page of the tools is shorter than the API's.
        let mut properties = described(&["limit", "format"]);
        let limit = json!({"type": ["integer", "null"], "minimum": 1, "maximum": 100,
            "description": "How many at most, 1 to 100; 25 unless given."});
        properties.insert("limit".to_owned(), limit);
        takes(&properties)
    }
}

impl JsonSchema for Selection {
    fn schema_name() -> Cow<'static, str> {
        "LedgerSelection".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        takes(&described(&["sort", "cursor", "limit", "format"]))
    }
}

/// The filters but for some. They are described in one place, for the API: the same words are an assistant's.
fn described(left_out: &[&str]) -> Map<String, Value> {
    let filters = LedgerQuery::into_params(|| None).into_iter();
    filters
        .filter(|filter| !left_out.contains(&filter.name.as_str()))
        .map(|filter| (filter.name, json!({"type": ["string", "null"], "description": filter.description})))
        .collect()
}

fn takes(properties: &Map<String, Value>) -> Schema {
    json_schema!({"type": "object", "properties": properties, "additionalProperties": false})
}
