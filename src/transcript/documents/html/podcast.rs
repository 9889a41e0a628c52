//! The podcast namespace's HTML transcript: `<cite>Name:</cite> <time>0:09</time> <p>words</p>`.
//!
//! Shape: <https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md>. A time is
//! that of all paragraphs up to the next name or time, so it points to a part.

use super::super::super::clock::clock_ms;
use super::super::super::html::{Kind, Mode, Page, walk};
use super::super::super::reading::{Cue, Reading, ordinal};
use crate::domain::transcript::{Format, Precision};

/// Reads a transcript; none if the page has no names and times as podcasts write them.
pub(super) fn read(html: &str) -> Option<Reading> {
    let page = Some(walk(html, Mode::Podcast)).filter(is_transcript)?;
    let mut reading = Reading::call(Format::PodcastHtml, Precision::Block);
    reading.title = page.title;
    reading.dropped = page.dropped;
    let (mut speaker, mut start_ms, mut said) = (None, None, false);
    for part in page.parts {
        match part.kind {
            // A time may stand before its name; one that words came after is over.
            Kind::Cite => {
                speaker = name(&part.text);
                start_ms = start_ms.filter(|_| !said);
            }
            Kind::Time => start_ms = clock_ms(&part.text),
            Kind::Words => reading.cues.push(Cue {
                id: format!("¶{}", ordinal(reading.cues.len())),
                line: part.line,
                speaker: speaker.clone(),
                start_ms,
                end_ms: None,
                text: part.text,
            }),
        }
        said = part.kind == Kind::Words;
    }
    Some(reading)
}

fn is_transcript(page: &Page) -> bool {
    let times = page.parts.iter().filter(|part| part.kind == Kind::Time && clock_ms(&part.text).is_some()).count();
    let names = page.parts.iter().any(|part| part.kind == Kind::Cite);
    times >= 2 || (times == 1 && names)
}

/// The name without the colon behind it.
fn name(cite: &str) -> Option<String> {
    let name = cite.trim().trim_end_matches([':', '：']).trim_end();
    (!name.is_empty()).then(|| name.to_owned())
}
