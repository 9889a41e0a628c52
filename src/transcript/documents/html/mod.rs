//! HTML: notes of `HubSpot`, podcast transcripts, saved pages.
//!
//! A paragraph, list item or table row is a turn, found again by its headings and line.

mod podcast;

use super::super::html::{Mode, Page, Part, Role, is_void, role, walk};
use super::super::reading::{Cue, Reading};
use super::markdown;
use crate::domain::transcript::{Format, SourceKind};

/// Elements inside a line that notes begin with.
const INLINE: &str = "a abbr b big code del em font i ins label mark q s small span strike strong sub sup tt u";
/// What `HubSpot`'s editor writes, and nobody else.
const HUBSPOT: &[&str] = &["data-top-level=", "data-at-mention", "data-hs-", "hs-note", "hubspot"];

/// Reads the text as HTML; none if it is not.
pub(in crate::transcript) fn read(text: &str) -> Option<Reading> {
    let whole = is_page(text)?;
    if let Some(podcast) = contains_tag(text, "time").then(|| podcast::read(text)).flatten() {
        return Some(podcast);
    }
    let is_hubspot = !whole && HUBSPOT.iter().any(|sign| text.contains(sign));
    let format = if is_hubspot { Format::HubspotHtml } else { Format::Html };
    let mut reading = Reading::document(format, SourceKind::Notes);
    let page = walk(text, Mode::Page);
    reading.title = page.title;
    reading.dropped = page.dropped;
    reading.cues = page.parts.into_iter().map(cue).collect();
    Some(reading)
}

fn cue(part: Part) -> Cue {
    let Part { path, line, text, .. } = part;
    let id = if path.is_empty() { format!("L{line}") } else { format!("{path} · L{line}") };
    Cue { id, line, text, ..Cue::default() }
}

/// Reads the body of a note: HTML, or text in which only `&amp;` and the like are HTML's.
pub(in crate::transcript) fn body(text: &str) -> Page {
    if has_tags(text) { walk(text, Mode::Page) } else { walk(&text.replace('<', "&lt;"), Mode::Plain) }
}

/// Whether the text is a page (true) or a piece of one (false); none if it is not HTML. Markdown may begin with a tag too.
fn is_page(text: &str) -> Option<bool> {
    let mut start = text.trim_start();
    while let Some((open, close)) =
        [("<!--", "-->"), ("<?xml", "?>")].into_iter().find(|(open, _)| start.starts_with(open))
    {
        start = start.get(open.len()..)?.split_once(close)?.1.trim_start();
    }
    let lower: String = start.chars().take(16).collect::<String>().to_ascii_lowercase();
    if ["<!doctype html", "<html", "<head", "<body"].iter().any(|root| lower.starts_with(root)) {
        return Some(true);
    }
    (tag_at(start) && !markdown::looks_like(text)).then_some(false)
}

/// Whether any tag of HTML is in the text: `5 < 14` and `a <b and c> d` have none.
fn has_tags(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| text.get(at..).is_some_and(tag_at))
}

/// Whether the text starts with a tag of HTML; one inside a line (`<b and c>`) must look the part.
fn tag_at(text: &str) -> bool {
    let inner = text.strip_prefix('<').unwrap_or_default();
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    let name = name.to_ascii_lowercase();
    let block = is_void(&name) || role(&name) != Role::Inline;
    (block || INLINE.split_ascii_whitespace().any(|inline| inline == name)) && ends_as_tag(rest, block)
}

/// `>`, `/>`, or attributes; those of blocks need no value.
fn ends_as_tag(rest: &str, bare_attributes: bool) -> bool {
    const FAR: usize = 400;
    let near: String = rest.chars().take(FAR).take_while(|c| *c != '<').collect();
    let tag = near.split_once('>').map(|(tag, _)| tag);
    tag.is_some_and(|tag| {
        let attributes = tag.starts_with(char::is_whitespace) && (bare_attributes || tag.contains('='));
        attributes || tag.trim().is_empty() || tag.trim() == "/"
    })
}

fn contains_tag(text: &str, name: &str) -> bool {
    text.match_indices('<')
        .any(|(at, _)| text.get(at + 1..=at + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)))
}
