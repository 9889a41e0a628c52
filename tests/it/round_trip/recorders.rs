//! JSON of the tools that record sales calls.

use std::fmt::Display;

use baton::domain::transcript::Format;
use serde_json::{Value, json};

use super::call::{Call, Said};
use super::lines::{clock, hours};
use super::{EXACT, SECOND, SINCE_FIRST, STARTS, Shape, Times, Voices, seconds};

pub(super) const SHAPES: &[Shape] = &[
    Shape {
        name: "Gong, with the parties of the call",
        format: Format::GongJson,
        voices: Voices::Named,
        times: EXACT,
        write: |call| {
            let party =
                |at: usize, name: &&str| json!({"id": format!("p{at}"), "speakerId": voice_id(at), "name": name});
            let parties = call.names.iter().enumerate().map(|(at, name)| party(at, name));
            let calls = json!([{"metaData": {"id": "7", "title": "A call"}, "parties": parties.collect::<Value>()}]);
            bytes(&json!({"calls": calls, "callTranscripts": [gong_transcript(call)]}))
        },
    },
    Shape {
        name: "Gong, the transcript alone",
        format: Format::GongJson,
        voices: Voices::Labels(voice_id),
        times: EXACT,
        write: |call| bytes(&json!({"requestId": "4al", "callTranscripts": [gong_transcript(call)]})),
    },
    Shape {
        name: "Fireflies",
        format: Format::FirefliesJson,
        voices: Voices::Named,
        times: EXACT,
        write: |call| {
            let sentences = entries(call, |at, name, said| {
                let (start, end) = (seconds(said.start_ms), seconds(said.end_ms));
                json!({"index": at, "speaker_id": said.who, "speaker_name": name, "text": said.text(),
                    "raw_text": said.text(), "start_time": start, "end_time": end, "ai_filters": null})
            });
            bytes(&json!({"data": {"transcript": {"id": "t", "title": "A call", "sentences": sentences}}}))
        },
    },
    Shape {
        name: "Fireflies, as its page downloads it",
        format: Format::FirefliesJson,
        voices: Voices::Named,
        times: SECOND,
        write: |call| {
            bytes(&entries(call, |_, name, said| {
                json!({"sentence": said.text(), "startTime": minutes(said.start_ms), "endTime": minutes(said.end_ms),
                    "speaker_name": name, "speaker_id": said.who})
            }))
        },
    },
    Shape {
        name: "Fathom",
        format: Format::FathomJson,
        voices: Voices::Named,
        times: SECOND,
        write: |call| {
            let transcript = entries(call, |_, name, said| {
                let speaker = json!({"display_name": name, "matched_calendar_invitee_email": null});
                json!({"speaker": speaker, "text": said.text(), "timestamp": hours(said.start_ms)})
            });
            bytes(&json!({"title": "A call", "recording_id": 1, "transcript": transcript}))
        },
    },
    Shape {
        name: "Avoma",
        format: Format::AvomaJson,
        voices: Voices::Named,
        times: STARTS,
        write: |call| {
            let speaker =
                |(id, name): (usize, &&str)| json!({"id": id, "name": name, "email": null, "is_rep": id == 0});
            let transcript = entries(call, |_, _, said| {
                let starts: Value = said.spoken().map(|word| seconds(word.start_ms)).collect();
                json!({"speaker_id": said.who, "transcript": said.text(), "timestamps": starts})
            });
            let speakers: Value = call.names.iter().enumerate().map(speaker).collect();
            bytes(&json!({"uuid": "1", "meeting_uuid": "2", "speakers": speakers, "transcript": transcript}))
        },
    },
    Shape {
        name: "Grain",
        format: Format::GrainJson,
        voices: Voices::Named,
        times: EXACT,
        write: |call| {
            bytes(&entries(call, |_, name, said| {
                json!({"start": said.start_ms, "end": said.end_ms, "text": said.text(), "speaker": name,
                    "participant_id": format!("0d0f1111-aa22-4a33-bb44-cc555555555{}", said.who)})
            }))
        },
    },
    Shape {
        name: "Clari Copilot",
        format: Format::ClariJson,
        voices: Voices::Named,
        times: EXACT,
        write: |call| {
            let joined = |(id, name): (usize, &&str)| json!({"name": name, "email": null, "personId": id + 11});
            let joined: Value = call.names.iter().enumerate().map(joined).collect();
            let transcript = entries(call, |_, _, said| {
                json!({"text": said.text(), "start": seconds(said.start_ms), "end": seconds(said.end_ms),
                    "personId": said.who + 11, "annotations": []})
            });
            bytes(&json!({"call": {"id": "5f2c", "title": "A call", "status": "POST_PROCESSING_DONE",
                "joinedParticipants": joined, "transcript": transcript}}))
        },
    },
    Shape {
        name: "Chorus",
        format: Format::ChorusJson,
        voices: Voices::Named,
        times: EXACT,
        write: |call| {
            let utterances = entries(call, |at, name, said| {
                json!({"id": format!("utt-{at}"), "index": at, "snippet_time": seconds(said.start_ms),
                    "snippet_length": seconds(said.end_ms - said.start_ms), "speaker_id": voice_id(said.who),
                    "speaker_name": name, "snippet": said.text()})
            });
            let attributes = json!({"name": "A call", "status": "complete", "recording": {"utterances": utterances}});
            bytes(&json!({"data": {"type": "conversation", "id": "0B1F5A", "attributes": attributes}}))
        },
    },
    Shape {
        name: "Intercom",
        format: Format::IntercomJson,
        voices: Voices::Named,
        times: EXACT,
        write: |call| {
            let transcript = entries(call, |_, name, said| {
                let (start, end) = (seconds(said.start_ms).to_string(), seconds(said.end_ms).to_string());
                json!({"start_time": start, "end_time": end, "speaker_label": name, "speaker": name,
                    "content": said.text(), "speaker_type": "user"})
            });
            bytes(&json!({"type": "call", "id": "1", "transcript_status": "completed", "transcript": transcript}))
        },
    },
    Shape {
        name: "Zoom Phone",
        format: Format::ZoomJson,
        voices: Voices::Named,
        times: EXACT,
        write: |call| {
            let timeline = entries(call, |_, name, said| {
                json!({"text": said.text(), "ts": clock(said.start_ms, '.'), "end_ts": clock(said.end_ms, '.'),
                    "users": [{"username": name, "multiple_people": false, "user_id": voice_id(said.who)}]})
            });
            bytes(&json!({"type": "zoom_transcript", "ver": 1, "recording_id": "7f", "timeline": timeline}))
        },
    },
    Shape {
        name: "Zoom Revenue Accelerator",
        format: Format::ZoomJson,
        voices: Voices::Named,
        times: EXACT,
        write: |call| {
            // Everybody's words together, numbered over the whole call.
            let of = |who: usize| {
                let theirs = call.said.iter().enumerate().filter(|(_, said)| said.who == who);
                let item = |(at, said): (usize, &Said)| {
                    json!({"item_id": (at + 1).to_string(), "text": said.text(), "start_time": clock(said.start_ms, '.'),
                        "end_time": clock(said.end_ms, '.')})
                };
                theirs.map(item).collect::<Value>()
            };
            let person =
                |(who, name): (usize, &&str)| json!({"display_name": name, "email": "", "transcripts": of(who)});
            let participants: Value = call.names.iter().enumerate().map(person).collect();
            bytes(&json!({"page_size": 300, "next_page_token": "", "participants": participants}))
        },
    },
    Shape {
        name: "Google Meet's interface",
        format: Format::MeetJson,
        voices: Voices::Labels(|who| format!("conferenceRecords/r1/participants/p{who}")),
        times: SINCE_FIRST,
        write: |call| {
            let moment = |ms: i64| format!("2026-03-10T{}Z", clock(9 * 3_600_000 + ms, '.'));
            let transcript = entries(call, |at, _, said| {
                json!({"name": format!("conferenceRecords/r1/transcripts/t1/entries/e{at}"), "text": said.text(),
                    "participant": format!("conferenceRecords/r1/participants/p{}", said.who), "languageCode": "en-US",
                    "startTime": moment(said.start_ms), "endTime": moment(said.end_ms)})
            });
            bytes(&json!({"transcriptEntries": transcript}))
        },
    },
    Shape {
        name: "JSON of the podcast namespace",
        format: Format::PodcastJson,
        voices: Voices::Named,
        times: EXACT,
        write: |call| {
            let segments = entries(call, |_, name, said| {
                json!({"speaker": name, "startTime": seconds(said.start_ms), "endTime": seconds(said.end_ms),
                    "body": said.text()})
            });
            bytes(&json!({"version": "1.0.0", "segments": segments}))
        },
    },
    Shape {
        name: "HTML of the podcast namespace",
        format: Format::PodcastHtml,
        voices: Voices::Named,
        times: SECOND,
        write: |call| {
            let said = call.said.iter().map(|said| {
                let (name, words) = (call.name(said), said.text());
                format!("<cite>{name}:</cite>\n<time>{}</time>\n<p>{words}</p>\n", hours(said.start_ms))
            });
            format!("<!DOCTYPE html>\n<html><body>\n{}</body></html>\n", said.collect::<String>()).into_bytes()
        },
    },
    Shape {
        name: "JSON Lines",
        format: Format::SegmentsJsonl,
        voices: Voices::Named,
        times: EXACT,
        write: |call| {
            let line = |said: &Said| {
                let (start, end) = (seconds(said.start_ms), seconds(said.end_ms));
                json!({"speaker": call.name(said), "start": start, "end": end, "text": said.text()}).to_string() + "\n"
            };
            call.said.iter().map(line).collect::<String>().into_bytes()
        },
    },
    Shape {
        name: "Baton's own document",
        format: Format::ZoomVtt,
        voices: Voices::Named,
        times: Times::Nothing,
        write: |call| {
            let captions = (super::lines::SHAPES[0].write)(call);
            serde_json::to_vec(&baton::transcript::parse("x", &captions).unwrap()).unwrap()
        },
    },
];

/// A JSON list of what everybody said, one after the other.
pub(super) fn entries(call: &Call, entry: impl Fn(usize, &str, &Said) -> Value) -> Value {
    call.said.iter().enumerate().map(|(at, said)| entry(at, call.name(said), said)).collect()
}

pub(super) fn bytes(file: &impl Display) -> Vec<u8> {
    file.to_string().into_bytes()
}

fn voice_id(who: usize) -> String {
    format!("643234567855553006{who}")
}

fn gong_transcript(call: &Call) -> Value {
    let monologues = entries(call, |_, _, said| {
        let sentence = json!({"start": said.start_ms, "end": said.end_ms, "text": said.text()});
        json!({"speakerId": voice_id(said.who), "topic": null, "sentences": [sentence]})
    });
    json!({"callId": "7", "transcript": monologues})
}

fn minutes(ms: i64) -> String {
    format!("{:02}:{:02}", ms / 60_000, ms / 1000 % 60)
}
