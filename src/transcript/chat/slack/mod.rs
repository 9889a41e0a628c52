//! Slack: one day of one channel (`YYYY-MM-DD.json`, also the answer of `conversations.history`), or a whole export: a zip of
//! `users.json`, `channels.json` and a folder of days for each channel
//! (<https://github.com/yangdanny97/slack-export-extraction>).
//!
//! A message is a cue, found again by its channel and the moment it was sent; times count from the first message. Answers
//! stand below what they answer. What Slack notes by itself (joins, topics, deleted messages), files, previews and
//! reactions are reported.

mod export;
mod markup;
mod message;
mod people;

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde_json::Value;

use super::super::error::ParseError;
use super::super::reading::{Cue, Grouping, Reading, ordinal};
use crate::domain::transcript::{Format, Precision, SourceKind};
use people::Names;

pub(in crate::transcript) use export::read_export;

/// No message is older than Slack's first year.
const FIRST_SECOND: i64 = 1_300_000_000;
/// Edited messages that a warning lists.
const EDITS_SHOWN: usize = 20;

/// Reads one day of one channel; none if the JSON is something else.
pub(in crate::transcript) fn read_day(value: &Value) -> Option<Result<Reading, ParseError>> {
    let messages = value.get("messages").unwrap_or(value).as_array()?;
    let like_slack = messages.iter().filter(|message| is_message(message)).count();
    if like_slack == 0 || like_slack * 2 < messages.len() {
        return None;
    }
    let mut talk = Talk::default();
    // Some tools put the answers into the message that they answer.
    let answers = messages.iter().filter_map(|message| message.get("slackdump_thread_replies")?.as_array()).flatten();
    let messages: Vec<&Value> = messages.iter().chain(answers).collect();
    for message in &messages {
        talk.names.add_writer(message);
    }
    talk.add_day("", "", messages);
    Some(Ok(talk.finish(Format::SlackJson)))
}

/// A moment in Slack's own writing, and something that only its messages have.
fn is_message(value: &Value) -> bool {
    let at = message::sent_at(value, "ts").is_some_and(|at| at.as_second() > FIRST_SECOND);
    let writer = ["user", "bot_id", "username", "client_msg_id"].iter().any(|key| value.get(key).is_some());
    at && (writer || value.get("type").and_then(Value::as_str) == Some("message"))
}

/// A message that somebody wrote.
struct Message {
    channel: String,
    sent_at: Timestamp,
    /// The message it answers.
    answers: Option<Timestamp>,
    line: u32,
    speaker: Option<String>,
    text: String,
}

/// What was said, in one channel or in many.
#[derive(Default)]
struct Talk {
    names: Names,
    messages: Vec<Message>,
    seen: HashSet<(String, Timestamp)>,
    edited: Vec<String>,
    dropped: Vec<(u32, String)>,
}

/// Where a message stands: its number in a file of the zip, or in the only file.
#[derive(Clone, Copy)]
struct Place<'f> {
    file: &'f str,
    line: u32,
}

