//! Which format a file has, from its content: the most certain signs first.

use super::contract::NameHint;
use super::decode::Source;
use super::error::ParseError;
use super::reading::Reading;
use super::{caption, contract, json, mail, markdown, notes, speech};
use crate::domain::transcript::Format;

/// Reads the text as the first format whose signs it shows; plain notes show none.
pub(super) fn read(name: &str, source: &Source<'_>) -> Result<Reading, ParseError> {
    let text = source.text.as_str();
    let hint = NameHint::of(name);
    if json::looks_like(text) {
        return json::read(text);
    }
    if caption::looks_like(text) {
        return Ok(caption::read(text));
    }
    if mail::looks_like(text) {
        return Ok(mail::read(source.raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&source.raw)));
    }
    if let Some(call) = speech::read(text, hint == NameHint::Notes) {
        return Ok(call);
    }
    Ok(match () {
        () if contract::looks_like(text, hint) => contract::read(text),
        () if markdown::looks_like(text) => markdown::read(text),
        () => notes::read(text),
    })
}

/// What was tried before a file without words was given up, for people.
pub(super) fn tried(format: Format) -> &'static str {
    match format {
        Format::ZoomVtt | Format::TeamsVtt | Format::Webvtt => "WebVTT",
        Format::Srt => "SRT",
        Format::GongJson => "Gong JSON",
        Format::FirefliesJson => "Fireflies JSON",
        Format::Eml => "mail",
        Format::TimedText | Format::NameTimeText | Format::NameText => "WebVTT, SRT, mail and `Name: words` text",
        Format::Markdown => "WebVTT, SRT, mail, `Name: words` text and Markdown",
        Format::PlainText => "WebVTT, SRT, mail, `Name: words` text, Markdown and plain text",
    }
}
