//! A JSON object with the fields of a CRM record; a field may have several names, and values come in several wrappings.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::values;

/// Characters of a name at most, as everywhere in Baton.
const MAX_NAME_CHARS: usize = 200;
/// Characters of an id at most.
const MAX_ID_CHARS: usize = 100;

/// The fields of one record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a>(pub(super) &'a Map<String, Value>);

impl<'a> Record<'a> {
    /// The object under `name`.
    pub(super) fn child(self, name: &str) -> Option<Self> {
        self.0.get(name).and_then(Value::as_object).map(Self)
    }

    /// The text of the first of these fields that holds any.
    pub(super) fn raw(self, names: &[&str]) -> Option<Cow<'a, str>> {
        names.iter().filter_map(|name| plain(self.0.get(*name)?)).find(|text| !text.trim().is_empty())
    }

    /// What `read` makes of the first of these fields that it can read.
    fn first<T>(self, names: &[&str], read: impl Fn(&str) -> Option<T>) -> Option<T> {
        names.iter().filter_map(|name| plain(self.0.get(*name)?)).find_map(|text| read(&text))
    }

    /// A name, on one line.
    pub(super) fn name(self, names: &[&str]) -> Option<String> {
        self.first(names, |text| values::line(text, MAX_NAME_CHARS))
    }

    /// An id, be it written as a number or as a text.
    pub(super) fn id(self, names: &[&str]) -> Option<String> {
        self.first(names, |text| values::line(text, MAX_ID_CHARS))
    }

    pub(super) fn decimal(self, names: &[&str]) -> Option<String> {
        self.first(names, values::decimal)
    }

    pub(super) fn currency(self, names: &[&str]) -> Option<String> {
        self.first(names, values::currency)
    }

    pub(super) fn email(self, names: &[&str]) -> Option<String> {
        self.first(names, values::email)
    }

    pub(super) fn moment(self, names: &[&str]) -> Option<Timestamp> {
        self.first(names, values::moment)
    }

    pub(super) fn truth(self, names: &[&str]) -> Option<bool> {
        self.first(names, values::truth)
    }
}

/// A value as text; HubSpot's older API wraps it as `{"value": …}`.
fn plain(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
        Value::Object(wrapping) => wrapping.get("value").filter(|inner| !inner.is_object()).and_then(plain),
        Value::Null | Value::Array(_) => None,
    }
}
