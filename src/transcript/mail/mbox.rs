//! Mailboxes: mails one after the other, each behind a line `From address date`.
//!
//! `mail-parser`'s own iterator takes every line that begins with `From ` for such a line, but not every program puts `>`
//! before those of a body. Here a month, a time and a year must stand in it, and a header must follow it. A blank line before
//! it is no sign: every paragraph has one, and some programs write none.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::super::error::ParseError;
use super::super::reading::{Cue, Reading, ordinal};
use super::header_name;
use super::message::{self, Mail};
use crate::domain::transcript::{Dropped, Format, Participant, SourceKind};

/// Mails that a warning lists.
const MAILS_SHOWN: usize = 20;

/// Whether the text begins with the line that parts mails.
pub(super) fn is_separator(text: &[u8]) -> bool {
    if !text.starts_with(b"From ") {
        return false;
    }
    let mut lines = text.split(|byte| *byte == b'\n');
    let (Some(first), Some(next)) = (lines.next(), lines.next()) else { return false };
    // Some programs put a second such line, with `>`, between.
    let next = if next.starts_with(b">From ") { lines.next().unwrap_or_default() } else { next };
    is_dated(first) && header_name(&String::from_utf8_lossy(next)).is_some()
}

/// `Thu Mar 12 17:02:00 2026`, in any order: the zone stands before the year in some, a comma behind the day in others.
fn is_dated(line: &[u8]) -> bool {
    const MONTHS: [&[u8]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    let is_number = |word: &[u8]| word.iter().all(u8::is_ascii_digit);
    let has = |test: &dyn Fn(&[u8]) -> bool| line.split(u8::is_ascii_whitespace).any(test);
    has(&|word| MONTHS.contains(&word))
        && has(&|word| word.len() == 4 && is_number(word))
        && has(&|word| matches!(word, [a, b, b':', rest @ ..] if is_number(&[*a, *b]) && !rest.is_empty()))
}

/// Reads a mailbox: its mails in the order in which they were written, an answer never before what it answers.
pub(super) fn read(raw: &[u8]) -> Result<Reading, ParseError> {
    let mut reading = Reading::document(Format::Mbox, SourceKind::Mail);
    let mut mails: Vec<(usize, Mail)> = Vec::new();
    let mut ids = HashSet::new();
    for (index, raw) in split(raw).into_iter().enumerate() {
        let number = index + 1;
        match message::read(&raw) {
            Ok(Some(mail)) if mail.id.as_ref().is_none_or(|id| ids.insert(id.clone())) => mails.push((number, mail)),
            Ok(Some(_)) => reading.drop(1, format!("mail {number}: the same mail stands further up")),
            Ok(None) => reading.drop(1, format!("mail {number}: it has no headers")),
            Err(error) => reading.drop(1, format!("mail {number}: {error}")),
        }
    }
    let order = order(&mails);
    warn_of_order(&order, &mails, &mut reading);
    let mut slots: Vec<Option<(usize, Mail)>> = mails.into_iter().map(Some).collect();
    let in_order = order.into_iter().filter_map(|place| slots.get_mut(place).and_then(Option::take));
    let people: Vec<Participant> = in_order.flat_map(|(number, mail)| add(&mut reading, number, mail)).collect();
    reading.people = merged(people);
    if reading.cues.is_empty() && !reading.dropped.is_empty() {
        return Err(super::nothing_new("a mailbox"));
    }
    Ok(reading)
}

/// The mails' bytes, without the lines between them and with `>From ` as it was written.
fn split(raw: &[u8]) -> Vec<Cow<'_, [u8]>> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        if raw.get(at..).is_some_and(is_separator) {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain(std::iter::once(raw.len()));
    starts.iter().zip(ends).filter_map(|(start, end)| raw.get(*start..end)).map(unescaped).collect()
}

/// Without the first line, and without the `>` that hides a `From ` at the start of a line.
fn unescaped(raw: &[u8]) -> Cow<'_, [u8]> {
    let start = raw.iter().position(|byte| *byte == b'\n').map_or(raw.len(), |at| at + 1);
    let raw = raw.get(start..).unwrap_or_default();
    let is_hidden = |line: &[u8]| {
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        marks > 0 && line.get(marks..).is_some_and(|rest| rest.starts_with(b"From "))
    };
    let lines = || raw.split_inclusive(|byte| *byte == b'\n');
    if !lines().any(is_hidden) {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(lines().flat_map(|line| line.get(usize::from(is_hidden(line))..).unwrap_or_default()).copied().collect())
}

