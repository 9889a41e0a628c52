//! The chat of a Zoom meeting: messages below their heads (see `head`), among them quotes and reactions.
//!
//! A reply begins with a line `Replying to "…"` that quotes the earlier message; a reaction is a message of its own
//! (`Reacted to "…" with 👍`) or, in newer clients, a line `Name, Name:👍` below the message. None of these is anybody's
//! statement: they are reported.

use jiff::tz::TimeZone;

use super::super::super::reading::{Cue, Grouping, Reading, ordinal};
use super::head::{self, Head};
use super::wall::Wall;
use crate::domain::transcript::{Format, Precision, SourceKind};

/// How far into the file the first message may be.
const LINES_TO_FIRST_MESSAGE: usize = 10;
/// Nobody waits this long with the first message of a recording, so the times are the clock's.
const RECORDING_MS: i64 = 6 * 3_600_000;
/// How clients begin the quote of an earlier message, in lower case.
const QUOTES: &[&str] = &[
    "replying to",
    "reply to",
    "antwort auf",
    "en réponse à",
    "réponse à",
    "respondiendo a",
    "respuesta a",
    "respondendo a",
    "in risposta a",
    "rispondendo a",
    "beantwoorden van",
    "ответ на",
];
/// How clients begin a reaction, in lower case.
const REACTIONS: &[&str] = &[
    "reacted to",
    "removed a",
    "removed an",
    "reagierte auf",
    "hat auf",
    "reaktion auf",
    "a réagi",
    "réaction à",
    "reaccionó a",
    "reagiu a",
    "reagiu à",
    "ha reagito",
    "reageerde op",
    "реакция на",
    "элемент",
];

/// Reads the chat; none if no message begins near the top.
pub(super) fn read(text: &str) -> Option<Reading> {
    let begins = |line: &str| head::read(line.trim_end()).is_some();
    text.lines().filter(|line| !line.trim().is_empty()).take(LINES_TO_FIRST_MESSAGE).find(|line| begins(line))?;
    let mut chat = Chat::new();
    for (index, line) in text.lines().enumerate() {
        match head::read(line.trim_end()) {
            Some(head) => chat.begin(ordinal(index), &head),
            None => chat.line(ordinal(index), line.trim()),
        }
    }
    Some(chat.finish())
}

/// A message that is still read.
struct Message {
    line: u32,
    sender: String,
    start_ms: i64,
    lines: Vec<(u32, String)>,
}

struct Chat {
    reading: Reading,
    wall: Wall,
    /// Whether times are readings of a clock; known from the first message on.
    by_wall: Option<bool>,
    private: usize,
    open: Option<Message>,
}

impl Chat {
    fn new() -> Self {
        let mut reading = Reading::call(Format::ZoomChat, Precision::Cue);
        (reading.kind, reading.grouping) = (SourceKind::Chat, Grouping::Messages);
        Self { reading, wall: Wall::default(), by_wall: None, private: 0, open: None }
    }

    fn begin(&mut self, line: u32, head: &Head<'_>) {
        self.close();
        let by_wall = *self.by_wall.get_or_insert(!head.in_cloud || head.clock >= RECORDING_MS);
        let start_ms = if by_wall { self.wall.since_first(head.day, head.clock) } else { head.clock };
        self.note_start(head);
        self.private += usize::from(head.private);
        let words = head.words.trim();
        let lines = if words.is_empty() { Vec::new() } else { vec![(line, words.to_owned())] };
        self.open = Some(Message { line, sender: head.sender.to_owned(), start_ms, lines });
    }

    /// The first message's day and time are all the file says about when the meeting was.
    fn note_start(&mut self, head: &Head<'_>) {
        if self.reading.started_at.is_none()
            && let Some(day) = head.day
            && let Ok(midnight) = day.to_zoned(TimeZone::UTC)
        {
            let clock = jiff::SignedDuration::from_millis(head.clock);
            self.reading.started_at = midnight.timestamp().checked_add(clock).ok();
        }
    }

    fn line(&mut self, line: u32, text: &str) {
        match &mut self.open {
            _ if text.is_empty() => {}
            Some(message) => message.lines.push((line, text.to_owned())),
            None => self.reading.drop(line, "before the first message"),
        }
    }

    fn close(&mut self) {
        let Some(message) = self.open.take() else { return };
        if let [(_, only)] = message.lines.as_slice()
            && is_reaction(only)
        {
            self.reading.drop_cue(message.line, "reaction to an earlier message");
            return;
        }
        let mut words: Vec<String> = Vec::new();
        for (line, text) in message.lines {
            if words.is_empty() && is_quote(&text) {
                self.reading.drop(line, "quote of an earlier message");
            } else if !words.is_empty() && is_reaction_below(&text) {
                self.reading.drop(line, "reaction to the message above");
            } else {
                words.push(text);
            }
        }
        self.reading.cues.push(Cue {
            id: format!("L{}", message.line),
            line: message.line,
            speaker: Some(message.sender),
            start_ms: Some(message.start_ms),
            end_ms: None,
            text: words.join(" "),
        });
    }

    fn finish(mut self) -> Reading {
        self.close();
        if self.by_wall == Some(true) {
            self.reading
                .warnings
                .push("the file's times are the time of day; they are counted from the first message".to_owned());
        }
        if self.private > 0 {
            self.reading
                .warnings
                .push(format!("messages that only two people saw, read like all others: {}", self.private));
        }
        self.reading
    }
}

/// `Replying to "First wave:..."`: only the quote, on a line of its own.
fn is_quote(text: &str) -> bool {
    begins_with(text, QUOTES) && text.trim_end_matches(':').ends_with(['"', '”', '»', '“', '…'])
}

fn is_reaction(text: &str) -> bool {
    begins_with(text, REACTIONS) && text.contains(['"', '”', '»', '“'])
}

/// `Esme Laurent, Priya Natarajan:👍`, without a blank behind the colon.
fn is_reaction_below(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(names, mark)| {
        let is_mark = !mark.is_ascii() && !mark.chars().any(|c| c.is_alphanumeric() || c.is_whitespace());
        is_mark && names.contains(char::is_alphabetic)
    })
}

fn begins_with(text: &str, beginnings: &[&str]) -> bool {
    let start: String = text.chars().take(30).flat_map(char::to_lowercase).collect();
    beginnings.iter().any(|beginning| start.strip_prefix(beginning).is_some_and(|rest| rest.starts_with(' ')))
}
