//! The text layer of PDFs: contracts and notes, with the page of every clause.
//!
//! `hayro` draws the pages (<https://github.com/LaurenzV/hayro>: kept, permissive, written for hostile files, and without the
//! recursion and panics of other readers); instead of pixels we keep the letters with their places (`glyphs`), from which
//! come lines in reading order (`layout`, `columns`) and then clauses, as for text. What it costs is bounded from outside
//! (`bombs`, `deadline`).

mod bombs;
mod columns;
mod deadline;
mod glyphs;
mod hyphens;
mod layout;
mod letters;

use super::super::Limits;
use super::super::calls;
use super::super::error::ParseError;
use super::super::reading::{Cue, Reading, ordinal};
use super::blocks::{Block, is_entry, paragraphs};
use super::contract::{self, NameHint};
use super::lines::{Line, read_call};
use super::pages;
use crate::domain::transcript::{Format, SourceKind};
use glyphs::Page;

const WHAT: &str = "a PDF";
/// Of all letters at most a third may be unknown: more, and the words are guesses.
const UNKNOWN_SHARE: usize = 3;

/// Whether the bytes are a PDF; some programs write a few bytes before the mark.
pub(in crate::transcript) fn looks_like(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"%PDF-") || bytes.starts_with(b"\xef\xbb\xbf%PDF-")
}

/// Reads the text layer of a PDF.
pub(in crate::transcript) fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Reading, ParseError> {
    bombs::check(bytes, limits.unpacked_bytes)?;
    let pages = deadline::pages(bytes, limits.pages)?;
    let (letters, unknown) = pages.iter().fold((0, 0), |sum, page| (sum.0 + page.letters, sum.1 + page.unknown));
    if letters == 0 {
        let reason = "it has no text: its pages are pictures, as a scanner makes them";
        return Err(unreadable(reason, "run text recognition (OCR) on it and upload the result"));
    }
    if unknown * UNKNOWN_SHARE > letters {
        let reason = "its fonts do not say which letters they show";
        return Err(unreadable(reason, "print it to a PDF again or run text recognition (OCR) on it, and upload the result"));
    }
    let mut reading = of_pages(NameHint::of(name), &pages);
    if unknown > 0 {
        reading.warnings.push(format!("letters that the fonts do not name, shown as \u{fffd}: {unknown}"));
    }
    Ok(reading)
}

fn unreadable(reason: &str, advice: &'static str) -> ParseError {
    ParseError::Unreadable { what: WHAT, reason: reason.to_owned(), advice }
}

/// The pages as one text, parted by form feeds, and the page of each of its lines.
fn as_text(pages: &[Page]) -> (String, Vec<u32>) {
    let (mut text, mut page_of) = (String::new(), Vec::new());
    for (index, page) in pages.iter().enumerate() {
        if index > 0 {
            text.push('\u{c}');
        }
        for line in page.lines.iter().map(String::as_str).chain([""]) {
            text.push_str(line);
            text.push('\n');
            page_of.push(ordinal(index));
        }
    }
    (text, page_of)
}

fn of_pages(hint: NameHint, pages: &[Page]) -> Reading {
    let (text, page_of) = as_text(pages);
    let page_at = |line: u32| page_of.get(usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX)).copied().unwrap_or(1);
    let mut reading = Reading::document(Format::PdfNotes, SourceKind::Notes);
    let kept = pages::lines(&text, &mut reading);
    let kept: Vec<(u32, &str)> = kept.into_iter().map(|line| (page_at(line.number), line.text)).collect();
    for dropped in &mut reading.dropped {
        dropped.line = page_at(dropped.line);
    }
    for (index, page) in pages.iter().enumerate() {
        for reason in &page.left_out {
            reading.drop(ordinal(index), reason.clone());
        }
    }
    of_lines(hint, &hyphens::joined(&kept), reading)
}

/// A call, a contract or notes; the number of a line is its page.
fn of_lines(hint: NameHint, lines: &[(u32, String)], found: Reading) -> Reading {
    let text: String = lines.iter().map(|(_, line)| format!("{line}\n")).collect();
    if let Some(mut call) = read_call(&placed(lines), "p. ", |text| calls::read(text, hint == NameHint::Notes)) {
        call.dropped.extend(found.dropped);
        return call;
    }
    if contract::looks_like(&text, hint) {
        let lines = lines.iter().map(|(page, text)| pages::Line { number: *page, page: Some(*page), text });
        let reading = Reading { format: Format::PdfContract, kind: SourceKind::Contract, ..found };
        return contract::read_lines(lines.collect(), reading);
    }
    add_notes(paragraphs(lines.iter().map(|(page, line)| (*page, line.as_str())), is_entry), found)
}

fn placed(lines: &[(u32, String)]) -> Vec<Line<'_>> {
    let mut placed: Vec<Line<'_>> = Vec::new();
    for (place, text) in lines {
        let before = placed.last().filter(|before| before.place == *place);
        let within = before.map_or(0, |before| before.within.saturating_add(1));
        placed.push(Line { place: *place, within, text });
    }
    placed
}

fn add_notes(blocks: Vec<Block>, mut reading: Reading) -> Reading {
    let cue = |(index, block): (usize, Block)| Cue {
        id: format!("p. {} · ¶{}", block.line, ordinal(index)),
        line: block.line,
        text: block.text,
        ..Cue::default()
    };
    reading.cues.extend(blocks.into_iter().enumerate().map(cue));
    reading
}
