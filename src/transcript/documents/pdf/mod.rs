//! The text layer of PDFs: contracts and notes, with the page of every clause.
//!
//! `hayro` draws the pages (<https://github.com/LaurenzV/hayro>: kept, permissive, written for hostile files, and without the
//! recursion and panics of other readers); instead of pixels we keep the letters with their places (`glyphs`), from which
//! come lines in reading order (`layout`, `columns`) and then clauses, as for text. What it costs is bounded from outside
//! (`bombs`, `texts`, `deadline`).

mod bombs;
mod columns;
mod deadline;
mod glyphs;
mod ground;
mod hyphens;
mod layout;
mod letters;
mod notes;
mod paragraphs;
mod texts;

use memchr::memmem;

use super::super::Limits;
use super::super::calls;
use super::super::error::ParseError;
use super::super::reading::{Reading, ordinal};
use super::super::weight;
use super::blocks::paragraphs;
use super::contract::{self, NameHint};
use super::lines::{Line, read_call};
use super::pages;
use crate::domain::transcript::{Format, SourceKind};
use glyphs::{Page, TextLine};

const WHAT: &str = "a PDF";
/// Where the marks of a PDF's start and end stand (ISO 32000, annex of older versions).
const HEAD_BYTES: usize = 1024;
const TAIL_BYTES: usize = 4096;
/// Of all letters at most a third may be unknown: more, and the words are guesses.
const UNKNOWN_SHARE: usize = 3;

/// A line in reading order.
struct PdfLine {
    page: u32,
    size: f64,
    text: String,
}

impl PdfLine {
    /// The number of the line is its page: nobody counts the lines of a PDF.
    fn as_numbered(&self) -> pages::Line<'_> {
        pages::Line { number: self.page, page: Some(self.page), text: &self.text }
    }
}

/// The PDF among the bytes, from its mark on: some programs write a few bytes before it. A text about PDFs has no end mark.
pub(in crate::transcript) fn find(bytes: &[u8]) -> Option<&[u8]> {
    let at = memmem::find(bytes.get(..bytes.len().min(HEAD_BYTES))?, b"%PDF-")?;
    let (before, pdf) = bytes.split_at(at);
    let is_first = before.strip_prefix(b"\xef\xbb\xbf").unwrap_or(before).trim_ascii().is_empty();
    (is_first || (before.ends_with(b"\n") && is_whole(pdf))).then_some(pdf)
}

/// Whether the mark of the end is where it should be.
fn is_whole(pdf: &[u8]) -> bool {
    memmem::rfind(pdf.get(pdf.len().saturating_sub(TAIL_BYTES)..).unwrap_or(pdf), b"%%EOF").is_some()
}

/// Reads the text layer of a PDF.
pub(in crate::transcript) fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Reading, ParseError> {
    // What a page draws is in memory whole.
    let unpacked = weight::allowed(bytes.len(), limits) / 2;
    bombs::check(bytes, unpacked.min(limits.unpacked_bytes))?;
    let pages = deadline::pages(bytes, limits.pages)?;
    let (letters, unknown) = pages.iter().fold((0, 0), |sum, page| (sum.0 + page.letters, sum.1 + page.unknown));
    if letters == 0 && !is_whole(bytes) {
        return Err(unreadable("it is damaged or cut off", "download it again"));
    }
    if letters == 0 {
        let reason = "it has no text that can be read: its pages may be pictures, as a scanner makes them";
        return Err(unreadable(reason, "run text recognition (OCR) on it and upload the result"));
    }
    if unknown * UNKNOWN_SHARE > letters {
        let reason = "its fonts do not say which letters they show";
        return Err(unreadable(
            reason,
            "print it to a PDF again or run text recognition (OCR) on it, and upload the result",
        ));
    }
    let mut reading = of_pages(NameHint::of(name), &pages);
    if !is_whole(bytes) {
        reading.warnings.push("the file has no end: it may be cut off, and words may be missing".to_owned());
    }
    if unknown > 0 {
        reading.warnings.push(format!("letters that the fonts do not name, shown as \u{fffd}: {unknown}"));
    }
    Ok(reading)
}

fn unreadable(reason: &str, advice: &'static str) -> ParseError {
    ParseError::Unreadable { what: WHAT, reason: reason.to_owned(), advice }
}

/// The lines of all pages, headers and footers reported and gone, cut words whole again.
fn of_pages(hint: NameHint, pages: &[Page]) -> Reading {
    let mut reading = Reading::document(Format::PdfNotes, SourceKind::Notes);
    let (text, all) = as_text(pages);
    let at = |number: u32| all.get(usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX));
    let kept = pages::lines(&text, &mut reading);
    let cut: Vec<&str> = kept.iter().map(|line| line.text).collect();
    let of_line = |(line, text): (&pages::Line<'_>, String)| {
        let (page, size) = at(line.number).copied().unwrap_or((1, 0.0));
        PdfLine { page, size, text }
    };
    let lines: Vec<PdfLine> = kept.iter().zip(hyphens::joined(&cut)).map(of_line).collect();
    for dropped in &mut reading.dropped {
        dropped.line = at(dropped.line).map_or(1, |(page, _)| *page);
    }
    for (index, page) in pages.iter().enumerate() {
        page.left_out.iter().for_each(|reason| reading.drop(ordinal(index), reason.clone()));
    }
    of_lines(hint, &lines, reading)
}

/// The pages as one text, parted by form feeds; of each line of it the page and the size of its letters.
fn as_text(pages: &[Page]) -> (String, Vec<(u32, f64)>) {
    let (mut text, mut all) = (String::new(), Vec::new());
    for (index, page) in pages.iter().enumerate() {
        if index > 0 {
            text.push('\u{c}');
        }
        for line in page.lines.iter().chain([&TextLine::default()]) {
            text.push_str(&line.text);
            text.push('\n');
            all.push((ordinal(index), line.size));
        }
    }
    (text, all)
}

/// A call, a contract or notes.
fn of_lines(hint: NameHint, lines: &[PdfLine], found: Reading) -> Reading {
    if let Some(mut call) = read_call(&placed(lines), "p. ", |text| calls::read(text, hint == NameHint::Notes)) {
        call.dropped.extend(found.dropped);
        return call;
    }
    // Without the breaks of lines, which cut titles and phrases.
    let starts = |line: &str| line.starts_with(|c: char| c.is_ascii_digit() || "(§".contains(c));
    let whole = paragraphs(lines.iter().map(|line| (line.page, line.text.as_str())), starts);
    let texts: Vec<&str> = whole.iter().map(|block| block.text.as_str()).collect();
    if contract::looks_like(&texts.join("\n"), hint) {
        let reading = Reading { format: Format::PdfContract, kind: SourceKind::Contract, ..found };
        return contract::read_lines(lines.iter().map(PdfLine::as_numbered).collect(), reading);
    }
    notes::read(lines, found)
}

fn placed(lines: &[PdfLine]) -> Vec<Line<'_>> {
    let mut placed: Vec<Line<'_>> = Vec::new();
    for line in lines {
        let before = placed.last().filter(|before| before.place == line.page);
        let within = before.map_or(0, |before| before.within.saturating_add(1));
        placed.push(Line { place: line.page, within, text: &line.text });
    }
    placed
}
