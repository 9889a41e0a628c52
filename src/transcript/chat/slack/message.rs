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
/// What Slack writes as the text of a message whose words are all in its blocks.
const STAND_INS: &[&str] = &["This content can't be displayed.", "This message contains interactive elements."];
/// Pieces of blocks that stand within a line; every other one begins apart.
const INLINE: &[&str] = &["text", "link", "user", "usergroup", "channel", "broadcast", "emoji", "date", "color"];
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
    let blocks = || message.get("blocks").map(|blocks| pieces(blocks, names)).unwrap_or_default();
    if let Some(words) = own_text(message) {
        let words = plain(words, names);
        return if is_by_app(message) { with_blocks(words, &blocks()) } else { words };
    }
    let blocks = blocks();
    if !blocks.trim().is_empty() {
        return blocks;
    }
    let attached: Vec<String> =
        own_attachments(message).filter_map(|attachment| attached_words(attachment, names)).collect();
    attached.join(" ")
}

/// What the sender wrote as text.
fn own_text(message: &Value) -> Option<&str> {
    text(message, "text").filter(|text| !STAND_INS.contains(text))
}

/// Apps write blocks, and as text what a notification shows; the text of people is all they wrote.
fn is_by_app(message: &Value) -> bool {
    text(message, "bot_id").is_some() || text(message, "subtype") == Some("bot_message")
}

/// The text and the blocks of an app; once, where one says all that the other says.
fn with_blocks(words: String, blocks: &str) -> String {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (of_words, of_blocks) = (letters(&words), letters(blocks));
    if of_words.contains(&of_blocks) {
        words
    } else if of_blocks.contains(&of_words) {
        blocks.to_owned()
    } else {
        format!("{words} {blocks}")
    }
}

/// What came with a message and is not read: files, previews of links, what somebody else wrote and this one shares.
pub(super) fn not_read(message: &Value) -> Vec<String> {
    let files = message.get("files").and_then(Value::as_array).into_iter().flatten().chain(message.get("file"));
    let name = |file: &Value| shown(text(file, "name").or_else(|| text(file, "title")).unwrap_or("without a name"));
    let mut left: Vec<String> =
        files.map(|file| format!("file `{}`: not read; upload it as its own source", name(file))).collect();
    let is_read = own_text(message).is_none();
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
    let fields = attachment.get("fields").and_then(Value::as_array).into_iter().flatten();
    let fields = fields.flat_map(|field| ["title", "value"].iter().filter_map(|key| text(field, key)));
    let own = ["pretext", "title", "text"].iter().filter_map(|key| text(attachment, key));
    let parts: Vec<&str> = own.chain(fields).collect();
    let words = if parts.is_empty() { text(attachment, "fallback")?.to_owned() } else { parts.join(" ") };
    Some(plain(&words, names))
}

/// The words in blocks, in their order; they are nested, so those still to read are kept in a list.
fn pieces(blocks: &Value, names: &Names) -> String {
    let mut words = String::new();
    let mut open = vec![blocks];
    while let Some(next) = open.pop() {
        match next {
            Value::Array(list) => open.extend(list.iter().rev()),
            // The words on buttons are nobody's.
            piece if matches!(text(piece, "type"), Some("actions" | "button")) => {}
            piece => {
                words.push_str(&piece_words(piece, names));
                let inner = ["elements", "fields", "text"].iter().filter_map(|key| piece.get(*key));
                open.extend(inner.filter(|value| !value.is_string()));
            }
        }
    }
    words
}

/// The words of one piece by itself; a new block begins with a space.
fn piece_words(piece: &Value, names: &Names) -> String {
    let of = |key: &str| id(piece, key).unwrap_or_default();
    match text(piece, "type").unwrap_or_default() {
        "user" => plain(&format!("<@{}>", of("user_id")), names),
        "channel" => plain(&format!("<#{}>", of("channel_id")), names),
        "usergroup" => plain(&format!("<!subteam^{}>", of("usergroup_id")), names),
        "broadcast" => format!("@{}", of("range")),
        "emoji" => format!(":{}:", of("name")),
        "date" => of("fallback"),
        "link" if text(piece, "text").is_none() => of("url"),
        kind => {
            let own = piece.get("text").and_then(Value::as_str).unwrap_or_default();
            let apart = if INLINE.contains(&kind) { "" } else { " " };
            format!("{apart}{}", plain(own, names))
        }
    }
}

fn shown(name: &str) -> String {
    name.chars().take(NAME_CHARS).collect()
}
