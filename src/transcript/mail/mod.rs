//! Mails after RFC 5322 and mailboxes (mbox): the newest part of each body, its paragraphs as cues of the sender.
//!
//! `mail-parser` (kept) reads the headers and parts. What a mail quotes belongs to the earlier mail: it is reported, never
//! cited, and so are signatures, attachments and what mail programs add.

mod body;
mod mbox;
mod message;
mod quoted;

use super::error::ParseError;
use super::reading::{Cue, Reading};
use crate::domain::transcript::{Format, SourceKind};

/// Headers that mails have at the top and other texts do not.
const HEADERS: &[&str] = &[
    "bcc",
    "cc",
    "content-type",
    "date",
    "delivered-to",
    "from",
    "in-reply-to",
    "message-id",
    "mime-version",
    "received",
    "references",
    "reply-to",
    "return-path",
    "sender",
    "subject",
    "to",
    "x-mailer",
    "dkim-signature",
];

/// The first line of an `.emlx` is not longer.
const COUNT_BYTES: usize = 32;
/// Headers that nobody writes by hand: drafts have no sender, and old servers wrote one without an address.
const SURE_HEADERS: &[&str] = &["message-id", "mime-version", "received", "return-path"];

/// Whether the text starts with a mail's headers, or with the line that parts the mails of a mailbox and then headers.
pub(super) fn looks_like(text: &str) -> bool {
    let text = text.trim_start();
    let text = apple_count(text.as_bytes()).map_or(text, |(_, count)| text.get(count..).unwrap_or_default());
    let headers =
        if mbox::is_separator(text.as_bytes()) { text.split_once('\n').map_or("", |(_, rest)| rest) } else { text };
    has_headers(headers)
}

/// A `From` with an address, also on a line of its own, or a header that only mails have; and at least three headers.
fn has_headers(text: &str) -> bool {
    let mut names: Vec<String> = Vec::new();
    let mut has_sender = false;
    for line in text.lines().take_while(|line| !line.trim().is_empty()) {
        if !line.starts_with([' ', '\t']) {
            let name = header_name(line);
            if names.is_empty() && name.is_none() {
                return false;
            }
            names.push(name.unwrap_or_default());
        }
        has_sender |= names.last().is_some_and(|name| name == "from") && line.contains('@');
    }
    let is_sure = has_sender || names.iter().any(|name| SURE_HEADERS.contains(&name.as_str()));
    is_sure && names.iter().filter(|name| HEADERS.contains(&name.as_str())).count() >= 3
}

/// The name of a header, in lower case; none where the line is no header.
fn header_name(line: &str) -> Option<String> {
    let (name, _) = line.split_once(':')?;
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
    plain.then(|| name.to_lowercase())
}

/// Reads a mail or a mailbox from its bytes.
pub(super) fn read(raw: &[u8]) -> Result<Reading, ParseError> {
    let raw = raw.trim_ascii_start();
    // Apple Mail writes its own notes on the mail behind it.
    let raw = match apple_count(raw) {
        Some((length, count)) => raw.get(count..).map_or(raw, |mail| mail.get(..length).unwrap_or(mail)),
        None => raw,
    };
    if mbox::is_separator(raw) { mbox::read(raw) } else { read_one(raw) }
}

/// The length of the mail, which Apple Mail writes into the first line of its files (`.emlx`), and the length of that line.
fn apple_count(raw: &[u8]) -> Option<(usize, usize)> {
    let end = raw.iter().take(COUNT_BYTES).position(|byte| *byte == b'\n')?;
    let count = std::str::from_utf8(raw.get(..end)?).ok()?.trim().parse().ok()?;
    Some((count, end + 1))
}

fn read_one(raw: &[u8]) -> Result<Reading, ParseError> {
    let mut reading = Reading::document(Format::Eml, SourceKind::Mail);
    let Some(mail) = message::read(raw)? else { return Ok(reading) };
    if mail.paragraphs.is_empty() && !mail.dropped.is_empty() {
        return Err(nothing_new("a mail"));
    }
    reading.title = mail.subject;
    reading.started_at = mail.sent_at;
    reading.people = mail.people;
    reading.dropped = mail.dropped;
    reading.warnings = mail.warnings;
    reading.cues.extend(mail.paragraphs.into_iter().enumerate().map(|(index, paragraph)| Cue {
        id: format!("¶{}", index + 1),
        line: paragraph.line,
        speaker: mail.sender.clone(),
        text: paragraph.text,
        ..Cue::default()
    }));
    Ok(reading)
}

fn nothing_new(what: &'static str) -> ParseError {
    ParseError::Unreadable {
        what,
        reason: "all its words are quoted, forwarded or attached".to_owned(),
        advice: "upload the earlier mail or the attachment as its own source",
    }
}
