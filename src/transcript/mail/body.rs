//! The text of a mail's body: the plain part, or the HTML as somebody sees it.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, Message, MessagePart, MimeHeaders, PartType};

use super::super::decode;
use super::super::html::{Mode, Part, walk};
use super::super::reading::ordinal;
use crate::domain::transcript::Dropped;

/// A sentence such as `This mail needs a program that shows HTML` is not longer.
const STAND_IN_BYTES: usize = 200;

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
    if plain.is_stand_in() { read_parts(message, message.html_bodies()).or(plain) } else { plain }
}

impl Text {
    fn has_words(&self) -> bool {
        self.lines.iter().any(|(_, line)| line.contains(char::is_alphanumeric))
    }

    /// No words, or one sentence that says to look at the HTML.
    fn is_stand_in(&self) -> bool {
        let chars: usize = self.lines.iter().map(|(_, line)| line.len()).sum();
        let names_html = || self.lines.iter().any(|(_, line)| line.to_lowercase().contains("html"));
        !self.has_words() || (chars <= STAND_IN_BYTES && names_html())
    }

    fn or(self, other: Self) -> Self {
        if self.has_words() { self } else { other }
    }
}

fn read_parts<'m>(message: &'m Message<'m>, parts: impl Iterator<Item = &'m MessagePart<'m>>) -> Text {
    let mut text = Text::default();
    for part in parts {
        let before = text.lines.last().map_or(0, |(number, _)| *number);
        match &part.body {
            PartType::Text(plain) => {
                let plain = readable(message, part, plain, &mut text.warnings);
                add_plain(part, &plain, before, &mut text.lines);
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

/// The words of a part. Where its charset is missing or wrong, letters were lost or spoiled: then the bytes decide.
fn readable<'m>(
    message: &Message<'_>,
    part: &MessagePart<'_>,
    text: &'m str,
    warnings: &mut Vec<String>,
) -> Cow<'m, str> {
    if let Some(words) = half_packed(message, part) {
        warnings.push("line 1: other lines stand below the base64 of the mail; both were read".to_owned());
        return Cow::Owned(words);
    }
    let lost = |text: &str| text.matches([char::REPLACEMENT_CHARACTER, '\u{1b}']).count();
    let one_byte = has_one_byte_letters(part) && !text.is_ascii();
    if lost(text) == 0 && !one_byte {
        return Cow::Borrowed(text);
    }
    let bytes = bytes(message, part);
    if let (true, Ok(utf8)) = (one_byte, std::str::from_utf8(&bytes)) {
        warnings.push("line 1: the mail gives a wrong charset; it was read as UTF-8".to_owned());
        return Cow::Owned(utf8.to_owned());
    }
    let (guessed, name) = decode::guess(&bytes);
    match name {
        Some(name) if lost(&guessed) < lost(text) => {
            warnings.push(format!("line 1: the mail gives no charset, or a wrong one; it was read as {name}"));
            Cow::Owned(guessed.into_owned())
        }
        _ => Cow::Borrowed(text),
    }
}

/// The words of a base64 part that has other lines below it: Mailman used to put its footer there.
fn half_packed(message: &Message<'_>, part: &MessagePart<'_>) -> Option<String> {
    let is_base64 = |encoding: &str| encoding.eq_ignore_ascii_case("base64");
    if !part.is_encoding_problem || !part.content_transfer_encoding().is_some_and(is_base64) {
        return None;
    }
    let raw = raw(message, part);
    let is_packed = |line: &[u8]| line.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=\r\n".contains(byte));
    let lines = raw.split_inclusive(|byte| *byte == b'\n');
    let length: usize = lines.take_while(|line| is_packed(line)).map(<[u8]>::len).sum();
    let (packed, rest) = raw.split_at_checked(length)?;
    let words = base64_decode(packed)?;
    Some(format!("{}\n{}", decode::guess(&words).0, decode::guess(rest).0))
}

fn raw<'m>(message: &'m Message<'_>, part: &MessagePart<'_>) -> &'m [u8] {
    let raw = message.raw_message().get(part.raw_body_offset() as usize..part.raw_end_offset() as usize);
    raw.unwrap_or_default()
}

/// The part as it was before it was packed for the way.
fn bytes(message: &Message<'_>, part: &MessagePart<'_>) -> Vec<u8> {
    let raw = raw(message, part);
    let bytes = match part.encoding {
        Encoding::Base64 => base64_decode(raw),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
        Encoding::None => Some(raw.to_vec()),
    };
    bytes.unwrap_or_default()
}

/// Whether the part names a charset where every byte is a letter. Such a text is never UTF-8 by chance; programs that know
/// only one charset name it for every text.
fn has_one_byte_letters(part: &MessagePart<'_>) -> bool {
    const ONE_BYTE: [&str; 5] = ["us-ascii", "ascii", "iso-8859", "latin", "windows-125"];
    let charset = part.content_type().and_then(|kind| kind.attribute("charset")).unwrap_or_default();
    ONE_BYTE.iter().any(|known| charset.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known)))
}

/// Adds a plain part. In `format=flowed` (RFC 3676) a space hides what a line begins with: behind it, `>` is no quote, and
/// the line is put where it belongs, to the end of the one that flows into it.
fn add_plain(part: &MessagePart<'_>, plain: &str, before: u32, lines: &mut Vec<(u32, String)>) {
    let flowed = part.content_type().and_then(|kind| kind.attribute("format"));
    let is_flowed = flowed.is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
    let flows = |line: &str| line.ends_with(' ') && !line.starts_with('>') && line != "-- ";
    for (at, line) in plain.lines().enumerate() {
        match lines.last_mut() {
            Some((_, last)) if is_flowed && at > 0 && line.starts_with(" >") && flows(last) => {
                last.push_str(line.trim_start());
            }
            _ => lines.push((before.saturating_add(ordinal(at)), line.to_owned())),
        }
    }
}
