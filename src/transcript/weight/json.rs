//! What JSON takes in memory: a text of tiny objects or bare numbers takes up to a hundred times its size.
//!
//! Measured with a counting allocator on `serde_json` 1.0.154 with `preserve_order`, which `qdrant-edge` turns on for the whole
//! program: a value is 72 bytes, a list doubles its room as it grows, an object of up to 3, 7, 14, … keys takes 364, 816,
//! 1616, … bytes. `[{"":0},…]` took 70 times its text, `[[0],…]` 90 times, `[0,…]` up to 72 times; the barest words of
//! recognizers (55 bytes each) 18 times, words as Deepgram gives them 8 times.

use serde_json::Value;

/// `serde_json` goes no deeper.
const DEEPEST: usize = 128;
/// A value in an object: its hash, its key, itself.
const ENTRY: u64 = (size_of::<u64>() + size_of::<String>() + size_of::<Value>()) as u64;

/// A list or an object whose end is not reached.
struct Open {
    is_object: bool,
    members: u64,
}

impl Open {
    fn bytes(&self) -> u64 {
        match (self.members, self.is_object) {
            (0, _) => 0,
            (members, true) => {
                let places = (members + members.div_ceil(7)).next_power_of_two().max(4);
                // A hash table of places, each with a byte of its own; one place in eight stays free, one of four.
                (places - places.div_ceil(8)) * ENTRY + places * 9 + 16
            }
            (members, false) => members.next_power_of_two().max(4) * size_of::<Value>() as u64,
        }
    }
}

/// The bytes of the heaviest of the values in the text: of JSON Lines only one line is in memory at a time.
pub(super) fn in_memory(json: &str) -> u64 {
    let (mut heaviest, mut bytes, mut at) = (0, 0, 0);
    let mut open: Vec<Open> = Vec::new();
    while let Some(&byte) = json.as_bytes().get(at) {
        at += 1;
        match (byte, open.last_mut()) {
            (b' ' | b'\t' | b'\r' | b'\n' | b':', _) => continue,
            (b'}' | b']', _) => {
                bytes += open.pop().map_or(0, |closed| closed.bytes());
                if open.is_empty() {
                    heaviest = bytes.max(heaviest);
                    bytes = 0;
                }
                continue;
            }
            (b',', Some(holder)) => holder.members += 1,
            (_, Some(holder)) => holder.members = holder.members.max(1),
            (_, None) => {}
        }
        match byte {
            b'"' => {
                let length = string_length(json.as_bytes().get(at..).unwrap_or_default());
                bytes += length as u64;
                at += length + 1;
            }
            b'{' | b'[' if open.len() == DEEPEST => break,
            b'{' | b'[' => open.push(Open { is_object: byte == b'{', members: 0 }),
            _ => {}
        }
    }
    bytes += open.iter().map(Open::bytes).sum::<u64>();
    bytes.max(heaviest)
}

/// The bytes up to the quotation mark that ends a string.
pub(in crate::transcript) fn string_length(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        if text.get(at) == Some(&b'"') {
            return at;
        }
        at += 2;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_those_that_were_measured() {
        assert_eq!(size_of::<Value>(), 72, "measure again: serde_json or its features changed");
        let cases = [
            ("[]", 0),
            ("{ }", 0),
            ("[ 0 ]", 4 * 72),
            ("[0,0,0,0,0]", 8 * 72),
            (r#"{"":0}"#, 364),
            (r#"{"a":",","b":"]\"","c":0}"#, 364 + 7),
            (r#"{"1":0,"2":0,"3":0,"4":0}"#, 816 + 4),
            (r#"[{"":[]}]"#, 4 * 72 + 364),
            // Lines: the heaviest.
            ("{\"a\":[]}\n[0]\n{}", 365),
            // Cut off, or never JSON.
            ("[[0", 2 * 4 * 72),
            (r#"["\"#, 4 * 72 + 1),
            ("}]{", 0),
        ];
        for (json, bytes) in cases {
            assert_eq!(in_memory(json), bytes, "{json}");
        }
    }
}