/// The places of the mails by their dates, those without one at the end; an answer waits for the mail that it answers.
fn order(mails: &[(usize, Mail)]) -> Vec<usize> {
    let mut by_date: Vec<usize> = (0..mails.len()).collect();
    let date = |place: &usize| mails.get(*place).and_then(|(_, mail)| mail.sent_at).unwrap_or(Timestamp::MAX);
    by_date.sort_by_key(date);
    let places: HashMap<&str, usize> =
        mails.iter().enumerate().filter_map(|(place, (_, mail))| Some((mail.id.as_deref()?, place))).collect();
    let answered = |place: usize| {
        let (_, mail) = mails.get(place)?;
        mail.answers.iter().rev().find_map(|id| places.get(id.as_str())).copied().filter(|other| *other != place)
    };
    let mut order = Vec::with_capacity(mails.len());
    let mut done = vec![false; mails.len()];
    let mut waiting: HashMap<usize, Vec<usize>> = HashMap::new();
    let is_done = |done: &[bool], place: usize| done.get(place).copied().unwrap_or(true);
    for place in &by_date {
        if let Some(other) = answered(*place).filter(|other| !is_done(&done, *other)) {
            waiting.entry(other).or_default().push(*place);
            continue;
        }
        let mut ready = vec![*place];
        while let Some(place) = ready.pop() {
            order.push(place);
            if let Some(done) = done.get_mut(place) {
                *done = true;
            }
            ready.extend(waiting.remove(&place).into_iter().flatten().rev());
        }
    }
    // Mails that answer each other in a circle.
    order.extend(by_date.iter().copied().filter(|place| !is_done(&done, *place)));
    order
}

fn warn_of_order(order: &[usize], mails: &[(usize, Mail)], reading: &mut Reading) {
    if !order.is_sorted() {
        let numbers = order.iter().filter_map(|place| mails.get(*place)).map(|(number, _)| number.to_string());
        let mut shown: Vec<String> = numbers.take(MAILS_SHOWN).collect();
        if order.len() > shown.len() {
            shown.push("…".to_owned());
        }
        reading.warnings.push(format!(
            "mails out of time order, sorted by date; their numbers in the file are now {}",
            shown.join(", ")
        ));
    }
    let undated = mails.iter().filter(|(_, mail)| mail.sent_at.is_none()).count();
    if undated > 0 {
        reading.warnings.push(format!("mails without a date, put after the others or what they answer: {undated}"));
    }
}

/// Adds a mail, and gives its people back.
fn add(reading: &mut Reading, number: usize, mail: Mail) -> Vec<Participant> {
    reading.title = reading.title.take().or(mail.subject);
    reading.started_at = reading.started_at.or(mail.sent_at);
    let date = mail.sent_at.map_or_else(String::new, |at| format!(" · {at}"));
    reading.cues.extend(mail.paragraphs.into_iter().enumerate().map(|(index, paragraph)| Cue {
        id: format!("mail {number}{date} · ¶{}", ordinal(index)),
        line: paragraph.line,
        speaker: mail.sender.clone(),
        text: paragraph.text,
        ..Cue::default()
    }));
    let in_mail = |dropped: Dropped| Dropped { reason: format!("mail {number}: {}", dropped.reason), ..dropped };
    reading.dropped.extend(mail.dropped.into_iter().map(in_mail));
    reading.warnings.extend(mail.warnings.into_iter().map(|warning| format!("mail {number}: {warning}")));
    mail.people
}

/// Each person once, with what any of the mails says of them.
fn merged(all: impl IntoIterator<Item = Participant>) -> Vec<Participant> {
    let mut people: Vec<Participant> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for person in all {
        let place = *places.entry(person.label.clone()).or_insert(people.len());
        match people.get_mut(place) {
            Some(known) => {
                known.title = known.title.take().or(person.title);
                known.email = known.email.take().or(person.email);
            }
            None => people.push(person),
        }
    }
    people
}
