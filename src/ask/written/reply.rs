//! What the model replies: sentences, each with the words it says it rests on. Read one by one, so that a bad one does not take
//! the good ones with it.

use serde::Deserialize;
use serde_json::{Value, json};

/// Sentences that are looked at; the model is asked for four.
const SENTENCES: usize = 12;
/// Quotes of a sentence that are looked at.
const QUOTES: usize = 8;

/// A sentence as the model wrote it: nothing but a claim.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Sentence {
    pub(super) quotes: Vec<Quote>,
    pub(super) text: String,
}

/// Words that the model says stand in a line of the passages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Quote {
    pub(super) line: usize,
    pub(super) quote: String,
}

/// A reply that could be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// Whether the model says that the passages answer.
    pub(super) answered: bool,
    pub(super) sentences: Vec<Sentence>,
    /// Sentences of another shape.
    pub(super) bad: usize,
}

#[derive(Deserialize)]
struct WireReply {
    answered: bool,
    sentences: Vec<Value>,
}

/// The strict JSON schema of a reply. Evidence comes before what is made of it: a model writes the keys in this order.
pub(super) fn schema() -> Value {
    let quote = json!({
        "type": "object", "required": ["line", "quote"], "additionalProperties": false,
        "properties": {
            "line": {"type": "integer", "description": "the number at the start of the line"},
            "quote": {"type": "string", "description": "words of that line, verbatim"},
        },
    });
    let sentence = json!({
        "type": "object", "required": ["quotes", "text"], "additionalProperties": false,
        "properties": {"quotes": {"type": "array", "items": quote}, "text": {"type": "string"}},
    });
    json!({
        "type": "object", "required": ["answered", "sentences"], "additionalProperties": false,
        "properties": {"answered": {"type": "boolean"}, "sentences": {"type": "array", "items": sentence}},
    })
}

/// The sentences in a reply's text.
///
/// # Errors
///
/// What is wrong with the reply as a whole, told to the model; no word of the reply is part of it.
pub(super) fn parse(text: &str) -> Result<Reply, String> {
    let reply: WireReply = serde_json::from_str(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => {
            "the JSON is not an object with `answered` and a list `sentences`".to_owned()
        }
        _ => format!("it is no complete JSON: it breaks at line {}, column {}", error.line(), error.column()),
    })?;
    let total = reply.sentences.len();
    let mut sentences: Vec<Sentence> =
        reply.sentences.into_iter().filter_map(|sentence| serde_json::from_value(sentence).ok()).collect();
    sentences.truncate(SENTENCES);
    sentences.retain(|sentence| sentence.quotes.len() <= QUOTES);
    if reply.answered && sentences.is_empty() {
        return Err(format!("none of the {total} sentences has the keys and types of the schema"));
    }
    Ok(Reply { answered: reply.answered, bad: total - sentences.len(), sentences })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_sentence_leaves_the_good_ones() {
        let good = json!({"quotes": [{"line": 2, "quote": "by May"}], "text": "It is there by May."});
        let long = json!({"quotes": vec![json!({"line": 1, "quote": "x"}); 9], "text": "x"});
        let reply = json!({"answered": true, "sentences": [3, good, {"text": "No quotes."}, long]}).to_string();
        let reply = parse(&reply).unwrap();
        assert_eq!((reply.sentences.len(), reply.bad), (1, 3));
        assert_eq!(reply.sentences[0].quotes[0], Quote { line: 2, quote: "by May".to_owned() });
    }

    #[test]
    fn what_is_wrong_is_said_without_the_words_of_the_reply() {
        for text in ["{\"answered\": true, \"sentences\": [", "secret", "{\"answered\": \"secret\"}", "[]"] {
            let why = parse(text).unwrap_err();
            assert!(!why.contains("secret") && !why.is_empty(), "{why}");
        }
        let empty = json!({"answered": true, "sentences": []}).to_string();
        assert!(parse(&empty).is_err());
        assert!(!parse(&json!({"answered": false, "sentences": []}).to_string()).unwrap().answered);
    }
}
