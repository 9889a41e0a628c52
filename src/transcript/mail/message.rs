//! One mail: who sent it to whom, when, what it answers, and what is new in it.

use std::borrow::Cow;
use std::collections::HashSet;

use jiff::Timestamp;
use mail_parser::{Addr, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::super::decode;
use super::super::documents::blocks::{Block, paragraphs};
use super::super::error::ParseError;
use super::super::person;
use super::body;
use super::quoted::{ENCRYPTED_TEXT, Numbered, newest_part, title_in_signature, unescaped};
use crate::domain::transcript::{Dropped, Participant};

/// How much of a name or subject a report shows.
const SHOWN_CHARS: usize = 80;
/// Parts that hold parts, in one mail; a forwarded newsletter has five.
const MOST_MULTIPARTS: u64 = 500;

/// A mail, read.
#[derive(Debug, Default)]
pub(super) struct Mail {
    /// Its own id.
    pub id: Option<String>,
    /// The ids of the mails it answers, the nearest last.
    pub answers: Vec<String>,
    pub subject: Option<String>,
    pub sent_at: Option<Timestamp>,
    /// From, To and Cc.
    pub people: Vec<Participant>,
    /// The sender's label.
    pub sender: Option<String>,
    /// What is new.
    pub paragraphs: Vec<Block>,
    /// What was left out, with lines of the body.
    pub dropped: Vec<Dropped>,
    pub warnings: Vec<String>,
}

/// Reads a mail; none if it has no headers, an error if it is encrypted.
pub(super) fn read(raw: &[u8]) -> Result<Option<Mail>, ParseError> {
    let raw = readable_headers(raw);
    check_parts(&raw)?;
    let Some(message) = MessageParser::default().parse(raw.as_ref()) else { return Ok(None) };
    let Some(ends) = missing_ends(&message) else { return of_message(&message).map(Some) };
    let whole = [raw.as_ref(), ends.as_bytes()].concat();
    let Some(message) = MessageParser::default().parse(whole.as_slice()) else { return Ok(None) };
    let mut mail = of_message(&message)?;
    mail.warnings.insert(0, "the mail breaks off: its last part has no end".to_owned());
    Ok(Some(mail))
}

/// Refuses a mail of thousands of parts in parts: each is looked through for the ends of all around it.
fn check_parts(raw: &[u8]) -> Result<(), ParseError> {
    let found = memchr::memmem::find_iter(&raw.to_ascii_lowercase(), b"boundary=").count();
    ParseError::at_most("parts of parts", found as u64, MOST_MULTIPARTS)
}

/// The ends of the parts that a mail which breaks off does not have; `mail-parser` takes such a part for an attachment and
/// does not decode it.
fn missing_ends(message: &Message<'_>) -> Option<String> {
    let boundary = |part: &MessagePart<'_>| part.content_type()?.attribute("boundary").map(str::to_owned);
    let broken = message.parts.iter().any(|part| part.is_encoding_problem);
    let ends: Vec<String> =
        message.parts.iter().rev().filter_map(boundary).map(|end| format!("\r\n--{end}--")).collect();
    (broken && !ends.is_empty()).then(|| ends.concat() + "\r\n")
}

fn of_message(message: &Message<'_>) -> Result<Mail, ParseError> {
    if is_encrypted(message) {
        return Err(encrypted());
    }
    let from = message.from().or_else(|| message.sender());
    let mut mail = Mail {
        id: message.message_id().map(str::to_owned),
        answers: answers(message),
        subject: message.subject().map(str::to_owned),
        sent_at: sent_at(message),
        people: people(message),
        sender: from.and_then(|from| from.first()).and_then(label),
        ..Mail::default()
    };
    add_body(&mut mail, message);
    if mail.paragraphs.is_empty() && mail.dropped.iter().any(|dropped| dropped.reason.starts_with(ENCRYPTED_TEXT)) {
        return Err(encrypted());
    }
    mail.dropped.extend(message.attachments().map(|part| Dropped { line: 1, reason: not_read(part) }));
    Ok(mail)
}

fn encrypted() -> ParseError {
    ParseError::Unreadable {
        what: "a mail",
        reason: "it is encrypted".to_owned(),
        advice: "open it in your mail program, save it without encryption and upload that",
    }
}

/// Headers should be ASCII. Where they hold other bytes that are not UTF-8 either, their encoding is guessed.
fn readable_headers(raw: &[u8]) -> Cow<'_, [u8]> {
    let end = [&b"\r\n\r\n"[..], b"\n\n"]
        .iter()
        .filter_map(|blank| raw.windows(blank.len()).position(|window| window == *blank))
        .min()
        .unwrap_or(raw.len());
    let (headers, body) = raw.split_at(end);
    if std::str::from_utf8(headers).is_ok() {
        return Cow::Borrowed(raw);
    }
    let (text, _) = decode::guess(headers);
    Cow::Owned([text.as_bytes(), body].concat())
}