impl Talk {
    /// Adds the messages of a file; `file` is its name in the zip, empty where there is only one.
    fn add_day<'v>(&mut self, channel: &str, file: &str, messages: impl IntoIterator<Item = &'v Value>) {
        for (index, value) in messages.into_iter().enumerate() {
            let place = Place { file, line: ordinal(index) };
            match message::not_written(value) {
                Some(reason) => self.leave_out(place, &reason),
                None => self.add(channel, place, value),
            }
        }
    }

    fn add(&mut self, channel: &str, place: Place<'_>, value: &Value) {
        let Some(sent_at) = message::sent_at(value, "ts") else {
            return self.leave_out(place, "not a message: it has no time (`ts`)");
        };
        if !self.seen.insert((channel.to_owned(), sent_at)) {
            return self.leave_out(place, "the same message stands further up");
        }
        let text = message::words(value, &self.names);
        let blank = text.trim().is_empty();
        let without_text = blank.then(|| "message without text".to_owned());
        let left: Vec<String> = without_text.into_iter().chain(message::not_read(value)).collect();
        if !left.is_empty() {
            self.leave_out(place, &left.join("; "));
        }
        if blank {
            return;
        }
        if value.get("edited").is_some_and(|edited| !edited.is_null()) {
            self.edited.push(format!("{} {}", place.file, place.line).trim().to_owned());
        }
        self.messages.push(Message {
            channel: channel.to_owned(),
            sent_at,
            answers: message::sent_at(value, "thread_ts").filter(|thread| *thread != sent_at),
            line: place.line,
            speaker: self.names.writer(value),
            text,
        });
    }

    fn leave_out(&mut self, place: Place<'_>, reason: &str) {
        let file =
            if place.file.is_empty() { String::new() } else { format!("`{}`, message {}: ", place.file, place.line) };
        self.dropped.push((place.line, format!("{file}{reason}")));
    }

    fn finish(mut self, format: Format) -> Reading {
        let mut reading = Reading::call(format, Precision::Cue);
        (reading.kind, reading.grouping) = (SourceKind::Chat, Grouping::Messages);
        let first = self.messages.iter().map(|message| message.sent_at).min();
        reading.started_at = first.and_then(|first| Timestamp::from_millisecond(first.as_millisecond()).ok());
        reading.title = title(&self.messages);
        let labels: HashSet<&str> = self.messages.iter().filter_map(|message| message.speaker.as_deref()).collect();
        reading.people = self.names.participants(&labels);
        in_threads(&mut self.messages);
        let start = first.map_or(0, Timestamp::as_millisecond);
        reading.cues.extend(self.messages.into_iter().map(|message| cue(message, start)));
        for (line, reason) in self.dropped {
            reading.drop(line, reason);
        }
        if !self.edited.is_empty() {
            reading.warnings.push(edits(&self.edited));
        }
        reading
    }
}

fn edits(edited: &[String]) -> String {
    let more = if edited.len() > EDITS_SHOWN { ", …" } else { "" };
    let shown: Vec<&str> = edited.iter().take(EDITS_SHOWN).map(String::as_str).collect();
    format!(
        "messages edited after they were sent, their last words are used: {} ({}{more})",
        edited.len(),
        shown.join(", ")
    )
}

fn cue(message: Message, start: i64) -> Cue {
    let channel = if message.channel.is_empty() { String::new() } else { format!("#{} · ", message.channel) };
    let answer = if message.answers.is_some() { " · answer" } else { "" };
    Cue {
        id: format!("{channel}{}{answer}", message.sent_at),
        line: message.line,
        speaker: message.speaker,
        start_ms: Some(message.sent_at.as_millisecond() - start),
        end_ms: None,
        text: message.text,
    }
}

/// The channels, in the order in which somebody first wrote in them.
fn title(messages: &[Message]) -> Option<String> {
    const SHOWN: usize = 3;
    let mut seen = HashSet::new();
    let names: Vec<&str> = messages
        .iter()
        .map(|message| message.channel.as_str())
        .filter(|name| !name.is_empty() && seen.insert(*name))
        .collect();
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("#{name}")).collect();
    let more = if names.len() > SHOWN { format!(" and {} more", names.len() - SHOWN) } else { String::new() };
    (!shown.is_empty()).then(|| shown.join(", ") + &more)
}

/// Sorts the messages: a channel after the other, the first written one first; in each by time, answers below what they
/// answer.
fn in_threads(messages: &mut [Message]) {
    let mut begins: HashMap<String, Timestamp> = HashMap::new();
    for message in messages.iter() {
        let begin = begins.entry(message.channel.clone()).or_insert(message.sent_at);
        *begin = (*begin).min(message.sent_at);
    }
    let known: HashSet<(String, Timestamp)> =
        messages.iter().map(|message| (message.channel.clone(), message.sent_at)).collect();
    messages.sort_by_cached_key(|message| {
        let thread = message.answers.filter(|thread| known.contains(&(message.channel.clone(), *thread)));
        let begin = begins.get(&message.channel).copied();
        (begin, message.channel.clone(), thread.unwrap_or(message.sent_at), message.sent_at)
    });
}
