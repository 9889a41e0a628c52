//! Word files: transcripts of Teams and Google Meet, contracts, notes.
//!
//! Which of them it is, is told as for text, from the paragraphs; contracts and notes keep headings, numbers and pages.

mod blocks;
mod body;
mod notes;
mod numbering;
mod numerals;
mod package;
mod paragraph;
mod parts;
mod styles;
mod symbols;
#[cfg(test)]
mod tests;
mod veils;
mod walk;

use super::super::archive::Archive;
use super::super::calls::{self, teams_docx};
use super::super::error::ParseError;
use super::super::reading::Reading;
use super::contract::{self, NameHint};
use super::lines::{Line, read_call};
use crate::domain::transcript::{Dropped, Format, SourceKind};
use body::Body;
use package::Package;
use paragraph::shown;
use parts::Parts;

/// Reads the zip as a Word file; none if it is something else.
pub(in crate::transcript) fn read(name: &str, archive: &mut Archive<'_>) -> Option<Result<Reading, ParseError>> {
    Some(Package::open(archive)?.and_then(|package| of_package(NameHint::of(name), package)))
}

fn of_package(hint: NameHint, package: Package) -> Result<Reading, ParseError> {
    let parts = Parts::read(&package)?;
    let margins = margins(&package)?;
    let body = body::read(package.document.tree()?.root_element(), parts);
    // The XML is much larger than its words.
    drop(package);
    let mut reading = of_body(hint, &body);
    reading.dropped.extend(margins);
    reading.dropped.extend(body.dropped);
    if body.has_changes {
        reading.warnings.push("the file has tracked changes; it was read as if all of them were accepted".to_owned());
    }
    Ok(reading)
}

/// Headers and footers: on every page, and in no clause.
fn margins(package: &Package) -> Result<Vec<Dropped>, ParseError> {
    let mut dropped: Vec<Dropped> = Vec::new();
    for (what, part) in &package.margins {
        let text = shown(&notes::text_of(part.tree()?.root_element()));
        let reason = format!("{what}: `{text}`");
        if !text.is_empty() && dropped.iter().all(|known| known.reason != reason) {
            dropped.push(Dropped { line: 1, reason });
        }
    }
    Ok(dropped)
}

/// A call, a contract or notes.
fn of_body(hint: NameHint, body: &Body) -> Reading {
    let lines = lines(body);
    let call =
        teams_docx::read(&lines).or_else(|| read_call(&lines, "¶", |text| calls::read(text, hint == NameHint::Notes)));
    if let Some(call) = call {
        let format = if call.format == Format::GoogleMeetText { Format::GoogleMeetDocx } else { call.format };
        return Reading { format, ..call };
    }
    if contract::looks_like(&blocks::as_text(body), hint) {
        let mut reading = Reading::document(Format::DocxContract, SourceKind::Contract);
        let blocks = blocks::of_contract(body, &mut reading);
        return contract::read_blocks(blocks, reading);
    }
    let mut reading = Reading::document(Format::DocxNotes, SourceKind::Notes);
    blocks::add_notes(body, &mut reading);
    reading
}

/// The paragraphs as lines, a break within a paragraph being one too.
fn lines(body: &Body) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for paragraph in &body.paragraphs {
        let texts = (0..).zip(paragraph.text.split('\n'));
        lines.extend(texts.map(|(within, text)| Line { place: paragraph.line, within, text }));
    }
    lines
}
