//! Google Meet's REST interface: `transcriptEntries` of `conferenceRecords.transcripts.entries`, one page or a list of pages,
//! with the `transcript` and the `participants` where a script has put them into the same file. Times are moments.
//!
//! ```json
//! {"transcriptEntries": [{"participant": "conferenceRecords/r1/participants/p7", "text": "Good morning.",
//!   "startTime": "2026-03-10T09:00:04.120Z", "endTime": "2026-03-10T09:00:07.480Z"}], "nextPageToken": "",
//!  "transcript": {"startTime": "2026-03-10T09:00:00Z"},
//!  "participants": [{"name": "conferenceRecords/r1/participants/p7", "signedinUser": {"displayName": "Bill H."}}]}
//! ```
//!
//! <https://developers.google.com/workspace/meet/api/reference/rest/v2/conferenceRecords.transcripts.entries>

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::super::clock::json_moment;
use super::super::json::{Unit, first, first_text, list, text};
use super::super::reading::Reading;
use super::Answer;
use super::answers::description;
use super::entries::{self, Entry, any_has, unwrap};
use super::people::{Known, People};
use crate::domain::transcript::{Format, Participant, Precision, Side};

const ADVICE: &str = "the words are in the answer to conferenceRecords.transcripts.entries.list; upload that one";

/// Reads answers of Google Meet; none if the JSON is not Meet's.
pub(super) fn read(file: &Value) -> Answer {
    let pages = unwrap(file, &[]);
    let bare = file.as_array().filter(|list| is_entries(list)).map(|list| list.iter().collect());
    let found: Vec<&Value> = bare.unwrap_or_else(|| pages.iter().flat_map(|page| entries_of(page)).collect());
    if found.is_empty() {
        return refuse(file);
    }
    let mut reading = Reading::call(Format::MeetJson, Precision::Cue);
    reading.started_at = pages.iter().find_map(|page| json_moment(page.get("transcript")?.get("startTime")?));
    let mut people = People::default();
    for participant in pages.iter().flat_map(|page| list(page, "participants")) {
        people.add(known(participant));
    }
    // The resource name is what the file gives where it does not list the participant.
    let mut roll = people.label(str::to_owned);
    let entries = found.iter().enumerate().map(|(index, entry)| {
        let participant = text(entry, "participant");
        let label = participant.map(|name| roll.listed(name).unwrap_or(name).to_owned());
        Entry { speaker: label, ..Entry::of(entry, index, "text", "startTime", "endTime") }
    });
    entries::add(&mut reading, entries.collect(), "Google Meet", Unit::Seconds);
    roll.people.extend(unlisted(&found, &roll.people));
    reading.people = roll.people;
    if pages.last().is_some_and(|page| text(page, "nextPageToken").is_some()) {
        let missing = "the answer has a `nextPageToken`: there are more entries, which are not in this file";
        reading.warnings.push(missing.to_owned());
    }
    Some(Ok(reading))
}

fn entries_of(page: &Value) -> &[Value] {
    let named = first(page, &["transcriptEntries", "transcript_entries", "entries"]).and_then(Value::as_array);
    named.filter(|list| is_entries(list)).map_or(&[], Vec::as_slice)
}

fn is_entries(list: &[Value]) -> bool {
    any_has(list, "participant") && any_has(list, "startTime")
}

/// Transcripts and conferences are described without a word of what was said.
fn refuse(file: &Value) -> Answer {
    let described = ["transcripts", "conferenceRecords"].iter().flat_map(|key| list(file, key)).next().unwrap_or(file);
    let name = text(described, "name").filter(|name| name.starts_with("conferenceRecords/"));
    let state = text(described, "state").map(|state| format!("state {state}"));
    let is_empty = file.get("transcriptEntries").is_some();
    (name.is_some() || is_empty)
        .then(|| Err(description("Google Meet's answer without transcript entries", state.as_deref(), ADVICE)))
}

fn known(participant: &Value) -> Known {
    let user = first(participant, &["signedinUser", "anonymousUser", "phoneUser"]);
    Known {
        id: text(participant, "name").map(str::to_owned),
        name: user.and_then(|user| first_text(user, &["displayName"])).map(str::to_owned),
        ..Known::default()
    }
}

/// Participants who speak but are not listed: a resource name is a label, and nobody's name.
fn unlisted(entries: &[&Value], listed: &[Participant]) -> Vec<Participant> {
    let listed: HashSet<&str> = listed.iter().map(|one| one.label.as_str()).collect();
    let names: BTreeSet<&str> = entries.iter().filter_map(|entry| text(entry, "participant")).collect();
    let nobody = |label: &str| Participant {
        label: label.to_owned(),
        name: None,
        email: None,
        title: None,
        side: Side::Unknown,
        side_reason: None,
    };
    let new = names.into_iter().filter(|name| name.contains('/') && !listed.contains(name));
    new.map(nobody).collect()
}
