//! Chats, and transcripts of meetings as documents.

use baton::domain::transcript::Format;
use serde_json::{Value, json};

use super::call::{Call, Said};
use super::documents::built::{docx_of, zip_of};
use super::documents::paragraph;
use super::lines::{hours, short};
use super::recorders::{bytes, entries};
use super::{EXACT, SECOND, Shape, Times, Voices};

pub(super) const SHAPES: &[Shape] = &[
    Shape {
        name: "chat of Zoom, saved",
        format: Format::ZoomChat,
        voices: Voices::Named,
        times: Times::Nothing,
        write: |call| {
            each(call, |name, said| format!("{} From {name} to Everyone:\n\t{}\n", hours(said.start_ms), said.text()))
        },
    },
    Shape {
        name: "chat of Zoom, from its cloud",
        format: Format::ZoomChat,
        voices: Voices::Named,
        times: SECOND,
        write: |call| each(call, |name, said| format!("{}\t{name}:\t{}\n", hours(said.start_ms), said.text())),
    },
    Shape {
        name: "day of Slack",
        format: Format::SlackJson,
        voices: Voices::Named,
        times: Times::Nothing,
        write: |call| {
            bytes(&entries(call, |_, name, said| {
                let mut message = slack(said);
                message["user_profile"] = json!({"real_name": name, "display_name": ""});
                message
            }))
        },
    },
    Shape {
        name: "export of Slack",
        format: Format::SlackExport,
        voices: Voices::Named,
        times: Times::Nothing,
        write: |call| {
            let user = |(who, name): (usize, &&str)| {
                json!({"id": slack_id(who), "name": format!("user{who}"), "real_name": name,
                    "profile": {"real_name": name, "display_name": ""}})
            };
            let users: Value = call.names.iter().enumerate().map(user).collect();
            let channels = json!([{"id": "C04OAKDEAL", "name": "deal"}]);
            let day = entries(call, |_, _, said| slack(said));
            let parts = [("channels.json", channels), ("users.json", users), ("deal/2026-03-11.json", day)];
            let parts = parts.map(|(name, json)| (name, bytes(&json)));
            zip_of(&parts.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect::<Vec<_>>()).unwrap()
        },
    },
    Shape {
        name: "Word file of Teams, old layout",
        format: Format::TeamsDocx,
        voices: Voices::Named,
        times: EXACT,
        write: |call| {
            word(call, |name, said| {
                let times = format!("{} --&gt; {}", short(said.start_ms), short(said.end_ms));
                paragraph(&times) + &paragraph(name) + &paragraph(&said.text())
            })
        },
    },
    Shape {
        name: "Word file of Teams, new layout",
        format: Format::TeamsDocx,
        voices: Voices::Named,
        times: SECOND,
        write: |call| {
            word(call, |name, said| {
                let (minutes, seconds) = (said.start_ms / 60_000, said.start_ms / 1000 % 60);
                paragraph(&format!("{name}   {minutes}:{seconds:02}")) + &paragraph(&said.text()) + &paragraph("")
            })
        },
    },
    Shape {
        name: "Word file of Google Meet",
        format: Format::GoogleMeetDocx,
        voices: Voices::Named,
        times: Times::Nothing,
        write: |call| {
            let head =
                ["A call (2026-03-11 at 14:02 GMT) - Transcript", "Transcript", "00:00:00"].map(paragraph).concat();
            let said = call.said.iter().map(|said| {
                let label = format!("<w:r><w:rPr><w:b/></w:rPr><w:t>{}:</w:t></w:r>", call.name(said));
                format!("<w:p>{label}<w:r><w:t xml:space=\"preserve\"> {}</w:t></w:r></w:p>", said.text())
            });
            docx_of(&(head + &said.collect::<String>())).unwrap()
        },
    },
    Shape {
        name: "text of Google Meet",
        format: Format::GoogleMeetText,
        voices: Voices::Named,
        times: Times::Nothing,
        write: |call| {
            let head = "A call (2026-03-02 at 10:02 GMT+1) - Transcript\nTranscript\n00:00:00\n\n".to_owned();
            let lines = each(call, |name, said| format!("{name}: {}\n", said.text()));
            [head.into_bytes(), lines, b"\nTranscription ended after 00:12:43\n".to_vec()].concat()
        },
    },
];

fn each(call: &Call, line: impl Fn(&str, &Said) -> String) -> Vec<u8> {
    call.said.iter().map(|said| line(call.name(said), said)).collect::<String>().into_bytes()
}

fn word(call: &Call, entry: impl Fn(&str, &Said) -> String) -> Vec<u8> {
    docx_of(&call.said.iter().map(|said| entry(call.name(said), said)).collect::<String>()).unwrap()
}

fn slack_id(who: usize) -> String {
    format!("U02QK7IM{who}")
}

fn slack(said: &Said) -> Value {
    let (seconds, ms) = (1_773_237_720 + said.start_ms / 1000, said.start_ms % 1000);
    json!({"type": "message", "user": slack_id(said.who), "text": said.text(), "ts": format!("{seconds}.{ms:03}100")})
}