fn is_encrypted(message: &Message<'_>) -> bool {
    message.content_type().is_some_and(|kind| {
        let subtype = kind.subtype().unwrap_or_default().to_ascii_lowercase();
        let signed = kind.attribute("smime-type").is_some_and(|kind| kind.contains("signed"));
        subtype == "encrypted" || (subtype.ends_with("pkcs7-mime") && !signed)
    })
}

fn sent_at(message: &Message<'_>) -> Option<Timestamp> {
    let date = message.date().filter(|date| date.is_valid())?;
    Timestamp::from_second(date.to_timestamp()).ok()
}

fn answers(message: &Message<'_>) -> Vec<String> {
    let ids = |value: &HeaderValue<'_>| match value {
        HeaderValue::Text(id) => vec![id.to_string()],
        HeaderValue::TextList(ids) => ids.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    let mut answers = ids(message.references());
    answers.extend(ids(message.in_reply_to()));
    answers
}

/// From, To and Cc, each address once.
fn people(message: &Message<'_>) -> Vec<Participant> {
    let lists = [message.from().or_else(|| message.sender()), message.to(), message.cc()];
    let mut people: Vec<Participant> = Vec::new();
    let mut seen = HashSet::new();
    for address in lists.iter().flatten().flat_map(|list| list.iter()) {
        let email = address.address().map(str::to_lowercase);
        let new = seen.insert(email.clone().or_else(|| label(address)));
        if let (true, Some(label)) = (new, label(address)) {
            let from_label = person::from_label(&label);
            people.push(Participant { email: email.or(from_label.email.clone()), ..from_label });
        }
    }
    people
}

fn label(address: &Addr<'_>) -> Option<String> {
    let name = address.name().map(str::trim).filter(|name| !name.is_empty());
    name.or_else(|| address.address()).map(str::to_owned)
}

/// What is new in the body, and the sender's job title where the signature gives it.
fn add_body(mail: &mut Mail, message: &Message<'_>) {
    let text = body::read(message);
    let lines = text.lines.iter().map(|(number, line)| Numbered { number: *number, text: line });
    let body = newest_part(&unescaped(lines));
    mail.paragraphs = paragraphs(body.newest.into_iter(), |_| false);
    mail.dropped.extend(body.dropped);
    mail.dropped.extend(text.dropped);
    mail.warnings = text.warnings;
    if let Some(person) = mail.people.iter_mut().find(|person| Some(&person.label) == mail.sender.as_ref()) {
        let name = person.name.as_deref().unwrap_or_default();
        person.title = title_in_signature(&body.signature, name);
    }
}

fn not_read(part: &MessagePart<'_>) -> String {
    let shorten = |name: &str| name.chars().take(SHOWN_CHARS).collect::<String>();
    if let PartType::Message(inner) = &part.body {
        let subject = inner.subject().unwrap_or("without a subject");
        return format!("attached mail `{}`: not read; upload it as its own source", shorten(subject));
    }
    if let Some(name) = part.attachment_name() {
        return format!("attachment `{}`: not read; upload it as its own source", shorten(name));
    }
    let kind = part
        .content_type()
        .map_or_else(String::new, |kind| format!(" ({}/{})", kind.ctype(), kind.subtype().unwrap_or_default()));
    format!("attachment without a name{}: not read; upload it as its own source", shorten(&kind))
}
