//! Which format a file has, from its content: the most certain signs first.

use super::chat::zoom;
use super::decode::decode;
use super::documents::contract::{self, NameHint};
use super::documents::{crm, html, markdown, notes, pdf};
use super::error::ParseError;
use super::reading::Reading;
use super::{Limits, archive, calls, captions, json, mail, weight};
use crate::domain::transcript::Format;

/// Reads the file as the first format whose signs it shows; plain notes show none.
pub(super) fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Reading, ParseError> {
    if archive::looks_like(bytes) {
        return archive::read(name, bytes, limits);
    }
    if let Some(pdf) = pdf::find(bytes) {
        return pdf::read(name, pdf, limits);
    }
    let source = decode(bytes)?;
    let raw = source.raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&source.raw);
    // A mail may quote captions; what says it is WebVTT is no mail.
    if !captions::has_header(&source.text) && mail::looks_like(&source.text) {
        weight::check_text(&source.text, limits)?;
        return mail::read(raw);
    }
    let mut reading = of_text(name, &source.text, limits)?;
    reading.warnings.splice(0..0, source.warnings);
    Ok(reading)
}

/// Reads text that is no mail.
fn of_text(name: &str, text: &str, limits: &Limits) -> Result<Reading, ParseError> {
    let hint = NameHint::of(name);
    if json::looks_like(text) {
        return json::read(text, limits);
    }
    if let Some(captions) = captions::read(text, limits) {
        return captions;
    }
    weight::check_text(text, limits)?;
    let known = html::read(text)
        .or_else(|| crm::read_csv(text))
        .or_else(|| zoom::read(text))
        .or_else(|| calls::read(text, hint == NameHint::Notes));
    Ok(known.unwrap_or_else(|| match () {
        () if contract::looks_like(text, hint) => contract::read(text),
        () if markdown::looks_like(text) || markdown::has_underlined_heading(text) => markdown::read(text),
        () => notes::read(text),
    }))
}

/// What a file without words was read as, for people.
pub(super) fn tried(format: Format) -> &'static str {
    match format {
        Format::TimedText | Format::NameTimeText | Format::NameText => "WebVTT, SRT, mail and `Name: words` text",
        Format::Markdown => "WebVTT, SRT, mail, `Name: words` text and Markdown",
        Format::PlainText => "WebVTT, SRT, mail, `Name: words` text, Markdown and plain text",
        _ => format.title(),
    }
}
