//! Mails after RFC 5322: the newest part of the body, its paragraphs as cues of the sender.

use jiff::Timestamp;
use mail_parser::decoders::html::html_to_text;
use mail_parser::{Addr, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::documents::blocks::paragraphs;
use super::person;
mod quoted;
use super::reading::{Cue, Reading, ordinal};
use crate::domain::transcript::{Format, Participant, SourceKind};
use quoted::{newest_part, title_in_signature};

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
    "subject",
    "to",
    "x-mailer",
    "dkim-signature",
];

/// Whether the text starts with a mail's headers: a `From` with an address and at least two more.
pub(super) fn looks_like(text: &str) -> bool {
    let lines: Vec<&str> = text.trim_start().lines().take_while(|line| !line.trim().is_empty()).collect();
    let first = lines.first().and_then(|line| line.split_once(':'));
    if first.is_none_or(|(name, _)| name.contains(char::is_whitespace)) {
        return false;
    }
    let known = lines.iter().filter(|line| header_name(line).is_some_and(|name| HEADERS.contains(&name.as_str())));
    let from = lines.iter().any(|line| header_name(line).as_deref() == Some("from") && line.contains('@'));
    from && known.count() >= 3
}

fn header_name(line: &str) -> Option<String> {
    line.split_once(':').map(|(name, _)| name.to_lowercase())
}

/// Reads a mail from its bytes.
pub(super) fn read(raw: &[u8]) -> Reading {
    let mut reading = Reading::document(Format::Eml, SourceKind::Mail);
    let Some(message) = MessageParser::default().parse(raw.trim_ascii_start()) else { return reading };
    reading.title = message.subject().map(str::to_owned);
    reading.started_at = sent_at(&message);
    reading.people = people(&message);
    let sender = message.from().and_then(|from| from.first()).and_then(label);
    let body = body_text(&message, &mut reading);
    add_body(&mut reading, &body, sender.as_deref());
    for attachment in message.attachments() {
        reading.drop(1, not_read(attachment));
    }
    reading
}

fn sent_at(message: &Message<'_>) -> Option<Timestamp> {
    let date = message.date().filter(|date| date.is_valid())?;
    Timestamp::from_second(date.to_timestamp()).ok()
}

/// From, To and Cc, each address once.
fn people(message: &Message<'_>) -> Vec<Participant> {
    let lists = [message.from(), message.to(), message.cc()];
    let mut people: Vec<Participant> = Vec::new();
    let mut seen = std::collections::HashSet::new();
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

/// The text parts, or what the HTML says where there is no text.
fn body_text(message: &Message<'_>, reading: &mut Reading) -> String {
    let mut text = String::new();
    for part in message.text_bodies() {
        match &part.body {
            PartType::Text(plain) => text.push_str(&plain.replace("\r\n", "\n")),
            PartType::Html(html) => {
                let (own, quote_at) = own_html(html);
                text.push_str(&html_to_text(&own));
                if let Some(at) = quote_at {
                    reading.drop(ordinal(html[..at].matches('\n').count()), "quoted earlier mail (in the HTML)");
                }
            }
            _ => {}
        }
        text.push_str("\n\n");
    }
    text
}

fn add_body(reading: &mut Reading, text: &str, sender: Option<&str>) {
    let body = newest_part(text);
    let blocks = paragraphs(body.newest.into_iter(), |_| false);
    reading.cues.extend(blocks.into_iter().enumerate().map(|(index, block)| Cue {
        id: format!("¶{}", index + 1),
        line: block.line,
        speaker: sender.map(str::to_owned),
        text: block.text,
        ..Cue::default()
    }));
    reading.dropped.extend(body.dropped);
    if let Some(person) = reading.people.iter_mut().find(|person| Some(person.label.as_str()) == sender) {
        let name = person.name.as_deref().unwrap_or_default();
        person.title = title_in_signature(&body.signature, name);
    }
}

fn not_read(attachment: &MessagePart<'_>) -> String {
    let name: String = attachment.attachment_name().unwrap_or("without a name").chars().take(80).collect();
    format!("attachment `{name}`: not read; upload it as its own source")
}

/// The HTML with a line break after every block and without the earlier mails that programs put in block quotes, and where
/// the first of them stood.
///
/// Hidden text in quoted replies is a known way to smuggle words into a record; it goes with the quote.
fn own_html(html: &str) -> (String, Option<usize>) {
    const CONTAINERS: &[&str] = &["gmail_quote", "appendonsend", "divrplyfwdmsg", "moz-cite-prefix", "yahoo_quoted"];
    let lower = html.to_ascii_lowercase();
    let end = CONTAINERS.iter().filter_map(|mark| lower.find(mark)).min();
    let cut = end.and_then(|at| lower[..at].rfind('<'));
    let end = cut.unwrap_or(html.len());
    let quote = lower[..end].find("<blockquote");
    let mut own = String::with_capacity(end);
    let mut depth = 0_usize;
    for piece in html[..end].split_inclusive('>') {
        let (words, tag) = piece.split_at(piece.rfind('<').unwrap_or(piece.len()));
        let tag = tag.to_ascii_lowercase();
        if depth == 0 {
            own.push_str(words);
        }
        if tag.starts_with("<blockquote") {
            depth += 1;
        } else if tag.starts_with("</blockquote") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            own.push_str(&tag);
            own.push_str(line_breaks_after(&tag));
        }
    }
    (own, quote.or(cut))
}

fn line_breaks_after(tag: &str) -> &'static str {
    match tag.trim_end_matches('>') {
        "</p" | "</h1" | "</h2" | "</h3" | "</ul" | "</ol" | "</table" => "<br><br>",
        "</div" | "</li" | "</tr" => "<br>",
        "<li" => "- ",
        _ => "",
    }
}
