//! The transcript of a Google Meet: marks of time, and paragraphs of `Name: words` below them.

use super::gemini;
use super::heads;
use super::lines::{Line, Lines};
use super::names::{self, Names};
use crate::domain::transcript::{Format, Precision};
use crate::transcript::person;
use crate::transcript::reading::{Cue, Reading};

/// Where the transcript is among the lines of its document.
struct Place {
    /// The first line of its title.
    head: usize,
    /// The first line of speech, or the mark of its time.
    body: usize,
}

/// Reads the transcript; none if the lines hold none.
pub(super) fn read(lines: &Lines<'_>) -> Option<Reading> {
    let place = find(&lines.all)?;
    let (before, rest) = lines.all.split_at(place.head);
    let (head, body) = rest.split_at(place.body - place.head);
    let mut reading = Reading::call(Format::GoogleMeetText, Precision::Block);
    let notes = gemini::is_notes(before);
    let titled = notes || head.iter().any(|line| heads::title(&line.text).is_some());
    for line in before {
        if titled {
            let reason = if notes { "notes of Gemini, not speech" } else { "before the transcript" };
            reading.drop(line.number, reason);
            gemini::note_people(&mut reading, line);
        } else {
            read_head(&mut reading, line);
        }
    }
    let attendees = read_heads(&mut reading, head);
    read_body(&mut reading, body, &attendees);
    Some(reading)
}

/// The body begins at the first mark of time that a name follows, or, in a document without marks, behind the heading
/// `Transcript`. At least half of its paragraphs begin with a name, and something of Google's own vouches for it: an end, a
/// notice, a heading, or marks that stand for more than one paragraph.
fn find(lines: &[Line<'_>]) -> Option<Place> {
    let mark = (0..lines.len()).find(|at| is_mark(lines, *at));
    let heading = || lines.iter().rposition(is_heading).map(|at| at + 1);
    let body = mark.or_else(heading)?;
    let spoken = || lines.iter().skip(body).take_while(|line| heads::end(&line.text).is_none());
    let marks = spoken().filter(|line| heads::mark(&line.text).is_some()).count();
    let notices = spoken().filter(|line| heads::is_notice(&line.text)).count();
    let labelled = spoken().filter(|line| names::split(&line.text).is_some()).count();
    let paragraphs = spoken().count() - marks - notices;
    let signed = lines.iter().any(|line| heads::end(&line.text).is_some() || heads::is_notice(&line.text));
    let vouched = signed || (marks > 0 && (labelled > marks || lines.iter().any(is_heading)));
    let is_transcript = vouched && labelled > 0 && labelled * 2 >= paragraphs;
    is_transcript.then(|| Place { head: start_of_head(lines, body), body })
}

/// A mark with somebody's words a few lines below.
fn is_mark(lines: &[Line<'_>], at: usize) -> bool {
    let mut below = lines.iter().skip(at);
    let is_mark = below.next().is_some_and(|line| heads::mark(&line.text).is_some());
    is_mark && below.take(3).any(|line| names::split(&line.text).is_some())
}

fn is_heading(line: &Line<'_>) -> bool {
    heads::is_section(&line.text) || heads::title(&line.text).is_some()
}

/// Goes up from the body over everything that belongs to its title.
fn start_of_head(lines: &[Line<'_>], body: usize) -> usize {
    let above = lines.get(..body).unwrap_or_default();
    let belongs = |at: usize, line: &Line<'_>| {
        let listed = at.checked_sub(1).and_then(|at| above.get(at)).is_some_and(|line| heads::is_attendees(&line.text));
        let (text, is_head) = (&line.text, listed || heads::is_attendees(&line.text));
        is_head
            || heads::is_section(text)
            || heads::title(text).is_some()
            || heads::started_at(text).is_some()
            || heads::is_notice(text)
    };
    let outside = above.iter().enumerate().rposition(|(at, line)| !belongs(at, line));
    outside.map_or(0, |at| at + 1)
}

/// Reads the lines of the head and returns those who were there.
fn read_heads(reading: &mut Reading, head: &[Line<'_>]) -> Vec<String> {
    let mut attendees = Vec::new();
    let mut listed = false;
    for line in head {
        if listed {
            reading.drop(line.number, "list of those who were there");
            attendees.extend(line.text.split(", ").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()));
        } else {
            read_head(reading, line);
        }
        listed = heads::is_attendees(&line.text);
    }
    reading.people.extend(attendees.iter().map(|name| person::from_label(name)));
    attendees
}

fn read_head(reading: &mut Reading, line: &Line<'_>) {
    let text = line.text.as_ref();
    let title = heads::title(text);
    let started_at = heads::started_at(title.unwrap_or(text));
    reading.started_at = started_at.or(reading.started_at);
    let reason = if heads::is_notice(text) {
        "notice that a machine wrote this"
    } else if heads::is_section(text) || heads::is_attendees(text) {
        "heading"
    } else if title.is_some() || (started_at.is_none() && reading.title.is_none()) {
        let title = title.unwrap_or(text);
        reading.title = Some(title.split(" (2").next().unwrap_or(title).to_owned());
        "read as the title"
    } else if started_at.is_some() {
        "date"
    } else {
        "before the transcript"
    };
    reading.drop(line.number, reason);
}

fn read_body(reading: &mut Reading, body: &[Line<'_>], attendees: &[String]) {
    let spoken = body.iter().position(|line| heads::end(&line.text).is_some()).unwrap_or(body.len());
    let (body, behind) = body.split_at(spoken);
    let is_paragraph = |line: &&Line<'_>| heads::mark(&line.text).is_none() && !heads::is_notice(&line.text);
    let paragraphs: Vec<&Line<'_>> = body.iter().filter(is_paragraph).collect();
    let names = Names::of(&paragraphs, attendees);
    let mut start_ms = None;
    for line in body {
        if let Some(mark) = heads::mark(&line.text) {
            start_ms = Some(mark);
        } else if heads::is_notice(&line.text) {
            reading.drop(line.number, "notice that a machine wrote this");
        } else {
            speak(reading, line, &names, start_ms);
        }
    }
    for line in behind {
        let end = heads::end(&line.text);
        reading.duration_ms = reading.duration_ms.or(end);
        let reason = match end {
            Some(_) => "end of the transcript",
            None if heads::is_notice(&line.text) => "notice that a machine wrote this",
            None => "behind the end of the transcript",
        };
        reading.drop(line.number, reason);
    }
}

fn speak(reading: &mut Reading, line: &Line<'_>, names: &Names, start_ms: Option<i64>) {
    let (speaker, words) = names.split(line);
    match reading.cues.last_mut() {
        Some(last) if speaker.is_none() && line.adjacent && last.start_ms == start_ms => {
            last.text.push(' ');
            last.text.push_str(words);
        }
        _ => reading.cues.push(Cue {
            id: format!("L{}", line.number),
            line: line.number,
            speaker: speaker.map(str::to_owned),
            start_ms,
            end_ms: None,
            text: words.to_owned(),
        }),
    }
}
