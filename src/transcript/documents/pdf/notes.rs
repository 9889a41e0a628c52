//! Notes as a PDF: paragraphs under headings, which are told by the size of their letters.

use super::super::super::reading::{Cue, Reading, ordinal};
use super::super::blocks::{is_entry, paragraphs};
use super::super::outline::{Heading, Outline, fits};
use super::PdfLine;

/// Letters of a heading are this much larger than those of most of the text.
const LARGER: f64 = 1.12;
/// Reads every paragraph and list item as a cue, found again by its headings and its page.
pub(super) fn read(lines: &[PdfLine], mut reading: Reading) -> Reading {
    let body = usual_size(lines);
    let mut outline = Outline::default();
    let mut rest = lines;
    while let Some(first) = rest.iter().position(|line| !line.text.is_empty()) {
        rest = rest.get(first..).unwrap_or_default();
        let size = heading_size(rest, body);
        let end = rest
            .iter()
            .position(|line| !line.text.is_empty() && heading_size(std::slice::from_ref(line), body) != size);
        let (part, behind) = rest.split_at(end.unwrap_or(rest.len()));
        match size {
            Some(size) => enter(&mut outline, size, part, &mut reading),
            None => add(&mut outline, part, &mut reading),
        }
        rest = behind;
    }
    reading.dropped.extend(outline.finish());
    reading
}

/// The size in which most letters are.
fn usual_size(lines: &[PdfLine]) -> f64 {
    let mut sizes: Vec<(f64, usize)> = lines.iter().map(|line| (line.size, line.text.chars().count())).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sizes.iter().map(|(_, chars)| chars).sum::<usize>() / 2;
    let mut sum = 0;
    let usual = sizes.iter().find(|(_, chars)| {
        sum += chars;
        sum > half
    });
    usual.map_or(0.0, |(size, _)| *size)
}

/// The size of the first line, where it is a heading, in tenths of the text's, so that rounding makes no levels.
fn heading_size(lines: &[PdfLine], body: f64) -> Option<f64> {
    let line = lines.first()?;
    let is_heading = line.size > body * LARGER && fits(&line.text);
    is_heading.then(|| (line.size / body * 10.0).round())
}

/// Goes below a heading; the first one of the file is its title too. Many lines in large letters are words.
fn enter(outline: &mut Outline<f64>, size: f64, lines: &[PdfLine], reading: &mut Reading) {
    let words: Vec<&str> = lines.iter().map(|line| line.text.as_str()).filter(|text| !text.is_empty()).collect();
    let text = words.join(" ");
    if !fits(&text) {
        return add(outline, lines, reading);
    }
    let is_title = reading.title.is_none() && reading.cues.is_empty();
    if is_title {
        reading.title = Some(text.clone());
    }
    let line = lines.first().map_or(1, |line| line.page);
    outline.enter(Heading { level: -size, line, text, used: is_title });
}

fn add(outline: &mut Outline<f64>, lines: &[PdfLine], reading: &mut Reading) {
    for block in paragraphs(lines.iter().map(|line| (line.page, line.text.as_str())), is_entry) {
        let path = outline.path();
        let place = format!("p. {} · ¶{}", block.line, ordinal(reading.cues.len()));
        let id = if path.is_empty() { place } else { format!("{path} · {place}") };
        reading.cues.push(Cue { id, line: block.line, text: block.text, ..Cue::default() });
    }
}
