//! Calls in which the label stands before the words: `[00:12:31] Name: words`, `Name (12:31): words`, `Name: words`, with or
//! without bold names; also `[00:00.000 --> 00:04.200] words` without names, as Whisper prints them.

use super::lines::{Line, Place, lines};
use super::{meet, preamble};
use crate::domain::transcript::{Format, Precision};
use crate::transcript::label::{self, Evidence, Labels};
use crate::transcript::reading::{Cue, Reading};

/// No heading of notes has more bytes.
const LONGEST_HEADING: usize = 60;
/// Headings of notes, in lower case, besides those that Gemini writes.
const NOTES_HEADINGS: &[&str] = &[
    "action items",
    "actions",
    "follow-ups",
    "key decisions",
    "key points",
    "key takeaways",
    "meeting notes",
    "open questions",
    "quick recap",
    "recap",
    "takeaways",
    "to do",
    "to-do",
    "todos",
    "aufgaben",
    "offene punkte",
    "actiepunten",
    "actions à mener",
    "tareas",
];

/// Reads the text as a call, if enough of its lines look like one; `is_notes` (from the file's name) asks for more.
pub(super) fn read(text: &str, is_notes: bool) -> Option<Reading> {
    let lines = lines(text);
    let (notes, lines) = split_notes(&lines);
    let count = |place| lines.iter().filter(|line| line.place == place).count();
    let (front, after_name) = (count(Place::Front), count(Place::AfterName));
    // Wrapped lines have no time of their own: an eighth of all lines is enough.
    let enough = |timed: usize| timed >= 2 && timed * 8 >= lines.len();
    let format = match (enough(front), enough(after_name)) {
        (true, _) if front >= after_name => Format::TimedText,
        (_, true) => Format::NameTimeText,
        _ => Format::NameText,
    };
    let labels = labels(lines, format);
    let is_notes = is_notes || lines.iter().any(heads_notes);
    if format == Format::NameText && !is_conversation(lines, &labels, is_notes) {
        return None;
    }
    let mut reading = cues(lines, &labels, format);
    for (at, line) in notes.iter().enumerate() {
        if at == 0 && !heads_notes(line) {
            reading.title = Some(line.text.clone());
            reading.drop(line.number, "read as the title");
        } else {
            reading.drop(line.number, "above the transcript, not speech");
        }
    }
    Some(reading)
}

/// The notes above a transcript, where a tool exports both: a heading of notes, and below it the heading `Transcript`, which
/// goes with them.
fn split_notes(lines: &[Line]) -> (&[Line], &[Line]) {
    let is_heading = |line: &Line| line.text.len() <= LONGEST_HEADING && meet::is_transcript_heading(&line.text);
    let transcript = lines.iter().position(is_heading);
    let (notes, rest) = lines.split_at(transcript.map_or(0, |at| at + 1));
    if notes.iter().any(heads_notes) { (notes, rest) } else { (&[], lines) }
}

/// Whether the line is the heading of something written about a call, in which `Dana: send the offer` is a task.
fn heads_notes(line: &Line) -> bool {
    let heading = line.text.trim_end_matches(':').trim();
    let is_short = heading.len() <= LONGEST_HEADING;
    is_short && (meet::is_notes_heading(heading) || NOTES_HEADINGS.contains(&heading.to_lowercase().as_str()))
}

fn labels(lines: &[Line], format: Format) -> Labels {
    // A label after an open line counts less, but only in a file that does wrap lines, and never behind a time.
    let wraps = lines.iter().any(|line| {
        line.continues && !label::split(&line.text).is_some_and(|(label, _)| label::looks_like_name(label))
    });
    let mut evidence = Evidence::default();
    let mut below_label = false;
    for line in lines {
        // `Dana Ruiz:` on a line of its own: what stands below is hers.
        let goes_on = below_label && line.adjacent && line.place == Place::Nowhere;
        below_label = stands_alone(&line.text);
        let can_start = match (format, line.place) {
            (_, Place::Heading | Place::Rule) | (Format::NameTimeText, _) => false,
            (Format::TimedText, place) => place == Place::Front,
            _ => true,
        };
        if can_start && !goes_on {
            evidence.place(&line.text, wraps && line.continues && line.place == Place::Nowhere);
        } else {
            evidence.words(&line.text);
        }
    }
    evidence.weigh()
}

/// Whether the line is a label and nothing else.
fn stands_alone(text: &str) -> bool {
    label::split(text).is_some_and(|(label, words)| {
        words.is_empty() && label::looks_like_name(label) && !meet::is_transcript_heading(label)
    })
}

/// Without times, only labels tell a call from notes: two people at least, somebody who speaks again after somebody else,
/// and enough labelled lines. The entries of notes (`Risk: …`, `Risk: …`, `Budget: …`) stand together.
fn is_conversation(lines: &[Line], labels: &Labels, is_notes: bool) -> bool {
    let paragraphs = lines.iter().filter(|line| !line.adjacent).count();
    let structure = lines.iter().filter(|line| is_structure(line)).count();
    let labelled = labels.total();
    let dense = labelled * 3 >= lines.len() || (paragraphs > 3 && labelled * 2 >= paragraphs);
    let certain = labelled * 10 >= lines.len() * 9;
    labels.len() >= 2 && alternate(lines, labels) && labelled > structure && if is_notes { certain } else { dense }
}

/// Whether a label comes back after another one.
fn alternate(lines: &[Line], labels: &Labels) -> bool {
    let mut runs: Vec<&str> = lines.iter().filter_map(|line| Some(labels.split(&line.text)?.0)).collect();
    runs.dedup();
    let mut seen = std::collections::HashSet::new();
    runs.into_iter().any(|label| !seen.insert(label))
}

/// Headings, bullets and table rows: what notes are made of.
fn is_structure(line: &Line) -> bool {
    let text = line.text.as_str();
    line.place == Place::Heading || text.starts_with(['|', '•']) || text.starts_with("- ") || text.starts_with("* ")
}

fn cues(lines: &[Line], labels: &Labels, format: Format) -> Reading {
    let timed = format != Format::NameText;
    let mut reading = Reading::call(format, if timed { Precision::Cue } else { Precision::None });
    for line in lines {
        match line.place {
            Place::Heading if reading.title.is_none() && reading.cues.is_empty() => {
                preamble(&mut reading, line.number, &line.text);
            }
            Place::Heading => reading.drop(line.number, "heading, nobody said it"),
            Place::Rule => reading.drop(line.number, "rule"),
            _ => add(&mut reading, line, labels, format),
        }
    }
    reading
}

fn add(reading: &mut Reading, line: &Line, labels: &Labels, format: Format) {
    let (speaker, words) = match (&line.proven, labels.split(&line.text)) {
        (Some(name), _) => (Some(name.as_str()), line.text.as_str()),
        (None, Some((label, words))) if format != Format::TimedText || line.place == Place::Front => {
            (Some(label), words)
        }
        _ => (None, line.text.as_str()),
    };
    let starts = speaker.is_some() || line.place == Place::Front;
    match reading.cues.last_mut() {
        Some(last) if !starts && line.adjacent => {
            last.text.push(' ');
            last.text.push_str(words);
        }
        None if !starts => preamble(reading, line.number, &line.text),
        _ => reading.cues.push(Cue {
            id: format!("L{}", line.number),
            line: line.number,
            speaker: speaker.map(str::to_owned),
            start_ms: line.start_ms,
            end_ms: line.end_ms,
            text: words.to_owned(),
        }),
    }
}
