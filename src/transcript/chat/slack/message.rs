//! One message of Slack: its words, and why some are nobody's.
//!
//! Message keys: <https://gist.github.com/viccro/734581d3c9777f9733d1f665279e5b54>.

use jiff::Timestamp;
use serde_json::Value;

use super::super::super::json::{id, text};
use super::markup::plain;
use super::people::Names;

/// Kinds of messages that somebody wrote; every other kind is a note by Slack itself.
const WRITTEN: &[&str] = &[
    "bot_message",
    "file_comment",
    "file_share",
    "me_message",
    "reply_broadcast",
    "slackbot_response",
    "thread_broadcast",
];
const NAME_CHARS: usize = 80;

/// Seconds and microseconds, as Slack's ids of messages are.
pub(super) fn sent_at(message: &Value, key: &str) -> Option<Timestamp> {
    let id = id(message, key)?;
    let (seconds, fraction) = id.split_once('.').unwrap_or((&id, "0"));
    let micros: i32 = fraction.chars().chain("000000".chars()).take(6).collect::<String>().parse().ok()?;
    Timestamp::new(seconds.parse().ok()?, micros.checked_mul(1000)?).ok()
}

/// Why the message is nobody's words; none if it is somebody's.
pub(super) fn not_written(message: &Value) -> Option<String> {
    let kind = text(message, "subtype").unwrap_or_default();
    if kind == "tombstone" || kind == "message_deleted" {
        return Some("deleted message".to_owned());
    }
    let hidden = message.get("hidden").and_then(Value::as_bool) == Some(true);
    let foreign = !kind.is_empty() && !WRITTEN.contains(&kind);
    (hidden || foreign)
        .then(|| format!("`{}`: not a message anybody wrote", shown(if kind.is_empty() { "hidden" } else { kind })))
}

/// The words of a message: its text, else those of its blocks, else those that a bot attached.
pub(super) fn words(message: &Value, names: &Names) -> String {
    if let Some(words) = text(message, "text") {
        return plain(words, names);
    }
    let blocks = message.get("blocks").map(|blocks| pieces(blocks, names)).unwrap_or_default();
    if !blocks.trim().is_empty() {
        return blocks;
    }
    let attached: Vec<String> =
        own_attachments(message).filter_map(|attachment| attached_words(attachment, names)).collect();
    attached.join(" ")
}

/// What came with a message and is not read: files, previews of links, what somebody else wrote and this one shares.
pub(super) fn not_read(message: &Value) -> Vec<String> {
    let files = message.get("files").and_then(Value::as_array).into_iter().flatten().chain(message.get("file"));
    let name = |file: &Value| shown(text(file, "name").or_else(|| text(file, "title")).unwrap_or("without a name"));
    let mut left: Vec<String> =
        files.map(|file| format!("file `{}`: not read; upload it as its own source", name(file))).collect();
    let is_read = text(message, "text").is_none();
    for attachment in attachments(message).filter(|attachment| !is_read || is_foreign(attachment)) {
        let of = ["title", "author_name", "fallback", "from_url"].iter().find_map(|key| text(attachment, key));
        left.push(format!("attached preview or message `{}`: not read", shown(of.unwrap_or("without a title"))));
    }
    if let Some(reactions) = reactions(message) {
        left.push(reactions);
    }
    left
}

/// `👍 2` says something, but nobody said it: it is reported.
fn reactions(message: &Value) -> Option<String> {
    let reactions = message.get("reactions")?.as_array()?;
    let one = |reaction: &Value| {
        let times = reaction.get("count").and_then(Value::as_u64).unwrap_or(1);
        Some(format!(":{}: {times}", shown(text(reaction, "name")?)))
    };
    let all: Vec<String> = reactions.iter().filter_map(one).collect();
    (!all.is_empty()).then(|| format!("reactions: {}", all.join(", ")))
}

fn attachments(message: &Value) -> impl Iterator<Item = &Value> {
    message.get("attachments").and_then(Value::as_array).into_iter().flatten()
}

fn own_attachments(message: &Value) -> impl Iterator<Item = &Value> {
    attachments(message).filter(|attachment| !is_foreign(attachment))
}

/// A shared message or the preview of a page: somebody else's words.
fn is_foreign(attachment: &Value) -> bool {
    ["from_url", "author_id", "is_share", "is_msg_unfurl", "original_url"]
        .iter()
        .any(|key| attachment.get(key).is_some_and(|value| !value.is_null() && value.as_bool() != Some(false)))
}

fn attached_words(attachment: &Value, names: &Names) -> Option<String> {
    let parts: Vec<&str> = ["pretext", "title", "text"].iter().filter_map(|key| text(attachment, key)).collect();
    let words = if parts.is_empty() { text(attachment, "fallback")?.to_owned() } else { parts.join(" ") };
    Some(plain(&words, names))
}

/// The words in blocks, in their order; they are nested, so those still to read are kept in a list.
fn pieces(blocks: &Value, names: &Names) -> String {
    let mut words = String::new();
    let mut open = vec![blocks];
    while let Some(piece) = open.pop() {
        if let Value::Array(list) = piece {
            open.extend(list.iter().rev());
            continue;
        }
        words.push_str(&piece_words(piece, names));
        let inner = ["elements", "fields", "text"].iter().filter_map(|key| piece.get(*key));
        open.extend(inner.filter(|value| !value.is_string()));
    }
    words
}

/// The words of one piece by itself; a new block begins with a space.
fn piece_words(piece: &Value, names: &Names) -> String {
    let of = |key: &str| id(piece, key).unwrap_or_default();
    match text(piece, "type").unwrap_or_default() {
        "user" => plain(&format!("<@{}>", of("user_id")), names),
        "channel" => plain(&format!("<#{}>", of("channel_id")), names),
        "emoji" => format!(":{}:", of("name")),
        "link" if text(piece, "text").is_none() => of("url"),
        kind => {
            let own = piece.get("text").and_then(Value::as_str).unwrap_or_default();
            let apart = if kind.starts_with("rich_text_") || kind == "section" { " " } else { "" };
            format!("{apart}{}", plain(own, names))
        }
    }
}

fn shown(name: &str) -> String {
    name.chars().take(NAME_CHARS).collect()
}
