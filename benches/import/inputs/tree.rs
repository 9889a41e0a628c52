//! Changes that leave a JSON a JSON: other values, missing keys, lists that are longer or shorter.

use rand::Rng as _;
use serde_json::{Value, json};

use super::bytes::Change;

/// The JSON with one to five values changed; none if it is no JSON.
pub(super) fn changed(change: &mut Change<'_>, text: &[u8]) -> Option<Vec<u8>> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut value: Value = serde_json::from_slice(text).ok()?;
    let donor: Option<Value> = serde_json::from_slice(change.donor).ok();
    for _ in 0..change.rng.random_range(1..=5) {
        let depth = change.rng.random_range(0..8);
        let target = descend(change, &mut value, depth);
        alter(change, target, donor.as_ref());
    }
    serde_json::to_vec(&value).ok()
}

/// A value somewhere below.
fn descend<'v>(change: &mut Change<'_>, value: &'v mut Value, depth: usize) -> &'v mut Value {
    let below = match value {
        Value::Array(list) => list.len(),
        Value::Object(map) => map.len(),
        _ => 0,
    };
    if depth == 0 || below == 0 {
        return value;
    }
    let at = change.rng.random_range(0..below);
    let next = match value {
        Value::Array(list) => &mut list[at],
        Value::Object(map) => match map.values_mut().nth(at) {
            Some(next) => next,
            None => unreachable!("the place is below the length"),
        },
        _ => unreachable!("only lists and objects have something below"),
    };
    descend(change, next, depth - 1)
}

fn alter(change: &mut Change<'_>, value: &mut Value, donor: Option<&Value>) {
    match value {
        Value::Array(list) if !list.is_empty() && change.rng.random_bool(0.7) => {
            let (a, b) = (change.rng.random_range(0..list.len()), change.rng.random_range(0..list.len()));
            match change.rng.random_range(0..4) {
                0 => list.swap(a, b),
                1 => drop(list.remove(a)),
                2 => list.insert(a, list[b].clone()),
                _ => list.insert(a, anything(change, donor)),
            }
        }
        Value::Object(map) if !map.is_empty() && change.rng.random_bool(0.7) => {
            let keys: Vec<String> = map.keys().cloned().collect();
            let (a, b) = (change.rng.random_range(0..keys.len()), change.rng.random_range(0..keys.len()));
            let taken = map.remove(&keys[a]);
            match change.rng.random_range(0..4) {
                0 => {}
                1 => drop(map.insert(keys[b].clone(), taken.unwrap_or_default())),
                2 => drop(map.insert(change.word().to_owned(), taken.unwrap_or_default())),
                _ => drop(map.insert(keys[a].clone(), anything(change, donor))),
            }
        }
        Value::String(text) if change.rng.random_bool(0.5) => text.push_str(change.word()),
        _ => *value = anything(change, donor),
    }
}

fn anything(change: &mut Change<'_>, donor: Option<&Value>) -> Value {
    match change.rng.random_range(0..11) {
        0 => Value::Null,
        1 => json!(change.rng.random::<bool>()),
        2 => json!(change.rng.random_range(-1_000_000_000_000_000_i64..1_000_000_000_000_000)),
        3 => json!(change.rng.random_range(-1000.0..100_000.0)),
        4 => serde_json::from_str(change.number()).unwrap_or_default(),
        5 => json!(change.number()),
        6 => json!([]),
        7 => json!({}),
        8 => json!([change.word(), {"text": change.word()}]),
        9 => donor.cloned().unwrap_or_default(),
        _ => json!(change.word()),
    }
}
