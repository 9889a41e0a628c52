//! The text of a mail's body: the plain part, or the HTML as somebody sees it.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, Message, MessagePart, PartType};

use super::super::decode;
use super::super::html::{Mode, Part, walk};
use super::super::reading::ordinal;
use crate::domain::transcript::Dropped;

/// The text of a body.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// Its lines with their numbers, from 1; for HTML, numbers of the HTML's lines.
    pub lines: Vec<(u32, String)>,
    /// What nobody sees in the HTML.
    pub dropped: Vec<Dropped>,
    /// Doubts about its encoding.
    pub warnings: Vec<String>,
}

/// Reads the plain parts; where they have no words, some programs leave them empty, the HTML.
pub(super) fn read(message: &Message<'_>) -> Text {
    let plain = read_parts(message, message.text_bodies());
    let has_words = plain.lines.iter().any(|(_, line)| line.contains(char::is_alphanumeric));
    if has_words { plain } else { read_parts(message, message.html_bodies()) }
}

fn read_parts<'m>(message: &'m Message<'m>, parts: impl Iterator<Item = &'m MessagePart<'m>>) -> Text {
    let mut text = Text::default();
    for part in parts {
        let before = text.lines.last().map_or(0, |(number, _)| *number);
        match &part.body {
            PartType::Text(plain) => {
                let plain = readable(message, part, plain, &mut text.warnings);
                let lines = plain.lines().enumerate();
                text.lines.extend(lines.map(|(at, line)| (before.saturating_add(ordinal(at)), line.to_owned())));
            }
            PartType::Html(source) => {
                let page = walk(&readable(message, part, source, &mut text.warnings), Mode::Mail);
                text.lines.extend(page.parts.into_iter().map(|part| (before.saturating_add(part.line), line(part))));
                text.dropped.extend(page.dropped.into_iter().map(in_html));
            }
            _ => continue,
        }
        let end = text.lines.last().map_or(0, |(number, _)| *number).saturating_add(1);
        text.lines.push((end, String::new()));
    }
    text
}

/// A line of HTML, quoted as mails in text are.
fn line(part: Part) -> String {
    if part.quoted { format!("> {}", part.text) } else { part.text }
}

fn in_html(Dropped { line, reason }: Dropped) -> Dropped {
    Dropped { line, reason: format!("{reason} (in the HTML)") }
}

/// The words of a part. Where its charset is missing or wrong, some letters were lost: then it is guessed from the bytes.
fn readable<'m>(
    message: &Message<'_>,
    part: &MessagePart<'_>,
    text: &'m str,
    warnings: &mut Vec<String>,
) -> Cow<'m, str> {
    let lost = |text: &str| text.matches([char::REPLACEMENT_CHARACTER, '\u{1b}']).count();
    if lost(text) == 0 {
        return Cow::Borrowed(text);
    }
    let raw = message.raw_message().get(part.raw_body_offset() as usize..part.raw_end_offset() as usize);
    let raw = raw.unwrap_or_default();
    let bytes = match part.encoding {
        Encoding::Base64 => base64_decode(raw),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
        Encoding::None => Some(raw.to_vec()),
    };
    let bytes = bytes.unwrap_or_default();
    let (guessed, name) = decode::guess(&bytes);
    match name {
        Some(name) if lost(&guessed) < lost(text) => {
            warnings.push(format!("line 1: the mail gives no charset, or a wrong one; it was read as {name}"));
            Cow::Owned(guessed.into_owned())
        }
        _ => Cow::Borrowed(text),
    }
}
