//! Zoom: the transcript of a Zoom Phone recording (`timeline`), and the interactions of Zoom Revenue Accelerator, which stand
//! under their participants. Times are clock readings.
//!
//! ```json
//! {"type": "zoom_transcript", "recording_start": "2026-03-09T14:30:02Z", "timeline": [{"text": "Twelve by Easter.",
//!   "ts": "00:00:13.400", "end_ts": "00:00:15.000", "users": [{"username": "Rana Aziz", "user_id": "16778249"}]}]}
//! ```
//! ```json
//! {"participants": [{"display_name": "Rana Aziz", "email": "rana@vendor.example", "transcripts": [{"item_id": "1",
//!   "text": "I sent the new offer.", "start_time": "00:00:02.000", "end_time": "00:00:04.500"}]}], "next_page_token": ""}
//! ```
//!
//! The keys are those of Zoom's reference; how interactions write their times is not confirmed, so numbers and moments are
//! read, too.

use serde_json::Value;

use super::super::clock::{json_moment, number};
use super::super::json::{Unit, first, first_id, first_text, id, list, text, voice_label};
use super::super::reading::{Reading, ordinal, places};
use super::Answer;
use super::answers::description;
use super::entries::{self, Entry, any_has};
use super::people::{Known, People, Roll};
use crate::domain::transcript::{Format, Precision};

/// Reads a Zoom file; none if the JSON is not Zoom's.
pub(super) fn read(file: &Value) -> Answer {
    read_timeline(file).or_else(|| read_interactions(file))
}

fn read_timeline(file: &Value) -> Answer {
    const ADVICE: &str = "the words are in the recording's transcript, not in its timeline; upload that one";
    let timeline = file.get("timeline")?.as_array().filter(|list| any_has(list, "ts"))?;
    if !any_has(timeline, "text") {
        return Some(Err(description("Zoom's timeline of who was on screen", None, ADVICE)));
    }
    let mut reading = Reading::call(Format::ZoomJson, Precision::Cue);
    reading.title = first_text(file, &["topic", "title"]).map(str::to_owned);
    reading.started_at = file.get("recording_start").and_then(json_moment);
    let ended = file.get("recording_end").and_then(json_moment);
    let both = reading.started_at.zip(ended);
    reading.duration_ms = both.map(|(start, end)| end.as_millisecond() - start.as_millisecond()).filter(|ms| *ms > 0);
    let entries = timeline
        .iter()
        .enumerate()
        .map(|(index, entry)| Entry { speaker: only_user(entry), ..Entry::of(entry, index, "text", "ts", "end_ts") });
    entries::add(&mut reading, entries.collect(), "Zoom", Unit::Seconds);
    let shared = timeline.iter().enumerate().filter(|(_, entry)| list(entry, "users").len() > 1);
    let shared: Vec<u32> = shared.map(|(index, _)| ordinal(index)).collect();
    if !shared.is_empty() {
        let found = shared.len();
        let at = places(shared);
        reading.warnings.push(format!("entries with several speakers, of whom none is taken: {found}{at}"));
    }
    Some(Ok(reading))
}

/// Words of two people are nobody's: which of them said what is not in the file.
fn only_user(entry: &Value) -> Option<String> {
    match list(entry, "users") {
        [user] => first_id(user, &["username", "display_name", "user_id"]).as_deref().map(voice_label),
        _ => None,
    }
}

fn read_interactions(file: &Value) -> Answer {
    const ADVICE: &str = "ask again when Zoom has processed the conversation, with `transcripts` of its participants";
    let participants = file.get("participants")?.as_array()?;
    if !any_has(participants, "transcripts") {
        let described =
            any_has(participants, "display_name") && first(file, &["conversation_id", "next_page_token"]).is_some();
        return described.then(|| Err(description("Zoom's answer without the words of a conversation", None, ADVICE)));
    }
    let mut reading = Reading::call(Format::ZoomJson, Precision::Cue);
    reading.title = first_text(file, &["conversation_topic", "topic", "title"]).map(str::to_owned);
    reading.started_at = first(file, &["meeting_start_time", "conversation_start_time"]).and_then(json_moment);
    let roll = people(participants);
    entries::add(&mut reading, in_order(items(participants, &roll)), "Zoom", Unit::Seconds);
    // The file stands in the order of its participants, so bringing it into the order of time is no repair.
    if reading.cues.iter().all(|cue| cue.start_ms.is_some()) {
        reading.cues.sort_by_key(|cue| cue.start_ms);
    }
    reading.people = roll.people;
    if text(file, "next_page_token").is_some() {
        let missing = "the answer has a `next_page_token`: there are more words, which are not in this file";
        reading.warnings.push(missing.to_owned());
    }
    Some(Ok(reading))
}

/// The participants, each by its place in the list.
fn people(participants: &[Value]) -> Roll {
    let mut people = People::default();
    for (index, participant) in participants.iter().enumerate() {
        people.add(Known {
            id: Some(ordinal(index).to_string()),
            name: first_text(participant, &["display_name", "name"]).map(str::to_owned),
            email: text(participant, "email").map(str::to_owned),
            ..Known::default()
        });
    }
    people.label(voice_label)
}

/// What each participant said, with the number of the item.
fn items(participants: &[Value], roll: &Roll) -> Vec<(Option<f64>, Entry)> {
    let mut items = Vec::new();
    for (index, participant) in participants.iter().enumerate() {
        let label = roll.voice(&ordinal(index).to_string());
        items.extend(list(participant, "transcripts").iter().map(|item| {
            let entry = Entry::of(item, 0, "text", "start_time", "end_time");
            let entry = Entry { id: id(item, "item_id"), speaker: Some(label.clone()), ..entry };
            (item.get("item_id").and_then(number), entry)
        }));
    }
    items
}

/// The items in the order of their ids, which count through the conversation (10 comes after 9), and in it their places.
fn in_order(mut items: Vec<(Option<f64>, Entry)>) -> Vec<Entry> {
    if items.iter().all(|(id, _)| id.is_some()) {
        items.sort_by(|(one, _), (other, _)| one.unwrap_or_default().total_cmp(&other.unwrap_or_default()));
    }
    let entries = items.into_iter().map(|(_, entry)| entry);
    entries.enumerate().map(|(index, entry)| Entry { line: ordinal(index), ..entry }).collect()
}
